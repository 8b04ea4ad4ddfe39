package sim

import (
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// A stranger who is found in the room of a talk does not take a leg away from
// the call that has it.
func TestStrangerInARoomTakesNoLeg(t *testing.T) {
	w := house(t, 1, nil)
	caller := w.inLine("13900000001")
	w.Run(2 * time.Second)
	calls := w.Center.View().Calls
	if len(calls) != 1 || calls[0].State != center.CallTalking {
		t.Fatalf("want one talk: %+v", calls)
	}
	w.Cut()
	w.Run(time.Second)
	for _, e := range w.Core.Connect(w.Now) {
		if up, ok := e.(media.Up); ok {
			stranger := fact.LegID(Switch + "/stranger")
			up.Legs = append(up.Legs, media.LegInfo{Leg: stranger, State: media.LegUp, Created: w.Now, Endpoint: "SIP/trunk", To: "100"})
			up.Rooms[0].Legs = append(up.Rooms[0].Legs, stranger)
			e = up
		}
		w.up = true
		w.hear([]media.Event{e})
	}
	w.Run(time.Second)
	w.Far(func(now fact.Instant) []media.Event { return w.Core.HangupFar(now, caller) })
	w.Run(10 * time.Second)
	for _, r := range w.Records {
		if r.Call == calls[0].ID {
			if r.Reason != fact.ReasonCallerEnded || r.Agent != "1001" {
				t.Errorf("the talk's record: %+v", r)
			}
			return
		}
	}
	t.Errorf("the talk has no record; calls: %+v", w.Center.View().Calls)
}
