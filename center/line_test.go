package center

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/norms"
)

// sent are the commands of the last input of a type.
func sent[T media.Command](d *desk) (all []T) {
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			if cmd, ok := s.Command.(T); ok {
				all = append(all, cmd)
			}
		}
	}
	return all
}

// events are those of the last input of a kind.
func (d *desk) events(kind fact.Kind) (all []fact.Event) {
	for _, e := range d.out {
		if e, ok := e.(Emit); ok && e.Event.Kind == kind {
			all = append(all, e.Event)
		}
	}
	return all
}

// listens has a caller talk to an agent where rules are set so.
func listens(t *testing.T, change func(*Config)) (d *desk, caller, agent fact.LegID) {
	t.Helper()
	d = newDesk(t, func(c *Config) {
		welcomes(c)
		if change != nil {
			change(c)
		}
	})
	caller = d.arrive("PJSIP/out", "13800138000", "4001")
	d.greeted(caller)
	agent, _ = d.rings()
	d.hear(media.LegAnswered{Leg: agent})
	for _, leg := range []fact.LegID{caller, agent} {
		d.hear(media.Joined{Leg: leg, Room: d.c.of(caller).call.Room})
	}
	return d, caller, agent
}

// rule sets one.
func rule(id string, mode norms.Mode) func(*Config) {
	return func(c *Config) { c.Norms = append(c.Norms, norms.Setting{Rule: id, Mode: mode}) }
}

// later lets time pass.
func (d *desk) later(by time.Duration) {
	d.t.Helper()
	d.now = d.now.Add(by)
	d.step(Tick{})
}

// The switch is asked who speaks while a norm that is in force for the talk needs
// it, and no longer; a configuration counts at once.
func TestATalkIsListenedToWhileANormNeedsIt(t *testing.T) {
	d, _, _ := listens(t, nil)
	if got := sent[media.DetectTalk](d); len(got) != 0 {
		t.Fatalf("asked for nobody: %+v", got)
	}
	for _, on := range []bool{true, false, true} {
		cfg := d.c.cfg
		cfg.Version++
		cfg.Norms = norms.Settings{{Rule: "RUL-HLD-8", Mode: norms.Off}}
		if on {
			cfg.Norms[0].Mode = norms.Measure
		}
		d.step(Configured{Config: cfg})
		got := sent[media.DetectTalk](d)
		if len(got) != 2 || got[0].On != on || got[1].On != on || on && got[0].Silence != norms.SpeechSilence {
			t.Fatalf("asked %+v, want %v of both", got, on)
		}
	}
	d, caller, agent := listens(t, rule("RUL-HLD-8", norms.Measure))
	got := sent[media.DetectTalk](d)
	if len(got) != 2 || got[0].Leg != caller || got[1].Leg != agent {
		t.Fatalf("asked %+v", got)
	}
	d.hear(media.LegEnded{Leg: agent, Far: true, Cause: 16})
	if got := sent[media.DetectTalk](d); len(got) != 1 || got[0].Leg != caller || got[0].On {
		t.Errorf("after the talk %+v", got)
	}
}

// A nudge is an event in any case, and a tone in the ear of the agent alone, who
// has no screen and can hear it.
func TestANudgeInTheEar(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		before func(d *desk, agent fact.LegID)
		tone   bool
	}{
		"by tone":         {tone: true},
		"by screen":       {change: func(c *Config) { c.Seats[0].Console, c.Seats[1].Console = true, true }},
		"a key was heard": {before: func(d *desk, agent fact.LegID) { d.c.step(d.c.of(agent), noticeFor(agent)) }},
	} {
		t.Run(name, func(t *testing.T) {
			d, _, agent := listens(t, func(cfg *Config) {
				rule("RUL-HLD-8", norms.Warn)(cfg)
				if c.change != nil {
					c.change(cfg)
				}
			})
			d.now = d.now.Add(8*time.Second - time.Millisecond)
			if c.before != nil {
				c.before(d, agent)
			}
			d.later(time.Millisecond)
			told := d.events(fact.NormNudged)
			if len(told) != 1 || told[0].Name != "RUL-HLD-8" || told[0].Reason != "silence" || (told[0].Note == byTone) != c.tone {
				t.Errorf("told %+v", told)
			}
			plays := sent[media.Play](d)
			if c.tone != (len(plays) == 1) || c.tone && plays[0].Leg != agent {
				t.Errorf("played %+v", plays)
			}
		})
	}
}

