//go:build asterisk

package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// A caller may hang up at any step: everything is clean afterwards, the agent is
// free, and the record says at which step it was.
func TestCallerHangsUp(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	var (
		leftMenu    = fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonLeftMenu}
		abandoned   = fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonAbandoned}
		callerEnded = fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}
	)
	step := func(name, from string, f func(h *house, p *phone.Phone)) {
		t.Run(name, func(t *testing.T) {
			inner := *h
			inner.t = t
			f(&inner, inner.caller(from))
		})
	}

	step("greeting", "13800000001", func(h *house, p *phone.Phone) {
		c := h.calls(p, hotline)
		h.hears(c, greetingTone)
		h.until("the recording to run", func() bool { v := h.live(p.User()); return v != nil && v.Recorded })
		c.Hangup()
		h.atRest()
		r := h.record(p.User(), leftMenu, fact.ByCaller)
		if r.Queue != "" || r.Wait != 0 || len(r.Recordings) != 2 {
			h.t.Errorf("record %+v", r)
		}
	})
	step("menu", "13800000002", func(h *house, p *phone.Phone) {
		c := h.calls(p, hotline)
		h.hears(c, menuTone)
		c.Hangup()
		h.atRest()
		h.record(p.User(), leftMenu, fact.ByCaller)
	})
	step("menu, after the prompt", "13800000003", func(h *house, p *phone.Phone) {
		c := h.calls(p, hotline)
		h.hears(c, menuTone)
		h.silent(c, menuTone)
		c.Hangup()
		h.atRest()
		h.record(p.User(), leftMenu, fact.ByCaller)
	})
	step("waiting", "13800000004", func(h *house, p *phone.Phone) {
		c := h.calls(p, direct)
		h.hears(c, pbx.MusicTone)
		h.lines("sales", p.User())
		c.Hangup()
		h.atRest()
		r := h.record(p.User(), abandoned, fact.ByCaller)
		if r.Queue != "sales" || r.Offers != 0 || r.Wait == 0 || r.Agent != "" {
			h.t.Errorf("record %+v", r)
		}
	})

	h.ready("1001")
	step("ringing", "13800000005", func(h *house, p *phone.Phone) {
		c := h.calls(p, direct)
		a := h.rung(h.agents[0])
		must(h.t, a.Ringing(h.ctx()))
		h.becomes("1001", routing.OfferedState, "")
		c.Hangup()
		h.withdrawn(a)
		h.atRest("1001")
		r := h.record(p.User(), abandoned, fact.ByCaller)
		if got := missed(h.history(r.Call)); len(got) != 1 || got[0] != "1001 caller-gone" {
			h.t.Errorf("missed %v", got)
		}
	})
	step("just at answer", "13800000006", func(h *house, p *phone.Phone) {
		c := h.calls(p, direct)
		a := h.rung(h.agents[0])
		a.Answer()
		c.Hangup()
		h.ended(a)
		h.atRest("1001")
		// Either came first.
		r := h.records(p.User(), 1)[0]
		want := abandoned
		if slices.ContainsFunc(h.history(r.Call), func(e fact.Event) bool { return e.Kind == fact.QueueConnected }) {
			want = callerEnded
		}
		if r.Ending != want || r.By != fact.ByCaller {
			h.t.Errorf("record %+v, want %+v", r, want)
		}
	})
	step("talking", "13800000007", func(h *house, p *phone.Phone) {
		c := h.calls(p, direct)
		a := h.rung(h.agents[0])
		a.Answer()
		h.talk(c, a, callerTone, agentTone)
		c.Hangup()
		if e := h.ended(a); e.Here || e.Cause != 16 {
			h.t.Errorf("the agent's ending %+v", e)
		}
		h.becomes("1001", routing.WrapUpState, "")
		h.atRest("1001")
		r := h.record(p.User(), callerEnded, fact.ByCaller)
		if r.Cause != 16 {
			h.t.Errorf("cause %d", r.Cause)
		}
		about(h.t, "talk", r.Talk, c.Times().Ended.Sub(a.Times().Answered))
	})
	step("after the talk", "13800000008", func(h *house, p *phone.Phone) {
		c := h.calls(p, direct)
		a := h.rung(h.agents[0])
		a.Answer()
		h.talk(c, a, callerTone, agentTone)
		a.Hangup()
		h.hears(c, thanksTone)
		c.Hangup()
		h.atRest("1001")
		h.record(p.User(), callerEnded, fact.ByCaller)
	})
}

