package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// Scene is what a flow has that is a scene of standard phrases: cues in the
// place of nodes (SPEC PHR-5). Each is for the system, whom both sides of the
// talk hear, or for the agent, who is shown it and ticks it off (PHR-4).
type Scene struct {
	Key      string `json:"key"`
	Profile  string `json:"profile"`
	Language string `json:"language"`
	// Silent says that the scene is for a caller who says nothing: a word of
	// the caller's ends it (PHR-5). Private says that the caller tells what is
	// not to be recorded (RUL-PRV-2).
	Silent  bool  `json:"silent,omitempty"`
	Private bool  `json:"private,omitempty"`
	Cues    []Cue `json:"cues"`
}

// Cue is one thing of a scene: one of Say, Wait and Do.
type Cue struct {
	ID string `json:"id"`
	// Step is the scene's step that it is of, from 1; Again counts how often
	// the phrase is said once more.
	Step  int `json:"step"`
	Again int `json:"again,omitempty"`
	// Say are wordings of which one is said.
	Say  []Line        `json:"say,omitempty"`
	Wait time.Duration `json:"wait,omitempty"`
	// Do is one of phrase.Actions. Code is what a hang-up is excused by
	// (RUL-END-2), System that huawu may do it; Note what else the norms say of
	// the action.
	Do     string `json:"do,omitempty"`
	Code   string `json:"code,omitempty"`
	System bool   `json:"system,omitempty"`
	Note   string `json:"note,omitempty"`
	// Due is the term of a callback as the norms word it, such as "24h".
	Due string `json:"due,omitempty"`
	// When is the condition that it needs, "" for none.
	When string `json:"when,omitempty"`
	Next string `json:"next,omitempty"` // "" at the end
}

// Line is a wording by the key of its phrase.
type Line struct {
	Key string `json:"key"`
	// When is the condition that the wording needs among several.
	When string `json:"when,omitempty"`
	// System says that huawu may say it (PHR-4), Listed that it is a list of
	// words to be used and not said as it stands.
	System bool `json:"system,omitempty"`
	Listed bool `json:"listed,omitempty"`
}

// Opened leaves out what the scene opens a call with, and the pause after it: the
// agent has said it.
func (s *Scene) Opened() {
	cues := s.Cues
	for len(cues) > 0 && len(cues[0].Say) > 0 && strings.HasSuffix(cues[0].Say[0].Key, ".opening") {
		if cues = cues[1:]; len(cues) > 0 && cues[0].Wait > 0 {
			cues = cues[1:]
		}
	}
	if len(cues) > 0 {
		s.Cues = cues
	}
}

// speechLimit is when a phrase that does not end is given up: MaxText takes
// about as long to be read out.
const speechLimit = 2 * time.Minute

// sceneID begins the ids of the flows that are scenes.
const sceneID = "scene/"

// The pauses before a hang-up where the scene has none (RUL-END-2).
const (
	excusePause = 2 * time.Second
	abusePause  = time.Second
	idlePause   = 5 * time.Second // RUL-END-6
)

// excused are hang-ups that the norms allow after a phrase though the scene has
// no step for them: three cases of abuse (RUL-ESC-1), and who will not hang up
// (RUL-END-6).
var excused = []struct {
	profile, key, code string
	pause              time.Duration
}{
	{"cable", "abuse.end_pestering", "abuse", abusePause},
	{"cable", "abuse.insulting", "insult", abusePause},
	{"cm10086", "wont_hang_up.end", "wont_hang_up", idlePause},
}

// codeSilent is the excuse for hanging up on nobody.
const codeSilent = "silent_call"

// codesAbuse are the excuses that are preceded by the short pause.
var codesAbuse = []string{"abuse", "insult"}

// private are the scenes in which callers tell what is not to be recorded.
var private = []string{"need_id"}

// Compile makes a scene into what the step machine runs. Nothing is rendered
// yet: what is said is filled in when its turn comes. Turn takes turns among
// wordings that are as good. Errors wrap phrase.ErrUnknown or
// phrase.ErrNoProfile.
func Compile(b *phrase.Book, in phrase.Scope, id string, turn int) (*Flow, error) {
	scene, language, err := b.Scene(in, id)
	if err != nil {
		return nil, err
	}
	profile, err := b.Profile(in)
	if err != nil {
		return nil, err
	}
	c := compiler{book: b, in: in, turn: turn, out: Scene{Key: id, Profile: profile.ID, Language: language, Private: slices.Contains(private, id)}}
	c.in.Language = language
	for i := range scene.Steps {
		c.step(scene.Steps, i)
	}
	c.after()
	c.out.link()
	return &Flow{ID: fact.FlowID(sceneID + profile.ID + "/" + id), Language: language, PlayLimit: speechLimit, Scene: &c.out}, nil
}

// compiler makes cues of steps.
type compiler struct {
	book  *phrase.Book
	in    phrase.Scope
	turn  int
	out   Scene
	taken []string // groups of alternatives
}

func (c *compiler) add(step, nth int, cue Cue) {
	cue.ID, cue.Step = strconv.Itoa(step+1), step+1
	if nth > 0 {
		cue.ID += "." + strconv.Itoa(nth)
	}
	c.out.Cues = append(c.out.Cues, cue)
}

