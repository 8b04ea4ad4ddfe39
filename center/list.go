package center

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// ListKind is what an entry of the list of numbers is for (SPEC ACD-11).
type ListKind string

// The kinds.
const (
	ListDeny  ListKind = "deny"  // CallerRules.Denied answers, in the place of the dialled number's flow
	ListLevel ListKind = "level" // rank, language and attributes of who calls
)

// EntryState is whether an entry holds.
type EntryState string

// The states of an entry. One that is active holds no more from its expiry on,
// by itself.
const (
	EntryProposed EntryState = "proposed" // waits for somebody who approves it; holds not yet
	EntryActive   EntryState = "active"   // holds
	EntryLifted   EntryState = "lifted"   // taken back, or never approved
)

// Attribute is one thing known of who calls, for flows to go by.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Entry is one entry of the list of numbers. Instants are wall-clock
// milliseconds of the epoch, 0 for none.
type Entry struct {
	// Number is as calls show it (Normalise).
	Number string     `json:"number"`
	Kind   ListKind   `json:"kind"`
	State  EntryState `json:"state"`
	// Level is one of Order.Levels, Language what flows are told that the
	// caller speaks, Attributes are in the order of their names.
	Level      string      `json:"level,omitempty"`
	Language   string      `json:"language,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Expires    int64       `json:"expires,omitempty"`
	// Requested is who wanted it, Approved who let it hold, or lifted it.
	Requested   string `json:"requested_by"`
	RequestedAt int64  `json:"requested_at"`
	Approved    string `json:"approved_by,omitempty"`
	ApprovedAt  int64  `json:"approved_at,omitempty"`
	// Revision orders the changes of the whole list, from 1.
	Revision int64 `json:"revision"`
}

// Holds says whether the entry holds at an instant of the wall clock.
func (e *Entry) Holds(wall int64) bool {
	return e.State == EntryActive && (e.Expires == 0 || wall < e.Expires)
}

// Strike is one misuse that somebody has noted against a number (SPEC
// RUL-ESC-2, RUL-ESC-3).
type Strike struct {
	At     int64       `json:"at"` // wall-clock milliseconds of the epoch
	By     string      `json:"by"`
	Call   fact.CallID `json:"call,omitempty"`
	Reason string      `json:"reason,omitempty"`
}

// Caller is what the list has of one number: at most one entry of each kind,
// and its strikes, the oldest first.
type Caller struct {
	Number  string   `json:"number"`
	Entries []Entry  `json:"entries"`
	Strikes []Strike `json:"strikes"`
}

// StrikeRules say how many strikes within how long propose a denial.
type StrikeRules struct {
	// Limit is how many, 0 means 3; Within how long, 0 means 30 days.
	Limit  int           `json:"limit,omitempty" yaml:"limit"`
	Within time.Duration `json:"within,omitempty" yaml:"within"`
}

const (
	strikeLimit  = 3
	strikeWithin = 30 * 24 * time.Hour
	// byStrikes is who requests a denial for its strikes.
	byStrikes = "strikes"
)

// Bounds of an entry.
const (
	MaxReason     = 200 // characters of a reason, or of an attribute's value
	MaxAttributes = 16
	MaxStrikes    = 100 // kept of a number; older ones make room
)

// AttributeName is what an attribute may be called: flows know it as
// "caller_" and the name.
var AttributeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,23}$`)

var languageName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// legibleText says whether a text is fit to be kept and shown.
func legibleText(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxReason && !strings.ContainsFunc(s, unicode.IsControl)
}

// entry is the entry of a kind, nil for none.
func (c *Caller) entry(kind ListKind) *Entry {
	for i := range c.Entries {
		if c.Entries[i].Kind == kind {
			return &c.Entries[i]
		}
	}
	return nil
}

// put makes or replaces an entry of its kind.
func (c *Caller) put(e Entry) {
	e.Number = c.Number
	if old := c.entry(e.Kind); old != nil {
		*old = e
		return
	}
	c.Entries = append(c.Entries, e)
	slices.SortFunc(c.Entries, func(a, b Entry) int { return cmp.Compare(a.Kind, b.Kind) })
}

// List makes or replaces the entry of a kind in somebody's name. Proposed, it
// waits for Approve. What is wrong with it wraps ErrInvalid.
func (c *Caller) List(by string, now time.Time, e Entry, propose bool) error {
	if err := e.check(now); err != nil {
		return fmt.Errorf("list %s: %w", c.Number, err)
	}
	if old := c.entry(e.Kind); propose && old != nil && old.Holds(now.UnixMilli()) {
		return fmt.Errorf("list %s: a %s holds already: %w: lift it first", c.Number, e.Kind, ErrConflict)
	}
	e.Requested, e.RequestedAt, e.State = by, now.UnixMilli(), EntryProposed
	e.Approved, e.ApprovedAt = "", 0
	if !propose {
		e.State, e.Approved, e.ApprovedAt = EntryActive, by, now.UnixMilli()
	}
	c.put(e)
	return nil
}

