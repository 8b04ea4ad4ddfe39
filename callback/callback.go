// Package callback has the calls that we owe: who asked to be called back, or
// left a message that is to be answered (SPEC A.10, C.6). It is pure.
package callback

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// State is how far a callback is.
type State string

// The states. Open is owed; who closes it says whether it was done or is not
// owed any more, and both are final.
const (
	Open      State = "open"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// Source is what a callback came from.
type Source string

// The sources.
const (
	FromFlow    Source = "flow"    // the caller asked a flow for it
	FromMessage Source = "message" // the caller left a message
	FromScene   Source = "scene"   // a scene of the talk has promised it
)

// Sentinels.
var (
	// ErrInvalid says that something cannot be as it was asked.
	ErrInvalid = errors.New("invalid")
	// ErrClosed says that a callback is owed no more.
	ErrClosed = errors.New("closed already")
)

// MaxNote is the most characters of a note or a reason.
const MaxNote = 500

// Callback is one call that we owe. Instants are wall-clock milliseconds of the
// epoch, 0 for none.
type Callback struct {
	ID     fact.CallbackID `json:"id"`
	Tenant fact.TenantID   `json:"tenant,omitempty"`
	State  State           `json:"state"`
	Source Source          `json:"source"`
	// Number is whom to call, as calls show it; "" only of a message whose
	// caller withheld it. Name is the caller's own.
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
	// Queue is whose agents answer it, Agent whom the caller wants, "" for any.
	Queue  fact.QueueID `json:"queue,omitempty"`
	Agent  fact.AgentID `json:"agent,omitempty"`
	Reason string       `json:"reason,omitempty"`
	// Call and Ticket are where it was asked for, Asked when.
	Call   fact.CallID   `json:"call,omitempty"`
	Ticket fact.TicketID `json:"ticket,omitempty"`
	Asked  int64         `json:"asked"`
	// Joined is since when the caller counts as waiting in the queue, with
	// Needs, Priority and Level as there: the place is kept.
	Joined   int64  `json:"joined,omitempty"`
	Needs    string `json:"needs,omitempty"`
	Priority int    `json:"priority,omitempty"`
	Level    string `json:"level,omitempty"`
	// Language is what the caller speaks, "" when that is not known.
	Language string `json:"language,omitempty"`
	// Message is the recording of a message, "" for none: its id, its file
	// relative to the switch's recording folder, its length in milliseconds.
	Message     fact.RecordingID `json:"message,omitempty"`
	MessageFile string           `json:"message_file,omitempty"`
	MessageMs   int64            `json:"message_ms,omitempty"`
	// Note is what came of it, By and Closed who closed it and when.
	Note   string `json:"note,omitempty"`
	By     string `json:"by,omitempty"`
	Closed int64  `json:"closed,omitempty"`
}

// Close ends what is owed. It errors wrapping ErrClosed, or ErrInvalid for a
// state that closes nothing or a note that is not fit to be kept.
func (c *Callback) Close(to State, by, note string, at int64) error {
	switch {
	case to != Done && to != Cancelled:
		return fmt.Errorf("callback %s: state %q: %w: want %s or %s", c.ID, to, ErrInvalid, Done, Cancelled)
	case c.State != Open:
		return fmt.Errorf("callback %s is %s: %w", c.ID, c.State, ErrClosed)
	case !utf8.ValidString(note) || utf8.RuneCountInString(note) > MaxNote || strings.ContainsFunc(note, unicode.IsControl):
		return fmt.Errorf("callback %s: note: %w: want at most %d legible characters", c.ID, ErrInvalid, MaxNote)
	}
	c.becomes(to)
	c.Note, c.By, c.Closed = note, by, at
	return nil
}

func (c *Callback) becomes(s State) { c.State = s }
