package scenarios

import (
	"strings"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// shows holds what the phone shows that rings, and how it was asked to ring.
func (p *party) shows(want mediatest.Shown) {
	p.s.t.Helper()
	if got := p.far.(interface{ Shown() mediatest.Shown }).Shown(); got != want {
		p.s.t.Errorf("%s shows %+v, want %+v", p.name, got, want)
	}
}

// displays has phones show more than the caller: that of seat 1002 in Latin
// letters alone, answering by itself.
func displays(d *api.Document) {
	d.Display = "{number} · {queue} · {wait}"
	for i := range d.Seats {
		if d.Seats[i].Endpoint == "PJSIP/1002" {
			d.Seats[i].Display, d.Seats[i].AutoAnswer = "ascii", true
		}
	}
}

const salesAlert = "<http://127.0.0.1>;info=sales"

// displayed is what agents see of a caller before they answer.
var displayed = []scenario{
	{
		// The queue, and for how long the caller has waited.
		name:   "agent/display-utf8",
		centre: also(displays, queue("sales", func(q *routing.Queue) { q.Name = "售前" })),
		play: func(s *stage) {
			c := s.waiting("13800000001", salesNumber)
			s.pass(1200 * time.Millisecond)
			s.ready("1001")
			a := s.phone("1001").rings()
			shown := a.far.(interface{ Shown() mediatest.Shown }).Shown()
			if !strings.HasPrefix(shown.Name, "13800000001 · 售前 · 0:0") || shown.Name == "13800000001 · 售前 · 0:00" || shown.Number != "13800000001" {
				s.t.Errorf("the phone shows %+v", shown)
			}
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// A phone that cannot show Chinese goes by the queue's id, and is asked
		// to answer by itself.
		name: "agent/display-ascii", agents: 2,
		centre: also(displays, queue("sales", func(q *routing.Queue) { q.Name = "售前" })),
		play: func(s *stage) {
			s.ready("1002")
			c := s.waiting("13800000001", salesNumber)
			a := s.phone("1002").rings()
			a.shows(mediatest.Shown{Identity: media.Identity{Number: "13800000001", Name: "13800000001 - sales - 0:00"}, AutoAnswer: true})
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1002")
		},
	},
	{
		// Phones ring in another way for another queue.
		name:   "agent/alert",
		centre: queue("sales", func(q *routing.Queue) { q.Alert = salesAlert }),
		play: func(s *stage) {
			s.ready("1001")
			for number, alert := range map[string]string{salesNumber: salesAlert, supportLine: ""} {
				c := s.waiting("13800000001", number)
				a := s.phone("1001").rings()
				a.shows(mediatest.Shown{Identity: media.Identity{Number: "13800000001"}, Alert: alert})
				a.answer()
				s.talk(c, a)
				c.hangup()
				s.rest("1001")
			}
		},
	},
	{
		// Who picks up hears a word first, the caller music until both are
		// together; the ring and its rule end with the answer.
		name: "display/whisper", rows: []string{"PBX-4", "RUL-ANS-1"}, centre: queue("sales", func(q *routing.Queue) {
			q.Whisper = routing.Whisper{File: "thanks"}
		}),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			a := s.phone("1001").rings()
			a.answer()
			a.hears(prompt)
			c.hears(music)
			s.talk(c, a)
			s.over(c, a)
			s.ending(c, fact.FaultNone, fact.ReasonCallerEnded)
			// The caller leaves in the middle of it, and so does the agent.
			c = s.waiting("13800000002", salesNumber)
			a = s.phone("1001").rings()
			a.answer()
			a.hears(prompt)
			c.hangup()
			a.ended()
			s.rest("1001")
			c = s.waiting("13800000003", salesNumber)
			a = s.phone("1001").rings()
			a.answer()
			a.hears(prompt)
			a.hangup()
			c.hears(music)
			s.line("sales", c)
			s.told(c, "queue.missed 1001 rejected") // and is not asked again so soon
			c.hangup()
			s.rest("1001")
		},
	},
}
