//go:build asterisk

package crash

import (
	"errors"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/test/phone"
)

// supervisors are talks with a supervisor there, in each mode.
func supervisors() []State {
	at := func(name string, mode call.Mode) State {
		return &supervised{talking: talking{desk: desk{name: name, seats: 2, staff: map[int]string{1: "supervisor: true"}}}, mode: mode}
	}
	return []State{at("listening", call.Listen), at("whispering", call.Whisper), at("barging", call.Barge)}
}

// supervised is a talk that a supervisor, the second agent, listens to, whispers
// into or is part of.
type supervised struct {
	talking
	mode call.Mode
	boss *party
}

func (s *supervised) Begin(f *floor) {
	s.talking.Begin(f)
	a := s.agents[1]
	f.signIn(a)
	a.phone.Behave(phone.AnswerAfter(0))
	f.steer(s.caller, "supervise", map[string]any{"supervisor": a.id, "mode": s.mode})
	s.boss = f.rung(a)
	f.untilAgent(a, "TALKING")
	if !s.heard(f) {
		f.must(errors.New("the supervisor does not hear the talk, or is not heard in it"))
	}
}

// heard says whether everybody comes to hear whom the mode lets them hear.
func (s *supervised) heard(f *floor) bool {
	hears := func(p *party, who ...*party) bool {
		for _, w := range who {
			if !f.hears(p, w.phone.Tone(), patience) {
				return false
			}
		}
		return true
	}
	ok := hears(s.boss, s.caller, s.called)
	if s.mode != call.Listen {
		ok = ok && hears(s.called, s.boss)
	}
	if s.mode == call.Barge {
		ok = ok && hears(s.caller, s.boss)
	}
	return ok
}

// secretly checks that nobody has heard the supervisor since before the kill
// whom the mode does not let.
func (s *supervised) secretly(k *kill) {
	k.t.Helper()
	deaf := []*party{}
	if s.mode != call.Barge {
		deaf = append(deaf, s.caller)
	}
	if s.mode == call.Listen && s.caller.phone.Tone() != s.boss.phone.Tone() {
		deaf = append(deaf, s.called)
	}
	for _, p := range deaf {
		k.check(p.Level(s.boss.phone.Tone(), time.Since(k.noted)) < faint, "%s has heard the supervisor", p.phone.User())
	}
}

func (s *supervised) After(k *kill) {
	was, is := k.before.call(s.caller.from).Supervisors, k.callStays(s.caller.from, center.CallTalking).Supervisors
	if k.check(len(was) == 1 && len(is) == 1, "%+v were there, %+v are", was, is) {
		same(k, "the supervisor", was[0], is[0])
		same(k, "the mode", s.mode, is[0].Mode)
	}
	for _, a := range s.agents {
		k.agentStays(a, "TALKING")
	}
	k.check(s.boss.Alive(), "the supervisor was lost")
	k.unbroken(s.caller, s.called)
	k.check(s.heard(k.floor), "the supervisor does not hear the talk, or is not heard in it")
	s.secretly(k)
	if s.mode == call.Barge {
		k.unbroken(s.caller, s.boss)
		k.unbroken(s.called, s.boss)
	}
}

// End has who listens go, who whispers take the talk over, and the agent go from
// a talk in which there are three.
func (s *supervised) End(f *floor) {
	agent := s.agents[0]
	switch s.mode {
	case call.Listen:
		s.boss.Hangup()
		if !f.together(s.caller, s.called) {
			f.t.Errorf("%s: they do not talk without the supervisor", s.name)
		}
		s.caller.Hangup()
		f.over(s.called)
	case call.Whisper:
		f.steer(s.caller, "take-over", map[string]any{})
		f.over(s.called)
		if !f.together(s.caller, s.boss) {
			f.t.Errorf("%s: who took over does not talk to the caller", s.name)
		}
		s.caller.Hangup()
		f.over(s.boss)
		agent = s.agents[1]
	default:
		s.called.Hangup()
		f.over(s.boss)
		f.over(s.caller)
	}
	for _, a := range s.agents {
		f.untilAgent(a, "READY")
	}
	if r := f.record(s.caller); r.Agent != agent.id {
		f.t.Errorf("%s: the record is %+v", s.name, r)
	}
}
