package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// rules are those of transfers.
func rules(r center.TransferRules) func(*api.Document) {
	return func(d *api.Document) { d.Transfers = r }
}

// free lets talks go anywhere, with a word before.
var free = rules(center.TransferRules{Agents: true, Numbers: true, Timeout: 3 * time.Second})

// consults has an agent in a talk call somebody, who answers: they talk, and
// the caller hears music.
func (s *stage) consults(c, by *party, to string, toward ...any) *party {
	s.t.Helper()
	s.phone(to)
	s.steer(c, "consult", "to", with(toward...))
	c.hears(music)
	asked := s.phone(to).rings()
	asked.answer()
	s.talk(by, asked)
	c.hears(music)
	s.settle()
	return asked
}

// control is what is done with a talk.
var control = []scenario{
	{
		name: "control/hold", rows: []string{"C19h"},
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			for range 2 {
				s.steer(c, "hold", "consent", true)
				c.hears(music)
				a.hears()
				s.agent("1001", routing.HoldState)
				s.reaches(c, center.CallHeld)
				s.steer(c, "unhold")
				s.talk(c, a)
				s.agent("1001", routing.Talking)
			}
			// By the phone and by us, in either order: the caller is back only
			// when nobody holds any more.
			a.hold()
			c.hears(music)
			s.agent("1001", routing.HoldState)
			a.unhold()
			s.talk(c, a)
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/hold", with("agent", "1009"))
			c.hangup()
			a.ended()
			s.rest("1001")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCallerEnded); r.Hold == 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		name: "control/mute",
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "mute")
			c.hears()
			a.hears(c)
			s.steer(c, "unmute")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Somebody is asked while the caller hears music; then the agent has
		// the caller back.
		name: "control/consult", agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			s.agent("1002", routing.Talking)
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/consult", with("to", with("agent", "1002")))
			s.steer(c, "cancel-consult")
			b.ended()
			s.talk(c, a)
			s.told(c, "consult.began", "consult.ended")
			s.agent("1002", routing.ReadyState) // asked only: no wrap-up
			c.hangup()
			s.rest("1001", "1002")
			if r := s.record(c); r.Agent != "1001" || r.Transfers != 0 || r.Consult == 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// The talk goes to whom was asked, and it stays one call. Who gave it
		// wraps up at once, who took it after the talk.
		name: "control/attended-agent", rows: []string{"C3", "C20", "C21"}, agents: 2,
		centre: also(free, queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			s.steer(c, "complete")
			a.ended()
			s.talk(c, b)
			s.agent("1001", routing.WrapUpState)
			s.agent("1002", routing.Talking)
			if v := s.call(c); v == nil || v.Agent != "1002" {
				s.t.Errorf("the call is %+v", v)
			}
			s.agent("1001", routing.ReadyState)
			b.hangup()
			s.agent("1002", routing.WrapUpState)
			c.ended()
			s.rest("1001", "1002")
			r := s.ending(c, fact.FaultNone, fact.ReasonCompleted)
			if r.Agent != "1002" || r.Transfers != 1 || r.Talk == 0 {
				s.t.Errorf("record %+v", r)
			}
			s.told(c, "consult.began", "transfer.done 1001", "call.ended")
		},
	},
	{
		// The agent hangs up while talking to whom was asked: the same.
		name: "control/attended-by-hangup", agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			a.hangup()
			s.talk(c, b)
			s.agent("1002", routing.Talking)
			c.hangup()
			b.ended()
			s.rest("1001", "1002")
		},
	},
	{
		name: "control/attended-number", agents: 1, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			out := s.consults(c, a, "13900000009", "number", "13900000009")
			s.steer(c, "complete")
			a.ended()
			s.talk(c, out)
			s.agent("1001", routing.ReadyState)
			c.hangup()
			out.ended()
			s.rest("1001")
		},
	},
	{
		// Whom is called does not answer, or refuses: the agent has the caller
		// back.
		name: "control/returns", rows: []string{"RUL-TRF-3"}, agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			s.steer(c, "consult", "to", with("agent", "1002"))
			c.hears(music)
			s.phone("1002").rings().ended() // after 3 s
			s.talk(c, a)
			s.phone("1002").behave(mediatest.Busy, 0)
			s.steer(c, "consult", "to", with("agent", "1002"))
			s.told(c, "consult.began", "consult.ended", "consult.began", "consult.ended")
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			s.over(c, a)
		},
	},
	{
		// Three in one talk; one after the other leaves.
		name: "control/three-way", agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			s.steer(c, "merge")
			c.hears(a, b)
			a.hears(c, b)
			b.hears(a, c)
			s.told(c, "conference.began")
			b.hangup()
			s.talk(c, a)
			c.hangup()
			a.ended()
			s.rest("1001", "1002")
		},
	},
	{
		// Without a word before nothing goes anywhere unless the rules let it,
		// and a named agent is given no talk then either.
		name: "control/blind-denied", rows: []string{"RUL-TRF-1"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			path := "/calls/" + s.known(c)
			s.refused("denied", "POST", path+"/transfer", with("to", with("agent", "1002")))
			s.refused("denied", "POST", path+"/transfer", with("to", with("queue", "support")))
			s.refused("denied", "POST", path+"/consult", with("to", with("agent", "1002")))
			s.refused("not-found", "POST", path+"/consult", with("to", with("agent", "1009")))
			s.refused("invalid", "POST", path+"/consult", with("to", with("agent", "1002", "queue", "support")))
			s.talk(c, a)
			s.told(c, "transfer.denied 1001 RUL-TRF-1", "norm.broken 1001 RUL-TRF-1")
			s.over(c, a)
			s.agent("1002", routing.ReadyState)
		},
	},
	{
		// To a queue: the caller waits there with the time of the day, the
		// agent wraps up and takes calls again.
		name: "control/blind-queue", rows: []string{"C19e"}, agents: 2,
		centre: also(rules(center.TransferRules{Blind: center.BlindQueue}), func(d *api.Document) {
			d.ACD.Agents[0].Queues, d.ACD.Agents[1].Queues = []fact.QueueID{"sales"}, []fact.QueueID{"support"}
		}),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.pause("1002", routing.PauseMeal)
			s.steer(c, "transfer", "to", with("queue", "support"))
			a.ended()
			c.hears(music)
			s.line("support", c)
			s.agent("1001", routing.ReadyState)
			s.do("POST", "/agents/1002/ready", nil)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.over(s.serves("13800000002", "1001"))
			c.hangup()
			s.rest("1001", "1002")
			if r := s.record(c); r.Queue != "support" || r.Agent != "1002" || r.Transfers != 1 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Nobody is there to take it: the caller is back in the line that the
		// talk came from.
		name: "control/queue-returns", rows: []string{"RUL-TRF-3"}, agents: 1,
		centre: also(rules(center.TransferRules{Blind: center.BlindQueue}),
			queue("support", func(q *routing.Queue) { q.MaxWait = time.Second }),
			func(d *api.Document) { d.ACD.Agents[0].Queues = []fact.QueueID{"sales"} }),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "transfer", "to", with("queue", "support"))
			a.ended()
			s.line("support", c)
			a = s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.told(c, "transfer.done 1001", "transfer.failed", "queue.joined sales", "queue.connected sales 1001")
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// The transfer key of the phone, without a word before: refused where
		// the rules forbid it, and the talk goes on.
		name: "control/refer-denied", rows: []string{"RUL-TRF-1"}, agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.refer("8002", nil)
			if a.far.Told() {
				s.t.Error("the phone is told that the talk has gone")
			}
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		name: "control/refer-blind", agents: 2, centre: rules(center.TransferRules{Blind: center.BlindAllow, Agents: true, Timeout: 5 * time.Second}),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			a.refer("8002", nil)
			c.hears(music)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			if !a.far.Told() {
				s.t.Error("the phone is told that the talk has not gone")
			}
			a.ended()
			s.agent("1001", routing.ReadyState)
			s.agent("1002", routing.Talking)
			c.hangup()
			s.rest("1001", "1002")
		},
	},
	{
		// The transfer key with a word before: two calls of one phone become
		// one.
		name: "control/refer-attended", agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			a.hold()
			c.hears(music)
			second := s.phone("1001").dial("8002")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(second, b)
			a.refer("8002", second)
			s.talk(c, b)
			second.ended()
			a.ended()
			s.agent("1001", routing.ReadyState)
			s.agent("1002", routing.Talking)
			c.hangup()
			b.ended()
			s.rest("1001", "1002")
			if r := s.record(c); r.Agent != "1002" || r.Transfers != 1 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// The caller leaves while somebody is asked: both others are free.
		name: "control/caller-leaves-consult", rows: []string{"C30"}, agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			c.hangup()
			a.ended()
			b.ended()
			s.rest("1001", "1002")
			s.ending(c, fact.FaultNone, fact.ReasonCallerEnded)
		},
	},
	{
		// huawu dies while somebody is asked: all hear what they heard, and the
		// talk is given away after the start.
		name: "restart/consult", agents: 2, centre: free,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			b := s.consults(c, a, "1002", "agent", "1002")
			s.house.restart(func() {
				s.talk(a, b)
				c.hears(music)
			})
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