// A phone that loses its power in a talk is noticed by the missing audio. The
// other side is not left alone in the room: an agent is free, a caller goes on
// in the flow.
func TestPartyVanishes(t *testing.T) {
	t.Parallel()
	// What the printed configuration does after 60 and 30 s is done after 1.
	h := open(t, plan{agents: 2, pbx: pbx.Options{Files: map[string]string{
		"pjsip.conf": "\n[trunk](+)\nrtp_timeout = 1\n[1001](+)\nrtp_timeout = 1\n",
	}}})
	h.ready("1001")
	talk := func(from string) (p *phone.Phone, c, a *phone.Call) {
		t.Helper()
		p = h.caller(from)
		c = h.calls(p, direct)
		a = h.rung(h.agents[0])
		a.Answer()
		h.talk(c, a, callerTone, agentTone)
		h.reaches(from, center.CallTalking)
		return p, c, a
	}
	quick := func(began time.Time) {
		t.Helper()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("noticed after %v", took)
		}
	}

	p, _, a := talk("13800000001")
	began := time.Now()
	p.Vanish(true)
	h.ended(a)
	quick(began)
	h.atRest("1001")
	if r := h.records("13800000001", 1)[0]; r.Talk == 0 || r.Agent != "1001" {
		t.Errorf("record %+v", r)
	}

	_, c, _ := talk("13800000002")
	began = time.Now()
	h.agents[0].Vanish(true)
	h.hears(c, thanksTone)
	quick(began)
	h.ended(c)
	h.atRest()
	if r := h.records("13800000002", 1)[0]; r.Talk == 0 || r.Agent != "1001" || r.Reason != fact.ReasonCompleted {
		t.Errorf("record %+v", r)
	}
	h.becomes("1001", routing.NotReadyIn, routing.PauseEndpoint)
}

// An operator ends a call: both hear it, and the record says who it was.
func TestOperatorHangsUp(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	const from = "13800000001"
	c := h.calls(h.caller(from), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	id := string(h.reaches(from, center.CallTalking).ID)
	if out, err := h.CLI(h.ctx(), "call", "hangup", id); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, end := range []phone.Ending{h.ended(c), h.ended(a)} {
		if end.Here || end.Cause != 16 {
			t.Errorf("ending %+v", end)
		}
	}
	h.atRest("1001")
	h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonOperator}, fact.ByOperator)
	if _, err := h.CLI(h.ctx(), "call", "hangup", id); err == nil {
		t.Error("a call was ended twice")
	}
}

// A caller who presses what is not offered, or dials what is nobody's, is sent
// away in good order.
func TestCallerGoesWrong(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	c := h.calls(h.caller("13800000001"), hotline)
	h.hears(c, menuTone)
	must(t, c.Press(h.ctx(), "9"))
	h.hears(c, goodbyeTone)
	if e := h.ended(c); e.Here || e.Cause != 16 {
		t.Errorf("ending %+v", e)
	}
	h.record("13800000001", fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonFlowEnded}, fact.BySystem)

	c = h.dial(h.caller("13800000002"), "4999")
	if e := h.ended(c); e.Here || e.Status != 404 || e.Cause != 1 {
		t.Errorf("ending %+v", e)
	}
	h.atRest()
	h.record("13800000002", fact.Ending{Fault: fact.FaultUs, Reason: fact.ReasonNoRoute}, fact.BySystem)
}
