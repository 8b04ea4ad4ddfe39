package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// english is how well an agent speaks it.
func english(level int) routing.Skill { return routing.Skill{ID: "english", Level: level} }

// asked has callers of sales type something that the flow keeps in a variable
// before they come into line.
func asked(variable string, change func(*flow.EnqueueNode)) func(*api.Document) {
	return also(enters("sales", change), func(d *api.Document) {
		for _, f := range d.Flows {
			if f.ID == "sales" {
				f.Nodes = append([]flow.Node{{ID: "ask", Gather: &flow.GatherNode{
					Ask:      flow.Ask{Prompts: []flow.Prompt{{File: "ask"}}, Timeout: 20 * time.Second, Else: "end"},
					Variable: variable, Max: 8, Next: "sales",
				}}}, f.Nodes...)
			}
		}
	})
}

// types is a caller of sales who types what the flow asks for.
func (s *stage) types(from, keys string) *party {
	s.t.Helper()
	c := s.caller(from, salesNumber)
	c.hears(prompt)
	c.press(keys)
	return c
}

// skilful is who may take a call by what they can do, and whom callers want.
var skilful = []scenario{
	{
		// Only who can do what is asked for, however long others are idle.
		name: "skills/required", agents: 3,
		centre: also(known("english", "cable"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=50 AND NOT cable" }),
			skilled("1001", english(49)), skilled("1002", english(80), routing.Skill{ID: "cable", Level: 1}), skilled("1003", english(50))),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			c, a := s.serves("13800000001", "1003")
			waits := s.waiting("13800000002", salesNumber)
			s.keeps("1001", routing.ReadyState, time.Second)
			s.agent("1002", routing.ReadyState)
			waits.hangup()
			s.over(c, a)
			s.rest("1001", "1002", "1003")
		},
	},
	{
		// A preferred skill ranks and excludes nobody.
		name: "skills/preferred", agents: 2,
		centre: also(known("english"), queue("sales", func(q *routing.Queue) { q.Prefers = []routing.Preference{{Skill: "english"}} }),
			skilled("1002", english(10))),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(100 * time.Millisecond)
			s.ready("1002")
			one, b := s.serves("13800000001", "1002")
			two, a := s.serves("13800000002", "1001")
			s.over(two, a)
			s.over(one, b)
		},
	},
	{
		// The longer a caller waits, the less is asked for, step by step.
		name: "skills/relaxed-in-steps", agents: 2,
		centre: also(known("english"), queue("sales", func(q *routing.Queue) {
			q.Needs = "english>=80"
			q.Relax = []routing.Relaxation{{After: time.Second, Needs: "english>=40"}, {After: 3 * time.Second}}
		}), skilled("1001", english(50))),
		play: func(s *stage) {
			s.ready("1001", "1002")
			began := time.Now()
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			a := s.phone("1001").rings()
			if waited := time.Since(began); waited < 900*time.Millisecond || waited > 2500*time.Millisecond {
				s.t.Errorf("who has some English is rung after %v, want 1 s", waited)
			}
			s.ringsFor(one)
			s.agent("1002", routing.ReadyState)
			a.answer()
			s.talk(one, a)
			b := s.phone("1002").rings()
			if waited := time.Since(began); waited < 2900*time.Millisecond || waited > 5*time.Second {
				s.t.Errorf("who has none is rung after %v, want 3 s", waited)
			}
			b.answer()
			s.talk(two, b)
			s.told(two, "queue.relaxed", "queue.relaxed", "queue.connected 1002")
			s.over(two, b)
			s.over(one, a)
		},
	},
	{
		// An agent learns: who waits for it is offered at once.
		name:   "skills/changed-live",
		centre: also(known("english"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=50" })),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.ReadyState, 500*time.Millisecond)
			s.do("PUT", "/agents/1001/skills", with("skills", []routing.Skill{english(60)}))
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.do("PUT", "/agents/1001/skills", with("skills", []routing.Skill{}))
			s.over(c, a)
			c = s.waiting("13800000002", salesNumber)
			s.keeps("1001", routing.ReadyState, 500*time.Millisecond)
			s.refused("invalid", "PUT", "/agents/1001/skills", with("skills", []routing.Skill{{ID: "chess", Level: 9}}))
			s.leave(c)
		},
	},
	{
		// What a queue credits for having waited puts a caller before others.
		name: "order/ageing",
		centre: queue("support", func(q *routing.Queue) {
			q.Ageing = []routing.Ageing{{After: time.Second, Worth: 10 * time.Minute}}
		}),
		play: func(s *stage) {
			first := s.waiting("13800000001", salesNumber)
			aged := s.waiting("13800000002", supportLine)
			s.pass(1500 * time.Millisecond)
			s.ready("1001")
			s.next("1001", aged)
			s.next("1001", first)
			s.rest("1001")
		},
	},
	{
		// A caller of rank counts as one who has waited for longer.
		name: "order/vip",
		centre: also(asked("rank", func(n *flow.EnqueueNode) { n.Level = "rank" }), func(d *api.Document) {
			d.ACD.Order.Levels = []routing.Level{{ID: "7", Worth: 10 * time.Minute}}
		}),
		play: func(s *stage) {
			first := s.types("13800000001", "1#")
			s.line("sales", first)
			vip := s.types("13800000002", "7#")
			s.line("sales", vip, first)
			s.ready("1001")
			s.next("1001", vip)
			s.next("1001", first)
			s.rest("1001")
		},
	},
	{
		// Whom the caller had before is asked first, though others are idle for
		// longer; while that one talks the caller waits a little, and then is
		// anybody's.
		name: "order/preferred-agent", agents: 2,
		centre: also(asked("before", func(n *flow.EnqueueNode) { n.Prefer = "before" }),
			queue("sales", func(q *routing.Queue) { q.PreferHold = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(100 * time.Millisecond)
			s.ready("1002")
			one := s.types("13800000001", "1002#")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(one, b)
			two := s.types("13800000002", "1002#")
			s.line("sales", two)
			began := time.Now()
			s.keeps("1001", routing.ReadyState, time.Second)
			a := s.phone("1001").rings()
			if waited := time.Since(began); waited > 4*time.Second {
				s.t.Errorf("after %v another agent is asked, want 2 s", waited)
			}
			a.answer()
			s.talk(two, a)
			one.hangup()
			two.hangup()
			s.rest("1001", "1002")
		},
	},
	{
		// Who becomes free within that time has the caller who waits for them.
		name: "order/wanted-agent-becomes-free", agents: 2,
		centre: also(asked("before", func(n *flow.EnqueueNode) { n.Prefer = "before" }),
			queue("sales", func(q *routing.Queue) { q.PreferHold = 20 * time.Second; q.WrapUp = 0 })),
		play: func(s *stage) {
			s.ready("1002")
			one := s.types("13800000001", "1002#")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(one, b)
			s.ready("1001")
			two := s.types("13800000002", "1002#")
			s.line("sales", two)
			s.keeps("1001", routing.ReadyState, 500*time.Millisecond)
			one.hangup()
			b.ended()
			b = s.phone("1002").rings()
			b.answer()
			s.talk(two, b)
			s.agent("1001", routing.ReadyState)
			two.hangup()
			s.rest("1001", "1002")
		},
	},
	{
		// A named agent is not routed to where the queue does not allow it: the
		// flow goes on another way (ACD-7).
		name: "order/named-refused", rows: []string{"ACD-7"},
		centre: asked("who", func(n *flow.EnqueueNode) { n.Prefer, n.Named = "who", true }),
		play: func(s *stage) {
			s.ready("1001")
			c := s.types("13800000001", "1001#")
			c.hears(prompt) // goodbye
			c.ended()
			s.keeps("1001", routing.ReadyState, time.Second)
			if r := s.record(c); r.Offers != 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		name: "order/named-allowed", rows: []string{"ACD-7"}, agents: 2,
		centre: also(asked("who", func(n *flow.EnqueueNode) { n.Prefer, n.Named = "who", true }),
			queue("sales", func(q *routing.Queue) { q.Named = true })),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(100 * time.Millisecond)
			s.ready("1002")
			c := s.types("13800000001", "1002#")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			c.hangup()
			s.rest("1001", "1002")
		},
	},
}
