package scenarios

import (
	"net/url"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// supervising is how supervisors come to talks, and who may.
var supervising = []scenario{
	{
		// The keys of the supervisor's phone do the same; those of others do
		// nothing.
		name: "supervise/keys", rows: []string{"GEN-9"}, agents: 2,
		centre: also(leads("1002"), func(d *api.Document) {
			d.Supervision.Keys = center.SupervisionKeys{Barge: "9", TakeOver: "#"}
		}),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			boss := s.supervises(c, "1002", "listen")
			s.silently(c, a, boss)
			boss.press("5")
			s.whispers(c, a, boss)
			boss.press("6") // is not that key here
			s.settle()
			s.whispers(c, a, boss)
			boss.press("9")
			s.three(c, a, boss)
			boss.press("4")
			s.silently(c, a, boss)
			boss.press("#")
			a.ended()
			s.talk(c, boss)
			c.hangup()
			boss.ended()
			s.rest("1001", "1002")
		},
	},
	{
		// By the agent whose talk it is; the phone shows whose, and it is that
		// talk and no other that is heard.
		name: "supervise/by-agent", rows: []string{"C47"}, agents: 3,
		centre: also(leads("1003"), func(d *api.Document) { d.ACD.Agents[1].Name = "Li" }),
		play: func(s *stage) {
			s.ready("1001")
			other, a := s.serves("13800000001", "1001")
			s.ready("1002")
			c := s.waiting("13800000002", salesNumber)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(c, b)
			s.ready("1003")
			s.refused("conflict", "POST", "/agents/1003/supervise", with("supervisor", "1003"))
			s.do("POST", "/agents/1002/supervise", with("supervisor", "1003"))
			boss := s.phone("1003").rings()
			shown := boss.far.(interface{ Shown() mediatest.Shown }).Shown()
			if shown.Number != "8002" || shown.Name != "Li 1002" {
				s.t.Errorf("the supervisor's phone shows %+v", shown)
			}
			boss.answer()
			s.silently(c, b, boss)
			s.talk(other, a)
			s.supervisors(other)
			c.hangup() // with the talk
			b.ended()
			boss.ended()
			s.over(other, a)
			s.rest("1001", "1002", "1003")
			s.told(c, "supervise.began 1003 listen 1002", "supervise.ended 1003 talk")
		},
	},
	{
		name: "supervise/not-answered", agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			s.phone("1002").behave(mediatest.Rejects, 0)
			s.steer(c, "supervise", "supervisor", "1002")
			s.told(c, "supervise.ended 1002")
			s.agent("1002", routing.ReadyState)
			s.phone("1002").behave(mediatest.RingsOn, 0)
			s.steer(c, "supervise", "supervisor", "1002")
			boss := s.phone("1002").rings()
			s.do("POST", "/calls/"+s.known(c)+"/unsupervise", nil)
			boss.ended()
			s.agent("1002", routing.ReadyState)
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Who is no supervisor may not, who is one for other queues may not
		// here, and so many at once are the most. One who supervises is offered
		// nothing.
		name: "supervise/may", rows: []string{"CTI-4"}, agents: 7,
		centre: also(leads("1003", "1004", "1005", "1006", "1007"), func(d *api.Document) {
			d.ACD.Agents[3].Supervises = []fact.QueueID{"support"}
			d.ACD.Agents[4].Supervises = []fact.QueueID{"support", "sales"}
			d.ACD.Agents[4].Queues = []fact.QueueID{"sales"}
		}),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			path := "/calls/" + s.known(c) + "/supervise"
			s.refused("conflict", "POST", path, with("supervisor", "1003")) // not signed in
			s.ready("1002", "1003", "1004", "1006", "1007")
			s.pause("1002", routing.PauseMeal)
			s.refused("denied", "POST", path, with("supervisor", "1002"))
			s.refused("denied", "POST", path, with("endpoint", "PJSIP/1002"))
			s.refused("denied", "POST", path, with("supervisor", "1004"))
			s.refused("not-found", "POST", path, with("supervisor", "1009"))
			s.refused("not-found", "POST", path, with("endpoint", "PJSIP/9999"))
			s.refused("conflict", "POST", path, with("supervisor", "1003", "agent", "1002"))
			s.refused("invalid", "POST", path, with("mode", "listen"))
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/take-over", nil)
			s.refused("not-found", "POST", "/calls/none/supervise", with("supervisor", "1003"))
			s.refused("conflict", "POST", "/agents/1002/supervise", with("supervisor", "1003"))
			s.ready("1005")
			one := s.supervises(c, "1005", "listen")
			s.silently(c, a, one)
			next := s.waiting("13800000002", salesNumber)
			s.keeps("1005", routing.Talking, 500*time.Millisecond) // READY for sales but for this
			s.line("sales", next)
			next.hangup()
			two := s.supervises(c, "1003", "listen")
			// A phone at which nobody is signed in is the operator's choice.
			s.do("POST", "/agents/1006/sign-out", nil)
			s.agent("1006", routing.Offline)
			s.phone("1006")
			s.do("POST", path, with("endpoint", "PJSIP/1006", "mode", "whisper"))
			three := s.phone("1006").rings()
			three.answer()
			three.hears(c, a)
			s.refused("conflict", "POST", path, with("supervisor", "1007"))
			a.hears(c, three)
			c.hears(a)
			for _, p := range []*party{one, two, three} {
				p.hangup()
			}
			s.agent("1005", routing.ReadyState)
			s.agent("1003", routing.ReadyState)
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// By a feature code of the supervisor's phone and the agent's number.
		name: "supervise/by-phone", rows: []string{"GEN-9"}, agents: 2,
		centre: also(leads("1002"), func(d *api.Document) {
			d.Codes = append(d.Codes, center.FeatureCode{Code: "*45", Flow: "agent-supervise"})
		}),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			boss := s.phone("1002").dial("*45")
			s.reaches(boss, center.CallInFlow)
			boss.press("1001#")
			s.silently(c, a, boss)
			s.agent("1002", routing.Talking)
			s.supervisors(c, "listen")
			boss.press("5")
			s.whispers(c, a, boss)
			boss.hangup()
			s.agent("1002", routing.ReadyState)
			s.talk(c, a)
			// Who talks to nobody is not supervised, and the phone hears so.
			s.over(c, a)
			s.agent("1001", routing.ReadyState)
			boss = s.phone("1002").dial("*45")
			s.reaches(boss, center.CallInFlow)
			boss.press("1001#")
			boss.ended()
			s.told(boss, "flow.node agent-supervise/failed")
			s.rest("1001", "1002")
		},
	},
	{
		// A call that the agent has made is supervised as well, and not taken
		// over: it is the agent's own.
		name: "supervise/outbound", agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			a := s.phone("1001").dial("13900000009")
			out := s.phone("13900000009").rings()
			out.answer()
			s.talk(a, out)
			s.reaches(a, center.CallTalking)
			s.do("POST", "/agents/1001/supervise", with("supervisor", "1002", "mode", "whisper"))
			boss := s.phone("1002").rings()
			boss.answer()
			boss.hears(a, out)
			a.hears(out, boss)
			out.hears(a)
			s.refused("conflict", "POST", "/calls/"+url.PathEscape(s.known(a))+"/take-over", nil)
			out.hangup()
			a.ended()
			boss.ended()
			s.rest("1001", "1002")
		},
	},
	{
		// huawu dies: everybody hears what they heard, and after the start the
		// supervisor goes on, is steered and is free in the end.
		name: "restart/supervise", agents: 2, centre: leads("1002"),
		play: func(s *stage) {
			s.ready("1001", "1002")
			c, a := s.serves("13800000001", "1001")
			boss := s.supervises(c, "1002", "whisper")
			s.whispers(c, a, boss)
			s.house.restart(func() { s.whispers(c, a, boss) })
			s.whispers(c, a, boss)
			s.steer(c, "supervise", "mode", "barge")
			s.three(c, a, boss)
			s.house.restart(func() { s.three(c, a, boss) })
			s.three(c, a, boss)
			s.steer(c, "supervise", "mode", "listen")
			s.silently(c, a, boss)
			s.house.restart(func() { boss.hangup() })
			s.agent("1002", routing.ReadyState)
			s.talk(c, a)
			s.over(c, a)
			s.rest("1001", "1002")
		},
	},
}
