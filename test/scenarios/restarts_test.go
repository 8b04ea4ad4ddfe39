package scenarios

import (
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// restarts is what huawu's death in the middle leaves as it was.
var restarts = []scenario{
	{
		// A state is what has been asked for and what the phone is: both are
		// known after a start, also what changed meanwhile.
		name: "restart/states", rows: []string{"C19d"}, agents: 3,
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			s.pause("1001", routing.PauseMeal)
			s.phone("1003").register(false)
			s.agent("1003", routing.NotReadyIn, routing.PauseEndpoint)
			s.house.restart(func() {
				s.phone("1002").register(false)
				s.phone("1003").register(true)
			})
			s.agent("1001", routing.NotReadyIn, routing.PauseMeal)
			s.agent("1002", routing.NotReadyIn, routing.PauseEndpoint)
			s.agent("1003", routing.ReadyState)
			s.over(s.serves("13800000001", "1003"))
			s.pause("1003", routing.PauseMeal)
			s.do("POST", "/agents/1001/ready", nil)
			s.agent("1001", routing.ReadyState)
			s.over(s.serves("13800000002", "1001"))
			s.phone("1002").register(true)
			s.agent("1002", routing.ReadyState)
			s.rest()
		},
	},
	{
		// Talks and places in line are kept. Whose call ended while huawu was
		// away is not shown in it for ever.
		name: "restart/talks-and-lines", rows: []string{"C12"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			talks, a := s.serves("13800000001", "1001")
			s.ready("1002")
			gone, b := s.serves("13800000002", "1002")
			one := s.waiting("13800000003", salesNumber)
			two := s.waiting("13800000004", salesNumber)
			three := s.waiting("13800000005", salesNumber)
			s.line("sales", one, two, three)
			s.house.restart(func() {
				s.talk(talks, a)
				one.hears(music)
				gone.hangup()
				two.hangup()
				two.ended()
			})
			b.ended()
			s.line("sales", one, three)
			one.hears(music)
			s.reaches(talks, center.CallTalking)
			s.agent("1001", routing.Talking)
			b = s.phone("1002").rings()
			b.answer()
			s.talk(one, b)
			s.talk(talks, a)
			three.hangup()
			talks.hangup()
			one.hangup()
			s.rest("1001", "1002")
			s.ending(talks, fact.FaultNone, fact.ReasonCallerEnded)
		},
	},
	{
		// A phone goes on ringing over a start, and can be answered during it.
		name: "restart/ringing", agents: 2, centre: ring(10 * time.Second),
		play: func(s *stage) {
			s.ready("1001")
			one := s.caller("13800000001", salesNumber)
			a := s.phone("1001").rings()
			s.ready("1002")
			two := s.caller("13800000002", salesNumber)
			b := s.phone("1002").rings()
			s.house.restart(func() { s.house.answer(a.far) })
			s.talk(one, a)
			b.answer()
			s.talk(two, b)
			one.hangup()
			two.hangup()
			s.rest("1001", "1002")
		},
	},
}
