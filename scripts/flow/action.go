package flow

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Input is one thing that a session is told. The set is closed.
type Input interface{ input() }

// The inputs.
type (
	// Start begins the flow, or enters its present node again after a
	// restart of the controller: what was playing plays anew.
	Start struct{}
	// PlayEnded says that the play with this token is over. A token that is
	// not the present one is late and changes nothing.
	PlayEnded struct {
		Token  int  `json:"token"`
		Failed bool `json:"failed,omitempty"`
	}
	// Digit is one key.
	Digit struct {
		Key string `json:"key"`
	}
	// Returned says what came of Enqueue, Do, Lookup and the like: the node goes on by it.
	Returned struct {
		Token   int     `json:"token"`
		Outcome Outcome `json:"outcome"`
		// Values are the fields that a Lookup has asked for, in their order.
		Values []string `json:"values,omitempty"`
	}
	// Talk says that the caller speaks, or has fallen silent, while a message
	// is recorded.
	Talk struct {
		On bool `json:"on"`
	}
	// Tick lets timers that are due fire.
	Tick struct{}
)

func (Start) input()     {}
func (PlayEnded) input() {}
func (Digit) input()     {}
func (Returned) input()  {}
func (Talk) input()      {}
func (Tick) input()      {}

// Outcome is what came of Enqueue or Do.
type Outcome string

// The outcomes.
const (
	OutcomeTalked  Outcome = "talked"  // the agent hung up, the caller is still there
	OutcomeRemoved Outcome = "removed" // taken out of line without a talk
	OutcomeDone    Outcome = "done"    // Do worked
	OutcomePending Outcome = "pending" // Do was asked for, and waits for somebody's answer
	OutcomeDenied  Outcome = "denied"  // Do was refused: wrong PIN, not signed in, …
	OutcomeFailed  Outcome = "failed"  // a callback or a message is not in the store
	OutcomeInvalid Outcome = "invalid" // the number cannot be called back
	OutcomeShort   Outcome = "short"   // nothing was said
	OutcomeMissing Outcome = "missing" // the other system knows nothing of it
	OutcomeSpoke   Outcome = "spoke"   // the caller of a scene for callers who say nothing
	OutcomeHungUp  Outcome = "hung-up" // a scene has come to its hang-up
	// Why a line did not take or keep the caller; a branch of the node may
	// say where each goes on.
	OutcomeFull      Outcome = "full"
	OutcomeTimeout   Outcome = "timeout"
	OutcomeUnstaffed Outcome = "unstaffed"
	OutcomeLongWait  Outcome = "long-wait"
	OutcomeClosed    Outcome = "closed"
	OutcomeNamed     Outcome = "named" // asked for one agent where that is not allowed
)

// Action is one thing that a session wants done, in the order given.
type Action interface{ action() }

// The actions. A token is minted by the session, counts from 1 and is never
// reused within it.
type (
	// Answer picks up. A session asks for it before its first sound.
	Answer struct{}
	// Play lets the caller hear prompts; PlayEnded answers with the token.
	Play struct {
		Token    int      `json:"token"`
		Prompts  []Prompt `json:"prompts"`
		Language string   `json:"language,omitempty"`
	}
	// StopPlay ends the play early; its PlayEnded is late then.
	StopPlay struct {
		Token int `json:"token"`
	}
	// Enqueue puts the caller in line; Returned answers with the token.
	Enqueue struct {
		Token    int          `json:"token"`
		Queue    fact.QueueID `json:"queue"`
		Needs    string       `json:"needs,omitempty"`
		Priority int          `json:"priority"`
		// Prefer is the agent to wait a while for, Named says that the caller
		// has asked for that agent. Level is the caller's rank.
		Prefer fact.AgentID `json:"prefer,omitempty"`
		Named  bool         `json:"named,omitempty"`
		Level  string       `json:"level,omitempty"`
		// Third is a number to be brought into the talk, "" for none.
		Third string `json:"third,omitempty"`
	}
	// Told says what a caller is told next: the place in line, or the bounds
	// of the wait in milliseconds, 0 for neither.
	Told struct {
		Position int   `json:"position,omitempty"`
		Low      int64 `json:"low_ms,omitempty"`
		High     int64 `json:"high_ms,omitempty"`
	}
	// Leave takes the caller out of the line that the token is of. Nothing
	// returns.
	Leave struct {
		Token int `json:"token"`
	}
	// Do asks for a deed outside the flow, such as "agent.sign-in", with the
	// variables of the session that it names; Returned answers.
	Do struct {
		Token int   `json:"token"`
		Verb  Verb  `json:"verb"`
		Args  []Arg `json:"args,omitempty"`
	}
	// Lookup asks another system over HTTP; Returned answers with the values of
	// the fields.
	Lookup struct {
		Token   int           `json:"token"`
		Method  string        `json:"method"`
		URL     string        `json:"url"`
		Headers []Header      `json:"headers,omitempty"`
		Body    []Arg         `json:"body,omitempty"`
		Fields  []string      `json:"fields,omitempty"`
		Timeout time.Duration `json:"timeout"`
		Cache   time.Duration `json:"cache,omitempty"`
	}
	// Transfer calls a number or an agent and gives the call there; Returned
	// answers with the token when nobody has taken it, with Back also when the talk
	// is over.
	Transfer struct {
		Token   int           `json:"token"`
		Number  string        `json:"number,omitempty"`
		Agent   fact.AgentID  `json:"agent,omitempty"`
		Timeout time.Duration `json:"timeout"`
		Back    bool          `json:"back,omitempty"`
	}
	// PlayScene has a scene of standard phrases gone through with the caller;
	// Returned answers. StopScene ends it early, and nothing returns.
	PlayScene struct {
		Token    int          `json:"token"`
		Key      string       `json:"key"`
		Queue    fact.QueueID `json:"queue,omitempty"`
		Language string       `json:"language,omitempty"`
		Holds    []string     `json:"holds,omitempty"`
		With     []Arg        `json:"with,omitempty"`
	}
	StopScene struct {
		Token int `json:"token"`
	}
	// Callback asks for a promise to call back; Returned answers. Own says that
	// the number is the caller's own.
	Callback struct {
		Token  int          `json:"token"`
		Queue  fact.QueueID `json:"queue,omitempty"`
		Agent  fact.AgentID `json:"agent,omitempty"`
		Own    bool         `json:"own,omitempty"`
		Number string       `json:"number,omitempty"`
		Reason string       `json:"reason,omitempty"`
	}
	// Record begins to record a message; Talk tells when the caller speaks, and
	// falls silent for Quiet. Below Briefly it is none.
	Record struct {
		Token   int           `json:"token"`
		Queue   fact.QueueID  `json:"queue,omitempty"`
		Agent   fact.AgentID  `json:"agent,omitempty"`
		Reason  string        `json:"reason,omitempty"`
		Quiet   time.Duration `json:"quiet"`
		Briefly time.Duration `json:"briefly"`
		// Take says that it is a take of the phrase with that number.
		Take   bool   `json:"take,omitempty"`
		Phrase string `json:"phrase,omitempty"`
		// Own says that it is to be the recording of who speaks, an agent.
		Own bool `json:"own,omitempty"`
	}
	// StopRecord ends a message; Returned answers Record once it is kept.
	StopRecord struct {
		Token int `json:"token"`
	}
	// Entered says that the session is at a node now.
	Entered struct {
		// Flow is the subflow, "" for the flow that the session began with.
		Flow fact.FlowID `json:"flow,omitempty"`
		Node string      `json:"node"`
	}
	// Survey says that the caller is asked for a rating, or, with a Score, what
	// the answer is: 1 is the best of Of, Of the worst. Name is what it means.
	Survey struct {
		Of    int    `json:"of"`
		Score int    `json:"score,omitempty"`
		Name  string `json:"name,omitempty"`
	}
	// Hangup ends the call; the flow is over. Broken is set when the flow
	// could not go on as it was written.
	Hangup struct {
		Cause  int    `json:"cause,omitempty"` // Q.850, 0 means 16
		Broken string `json:"broken,omitempty"`
	}
)

