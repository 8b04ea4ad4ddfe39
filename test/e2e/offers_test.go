//go:build asterisk

package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// missed are the offers of a call that came to nothing, as agent and reason.
func missed(events []fact.Event) []string {
	var all []string
	for _, e := range events {
		if e.Kind == fact.QueueMissed {
			all = append(all, string(e.Agent)+" "+e.Reason)
		}
	}
	return all
}

// withdrawn waits for the CANCEL of a ringing call and says how long it rang.
func (h *house) withdrawn(c *phone.Call) time.Duration {
	h.t.Helper()
	e, err := c.Ended(h.t.Context())
	must(h.t, err)
	if e.Here || e.Status != 487 {
		h.t.Fatalf("the phone's ending %+v, want a CANCEL", e)
	}
	return c.Times().Ended.Sub(c.Times().Ringing)
}

// A phone that rings on is left after three rings: the agent takes no calls any
// more, and the caller, at their own place before one who came later, is
// offered to the next agent.
func TestRingsOn(t *testing.T) {
	t.Parallel()
	h := open(t, plan{agents: 2, change: ring(2 * time.Second)})
	h.ready("1001")
	const first, second = "13800000001", "13800000002"
	one := h.calls(h.caller(first), direct)
	a := h.rung(h.agents[0])
	two := h.calls(h.caller(second), direct)
	h.lines("sales", first, second)

	if rang := h.withdrawn(a); rang < 3*time.Second-slack || rang > 3*time.Second+slack {
		t.Errorf("a phone that may ring 2 s is left after %v, want 3 s", rang)
	}
	h.becomes("1001", routing.NotReadyIn, routing.PauseRONA)
	h.lines("sales", first, second)
	h.hears(one, pbx.MusicTone)
	h.hears(two, pbx.MusicTone)

	h.agents[1].Behave(phone.AnswerAfter(0))
	must(t, h.SignIn(h.ctx(), "1002", "1002"))
	b := h.rung(h.agents[1])
	if _, number := b.Shown(); number != first {
		t.Errorf("the next agent is rung for %s, want %s", number, first)
	}
	h.talk(one, b, callerTone, agentTone+agentStep)
	h.lines("sales", second)
	one.Hangup()
	h.ended(b)
	c := h.rung(h.agents[1])
	h.talk(two, c, callerTone, agentTone+agentStep)
	two.Hangup()
	h.atRest("1002")

	r := h.record(first, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	if r.Offers != 2 || r.Agent != "1002" {
		t.Errorf("record %+v", r)
	}
	if r.Ring < 2900 || r.Ring > 2900+slack.Milliseconds() {
		t.Errorf("it rang for %d ms", r.Ring)
	}
	events := h.history(r.Call)
	if got := missed(events); !slices.Equal(got, []string{"1001 no-answer"}) {
		t.Errorf("missed %v", got)
	}
	if !slices.ContainsFunc(events, func(e fact.Event) bool {
		return e.Kind == fact.NormBroken && e.Name == "RUL-ANS-1" && e.Agent == "1001"
	}) {
		t.Error("no norm.broken RUL-ANS-1")
	}
	// Until the agent says so, there are no calls.
	must(t, h.Post(h.ctx(), "/api/v1/agents/1001/ready", nil, nil))
	h.becomes("1001", routing.ReadyState, "")
}

// Three rings are 15 s, and a second later the offer is withdrawn (RUL-ANS-1).
func TestThreeRings(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	c := h.calls(h.caller("13800000001"), direct)
	rang := h.withdrawn(h.rung(h.agents[0]))
	if rang < 16*time.Second-slack/2 || rang > 16*time.Second+slack {
		t.Errorf("withdrawn after %v, want 16 s", rang)
	}
	h.becomes("1001", routing.NotReadyIn, routing.PauseRONA)
	h.hears(c, pbx.MusicTone)
	c.Hangup()
	h.atRest()
}

// An agent whose phone refuses, is busy, or is silent costs the caller nothing:
// the next agent is rung.
func TestAgentFails(t *testing.T) {
	for _, k := range []struct {
		name      string
		behaviour phone.Behaviour
		why       string
		state     routing.State
		reason    routing.PauseReason
	}{
		{"rejects", phone.Behaviour{Ring: 200 * time.Millisecond, Status: 603}, "rejected", routing.ReadyState, ""},
		{"is busy", phone.Behaviour{Status: 486}, "busy", routing.ReadyState, ""},
		{"says nothing", phone.Behaviour{Nothing: true}, "no-ring", routing.NotReadyIn, routing.PauseEndpoint},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			h := open(t, plan{agents: 2, change: func(d *api.Document) { d.ACD.Queues[0].Reach = time.Second }})
			h.ready("1001")
			h.ready("1002") // idle since later
			h.agents[0].Behave(k.behaviour)
			h.agents[1].Behave(phone.AnswerAfter(200 * time.Millisecond))
			const from = "13800000001"
			c := h.calls(h.caller(from), direct)
			h.rung(h.agents[0])
			a := h.rung(h.agents[1])
			h.talk(c, a, callerTone, agentTone+agentStep)
			h.becomes("1001", k.state, k.reason)
			a.Hangup()
			h.ended(c)
			h.atRest("1002")
			r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
			if got := missed(h.history(r.Call)); r.Offers != 2 || !slices.Equal(got, []string{"1001 " + k.why}) {
				t.Errorf("%d offers, missed %v", r.Offers, got)
			}
			if k.state == routing.NotReadyIn {
				must(t, h.Post(h.ctx(), "/api/v1/agents/1001/ready", nil, nil))
			}
			h.becomes("1001", routing.ReadyState, "")
		})
	}
}

