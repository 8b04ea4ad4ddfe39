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

// denies has the flow sorry tell callers that they are denied, and knows a vip.
func denies(d *api.Document) {
	d.ACD.Order.Levels = []routing.Level{{ID: "vip", Worth: 10 * time.Minute}}
	d.Callers.Denied = "sorry"
	d.Flows = append(d.Flows, &flow.Flow{ID: "sorry", Nodes: []flow.Node{
		{ID: "sorry", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "sorry"}}, Next: "end"}},
		{ID: "end", Hangup: &flow.HangupNode{}},
	}})
}

// denied is a caller who hears so, and no more.
func (s *stage) denied(from string) {
	s.t.Helper()
	c := s.caller(from, salesNumber)
	s.within(patience, func() string { return from + " has no call" }, func() bool { return s.call(c) != nil })
	c.hears(prompt)
	c.ended()
	s.told(c, "caller.denied", "flow.node sorry/sorry", "call.ended")
	s.rest()
	if r := s.record(c); r.Offers != 0 || r.Flow != "sorry" {
		s.t.Errorf("record %+v", r)
	}
}

// lists are callers who are treated in another way than others.
var lists = []scenario{
	{
		// Who is denied is told so, and comes into no line; a denial that is
		// lifted is over at once.
		name: "lists/deny-is-polite", rows: []string{"ACD-11"}, centre: denies,
		play: func(s *stage) {
			s.ready("1001")
			s.do("PUT", "/callers/13800000009/deny", with("reason", "abuse"))
			s.denied("13800000009")
			other := s.caller("13800000001", salesNumber)
			s.talks(other, "1001")
			s.do("POST", "/callers/13800000009/lift", nil)
			s.talks(s.caller("13800000009", salesNumber), "1001")
			s.rest("1001")
		},
	},
	{
		name: "lists/priority", rows: []string{"ACD-11", "CTI-2"}, centre: denies,
		play: func(s *stage) {
			s.do("PUT", "/callers/13800000008/level", with("level", "vip", "reason", "银卡"))
			one := s.waiting("13800000001", salesNumber)
			vip := s.waiting("13800000008", salesNumber)
			s.line("sales", vip, one)
			s.leave(one, vip)
		},
	},
	{
		// Who is known to speak English is put through to who does, though
		// another agent has been idle for longer; who has a card is asked
		// nothing.
		name: "lists/rules", rows: []string{"CTI-2"}, agents: 2,
		centre: also(denies, func(d *api.Document) {
			d.ACD.Skills = append(d.ACD.Skills, "english")
			d.ACD.Agents[1].Skills = []routing.Skill{{ID: "english", Level: 60}}
			for _, f := range d.Flows {
				if f.ID == "hotline" {
					f.Nodes = append([]flow.Node{{ID: "card", Match: &flow.MatchNode{Variable: "caller_card",
						Cases: []flow.Case{{Equals: "silver", Next: "sales"}}, Else: "greeting"}}}, f.Nodes...)
					for _, n := range f.Nodes {
						if n.ID == "sales" {
							n.Enqueue.Rules = []flow.Rule{{Variable: "caller_language", Equals: "en", Needs: "english>=50"}}
						}
					}
				}
			}
		}),
		play: func(s *stage) {
			s.do("PUT", "/callers/13800000008/level", with("level", "vip", "language", "en", "attributes", with("card", "silver"), "reason", "银卡"))
			s.ready("1001")
			s.pass(200 * time.Millisecond)
			s.ready("1002")
			known := s.caller("13800000008", hotline)
			s.talks(known, "1002")
			if s.has(known, "flow.node hotline/greeting") {
				s.t.Error("who has a card was greeted")
			}
			s.talks(s.chooses("13800000001", "1"), "1001")
			s.rest("1001", "1002")
		},
	},
	{
		// An entry ends by itself.
		name: "lists/expiry", rows: []string{"ACD-11"}, centre: denies,
		play: func(s *stage) {
			until := time.Now().Add(4 * time.Second).Format(time.RFC3339Nano)
			s.do("PUT", "/callers/13800000009/deny", with("reason", "abuse", "until", until))
			s.do("PUT", "/callers/13800000008/level", with("level", "vip", "reason", "银卡", "until", until))
			s.denied("13800000009")
			s.pass(4 * time.Second)
			one := s.waiting("13800000001", salesNumber)
			two := s.waiting("13800000009", salesNumber)
			three := s.waiting("13800000008", salesNumber)
			s.line("sales", one, two, three)
			s.leave(one, two, three)
		},
	},
	{
		// Three strikes propose a denial; it holds once somebody approves it.
		name: "lists/strikes", rows: []string{"ACD-11", "RUL-ESC-2"}, centre: denies,
		play: func(s *stage) {
			for range 3 {
				s.leave(s.waiting("13800000009", salesNumber))
				s.do("POST", "/callers/13800000009/strikes", with("reason", "辱骂"))
			}
			s.leave(s.waiting("13800000009", salesNumber))
			var found api.CallerDetail
			s.get("/callers/13800000009", &found)
			if len(found.Entries) != 1 || found.Entries[0].State != center.EntryProposed || found.Counted != 3 {
				s.t.Fatalf("%+v", found)
			}
			s.do("POST", "/callers/13800000009/approve", nil)
			s.denied("13800000009")
		},
	},
	{
		// A talk that a scene ends for harassment is a strike, by whichever way;
		// enough of them propose a denial, of which leaders are told.
		name: "lists/scenes-strike", rows: []string{"ACD-11", "RUL-ESC-3", "PHR-5"},
		centre: also(denies, phrases("cm10086"), func(d *api.Document) { d.Callers.Strikes.Limit = 2 }),
		play: func(s *stage) {
			s.ready("1001")
			for i := range 2 {
				c := s.caller("13800000009", salesNumber)
				a := s.phone("1001").rings()
				a.answer()
				s.talk(c, a)
				s.within(patience, func() string { return "the caller has no call" }, func() bool { return s.call(c) != nil }) // not the one before
				s.scene(c, "start", with("scene", "harassment"))
				s.scene(c, "next", nil)
				s.told(c, "scene.step said harassment.warn", "alert.leader RUL-ESC-3", "scene.excused harassment")
				if i == 0 {
					s.scene(c, "next", nil)
					a.ended()
					s.told(c, "scene.ended harassment", "caller.struck 1001 harassment")
				} else {
					a.hangup()
					s.told(c, "call.parted harassment", "caller.struck 1001 harassment", "alert.leader RUL-ESC-2 denial-proposed")
				}
				c.ended()
				s.agent("1001", routing.ReadyState)
			}
			var found api.CallerDetail
			s.get("/callers/13800000009", &found)
			if len(found.Entries) != 1 || found.Entries[0].State != center.EntryProposed || found.Counted != 2 || found.Strikes[0].By != "1001" {
				s.t.Fatalf("%+v", found)
			}
			s.do("POST", "/callers/13800000009/approve", nil)
			s.denied("13800000009")
		},
	},
	{
		// What was acknowledged outlives huawu's death.
		name: "lists/outlives-a-crash", rows: []string{"ACD-11"}, centre: denies,
		play: func(s *stage) {
			s.do("PUT", "/callers/13800000009/deny", with("reason", "abuse"))
			s.house.restart(func() {})
			s.denied("13800000009")
			s.rest()
		},
	},
}

// talks lets an agent answer a caller, and the caller hang up.
func (s *stage) talks(caller *party, agent string) {
	s.t.Helper()
	a := s.phone(agent).rings()
	a.answer()
	s.talk(caller, a)
	caller.hangup()
	a.ended()
	s.agent(agent, routing.ReadyState)
}

// joined is a caller of the hotline who waits in line.
func (s *stage) joined(from, key string) *party {
	s.t.Helper()
	c := s.chooses(from, key)
	c.hears(music)
	return c
}