// Where the norm has words, the agent hears what to say, else a tone, and either
// over the talk.
func TestANudgeInWords(t *testing.T) {
	for id, words := range map[string]string{"RUL-SIL-2": "silent_call.check_1", "RUL-HLD-8": ""} { // no_response.check is another profile's
		d := newDesk(t, speaking("gov12345", rule(id, norms.Warn)))
		_, agent, _ := d.talks("13800138000")
		cfg := d.c.cfg
		var told []fact.Event
		for i := 0; i < 20 && len(told) == 0; i++ {
			d.tick()
			told = d.events(fact.NormNudged)
		}
		plays := sent[media.Play](d)
		if len(told) != 1 || len(plays) != 1 || plays[0].Leg != agent || !plays[0].Over {
			t.Fatalf("%s: told %+v, played %+v", id, told, plays)
		}
		switch p := plays[0].Prompts[0]; {
		case words == "" && (told[0].Note != byTone || p.Tone == ""), words != "" && (told[0].Note != byWords || p.File != scenePath(t, &cfg, words)):
			t.Errorf("told %+v, played %+v", told, plays)
		}
	}
}

// Who is on hold, or waits for a look-up, has agreed to it.
func TestNobodyIsPutOnHoldUnasked(t *testing.T) {
	d, caller, _ := listens(t, nil)
	k := d.c.of(caller)
	for _, op := range []Operation{HoldCall{Call: k.call.ID, On: true}, QueryCall{Call: k.call.ID, On: true}} {
		if err := d.c.operate(op, "test"); !errors.Is(err, ErrDenied) {
			t.Errorf("%T: %v", op, err)
		}
	}
	d.step(Asked{Request: "q", By: "test", Op: QueryCall{Call: k.call.ID, On: true, Consent: true}})
	if got := d.events(fact.QueryBegan); len(got) != 1 || got[0].Reason != "consent" || got[0].Agent == "" {
		t.Errorf("told %+v", got)
	}
	if v := d.c.View().Calls[0]; v.Query == 0 {
		t.Error("nobody sees the query")
	}
	d.later(5 * time.Second)
	d.step(Asked{Request: "h", By: "test", Op: HoldCall{Call: k.call.ID, On: true, Consent: true}})
	if got := sent[media.Hold](d); len(got) != 1 || got[0].Leg != caller {
		t.Errorf("held %+v", got)
	}
	d.hear(media.LegEnded{Leg: caller, Far: true, Cause: 16})
	if got := d.events(fact.QueryEnded); len(got) != 1 || got[0].Millis != 5000 {
		t.Errorf("told %+v", got)
	}
	d, caller, _ = listens(t, rule("RUL-HLD-1", norms.Warn))
	d.step(Asked{Request: "h", By: "test", Op: HoldCall{Call: d.c.of(caller).call.ID, On: true}})
	d.hear(media.LegHeld{Leg: caller})
	if got := d.events(fact.NormBroken); len(got) != 1 || got[0].Name != "RUL-HLD-1" {
		t.Errorf("told %+v", got)
	}
}

// A call outside rings for as long as the rules say: no less by our word, unless
// it is a wrong number, and no longer.
func TestRingsOfACallOutside(t *testing.T) {
	dialled := func() (*desk, fact.LegID, fact.CallID) {
		d := newDesk(t, carriers)
		mine := d.dial("1001", "13900139000")
		out, _ := d.rings()
		if out == "" {
			t.Fatalf("nobody is rung: %+v", d.out)
		}
		d.hear(media.LegRinging{Leg: out})
		return d, out, d.c.of(mine).call.ID
	}
	d, out, id := dialled()
	d.later(25999 * time.Millisecond)
	if err := d.c.operate(HangUp{Call: id}, "test"); !errors.Is(err, ErrDenied) {
		t.Errorf("given up too soon: %v", err)
	}
	d.later(4 * time.Second)
	if got := sent[media.Hangup](d); len(got) != 0 {
		t.Fatalf("hung up %+v", got)
	}
	d.later(time.Millisecond)
	if !slices.ContainsFunc(sent[media.Hangup](d), func(h media.Hangup) bool { return h.Leg == out }) {
		t.Errorf("it rings on: %+v", d.out)
	}
	if got := d.events(fact.NormEnforced); len(got) != 1 || got[0].Name != "RUL-OUT-2" {
		t.Errorf("told %+v", got)
	}
	for _, op := range []HangUp{{Reason: WrongNumber}, {}} {
		d, _, id := dialled()
		if op.Reason == "" {
			d.later(26 * time.Second)
		}
		op.Call = id
		if err := d.c.operate(op, "test"); err != nil {
			t.Errorf("%+v: %v", op, err)
		}
	}
}

// noticeFor is what confirms a key to an agent.
func noticeFor(agent fact.LegID) call.Notice { return call.Notice{Leg: agent, Prompts: toneDone} }

// BenchmarkTalkTurn is what it costs that somebody in a talk begins to speak and
// falls silent, with the norms of the cable company.
func BenchmarkTalkTurn(b *testing.B) {
	d, caller, _ := listens(&testing.T{}, func(c *Config) { c.Phrases.Profile = "cable" })
	for b.Loop() {
		d.now = d.now.Add(time.Second)
		d.c.Step(d.now, Heard{Event: media.TalkStarted{Leg: caller}})
		d.now = d.now.Add(time.Second)
		d.c.Step(d.now, Heard{Event: media.TalkStopped{Leg: caller}})
	}
}
