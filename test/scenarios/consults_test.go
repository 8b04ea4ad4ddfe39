package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// consults are talks whose agents ask somebody, and what comes of it.
var consults = []scenario{
	{
		// A trunk that cannot carry a consult is no end of it: the next one of
		// the route is tried, as when an agent dials.
		name: "consult/failover", rows: []string{"PBX-8"}, centre: also(free, twoCarriers),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			out := s.consults(c, a, "13900000009", "number", "13900000009")
			s.steer(c, "complete")
			a.ended()
			s.talk(c, out)
			var all api.Listed[api.TrunkConfig]
			s.get("/trunks", &all)
			if len(all.Live) != 2 || all.Live[0].Failed != 1 || all.Live[1].Live < 1 {
				s.t.Errorf("trunks: %+v", all.Live)
			}
			c.hangup()
			out.ended()
			s.rest("1001")
		},
	},
	{
		// Whatever the path on which a talk is given away and does not arrive,
		// the agent has the caller back and wraps up after the talk.
		name: "consult/every-return", rows: []string{"RUL-TRF-3", "C3"}, agents: 2,
		centre: also(rules(center.TransferRules{Blind: center.BlindAllow, Agents: true, Numbers: true, Timeout: 3 * time.Second}),
			queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			for _, verb := range []string{"consult", "transfer"} {
				failed := map[string]string{"consult": "consult.ended 1001", "transfer": "transfer.failed 1001"}[verb]
				s.phone("1002").behave(mediatest.RingsOn, time.Millisecond)
				s.steer(c, verb, "to", with("agent", "1002"))
				c.hears(music)
				s.phone("1002").rings().ended() // after 3 s
				s.told(c, failed+" no-answer")
				s.talk(c, a)
				s.phone("1002").behave(mediatest.Busy, 0)
				s.steer(c, verb, "to", with("agent", "1002"))
				s.told(c, failed+" no-answer", failed+" busy")
				s.talk(c, a)
				s.steer(c, verb, "to", with("number", "13900000008")) // there is no such phone
				s.told(c, failed+" no-answer", failed+" busy", failed)
				s.talk(c, a)
				s.agent("1001", routing.Talking)
			}
			c.hangup()
			a.ended()
			s.agent("1001", routing.WrapUpState)
			s.rest("1001", "1002")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCallerEnded); r.Transfers != 0 || r.Agent != "1001" {
				s.t.Errorf("record %+v", r)
			}
		},
	},
}

func init() { scenarios = append(scenarios, consults...) }
