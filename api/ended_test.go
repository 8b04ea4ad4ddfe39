package api

import (
	"fmt"
	"slices"
	"testing"

	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

func TestCallsThatHaveEnded(t *testing.T) {
	b := setup(t)
	for i := range 5 {
		b.store.records = append(b.store.records, fact.Record{Call: fact.CallID(fmt.Sprint("e", i)), Began: int64(1000 - i), Queue: "sales",
			Recordings: []fact.RecordingFile{{Name: fmt.Sprint("e", i, "-in.wav")}}})
	}
	b.store.events = []PlacedEvent{{Cursor: engine.Cursor{Epoch: fakeEpoch, Seq: 3, N: 1}, Event: fact.Event{Kind: fact.CallEnded, Call: "e2"}}}
	var got []string
	page := ""
	for range 3 {
		var list CallList
		b.do("GET", "/api/v1/calls?ended=true&limit=2"+page, "", &list)
		for _, r := range list.Ended {
			got = append(got, string(r.Call))
		}
		page = "&page=" + list.Next
	}
	if want := []string{"e0", "e1", "e2", "e3", "e4"}; !slices.Equal(got, want) || page != "&page=" {
		t.Errorf("pages: %v, then %q", got, page)
	}
	var call CallDetail
	b.do("GET", "/api/v1/calls/e2", "", &call)
	if call.Record == nil || call.Record.Recordings[0].Name != "e2-in.wav" || call.Live != nil || call.Incomplete != "" ||
		len(call.Events) != 1 || call.Events[0].ID != "e1.3.1" || call.Events[0].Kind != fact.CallEnded {
		t.Errorf("call: %+v", call)
	}
}

// Who reads ended calls has what has happened so far; who looks at calls in
// progress does not make the store be written.
func TestEndedCallsAreReadOnceTheyAreStored(t *testing.T) {
	b := setup(t)
	for path, want := range map[string]int{"/calls?ended=true": 1, "/calls/c1": 1, "/calls": 0, "/surveys": 1, "/surveys/figures": 1,
		"/norms/RUL-ANS-1/counts": 1, "/norms/figures": 1} {
		b.engine.stored = 0
		b.do("GET", "/api/v1"+path, "", nil)
		if b.engine.stored != want {
			t.Errorf("%s waited for the store %d times, want %d", path, b.engine.stored, want)
		}
	}
}
