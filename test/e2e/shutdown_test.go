//go:build asterisk

package e2e

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// goesOn waits until sound passes between two who talk at this moment, not what
// is left of it.
func (h *house) goesOn(a, b *phone.Call, hertzA, hertzB float64) {
	h.t.Helper()
	a.Talk(false)
	b.Talk(false)
	h.silent(a, hertzB)
	h.silent(b, hertzA)
	h.talk(a, b, hertzA, hertzB)
}

// up holds Asterisk to so many channels of callers and phones.
func (h *house) up(n int) {
	h.t.Helper()
	var channels []struct{ ID, Name, State string }
	h.until("the calls to be up on Asterisk", func() bool {
		must(h.t, h.ARI(h.ctx(), "/channels", &channels))
		got := 0
		for _, c := range channels {
			if strings.HasPrefix(c.Name, "PJSIP/") {
				got++
			}
		}
		return got == n
	})
}

// SIGTERM takes no new calls, says whom it waits for, and leaves when nobody
// needs huawu any more; talks go on without it and are taken up again.
func TestDrain(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	const talking, choosing, late = "13800000001", "13800000002", "13800000003"
	one := h.calls(h.caller(talking), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(one, a, callerTone, agentTone)
	two := h.calls(h.caller(choosing), hotline)
	h.hears(two, menuTone)
	talk, menu := h.reaches(talking, center.CallTalking), h.reaches(choosing, center.CallInFlow)

	gone := make(chan error, 1)
	go func() { gone <- h.Signal(syscall.SIGTERM, time.Minute) }()
	h.until("the log to name the caller who is waited for", func() bool {
		for line := range strings.Lines(h.Log()) {
			if strings.Contains(line, "waiting for calls") && strings.Contains(line, "flow=1") &&
				strings.Contains(line, "talking_go_on=1") && strings.Contains(line, string(menu.ID)) && !strings.Contains(line, string(talk.ID)) {
				return true
			}
		}
		return false
	})
	if err := h.Get(h.ctx(), "/readyz", nil); err == nil || !strings.Contains(err.Error(), "draining") {
		t.Errorf("readyz while it drains: %v", err)
	}
	three := h.dial(h.caller(late), direct)
	dialled := time.Now()
	must(t, three.Early(h.ctx()))
	h.hears(three, pbx.MusicTone)
	if !three.Times().Answered.IsZero() {
		t.Error("a new call was answered while huawu drains")
	}
	select {
	case err := <-gone:
		t.Fatalf("huawu left a caller in the menu: %v", err)
	default:
	}
	two.Hangup()
	if err := <-gone; err != nil {
		t.Fatalf("the end of huawu: %v\n%s", err, h.Log())
	}

	h.up(3)
	h.goesOn(one, a, callerTone, agentTone)

	must(t, h.Boot(h.ctx()))
	if v := h.reaches(talking, center.CallTalking); v.ID != talk.ID || v.Agent != "1001" {
		t.Errorf("the talk came back as %+v, was %+v", v, talk)
	}
	h.becomes("1001", routing.Talking, "")
	h.goesOn(one, a, callerTone, agentTone)
	must(t, three.Answered(h.ctx()))
	h.lines("sales", late)
	if w := h.waiting("sales"); len(w) == 1 {
		about(t, "the wait of who came while huawu was away", w[0].Waited, time.Since(dialled))
	}
	a.Hangup()
	parted := time.Now()
	h.hears(one, thanksTone)
	h.ended(one)
	b := h.rung(h.agents[0])
	b.Answer()
	h.talk(three, b, callerTone, agentTone)
	three.Hangup()
	h.atRest("1001")

	r := h.record(talking, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, fact.ByAgent)
	about(t, "talk", r.Talk, parted.Sub(a.Times().Answered))
	if r.Call != talk.ID || len(r.Recordings) != 2 {
		t.Errorf("record %+v", r)
	}
	h.record(choosing, fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonLeftMenu}, fact.ByCaller)
	h.record(late, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
}

// SIGINT leaves at once. Nobody is hung up: talks and music go on, and the next
// huawu takes up each caller where the last one left.
func TestLeaveAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	h.ready("1001")
	const talking, waiting, choosing = "13800000001", "13800000002", "13800000003"
	one := h.calls(h.caller(talking), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(one, a, callerTone, agentTone)
	two := h.calls(h.caller(waiting), direct)
	h.hears(two, pbx.MusicTone)
	h.lines("sales", waiting)
	joined := h.waiting("sales")[0].Joined
	three := h.calls(h.caller(choosing), hotline)
	h.hears(three, menuTone)
	h.silent(three, menuTone)

	began := time.Now()
	if err := h.Signal(syscall.SIGINT, 10*time.Second); err != nil {
		t.Fatalf("the end of huawu: %v", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("leaving at once took %v", took)
	}
	h.up(4)
	h.goesOn(one, a, callerTone, agentTone)
	h.hears(two, pbx.MusicTone)

	must(t, h.Boot(h.ctx()))
	h.hears(three, menuTone) // once more
	must(t, three.Press(h.ctx(), "1"))
	h.lines("sales", waiting, choosing)
	if w := h.waiting("sales")[0]; w.Joined != joined {
		t.Errorf("the place in line is of %d, was of %d", w.Joined, joined)
	}
	h.reaches(talking, center.CallTalking)
	one.Hangup()
	h.ended(a)
	for _, k := range []struct {
		from string
		c    *phone.Call
	}{{waiting, two}, {choosing, three}} {
		b := h.rung(h.agents[0])
		if _, number := b.Shown(); number != k.from {
			t.Errorf("%s is served, want %s", number, k.from)
		}
		b.Answer()
		h.talk(k.c, b, callerTone, agentTone)
		k.c.Hangup()
		h.ended(b)
	}
	h.atRest("1001")
	for _, from := range []string{talking, waiting, choosing} {
		h.record(from, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	}
}

// Who calls while huawu is away hears music by the dialplan, and is taken when
// it is back, before those who call later: the wait counts from the call.
func TestAway(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	must(t, h.Kill())
	h.missed()
	const first, second = "13800000001", "13800000002"
	one := h.dial(h.caller(first), direct)
	dialled := time.Now()
	must(t, one.Early(h.ctx()))
	h.hears(one, pbx.MusicTone)
	h.up(1)
	must(t, h.Boot(h.ctx()))
	// Whoever comes now is behind who came before.
	two := h.calls(h.caller(second), direct)
	must(t, one.Answered(h.ctx()))
	away := time.Since(dialled)
	h.hears(one, pbx.MusicTone)
	h.lines("sales", first, second)
	about(t, "the wait", h.waiting("sales")[0].Waited, time.Since(dialled))

	must(t, h.SignIn(h.ctx(), "1001", "1001"))
	a := h.rung(h.agents[0])
	if _, number := a.Shown(); number != first {
		t.Errorf("%s is served first, want %s", number, first)
	}
	a.Answer()
	h.talk(one, a, callerTone, agentTone)
	one.Hangup()
	two.Hangup()
	h.atRest("1001")
	r := h.record(first, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCallerEnded}, fact.ByCaller)
	if time.Duration(r.Wait)*time.Millisecond < away-slack {
		t.Errorf("the record has a wait of %d ms, the caller was there for %v before huawu was", r.Wait, away)
	}
	if at := time.UnixMilli(r.Began); at.Sub(dialled).Abs() > slack {
		t.Errorf("the record began at %v, the call at %v", at, dialled)
	}
}

// missed waits until Asterisk knows that the application is away. Who comes in
// the moment before is given to it all the same, hears nothing, and is found when
// huawu is back.
func (h *house) missed() {
	h.t.Helper()
	must(h.t, rig.Until(h.t.Context(), patience, "Asterisk to miss the application", func() (bool, error) {
		apps, err := h.PBX.CLI(h.ctx(), "ari show apps")
		return !slices.Contains(strings.Fields(apps), "huawu"), err
	}))
}
