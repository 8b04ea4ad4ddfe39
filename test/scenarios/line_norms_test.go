package scenarios

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// wants sets rules for the whole tenant.
func wants(settings ...norms.Setting) func(*api.Document) {
	return func(d *api.Document) { d.Norms = append(d.Norms, settings...) }
}

// sets is a rule with values, each after its name.
func sets(rule string, mode norms.Mode, values ...string) norms.Setting {
	s := norms.Setting{Rule: rule, Mode: mode, Values: map[string]norms.Written{}}
	for i := 0; i < len(values); i += 2 {
		s.Values[values[i]] = norms.Written(values[i+1])
	}
	return s
}

// happened are a call's events of a kind, about a rule if one is given.
func (s *stage) happened(p *party, kind fact.Kind, rule string) (all []fact.Event) {
	s.t.Helper()
	s.settle()
	var d api.CallDetail
	s.get("/calls/"+url.PathEscape(s.known(p)), &d)
	for _, e := range d.Events {
		if e.Kind == kind && (rule == "" || e.Name == rule) {
			all = append(all, e.Event)
		}
	}
	return all
}

// onTime holds that the waits of a norm's events are what they are to be, none
// too soon and none more than 200 ms late (SPEC GEN-6).
func (s *stage) onTime(events []fact.Event, waits ...time.Duration) {
	s.t.Helper()
	if len(events) < len(waits) {
		s.t.Fatalf("%d events, want %d: %+v", len(events), len(waits), events)
	}
	for i, want := range waits {
		if got := time.Duration(events[i].Value) * time.Millisecond; got < want || got > want+200*time.Millisecond {
			s.t.Errorf("%s %s came after %v, want %v", events[i].Kind, events[i].Name, got, want)
		}
	}
}

// beeped is how loud a tone of the switch's was in what an end has heard of late.
type beeped interface {
	beeped(far mediatest.Far, of time.Duration) bool
}

// reminds waits until an agent hears a tone, which the other one must not.
func (s *stage) reminds(a, c *party) {
	s.t.Helper()
	a.hears(beep)
	if real, ok := s.house.(beeped); ok {
		if real.beeped(c.far, 600*time.Millisecond) {
			s.t.Errorf("%s hears what is for %s alone", c.name, a.name)
		}
		return
	}
	c.far.Hears(mediatest.Heard{}) // at the same moment: time stands still
}

