package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// ring lets phones ring so long in every queue.
func ring(d time.Duration) func(*api.Document) {
	return func(doc *api.Document) {
		for i := range doc.ACD.Queues {
			doc.ACD.Queues[i].Ring = d
		}
	}
}

// offers is how a call comes to an agent, or does not.
var offers = []scenario{
	{
		// Three rings, a second more, and the next agent is rung. Who let it
		// ring takes no calls, is shown as such, and has a way back.
		name: "offers/three-rings", rows: []string{"C18", "RUL-ANS-1"}, agents: 2, centre: ring(2 * time.Second),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			first := s.phone("1001").rings()
			s.ready("1002")
			if bye := first.ended(); bye.Here || bye.Elsewhere {
				s.t.Errorf("the phone that nobody answered was told %+v", bye)
			}
			s.agent("1001", routing.NotReadyIn, routing.PauseRONA)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.told(c, "queue.offered 1001", "queue.missed 1001 no-answer", "queue.offered 1002", "queue.connected 1002")
			c.hangup()
			s.rest("1002")
			s.pause("1002", routing.PauseMeal)
			s.do("POST", "/agents/1001/ready", nil)
			s.agent("1001", routing.ReadyState)
			c = s.caller("13800000002", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// A refusal is no missed call: the agent stays READY, is not offered
		// the same call again while others are there, and is offered others.
		name: "offers/refused", rows: []string{"C19b"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			first := s.phone("1001").rings()
			first.hangup()
			s.told(c, "queue.missed 1001 rejected")
			s.agent("1001", routing.ReadyState)
			s.keeps("1001", routing.ReadyState, 2*time.Second) // the same call is not offered to it again
			other := s.caller("13800000002", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(other, a)
			s.line("sales", c)
			s.ready("1002")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			c.hangup()
			other.hangup()
			s.rest("1001", "1002")
		},
	},
	{
		// The caller leaves while a phone rings: it stops, nobody has missed
		// anything.
		name: "offers/caller-leaves", rows: []string{"C9"},
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", salesNumber)
			a := s.phone("1001").rings()
			c.hangup()
			if bye := a.ended(); bye.Here {
				s.t.Errorf("the phone was told %+v", bye)
			}
			s.rest("1001")
			s.ending(c, fact.FaultCaller, fact.ReasonAbandoned)
		},
	},
	{
		// Nobody is there, the caller leaves, then somebody signs in: no ghost
		// rings.
		name: "offers/no-ghost", rows: []string{"C10"},
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			c.hangup()
			s.ending(c, fact.FaultCaller, fact.ReasonAbandoned)
			s.ready("1001")
			s.keeps("1001", routing.ReadyState, 3*time.Second)
		},
	},
	{
		// A phone that fails at once is not tried in a loop.
		name: "offers/back-off", rows: []string{"C16"},
		play: func(s *stage) {
			s.ready("1001")
			s.phone("1001").behave(mediatest.Busy, 0)
			c := s.waiting("13800000001", salesNumber)
			s.told(c, "queue.offered 1001", "queue.missed 1001 busy")
			s.pass(3 * time.Second)
			c.hangup()
			r := s.ending(c, fact.FaultCaller, fact.ReasonAbandoned)
			if r.Offers > 2 {
				s.t.Errorf("%d offers to a busy phone in 3 s", r.Offers)
			}
			s.rest()
		},
	},
	{
		// Phones register anew, in the worst moment too. That costs the agent
		// nothing but the moment.
		name: "offers/registers-anew", rows: []string{"C19"},
		play: func(s *stage) {
			s.ready("1001")
			s.phone("1001").register(false)
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.ReadyState, 2*time.Second)
			s.phone("1001").register(true)
			a := s.phone("1001").rings()
			s.phone("1001").register(false)
			s.phone("1001").register(true)
			a.answer()
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			s.phone("1001").register(false)
			c.hangup()
			s.phone("1001").register(true)
			s.rest("1001")
			s.told(c, "queue.offered 1001", "queue.connected 1001")
		},
	},
	{
		// A phone that is gone gets no offers; it gets them once it is back.
		name: "offers/unreachable", rows: []string{"C17"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001", "1002")
			s.phone("1001").register(false)
			s.agent("1001", routing.NotReadyIn, routing.PauseEndpoint)
			c := s.caller("13800000001", salesNumber)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.phone("1001").register(true)
			s.agent("1001", routing.ReadyState)
			other := s.caller("13800000002", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(other, a)
			c.hangup()
			other.hangup()
			s.rest("1001", "1002")
		},
	},
}
