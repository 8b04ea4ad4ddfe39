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
	// RoleSupervisor is of one who hears a talk, or is in it, without having it.
	RoleSupervisor Role = "supervisor"
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
	Wish
}

// Wish is what else makes a place in line: what a caller asks of the agent, and
// what the caller is worth beside the priority. The words are routing's.
type Wish struct {
	Needs  string       `json:"needs,omitempty"`
	Level  string       `json:"level,omitempty"`
	Repeat int          `json:"repeat,omitempty"` // earlier calls
	Prefer fact.AgentID `json:"prefer,omitempty"`
	Named  bool         `json:"named,omitempty"` // Prefer was asked for
}

// TagVariable is the channel variable that carries a Tag.
const TagVariable = "HUAWU"

// The versions that tags begin with. The first has no wish; a tag without one is
// still written so, and an older huawu reads it.
const (
	tagVersion   = "1"
	wishVersion  = "2"
	tagFields    = 7
	wishFields   = 12
	namedWritten = "named"
)

// String is the tag's wire form: fields divided by ";", each escaped so that
// it needs no quoting in a dialplan, a URL or a FreeSWITCH variable.
func (t Tag) String() string {
	e := url.QueryEscape
	fields := []string{tagVersion, e(string(t.Call)), e(string(t.Role)), e(string(t.Offer)),
		e(string(t.Queue)), strconv.Itoa(t.Priority), strconv.FormatInt(t.Joined, 10)}
	if t.Wish != (Wish{}) {
		named := ""
		if t.Named {
			named = namedWritten
		}
		fields[0] = wishVersion
		fields = append(fields, e(t.Needs), e(t.Level), strconv.Itoa(t.Repeat), e(string(t.Prefer)), named)
	}
	return strings.Join(fields, ";")
}

// ParseTag reads a tag's wire form. It errors wrapping ErrInvalid on anything
// that String does not write.
func ParseTag(s string) (Tag, error) {
	parts := strings.Split(s, ";")
	switch {
	case len(parts) == tagFields && parts[0] == tagVersion:
		parts = append(parts, "", "", "0", "", "")
	case len(parts) == wishFields && parts[0] == wishVersion:
	default:
		return Tag{}, fmt.Errorf("parse tag %q: want %d fields beginning with %q, or %d beginning with %q: %w",
			s, tagFields, tagVersion, wishFields, wishVersion, ErrInvalid)
	}
	text, number := map[int]string{}, map[int]int64{}
	for i, part := range parts[1:] {
		var err error
		switch i++; i {
		case 5, 6, 9:
			number[i], err = strconv.ParseInt(part, 10, 64)
		default:
			text[i], err = url.QueryUnescape(part)
		}
		if err != nil {
			return Tag{}, fmt.Errorf("parse tag %q: field %d: %w", s, i, ErrInvalid)
		}
	}
	t := Tag{
		Call: fact.CallID(text[1]), Role: Role(text[2]), Offer: fact.OfferID(text[3]),
		Queue: fact.QueueID(text[4]), Priority: int(number[5]), Joined: number[6],
		Wish: Wish{Needs: text[7], Level: text[8], Repeat: int(number[9]), Prefer: fact.AgentID(text[10]), Named: text[11] == namedWritten},
	}
	if t.String() != s {
		return Tag{}, fmt.Errorf("parse tag %q: want %q: %w", s, t, ErrInvalid)
	}
	return t, nil
}
