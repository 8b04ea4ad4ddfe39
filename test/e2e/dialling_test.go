//go:build asterisk

package e2e

import (
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// An agent who dials a colleague is busy with it, and so is the colleague:
// neither is offered a caller, who is served right after.
func TestDialAColleague(t *testing.T) {
	t.Parallel()
	h := open(t, plan{agents: 2})
	h.ready("1001", "1002")
	one, two := h.agents[0], h.agents[1]

	c := h.dial(one, "8002")
	a := h.rung(two)
	if name, number := a.Shown(); number != "8001" {
		t.Errorf("the colleague's phone shows %q %q, want 8001", name, number)
	}
	h.becomes("1001", routing.Talking, "")
	h.becomes("1002", routing.Talking, "")
	a.Answer()
	must(t, c.Answered(h.ctx()))
	h.talk(c, a, agentTone, agentTone+agentStep)

	caller := h.calls(h.caller("13800000001"), direct)
	h.hears(caller, pbx.MusicTone)
	h.lines("sales", "13800000001")
	if v := h.reaches("13800000001", center.CallWaiting); len(v.Legs) != 1 {
		t.Errorf("somebody is rung: %+v", v)
	}
	a.Hangup()
	if e := h.ended(c); e.Here || e.Cause != 16 {
		t.Errorf("ending %+v", e)
	}
	// Both are free; one of them is rung for the caller.
	h.reaches("13800000001", center.CallRinging)
	caller.Hangup()
	h.atRest("1001", "1002")

	r := h.record("1001", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByCallee)
	if r.Direction != fact.Internal || r.To != "8002" || r.Agent != "1001" || len(r.Recordings) != 2 {
		t.Errorf("record %+v", r)
	}
	about(t, "talk", r.Talk, a.Times().Ended.Sub(a.Times().Answered))
}

// What an agent's phone dials leads outside by the trunk, with the tenant's
// number, or is refused in words that phones and records share.
func TestDialOutside(t *testing.T) {
	t.Parallel()
	h := open(t, plan{agents: 2})
	far := h.outside(phone.Behaviour{})
	p := h.agents[0]

	// Nobody is signed in at the phone: only colleagues and emergencies.
	refused := func(p *phone.Phone, number string, status, cause int, fault fact.Fault, reason fact.Reason) fact.Record {
		t.Helper()
		n := len(h.ofCalls(p.User()))
		c := h.dial(p, number)
		if e := h.ended(c); e.Here || e.Status != status || e.Cause != cause {
			t.Errorf("%s: ending %+v, want %d cause %d", number, e, status, cause)
		}
		r := h.records(p.User(), n+1)[0]
		if r.To != number || r.Ending != (fact.Ending{Fault: fault, Reason: reason}) || r.Cause != cause {
			t.Errorf("%s: record %+v, want %s %s, cause %d", number, r, fault, reason, cause)
		}
		return r
	}
	refused(p, "13900000009", 403, 21, fact.FaultAgent, fact.ReasonForbidden)
	c := h.dial(p, "110")
	a := h.rung(far)
	if a.Number() != "110" {
		t.Errorf("the emergency call arrives as %s", a.Number())
	}
	a.Answer()
	must(t, c.Answered(h.ctx()))
	h.talk(c, a, agentTone, outsideTone)
	c.Hangup()
	h.ended(a)

	h.ready("1001")
	c = h.dial(p, "13900000009")
	a = h.rung(far)
	if _, number := a.Shown(); number != tenantNumber || a.Number() != "13900000009" {
		t.Errorf("the far end sees %s calling %s, want %s", number, a.Number(), tenantNumber)
	}
	h.becomes("1001", routing.Talking, "")
	must(t, a.Ringing(h.ctx()))
	h.reaches("1001", center.CallRinging)
	h.hears(c, 440) // the switch's ringback, 440 and 480 Hz
	a.Answer()
	must(t, c.Answered(h.ctx()))
	h.talk(c, a, agentTone, outsideTone)
	h.reaches("1001", center.CallTalking)
	a.Hangup()
	h.ended(c)
	h.atRest("1001")
	r := h.records("1001", 3)[0]
	if r.Direction != fact.Outbound || r.Ending != (fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}) || r.By != fact.ByCallee {
		t.Errorf("record %+v", r)
	}
	about(t, "ring", r.Ring, a.Times().Answered.Sub(a.Times().Ringing))
	about(t, "talk", r.Talk, a.Times().Ended.Sub(a.Times().Answered))

	far.Behave(phone.Behaviour{Status: 486})
	refused(p, "13900000010", 486, 17, fact.FaultTrunk, fact.ReasonBusy)
	h.rung(far)
	far.Behave(phone.Behaviour{Status: 603})
	refused(p, "13900000011", 403, 21, fact.FaultTrunk, fact.ReasonRejected)
	h.rung(far)
	refused(p, "55555", 404, 1, fact.FaultAgent, fact.ReasonNoRoute)

	// A colleague who talks, and one whose phone is not there.
	must(t, h.agents[1].Unregister(h.ctx()))
	refused(p, "8002", 480, 20, fact.FaultTrunk, fact.ReasonUnreachable)
	h.becomes("1001", routing.ReadyState, "")
	caller := h.calls(h.caller("13800000001"), direct)
	a = h.rung(p)
	a.Answer()
	h.talk(caller, a, callerTone, agentTone)
	must(t, h.agents[1].Register(h.ctx()))
	h.ready("1002")
	refused(h.agents[1], "8001", 486, 17, fact.FaultAgent, fact.ReasonBusy)
	a.Hangup()
	h.ended(caller)
	h.atRest("1001", "1002")
}

// The agent gives up while the far end rings.
func TestDialAndGiveUp(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	far := h.outside(phone.Behaviour{})
	h.ready("1001")
	c := h.dial(h.agents[0], "13900000009")
	a := h.rung(far)
	must(t, a.Ringing(h.ctx()))
	h.reaches("1001", center.CallRinging)
	c.Hangup()
	h.withdrawn(a)
	h.atRest("1001")
	h.record("1001", fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonAbandoned}, fact.ByAgent)
}

// ofCalls are the ended calls of a number so far.
func (h *house) ofCalls(from string) []fact.Record {
	h.t.Helper()
	all, err := h.Ended(h.ctx())
	must(h.t, err)
	var mine []fact.Record
	for _, r := range all {
		if r.From == from {
			mine = append(mine, r)
		}
	}
	return mine
}