func (c *compiler) step(steps []phrase.Step, i int) {
	switch s := &steps[i]; {
	case s.Say != "":
		c.says(steps, i)
	case s.Repeat != "":
		line, ok := c.line(s.Repeat)
		for n := range s.Times {
			if ok {
				c.add(i, n, Cue{Say: []Line{line}, Again: n + 1, When: s.When})
			}
		}
	case s.Wait > 0:
		c.add(i, 0, Cue{Wait: s.Pause()})
	case s.Action == phrase.ActHangup:
		c.hangup(i, s.Reason, s.When, s.By != phrase.ByTheAgent)
	default:
		c.add(i, 0, Cue{Do: s.Action, When: s.When, Note: note(s), Due: s.Due})
	}
}

// line is a wording, false for one that there is not: of another language, or
// left for the tenant to supply.
func (c *compiler) line(key string) (Line, bool) {
	e, err := c.book.Resolve(c.in, key)
	if err != nil {
		return Line{}, false
	}
	return Line{Key: key, System: e.Phrase.Plays(),
		Listed: e.Phrase.Delivery == phrase.DeliveryLexicon}, true
}

// says is a step that says something. Alternatives become one cue, those of no
// condition by turns.
func (c *compiler) says(steps []phrase.Step, i int) {
	s := &steps[i]
	if !s.In(c.out.Language) || s.OneOf != "" && slices.Contains(c.taken, s.OneOf) {
		return
	}
	cue := Cue{When: s.When}
	if s.OneOf == "" {
		if line, ok := c.line(s.Say); ok {
			cue.Say = []Line{line}
			c.add(i, 0, cue)
			c.excuse(i, s.Say)
		}
		return
	}
	c.taken = append(c.taken, s.OneOf)
	var plain []Line
	same := true
	for j := range steps {
		o := &steps[j]
		if o.OneOf != s.OneOf || !o.In(c.out.Language) {
			continue
		}
		line, ok := c.line(o.Say)
		if !ok {
			continue
		}
		if line.When = o.When; o.When == "" {
			plain = append(plain, line)
		} else {
			cue.Say = append(cue.Say, line)
		}
		same = same && o.When == s.When
	}
	if n := len(plain); n > 0 {
		at := max(c.turn, 0) % n
		cue.Say = append(append(cue.Say, plain[at:]...), plain[:at]...)
	}
	switch {
	case len(cue.Say) == 0:
		return
	case same && s.When != "": // all need the same: that is the cue's
		for j := range cue.Say {
			cue.Say[j].When = ""
		}
		at := max(c.turn, 0) % len(cue.Say)
		cue.Say = append(slices.Clone(cue.Say[at:]), cue.Say[:at]...)
	default:
		cue.When = ""
	}
	c.add(i, 0, cue)
}

// excuse adds the hang-up that a phrase excuses without a step for it.
func (c *compiler) excuse(i int, key string) {
	for _, e := range excused {
		if e.profile == c.out.Profile && e.key == key {
			c.add(i, 1, Cue{Wait: e.pause})
			c.add(i, 2, Cue{Do: phrase.ActHangup, Code: e.code})
		}
	}
}

// hangup is a hang-up, after a pause: the scene's own, or that of the norms.
// Nobody needs one who was not heard at all.
func (c *compiler) hangup(i int, code, when string, system bool) {
	c.out.Silent = c.out.Silent || code == codeSilent
	if n := len(c.out.Cues); code != codeSilent && (n == 0 || c.out.Cues[n-1].Wait == 0) {
		pause := excusePause
		if slices.Contains(codesAbuse, code) {
			pause = abusePause
		}
		c.add(i, 1, Cue{Wait: pause})
	}
	c.add(i, 0, Cue{Do: phrase.ActHangup, Code: code, When: when, System: system})
}

// after brings what is to be done after a hang-up before it: then nobody is
// there to do it.
func (c *compiler) after() {
	cues := c.out.Cues
	for i := range cues {
		if cues[i].Do != phrase.ActHangup {
			continue
		}
		for j := i + 1; j < len(cues) && cues[j].Do != "" && cues[j].Do != phrase.ActHangup; j++ {
			cues[j-1], cues[j] = cues[j], cues[j-1]
			if cues[j-1].When == "" {
				cues[j-1].When = cues[j].When
			}
		}
	}
}

// note is what the norms say of an action besides, for people to read.
func note(s *phrase.Step) string {
	var all []byte
	add := func(name, value string) {
		if value != "" {
			if len(all) > 0 {
				all = append(all, "; "...)
			}
			all = fmt.Appendf(all, "%s %s", name, value)
		}
	}
	add("to", s.To)
	add("due", s.Due)
	add("assignee", s.Assignee)
	add("priority", s.Priority)
	add("when", s.Trigger)
	add("form", s.Form)
	add("kind", s.Kind)
	add("via", s.Via)
	return string(all)
}

// Cue is the cue of that id, nil for none.
func (f *Flow) Cue(id string) *Cue {
	if f.Scene == nil {
		return nil
	}
	for i := range f.Scene.Cues {
		if f.Scene.Cues[i].ID == id {
			return &f.Scene.Cues[i]
		}
	}
	return nil
}

// belongs says whether a cue passes with the phrase before it: a pause after
// what was not said is none, and excuses no hang-up.
func (q *Cue) belongs() bool { return q.Wait > 0 || q.Do == phrase.ActHangup }
