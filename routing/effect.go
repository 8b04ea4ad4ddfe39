package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Effect is one thing that must be done, in the order given. The set is
// closed: the types below.
type Effect interface{ effect() }

// The effects.
type (
	// Offer asks that the agent's endpoint be called for the ticket. Limit
	// is how long the switch may let it ring: ours and 5 s, as a guard.
	Offer struct {
		Offer    fact.OfferID  `json:"offer"`
		Round    fact.RoundID  `json:"round"`
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint"`
		Limit    time.Duration `json:"limit"`
	}
	// Cancel asks that the agent's leg of an offer be hung up. The offer is
	// over; what its leg still says is late.
	Cancel struct {
		Offer fact.OfferID `json:"offer"`
		Why   Miss         `json:"why"`
		// Elsewhere asks that the phone be told that somebody else has
		// answered, so that it counts no missed call.
		Elsewhere bool `json:"elsewhere,omitempty"`
	}
	// Missed says that an offer ended without an answer and how long it rang
	// in milliseconds (0 when it never rang). The ticket, if it still waits,
	// is back at its own place.
	Missed struct {
		Offer  fact.OfferID  `json:"offer"`
		Ticket fact.TicketID `json:"ticket"`
		Queue  fact.QueueID  `json:"queue"`
		Agent  fact.AgentID  `json:"agent"`
		Why    Miss          `json:"why"`
		Rang   int64         `json:"rang_ms"`
	}
	// Joined says that a ticket is in line, at a position counted from 1
	// within its queue.
	Joined struct {
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Position int           `json:"position"`
	}
	// Left says that a ticket is out of line after so many milliseconds.
	Left struct {
		Ticket fact.TicketID `json:"ticket"`
		Queue  fact.QueueID  `json:"queue"`
		Why    Exit          `json:"why"`
		Agent  fact.AgentID  `json:"agent,omitempty"`
		Offer  fact.OfferID  `json:"offer,omitempty"`
		Waited int64         `json:"waited_ms"`
	}
	// Became says that an agent's state changed. Lasted is how many
	// milliseconds the former state lasted.
	Became struct {
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint,omitempty"`
		From     State         `json:"from"`
		To       State         `json:"to"`
		Reason   PauseReason   `json:"reason,omitempty"`
		Lasted   int64         `json:"lasted_ms"`
	}
	// WrapUpEnded says how long the wrap-up after an offer took.
	WrapUpEnded struct {
		Agent  fact.AgentID  `json:"agent"`
		Offer  fact.OfferID  `json:"offer"`
		Ticket fact.TicketID `json:"ticket"`
		Millis int64         `json:"ms"`
	}
	// Moved says that a ticket went from one queue's line to another's, and
	// its position there. It has not left.
	Moved struct {
		Ticket   fact.TicketID `json:"ticket"`
		From     fact.QueueID  `json:"from"`
		To       fact.QueueID  `json:"to"`
		Position int           `json:"position"`
		Why      Exit          `json:"why"`
	}
	// Relaxed says that a ticket has come to a step of its queue's Relax,
	// counted from 1.
	Relaxed struct {
		Ticket fact.TicketID `json:"ticket"`
		Queue  fact.QueueID  `json:"queue"`
		Step   int           `json:"step"`
	}
	// Ranked says that a ticket was given another rank, its score in
	// milliseconds and its position.
	Ranked struct {
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Score    int64         `json:"score"`
		Position int           `json:"position"`
	}
	// Passed says that a talk is another agent's, under a new offer. Old and
	// From are "" for one that was nobody's.
	Passed struct {
		Old  fact.OfferID `json:"old"`
		New  fact.OfferID `json:"new"`
		From fact.AgentID `json:"from"`
		To   fact.AgentID `json:"to"`
	}
	// QueueBecame says that a queue's mode changed.
	QueueBecame struct {
		Queue fact.QueueID `json:"queue"`
		From  Mode         `json:"from"`
		To    Mode         `json:"to"`
	}
	// PauseRequest says what has become of what an agent asked for, after so
	// many milliseconds. By is who answered.
	PauseRequest struct {
		Agent  fact.AgentID `json:"agent"`
		Reason PauseReason  `json:"reason"`
		Step   RequestStep  `json:"step"`
		By     string       `json:"by,omitempty"`
		Waited int64        `json:"waited_ms"`
	}
	// PauseOverran says that a pause has lasted for longer than it may, by so
	// many milliseconds; Leader that it is the leader's to know (RUL-SHF-4).
	PauseOverran struct {
		Agent  fact.AgentID `json:"agent"`
		Reason PauseReason  `json:"reason"`
		Leader bool         `json:"leader,omitempty"`
		Over   int64        `json:"over_ms"`
	}
	// Logged says what an agent has written down about a talk, and which fields
	// are still missing.
	Logged struct {
		Agent   fact.AgentID    `json:"agent"`
		Ticket  fact.TicketID   `json:"ticket"`
		Queue   fact.QueueID    `json:"queue"`
		Values  []fact.LogValue `json:"values"`
		Missing []string        `json:"missing,omitempty"`
	}
	// LogLate says that an agent has been kept from READY for long by what is
	// missing, which is the leader's to know; LogWaived that the agent may go
	// without: a leader says so, or too many talks are owed for.
	LogLate struct {
		Agent   fact.AgentID  `json:"agent"`
		Ticket  fact.TicketID `json:"ticket"`
		Queue   fact.QueueID  `json:"queue"`
		Missing []string      `json:"missing"`
		Waited  int64         `json:"waited_ms"` // since the talk ended
	}
	LogWaived struct {
		Agent   fact.AgentID  `json:"agent"`
		Ticket  fact.TicketID `json:"ticket"`
		Queue   fact.QueueID  `json:"queue"`
		Missing []string      `json:"missing"`
	}
	// TraineeBecame says that an agent is a trainee, or is one no more.
	TraineeBecame struct {
		Agent fact.AgentID `json:"agent"`
		On    bool         `json:"on"`
	}
	// RONAs says that an agent let so many offers in a row ring out, which is
	// the leader's to know (RUL-ANS-1).
	RONAs struct {
		Agent  fact.AgentID  `json:"agent"`
		Queue  fact.QueueID  `json:"queue"`
		Ticket fact.TicketID `json:"ticket"`
		Times  int           `json:"times"`
	}
)

