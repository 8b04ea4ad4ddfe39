package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// consults are talks whose agents ask somebody, and what comes of it.
var consults = []scenario{
	{
		// A trunk that cannot carry a consult is no end of it: the next one of
		// the route is tried, as when an agent dials.
		name: "consult/failover", rows: []string{"PBX-8"}, centre: also(free, twoCarriers),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			out := s.consults(c, a, "13900000009", "number", "13900000009")
			s.steer(c, "complete")
			a.ended()
			s.talk(c, out)
			var all api.Listed[api.TrunkConfig]
			s.get("/trunks", &all)
			if len(all.Live) != 2 || all.Live[0].Failed != 1 || all.Live[1].Live < 1 {
				s.t.Errorf("trunks: %+v", all.Live)
			}
			c.hangup()
			out.ended()
			s.rest("1001")
		},
	},
	{
		// Whatever the path on which a talk is given away and does not arrive,
		// the agent has the caller back and wraps up after the talk.
		name: "consult/every-return", rows: []string{"RUL-TRF-3", "C3"}, agents: 2,
		centre: also(rules(center.TransferRules{Blind: center.BlindAllow, Agents: true, Numbers: true, Timeout: 3 * time.Second}),
			queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			for _, verb := range []string{"consult", "transfer"} {
				failed := map[string]string{"consult": "consult.ended 1001", "transfer": "transfer.failed 1001"}[verb]
				s.phone("1002").behave(mediatest.RingsOn, time.Millisecond)
				s.steer(c, verb, "to", with("agent", "1002"))
				c.hears(music)
				s.phone("1002").rings().ended() // after 3 s
				s.told(c, failed+" no-answer")
				s.talk(c, a)
				s.phone("1002").behave(mediatest.Busy, 0)
				s.steer(c, verb, "to", with("agent", "1002"))
				s.told(c, failed+" no-answer", failed+" busy")
				s.talk(c, a)
				s.steer(c, verb, "to", with("number", "13900000008")) // there is no such phone
				s.told(c, failed+" no-answer", failed+" busy", failed)
				s.talk(c, a)
				s.agent("1001", routing.Talking)
			}
			c.hangup()
			a.ended()
			s.agent("1001", routing.WrapUpState)
			s.rest("1001", "1002")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCallerEnded); r.Transfers != 0 || r.Agent != "1001" {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// An agent asks a queue: whoever is free there is rung, and talks to who
		// asks while the caller hears music. The agent has the caller back, and
		// who was only asked does not wrap up.
		name: "consult/queue", rows: []string{"PBX-3"}, agents: 2, centre: apart,
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			c.hears(music)
			b := s.phone("1002").rings()
			a.hears(music)
			b.answer()
			s.talk(a, b)
			c.hears(music)
			s.agent("1002", routing.Talking)
			s.told(c, "consult.began 1001", "queue.joined support consult", "queue.connected support 1002 consult")
			s.pass(100 * time.Millisecond) // the record is to tell of it
			s.steer(c, "cancel-consult")
			b.ended()
			s.talk(c, a)
			s.agent("1002", routing.ReadyState)
			s.told(c, "consult.ended 1001")
			s.over(c, a)
			if r := s.record(c); r.Queue != "sales" || r.Agent != "1001" || r.Transfers != 0 || r.Consult == 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// The talk goes to who was asked, as of that queue: who gave it wraps up
		// at once, who took it after the talk, and nothing waits that nobody
		// waits by.
		name: "consult/queue-takes", rows: []string{"C3", "C20", "C29", "RUL-TRF-4"}, agents: 2,
		centre: also(apart, queue("support", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			b := s.phone("1002").rings()
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/complete", nil)
			b.answer()
			s.talk(a, b)
			s.settle()
			s.steer(c, "complete")
			a.ended()
			s.talk(c, b)
			s.agent("1001", routing.WrapUpState)
			s.agent("1002", routing.Talking)
			s.line("support")
			s.line("sales")
			s.told(c, "consult.began 1001", "consult.ended 1001 transferred", "transfer.done 1001 1002 attended")
			b.hangup()
			s.agent("1002", routing.WrapUpState)
			c.ended()
			s.rest("1001", "1002")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.Queue != "support" || r.Agent != "1002" || r.Transfers != 1 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Nobody of the queue comes: refused, then never there. The agent hears
		// music, is in the queue's line, and has the caller back at the limit;
		// a queue that takes nobody is told at once.
		name: "consult/queue-nobody", rows: []string{"RUL-TRF-3"}, agents: 2, centre: apart,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			a.hears(music)
			c.hears(music)
			var q center.QueueView
			s.within(patience, func() string { return "nobody is in line" }, func() bool {
				q = s.queueNow("support")
				return len(q.Waiting) == 1 && q.Waiting[0].Consult && q.Waiting[0].From == "1001"
			})
			s.told(c, "consult.ended 1001 no-answer") // after 3 s
			s.talk(c, a)
			s.line("support")
			s.phone("1002").behave(mediatest.Rejects, 0)
			s.ready("1002")
			s.steer(c, "consult", "to", with("queue", "support"))
			s.told(c, "queue.missed 1002", "consult.ended 1001 no-answer")
			s.talk(c, a)
			s.do("POST", "/queues/support/mode", with("mode", "closed"))
			s.settle()
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/consult", with("to", with("queue", "support")))
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			s.over(c, a)
		},
	},
	{
		// The caller leaves while the agent waits or talks: nobody is rung on,
		// nobody is left over.
		name: "consult/queue-caller-leaves", rows: []string{"C30"}, agents: 2, centre: apart,
		play: func(s *stage) {
			s.ready("1001", "1002")
			for i, number := range []string{"13800000001", "13800000002"} {
				c, a := s.serves(number, "1001")
				s.steer(c, "consult", "to", with("queue", "support"))
				b := s.phone("1002").rings()
				if i == 1 {
					b.answer()
					s.talk(a, b)
				}
				c.hangup()
				a.ended()
				b.ended()
				s.rest("1001", "1002")
			}
		},
	},
	{
		// The agent hangs up while waiting for somebody: the caller goes on,
		// nobody is rung any more.
		name: "consult/queue-agent-leaves", agents: 2, centre: apart,
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			b := s.phone("1002").rings()
			a.hangup()
			b.ended()
			c.ended()
			s.rest("1001", "1002")
			s.ending(c, fact.FaultNone, fact.ReasonCompleted)
		},
	},
	{
		// All phones of the queue ring: who picks up first is asked, the others
		// show no missed call. Then three talk.
		name: "consult/queue-rings-all", agents: 3,
		centre: also(apart, queue("support", func(q *routing.Queue) { q.Distribution = routing.RingAll })),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			b, d := s.phone("1002").rings(), s.phone("1003").rings()
			b.answer()
			s.talk(a, b)
			d.ended()
			s.agent("1003", routing.ReadyState)
			s.settle()
			s.steer(c, "merge")
			c.hears(a, b)
			b.hangup()
			s.talk(c, a)
			s.agent("1002", routing.ReadyState)
			s.over(c, a)
			s.rest("1001", "1002", "1003")
		},
	},
	{
		// huawu dies while an agent waits for somebody of a queue, and while the
		// two talk: each goes on where it was.
		name: "restart/consult-queue", agents: 2, centre: also(apart, func(d *api.Document) { d.Transfers.Timeout = 60 * time.Second }),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "consult", "to", with("queue", "support"))
			a.hears(music)
			s.house.restart(func() {
				a.hears(music)
				c.hears(music)
			})
			a.hears(music)
			c.hears(music)
			s.ready("1002")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(a, b)
			s.house.restart(func() { s.talk(a, b) })
			s.talk(a, b)
			c.hears(music)
			s.steer(c, "complete")
			a.ended()
			s.talk(c, b)
			c.hangup()
			s.rest("1001", "1002")
		},
	},
}

// apart has the first agent serve sales, all others support.
var apart = also(free, func(d *api.Document) {
	for i := range d.ACD.Agents {
		d.ACD.Agents[i].Queues = []fact.QueueID{"support"}
	}
	d.ACD.Agents[0].Queues = []fact.QueueID{"sales"}
})
