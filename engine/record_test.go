package engine

import (
	"testing"
)

func FuzzRecordAt(f *testing.F) {
	f.Add(appendRecord(nil, record{seq: 1, at: 2, lag: 3, sealed: true, input: []byte("x")}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, size, whole, ok := recordAt(b)
		if !whole || !ok {
			return
		}
		again, _, whole, ok := recordAt(appendRecord(nil, r))
		if !whole || !ok || size > len(b) || again.seq != r.seq || again.at != r.at || again.lag != r.lag || again.sealed != r.sealed || string(again.input) != string(r.input) {
			t.Fatalf("%+v reads as %+v", r, again)
		}
	})
}
