package sim

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// A huawu that has lost its journal too knows a parked caller by the tag: in
// line, with all that was waited so far. A talk that was picked up is left alone.
func TestParkedCallerIsFoundByTag(t *testing.T) {
	for _, picked := range []bool{false, true} {
		slots := func(c *center.Config) { c.Park = center.Park{From: 701, To: 702} }
		w := house(t, 1, slots)
		caller := w.inLine("139")
		w.Run(2 * time.Second)
		call := w.Center.View().Calls[0].ID
		if err := w.Ask(center.ParkCall{Call: call}); err != nil {
			t.Fatal(err)
		}
		w.Run(10 * time.Second)
		if picked {
			if err := w.Ask(center.PickUp{Call: "701", Agent: "1001"}); err != nil {
				t.Fatal(err)
			}
			if err := w.Ask(center.PickUp{Call: "701", Agent: "1001"}); err == nil || !strings.Contains(err.Error(), "agent 1001 is being rung for it already") {
				t.Errorf("picked up twice: %v", err)
			}
			w.Run(2 * time.Second)
		}
		cfg := w.Journal[1].In.(center.Configured).Config
		w.Core.Disconnect(w.Now, "lost")
		w.Center, w.sends, w.Journal, w.Saved, w.SavedAt = center.New(fact.DefaultTenant), nil, nil, nil, 0
		w.Boot()
		w.input(center.Configured{Config: cfg})
		w.Connect()
		w.Run(time.Second)
		v := w.Center.View()
		if picked {
			if len(v.Calls) != 1 || v.Calls[0].State != center.CallTalking || len(v.Calls[0].Legs) != 2 || v.Calls[0].From != "139" {
				t.Errorf("the talk is %+v", v.Calls)
			}
			continue
		}
		var line []center.TicketView
		for _, q := range v.Queues {
			if q.ID == "sales" {
				line = q.Waiting
			}
		}
		if len(line) != 1 || line[0].From != "139" || line[0].Waited < 10_000 || !w.Core.Hears(caller).Music {
			t.Errorf("the line is %+v, music: %v", line, w.Core.Hears(caller).Music)
		}
	}
}

// A phone at which nobody is signed in picks up as well, and it is nobody's work
// but who sits there.
func TestPhoneWithoutAnAgentPicksUp(t *testing.T) {
	w := house(t, 2, func(c *center.Config) { c.Park = center.Park{From: 701, To: 701} })
	caller := w.inLine("139")
	w.Run(2 * time.Second)
	call := w.Center.View().Calls[0]
	if err := w.Ask(center.ParkCall{Call: call.ID}); err != nil {
		t.Fatal(err)
	}
	w.Run(6 * time.Second)
	state := func(a fact.AgentID) routing.State {
		for _, v := range w.Center.View().Agents {
			if v.ID == a {
				return v.State
			}
		}
		return ""
	}
	if err := w.Ask(center.SignOut{Agent: "1002"}); err != nil {
		t.Fatal(err)
	}
	leg := w.CallFrom("PJSIP/1002", "701")
	w.Run(time.Second)
	if heard := w.Core.Hears(caller); heard.Music || w.states()[center.CallTalking] != 1 {
		t.Errorf("picked up by a phone without an agent: %+v, %v", w.states(), heard)
	}
	if s := state("1001"); s != routing.ReadyState {
		t.Errorf("who parked the caller is %s", s)
	}
	w.hear(w.Core.HangupFar(w.Now, leg))
	w.Run(10 * time.Second)
	if len(w.Records) != 1 || w.Records[0].Reason != fact.ReasonCompleted {
		t.Errorf("records %+v", w.Records)
	}
}
