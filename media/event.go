package media

import (
	"errors"

	"github.com/huawu/huawu/fact"
)

// Event is one thing a switch says. The set is closed: the types below.
type Event interface {
	// When is the steady instant at which the event was received.
	When() fact.Instant
	event()
}

// Head is what every event has.
type Head struct {
	At fact.Instant `json:"at"`
}

// When implements Event.
func (h Head) When() fact.Instant { return h.At }
func (Head) event()               {}

// LegState is how far a leg is.
type LegState string

// The states of a leg.
const (
	LegDown    LegState = "down"    // made, not dialled
	LegRing    LegState = "ringing" // ours rings there, or theirs waits for an answer
	LegUp      LegState = "up"      // answered
	LegOutside LegState = "outside" // alive, but not in our application
)

// LegInfo is a leg as a listing shows it.
type LegInfo struct {
	Leg   fact.LegID `json:"leg"`
	State LegState   `json:"state"`
	// Tag is nil when the leg carries none, or one that cannot be read.
	Tag *Tag `json:"tag,omitempty"`
	// Created is when the switch made the leg, on our steady clock.
	Created  fact.Instant  `json:"created"`
	Endpoint fact.Endpoint `json:"endpoint,omitempty"`
	From     Identity      `json:"from"`
	To       string        `json:"to,omitempty"`
}

// RoomInfo is a room as a listing shows it.
type RoomInfo struct {
	Room fact.RoomID  `json:"room"`
	Legs []fact.LegID `json:"legs"`
}

// EndpointInfo is whether an endpoint can be reached.
type EndpointInfo struct {
	Endpoint  fact.Endpoint `json:"endpoint"`
	Reachable bool          `json:"reachable"`
}

// PlayResult says how a play ended.
type PlayResult string

// How a play ends. Asterisk does not tell a stopped play from a finished one;
// both are PlayDone. PlayGone ends with its leg, whose LegEnded or LegLeft is
// the next that is heard of it.
const (
	PlayDone   PlayResult = "done"
	PlayFailed PlayResult = "failed"
	PlayGone   PlayResult = "gone"
)

// Failure classifies why a command failed; the words follow the sentinels.
type Failure string

// The failures.
const (
	FailNoLeg       Failure = "no-leg"
	FailRefused     Failure = "refused"
	FailInvalid     Failure = "invalid"
	FailUnavailable Failure = "unavailable"
	FailUnknown     Failure = "unknown"
)

