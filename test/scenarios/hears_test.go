package scenarios

import (
	"net/url"
	"strconv"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
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

// announces lets callers of sales hear something in line, soon and often.
func announces(a flow.Announce) func(*api.Document) {
	a.First, a.Every = time.Second, flow.MinEvery
	return enters("sales", func(n *flow.EnqueueNode) { n.Announce = &a })
}

var comfort = []flow.Prompt{{File: "thanks"}}

// queueTold is what a caller was told in line.
func (s *stage) queueTold(p *party) (all []fact.Event) {
	s.t.Helper()
	s.known(p)
	var d api.CallDetail
	s.get("/calls/"+url.PathEscape(string(s.seen[p.name])), &d)
	for _, e := range d.Events {
		if e.Kind == fact.QueueTold {
			all = append(all, e.Event)
		}
	}
	return all
}

func (s *stage) positions(p *party) (all []int) {
	s.t.Helper()
	for _, e := range s.queueTold(p) {
		all = append(all, e.Position)
	}
	return all
}

func (s *stage) waits(p *party) (all []int64) {
	s.t.Helper()
	for _, e := range s.queueTold(p) {
		all = append(all, e.High)
	}
	return all
}

// closes lets sales close by its hours within a minute and a half.
func closes(d *api.Document) {
	at := time.Now().UTC().Add(90 * time.Second).Truncate(time.Minute)
	d.Hours = append(d.Hours, calendar.Hours{ID: "office", Zone: "UTC",
		Week: []string{"daily " + at.Add(-2*time.Hour).Format("15:04") + "-" + at.Format("15:04")}})
	queue("sales", func(q *routing.Queue) { q.Hours = "office" })(d)
}

// swap has the two keys of the hotline's menu lead where the other did, in a new
// version of the document.
func (s *stage) swap() {
	s.t.Helper()
	var d struct {
		Flows []map[string]any `json:"flows"`
	}
	var whole map[string]any
	s.get("/centre?format=json", &whole)
	s.get("/centre?format=json", &d)
	menu := d.Flows[0]["nodes"].([]any)[1].(map[string]any)["menu"].(map[string]any)
	one, two := menu["keys"].([]any)[0].(map[string]any), menu["keys"].([]any)[1].(map[string]any)
	one["next"], two["next"] = two["next"], one["next"]
	whole["flows"] = d.Flows
	s.do("PUT", "/centre", whole)
}

// hears is what callers hear in line and what their keys do there.
var hears = []scenario{
	{
		// A change of a flow is for calls that come after it, and so is the way
		// back: who is at the menu goes on in the version that the call began
		// with.
		name: "hears/flow-versions",
		play: func(s *stage) {
			first := s.caller("13800000001", hotline)
			first.hears(prompt)
			s.reaches(first, center.CallInFlow)
			s.swap()
			second := s.caller("13800000002", hotline)
			second.hears(prompt)
			s.reaches(second, center.CallInFlow)
			s.do("POST", "/flows/hotline/rollback", nil)
			third := s.caller("13800000003", hotline)
			third.hears(prompt)
			s.reaches(third, center.CallInFlow)
			s.pass(300 * time.Millisecond)
			for _, c := range []*party{first, second, third} {
				c.press("1")
			}
			s.line("support", second)
			s.within(patience, func() string { return "the two of the old version are not in the line of sales" }, func() bool {
				return len(s.queueNow("sales").Waiting) == 2
			})
			var history api.FlowHistory
			s.get("/flows/hotline/versions", &history)
			if len(history.Versions) != 3 {
				s.t.Errorf("the flow has %d versions, want 3", len(history.Versions))
			}
			s.leave(first, second, third)
		},
	},
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
	{
		// Everybody in line is told, and who talks talks on. Who calls later
		// is told at once.
		name: "lines/closes-with-callers", centre: also(closes, tells("closed"), branches(flow.Branch{On: flow.OutcomeClosed, Next: "closed"})),
		play: func(s *stage) {
			talks := s.waiting("13800000001", salesNumber)
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(talks, a)
			one := s.waiting("13800000002", salesNumber)
			two := s.waiting("13800000003", salesNumber)
			s.line("sales", one, two)
			s.within(2*time.Minute, func() string { return "sales does not close" }, func() bool {
				return s.queueNow("sales").Mode == routing.ModeClosed
			})
			for _, p := range []*party{one, two} {
				p.ended()
				s.ending(p, fact.FaultNone, fact.ReasonFlowEnded)
				s.told(p, "queue.joined sales", "queue.left sales closed", "flow.node sales/closed", "call.ended")
			}
			s.talk(talks, a)
			late := s.caller("13800000004", salesNumber)
			late.turnedAway()
			s.mode("sales", routing.ModeOpen) // an operator opens it for today
			s.waiting("13800000005", salesNumber).hangup()
			talks.hangup()
			s.rest("1001")
		},
	},
	{
		// The key is heard in the middle of the announcement, which stops.
		name: "hears/leave-by-key-in-any-prompt", rows: []string{"C6b"},
		centre: also(tells("message"), leaves(flow.Choice{Key: "1", Next: "message"}), announces(flow.Announce{Comfort: comfort})),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			c.hears(music)
			s.pass(time.Second)
			c.hears(prompt)
			c.press("5")
			s.settle()
			s.line("sales", c)
			c.press("1")
			s.line("sales")
			c.hears(prompt)
			c.ended()
			s.told(c, "queue.joined sales", "queue.left sales", "call.ended")
		},
	},
	{
		// Music goes on after it, and a talk does not wait for its end.
		name: "hears/position", centre: announces(flow.Announce{Position: true, Comfort: comfort}),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			s.pass(time.Second)
			c.hears(prompt)
			c.hears(music)
			s.pass(13 * time.Second)
			s.told(c, "queue.told sales", "queue.told sales")
			s.ready("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.pass(12 * time.Second)
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// Who is ranked before takes the place: the second is not told to be
		// the third.
		name: "hears/position-never-worse", rows: []string{"C6d"}, centre: announces(flow.Announce{Position: true, Comfort: comfort}),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			three := s.waiting("13800000003", salesNumber)
			s.pass(3 * time.Second)
			s.steer(three, "rank", "priority", 9)
			s.line("sales", three, one, two)
			s.pass(30 * time.Second)
			for _, p := range []*party{one, two, three} {
				last := 99
				for _, e := range s.positions(p) {
					if e > last {
						s.t.Errorf("%s was told place %d after place %d", p.name, e, last)
					}
					last = e
				}
				if last == 99 {
					s.t.Errorf("%s was told no place", p.name)
				}
			}
			if got := s.positions(three); got[len(got)-1] != 1 {
				s.t.Errorf("the first was told %v", got)
			}
		},
	},
	{
		// The wait is told by the place: who stands behind is told a longer
		// one, and nothing while the pace is not known.
		name: "hears/wait", rows: []string{"C1"}, centre: announces(flow.Announce{Wait: true, Comfort: comfort}),
		play: func(s *stage) {
			first := s.waiting("13800000099", salesNumber)
			s.pass(3 * time.Second)
			if got := s.waits(first); len(got) > 0 {
				s.t.Errorf("told %v of a queue that has never made an offer", got)
			}
			var line []*party
			for i := range 16 {
				line = append(line, s.waiting("138000001"+strconv.Itoa(10+i), salesNumber))
			}
			s.ready("1001")
			s.next("1001", first)
			for _, c := range line[:12] {
				s.next("1001", c)
			}
			s.phone("1001").rings().answer()
			s.pass(22 * time.Second)
			near, far := s.waits(line[13]), s.waits(line[15])
			if len(near) == 0 || len(far) == 0 {
				s.t.Fatalf("told %v and %v", near, far)
			}
			if near[0] >= far[0] {
				s.t.Errorf("the next is told at most %d ms, the last at most %d ms", near[0], far[0])
			}
		},
	},
}
