package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// waysOut has callers in the line of sales press 1 to be called back and 2 to
// leave a message, and who is not let in, or not kept, choose of the same.
func waysOut(more ...flow.Node) func(*api.Document) {
	none := 0
	play := func(id, next string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: id}}, Next: next}}
	}
	owed := func(next string) flow.Owed {
		return flow.Owed{Queue: "sales", Reason: "asked", Next: next, Failed: "sorry"}
	}
	nodes := append([]flow.Node{
		{ID: "callback", Callback: &flow.CallbackNode{Owed: owed("promised"), Invalid: "sorry"}},
		{ID: "message", Message: &flow.MessageNode{Owed: owed("sales"), Prompts: []flow.Prompt{{File: "speak"}},
			Briefly: 500 * time.Millisecond, Quiet: 2 * time.Second, Longest: 30 * time.Second, Retries: &none, Short: "sales"}},
		{ID: "offer", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: []flow.Prompt{{File: "offer"}}, Timeout: 20 * time.Second, Else: "goodbye"},
			Keys: []flow.Choice{{Key: "1", Next: "callback"}, {Key: "2", Next: "last"}}}},
		{ID: "last", Message: &flow.MessageNode{Owed: owed("promised"), Prompts: []flow.Prompt{{File: "speak"}},
			Briefly: 500 * time.Millisecond, Quiet: 2 * time.Second, Retries: &none, Short: "sorry"}},
		play("promised", "end"), play("sorry", "end"),
	}, more...)
	return also(func(d *api.Document) {
		for _, f := range d.Flows {
			if f.ID == "sales" {
				f.Nodes = append(f.Nodes, nodes...)
			}
		}
	}, enters("sales", func(n *flow.EnqueueNode) {
		n.Else = "offer"
		n.Keys = []flow.Choice{{Key: "1", Next: "callback"}, {Key: "2", Next: "message"}}
	}))
}

// owed waits for exactly so many calls that are owed to a number.
func (s *stage) owed(number string, many int) []callback.Callback {
	s.t.Helper()
	var all api.CallbackList
	s.within(patience, func() string { return "owed is what was not asked for, or less" }, func() bool {
		all = api.CallbackList{}
		s.get("/callbacks?state=open&number="+number, &all)
		return len(all.Callbacks) == many
	})
	return all.Callbacks
}

// speaks is a caller who has come to the beep at a node and says something.
func (s *stage) speaks(c *party, node string) {
	s.t.Helper()
	s.told(c, "flow.node sales/"+node, "record.started")
	c.far.Talk(true)
	s.pass(1500 * time.Millisecond)
}

