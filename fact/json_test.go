package fact

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
)

// oddTexts holds what encoding/json writes otherwise than it is.
var oddTexts = []string{"", "plain", "a b:c/d;e%f", `q"u`, `b\s`, "<a>&amp;", "tab\t", "nul\x00", "del\x7f", "你好", "\u2028", "bad\xff", "\xf0\x9f\x98\x80", "x\xc3"}

// fill sets some of what v holds, pointers included.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	case reflect.Pointer:
		if r.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), r)
		}
	case reflect.String:
		v.SetString(oddTexts[r.IntN(len(oddTexts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64) * int64(r.IntN(2)))
	default:
		panic("no value for " + v.Type().String())
	}
}

// A field that the event gets and AppendJSON does not know fails here.
func TestEventsAreWrittenAsByEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 5000 {
		var e Event
		if n > 0 {
			fill(reflect.ValueOf(&e).Elem(), r)
		}
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			t.Fatalf("AppendJSON must write every field of Event as encoding/json does\nwritten %s\nwant    %s", got[1:], want)
		}
	}
}

func FuzzAppendText(f *testing.F) {
	for _, s := range oddTexts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if got := AppendText(nil, s); err != nil || string(got) != string(want) {
			t.Errorf("%q is written %s, want %s", s, got, want)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	e := Event{Tenant: "default", Kind: QueueOffered, At: 1796042941260, Wall: 1796042941260, Call: "c-mx39kys7x51-00001093", Leg: "ast/huawu-pbx-482063841-1796042941.764",
		Queue: "q", Agent: "17", Ticket: "c-mx39kys7x51-00001093-t1", Offer: "c-mx39kys7x51-00001093-t1-o1"}
	var dst []byte
	for b.Loop() {
		dst = e.AppendJSON(dst[:0])
	}
}
