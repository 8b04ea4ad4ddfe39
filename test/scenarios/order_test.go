package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// enters changes how the flow of a number puts its callers into line.
func enters(id fact.FlowID, change func(*flow.EnqueueNode)) func(*api.Document) {
	return func(d *api.Document) {
		for _, f := range d.Flows {
			if f.ID != id {
				continue
			}
			for i := range f.Nodes {
				if f.Nodes[i].Enqueue != nil {
					change(f.Nodes[i].Enqueue)
				}
			}
		}
	}
}

// next has an agent serve a caller who waits, and end the talk.
func (s *stage) next(agent string, c *party) {
	s.t.Helper()
	a := s.phone(agent).rings()
	s.ringsFor(c)
	a.answer()
	s.talk(c, a)
	c.hangup()
	a.ended()
}

// ringsFor holds that it is for this caller that a phone rings.
func (s *stage) ringsFor(c *party) {
	s.t.Helper()
	s.reaches(c, center.CallRinging)
}

// order is who is served before whom.
var order = []scenario{
	{
		// Who has waited longest goes first, in whichever of the agent's queues.
		name: "order/across-queues", rows: []string{"C6"},
		play: func(s *stage) {
			one := s.waiting("13800000001", supportLine)
			s.pass(200 * time.Millisecond)
			two := s.waiting("13800000002", salesNumber)
			s.pass(200 * time.Millisecond)
			three := s.waiting("13800000003", supportLine)
			s.ready("1001")
			s.next("1001", one)
			s.next("1001", two)
			s.next("1001", three)
			s.rest("1001")
		},
	},
	{
		// A point of priority counts as a minute of waiting.
		name: "order/priority", centre: enters("support", func(n *flow.EnqueueNode) { n.Priority = 3 }),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", supportLine)
			s.ready("1001")
			s.next("1001", two)
			s.next("1001", one)
			s.rest("1001")
		},
	},
	{
		// At the head of the line stands somebody whom nobody there can serve:
		// the others are served all the same.
		name: "order/head-that-nobody-serves", rows: []string{"C4"},
		centre: also(known("english"), enters("support", func(n *flow.EnqueueNode) { n.Priority, n.Needs, n.Queue = 50, "english>=50", "sales" })),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			head := s.waiting("13800000002", supportLine)
			s.line("sales", head, one)
			s.ready("1001")
			s.next("1001", one)
			s.line("sales", head)
			s.leave(head)
		},
	},
	{
		// An agent whom a queue cannot use is free for the others.
		name: "order/no-block", rows: []string{"C5"}, agents: 2,
		centre: also(known("english"), queue("support", func(q *routing.Queue) { q.Needs = "english>=50" }),
			skilled("1002", routing.Skill{ID: "english", Level: 60})),
		play: func(s *stage) {
			english := s.waiting("13800000001", supportLine)
			one := s.waiting("13800000002", salesNumber)
			s.ready("1001")
			s.next("1001", one)
			s.line("support", english)
			s.ready("1002")
			s.next("1002", english)
			s.rest("1001", "1002")
		},
	},
	{
		// A rule is kept however the call comes to it: nobody is rung whom it
		// excludes, not even when nobody else is there.
		name: "order/excluded-is-not-rung", rows: []string{"C6e"},
		centre: also(known("english"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=50" }),
			skilled("1001", routing.Skill{ID: "english", Level: 49})),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.ReadyState, 3*time.Second)
			s.leave(c)
			if r := s.record(c); r.Offers != 0 {
				s.t.Errorf("%d offers", r.Offers)
			}
		},
	},
}

// leave has who still waits leave, and waits until all is over.
func (s *stage) leave(waiting ...*party) {
	s.t.Helper()
	for _, p := range waiting {
		p.hangup()
	}
	s.rest()
}
