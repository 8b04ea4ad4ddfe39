package scenarios

import (
	"net/url"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
)

// why explains a party's call, at a past instant unless that is zero.
func (s *stage) why(path string, at time.Time) center.Answer {
	s.t.Helper()
	if !at.IsZero() {
		path += "?at=" + url.QueryEscape(at.UTC().Format(time.RFC3339Nano))
	}
	var a center.Answer
	s.get(path, &a)
	return a
}

// excludes waits until an explanation of a party's call, at an instant unless
// that is zero, names exactly these rules against an agent.
func (s *stage) excludes(c *party, at time.Time, agent string, rules ...routing.Rule) {
	s.t.Helper()
	got := []routing.Rule{"nothing"}
	s.within(patience, func() string { return agent + " is kept from " + c.name + " by " + list(got) + ", want " + list(rules) }, func() bool {
		a := s.why("/calls/"+s.known(c)+"/why", at)
		if a.Ticket == nil {
			return false
		}
		for _, v := range a.Ticket.Candidates {
			if string(v.Agent) == agent {
				got = nil
				for _, f := range v.Excluded {
					got = append(got, f.Rule)
				}
				return slices.Equal(got, rules)
			}
		}
		got = []routing.Rule{"not listed"}
		return false
	})
}

func list(rules []routing.Rule) string {
	text := "["
	for _, r := range rules {
		text += " " + string(r)
	}
	return text + " ]"
}

// explained is what huawu says of why it does what it does.
var explained = []scenario{
	{
		// Each agent of the queue, and each rule against each.
		name: "why/call", agents: 3,
		centre: also(known("english"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=50" }),
			skilled("1001", english(20)), skilled("1002", english(90)), skilled("1003", english(90))),
		play: func(s *stage) {
			s.ready("1001", "1002")
			s.pause("1002", routing.PauseMeal)
			c := s.waiting("13800000001", salesNumber)
			other := s.waiting("13800000002", salesNumber)
			s.excludes(c, time.Time{}, "1001", routing.RuleNeeds)
			s.excludes(c, time.Time{}, "1002", routing.RuleState)
			s.excludes(c, time.Time{}, "1003", routing.RuleState)
			a := s.why("/calls/"+s.known(other)+"/why", time.Time{})
			if a.Ticket == nil || len(a.Ticket.Ahead) != 1 || a.Ticket.Asks == "" || len(a.Ticket.Credits) == 0 {
				s.t.Errorf("the second in line: %+v", a.Ticket)
			}
			other.hangup()
			s.line("sales", c)
			s.do("POST", "/agents/1002/ready", nil)
			b := s.phone("1002").rings()
			b.hangup()
			s.excludes(c, time.Time{}, "1002", routing.RuleRefused)
			s.leave(c)
		},
	},
	{
		// Why an agent has no call.
		name: "why/agent",
		play: func(s *stage) {
			s.ready("1001")
			s.pause("1001", routing.PauseMeal)
			c := s.waiting("13800000001", salesNumber)
			s.line("sales", c)
			s.settle()
			a := s.why("/agents/1001/why", time.Time{})
			if a.Agent == nil || len(a.Agent.Findings) != 1 || a.Agent.Findings[0].Rule != routing.RuleState {
				s.t.Errorf("1001 at a meal: %+v", a.Agent)
			}
			s.leave(c)
			s.refused("not-found", "GET", "/agents/1009/why", nil)
		},
	},
	{
		// As it stood: what is asked about the past is answered by the journal,
		// also after huawu's death.
		name: "why/then", agents: 2,
		centre: also(known("english"), queue("sales", func(q *routing.Queue) { q.Needs = "english>=50" }), skilled("1002", english(90))),
		play: func(s *stage) {
			s.ready("1001", "1002")
			s.pause("1002", routing.PauseMeal)
			c := s.waiting("13800000001", salesNumber)
			s.line("sales", c)
			s.pass(200 * time.Millisecond)
			then := time.Now()
			s.pass(200 * time.Millisecond)
			s.do("POST", "/agents/1002/ready", nil)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.excludes(c, then, "1001", routing.RuleNeeds)
			s.excludes(c, then, "1002", routing.RuleState)
			s.house.restart(func() {})
			s.excludes(c, then, "1002", routing.RuleState)
			c.hangup()
			s.rest("1001", "1002")
		},
	},
}
