package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// chooses is a caller of the hotline who hears the greeting and presses a key
// at the menu.
func (s *stage) chooses(from, key string) *party {
	s.t.Helper()
	c := s.caller(from, hotline)
	c.hears(prompt)
	s.pass(300 * time.Millisecond)
	c.press(key)
	return c
}

// callers is what is made of callers' earlier calls.
var callers = []scenario{
	{
		// Who has talked with the caller last is asked first, though another
		// has been idle for longer.
		name: "order/last-agent", rows: []string{"ACD-8"}, agents: 2,
		centre: queue("sales", func(q *routing.Queue) { q.PreferHold = 10 * time.Second }),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(200 * time.Millisecond)
			s.ready("1002")
			for range 2 {
				c := s.chooses("13800000001", "1")
				a := s.phone("1001").rings()
				a.answer()
				s.talk(c, a)
				s.pass(100 * time.Millisecond)
				s.over(c, a)
			}
			c := s.chooses("13800000002", "1") // a stranger
			a := s.phone("1002").rings()
			a.answer()
			s.talk(c, a)
			s.over(c, a)
			s.rest("1001", "1002")
		},
	},
	{
		// Each earlier call counts as if the caller had waited a minute.
		name: "order/repeat", rows: []string{"ACD-8"},
		centre: func(d *api.Document) { d.ACD.Order.Repeat = time.Minute },
		play: func(s *stage) {
			before := s.joined("13800000002", "1")
			s.leave(before)
			s.record(before)
			one := s.joined("13800000001", "1")
			two := s.joined("13800000002", "1")
			s.line("sales", two, one)
			s.leave(one, two)
		},
	},
}

// listed has the number 13800000009 denied, and 13800000008 a vip, until a day.
func listed(until string) func(*api.Document) {
	return func(d *api.Document) {
		d.ACD.Order.Levels = []routing.Level{{ID: "vip", Worth: 10 * time.Minute}}
		d.Callers.Denied = "sorry"
		d.Callers.Listed = []center.Listed{{Number: "13800000009", Deny: true, Until: until}, {Number: "13800000008", Level: "vip", Until: until}}
		d.Flows = append(d.Flows, &flow.Flow{ID: "sorry", Nodes: []flow.Node{
			{ID: "sorry", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "sorry"}}, Next: "end"}},
			{ID: "end", Hangup: &flow.HangupNode{}},
		}})
	}
}

// lists are callers who are treated in another way than others.
var lists = []scenario{
	{
		// Who is denied is told so, and comes into no line.
		name: "lists/deny-is-polite", rows: []string{"ACD-11"}, centre: listed(""),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000009", salesNumber)
			c.hears(prompt)
			c.ended()
			s.told(c, "flow.node sorry/sorry", "call.ended")
			if r := s.record(c); r.Offers != 0 || r.Flow != "sorry" {
				s.t.Errorf("record %+v", r)
			}
			other := s.caller("13800000001", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(other, a)
			other.hangup()
			s.rest("1001")
		},
	},
	{
		name: "lists/priority", rows: []string{"ACD-11"}, centre: listed(""),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			vip := s.waiting("13800000008", salesNumber)
			s.line("sales", vip, one)
			s.leave(one, vip)
		},
	},
	{
		// An entry whose last day is over holds no more.
		name: "lists/expiry", rows: []string{"ACD-11"}, centre: listed("1999-12-31"),
		play: func(s *stage) {
			one := s.waiting("13800000001", salesNumber)
			s.pass(100 * time.Millisecond)
			two := s.waiting("13800000009", salesNumber)
			s.pass(100 * time.Millisecond)
			three := s.waiting("13800000008", salesNumber)
			s.line("sales", one, two, three)
			s.leave(one, two, three)
		},
	},
}

// joined is a caller of the hotline who waits in line.
func (s *stage) joined(from, key string) *party {
	s.t.Helper()
	c := s.chooses(from, key)
	c.hears(music)
	return c
}
