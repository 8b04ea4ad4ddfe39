package scenarios

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// leads makes the last agents supervisors, who take no calls of queues unless
// they are made READY.
func leads(ids ...string) func(*api.Document) {
	return func(d *api.Document) {
		for i := range d.ACD.Agents {
			for _, id := range ids {
				if a := &d.ACD.Agents[i]; string(a.ID) == id {
					a.Supervisor, a.Queues = true, []fact.QueueID{}
				}
			}
		}
	}
}

// supervises has a supervisor who is signed in come to a talk: the phone is
// rung and answered.
func (s *stage) supervises(c *party, by, mode string) *party {
	s.t.Helper()
	s.phone(by)
	s.steer(c, "supervise", "supervisor", by, "mode", mode)
	boss := s.phone(by).rings()
	boss.answer()
	return boss
}

// silently holds that a supervisor hears a talk and nobody hears the supervisor.
func (s *stage) silently(c, a, boss *party) {
	s.t.Helper()
	boss.far.Talk(true)
	boss.hears(c, a)
	s.talk(c, a)
}

// whispers holds that the agent alone hears the supervisor.
func (s *stage) whispers(c, a, boss *party) {
	s.t.Helper()
	boss.hears(c, a)
	a.hears(c, boss)
	c.hears(a)
}

// three holds that all hear all.
func (s *stage) three(a, b, c *party) {
	s.t.Helper()
	a.hears(b, c)
	b.hears(a, c)
	c.hears(a, b)
}

// supervisors waits until so many are at a party's talk, in these modes.
func (s *stage) supervisors(c *party, modes ...string) {
	s.t.Helper()
	var got []string
	s.within(patience, func() string { return fmt.Sprintf("at the talk of %s are %v, want %v", c.name, got, modes) }, func() bool {
		got = nil
		if v := s.call(c); v != nil {
			for _, x := range v.Supervisors {
				got = append(got, string(x.Mode))
			}
		}
		return fmt.Sprint(got) == fmt.Sprint(modes)
	})
}

// supervised is what supervisors do at talks.
var supervised = []scenario{
	{
		// Listening is one-way; a whisper is for the agent; then all hear all,
		// and back. Each by command.
		name: "supervise/modes", rows: []string{"C46", "PBX-4", "CTI-4", "RUL-ESC-4"}, agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			boss := s.supervises(c, "1002", "listen")
			s.silently(c, a, boss)
			s.supervisors(c, "listen")
			s.agent("1002", routing.Talking)
			s.agent("1001", routing.Talking)
			s.steer(c, "supervise", "supervisor", "1002", "mode", "whisper")
			s.whispers(c, a, boss)
			s.steer(c, "supervise", "supervisor", "1002", "mode", "barge")
			s.three(c, a, boss)
			s.steer(c, "supervise", "mode", "listen") // the only one there
			s.silently(c, a, boss)
			s.told(c, "supervise.began 1002 listen 1001", "supervise.mode 1002 whisper", "supervise.mode 1002 barge", "supervise.mode 1002 listen")
			boss.hangup()
			s.agent("1002", routing.ReadyState) // no wrap-up
			s.talk(c, a)
			s.supervisors(c)
			s.told(c, "supervise.ended 1002")
			s.over(c, a)
			s.rest("1001", "1002")
			if r := s.record(c); r.Agent != "1001" || r.Transfers != 0 {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// The supervisor has the caller, the agent wraps up at once; the
		// record is the supervisor's, who wraps up after the talk.
		name: "supervise/take-over", agents: 2,
		centre: also(leads("1002"), queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			boss := s.supervises(c, "1002", "whisper")
			s.whispers(c, a, boss)
			s.steer(c, "take-over")
			a.ended()
			s.talk(c, boss)
			s.agent("1001", routing.WrapUpState)
			s.agent("1002", routing.Talking)
			s.supervisors(c)
			s.agent("1001", routing.ReadyState)
			boss.hangup()
			s.agent("1002", routing.WrapUpState)
			c.ended()
			s.rest("1001", "1002")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.Agent != "1002" || r.Transfers != 1 {
				s.t.Errorf("record %+v", r)
			}
			s.told(c, "supervise.began 1002", "supervise.ended 1002 taken", "transfer.done 1001 take-over")
		},
	},
	{
		// A caller on hold is had as well.
		name: "supervise/take-over-from-hold", agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			boss := s.supervises(c, "1002", "listen")
			boss.hears(a)
			s.steer(c, "take-over")
			a.ended()
			s.talk(c, boss)
			s.over(c, boss)
			s.rest("1001", "1002")
		},
	},
	{
		// A talk that is given to another agent is followed there; one that
		// goes to a queue, or away, is not.
		name: "supervise/follows", agents: 3, centre: also(free, leads("1003")),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002", "1003")
			boss := s.supervises(c, "1003", "listen")
			s.silently(c, a, boss)
			b := s.consults(c, a, "1002", "agent", "1002")
			boss.hears(a, b)
			s.steer(c, "complete")
			a.ended()
			s.silently(c, b, boss)
			s.steer(c, "supervise", "mode", "whisper")
			s.whispers(c, b, boss)
			s.steer(c, "supervise", "mode", "listen")
			s.silently(c, b, boss)
			s.phone("13900000009").behave(mediatest.Busy, 0)
			s.steer(c, "consult", "to", with("number", "13900000009"))
			s.phone("13900000009").rings().ended()
			s.told(c, "consult.ended", "consult.ended")
			s.silently(c, b, boss)
			s.phone("13900000009").behave(mediatest.RingsOn, 0)
			s.agent("1001", routing.ReadyState)
			out := s.consults(c, b, "13900000009", "number", "13900000009")
			s.steer(c, "complete")
			b.ended()
			boss.ended()
			s.talk(c, out)
			c.hangup()
			out.ended()
			s.rest("1001", "1002", "1003")
		},
	},
	{
		// Whoever goes first, nobody is left behind.
		name: "supervise/ends-with-the-talk", rows: []string{"C12"}, agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			for i, mode := range []string{"listen", "whisper", "barge"} {
				c, a := s.serves(fmt.Sprintf("1380000000%d", i), "1001")
				boss := s.supervises(c, "1002", mode)
				boss.hears(c, a)
				a.hangup() // the caller hears thanks, and the supervisor is out
				boss.ended()
				c.hears(prompt)
				c.ended()
				s.rest("1001", "1002")
			}
			c, a := s.serves("13800000009", "1001")
			s.phone("1002")
			s.steer(c, "supervise", "supervisor", "1002")
			boss := s.phone("1002").rings()
			c.hangup() // while the phone rings
			a.ended()
			boss.ended()
			s.rest("1001", "1002")
			s.told(c, "supervise.ended 1002 talk")
		},
	},
}