// normal is what the norms do in talks.
var normal = []scenario{
	{
		// Nobody is put on hold unasked by order; a phone that holds cannot be
		// kept from it, and is flagged.
		name: "norms/consent", rows: []string{"RUL-HLD-1"}, centre: standardKeys,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.refused("denied", http.MethodPost, "/calls/"+s.known(c)+"/hold", nil)
			a.press("*1")
			s.told(c, "talk.key 1001 hold denied")
			s.talk(c, a)
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			s.told(c, "hold.on 1001 consent")
			s.steer(c, "unhold")
			s.talk(c, a)
			a.press("*#")
			c.hears(music)
			s.told(c, "hold.on 1001 consent", "hold.off", "talk.key 1001 consent", "hold.on 1001 consent")
			a.press("*#")
			s.talk(c, a)
			if n := s.happened(c, fact.NormBroken, "RUL-HLD-1"); len(n) != 0 {
				s.t.Errorf("broken by %+v", n)
			}
			a.hold()
			c.hears(music)
			s.told(c, "hold.on 1001 phone", "norm.broken 1001 RUL-HLD-1")
			a.unhold()
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Who looks something up with the caller on the line is reminded of a
		// word about it, until one is said.
		name: "norms/query-reports", rows: []string{"RUL-HLD-2", "RUL-HLD-4"},
		centre: also(standardKeys, wants(sets("RUL-HLD-2", "", "report_every", "5s", "grace", "1s"), sets("RUL-HLD-4", "", "soft", "2s", "hard", "12s"))),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.hush(c, a)
			a.press("#1")
			s.told(c, "query.began 1001 consent", "talk.key 1001 query", "playback.finished")
			s.reminds(a, c)
			if n := s.happened(c, fact.NormBroken, "RUL-HLD-4"); len(n) != 0 {
				s.t.Errorf("the tone is that of %+v", n)
			}
			s.told(c, "norm.nudged 1001 RUL-HLD-2 report", "norm.nudged 1001 RUL-HLD-2 report", "norm.broken 1001 RUL-HLD-2")
			s.onTime(s.happened(c, fact.NormNudged, "RUL-HLD-2"), 5*time.Second, 5*time.Second)
			s.told(c, "norm.broken 1001 RUL-HLD-4", "norm.nudged 1001 RUL-HLD-4 music")
			a.far.Talk(true)
			s.told(c, "norm.broken 1001 RUL-HLD-2", "norm.mended 1001 RUL-HLD-2")
			s.steer(c, "query-done")
			s.told(c, "query.ended 1001", "norm.mended 1001 RUL-HLD-4")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Both hear that the query goes on, where the tenant wants it.
		name: "norms/query-is-announced", rows: []string{"RUL-HLD-2"},
		centre: wants(sets("RUL-HLD-2", norms.Enforce, "report_every", "5s", "auto_play", "true")),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.hush(c, a)
			s.steer(c, "query", "consent", true)
			s.told(c, "norm.enforced 1001 RUL-HLD-2 report", "norm.nudged 1001 RUL-HLD-2 report", "playback.started", "playback.started")
			for _, agents := range []bool{false, true} {
				if !slices.ContainsFunc(s.happened(c, fact.PlayStarted, ""), func(e fact.Event) bool { return agents == strings.Contains(string(e.Leg), "/hw-") }) {
					s.t.Errorf("one of them hears nothing: %+v", s.happened(c, fact.PlayStarted, ""))
				}
			}
			s.steer(c, "query-done")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Nobody speaks: the agent alone is told, then the leader; a word puts
		// it right.
		name: "norms/dead-air", rows: []string{"RUL-HLD-8", "GEN-6"},
		centre: wants(sets("RUL-HLD-8", norms.Warn, "warn", "3s", "alarm", "6s")),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.hush(c, a)
			s.reminds(a, c)
			s.told(c, "norm.nudged 1001 RUL-HLD-8 silence", "norm.broken 1001 RUL-HLD-8", "alert.leader 1001 RUL-HLD-8 silence")
			s.onTime(s.happened(c, fact.NormNudged, "RUL-HLD-8"), 3*time.Second)
			s.onTime(s.happened(c, fact.NormBroken, "RUL-HLD-8"), 6*time.Second)
			c.far.Talk(true)
			s.told(c, "norm.mended 1001 RUL-HLD-8")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// A caller on hold is not forgotten, whoever holds: the agent is nudged,
		// by a tone unless the phone holds, the hold is on the board, and on its
		// end the agent owes an apology.
		name: "norms/hold", rows: []string{"RUL-HLD-5", "RUL-HLD-7"},
		centre: wants(sets("RUL-HLD-7", "", "warn", "2s", "apology", "4s")),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hold()
			c.hears(music)
			s.broken("RUL-HLD-7 1001")
			a.unhold()
			s.talk(c, a)
			s.broken()
			s.told(c, "hold.on 1001 phone", "norm.nudged 1001 RUL-HLD-7 hold-long", "norm.broken 1001 RUL-HLD-7", "hold.off", "norm.mended 1001 RUL-HLD-7",
				"norm.nudged 1001 RUL-HLD-7 apologise system_fault.after_2min")
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			a.hears(beep)
			c.hears(music)
			s.told(c, "hold.off", "hold.on 1001 consent", "norm.nudged 1001 RUL-HLD-7 hold-long", "norm.broken 1001 RUL-HLD-7")
			s.steer(c, "unhold")
			s.told(c, "hold.on 1001 consent", "norm.mended 1001 RUL-HLD-7", "norm.nudged 1001 RUL-HLD-7 apologise", "norm.nudged 1001 RUL-HLD-6 thanks")
			warned := slices.DeleteFunc(s.happened(c, fact.NormNudged, "RUL-HLD-7"), func(e fact.Event) bool { return e.Reason != "hold-long" })
			s.onTime(warned, 2*time.Second, 2*time.Second)
			s.onTime(s.happened(c, fact.NormBroken, "RUL-HLD-7"), 4*time.Second, 4*time.Second)
			s.counted("RUL-HLD-7", "1001", 0, 2)
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// The caller is kept and goes on in the flow; a phone that is hung up
		// first is flagged, an end by order is not.
		name: "norms/agent-hangs-up-first", rows: []string{"RUL-END-1", "RUL-END-3", "C3"},
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.hangup()
			c.hears(prompt)
			c.ended()
			s.told(c, "call.parted 1001 hangup agent", "norm.broken 1001 RUL-END-1", "alert.leader 1001 RUL-END-1", "call.ended")
			s.rest("1001")
			c, a = s.serves("13800000002", "1001")
			s.steer(c, "end-talk")
			a.ended()
			c.hears(prompt)
			c.ended()
			s.told(c, "call.parted 1001 ended agent", "call.ended")
			if n := s.happened(c, fact.NormBroken, "RUL-END-1"); len(n) != 0 {
				s.t.Errorf("broken by %+v", n)
			}
			s.rest("1001")
		},
	},
	{
		// A caller who says nothing after the opening is asked, and left, by
		// huawu; the agent is ready again without a survey.
		name: "norms/silent-caller", rows: []string{"RUL-SIL-2", "RUL-END-2"}, centre: gov,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.opens()
			s.told(c, "norm.broken RUL-SIL-2", "norm.nudged 1001 RUL-SIL-2 silent-caller", "norm.enforced 1001 RUL-SIL-2 silent-call",
				"scene.began 1001 gov12345/silent_call", "playback.started", "playback.finished")
			s.told(c, "scene.began", "playback.finished", "playback.started")
			s.told(c, "scene.began", "scene.excused 1001 silent_call")
			s.onTime(s.happened(c, fact.NormBroken, "RUL-SIL-2"), 3*time.Second)
			c.ended()
			a.ended()
			s.told(c, "scene.ended 1001", "call.ended")
			s.rest("1001")
		},
	},
	{
		// A word of the caller's, and it is no silent call.
		name: "norms/not-so-silent-caller", rows: []string{"RUL-SIL-2"}, centre: gov,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.opens()
			s.told(c, "scene.began 1001 gov12345/silent_call", "playback.started")
			c.far.Talk(true)
			s.told(c, "scene.ended 1001 spoke", "norm.mended RUL-SIL-2")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Whom an agent has called is not dropped by the agent's hang-up either,
		// where the document has a flow for that; the agent is free at once.
		name: "norms/called-party-is-kept", rows: []string{"RUL-END-1", "RUL-END-3", "RUL-OUT-10"}, agents: 2, centre: thanked,
		play: func(s *stage) {
			s.ready("1001", "1002")
			s.phone("13900000009")
			for _, agent := range []string{"1001", "1002"} {
				mine := s.phone(agent).dial("13900000009")
				out := s.phone("13900000009").rings()
				out.answer()
				s.talk(mine, out)
				if agent == "1001" {
					mine.hangup()
				} else {
					s.steer(mine, "end-talk")
					mine.ended()
				}
				s.agent(agent, routing.ReadyState)
				out.hears(prompt)
				out.ended()
				s.told(mine, "call.connected "+agent+" outbound", "call.parted "+agent+" agent", "flow.node after/thanks", "call.ended")
				s.told(mine, "call.parted "+agent, "norm.broken "+agent+" RUL-OUT-10") // nobody is called for so short a talk
				if r := s.ending(mine, fact.FaultNone, fact.ReasonCompleted); string(r.Agent) != agent || r.Direction != fact.Outbound {
					s.t.Errorf("record %+v", r)
				}
			}
			s.rest("1001", "1002")
		},
	},
	{
		// Whom nobody answers is given up after so long a ringing, not sooner,
		// and not after the INVITE; an agent who gives up earlier has not waited
		// long enough.
		name: "norms/no-answer", rows: []string{"RUL-OUT-1", "RUL-OUT-2", "PBX-9"}, agents: 3,
		centre: wants(sets("RUL-OUT-1", "", "min_rings", "4", "cadence", "1s"), sets("RUL-OUT-2", "", "no_answer", "5s")),
		play: func(s *stage) {
			s.ready("1001", "1002", "1003")
			s.phone("13900000009")
			mine := s.phone("1001").dial("13900000009")
			out := s.phone("13900000009").rings()
			s.told(mine, "leg.ringing outbound")
			s.refused("denied", http.MethodPost, "/calls/"+s.known(mine)+"/hangup", nil)
			out.ended()
			mine.ended()
			s.ending(mine, fact.FaultTrunk, fact.ReasonNoAnswer)
			s.told(mine, "leg.ringing outbound", "norm.broken 1001 RUL-OUT-2", "norm.enforced 1001 RUL-OUT-2 give-up", "call.ended")
			s.soon(mine, "RUL-OUT-2")
			rang, given := s.happened(mine, fact.LegRinging, ""), s.happened(mine, fact.NormEnforced, "RUL-OUT-2")
			if took := time.Duration(given[0].At-rang[0].At) * time.Millisecond; took < 5*time.Second || took > 5200*time.Millisecond {
				s.t.Errorf("given up after %v", took)
			}
			mine = s.phone("1002").dial("13900000009")
			s.phone("13900000009").rings()
			s.told(mine, "leg.ringing outbound")
			mine.hangup()
			s.told(mine, "norm.broken 1002 RUL-OUT-1", "call.ended")
			s.broken()
			mine = s.phone("1003").dial("13900000009")
			s.phone("13900000009").rings()
			s.told(mine, "leg.ringing outbound")
			s.steer(mine, "hangup", "reason", "wrong-number")
			mine.ended()
			s.rest("1001", "1002", "1003")
		},
	},
}

// thanked has called parties go on to a word of thanks.
func thanked(d *api.Document) {
	d.AfterTalk = "after"
	d.Flows = append(d.Flows, &flow.Flow{ID: "after", Nodes: []flow.Node{
		{ID: "thanks", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "thanks"}}, Next: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}},
	}})
}

// gov has the tenant speak by the profile of 12345, which says what it may.
func gov(d *api.Document) {
	on := true
	d.Phrases.Profile, d.Phrases.AutoPlay = "gov12345", &on
}

// opens has an agent say the opening to a caller who says nothing.
func (s *stage) opens() (c, a *party) {
	s.t.Helper()
	c = s.waiting("13800000001", salesNumber)
	a = s.phone("1001").rings()
	a.answer()
	c.hears(a)
	s.pass(time.Second)
	a.far.Talk(false)
	return c, a
}

// hush has two who talk fall silent.
func (s *stage) hush(a, b *party) {
	s.t.Helper()
	s.talk(a, b)
	a.far.Talk(false)
	b.far.Talk(false)
	s.told(a, fmt.Sprintf("%s 1001", fact.CallConnected))
}
