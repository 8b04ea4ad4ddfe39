package center

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// The operations on scenes (SPEC PHR-4 to PHR-7, CTI-7). Agent is who of the talk
// acts, "" for the one who has it.
type (
	// StartScene begins a scene of the talk's profile.
	StartScene struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent,omitempty"`
		Scene string       `json:"scene"`
		// Values are those of variables, Holds conditions that hold, Hold is how
		// long a wait of the caller's is going to take, 0 for none.
		Values []PhraseValue `json:"values,omitempty"`
		Holds  []string      `json:"holds,omitempty"`
		Hold   time.Duration `json:"hold,omitempty"`
		// Opened says that the opening was said: the scene begins after it.
		Opened bool `json:"opened,omitempty"`
		// Shown leaves everything to the agent, also what the system may say.
		Shown bool `json:"shown,omitempty"`
	}
	// NextStep ticks the present step off: it was said, is to be done, or its
	// condition holds. Line is the phrase that was said of several.
	NextStep struct {
		Call   fact.CallID   `json:"call"`
		Line   string        `json:"line,omitempty"`
		Values []PhraseValue `json:"values,omitempty"`
	}
	// SkipStep passes the present step over, RepeatStep says the last phrase
	// once more, StopScene ends the scene.
	SkipStep struct {
		Call fact.CallID `json:"call"`
	}
	RepeatStep struct {
		Call fact.CallID `json:"call"`
	}
	StopScene struct {
		Call fact.CallID `json:"call"`
	}
)

// SayText has both sides of a talk hear some words as soon as they are spoken,
// at once where they have been before: Language "" is Mandarin.
type SayText struct {
	Call     fact.CallID  `json:"call"`
	Agent    fact.AgentID `json:"agent,omitempty"`
	Text     string       `json:"text"`
	Language string       `json:"language,omitempty"`
}

func (SayText) operation()    {}
func (StartScene) operation() {}
func (NextStep) operation()   {}
func (SkipStep) operation()   {}
func (RepeatStep) operation() {}
func (StopScene) operation()  {}

// PhraseValue is what a variable of phrases is filled in with.
type PhraseValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