// The events.
type (
	// Up says that the connection stands and what the switch holds, legs,
	// rooms and endpoints in the order of their ids. Legs of the driver's
	// own are not in it; nor are legs outside our application that carry no
	// tag.
	Up struct {
		Head
		Switch    string         `json:"switch"`
		Legs      []LegInfo      `json:"legs"`
		Rooms     []RoomInfo     `json:"rooms"`
		Endpoints []EndpointInfo `json:"endpoints"`
	}
	// Down says that the connection is lost; legs go on without us.
	Down struct {
		Head
		Switch string `json:"switch"`
		Reason string `json:"reason"`
	}
	// LegArrived says that a leg came to us by the dialplan.
	LegArrived struct {
		Head
		Leg      fact.LegID    `json:"leg"`
		State    LegState      `json:"state"`
		Endpoint fact.Endpoint `json:"endpoint"`
		From     Identity      `json:"from"`
		// To is what was dialled.
		To string `json:"to"`
		// Tag is what the leg already carried when it came, nil for none: a
		// caller who comes back from the fallback has one.
		Tag *Tag `json:"tag,omitempty"`
		// Created is when the switch made the leg, on our steady clock: a
		// caller who waited in the fallback has waited since then.
		Created fact.Instant `json:"created"`
	}
	// LegRinging says that a leg of ours rings at the far end.
	LegRinging struct {
		Head
		Leg fact.LegID `json:"leg"`
	}
	// LegAnswered says that a leg is up.
	LegAnswered struct {
		Head
		Leg fact.LegID `json:"leg"`
	}
	// LegHeld says that a leg holds (Phone: it put its other side on hold by
	// its own key) or is held (by the command Hold). It is a flag, not a count.
	LegHeld struct {
		Head
		Leg   fact.LegID `json:"leg"`
		Phone bool       `json:"phone,omitempty"`
	}
	// LegUnheld ends LegHeld.
	LegUnheld struct {
		Head
		Leg   fact.LegID `json:"leg"`
		Phone bool       `json:"phone,omitempty"`
	}
	// LegReplaced says that the switch put By in Leg's place.
	LegReplaced struct {
		Head
		Leg fact.LegID `json:"leg"`
		By  fact.LegID `json:"by"`
	}
	// LegLeft says that a leg lives but is not ours any more.
	LegLeft struct {
		Head
		Leg fact.LegID `json:"leg"`
	}
	// LegEnded is the last word on a leg. It comes once.
	LegEnded struct {
		Head
		Leg fact.LegID `json:"leg"`
		// Far is true when the far end hung up, false when we or the switch did.
		Far bool `json:"far"`
		// Cause is Q.850, 0 when unknown.
		Cause int `json:"cause"`
	}
	// Digit is one key: 0-9 * # A-D.
	Digit struct {
		Head
		Leg fact.LegID `json:"leg"`
		Key string     `json:"key"`
	}
	// PlayStarted says that the first prompt is being heard. It may be missing
	// when a play ends before that: its files are not there, it was stopped or
	// its leg ended while it waited in line.
	PlayStarted struct {
		Head
		Play fact.PlayID `json:"play"`
		Leg  fact.LegID  `json:"leg"`
	}
	// PlayEnded is the last word on a play. It comes once, also when the leg
	// ends first (then before LegEnded).
	PlayEnded struct {
		Head
		Play   fact.PlayID `json:"play"`
		Leg    fact.LegID  `json:"leg"`
		Result PlayResult  `json:"result"`
	}
	// Joined says that a leg is in a room.
	Joined struct {
		Head
		Room fact.RoomID `json:"room"`
		Leg  fact.LegID  `json:"leg"`
	}
	// Left says that a leg is out of a room, also by its end (then before
	// LegEnded). Hold and Unhold give no Left and Joined.
	Left struct {
		Head
		Room fact.RoomID `json:"room"`
		Leg  fact.LegID  `json:"leg"`
	}
	// RecordStarted says that all sides are being written.
	RecordStarted struct {
		Head
		Recording fact.RecordingID `json:"recording"`
		Leg       fact.LegID       `json:"leg"`
	}
	// RecordEnded is the last word on a recording that started; it may come
	// after LegEnded, and after Up when it ended while there was no connection.
	// Files are relative to the switch's recording folder. Of a recording that
	// a former process began, Began may be 0: who asks for it knows better.
	RecordEnded struct {
		Head
		Recording fact.RecordingID     `json:"recording"`
		Leg       fact.LegID           `json:"leg"`
		Files     []fact.RecordingFile `json:"files"`
	}
	// RecordFailed is the last word on a recording that did not start or
	// broke.
	RecordFailed struct {
		Head
		Recording fact.RecordingID `json:"recording"`
		Leg       fact.LegID       `json:"leg"`
		Reason    string           `json:"reason"`
	}
	// SpyEnded is the last word on a spy.
	SpyEnded struct {
		Head
		Spy fact.SpyID `json:"spy"`
		Leg fact.LegID `json:"leg"`
	}
	// TalkStarted says that the leg's party speaks (after DetectTalk).
	TalkStarted struct {
		Head
		Leg fact.LegID `json:"leg"`
	}
	// TalkStopped says that it fell silent Silence ago.
	TalkStopped struct {
		Head
		Leg fact.LegID `json:"leg"`
	}
	// TransferAsked says that a phone wants its call moved. With Consulted
	// it is attended: to the party that this other leg of the phone's talks to.
	TransferAsked struct {
		Head
		Transfer  fact.TransferID `json:"transfer"`
		Leg       fact.LegID      `json:"leg"`
		To        string          `json:"to,omitempty"`
		Consulted fact.LegID      `json:"consulted,omitempty"`
	}
	// EndpointState says that an endpoint came or went.
	EndpointState struct {
		Head
		Endpoint  fact.Endpoint `json:"endpoint"`
		Reachable bool          `json:"reachable"`
	}
	// CommandFailed says what came of a command that did not work: by the
	// error of Do, or later by the switch's own word.
	CommandFailed struct {
		Head
		// Of is the command's type name.
		Of        string           `json:"of"`
		Leg       fact.LegID       `json:"leg,omitempty"`
		Room      fact.RoomID      `json:"room,omitempty"`
		Play      fact.PlayID      `json:"play,omitempty"`
		Recording fact.RecordingID `json:"recording,omitempty"`
		Spy       fact.SpyID       `json:"spy,omitempty"`
		Failure   Failure          `json:"failure"`
		Message   string           `json:"message,omitempty"`
	}
)

// FailureOf classifies an error of Switch.Do. An error of no known kind is
// FailUnknown: it may have happened.
func FailureOf(err error) Failure {
	for _, c := range []struct {
		err  error
		kind Failure
	}{{ErrNoLeg, FailNoLeg}, {ErrRefused, FailRefused}, {ErrInvalid, FailInvalid}, {ErrUnavailable, FailUnavailable}} {
		if errors.Is(err, c.err) {
			return c.kind
		}
	}
	return FailUnknown
}

// Failed is the event that says at what instant and why cmd failed.
func Failed(at fact.Instant, cmd Command, err error) CommandFailed {
	r := cmd.Ref()
	e := CommandFailed{
		Head: Head{At: at}, Of: CommandName(cmd), Room: r.Room, Play: r.Play,
		Recording: r.Recording, Spy: r.Spy, Failure: FailureOf(err), Message: err.Error(),
	}
	if len(r.Legs) > 0 {
		e.Leg = r.Legs[0]
	}
	return e
}

// LegOf is the leg that an event is about, "" for none; a recording is not its
// leg's, which it outlasts.
func LegOf(e Event) fact.LegID {
	switch e := e.(type) {
	case LegArrived:
		return e.Leg
	case LegRinging:
		return e.Leg
	case LegAnswered:
		return e.Leg
	case LegHeld:
		return e.Leg
	case LegUnheld:
		return e.Leg
	case LegReplaced:
		return e.Leg
	case LegLeft:
		return e.Leg
	case LegEnded:
		return e.Leg
	case Digit:
		return e.Leg
	case PlayStarted:
		return e.Leg
	case PlayEnded:
		return e.Leg
	case Joined:
		return e.Leg
	case Left:
		return e.Leg
	case SpyEnded:
		return e.Leg
	case TalkStarted:
		return e.Leg
	case TalkStopped:
		return e.Leg
	case TransferAsked:
		return e.Leg
	case CommandFailed:
		return e.Leg
	}
	return ""
}
