package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

var shipped = sync.OnceValues(phrase.Shipped)

// play is a scene in a test: who is there, what holds, and what the system may
// say.
type play struct {
	t     *testing.T
	book  *phrase.Book
	in    phrase.Scope
	flow  *Flow
	s     *Session
	now   fact.Instant
	led   bool
	speak bool
	facts phrase.Facts
	// untold does not hold, by the agent's word.
	untold []string
	out    strings.Builder
	token  int // of the play or the action under way
}

func newPlay(t *testing.T, profile, scene string) *play {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t: t, book: c.Book(phrase.Settings{Manner: phrase.Manner{Profile: profile}}), led: true, now: 1_000_000,
		facts: phrase.Facts{At: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}}
	p.flow, err = Compile(p.book, p.in, scene, 0)
	if err != nil {
		t.Fatal(err)
	}
	p.s = New(p.flow, nil)
	return p
}

func (p *play) stage() *Stage {
	return &Stage{
		Led: p.led,
		Holds: func(when string) (bool, bool) {
			if slices.Contains(p.untold, when) {
				return false, true
			}
			if when == "still_silent" {
				return true, true
			}
			return p.book.Holds(p.in, when, p.facts)
		},
		Speaks: func(line Line) []Prompt {
			if !p.speak || !line.System && p.led {
				return nil
			}
			r, err := p.book.Render(phrase.Scope{Language: p.flow.Language}, line.Key, p.facts, map[string]string{"agent_no": "1001"})
			if err != nil {
				return nil
			}
			return []Prompt{{Text: r.Spoken, Language: r.Language}}
		},
	}
}

func (p *play) step(in Input) []Action {
	acts := p.s.Step(fact.Moment{At: p.now}, Env{Stage: p.stage()}, in)
	for _, a := range acts {
		switch a := a.(type) {
		case Cued:
			fmt.Fprintf(&p.out, "    %s %s %s\n", a.Cue, a.How, a.Line)
		case Play:
			p.token = a.Token
			fmt.Fprintf(&p.out, "    play %s\n", a.Prompts[0].Text)
		case StopPlay:
			fmt.Fprintf(&p.out, "    stop play\n")
		case Act:
			p.token = a.Token
			q := p.flow.Cue(a.Cue)
			fmt.Fprintf(&p.out, "    do %s\n", strings.TrimSpace(q.Do+" "+q.Note))
		case Excuse:
			fmt.Fprintf(&p.out, "    excuse %q\n", a.Code)
		case Finished:
			fmt.Fprintf(&p.out, "    over: %s %s\n", a.Why, a.Code)
		default:
			p.t.Fatalf("a scene wants %T", a)
		}
	}
	return acts
}

// wait lets the timer of a pause fire.
func (p *play) wait() {
	due, ok := p.s.Next()
	if !ok {
		p.out.WriteString("    no timer\n")
		return
	}
	fmt.Fprintf(&p.out, "    after %s\n", due.Sub(p.now))
	p.now = due
	p.step(Tick{})
}

func (p *play) do(line string) {
	word, arg, _ := strings.Cut(line, " ")
	var in Input
	switch word {
	case "start":
		in = Start{}
	case "restart":
		text, err := json.Marshal(p.s.State())
		if err != nil {
			p.t.Fatal(err)
		}
		var st State
		if err := json.Unmarshal(text, &st); err != nil {
			p.t.Fatal(err)
		}
		p.s, in = Resume(p.flow, st), Start{}
	case "next":
		in = Next{Line: arg}
	case "skip":
		in = Skip{}
	case "again":
		in = Again{}
	case "stop":
		in = Stop{}
	case "played":
		in = PlayEnded{Token: p.token}
	case "unplayed":
		in = PlayEnded{Token: p.token, Failed: true}
	case "done":
		in = Returned{Token: p.token, Outcome: OutcomeDone}
	case "failed":
		in = Returned{Token: p.token, Outcome: OutcomeFailed}
	case "spoke":
		in = Talk{On: true}
	case "wait":
		p.wait()
		return
	case "holds":
		p.facts.Told = append(p.facts.Told, arg)
		return
	case "not":
		p.untold = append(p.untold, arg)
		return
	case "held":
		d, err := time.ParseDuration(arg)
		if err != nil {
			p.t.Fatal(err)
		}
		p.facts.Held = d
		return
	case "terminal":
		p.facts.Terminal = arg
		return
	case "spoken":
		p.speak = true
		return
	case "alone":
		p.led = false
		return
	default:
		p.t.Fatalf("unknown input %q", line)
	}
	if !p.s.Accepts(in) {
		p.out.WriteString("    refused\n")
	}
	p.step(in)
}

// A transcript has scenes ("-- PROFILE SCENE: what happens") with inputs, each
// with what came of it indented: "start", "restart" (through JSON, as after a
// crash), "next [KEY]", "skip", "again", "stop", "played", "unplayed", "done" and
// "failed" (of an action), "spoke" (the caller), "wait" (until the timer). Before
// the start: "spoken" (the system may speak), "alone" (no agent), "holds
// CONDITION", "not CONDITION", "held TIME", "terminal KIND".
func TestSceneTranscripts(t *testing.T) { golden(t, "testdata/scenes/*.txt", perform) }

