package scenarios

import (
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// lines is how callers get into a line, wait in it and get out.
var lines = []scenario{
	{
		name: "lines/a-call", rows: []string{"ACD-1"},
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", hotline)
			c.hears(prompt)
			c.press("1")
			a := s.phone("1001").rings()
			c.hears(music)
			a.answer()
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			s.reaches(c, center.CallTalking)
			a.hold()
			c.hears(music)
			s.agent("1001", routing.HoldState)
			a.unhold()
			s.talk(c, a)
			a.hangup()
			c.hears(prompt) // the thanks
			c.ended()
			s.agent("1001", routing.WrapUpState)
			s.rest("1001")
			r := s.ending(c, fact.FaultNone, fact.ReasonCompleted)
			if r.Agent != "1001" || r.Queue != "sales" || r.Offers != 1 || r.Hold == 0 {
				s.t.Errorf("record %+v", r)
			}
			s.told(c, "queue.joined sales", "queue.offered 1001", "queue.connected 1001", "hold.on", "hold.off", "call.ended")
		},
	},
	{
		name: "lines/in-order",
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			three := s.waiting("13800000003", salesNumber)
			s.line("sales", one, two, three)
			one.hears(music)
			two.hangup()
			s.line("sales", one, three)
			s.ending(two, fact.FaultCaller, fact.ReasonAbandoned)
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(one, a)
			s.line("sales", three)
			one.hangup()
			a.ended()
			a = s.phone("1001").rings()
			a.answer()
			s.talk(three, a)
			three.hangup()
			s.rest("1001")
		},
	},
	{
		// The longest wait does not hold up a queue that somebody else serves.
		name: "lines/queues-do-not-block", agents: 1,
		play: func(s *stage) {
			sales := s.waiting("13800000001", salesNumber)
			s.line("sales", sales)
			support := s.waiting("13800000002", supportLine)
			s.line("support", support)
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(sales, a)
			sales.hangup()
			support.hangup()
			s.rest("1001")
		},
	},
}
