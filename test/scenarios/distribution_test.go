package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// by distributes the calls of a queue.
func by(d routing.Distribution) func(*api.Document) {
	return queue("sales", func(q *routing.Queue) { q.Distribution = d })
}

// skilled gives an agent skills.
func skilled(agent fact.AgentID, skills ...routing.Skill) func(*api.Document) {
	return func(d *api.Document) {
		for i := range d.ACD.Agents {
			if d.ACD.Agents[i].ID == agent {
				d.ACD.Agents[i].Skills = skills
			}
		}
	}
}

// known are the skills of a centre.
func known(skills ...fact.SkillID) func(*api.Document) {
	return func(d *api.Document) { d.ACD.Skills = skills }
}

// serves has a caller call sales, the agent's phone ring and nobody else's, and
// both talk.
func (s *stage) serves(from, agent string) (caller, at *party) {
	s.t.Helper()
	caller = s.caller(from, salesNumber)
	at = s.phone(agent).rings()
	at.answer()
	s.talk(caller, at)
	s.told(caller, "queue.offered "+agent, "queue.connected "+agent)
	return caller, at
}

// over ends a talk and waits until the agent takes calls again.
func (s *stage) over(caller, at *party) {
	s.t.Helper()
	caller.hangup()
	at.ended()
	s.settle()
	s.agent(at.name, routing.ReadyState)
	if r := s.record(caller); r.Offers != 1 {
		s.t.Fatalf("the call of %s took %d offers, want 1", caller.name, r.Offers)
	}
}

// allRing has every phone ring for one caller.
func (s *stage) allRing(agents ...string) (at []*party) {
	s.t.Helper()
	for _, id := range agents {
		at = append(at, s.phone(id).rings())
	}
	return at
}

