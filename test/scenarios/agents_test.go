package scenarios

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// agents is what agents do and in which state they are.
var agents = []scenario{
	{
		// One state, derived from what goes on: what is asked for in a talk
		// changes nothing in it.
		name: "agent/one-state", rows: []string{"ACD-10", "C19f"},
		play: func(s *stage) {
			s.agent("1001", routing.Offline)
			s.do("POST", "/agents/1001/sign-in", with("endpoint", "PJSIP/1001"))
			s.agent("1001", routing.NotReadyIn, routing.PauseSignedIn)
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.NotReadyIn, time.Second)
			s.do("POST", "/agents/1001/ready", nil)
			a := s.phone("1001").rings()
			s.agent("1001", routing.OfferedState)
			a.answer()
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			s.do("POST", "/agents/1001/ready", nil)
			s.keeps("1001", routing.Talking, 500*time.Millisecond)
			a.hold()
			s.agent("1001", routing.HoldState)
			a.unhold()
			s.agent("1001", routing.Talking)
			c.hangup()
			s.agent("1001", routing.ReadyState) // READY was asked for: no wrap-up
			s.refused("not-found", "POST", "/agents/1009/ready", nil)
			s.do("POST", "/agents/1001/sign-out", nil)
			s.agent("1001", routing.Offline)
			s.refused("conflict", "POST", "/agents/1001/ready", nil)
			s.rest()
		},
	},
	{
		// What is chosen during a call comes after it, and nothing else does.
		name: "agent/next-state", rows: []string{"C19c"},
		play: func(s *stage) {
			s.ready("1001")
			for i, want := range []struct {
				verb   string
				reason routing.PauseReason
				state  routing.State
			}{{"not-ready", routing.PauseMeal, routing.NotReadyIn}, {"sign-out", "", routing.Offline}} {
				c, a := s.serves("1380000000"+string(rune('1'+i)), "1001")
				var body any
				if want.reason != "" {
					body = with("reason", want.reason)
				}
				s.do("POST", "/agents/1001/"+want.verb, body)
				s.keeps("1001", routing.Talking, 500*time.Millisecond)
				c.hangup()
				a.ended()
				s.agent("1001", want.state, want.reason)
				s.keeps("1001", want.state, 2*time.Second)
				if want.state == routing.NotReadyIn {
					s.do("POST", "/agents/1001/ready", nil)
				}
			}
			s.rest()
		},
	},
	{
		// Wrap-up is one timer of the agent: it is as long as the queue of the
		// call says, whichever queues there are, and no queue offers a call
		// meanwhile.
		name: "agent/wrap-up-is-the-agents", rows: []string{"C2"},
		centre: queue("sales", func(q *routing.Queue) { q.WrapUp = 3 * time.Second }),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			c.hangup()
			a.ended()
			s.agent("1001", routing.WrapUpState)
			began := time.Now()
			next := s.waiting("13800000002", supportLine)
			s.keeps("1001", routing.WrapUpState, 2*time.Second)
			a = s.phone("1001").rings()
			if took := time.Since(began); took < 2500*time.Millisecond || took > 4*time.Second {
				s.t.Errorf("a wrap-up of 3 s took %v", took)
			}
			a.answer()
			s.talk(next, a)
			next.hangup()
			s.rest("1001")
			if r := s.record(c); r.WrapUp < 2500 || r.WrapUp > 4000 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Who is on the phone with somebody else is offered no call, and is
		// right after it, without registering anew.
		name: "agent/busy-with-another-call", rows: []string{"C19g"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			mine := s.phone("1001").dial("8002")
			other := s.phone("1002").rings()
			other.answer()
			s.talk(mine, other)
			c := s.waiting("13800000001", salesNumber)
			s.agent("1001", routing.Talking)
			s.keeps("1001", routing.Talking, 2*time.Second)
			s.line("sales", c)
			mine.hangup()
			other.ended()
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
			s.ending(c, fact.FaultNone, fact.ReasonCallerEnded)
		},
	},
	{
		// A wrap-up is made longer while it lasts, from when it would have
		// ended.
		name:   "agent/wrap-up-extended",
		centre: queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second }),
		play: func(s *stage) {
			s.ready("1001")
			s.refused("conflict", "POST", "/agents/1001/extend", with("for", "2s"))
			c, a := s.serves("13800000001", "1001")
			c.hangup()
			a.ended()
			s.agent("1001", routing.WrapUpState)
			s.do("POST", "/agents/1001/extend", with("for", "2s"))
			s.keeps("1001", routing.WrapUpState, 3*time.Second)
			s.agent("1001", routing.ReadyState)
			s.within(patience, func() string { return "the wrap-up is not in the record" }, func() bool {
				r := s.ended(c)
				return r != nil && r.WrapUp > 3500 && r.WrapUp < 5500
			})
		},
	},
	{
		// One session an account and one account a phone: who is signed in
		// somewhere signs out there first.
		name: "agent/one-session", rows: []string{"RUL-ACC-1"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			s.refused("conflict", "POST", "/agents/1001/sign-in", with("endpoint", "PJSIP/1002", "ready", true))
			s.refused("conflict", "POST", "/agents/1002/sign-in", with("endpoint", "PJSIP/1001", "ready", true))
			s.do("POST", "/agents/1001/sign-out", nil)
			s.agent("1001", routing.Offline)
			s.do("POST", "/agents/1001/sign-in", with("endpoint", "PJSIP/1002", "ready", true))
			s.agent("1001", routing.ReadyState)
			s.do("POST", "/agents/1001/sign-out", nil)
			s.agent("1001", routing.Offline)
		},
	},
}
