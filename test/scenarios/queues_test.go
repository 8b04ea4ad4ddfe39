package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// branches says where callers of sales go on by why the line did not keep them.
func branches(all ...flow.Branch) func(*api.Document) {
	return enters("sales", func(n *flow.EnqueueNode) { n.Branches = all })
}

// tells adds a prompt of its own at the end of the flow of sales, by which a
// caller is seen to have gone that way.
func tells(id string) func(*api.Document) {
	return func(d *api.Document) {
		for _, f := range d.Flows {
			if f.ID == "sales" {
				f.Nodes = append(f.Nodes, flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: id}}, Next: "end"}})
			}
		}
	}
}

// mode opens, pauses, drains or closes a queue.
func (s *stage) mode(queue string, mode routing.Mode) {
	s.t.Helper()
	s.do("POST", "/queues/"+queue+"/mode", with("mode", mode))
}

// turnedAway is a caller whom the line did not keep: the goodbye is heard, and
// the call is over.
func (p *party) turnedAway() {
	p.s.t.Helper()
	p.hears(prompt)
	p.ended()
}

// queues is what a queue takes, keeps and gives away.
var queues = []scenario{
	{
		// Who is ranked anew moves at once, and keeps the time waited.
		name: "order/ranked-live", rows: []string{"C6"},
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			three := s.waiting("13800000003", salesNumber)
			s.line("sales", one, two, three)
			s.steer(three, "rank", "priority", 5)
			s.line("sales", three, one, two)
			s.steer(three, "rank", "priority", 0)
			s.line("sales", one, two, three)
			s.steer(two, "rank", "priority", 100)
			s.ready("1001")
			s.next("1001", two)
			s.next("1001", one)
			s.next("1001", three)
			s.told(two, "queue.joined", "queue.ranked", "queue.connected")
			s.rest("1001")
		},
	},
	{
		// Into another line with the time waited so far.
		name: "lines/moved",
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.pass(200 * time.Millisecond)
			two := s.waiting("13800000002", supportLine)
			s.steer(one, "move", "queue", "support")
			s.line("sales")
			s.line("support", one, two)
			one.hears(music)
			s.refused("not-found", "POST", "/calls/"+s.known(two)+"/move", with("queue", "nowhere"))
			s.ready("1001")
			s.next("1001", one)
			s.next("1001", two)
			s.told(one, "queue.moved", "queue.connected support 1001")
			s.rest("1001")
		},
	},
	{
		// Out of line, and on in the flow.
		name: "lines/kicked",
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			s.steer(one, "kick")
			one.turnedAway()
			s.line("sales", two)
			s.leave(two)
			s.told(one, "queue.joined", "queue.left", "call.ended")
		},
	},
	{
		// Full is full: one more goes on in the flow, and is let in once there
		// is room.
		name: "lines/full", rows: []string{"ACD-12"},
		centre: queue("sales", func(q *routing.Queue) { q.MaxWaiting = 2 }),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			s.caller("13800000003", salesNumber).turnedAway()
			s.line("sales", one, two)
			one.hangup()
			s.line("sales", two)
			four := s.waiting("13800000004", salesNumber)
			s.line("sales", two, four)
			two.hangup()
			s.leave(four)
		},
	},
	{
		// Nobody waits for longer than the queue allows; a phone that rings is
		// not taken away for it.
		name: "lines/timeout", rows: []string{"ACD-12"},
		centre: queue("sales", func(q *routing.Queue) { q.MaxWait = 2 * time.Second }),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			began := time.Now()
			c.hears(music)
			c.turnedAway()
			if waited := time.Since(began); waited < 2*time.Second || waited > 6*time.Second {
				s.t.Errorf("turned away after %v, want 2 s and the goodbye", waited)
			}
			s.told(c, "queue.left timeout", "call.ended")
			s.rest()
		},
	},
	{
		// No staff, no line: who comes is turned away, who waits is after a
		// while, and who comes when somebody has signed in is let in.
		name: "lines/unstaffed", rows: []string{"ACD-12"},
		centre: queue("sales", func(q *routing.Queue) {
			q.JoinIf, q.StayIf, q.Grace = routing.StaffOn, routing.StaffOn, 2*time.Second
		}),
		play: func(s *stage) {
			s.caller("13800000001", salesNumber).turnedAway()
			s.ready("1001")
			s.pause("1001", routing.PauseMeal)
			c := s.waiting("13800000002", salesNumber)
			s.pass(2500 * time.Millisecond)
			s.line("sales", c)
			s.do("POST", "/agents/1001/sign-out", nil)
			c.turnedAway()
			s.told(c, "queue.joined", "queue.left unstaffed")
			s.rest()
		},
	},
	{
		// What a queue does not keep another one takes, and the other one's
		// own rule after it; the time waited counts on.
		name: "lines/overflow-chain", rows: []string{"ACD-13"},
		centre: also(
			queue("sales", func(q *routing.Queue) {
				q.MaxWait, q.Overflow = time.Second, []routing.Overflow{{On: routing.ExitTimeout, Queue: "support"}}
			}),
			queue("support", func(q *routing.Queue) {
				q.MaxWaiting, q.Overflow = 1, []routing.Overflow{{On: routing.ExitFull, Queue: "last"}}
			}),
			func(d *api.Document) {
				d.ACD.Queues = append(d.ACD.Queues, routing.Queue{ID: "last"})
				d.ACD.Agents[0].Queues = []fact.QueueID{"last"}
			}),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.line("support", one)
			two := s.waiting("13800000002", salesNumber)
			s.line("last", two)
			s.line("support", one)
			two.hears(music)
			s.ready("1001")
			s.next("1001", two)
			s.told(two, "queue.joined sales", "queue.moved", "queue.connected last 1001")
			one.hangup()
			s.rest("1001")
		},
	},
	{
		// By why it was not kept a caller goes on in the flow.
		name: "lines/branches",
		centre: also(tells("full"), branches(flow.Branch{On: flow.OutcomeFull, Next: "full"}),
			queue("sales", func(q *routing.Queue) { q.MaxWaiting = 1 })),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.caller("13800000002", salesNumber)
			two.turnedAway()
			s.told(two, "flow.node sales/full")
			s.leave(one)
		},
	},
	{
		// Paused: callers wait, nobody is offered one, until it is open again.
		name: "queue/pause",
		play: func(s *stage) {
			s.ready("1001")
			s.mode("sales", routing.ModePaused)
			one := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.ReadyState, time.Second)
			s.line("sales", one)
			one.hears(music)
			s.mode("sales", routing.ModeOpen)
			s.next("1001", one)
			s.rest("1001")
		},
	},
	{
		// Drained: those in line are served, nobody else is let in.
		name: "queue/drain",
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.mode("sales", routing.ModeDraining)
			s.caller("13800000002", salesNumber).turnedAway()
			s.line("sales", one)
			s.ready("1001")
			s.next("1001", one)
			s.rest("1001")
			s.mode("sales", routing.ModeOpen)
			three := s.caller("13800000003", salesNumber)
			s.next("1001", three)
			s.rest("1001")
		},
	},
	{
		// Closed with people in it: all are told and none is left; a talk goes
		// on.
		name: "queue/close-with-callers", agents: 1,
		play: func(s *stage) {
			s.ready("1001")
			talks, a := s.serves("13800000001", "1001")
			one := s.waiting("13800000002", salesNumber)
			two := s.waiting("13800000003", salesNumber)
			s.line("sales", one, two)
			s.mode("sales", routing.ModeClosed)
			one.hears(prompt)
			two.hears(prompt)
			one.ended()
			two.ended()
			s.line("sales")
			s.caller("13800000004", salesNumber).turnedAway()
			s.told(one, "queue.left closed", "call.ended")
			s.talk(talks, a)
			s.reaches(talks, center.CallTalking)
			s.over(talks, a)
			s.mode("sales", routing.ModeOpen)
			s.over(s.serves("13800000005", "1001"))
		},
	},
	{
		// A mode lasts over huawu's death.
		name: "queue/mode-is-kept",
		play: func(s *stage) {
			s.mode("sales", routing.ModeDraining)
			s.house.restart(func() {})
			s.caller("13800000001", salesNumber).turnedAway()
			if q := s.queueNow("sales"); q.Mode != routing.ModeDraining {
				s.t.Errorf("queue %+v", q)
			}
			s.rest()
		},
	},
}
