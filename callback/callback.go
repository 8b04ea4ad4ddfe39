// Package callback has the calls that we owe: who asked to be called back, or
// left a message that is to be answered, when they may be called, and what an
// attempt leads to (SPEC A.10, C.6; ADR 14). It is pure.
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

// Stage is what is being done about an open callback.
type Stage string

// The stages. Waiting becomes Lined when it may be called, and is again when
// nobody took it or when an attempt is to be followed by another.
const (
	Waiting Stage = ""        // for its time
	Lined   Stage = "line"    // for an agent
	Calling Stage = "calling" // an attempt is under way
	Review  Stage = "review"  // nothing more is tried: somebody must decide
)

// Source is what a callback came from.
type Source string

// The sources.
const (
	FromFlow    Source = "flow"    // the caller asked a flow for it
	FromMessage Source = "message" // the caller left a message
	FromScene   Source = "scene"   // a scene of the talk has promised it
	FromPeople  Source = "people"  // somebody has entered it
)

// DueSource says who has set the time.
type DueSource string

// Who sets it. What the customer demands goes before the windows (RUL-CBK-4).
const (
	DueByNobody   DueSource = ""
	DueByAgent    DueSource = "agent"
	DueByCustomer DueSource = "customer"
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
	Stage  Stage           `json:"stage,omitempty"`
	Source Source          `json:"source"`
	// Number is whom to call, as calls show it; "" only of a message whose
	// caller withheld it. Name is the caller's own.
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
	// Customer and Case are what other systems call them.
	Customer string `json:"customer,omitempty"`
	Case     string `json:"case,omitempty"`
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
	// Promised is when we said that we would have called, and stays; Due is
	// when it is to be called at the latest, by DueSource's word. After is
	// since when it may be called.
	Promised  int64     `json:"promised,omitempty"`
	Due       int64     `json:"due,omitempty"`
	DueSource DueSource `json:"due_source,omitempty"`
	After     int64     `json:"after,omitempty"`
	// Zone is the IANA zone of who is called, "" for the tenant's. Override is
	// who lets it be called outside the windows, "" for nobody.
	Zone     string `json:"zone,omitempty"`
	Override string `json:"override,omitempty"`
	// Attempts is how often the number was dialled, Tried when last, Outcome
	// what came of that and LastCall by which call; Next is when it may be
	// dialled again. Row is how many attempts in a row came to that Outcome.
	Attempts int         `json:"attempts,omitempty"`
	Tried    int64       `json:"tried,omitempty"`
	Outcome  Outcome     `json:"outcome,omitempty"`
	Row      int         `json:"row,omitempty"`
	LastCall fact.CallID `json:"last_call,omitempty"`
	Next     int64       `json:"next,omitempty"`
	// Revision orders what people have changed, of all callbacks of a tenant
	// and from 1; 0 of one that nobody has.
	Revision int64 `json:"revision,omitempty"`
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
	case !legible(note):
		return fmt.Errorf("callback %s: note: %w: want at most %d legible characters", c.ID, ErrInvalid, MaxNote)
	}
	c.becomes(to)
	c.Note, c.By, c.Closed = note, by, at
	return nil
}

// Moving says when a callback is to be called: not before After, by Due at the
// latest, 0 for no such time, by DueSource's word. Override is who lets it be
// called outside the windows, "" for nobody.
type Moving struct {
	After     int64     `json:"after,omitempty"`
	Due       int64     `json:"due,omitempty"`
	DueSource DueSource `json:"due_source,omitempty"`
	Override  string    `json:"override,omitempty"`
}

// Check says what is wrong with it, wrapping ErrInvalid.
func (m Moving) Check() error {
	switch {
	case m.After < 0 || m.Due < 0:
		return fmt.Errorf("after %d, due %d: %w: want milliseconds of the epoch", m.After, m.Due, ErrInvalid)
	case m.Due != 0 && m.Due < m.After:
		return fmt.Errorf("due: %w: want a time that is not before the callback may be made", ErrInvalid)
	case m.DueSource != DueByNobody && m.DueSource != DueByAgent && m.DueSource != DueByCustomer:
		return fmt.Errorf("due_source %q: %w: want %s or %s", m.DueSource, ErrInvalid, DueByAgent, DueByCustomer)
	case m.DueSource != DueByNobody && m.Due == 0:
		return fmt.Errorf("due: %w: want the time that the %s has named", ErrInvalid, m.DueSource)
	}
	return nil
}

// Move gives a callback another time. What was tried counts no more, and one
// under review is tried again; what was promised first stays. It errors wrapping
// ErrClosed or ErrInvalid.
func (c *Callback) Move(m Moving) error {
	if c.State != Open {
		return fmt.Errorf("callback %s is %s: %w", c.ID, c.State, ErrClosed)
	}
	if err := m.Check(); err != nil {
		return fmt.Errorf("callback %s: %w", c.ID, err)
	}
	c.After, c.Due, c.DueSource, c.Override = m.After, m.Due, m.DueSource, m.Override
	c.Attempts, c.Row, c.Next = 0, 0, 0
	if c.Promised == 0 {
		c.Promised = m.Due
	}
	if c.Stage == Review {
		c.reaches(Waiting)
	}
	return nil
}

func (c *Callback) becomes(s State) {
	c.State = s
	c.reaches(Waiting)
}

func (c *Callback) reaches(s Stage) { c.Stage = s }

func legible(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxNote && !strings.ContainsFunc(s, unicode.IsControl)
}
