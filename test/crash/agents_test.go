//go:build asterisk

package crash

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/phone"
)

// wrappingUp is an agent in after-call work, which may have been made longer.
type wrappingUp struct {
	desk
	longer time.Duration
	began  []int64 // wall clock, ms
}

func (s *wrappingUp) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.agents[0].phone.Behave(phone.AnswerAfter(0))
}

func (s *wrappingUp) Prepare(k *kill) {
	k.untilAgent(s.agents[0], "READY")
	p := k.dial(s.number)
	c := k.rung(s.agents[0])
	k.untilCall(p, center.CallTalking)
	p.Hangup()
	k.over(c)
	k.untilAgent(s.agents[0], "ACW")
	if s.longer > 0 {
		k.tell(s.agents[0], "extend", map[string]any{"for": s.longer.String()})
	}
}

// lease is how long the work may last.
func (s *wrappingUp) lease() time.Duration { return s.wrapUp + s.longer }

func (s *wrappingUp) Before(k *kill) {
	s.began = append(s.began, k.before.agent(s.agents[0].id).Since)
}

func (s *wrappingUp) After(k *kill) {
	since := k.before.agent(s.agents[0].id).Since
	if k.ready.UnixMilli() < since+s.lease().Milliseconds()-500 {
		k.agentStays(s.agents[0], "ACW")
	}
}

func (s *wrappingUp) End(f *floor) {
	f.untilAgent(s.agents[0], "READY")
	lasted := f.lasted(fact.AgentState, s.agents[0], "ACW")
	if len(lasted) != len(s.began) {
		f.must(fmt.Errorf("%d wrap-ups have ended, want %d", len(lasted), len(s.began)))
	}
	for i, began := range s.began {
		f.inTime("the wrap-up", time.UnixMilli(began), s.lease(), lasted[i:i+1])
	}
}

// lasted is how long the things lasted, in milliseconds, that events about an
// agent tell of; from chooses changes of state.
func (f *floor) lasted(kind fact.Kind, a *agent, from string) []int64 {
	var all []int64
	for _, e := range f.feed.list() {
		if e.Kind == kind && e.Agent == a.id && e.From == from {
			all = append(all, e.Millis)
		}
	}
	return all
}

// inTime checks that something that began ended when it was due, or, when huawu
// was dead then, as soon as it was back.
func (f *floor) inTime(what string, began time.Time, limit time.Duration, lasted []int64) {
	f.t.Helper()
	due := began.Add(limit)
	last := due
	for _, k := range f.kills {
		if due.After(k.at.Add(-100*time.Millisecond)) && due.Before(k.ready) {
			last = k.ready
		}
	}
	if len(lasted) != 1 || lasted[0] < limit.Milliseconds() || lasted[0] > last.Sub(began).Milliseconds()+500 {
		f.t.Errorf("%s lasted %v ms, want %d, or to %d at most", what, lasted, limit.Milliseconds(), last.Sub(began).Milliseconds())
	}
}

// paused is an agent who is not ready, for a reason.
type paused struct{ desk }

func (s *paused) Begin(f *floor) {
	f.signIn(s.agents[0])
	f.tell(s.agents[0], "not-ready", map[string]string{"reason": "meal"})
	f.untilAgent(s.agents[0], "NOT_READY")
}

func (s *paused) After(k *kill) {
	k.agentStays(s.agents[0], "NOT_READY")
	same(k, "the reason", "meal", string(k.after.agent(s.agents[0].id).Reason))
}