// check says what is wrong with an entry that is to hold.
func (e *Entry) check(now time.Time) error {
	switch {
	case e.Kind != ListDeny && e.Kind != ListLevel:
		return fmt.Errorf("kind %q: want %s or %s: %w", e.Kind, ListDeny, ListLevel, ErrInvalid)
	case e.Reason == "" || !legibleText(e.Reason):
		return fmt.Errorf("reason: want 1 to %d characters that say why, for those who will ask: %w", MaxReason, ErrInvalid)
	case e.Language != "" && !languageName.MatchString(e.Language):
		return fmt.Errorf("language %q: want small letters, digits and \"-\", such as en or cantonese: %w", e.Language, ErrInvalid)
	case e.Expires != 0 && e.Expires <= now.UnixMilli():
		return fmt.Errorf("expiry %s is past: %w: want an instant to come, or none", time.UnixMilli(e.Expires).UTC().Format(time.RFC3339), ErrInvalid)
	case len(e.Attributes) > MaxAttributes:
		return fmt.Errorf("%d attributes: want at most %d: %w", len(e.Attributes), MaxAttributes, ErrInvalid)
	case e.Kind == ListDeny && (e.Level != "" || e.Language != "" || len(e.Attributes) > 0):
		return fmt.Errorf("a denial has no level, language or attributes: %w", ErrInvalid)
	case e.Kind == ListLevel && e.Level == "" && e.Language == "" && len(e.Attributes) == 0:
		return fmt.Errorf("the entry says nothing: %w: want a level, a language or attributes", ErrInvalid)
	}
	slices.SortFunc(e.Attributes, func(a, b Attribute) int { return cmp.Compare(a.Name, b.Name) })
	for i, a := range e.Attributes {
		switch {
		case !AttributeName.MatchString(a.Name):
			return fmt.Errorf("attribute %q: want small letters, digits and \"_\", at most 24, a letter first: %w", a.Name, ErrInvalid)
		case slices.Contains(callerVariables, "caller_"+a.Name):
			return fmt.Errorf("attribute %q: huawu knows that itself: %w: give it another name", a.Name, ErrInvalid)
		case i > 0 && e.Attributes[i-1].Name == a.Name:
			return fmt.Errorf("attribute %q comes twice: %w", a.Name, ErrInvalid)
		case !legibleText(a.Value):
			return fmt.Errorf("attribute %q: want a value of at most %d legible characters: %w", a.Name, MaxReason, ErrInvalid)
		}
	}
	return nil
}

// Strike notes a misuse. Enough of them since the last decision propose a
// denial, unless one holds or is proposed; it says whether they did.
func (c *Caller) Strike(s Strike, rules StrikeRules) (proposed bool, err error) {
	if s.Reason == "" || !legibleText(s.Reason) {
		return false, fmt.Errorf("strike %s: reason: want 1 to %d characters: %w", c.Number, MaxReason, ErrInvalid)
	}
	c.Strikes = append(c.Strikes, s)
	if over := len(c.Strikes) - MaxStrikes; over > 0 {
		c.Strikes = slices.Delete(c.Strikes, 0, over)
	}
	deny := c.entry(ListDeny)
	if deny != nil && (deny.State == EntryProposed || deny.Holds(s.At)) {
		return false, nil
	}
	if c.Counted(s.At, rules) < cmp.Or(rules.Limit, strikeLimit) {
		return false, nil
	}
	c.put(Entry{Kind: ListDeny, State: EntryProposed, Reason: s.Reason, Requested: byStrikes, RequestedAt: s.At})
	return true, nil
}

// Counted is how many strikes count at an instant: those within the rules'
// span and after the last decision on a denial, which is not made again for
// what was decided on.
func (c *Caller) Counted(at int64, rules StrikeRules) int {
	since := at - cmp.Or(rules.Within, strikeWithin).Milliseconds()
	if deny := c.entry(ListDeny); deny != nil {
		since = max(since, deny.ApprovedAt)
		if deny.Expires <= at { // lifted before, it ended then
			since = max(since, deny.Expires)
		}
	}
	n := 0
	for _, s := range c.Strikes {
		if s.At > since && s.At <= at {
			n++
		}
	}
	return n
}

// Approve lets what is proposed hold, until an instant, 0 for ever. Kind says
// which of two that are proposed; "" is the only one.
func (c *Caller) Approve(by string, now time.Time, kind ListKind, expires int64) error {
	e, err := c.Proposed(kind)
	if err != nil {
		return fmt.Errorf("approve %s: %w", c.Number, err)
	}
	was := e.Expires
	if expires != 0 {
		e.Expires = expires
	}
	if err := e.check(now); err != nil {
		e.Expires = was
		return fmt.Errorf("approve %s: %w", c.Number, err)
	}
	e.State, e.Approved, e.ApprovedAt = EntryActive, by, now.UnixMilli()
	return nil
}

// Proposed is the entry of a kind that waits for approval, the only one for "".
func (c *Caller) Proposed(kind ListKind) (*Entry, error) {
	var found *Entry
	for i := range c.Entries {
		switch e := &c.Entries[i]; {
		case e.State != EntryProposed || kind != "" && e.Kind != kind:
		case found != nil:
			return nil, fmt.Errorf("a %s and a %s are proposed: %w: say which of them", found.Kind, e.Kind, ErrConflict)
		default:
			found = e
		}
	}
	switch {
	case found == nil && kind != "":
		return nil, fmt.Errorf("no %s is proposed: %w", kind, ErrConflict)
	case found == nil:
		return nil, fmt.Errorf("nothing is proposed: %w", ErrConflict)
	}
	return found, nil
}

// Lift takes an entry back, or refuses what is proposed. ErrNotFound: there is
// none of the kind; ErrConflict: it is lifted already.
func (c *Caller) Lift(by string, now time.Time, kind ListKind) error {
	e := c.entry(kind)
	switch {
	case e == nil:
		return fmt.Errorf("lift %s: it has no %s: %w", c.Number, kind, ErrNotFound)
	case e.State == EntryLifted:
		return fmt.Errorf("lift %s: its %s is lifted already: %w", c.Number, kind, ErrConflict)
	}
	e.State, e.Approved, e.ApprovedAt = EntryLifted, by, now.UnixMilli()
	return nil
}
