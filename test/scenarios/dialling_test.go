package scenarios

import (
	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// dialling is what agents' phones may call and where it leads.
var dialling = []scenario{
	{
		name: "dialling/a-colleague", rows: []string{"PBX-1"}, agents: 2,
		play: func(s *stage) {
			mine := s.phone("1001").dial("8002")
			other := s.phone("1002").rings()
			other.answer()
			s.talk(mine, other)
			other.hangup()
			mine.ended()
			r := s.ending(mine, fact.FaultNone, fact.ReasonCompleted)
			if r.Direction != fact.Internal {
				s.t.Errorf("record %+v", r)
			}
			s.rest()
		},
	},
	{
		// Out by the trunk, for who has signed in; nobody else, but for
		// emergency numbers.
		name: "dialling/out", rows: []string{"PBX-5", "PBX-6"},
		play: func(s *stage) {
			s.phone("13900000009")
			s.phone("110")
			refused := s.phone("1001").dial("13900000009")
			if bye := refused.ended(); bye.Here {
				s.t.Errorf("told %+v", bye)
			}
			s.ending(refused, fact.FaultAgent, fact.ReasonForbidden)
			urgent := s.phone("1001").dial("110")
			help := s.phone("110").rings()
			help.answer()
			s.talk(urgent, help)
			help.hangup()
			urgent.ended()
			s.ready("1001")
			mine := s.phone("1001").dial("13900000009")
			out := s.phone("13900000009").rings()
			out.answer()
			s.talk(mine, out)
			s.agent("1001", routing.Talking)
			mine.hangup()
			out.ended()
			s.rest("1001")
		},
	},
	{
		// Who is called is busy: the phone is told, and is free.
		name: "dialling/busy", agents: 2,
		play: func(s *stage) {
			s.phone("1002").behave(mediatest.Busy, 0)
			mine := s.phone("1001").dial("8002")
			mine.ended()
			if r := s.record(mine); r.Cause != 17 {
				s.t.Errorf("record %+v", r)
			}
			s.rest()
		},
	},
	{
		// A trunk that carries all it can takes no more, but for an emergency.
		name: "dialling/no-capacity", rows: []string{"PBX-6"}, agents: 2,
		centre: func(d *api.Document) { d.Trunks[0].Capacity = 1 },
		play: func(s *stage) {
			s.ready("1001", "1002")
			s.phone("13900000008")
			s.phone("13900000009")
			s.phone("110")
			mine := s.phone("1001").dial("13900000008")
			out := s.phone("13900000008").rings()
			out.answer()
			s.talk(mine, out)
			full := s.phone("1002").dial("13900000009")
			full.ended()
			s.reaches(mine, center.CallTalking)
			urgent := s.phone("1002").dial("110")
			help := s.phone("110").rings()
			help.answer()
			s.talk(urgent, help)
			urgent.hangup()
			mine.hangup()
			s.rest("1001", "1002")
		},
	},
}
