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

// A talk of three that nobody remembers is left alone and followed to its end;
// two of whom we only dialled both, and whom no caller is with, are hung up.
func TestTalkOfThreeIsFound(t *testing.T) {
	for _, merged := range []bool{true, false} {
		w := house(t, 2, func(c *center.Config) { c.Transfers.Agents = true })
		caller := w.inLine("13900000001")
		w.Run(2 * time.Second)
		call := w.Center.View().Calls[0]
		other := map[fact.AgentID]fact.AgentID{"1001": "1002", "1002": "1001"}[call.Agent]
		if err := w.Ask(center.ConsultCall{Call: call.ID, To: center.Target{Agent: other}}); err != nil {
			t.Fatal(err)
		}
		w.Run(2 * time.Second)
		if merged {
			if err := w.Ask(center.MergeConsult{Call: call.ID}); err != nil {
				t.Fatal(err)
			}
			w.Run(time.Second)
		}
		w.Cut()
		cfg, err := Config(2)
		if err != nil {
			t.Fatal(err)
		}
		w.Center = center.New(fact.DefaultTenant) // another host, without the history
		w.Journal, w.Saved = nil, nil
		w.Boot()
		w.input(center.Configured{Config: cfg})
		w.Connect()
		w.Run(time.Second)
		calls := w.Center.View().Calls
		if len(calls) != 1 {
			t.Fatalf("merged %v: %+v", merged, calls)
		}
		if merged && (len(calls[0].Legs) != 3 || !calls[0].Third || calls[0].State != center.CallTalking) {
			t.Errorf("want the talk of three: %+v", calls[0])
		}
		if !merged && len(calls[0].Legs) != 1 {
			t.Errorf("want the caller alone: %+v", calls[0])
		}
		w.Far(func(now fact.Instant) []media.Event { return w.Core.HangupFar(now, caller) })
		w.Run(10 * time.Second)
		if n := len(w.Center.View().Calls); n != 0 {
			t.Errorf("merged %v: %d calls are left", merged, n)
		}
		w.Core.Disconnect(w.Now, "over")
		for _, e := range w.Core.Connect(w.Now) {
			if up, ok := e.(media.Up); ok && len(up.Legs) > 0 {
				t.Errorf("merged %v: left on the switch: %+v", merged, up.Legs)
			}
		}
	}
}