// ways are the ways out of a line: to be called back, to leave a message.
var ways = []scenario{
	{
		// Nobody is reserved, nobody is even there: the wish is taken at once,
		// is in the store before it is promised, and keeps the place.
		name: "ways/callback-while-waiting", rows: []string{"C45", "ACD-13"}, centre: waysOut(),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			c.hears(music)
			s.pass(1200 * time.Millisecond)
			c.press("1")
			c.hears(prompt) // promised
			b := s.owed("13800000001", 1)[0]
			if b.Queue != "sales" || b.Source != callback.FromFlow || b.Reason != "asked" || b.Asked-b.Joined < 1000 || string(b.Call) != s.known(c) {
				s.t.Errorf("%+v", b)
			}
			c.ended()
			s.told(c, "queue.left key", "flow.node sales/callback", "callback.requested sales "+string(b.ID), "flow.node sales/promised")
			s.line("sales")
			s.do("POST", "/callbacks/"+string(b.ID)+"/done", with("note", "已回电"))
			s.refused("conflict", "POST", "/callbacks/"+string(b.ID)+"/cancel", nil)
			s.owed("13800000001", 0)
			s.told(c, "callback.requested", "callback.done "+string(b.ID))
			s.rest()
		},
	},
	{
		// While a phone rings for the caller, and after somebody has refused:
		// the phone falls silent, and the agent takes the next one.
		name: "ways/callback-while-ringing", rows: []string{"C45", "C10"}, centre: waysOut(), agents: 2,
		play: func(s *stage) {
			s.phone("1001").behave(mediatest.Rejects, 300*time.Millisecond)
			s.ready("1001")
			s.pass(200 * time.Millisecond)
			s.ready("1002")
			c := s.waiting("13800000001", salesNumber)
			s.phone("1001").rings()
			a := s.phone("1002").rings()
			c.press("1")
			a.ended()
			c.hears(prompt)
			c.ended()
			s.owed("13800000001", 1)
			s.agent("1002", routing.ReadyState)
			next, b := s.serves("13800000002", "1002")
			s.over(next, b)
		},
	},
	{
		// Who leaves a message and comes back has not lost the place.
		name: "ways/message-and-back", rows: []string{"C6c"}, centre: waysOut(),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.pass(300 * time.Millisecond)
			two := s.waiting("13800000002", salesNumber)
			s.line("sales", one, two)
			one.press("2")
			s.line("sales", two)
			s.speaks(one, "message")
			one.press("#")
			s.line("sales", one, two)
			b := s.owed("13800000001", 1)[0]
			if b.Source != callback.FromMessage || b.MessageFile == "" || b.MessageMs < 1000 {
				s.t.Errorf("%+v", b)
			}
			one.far.Talk(false)
			s.ready("1001")
			s.next("1001", one)
			s.next("1001", two)
			s.rest("1001")
			if r := s.record(one); len(r.Recordings) < 4 {
				s.t.Errorf("recordings %+v", r.Recordings)
			}
		},
	},
	{
		// A message ends when the caller falls silent, and is one also when
		// the caller just hangs up.
		name: "ways/message-ends-by-itself", rows: []string{"ACD-13"}, centre: waysOut(),
		play: func(s *stage) {
			silent := s.waiting("13800000001", salesNumber)
			silent.press("2")
			s.speaks(silent, "message")
			silent.far.Talk(false)
			s.owed("13800000001", 1)
			s.line("sales", silent)
			gone := s.waiting("13800000002", salesNumber)
			gone.press("2")
			s.speaks(gone, "message")
			gone.hangup()
			if b := s.owed("13800000002", 1)[0]; b.MessageFile == "" {
				s.t.Errorf("%+v", b)
			}
			s.leave(silent)
		},
	},
	{
		// Who was given to another line and leaves it by a key is in no line
		// any more: nobody's ghost is called for.
		name: "ways/leaves-after-a-transfer", rows: []string{"C10", "C45"},
		centre: also(waysOut(), queue("sales", func(q *routing.Queue) { q.WrapUp = 5 * time.Second }), func(d *api.Document) {
			d.Transfers.Blind = center.BlindQueue
		}),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "transfer", "to", with("queue", "support"))
			a.ended()
			s.line("support", c)
			c.press("1")
			c.hears(prompt)
			c.ended()
			s.owed("13800000001", 1)
			s.told(c, "queue.left support key", "flow.node sales/callback")
			if s.has(c, "transfer.failed support 1001 key") {
				s.t.Error("who has left is put in line again")
			}
			s.rest("1001")
		},
	},
	{
		// Nothing is said: no message, and the place is kept all the same.
		name: "ways/nothing-said", rows: []string{"C6c"}, centre: waysOut(),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.pass(300 * time.Millisecond)
			two := s.waiting("13800000002", salesNumber)
			one.press("2")
			s.line("sales", two)
			s.line("sales", one, two)
			s.owed("13800000001", 0)
			s.leave(one, two)
		},
	},
	{
		// By why the line does not take or keep them, callers are offered a
		// way out: full, too long, and closed with people in it.
		name: "ways/offered", rows: []string{"ACD-13", "ACD-12"},
		centre: also(waysOut(), queue("sales", func(q *routing.Queue) { q.MaxWaiting = 2 })),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000002", salesNumber)
			full := s.caller("13800000003", salesNumber)
			s.told(full, "queue.left full", "flow.node sales/offer")
			full.hears(prompt)
			full.press("2")
			s.speaks(full, "last")
			full.press("#")
			s.owed("13800000003", 1)
			full.ended()
			s.mode("sales", routing.ModeClosed)
			for _, c := range []*party{one, two} {
				s.told(c, "queue.left closed", "flow.node sales/offer")
				c.press("1")
				c.ended()
				s.owed(c.name, 1)
			}
			s.rest()
		},
	},
	{
		// Who asks for one agent is not put through: the agent has a callback.
		name: "ways/named-agent", rows: []string{"ACD-7"},
		centre: also(waysOut(
			flow.Node{ID: "whom", Gather: &flow.GatherNode{Ask: flow.Ask{Prompts: []flow.Prompt{{File: "whom"}}, Else: "sales"}, Variable: "wanted", Max: 4, Next: "asked"}},
			flow.Node{ID: "asked", Enqueue: &flow.EnqueueNode{Queue: "sales", Prefer: "wanted", Named: true, Next: "thanks", Else: "sorry",
				Branches: []flow.Branch{{On: flow.OutcomeNamed, Next: "for-agent"}}}},
			flow.Node{ID: "for-agent", Callback: &flow.CallbackNode{Owed: flow.Owed{Agent: "wanted", Reason: "named", Next: "promised", Failed: "sorry"}, Invalid: "sorry"}},
		), func(d *api.Document) {
			for _, f := range d.Flows {
				if f.ID == "sales" {
					f.Begin = "whom"
				}
			}
		}),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", salesNumber)
			c.hears(prompt)
			c.press("1001#")
			s.told(c, "queue.left named", "flow.node sales/for-agent", "callback.requested 1001", "flow.node sales/promised")
			c.ended()
			if b := s.owed("13800000001", 1)[0]; b.Agent != "1001" || b.Queue != "sales" || b.Reason != "named" {
				s.t.Errorf("%+v", b)
			}
			if r := s.record(c); r.Offers != 0 {
				s.t.Errorf("record %+v", r)
			}
			s.rest("1001")
		},
	},
	{
		// What a caller says while huawu is dead is a message all the same.
		name: "ways/message-outlives-a-crash", rows: []string{"ACD-13"}, centre: waysOut(),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			c.press("2")
			s.speaks(c, "message")
			s.settle()
			s.house.restart(func() {
				s.pass(700 * time.Millisecond)
				c.hangup()
				c.ended()
			})
			if b := s.owed("13800000001", 1)[0]; b.MessageFile == "" || b.Source != callback.FromMessage {
				s.t.Errorf("%+v", b)
			}
			s.rest()
			s.told(c, "callback.requested "+string(s.owed("13800000001", 1)[0].ID))
		},
	},
	{
		// A number that is withheld cannot be called: the caller hears so.
		name: "ways/withheld", rows: []string{"PBX-10"},
		centre: also(waysOut(), func(d *api.Document) { d.Country = "CN" }),
		play: func(s *stage) {
			c := s.caller("10000", salesNumber) // a service number: no whole one
			s.within(patience, func() string { return "not in line" }, func() bool {
				k := s.call(c)
				return k != nil && k.State == center.CallWaiting
			})
			c.press("1")
			s.told(c, "flow.node sales/callback", "flow.node sales/sorry")
			c.ended()
			s.owed("10000", 0)
		},
	},
}
