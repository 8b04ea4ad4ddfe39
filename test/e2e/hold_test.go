//go:build asterisk

package e2e

import (
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
)

// The hold key of the agent's phone gives the caller music, twice, and the
// record says for how long.
func TestHold(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	const from = "13800000001"
	c := h.calls(h.caller(from), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)

	var held time.Duration
	for range 2 {
		must(t, a.Hold(h.ctx()))
		began := time.Now()
		h.hears(c, pbx.MusicTone)
		h.silent(c, agentTone)
		h.becomes("1001", routing.HoldState, "")
		h.reaches(from, center.CallHeld)
		must(t, a.Unhold(h.ctx()))
		held += time.Since(began)
		h.talk(c, a, callerTone, agentTone)
		h.becomes("1001", routing.Talking, "")
		h.reaches(from, center.CallTalking)
	}
	c.Hangup()
	h.ended(a)
	h.atRest("1001")
	r := h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	about(t, "hold", r.Hold, held)
	about(t, "talk, hold included", r.Talk, c.Times().Ended.Sub(a.Times().Answered))
	var kinds []fact.Kind
	for _, e := range h.history(r.Call) {
		if e.Kind == fact.HoldOn || e.Kind == fact.HoldOff {
			kinds = append(kinds, e.Kind)
		}
	}
	if len(kinds) != 4 || kinds[0] != fact.HoldOn || kinds[1] != fact.HoldOff || kinds[2] != fact.HoldOn || kinds[3] != fact.HoldOff {
		t.Errorf("events %v", kinds)
	}
}

// A hold ends with the call, whoever hangs up: the caller who was held hears
// the thanks and no music, and the agent takes calls again.
func TestHangUpOnHold(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	c := h.calls(h.caller("13800000001"), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	must(t, a.Hold(h.ctx()))
	h.hears(c, pbx.MusicTone)
	a.Hangup()
	h.hears(c, thanksTone)
	h.silent(c, pbx.MusicTone)
	h.ended(c)
	h.atRest("1001")
	r := h.record("13800000001", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
	if r.Hold == 0 || r.Hold > r.Talk {
		t.Errorf("held %d ms of %d ms", r.Hold, r.Talk)
	}

	c = h.calls(h.caller("13800000002"), direct)
	a = h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	must(t, a.Hold(h.ctx()))
	h.hears(c, pbx.MusicTone)
	c.Hangup()
	h.ended(a)
	h.atRest("1001")
	h.record("13800000002", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
}
