package scenarios

import (
	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// asks adds a menu of its own to the flow of sales: one leads back to the line.
func asks(id string) func(*api.Document) {
	return func(d *api.Document) {
		for _, f := range d.Flows {
			if f.ID == "sales" {
				f.Nodes = append(f.Nodes, flow.Node{ID: id, Menu: &flow.MenuNode{
					Ask:  flow.Ask{Prompts: []flow.Prompt{{File: id}}, Else: "end"},
					Keys: []flow.Choice{{Key: "1", Next: "sales"}},
				}})
			}
		}
	}
}

// leaves lets keys of callers in line lead somewhere.
func leaves(keys ...flow.Choice) func(*api.Document) {
	return enters("sales", func(n *flow.EnqueueNode) { n.Keys = keys })
}

// hears is what callers hear in line and what their keys do there.
var hears = []scenario{
	{
		name: "hears/leave-by-key", centre: also(tells("message"), leaves(flow.Choice{Key: "1", Next: "message"})),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			other := s.waiting("13800000002", salesNumber)
			c.hears(music)
			c.press("5")
			s.settle()
			s.line("sales", c, other)
			c.press("1")
			c.hears(prompt)
			s.line("sales", other)
			c.ended()
			s.told(c, "queue.joined sales", "queue.left sales", "call.ended")
			s.ending(c, fact.FaultNone, fact.ReasonFlowEnded)
		},
	},
	{
		// The agent's phone stops, nobody is left with a ghost.
		name: "hears/leave-by-key-while-it-rings", centre: also(tells("message"), leaves(flow.Choice{Key: "1", Next: "message"})),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			a := s.phone("1001").rings()
			c.press("1")
			a.ended()
			c.hears(prompt)
			c.ended()
			s.rest("1001")
		},
	},
	{
		// Who listens to an offer and comes back stands where the time waited
		// says, not at the end.
		name: "hears/a-detour-keeps-the-place", rows: []string{"C6c"},
		centre: also(asks("message"), leaves(flow.Choice{Key: "1", Next: "message"})),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			s.line("sales", one, two)
			one.press("1")
			one.hears(prompt)
			s.line("sales", two)
			three := s.waiting("13800000003", salesNumber)
			one.press("1")
			s.line("sales", one, two, three)
			s.ready("1001")
			s.next("1001", one)
		},
	},
}
