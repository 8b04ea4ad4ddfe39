package norms

import "github.com/huawu/huawu/fact"

// Effect is one thing that a Watch wants done or told, in the order given. The
// set is closed: the types below.
type Effect interface {
	// About is the call that it is about, "" for an agent's own affairs.
	About() fact.CallID
	effect()
}

// Subject is what an effect is about: a rule, and the call or agent. Call is ""
// for an agent's own affairs, such as leaving the seat.
type Subject struct {
	Rule  string       `json:"rule"`
	Call  fact.CallID  `json:"call,omitempty"`
	Queue fact.QueueID `json:"queue,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Leg   fact.LegID   `json:"leg,omitempty"` // the agent's, if it is one leg's affair
}

// About is the call.
func (s Subject) About() fact.CallID { return s.Call }

// Amounts says by how much: Value against Limit, in milliseconds for a duration,
// else in what the rule counts.
type Amounts struct {
	Value int64 `json:"value"`
	Limit int64 `json:"limit"`
}

// SoundBeep is the tone of nudges.
const SoundBeep = "beep"

// The effects.
type (
	// Broken says that a rule is broken from now on; Since is when what breaks it
	// began. Times is from 1: the same rule may be broken again in one call.
	Broken struct {
		Subject
		Amounts
		Since fact.Instant `json:"since"`
		Times int          `json:"times"`
	}
	// Mended says that what was broken is so no more: put right, or the call is
	// over (Over). Lasted is in milliseconds.
	Mended struct {
		Subject
		Lasted int64 `json:"lasted"`
		Over   bool  `json:"over,omitempty"`
	}
	// Nudge tells an agent something: Why is what about, a word of the rule's;
	// Phrase is the key of what the agent ought to say, "" for nothing; Sound is a
	// tone that the agent alone may hear, "" for none.
	Nudge struct {
		Subject
		Why    string `json:"why"`
		Phrase string `json:"phrase,omitempty"`
		Sound  string `json:"sound,omitempty"`
		Amounts
	}
	// Tell tells the leader.
	Tell struct {
		Subject
		Why string `json:"why"`
		Amounts
	}
	// Act asks for what the rule enforces; What is a word of the rule's.
	Act struct {
		Subject
		What string `json:"what"`
	}
)

func (Broken) effect() {}
func (Mended) effect() {}
func (Nudge) effect()  {}
func (Tell) effect()   {}
func (Act) effect()    {}
