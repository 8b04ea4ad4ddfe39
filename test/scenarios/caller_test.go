package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/routing"
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

// joined is a caller of the hotline who waits in line.
func (s *stage) joined(from, key string) *party {
	s.t.Helper()
	c := s.chooses(from, key)
	c.hears(music)
	return c
}
