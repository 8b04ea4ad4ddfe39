package center

import (
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// Operation is what REST, CLI and console can ask for. The set is closed.
type Operation interface{ operation() }

// The operations on agents.
type (
	// SignIn binds an agent to an endpoint. Whoever asks has been
	// authenticated; the PIN has been checked where one is asked for.
	SignIn struct {
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint"`
		Ready    bool          `json:"ready,omitempty"`
		// Handover is before the shift: signed in, and no calls yet.
		Handover bool `json:"handover,omitempty"`
	}
	// SignOut makes an agent OFFLINE.
	SignOut struct {
		Agent fact.AgentID `json:"agent"`
	}
	// Ready makes an agent READY.
	Ready struct {
		Agent fact.AgentID `json:"agent"`
	}
	// NotReady pauses an agent, or asks for the pause if it must be granted.
	NotReady struct {
		Agent  fact.AgentID        `json:"agent"`
		Reason routing.PauseReason `json:"reason"`
	}
	// SetSkills replaces an agent's skills until the centre is configured
	// anew.
	SetSkills struct {
		Agent  fact.AgentID    `json:"agent"`
		Skills []routing.Skill `json:"skills"`
	}
	// ExtendWrapUp lets an agent's after-call work last longer.
	ExtendWrapUp struct {
		Agent fact.AgentID  `json:"agent"`
		For   time.Duration `json:"for"`
	}
)

// What agents write, and what leaders say of them.
type (
	// AnswerRequest grants or denies what an agent has asked for: with Reason
	// that, and nothing else that was asked for meanwhile.
	AnswerRequest struct {
		Agent  fact.AgentID        `json:"agent"`
		Grant  bool                `json:"grant"`
		Reason routing.PauseReason `json:"reason,omitempty"`
	}
	// LogTalk is what an agent writes about a talk: the one of Call, or for ""
	// the one under way, that wrapped up, or the first that is owed for.
	LogTalk struct {
		Agent  fact.AgentID    `json:"agent"`
		Call   fact.CallID     `json:"call,omitempty"`
		Values []fact.LogValue `json:"values"`
	}
	// ForceAgent makes an agent READY, NOT_READY for a reason, or OFFLINE, after
	// the talk if there is one. A pause need not be granted. Why is for people
	// to read, 1 to 200 characters.
	ForceAgent struct {
		Agent  fact.AgentID        `json:"agent"`
		To     routing.State       `json:"to"`
		Reason routing.PauseReason `json:"reason,omitempty"`
		Why    string              `json:"why"`
	}
)

// Target is whom a talk is to go to, or who is to be asked: exactly one field
// is set.
type Target struct {
	Agent  fact.AgentID `json:"agent,omitempty"`
	Queue  fact.QueueID `json:"queue,omitempty"`
	Number string       `json:"number,omitempty"`
}

// WrongNumber is the reason that lets a call outside be given up before it has
// rung for long enough (RUL-OUT-1).
const WrongNumber = "wrong-number"

// The operations on calls. Agent is who of the talk acts, "" for the one who
// has it.
type (
	// HangUp ends a call and all its legs. Reason WrongNumber ends one that has
	// not rung for long enough (RUL-OUT-1).
	HangUp struct {
		Call   fact.CallID `json:"call"`
		Reason string      `json:"reason,omitempty"`
	}
	// HoldCall lets the caller hear music, or brings the caller back. Consent
	// says that the caller was asked first.
	HoldCall struct {
		Call    fact.CallID  `json:"call"`
		Agent   fact.AgentID `json:"agent,omitempty"`
		On      bool         `json:"on"`
		Consent bool         `json:"consent,omitempty"`
	}
	// MuteCall keeps the agent from being heard, or ends that.
	MuteCall struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent,omitempty"`
		On    bool         `json:"on"`
	}
	// ConsultCall calls somebody for the agent, the caller on hold meanwhile.
	ConsultCall struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent,omitempty"`
		To    Target       `json:"to"`
	}
	// CompleteConsult gives the talk to whom is consulted.
	CompleteConsult struct {
		Call fact.CallID `json:"call"`
	}
	// MergeConsult brings whom is consulted into the talk.
	MergeConsult struct {
		Call fact.CallID `json:"call"`
	}
	// CancelConsult ends the consult; the agent goes back to the caller.
	CancelConsult struct {
		Call fact.CallID `json:"call"`
	}
	// TransferCall gives the talk away without a word before (blind).
	TransferCall struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent,omitempty"`
		To    Target       `json:"to"`
	}
	// ParkCall takes the agent out of a talk and lets the caller wait with
	// music at a slot, 0 for the first that is free. With Announce the agent
	// hears which.
	ParkCall struct {
		Call     fact.CallID  `json:"call"`
		Agent    fact.AgentID `json:"agent,omitempty"`
		Slot     int          `json:"slot,omitempty"`
		Announce bool         `json:"announce,omitempty"`
	}
	// PickUp rings an agent for a parked call, by its id or its slot.
	PickUp struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent"`
	}
	// EndTalk ends the agent's part; the caller goes on in the flow.
	EndTalk struct {
		Call  fact.CallID  `json:"call"`
		Agent fact.AgentID `json:"agent,omitempty"`
	}
)