func perform(t *testing.T, _, src string) string {
	t.Helper()
	var out strings.Builder
	var p *play
	for line := range strings.Lines(src) {
		line = strings.TrimRight(line, "\n")
		switch title, isTitle := strings.CutPrefix(line, "-- "); {
		case isTitle:
			what, _, _ := strings.Cut(title, ":")
			profile, scene, _ := strings.Cut(what, " ")
			p = newPlay(t, profile, scene)
			fmt.Fprintln(&out, line)
		case line == "":
			fmt.Fprintln(&out)
		case strings.HasPrefix(line, " "):
		default:
			fmt.Fprintln(&out, line)
			p.do(line)
			out.WriteString(p.out.String())
			p.out.Reset()
		}
	}
	return out.String()
}

// Every scene of the catalogue runs through to its end: ticked off by an agent,
// skipped, spoken by the system beside an agent, and by the system alone. None
// excuses a hang-up without its phrase and its pause.
func TestEverySceneRunsThrough(t *testing.T) {
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	scenes := 0
	for _, profile := range c.Profiles {
		for _, scene := range profile.Scenes {
			scenes++
			for _, language := range []string{phrase.Mandarin, phrase.English} {
				for _, way := range []string{"ticked", "skipped", "spoken", "alone", "unplayed", "failed"} {
					p := newPlay(t, profile.ID, scene.ID)
					if language == phrase.English {
						p.in.Language = language
						if p.flow, err = Compile(p.book, p.in, scene.ID, 1); err != nil {
							t.Fatal(err)
						}
						p.s = New(p.flow, nil)
					}
					runsThrough(t, p, way)
				}
			}
		}
	}
	if scenes != 108 {
		t.Errorf("%d scenes, want 108", scenes)
	}
}

func runsThrough(t *testing.T, p *play, way string) {
	t.Helper()
	p.speak, p.led = way == "spoken" || way == "alone" || way == "unplayed", way != "alone"
	name := string(p.flow.ID) + " " + p.flow.Language + " " + way
	said, paused, excused := false, false, ""
	note := func(acts []Action) {
		for _, a := range acts {
			switch a := a.(type) {
			case Cued:
				q := p.flow.Cue(a.Cue)
				switch {
				case a.How == HowSaid || a.How == HowPlayed:
					said, paused = true, false
				case len(q.Say) > 0 && (a.How == HowSkipped || a.How == HowPassed || a.How == HowUnplayed):
					said, paused = false, false
				case a.How == HowWaited:
					paused = said
				}
			case Excuse:
				excused = a.Code
				if a.Code != "" && !said || a.Code != "" && !paused && a.Code != codeSilent {
					t.Errorf("%s: %s excuses a hang-up that nothing was said for, or no pause made", name, a.Code)
				}
			case Finished:
				if a.Why != EndHungUp && excused != "" {
					t.Errorf("%s: over as %s, and %s excuses still", name, a.Why, excused)
				}
				if a.Why == EndHungUp && a.Code == "" {
					t.Errorf("%s: hung up without a code", name)
				}
			}
		}
	}
	failed := ""
	note(p.step(Start{}))
	for n := 0; !p.s.Over(); n++ {
		if n > 200 {
			t.Fatalf("%s: it does not end:\n%s", name, p.out.String())
		}
		var in Input
		switch p.s.Phase() {
		case PhaseSpeak:
			in = PlayEnded{Token: p.token, Failed: way == "unplayed"}
		case PhasePause:
			p.now, _ = p.s.Next()
			in = Tick{}
		case PhaseAct:
			in = Returned{Token: p.token, Outcome: OutcomeDone}
			if failed = p.s.Node(); way == "failed" {
				in = Returned{Token: p.token, Outcome: OutcomeFailed}
			}
		case PhaseAsk, PhaseShow, PhaseOffer, PhaseExcuse:
			in = Next{}
			if way == "skipped" || way == "failed" && failed == p.s.Node() {
				in = Skip{}
			}
		default:
			t.Fatalf("%s: it waits for %s", name, p.s.Phase())
		}
		if !p.s.Accepts(in) {
			t.Fatalf("%s: it waits for %s and does not take %T", name, p.s.Phase(), in)
		}
		if at, ok := p.s.Next(); ok != (p.s.Phase() == PhaseSpeak || p.s.Phase() == PhasePause) || ok && at < p.now {
			t.Fatalf("%s: in %s the timer is %v, %v at %v", name, p.s.Phase(), at, ok, p.now)
		}
		note(p.step(in))
	}
}

// No profile's scene is compiled of another's, and only phrases that the system
// may say are marked so.
func TestCompiledScenesAreTheProfiles(t *testing.T) {
	for profile, scene := range map[string]string{"cable": "unrelated", "gov12345": "agitated", "cm10086": "wont_hang_up"} {
		for other := range map[string]bool{"cable": true, "gov12345": true, "cm10086": true} {
			c, _ := shipped()
			_, err := Compile(c.Book(phrase.Settings{Manner: phrase.Manner{Profile: other}}), phrase.Scope{}, scene, 0)
			if has := c.Profile(other).Scene(scene) != nil; has != (err == nil) {
				t.Errorf("%s of %s compiled for %s: %v", scene, profile, other, err)
			}
		}
	}
	p := newPlay(t, "gov12345", "silent_call")
	for _, q := range p.flow.Scene.Cues {
		if len(q.Say) > 0 && !q.Say[0].System {
			t.Errorf("%s is not for the system", q.Say[0].Key)
		}
	}
	if !p.flow.Scene.Silent || p.flow.Scene.Private {
		t.Errorf("the silent call is silent %v, private %v", p.flow.Scene.Silent, p.flow.Scene.Private)
	}
	if p := newPlay(t, "cm10086", "need_id"); !p.flow.Scene.Private {
		t.Error("who tells an identity card's number is recorded")
	}
}
