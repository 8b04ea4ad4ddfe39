package scenarios

import (
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// lost is what is never told: whose phone lost its power says no goodbye, and
// the switch's word of it may be lost too.
var lost = []scenario{
	{
		// An agent whose phone is gone without a word is not locked in the talk,
		// the caller goes on, and whoever calls next is served.
		name: "lost/an-agents-goodbye", rows: []string{"C14"}, agents: 2, deaf: 3 * time.Second,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.house.vanish(a.far)
			s.stateWithin(unheard, "1001", routing.ReadyState, routing.NotReadyIn)
			s.ending(c, fact.FaultNone, fact.ReasonCompleted)
			s.do("POST", "/agents/1001/sign-out", nil)
			s.ready("1002")
			next, b := s.serves("13800000002", "1002")
			next.hangup()
			b.ended()
			s.rest("1002")
		},
	},
	{
		// A caller who is gone without a word holds no agent.
		name: "lost/a-callers-goodbye", rows: []string{"C12"}, deaf: 3 * time.Second,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.house.vanish(c.far)
			s.agentWithin(unheard, "1001", routing.ReadyState)
			a.ended()
			if r := s.record(c); r.Agent != "1001" || r.Talk == 0 {
				s.t.Errorf("the record of the talk: %+v", r)
			}
			s.rest("1001")
		},
	},
	{
		// Nor does one who waits hold a place in line.
		name: "lost/a-goodbye-in-line", rows: []string{"C10"}, deaf: 3 * time.Second,
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			s.house.vanish(one.far)
			s.within(unheard, func() string { return "who is gone is in line" }, func() bool {
				return len(s.queueNow("sales").Waiting) == 1
			})
			s.reaches(two, center.CallWaiting)
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(two, a)
			two.hangup()
			s.rest("1001")
		},
	},
}

// unheard is the longest that a leg may be gone and still be believed in.
const unheard = 3 * time.Minute

// stateWithin waits until an agent is in one of these states.
func (s *stage) stateWithin(d time.Duration, id string, states ...routing.State) {
	s.t.Helper()
	var last center.AgentView
	s.within(d, func() string { return "agent " + id + " is " + string(last.State) }, func() bool {
		last = s.agentNow(id)
		for _, state := range states {
			if last.State == state {
				return true
			}
		}
		return false
	})
}