// The operations on queues and those who wait in them.
type (
	// SetIncident says that an incident goes on, or does not any more. The same
	// again changes nothing but the note.
	SetIncident struct {
		Incident string `json:"incident"`
		On       bool   `json:"on"`
		Note     string `json:"note,omitempty"`
	}
	// SetQueueMode opens, pauses, drains or closes a queue.
	SetQueueMode struct {
		Queue fact.QueueID `json:"queue"`
		Mode  routing.Mode `json:"mode"`
	}
	// MoveCaller puts a caller who waits in another queue's line, with the
	// time waited so far.
	MoveCaller struct {
		Call  fact.CallID  `json:"call"`
		Queue fact.QueueID `json:"queue"`
	}
	// RankCaller gives a caller who waits another priority, 0-100.
	RankCaller struct {
		Call     fact.CallID `json:"call"`
		Priority int         `json:"priority"`
	}
	// KickCaller takes a caller out of line; the script goes on.
	KickCaller struct {
		Call fact.CallID `json:"call"`
	}
)

// The operations on the list of numbers, which the store keeps.
type (
	// ListNumbers tells entries of the list: the centre looks at no store
	// while a call waits. It changes no configuration. Revision is the list's,
	// Whole says that the entries are all there are; otherwise those that the
	// centre knows by their revision change nothing, and where it has missed
	// one before them it is ErrConflict.
	ListNumbers struct {
		Revision int64   `json:"revision"`
		Whole    bool    `json:"whole,omitempty"`
		Entries  []Entry `json:"entries,omitempty"`
	}
	// ReportStrike tells that a strike was noted; Count is how many count now.
	ReportStrike struct {
		Number string      `json:"number"`
		Call   fact.CallID `json:"call,omitempty"`
		Reason string      `json:"reason,omitempty"`
		By     string      `json:"by"`
		Count  int         `json:"count"`
	}
	// ReportCallback tells that somebody has closed a callback in the store.
	ReportCallback struct {
		Callback fact.CallbackID `json:"callback"`
		State    callback.State  `json:"state"`
		Call     fact.CallID     `json:"call,omitempty"`
		Queue    fact.QueueID    `json:"queue,omitempty"`
		Agent    fact.AgentID    `json:"agent,omitempty"`
		By       string          `json:"by"`
		Note     string          `json:"note,omitempty"`
		Revision int64           `json:"revision,omitempty"`
	}
)

// PutPrompts says anew where the audio of prompts lies: a phrase was recorded,
// or a recording removed. It is no new version of the configuration.
type PutPrompts struct {
	Files []PromptFile `json:"files"`
}

func (PutPrompts) operation()      {}
func (SignIn) operation()          {}
func (SignOut) operation()         {}
func (Ready) operation()           {}
func (NotReady) operation()        {}
func (SetSkills) operation()       {}
func (ExtendWrapUp) operation()    {}
func (AnswerRequest) operation()   {}
func (LogTalk) operation()         {}
func (ForceAgent) operation()      {}
func (HangUp) operation()          {}
func (HoldCall) operation()        {}
func (MuteCall) operation()        {}
func (ConsultCall) operation()     {}
func (CompleteConsult) operation() {}
func (MergeConsult) operation()    {}
func (CancelConsult) operation()   {}
func (TransferCall) operation()    {}
func (ParkCall) operation()        {}
func (PickUp) operation()          {}
func (EndTalk) operation()         {}
func (SetQueueMode) operation()    {}
func (SetIncident) operation()     {}
func (MoveCaller) operation()      {}
func (RankCaller) operation()      {}
func (KickCaller) operation()      {}
func (ListNumbers) operation()     {}
func (ReportStrike) operation()    {}
func (ReportCallback) operation()  {}
