package media

import (
	"context"
	"errors"
)

// A Switch is one media server.
//
// Ids of legs we create, rooms, plays, recordings and spies are minted by the
// caller, bound to the switch by name ("<name>/<native>", see fact.On) and
// registered by the driver before it sends anything, for events may overtake
// replies.
type Switch interface {
	Name() string
	Capabilities() Capabilities
	// Run keeps the connection until ctx ends and calls emit with one event at
	// a time, in the switch's own order, each stamped on receipt. Emit must not
	// wait for anything: nothing is heard meanwhile.
	// After every (re)connect the first event is Up with the legs (tags,
	// creation times), rooms and endpoints; after a loss, Down. It drops
	// nothing: an event it cannot deliver costs the connection. It returns
	// nil when ctx ends and an error only when going on is pointless.
	Run(ctx context.Context, emit func(Event)) error
	// Do sends cmd once. ErrNoLeg, ErrRefused, ErrInvalid and ErrUnavailable:
	// nothing happened. ErrUnknown: the deadline passed and it may have
	// happened; the caller probes and never repeats blindly. What came of an
	// accepted command arrives as an Event, possibly before Do returns.
	Do(ctx context.Context, cmd Command) error
}

// Sentinels that Switch.Do wraps.
var (
	// ErrNoLeg: the leg (or play, recording, room) is not there any more.
	ErrNoLeg = errors.New("no such leg")
	// ErrRefused: the switch understood and will not, for instance an
	// endpoint that is not registered.
	ErrRefused = errors.New("refused by the switch")
	// ErrInvalid: the command can never work as it is.
	ErrInvalid = errors.New("invalid command")
	// ErrUnavailable: no connection, nothing was sent.
	ErrUnavailable = errors.New("switch unavailable")
	// ErrUnknown: sent, and no answer within the deadline.
	ErrUnknown = errors.New("outcome unknown")
)

// Transfers says how a switch treats a phone's own transfer request.
type Transfers string

// How a phone's REFER is treated.
const (
	TransferAskFirst    Transfers = "ask-first"    // TransferAsked comes, nothing moves until told
	TransferRefusedOnly Transfers = "refused-only" // the switch can only refuse
)

// Capabilities are asked, never assumed.
type Capabilities struct {
	Transfers   Transfers `json:"transfers"`
	TalkDetect  bool      `json:"talk_detect"`
	RecordMute  bool      `json:"record_mute"`  // MuteRecord keeps the file's length
	RecordSides bool      `json:"record_sides"` // Record gives one file a side
	ThreeWay    bool      `json:"three_way"`    // rooms of more than two
	Deflect     bool      `json:"deflect"`
	SendDigits  bool      `json:"send_digits"`
	Endpoints   bool      `json:"endpoints"` // EndpointState is reported
}