// An agent who hangs up in the moment of answering has either talked or not;
// the caller is served in both cases.
func TestHangsUpAtAnswer(t *testing.T) {
	t.Parallel()
	h := open(t, plan{agents: 2})
	h.ready("1001")
	h.ready("1002")
	const from = "13800000001"
	c := h.calls(h.caller(from), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	a.Hangup()
	var b *phone.Call
	h.until("the next agent to be rung, or the caller to be thanked", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		b, _ = h.agents[1].Rung(ctx)
		return b != nil || c.Level(thanksTone, window) > loud
	})
	if b == nil {
		h.ended(c)
		h.atRest("1001", "1002")
		r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
		if r.Offers != 1 || r.Agent != "1001" {
			t.Errorf("record %+v", r)
		}
		return
	}
	h.hears(c, pbx.MusicTone)
	b.Answer()
	h.talk(c, b, callerTone, agentTone+agentStep)
	c.Hangup()
	h.ended(b)
	h.atRest("1001", "1002")
	r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	if r.Offers != 2 || r.Agent != "1002" {
		t.Errorf("record %+v", r)
	}
}

// A phone that loses its power is not offered calls, is said to be unreachable,
// and is offered the caller who waits as soon as it is back.
func TestPhoneVanishes(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	if !h.agent("1001").Reachable {
		t.Error("a registered phone is said to be unreachable")
	}
	h.agents[0].Vanish(true)
	h.becomes("1001", routing.NotReadyIn, routing.PauseEndpoint)
	if h.agent("1001").Reachable {
		t.Error("a phone that vanished is said to be reachable")
	}
	const from = "13800000001"
	c := h.calls(h.caller(from), direct)
	h.hears(c, pbx.MusicTone)
	if w := h.reaches(from, center.CallWaiting); len(w.Legs) != 1 {
		t.Errorf("somebody is rung for it: %+v", w)
	}
	h.agents[0].Vanish(false)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	c.Hangup()
	h.atRest("1001")
	r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	if r.Offers != 1 {
		t.Errorf("%d offers, want 1", r.Offers)
	}

	// A phone that says goodbye is gone at once.
	must(t, h.agents[0].Unregister(h.ctx()))
	h.becomes("1001", routing.NotReadyIn, routing.PauseEndpoint)
	must(t, h.agents[0].Register(h.ctx()))
	h.becomes("1001", routing.ReadyState, "")
}
