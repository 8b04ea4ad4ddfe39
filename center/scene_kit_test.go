package center

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/phrase"
)

// speaking is a centre that speaks by a profile, with the audio of all that it
// may say.
func speaking(profile string, change ...func(*Config)) func(*Config) {
	return func(c *Config) {
		welcomes(c)
		on := true
		c.Country, c.Zone = "CN", "Asia/Shanghai"
		c.Phrases.Manner = phrase.Manner{Profile: profile, AutoPlay: &on}
		for _, id := range norms.IDs() { // scenes alone
			rule(id, norms.Off)(c)
		}
		all, err := shipped()
		if err != nil {
			panic(err)
		}
		for i, p := range append(ScenePrompts(all, c.Phrases), NormPrompts(all, c)...) {
			if !slices.ContainsFunc(c.Prompts, func(f PromptFile) bool { return f.Key == p.Key() }) {
				c.Prompts = append(c.Prompts, PromptFile{Key: p.Key(), Path: fmt.Sprintf("/p/%d", i)})
			}
		}
		for _, f := range change {
			f(c)
		}
	}
}

func unrecorded(c *Config) { c.Unrecorded = true }

// talks is a caller in a talk with an agent.
func (d *desk) talks(from string) (caller, agent fact.LegID, id fact.CallID) {
	d.t.Helper()
	caller = d.arrive("PJSIP/out", from, "4001")
	d.greeted(caller)
	agent, _ = d.rings()
	if agent == "" {
		d.t.Fatalf("nobody is rung: %+v", d.out)
	}
	room := d.c.of(agent).call.Room
	d.hear(media.LegAnswered{Leg: agent})
	for _, leg := range []fact.LegID{caller, agent} {
		d.hear(media.Joined{Leg: leg, Room: room})
	}
	return caller, agent, d.c.of(caller).call.ID
}

// ask is an operation that must succeed; try one that may not.
func (d *desk) ask(op Operation) {
	d.t.Helper()
	if err := d.try(op); err != nil {
		d.t.Fatalf("%T: %v", op, err)
	}
}

func (d *desk) try(op Operation) error {
	d.t.Helper()
	d.step(Asked{Request: "r", By: "chen", Op: op})
	for _, e := range d.out {
		if r, ok := e.(Reply); ok && r.Code != "" {
			return fmt.Errorf("%w: %s", ErrorOf(r.Code), r.Message)
		}
	}
	return nil
}

// tick lets the next timer of the centre fire.
func (d *desk) tick() time.Duration {
	d.t.Helper()
	at, ok := d.c.Next()
	if !ok {
		d.t.Fatal("nothing is due")
	}
	past := at.Sub(d.now)
	d.now = at
	d.step(Tick{})
	return past
}

// sent are the commands of the last input, the short way.
func (d *desk) sent() string {
	var all []string
	for _, e := range d.out {
		s, ok := e.(Send)
		if !ok {
			continue
		}
		switch m := s.Command.(type) {
		case media.Play:
			all = append(all, "play "+fact.Native(m.Leg)+" "+m.Prompts[0].File)
		case media.StopPlay:
			all = append(all, "stop "+fact.Native(m.Leg))
		case media.Mute:
			all = append(all, fmt.Sprintf("mute %s %v", fact.Native(m.Leg), m.On))
		case media.DetectTalk:
			if strings.HasPrefix(fact.Native(m.Leg), "in-") { // the agent is listened to as well
				all = append(all, fmt.Sprintf("detect in-1 %v", m.On))
			}
		case media.MuteRecord:
			all = append(all, fmt.Sprintf("mask %v", m.On))
		case media.Hold:
			all = append(all, "hold "+fact.Native(m.Leg))
		case media.Unhold:
			all = append(all, "unhold "+fact.Native(m.Leg))
		case media.Hangup:
			all = append(all, "hangup "+fact.Native(m.Leg))
		}
	}
	return strings.Join(all, "; ")
}

// happened are the events of scenes and to leaders of the last input.
func (d *desk) happened() string {
	var all []string
	for _, e := range d.out {
		e, ok := e.(Emit)
		if !ok {
			continue
		}
		switch e := e.Event; e.Kind {
		case fact.SceneBegan, fact.SceneEnded:
			all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", e.Kind, e.Name, e.Reason, e.To)))
		case fact.SceneStep:
			all = append(all, fmt.Sprintf("%d %s %s", e.Step, e.Reason, e.To))
		case fact.SceneExcused:
			all = append(all, fmt.Sprintf("excused %q", e.Reason))
		case fact.AlertLeader:
			all = append(all, fmt.Sprintf("leader %s %s %s", e.Name, e.To, e.Note))
		case fact.RecordPaused, fact.RecordResumed:
			all = append(all, string(e.Kind))
		}
	}
	return strings.Join(all, "; ")
}

func (d *desk) want(sent, happened string) {
	d.t.Helper()
	if got := d.sent(); got != sent {
		d.t.Errorf("orders %q, want %q", got, sent)
	}
	if got := d.happened(); got != happened {
		d.t.Errorf("happened %q, want %q", got, happened)
	}
}

// played is the end of the play that the leg heard last.
func (d *desk) played(leg fact.LegID, result media.PlayResult) {
	d.t.Helper()
	s := d.c.of(leg).call.Speech
	if s == nil {
		d.t.Fatal("nothing is said")
	}
	d.hear(media.PlayEnded{Play: s.Play, Leg: leg, Result: result})
}

var shipped = sync.OnceValues(phrase.Shipped)

func scenePath(t *testing.T, c *Config, key string) string {
	t.Helper()
	all, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	p, ok := scenePrompt(all.Book(c.Phrases), phrase.Scope{}, key)
	if !ok {
		t.Fatalf("there is no %s", key)
	}
	for _, f := range c.Prompts {
		if f.Key == p.Key() {
			return f.Path
		}
	}
	t.Fatalf("%s has no audio", key)
	return ""
}