// distribution is who is offered a call.
var distribution = []scenario{
	{
		name: "distribution/longest-idle", rows: []string{"ACD-2"}, agents: 2,
		play: func(s *stage) {
			s.ready("1002")
			s.pass(100 * time.Millisecond)
			s.ready("1001")
			// 1002 has been idle for longer, though 1001 is first by number.
			one, b := s.serves("13800000001", "1002")
			two, a := s.serves("13800000002", "1001")
			// 1001 is idle again before 1002 is.
			s.over(two, a)
			s.over(one, b)
			s.over(s.serves("13800000003", "1001"))
		},
	},
	{
		// Who has had fewer calls of the queue goes first, however long the
		// other one has been idle.
		name: "distribution/fewest-calls", agents: 2, centre: by(routing.FewestCalls),
		play: func(s *stage) {
			s.ready("1001")
			s.over(s.serves("13800000001", "1001"))
			s.over(s.serves("13800000002", "1001"))
			s.ready("1002")
			s.over(s.serves("13800000003", "1002"))
		},
	},
	{
		name: "distribution/least-talk", agents: 2, centre: by(routing.LeastTalk),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(100 * time.Millisecond)
			s.ready("1002")
			one, a := s.serves("13800000001", "1001")
			two, b := s.serves("13800000002", "1002")
			s.over(one, a) // talked less and has been idle for longer
			s.pass(time.Second)
			s.over(two, b)
			s.over(s.serves("13800000003", "1001"))
		},
	},
	{
		// Turn by turn, also when somebody has just become free.
		name: "distribution/round-robin", agents: 3, centre: by(routing.RoundRobin),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			_, a := s.serves("13800000001", "1001")
			a.hangup()
			s.agent("1001", routing.ReadyState)
			s.over(s.serves("13800000002", "1002"))
			s.over(s.serves("13800000003", "1003"))
			s.over(s.serves("13800000004", "1001"))
		},
	},
	{
		// The first of the list takes the call whenever free. When the last
		// one of the list is gone, who becomes free takes the caller.
		name: "distribution/linear", rows: []string{"C15"}, agents: 3, centre: by(routing.Linear),
		play: func(s *stage) {
			s.ready("1003", "1002", "1001")
			s.over(s.serves("13800000001", "1001"))
			one, a := s.serves("13800000002", "1001")
			two, b := s.serves("13800000003", "1002")
			s.phone("1003").register(false)
			s.agent("1003", routing.NotReadyIn, routing.PauseEndpoint)
			three := s.waiting("13800000004", salesNumber)
			s.line("sales", three)
			two.hangup()
			b.ended()
			b = s.phone("1002").rings()
			b.answer()
			s.talk(three, b)
			s.over(three, b)
			s.over(one, a)
		},
	},
	{
		// By chance and by weight: everybody gets calls in the end.
		name: "distribution/weighted-random", agents: 2, centre: also(by(routing.WeightedRandom), queue("sales", func(q *routing.Queue) { q.WrapUp = 0 })),
		play: func(s *stage) {
			s.ready("1001", "1002")
			had := map[string]bool{}
			s.phone("1001").behave(mediatest.Answers, 0)
			s.phone("1002").behave(mediatest.Answers, 0)
			for i := range 40 {
				c := s.caller("138000001"+string(rune('0'+i/10))+string(rune('0'+i%10)), salesNumber)
				s.reaches(c, center.CallTalking)
				had[string(s.call(c).Agent)] = true
				c.hangup()
				s.rest("1001", "1002")
				if len(had) == 2 {
					return
				}
			}
			s.t.Errorf("40 calls came to %v", had)
		},
	},
	{
		// The best at what the caller needs, not who has been idle for longest.
		name: "distribution/best-skill", agents: 3,
		centre: also(by(routing.BestSkill), known("english"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=20" }),
			skilled("1001", routing.Skill{ID: "english", Level: 40}), skilled("1002", routing.Skill{ID: "english", Level: 90})),
		play: func(s *stage) {
			s.ready("1003", "1001", "1002")
			one, b := s.serves("13800000001", "1002")
			two, a := s.serves("13800000002", "1001")
			three := s.waiting("13800000003", salesNumber)
			s.line("sales", three)
			s.keeps("1003", routing.ReadyState, time.Second) // speaks none
			three.hangup()
			s.over(two, a)
			s.over(one, b)
		},
	},
	{
		// All phones ring; the first to answer has the call, the others fall
		// silent, told that the call was completed elsewhere, and have missed
		// nothing.
		name: "distribution/ring-all", rows: []string{"C13"}, agents: 3, centre: by(routing.RingAll),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			c := s.caller("13800000001", salesNumber)
			at := s.allRing("1001", "1002", "1003")
			at[1].answer()
			s.talk(c, at[1])
			for _, p := range []*party{at[0], at[2]} {
				if bye := p.ended(); !bye.Elsewhere {
					s.t.Errorf("%s is told %+v, want that the call was completed elsewhere", p.name, bye)
				}
				s.agent(p.name, routing.ReadyState)
			}
			s.told(c, "queue.offered 1001", "queue.offered 1002", "queue.offered 1003", "queue.connected 1002")
			c.hangup()
			s.rest("1001", "1002", "1003")
			// No phone was rung twice for one round.
			if r := s.record(c); r.Offers != 3 || r.Agent != "1002" {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Two pick up at the same instant: one talks, the other is free at once
		// and wraps nothing up.
		name: "distribution/ring-all-two-answer", rows: []string{"C7"}, agents: 2,
		centre: also(by(routing.RingAll), queue("sales", func(q *routing.Queue) { q.WrapUp = time.Minute })),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c := s.caller("13800000001", salesNumber)
			at := s.allRing("1001", "1002")
			s.house.answer(at[0].far)
			s.house.answer(at[1].far)
			s.reaches(c, center.CallTalking)
			won, lost := at[0], at[1]
			if string(s.call(c).Agent) == lost.name {
				won, lost = lost, won
			}
			lost.ended()
			s.agent(lost.name, routing.ReadyState)
			s.talk(c, won)
			s.agent(won.name, routing.Talking)
			other := s.caller("13800000002", salesNumber)
			again := s.phone(lost.name).rings()
			again.answer()
			s.talk(other, again)
			other.hangup()
			c.hangup()
			s.rest()
		},
	},
	{
		// The caller leaves while all phones ring: all fall silent and nobody
		// stays reserved.
		name: "distribution/ring-all-caller-leaves", rows: []string{"C11"}, agents: 3, centre: by(routing.RingAll),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			c := s.caller("13800000001", salesNumber)
			at := s.allRing("1001", "1002", "1003")
			c.hangup()
			for _, p := range at {
				if bye := p.ended(); bye.Here {
					s.t.Errorf("%s is told %+v", p.name, bye)
				}
			}
			s.rest("1001", "1002", "1003")
			s.ending(c, fact.FaultCaller, fact.ReasonAbandoned)
		},
	},
	{
		// Who answers is gone before the talk begins: the others ring on, and
		// one of them has the call.
		name: "distribution/ring-all-winner-drops", rows: []string{"C8"}, agents: 3, centre: by(routing.RingAll),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			c := s.caller("13800000001", salesNumber)
			at := s.allRing("1001", "1002", "1003")
			at[0].drops()
			s.told(c, "leg.hangup 1001")
			if s.has(c, "queue.connected sales 1001 connected") {
				// A switch may have the room stand before it hears of the end:
				// then this was a talk, and the others were told so.
				at[1].ended()
				at[2].ended()
				c.ended()
				s.rest("1001", "1002", "1003")
				return
			}
			at[1].answer()
			s.talk(c, at[1])
			at[2].ended()
			c.hangup()
			s.rest("1002", "1003")
		},
	},
	{
		// The rounds end with the last phone that nobody answered.
		name: "distribution/ring-all-nobody", rows: []string{"RUL-ANS-1"}, agents: 2, centre: also(by(routing.RingAll), ring(2*time.Second)),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c := s.caller("13800000001", salesNumber)
			for _, p := range s.allRing("1001", "1002") {
				p.ended()
				s.agent(p.name, routing.NotReadyIn, routing.PauseRONA)
			}
			s.line("sales", c)
			c.hears(music)
			c.hangup()
			s.rest()
		},
	},
}
