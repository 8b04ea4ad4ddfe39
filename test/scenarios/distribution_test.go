package scenarios

import (
	"time"
)

// distribution is who is offered a call.
var distribution = []scenario{
	{
		name: "distribution/longest-idle", rows: []string{"ACD-2"}, agents: 2,
		play: func(s *stage) {
			s.ready("1002")
			s.pass(100 * time.Millisecond)
			s.ready("1001")
			// 1002 has been idle for longer, though 1001 is first by number.
			one := s.waiting("13800000001", salesNumber)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(one, b)
			two := s.caller("13800000002", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(two, a)
			// 1001 is idle again before 1002 is.
			two.hangup()
			a.ended()
			s.agent("1001", "READY")
			one.hangup()
			s.agent("1002", "READY")
			three := s.caller("13800000003", salesNumber)
			a = s.phone("1001").rings()
			a.answer()
			s.talk(three, a)
			three.hangup()
			s.rest("1001", "1002")
		},
	},
}
