package center

import (
	"errors"
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// SceneView is a scene in a talk as a console shows it: what is to be said, how
// far it has come, and what it waits for.
type SceneView struct {
	Scene    string       `json:"scene"`
	Profile  string       `json:"profile"`
	Language string       `json:"language"`
	By       string       `json:"by"` // who began it
	Agent    fact.AgentID `json:"agent,omitempty"`
	// Speaks says that huawu says what it may.
	Speaks bool  `json:"speaks,omitempty"`
	Began  int64 `json:"began"` // wall clock, ms of the epoch
	// Step is the id of the present step, "" when the scene is over; Phase what
	// it waits for, Due until when at the latest, on the wall clock, 0 for never.
	Step  string     `json:"step,omitempty"`
	Phase flow.Phase `json:"phase,omitempty"`
	Due   int64      `json:"due,omitempty"`
	// Over is how it ended; Excuse the code by which hanging up is, or was,
	// excused.
	Over   flow.End      `json:"over,omitempty"`
	Excuse string        `json:"excuse,omitempty"`
	Values []PhraseValue `json:"values,omitempty"`
	Steps  []StepView    `json:"steps"`
}

// StepView is one step of a scene.
type StepView struct {
	ID   string `json:"id"`
	Step int    `json:"step"` // of the scene's steps as they are written, from 1
	// Lines are the wordings of which one is said, Again says that it is said
	// once more.
	Lines []LineView `json:"lines,omitempty"`
	Again int        `json:"again,omitempty"`
	Wait  int64      `json:"wait_ms,omitempty"`
	Do    string     `json:"do,omitempty"`
	Code  string     `json:"code,omitempty"` // of a hang-up
	Note  string     `json:"note,omitempty"`
	When  string     `json:"when,omitempty"`
	// How is what has become of it, At when, on the wall clock.
	How flow.How `json:"how,omitempty"`
	At  int64    `json:"at,omitempty"`
}

// LineView is one wording, filled in for the call: Script has 【】 round what is
// missing. System says that huawu says it.
type LineView struct {
	Key     string   `json:"key"`
	Script  string   `json:"script"`
	Missing []string `json:"missing,omitempty"`
	When    string   `json:"when,omitempty"`
	System  bool     `json:"system,omitempty"`
	Taken   bool     `json:"taken,omitempty"` // the one that is due, or was said
}

// sceneView is the scene of a call, nil where there was none.
func (c *Center) sceneView(k *contact) *SceneView {
	s := k.scene
	if s == nil {
		return nil
	}
	v := &SceneView{
		Scene: s.Flow.Scene.Key, Profile: s.Flow.Scene.Profile, Language: s.Flow.Scene.Language, By: s.By, Agent: s.Agent, Speaks: s.Speaks,
		Began: c.wall(s.Began), Over: s.Over, Excuse: s.Code, Values: slices.Clone(s.Values), Steps: []StepView{},
	}
	if s.on() {
		v.Step, v.Phase, v.Excuse = s.session.Node(), s.session.Phase(), k.call.Excuse
		if due, ok := s.session.Next(); ok {
			v.Due = c.wall(due)
		}
	}
	if s.lines == nil {
		s.lines = c.sceneLines(k, s)
	}
	at := 0
	for i := range s.Flow.Scene.Cues {
		q := &s.Flow.Scene.Cues[i]
		step := StepView{ID: q.ID, Step: q.Step, Again: q.Again, Wait: q.Wait.Milliseconds(), Do: q.Do, Code: q.Code, Note: q.Note, When: q.When}
		line := ""
		for j := len(s.Cued) - 1; j >= 0; j-- {
			if e := s.Cued[j]; e.Cue == q.ID {
				step.How, step.At, line = e.How, c.wall(e.At), e.Line
				break
			}
		}
		step.Lines = slices.Clone(s.lines[at : at+len(q.Say)])
		at += len(q.Say)
		for j := range step.Lines {
			step.Lines[j].Taken = step.Lines[j].Key == line
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// sceneLines are the wordings of a scene, filled in as things stand.
func (c *Center) sceneLines(k *contact, s *scene) []LineView {
	facts, values := c.facts(k, s), c.values(k, s)
	all := []LineView{}
	for _, q := range s.Flow.Scene.Cues {
		for _, l := range q.Say {
			r, err := s.book.Render(s.Scope, l.Key, facts, values)
			line := LineView{Key: l.Key, Script: r.Script, Missing: r.Missing, When: l.When, System: s.says(l) && err == nil}
			if err != nil && !errors.Is(err, phrase.ErrMissing) {
				if e, known := s.book.Resolve(s.Scope, l.Key); known == nil {
					line.Script = e.Template
				}
			}
			all = append(all, line)
		}
	}
	return all
}

// saved is a scene for a checkpoint; books are those of other versions than the
// configuration's.
func (s *scene) saved(present *phrase.Book, books *[]*phrase.Book) *scene {
	if s == nil {
		return nil
	}
	o := *s
	o.State = s.session.State()
	if o.Words = 0; s.book != present {
		i := slices.Index(*books, s.book)
		if i < 0 {
			i = len(*books)
			*books = append(*books, s.book)
		}
		o.Words = i + 1
	}
	return &o
}

// restored is a scene that a checkpoint has.
func (s *scene) restored(present *phrase.Book, books []*phrase.Book) error {
	if s == nil {
		return nil
	}
	if s.Words < 0 || s.Words > len(books) || s.Flow == nil || s.Flow.Scene == nil || s.Words == 0 && present == nil {
		return ErrInvalid
	}
	if s.book = present; s.Words > 0 {
		s.book = books[s.Words-1]
	}
	s.session = flow.Resume(s.Flow, s.State)
	s.State, s.Words = flow.State{}, 0
	return nil
}
