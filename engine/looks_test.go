package engine

import (
	"context"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func TestCallersAreLookedUp(t *testing.T) {
	answers := make(chan center.Looked, 1)
	l := newLooks(t.Context(), lookup(func(_ context.Context, _ fact.AgentID, number string) (bool, error) {
		if number == "away" {
			return false, errAway
		}
		return number == "138", nil
	}), nil, "default", func(a center.Looked) { answers <- a })
	for number, want := range map[string]center.Looked{
		"138":  {Look: "x", OK: true, Caller: &center.CallerHistory{Calls: 2, Agent: "1001"}},
		"139":  {Look: "x", OK: true, Caller: &center.CallerHistory{}},
		"away": {Look: "x", Error: errAway.Error()},
	} {
		l.start(center.Look{Look: "x", Deadline: time.Second, Caller: &center.CallerQuestion{Number: number}})
		got := <-answers
		if got.Look != want.Look || got.OK != want.OK || got.Error != want.Error || (got.Caller == nil) != (want.Caller == nil) ||
			got.Caller != nil && *got.Caller != *want.Caller {
			t.Errorf("%s: %+v, want %+v", number, got, want)
		}
	}
	// What was said for a phrase is taken by the same few, under the same bounds.
	for number, want := range map[string]center.Looked{
		"138":  {Look: "t", OK: true, Take: &center.Taken{Path: "/take/a.wav"}},
		"away": {Look: "t", Error: errAway.Error()},
	} {
		l.start(center.Look{Look: "t", Deadline: time.Second, Take: &center.TakeQuestion{Agent: "1001", Phrase: number, File: "a.wav"}})
		if got := <-answers; got.OK != want.OK || got.Error != want.Error || (got.Take == nil) != (want.Take == nil) || got.Take != nil && *got.Take != *want.Take {
			t.Errorf("%s: %+v, want %+v", number, got, want)
		}
	}
	l.stop()
}
