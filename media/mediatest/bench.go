package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Bench is one switch under test with hands on its far side. Exercise opens a
// bench for every test; what open starts, it ends by t.Cleanup. Several benches
// may stand on one running switch, one after the other: the suite ends every
// leg that it caused.
type Bench struct {
	// Switch is the driver under test. The suite calls Run, once a bench; the
	// bench must not.
	Switch media.Switch
	// World is the far side of the same switch.
	World World
	// Next is a new driver of the same switch that knows nothing of what the
	// one before was told, as a process has it that was started again. The
	// one before has ended. nil says that this bench has none.
	Next func() media.Switch

	// Patience is how long an event that must come may take; 0 means 5 s.
	Patience time.Duration
	// Quiet is how long the suite listens for events that must not come; 0
	// means 50 ms. A switch across a network needs some hundred.
	Quiet time.Duration
	// Notice is how long the driver may take to notice that a connection
	// stalls (its heartbeat); 0 means Patience.
	Notice time.Duration

	// Prompt can be played and lasts PromptLength or a little longer, at most
	// a second; 0 means half of one. LongPrompt lasts at least three seconds.
	// MissingPrompt is well-formed and names a file that is not there.
	Prompt, LongPrompt, MissingPrompt media.Prompt
	PromptLength                      time.Duration

	// Unreachable is an endpoint that the switch knows and cannot reach: its
	// phone is not registered. Create of it is refused.
	Unreachable fact.Endpoint

	// Return is how long ExitFallback keeps a caller before it hands them to
	// us again (LegArrived with the same leg and its tag); 0 means never.
	Return time.Duration

	// BlindOnly says that the phones cannot ask for attended transfers (Refer
	// with consulted).
	BlindOnly bool
	// Deaf says that far ends cannot tell what they hear: the suite does not
	// call Hears. Benches with audio or a model of it leave it false.
	Deaf bool
}

// Dialled is the number that every caller of the suite dials.
const Dialled = "95500"

// World is what lies beyond a switch: callers, phones, and the wire between
// the switch and the driver. Its verbs, and those of Far and Phone, return
// when the far side has acted, not when the driver has heard of it. They may
// be called from any goroutine, so one that cannot be carried out reports it
// with t.Errorf of the test that opened the bench (never Fatal) and returns.
type World interface {
	// Call makes a call from outside that the dialplan hands to us. The
	// driver sees LegArrived with From.Number from (digits) and To to, which
	// is always Dialled. It returns when the call is on its way. At least four
	// can be up at once.
	Call(from, to string) Far
	// Phone is a phone of its own, registered and idle, that treats calls as
	// b says. At least four can be had in one bench.
	Phone(b Behaviour) Phone
	// Cut breaks the driver's connections abruptly (RST) and refuses new ones
	// until mend is called. Legs live on. mend may be called at once; a second
	// call does nothing.
	Cut() (mend func())
	// Stall makes the driver's connections, and new ones, accept and carry
	// nothing more in either direction without closing, until mend is called;
	// mend closes those that stalled. Legs live on.
	Stall() (mend func())
	// DuringListing has f called once, at the driver's next connect: after the
	// switch has taken the list of legs that the driver asks for, and before
	// the driver gets it. The bench holds the list back until the events that
	// f causes are out (100 ms will do), so that they overtake it. False
	// says that this bench cannot force that order; f is not called then, and
	// the suite tries its luck instead.
	DuringListing(f func()) bool
	// Stored says whether a file of this name (as RecordEnded tells it) is in
	// the switch's recording folder.
	Stored(name string) bool
}

// Behaviour is what a phone does with calls.
type Behaviour struct {
	// Ring is how long the phone rings before Then.
	Ring time.Duration
	// Mute makes the phone not say that it rings (no 180).
	Mute bool
	// Then is what comes after ringing.
	Then Outcome
}

// Outcome is how a phone treats a call in the end.
type Outcome string

// The outcomes, with the SIP status that a phone gives and the Q.850 cause
// that the driver must report.
const (
	Answers     Outcome = "answers"      // 200
	RingsOn     Outcome = "rings-on"     // rings until the switch gives up
	Busy        Outcome = "busy"         // 486, cause 17
	Rejects     Outcome = "rejects"      // 603, cause 21
	Unavailable Outcome = "unavailable"  // 480, cause 19
	SaysNothing Outcome = "says-nothing" // not one answer to INVITE
)

// Phone is a phone that the switch can dial.
type Phone interface {
	// Endpoint is what Create names to ring it.
	Endpoint() fact.Endpoint
	// Behave changes what the phone does with the next call.
	Behave(b Behaviour)
	// Rung waits until the phone has been rung by a call that Rung has not
	// yet returned, and returns the phone's end of it.
	Rung() Far
	// Register makes the phone known to the switch (true) or takes it off
	// (false: unregister), so that EndpointState follows where the switch has
	// the capability.
	Register(on bool)
}

// Far is the far end of one leg: the handset of a caller or of a phone.
// Waiting verbs give up (and report it) after the bench's Patience.
type Far interface {
	// Hangup ends the call at this end: CANCEL or the refusal while it is not
	// answered, BYE afterwards.
	Hangup()
	// Press sends keys, one after the other (RFC 4733).
	Press(digits string)
	// Hold and Unhold are the phone's own hold key (re-INVITE sendonly,
	// sendrecv).
	Hold()
	Unhold()
	// Talk makes this end speak, or fall silent. It is silent at first.
	Talk(on bool)
	// Refer is the phone's transfer key: blind to a number, or, when consulted
	// is not nil, attended to whom that other call of the same phone talks.
	// It returns when the switch has accepted or refused the request.
	Refer(to string, consulted Far)

	// Early waits until early media was announced (183) before an answer.
	Early()
	// Answered waits until this end's call is up.
	Answered()
	// Ended waits until this end's call is over and says how.
	Ended() Goodbye
	// Alive says whether this end's call is not over yet.
	Alive() bool
	// Hears waits until this end hears exactly this. It is not called on a
	// deaf bench.
	Hears(what Heard)
	// Level is how loud this end hears another one at this moment, as a share of
	// full scale. It is not called on a deaf bench.
	Level(of Far) float64
	// Keyed waits until this end has been sent exactly these keys so far.
	Keyed(digits string)
	// Told waits until the phone has been told how its Refer went.
	Told() (done bool)
}

// Goodbye is what a far end was told when its call ended.
type Goodbye struct {
	// Here says that this end hung up itself.
	Here bool
	// Cause is the Q.850 cause that it was told, 0 when none was.
	Cause int
	// Elsewhere says that it was told the call was completed elsewhere
	// (RFC 3326: Reason SIP;cause=200 or Q.850;cause=26).
	Elsewhere bool
}

// Shown is what a phone that rings shows of the caller, and how it was asked to
// ring: its Alert-Info, and whether to answer by itself.
type Shown struct {
	media.Identity
	Alert      string
	AutoAnswer bool
}

// Heard is what a far end hears at one moment. The zero value is silence.
type Heard struct {
	Music  bool  // music on hold
	Prompt bool  // a prompt
	Beep   bool  // a short tone; in memory it is a prompt like others
	Voices []Far // other far ends that talk, in any order
}

func (b *Bench) patience() time.Duration { return orElse(b.Patience, 5*time.Second) }
func (b *Bench) quiet() time.Duration    { return orElse(b.Quiet, 50*time.Millisecond) }
func (b *Bench) notice() time.Duration   { return orElse(b.Notice, b.patience()) }
func (b *Bench) promptLength() time.Duration {
	return orElse(b.PromptLength, 500*time.Millisecond)
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