func (Offer) effect()         {}
func (Cancel) effect()        {}
func (Missed) effect()        {}
func (Joined) effect()        {}
func (Left) effect()          {}
func (Became) effect()        {}
func (WrapUpEnded) effect()   {}
func (Moved) effect()         {}
func (Relaxed) effect()       {}
func (Ranked) effect()        {}
func (Passed) effect()        {}
func (QueueBecame) effect()   {}
func (PauseRequest) effect()  {}
func (PauseOverran) effect()  {}
func (Logged) effect()        {}
func (LogLate) effect()       {}
func (LogWaived) effect()     {}
func (TraineeBecame) effect() {}
func (RONAs) effect()         {}

// State is an agent's state (SPEC ACD-10), derived from legs and timers.
type State string

// The states.
const (
	Offline       State = "OFFLINE"   // signed in nowhere
	ReadyState    State = "READY"     // may be offered a ticket
	OfferedState  State = "OFFERED"   // one offer is out, ringing or about to
	Talking       State = "TALKING"   // in a room with a caller, or busy with a call outside any queue
	HoldState     State = "HOLD"      // talking, and the caller is on hold
	WrapUpState   State = "ACW"       // after-call work
	HandoverState State = "HANDOVER"  // signed in before the shift: takes no calls yet
	NotReadyIn    State = "NOT_READY" // signed in and not to be offered; the reason says why
)

// PauseReason says why an agent is NOT_READY.
type PauseReason string

// The reasons. The first ones are chosen by the agent unless Config.Pauses has
// others, the last ones are set by huawu.
const (
	PauseMeal     PauseReason = "meal"
	PauseBreak    PauseReason = "break"
	PauseLeave    PauseReason = "leave"
	PauseTraining PauseReason = "training"
	PauseMeeting  PauseReason = "meeting"
	PauseHelp     PauseReason = "help"
	PauseSignedIn PauseReason = "signed-in"   // just signed in
	PauseRONA     PauseReason = "rona"        // let it ring three times (RUL-ANS-1)
	PauseLog      PauseReason = "log-missing" // has yet to write something down
	PauseEndpoint PauseReason = "endpoint"    // the phone cannot be reached
)
