package scenarios

import (
	"net/url"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// phrases has the tenant speak by a profile; what huawu may say it says.
func phrases(profile string) func(*api.Document) {
	return func(d *api.Document) {
		on := true
		d.Country = "CN"
		d.Phrases.Manner = phrase.Manner{Profile: profile, AutoPlay: &on}
		for _, id := range norms.IDs() { // which have scenarios of their own, and would begin scenes
			wants(sets(id, norms.Off))(d)
		}
	}
}

// punctual is how far a wait may be off.
const punctual = 200 * time.Millisecond

// scene asks for something in the scene of a party's call.
func (s *stage) scene(p *party, verb string, body any) {
	s.t.Helper()
	s.do("POST", "/calls/"+url.PathEscape(s.known(p))+"/scene/"+verb, body)
}

// step waits until a scene is at a step, or for "" over.
func (s *stage) step(p *party, id string) (v center.SceneView) {
	s.t.Helper()
	s.within(patience, func() string { return "the scene is at " + v.Step + ", want " + id }, func() bool {
		s.get("/calls/"+url.PathEscape(s.known(p))+"/scene", &v)
		return v.Step == id
	})
	return v
}

// quiet has both sides of a talk say nothing.
func (s *stage) quiet(all ...*party) {
	s.t.Helper()
	for _, p := range all {
		p.far.Talk(false)
	}
	for _, p := range all {
		p.hears()
	}
	s.pass(500 * time.Millisecond) // what is on its way is heard out
}

// speech is when something was heard that is said to a party.
type speech struct{ began, ended time.Time }

// after holds how long after one speech another began.
func (s *stage) after(before, next speech, want time.Duration) {
	s.t.Helper()
	if got := next.began.Sub(before.ended); got < want-punctual || got > want+punctual {
		s.t.Errorf("%v of silence between two phrases, want %v", got, want)
	}
}

// reads holds that a speech is a text: by how long it is.
func (s *stage) reads(sp speech, text string) {
	s.t.Helper()
	if got, want := sp.ended.Sub(sp.began), s.house.reads(text); (got - want).Abs() > punctual {
		s.t.Errorf("%v are said, want %v of %q", got, want, text)
	}
}

// scenes are scenes of standard phrases in talks.
var scenes = []scenario{
	{
		// Both sides hear each phrase, with 3 s between them, and the call ends by
		// its code; the agent takes the next one.
		name: "scenes/silent-call", rows: []string{"RUL-SIL-2", "RUL-END-2", "PHR-4"}, centre: phrases("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.quiet(c, a)
			began := time.Now()
			s.scene(c, "start", with("scene", "silent_call"))
			both := s.house.said(began, c.far, a.far)
			opening := both[0]
			if late := both[1].began.Sub(opening.began); late.Abs() > punctual {
				s.t.Errorf("the agent heard it %v later", late)
			}
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/scene/next", nil) // nobody can hurry a pause
			check := s.house.said(opening.ended.Add(time.Second), c.far)[0]
			s.after(opening, check, 3*time.Second)
			goodbye := s.house.said(check.ended.Add(time.Second), c.far)[0]
			s.after(check, goodbye, 3*time.Second)
			s.reads(opening, "您好，政府热线，请问有什么可以帮到您？")
			s.reads(check, "您好，您的电话已接通，请讲！")
			s.reads(goodbye, "对不起，听不到您的声音，请您换一部话机再拨，谢谢。")
			c.ended()
			a.ended()
			r := s.ending(c, fact.FaultNone, fact.ReasonCompleted)
			if r.By != fact.BySystem {
				s.t.Errorf("ended by %s", r.By)
			}
			s.told(c, "scene.began", "scene.step playing silent_call.opening", "scene.step played silent_call.opening", "scene.step waited",
				"scene.step played silent_call.check_1", "scene.step waited", "scene.step played silent_call.goodbye", "scene.excused silent_call",
				"scene.ended hung-up silent_call", "leg.hangup")
			s.agent("1001", routing.ReadyState)
		},
	},
	{
		// A word of the caller's ends it at once, and the agent is heard.
		name: "scenes/caller-speaks", rows: []string{"PHR-5", "PHR-4"}, centre: phrases("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.quiet(c, a)
			began := time.Now()
			s.scene(c, "start", with("scene", "silent_call"))
			first := s.house.said(began, c.far)[0]
			s.house.said(first.ended.Add(time.Second), c.far)
			c.far.Talk(true)
			s.told(c, "scene.step played silent_call.check_1", "scene.ended spoke")
			s.talk(c, a)
			s.scene(c, "start", with("scene", "silent_call", "shown", true)) // who speaks is not silent
			s.told(c, "scene.ended spoke", "scene.began", "scene.ended spoke")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Two warnings and a last word that the agent says; hanging up is excused
		// after 2 s and not before.
		name: "scenes/harassment", rows: []string{"RUL-ESC-2", "RUL-END-2", "PHR-6"}, centre: phrases("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.scene(c, "start", with("scene", "harassment"))
			for _, next := range []string{"2", "3", "4"} {
				s.scene(c, "next", nil)
				if v := s.step(c, next); v.Excuse != "" {
					s.t.Errorf("excused by %s at step %s", v.Excuse, next)
				}
			}
			s.refused("conflict", "POST", "/calls/"+s.known(c)+"/scene/next", nil)
			s.talk(c, a)
			if v := s.step(c, "5"); v.Excuse != "harassment" || v.Phase != flow.PhaseExcuse {
				s.t.Errorf("at its end the scene is %+v", v)
			}
			s.scene(c, "next", nil)
			c.ended()
			a.ended()
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.By != fact.ByAgent {
				s.t.Errorf("ended by %s", r.By)
			}
			s.told(c, "scene.step said harassment.warn", "alert.leader RUL-ESC-2", "scene.step said harassment.warn", "alert.leader RUL-ESC-2",
				"scene.step said harassment.final", "scene.step waited", "scene.excused harassment", "scene.ended hung-up harassment")
		},
	},
	{
		// The caller hears music from the tick to the tick, and the agent is told
		// what to say on the return.
		name: "scenes/wait", rows: []string{"PHR-5", "RUL-HLD-6"}, centre: phrases("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.scene(c, "start", with("scene", "wait", "values", with("surname", "王", "honorific", "女士", "result", "明天恢复")))
			s.scene(c, "next", nil)
			s.step(c, "2")
			s.scene(c, "next", nil)
			c.hears(music)
			s.agent("1001", routing.HoldState)
			s.scene(c, "next", nil)
			s.step(c, "3")
			s.talk(c, a)
			s.scene(c, "next", nil)
			v := s.step(c, "8")
			if got := v.Steps[4].Lines[0].Script; got != "王女士，您好，经核实【问题】问题的情况明天恢复" {
				s.t.Errorf("the agent is to say %q", got)
			}
			s.scene(c, "stop", nil)
			s.told(c, "scene.step said wait.before", "scene.step doing switch_to_hold_tone", "hold.on", "hold.off", "scene.step done switch_to_hold_tone",
				"scene.step shown wait.after_1", "scene.ended stopped")
			s.over(c, a)
		},
	},
	{
		// huawu dies in a phrase: it is said anew, and the scene goes on.
		name: "scenes/restart", rows: []string{"PHR-5", "GEN-5"}, centre: phrases("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.quiet(c, a)
			s.scene(c, "start", with("scene", "silent_call"))
			s.told(c, "scene.step playing silent_call.opening")
			s.house.restart(func() {})
			s.told(c, "scene.step playing silent_call.opening", "scene.step playing silent_call.opening", "scene.step played silent_call.opening")
			s.told(c, "scene.step waited", "scene.step playing silent_call.check_1")
			s.scene(c, "stop", nil)
			s.talk(c, a) // the agent is heard
			s.over(c, a)
		},
	},
}
