package media

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/huawu/huawu/fact"
)

// Role is what a leg is in its call.
type Role string

// The roles.
const (
	RoleCaller Role = "caller" // came in from outside
	RoleAgent  Role = "agent"  // an agent's phone, offered or dialling
	RoleCallee Role = "callee" // dialled on somebody's behalf
)

// Tag is what a leg carries on the switch so that a controller that knows
// nothing else can adopt it (DESIGN section 5). It is one variable.
type Tag struct {
	Call     fact.CallID  `json:"call"`
	Role     Role         `json:"role"`
	Offer    fact.OfferID `json:"offer,omitempty"`
	Queue    fact.QueueID `json:"queue,omitempty"`
	Priority int          `json:"priority,omitempty"`
	// Joined is the wall clock, in milliseconds of the epoch, at which the
	// caller joined the line; 0 when not in line.
	Joined int64 `json:"joined,omitempty"`
}

// TagVariable is the channel variable that carries a Tag.
const TagVariable = "HUAWU"

// tagVersion begins every tag, so that a later form can be told apart.
const tagVersion = "1"

// String is the tag's wire form: fields divided by ";", each escaped so that
// it needs no quoting in a dialplan, a URL or a FreeSWITCH variable.
func (t Tag) String() string {
	e := url.QueryEscape
	return strings.Join([]string{tagVersion, e(string(t.Call)), e(string(t.Role)), e(string(t.Offer)),
		e(string(t.Queue)), strconv.Itoa(t.Priority), strconv.FormatInt(t.Joined, 10)}, ";")
}

// ParseTag reads a tag's wire form. It errors wrapping ErrInvalid on anything
// that String does not write.
func ParseTag(s string) (Tag, error) {
	parts := strings.Split(s, ";")
	if len(parts) != 7 || parts[0] != tagVersion {
		return Tag{}, fmt.Errorf("parse tag %q: want 7 fields beginning with %q: %w", s, tagVersion, ErrInvalid)
	}
	var text [4]string
	for i := range text {
		v, err := url.QueryUnescape(parts[i+1])
		if err != nil {
			return Tag{}, fmt.Errorf("parse tag %q: field %d: %w", s, i+1, ErrInvalid)
		}
		text[i] = v
	}
	priority, err := strconv.Atoi(parts[5])
	if err != nil {
		return Tag{}, fmt.Errorf("parse tag %q: priority: %w", s, ErrInvalid)
	}
	joined, err := strconv.ParseInt(parts[6], 10, 64)
	if err != nil {
		return Tag{}, fmt.Errorf("parse tag %q: joined: %w", s, ErrInvalid)
	}
	t := Tag{
		Call: fact.CallID(text[0]), Role: Role(text[1]), Offer: fact.OfferID(text[2]),
		Queue: fact.QueueID(text[3]), Priority: priority, Joined: joined,
	}
	if t.String() != s {
		return Tag{}, fmt.Errorf("parse tag %q: want %q: %w", s, t, ErrInvalid)
	}
	return t, nil
}
