package scenarios

import (
	"fmt"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// twoCarriers has a trunk that leads nowhere before the one that works.
func twoCarriers(d *api.Document) {
	dead := d.Trunks[0]
	dead.ID, dead.Endpoint = "dead", "PJSIP/{number}@nowhere"
	d.Trunks = append([]center.Trunk{dead}, d.Trunks...)
	d.Routes = []center.Route{
		{ID: "all", Trunks: []string{"dead", "out"}},
		{ID: "abroad", Prefixes: []string{"00"}, Trunks: []string{"out"}},
	}
	d.Classes = []center.Class{{ID: "house", Extensions: true}, {ID: "country", Routes: []string{"all"}, Extensions: true}}
}

// trunks are routes, what phones may dial, and phones that forward.
var trunks = []scenario{
	{
		// A trunk that cannot carry the call is no end of it.
		name: "dialling/failover", rows: []string{"PBX-8"}, agents: 2, centre: twoCarriers,
		play: func(s *stage) {
			s.ready("1001")
			s.phone("13900000009")
			mine := s.phone("1001").dial("13900000009")
			out := s.phone("13900000009").rings()
			out.answer()
			s.talk(mine, out)
			mine.hangup()
			out.ended()
			if r := s.ending(mine, fact.FaultNone, fact.ReasonCompleted); r.Trunk != "out" {
				s.t.Errorf("went by trunk %q", r.Trunk)
			}
			var all api.Listed[api.TrunkConfig]
			s.within(patience, func() string { return fmt.Sprintf("trunks: %+v", all.Live) }, func() bool {
				all = api.Listed[api.TrunkConfig]{}
				s.get("/trunks", &all)
				return len(all.Live) == 2 && all.Live[0].Failed == 1 && all.Live[0].Rests != 0 && all.Live[1].Calls == 1 && all.Live[1].Live == 0
			})
			s.rest("1001")
		},
	},
	{
		// A class of service says what a phone may dial, whoever is signed in;
		// emergency numbers it always may, by any trunk.
		name: "dialling/class-of-service", rows: []string{"PBX-6"}, agents: 2,
		centre: also(twoCarriers, func(d *api.Document) { d.Seats[0].Class = "house" }),
		play: func(s *stage) {
			s.ready("1001")
			s.phone("110")
			s.phone("13900000009")
			barred := s.phone("1001").dial("13900000009")
			barred.ended()
			s.ending(barred, fact.FaultAgent, fact.ReasonForbidden)
			mine := s.phone("1001").dial("8002")
			other := s.phone("1002").rings()
			other.answer()
			s.talk(mine, other)
			mine.hangup()
			other.ended()
			urgent := s.phone("1001").dial("110")
			help := s.phone("110").rings()
			help.answer()
			s.talk(urgent, help)
			urgent.hangup()
			help.ended()
			// Allowed by REST, and the next call passes.
			s.do("PUT", "/extensions/8001", with("endpoint", "PJSIP/1001", "class", "country"))
			mine = s.phone("1001").dial("13900000009")
			out := s.phone("13900000009").rings()
			out.answer()
			s.talk(mine, out)
			out.hangup()
			mine.ended()
			s.rest("1001")
		},
	},
	{
		// A phone at which nobody is signed in forwards its calls; an agent
		// who signs in has them.
		name: "dialling/forward", rows: []string{"PBX-3"}, agents: 3,
		centre: also(twoCarriers, func(d *api.Document) {
			d.Seats[1].Class = "country"
			d.Seats[1].Forward = center.Forward{Busy: "13900000009", NoAnswer: "8003"}
		}),
		play: func(s *stage) {
			s.phone("13900000009")
			s.phone("1002").behave(mediatest.Busy, 0)
			mine := s.phone("1001").dial("8002")
			out := s.phone("13900000009").rings()
			out.answer()
			s.talk(mine, out)
			out.hangup()
			mine.ended()
			if r := s.ending(mine, fact.FaultNone, fact.ReasonCompleted); r.Direction != fact.Internal || r.Trunk != "out" {
				s.t.Errorf("record %+v", r)
			}
			s.ready("1002")
			mine = s.phone("1003").dial("8002")
			mine.ended()
			if r := s.record(mine); r.Fault != fact.FaultAgent || r.Trunk != "" {
				s.t.Errorf("record %+v", r)
			}
			s.agent("1002", routing.ReadyState)
			s.rest("1002")
		},
	},
	{
		// A number that is withheld is none, in line and in the record.
		name: "dialling/withheld", rows: []string{"PBX-10"},
		centre: func(d *api.Document) { d.Country = "CN" },
		play: func(s *stage) {
			caller := s.house.caller("anonymous", salesNumber)
			var q center.QueueView
			s.within(patience, func() string { return fmt.Sprintf("the line is %+v", q.Waiting) }, func() bool {
				q = s.queueNow("sales")
				return len(q.Waiting) == 1 && q.Waiting[0].From == ""
			})
			s.ready("1001")
			agent := s.phone("1001").rings()
			agent.answer()
			caller.Answered()
			caller.Hangup()
			agent.ended()
			s.rest("1001")
		},
	},
}