func (Answer) action()     {}
func (Play) action()       {}
func (StopPlay) action()   {}
func (Enqueue) action()    {}
func (Told) action()       {}
func (Leave) action()      {}
func (Do) action()         {}
func (Callback) action()   {}
func (Lookup) action()     {}
func (Transfer) action()   {}
func (PlayScene) action()  {}
func (StopScene) action()  {}
func (Record) action()     {}
func (StopRecord) action() {}
func (Entered) action()    {}
func (Survey) action()     {}
func (Hangup) action()     {}

// Verb is a deed that a flow can ask for.
type Verb string

// The verbs.
const (
	VerbSignIn   Verb = "agent.sign-in"   // args agent, pin
	VerbSignOut  Verb = "agent.sign-out"  // the agent of this phone
	VerbReady    Verb = "agent.ready"     // the agent of this phone
	VerbNotReady Verb = "agent.not-ready" // arg reason: a key of the flow's choice or a reason's name
	// VerbSupervise has this phone listen to the talk of an agent (arg agent)
	// and ends the flow.
	VerbSupervise Verb = "agent.supervise"
	// VerbRecord makes the call's take the recording of its phrase.
	VerbRecord Verb = "phrase.record"
)

// Arg is a named value, in the order the flow gives them.
type Arg struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Secret values, such as a PIN, are never shown.
	Secret bool `json:"secret,omitempty"`
}

// Prompt is one piece of speech: a recorded file, or text to be spoken.
// Exactly one of File, Sound, Text, Silence, Digits, Phrase and Take is set.
type Prompt struct {
	// File is relative to the tenant's prompt folder, without extension.
	File string `json:"file,omitempty" yaml:"file"`
	// Sound is one of the switch's own sounds, such as "beep".
	Sound string `json:"sound,omitempty" yaml:"sound"`
	// Text is spoken by the text-to-speech engine and cached.
	Text string `json:"text,omitempty" yaml:"text"`
	// Silence is milliseconds.
	Silence int `json:"silence,omitempty" yaml:"silence"`
	// Digits is a variable whose digits are read out one by one.
	Digits string `json:"digits,omitempty" yaml:"digits"`
	// Phrase is the key of a standard phrase, filled in with With by the ids
	// of its variables. It is worded as Queue speaks, "" for the tenant, in a
	// line for the line's queue. Else is heard when a variable of the call has
	// no value that can be spoken.
	Phrase string           `json:"phrase,omitempty" yaml:"phrase"`
	With   map[string]Value `json:"with,omitempty" yaml:"with"`
	Queue  fact.QueueID     `json:"queue,omitempty" yaml:"queue"`
	Else   *Prompt          `json:"else,omitempty" yaml:"else"`
	// Take is what was said last for a phrase in this call.
	Take bool `json:"take,omitempty" yaml:"take"`
	// Others are what Text is in other languages, for callers who choose one.
	Others []Wording `json:"others,omitempty" yaml:"others"`
	// Language is "zh" or "en", of a file a dialect, too; "" for what the caller
	// has chosen, or the flow's. The prompts of an action
	// and those that Flow.Prompts lists have it set.
	Language string `json:"language,omitempty" yaml:"language"`
}
