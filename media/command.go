package media

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Command is one thing asked of a switch. The set is closed: the types below.
type Command interface {
	// Ref names what the command is about; the first leg's switch (or the
	// room's, play's, recording's, spy's) is the switch it goes to.
	Ref() Ref
	command()
}

// Ref is what a command is about. Fields that do not apply are zero.
type Ref struct {
	Legs      []fact.LegID
	Room      fact.RoomID
	Play      fact.PlayID
	Recording fact.RecordingID
	Spy       fact.SpyID
}

// Switch is the name of the switch that the ids are bound to.
func (r Ref) Switch() string {
	switch {
	case len(r.Legs) > 0:
		return fact.SwitchOf(r.Legs[0])
	case r.Room != "":
		return fact.SwitchOf(r.Room)
	case r.Play != "":
		return fact.SwitchOf(r.Play)
	case r.Recording != "":
		return fact.SwitchOf(r.Recording)
	}
	return fact.SwitchOf(r.Spy)
}

// Prompt is one piece of what a leg is to hear; exactly one field is set.
type Prompt struct {
	// File is a path on the switch's host without extension: the switch picks
	// the encoding. It must be absolute and free of "..".
	File string `json:"file,omitempty"`
	// Sound is a name in the switch's own sound collection, such as "beep".
	Sound string `json:"sound,omitempty"`
	// Tone is "ring", "busy" or "beep".
	Tone string `json:"tone,omitempty"`
	// Silence is how long to say nothing.
	Silence time.Duration `json:"silence,omitempty"`
}

// Identity is a party as a display shows it.
type Identity struct {
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
}

// The commands. Every leg must be known to the switch unless said otherwise;
// if it is gone, Do answers ErrNoLeg.
type (
	// SetTag (the port's Tag) writes what the leg carries for adoption.
	SetTag struct {
		Leg fact.LegID `json:"leg"`
		Tag Tag        `json:"tag"`
	}
	// Answer picks the leg up. LegAnswered follows.
	Answer struct {
		Leg fact.LegID `json:"leg"`
	}
	// Progress gives early media without answering.
	Progress struct {
		Leg fact.LegID `json:"leg"`
	}
	// Create makes a leg of ours without ringing anything. A refusal means
	// the endpoint cannot be reached. Repeating it with a live id is refused.
	Create struct {
		Leg      fact.LegID    `json:"leg"` // minted
		Endpoint fact.Endpoint `json:"endpoint"`
		Tag      Tag           `json:"tag"`
		// Show is what the called display shows.
		Show Identity `json:"show"`
		// Alert is the Alert-Info to send, "" for none.
		Alert string `json:"alert,omitempty"`
		// AutoAnswer asks the phone to answer by itself (Call-Info with
		// answer-after=0); whether it does is its own matter.
		AutoAnswer bool `json:"auto_answer,omitempty"`
		// For is the leg on whose behalf this one is made, "" for none.
		For fact.LegID `json:"for,omitempty"`
	}
	// Dial rings a created leg for at most Limit (the switch's own guard).
	// LegRinging, LegAnswered or LegEnded follow.
	Dial struct {
		Leg   fact.LegID    `json:"leg"`
		Limit time.Duration `json:"limit"`
	}
	// Hangup ends the leg. LegEnded follows. A leg that is gone is success.
	Hangup struct {
		Leg fact.LegID `json:"leg"`
		// Cause is Q.850; 0 means 16, normal clearing.
		Cause int `json:"cause,omitempty"`
		// Elsewhere tells a ringing phone that the call was completed
		// elsewhere (RFC 3326, Q.850 cause 26): no missed call is shown.
		Elsewhere bool `json:"elsewhere,omitempty"`
	}
	// Play lets the leg hear prompts in order. PlayStarted and exactly one
	// PlayEnded follow. Plays of one leg queue. Music goes on after it.
	// Answer, Join, Leave, Hold, Unhold, Deflect, and Spy for the one who
	// hears, do not wait for a prompt: they end all plays of their legs first
	// (PlayDone). No other command disturbs a play or waits for its end; Music
	// is heard after it.
	Play struct {
		Play     fact.PlayID `json:"play"` // minted
		Leg      fact.LegID  `json:"leg"`
		Prompts  []Prompt    `json:"prompts"`
		Language string      `json:"language,omitempty"`
		// Over is for a word in somebody's ear: the prompts are mixed into what
		// the leg hears in its room, and the talk goes on both ways. Such a play
		// waits in no queue, nor does any other play wait for it. A leg that is
		// in no room, or held there, is refused. Where nobody else in the room
		// sends audio at all, Asterisk has nothing to mix it into.
		Over bool `json:"over,omitempty"`
	}
	// StopPlay ends a play early. One that is gone is success.
	StopPlay struct {
		Play fact.PlayID `json:"play"`
		Leg  fact.LegID  `json:"leg"`
	}
	// Music lets a leg that is in no room hear music of a class ("" for the
	// switch's default) until it is stopped, joins a room or ends.
	Music struct {
		Leg   fact.LegID `json:"leg"`
		On    bool       `json:"on"`
		Class string     `json:"class,omitempty"`
	}
	// Join puts legs into a room, made when it is not there. Either all of
	// them are put in or none. A leg in another room moves; music stops.
	// Joined follows for each leg; a room stands only then.
	Join struct {
		Room fact.RoomID  `json:"room"` // minted
		Legs []fact.LegID `json:"legs"`
	}
	// Leave takes a leg out of its room; it then hears nothing. Left follows.
	// An empty room is gone and its id is never used again.
	Leave struct {
		Room fact.RoomID `json:"room"`
		Leg  fact.LegID  `json:"leg"`
	}
	// Hold takes a leg out of the talk and lets it hear music; LegHeld
	// follows. Its place in the room is kept.
	Hold struct {
		Room  fact.RoomID `json:"room"`
		Leg   fact.LegID  `json:"leg"`
		Class string      `json:"class,omitempty"`
	}
	// Unhold brings a held leg back into the room; LegUnheld follows.
	Unhold struct {
		Room fact.RoomID `json:"room"`
		Leg  fact.LegID  `json:"leg"`
	}
	// Mute stops (or lets go) what the leg says.
	Mute struct {
		Leg fact.LegID `json:"leg"`
		On  bool       `json:"on"`
	}
	// Record writes what a leg says and what it hears into files of their
	// own, from now to StopRecord or the leg's end, whatever room it is in.
	// RecordStarted and RecordEnded (or RecordFailed) follow.
	Record struct {
		Recording fact.RecordingID `json:"recording"` // minted
		Leg       fact.LegID       `json:"leg"`
		// Name is the file name's stem relative to the recording folder:
		// letters, digits, "-", "_" and single "/" only, else ErrInvalid.
		Name string `json:"name"`
	}
	// MuteRecord writes silence of the same length instead of the talk.
	MuteRecord struct {
		Recording fact.RecordingID `json:"recording"`
		Leg       fact.LegID       `json:"leg"`
		On        bool             `json:"on"`
	}
	// StopRecord ends a recording. One that is gone is success.
	StopRecord struct {
		Recording fact.RecordingID `json:"recording"`
		Leg       fact.LegID       `json:"leg"`
		// Name, when given, is Record's: a recording that the driver does not
		// know, because a former process began it, has its last word by the
		// files of that name: RecordEnded, or RecordFailed when there are none.
		Name string `json:"name,omitempty"`
	}
	// Spy lets By hear the talk of Leg; with Whisper the leg also hears By,
	// and nobody else does. Without, there is no way for what By says to
	// anybody. By leaves the room that it is in (Left) and the spy that it is
	// at (SpyEnded), so that one command makes a whisper of a listening; one
	// that is on hold is refused. SpyEnded follows at the end: either leg's, or
	// when By joins a room.
	Spy struct {
		Spy     fact.SpyID `json:"spy"` // minted
		Leg     fact.LegID `json:"leg"`
		By      fact.LegID `json:"by"`
		Whisper bool       `json:"whisper,omitempty"`
	}
	// StopSpy ends a spy; By then hears nothing. One that is gone is success.
	// SpyEnded follows. Asterisk cannot hear both sides of a leg that was
	// given the sound of ringing while it was heard, for as long as the leg
	// lives: whoever has it hear that stops its spies before, and starts others
	// when there is an answer.
	StopSpy struct {
		Spy fact.SpyID `json:"spy"`
		Leg fact.LegID `json:"leg"`
		By  fact.LegID `json:"by"`
	}
	// SendDigits plays keys to the leg's far end.
	SendDigits struct {
		Leg    fact.LegID `json:"leg"`
		Digits string     `json:"digits"` // 0-9 * # A-D, at most 64
	}
	// DetectTalk reports TalkStarted and TalkStopped of a leg. Silence is how
	// long it must be quiet to have stopped.
	DetectTalk struct {
		Leg     fact.LegID    `json:"leg"`
		On      bool          `json:"on"`
		Silence time.Duration `json:"silence,omitempty"`
	}
	// Volume makes what a leg says (fact.SideIn) or hears (fact.SideOut) louder
	// than it comes by so many decibels, softer by a negative number, up to
	// MaxVolume; 0 takes that back. It holds until the leg ends.
	Volume struct {
		Leg  fact.LegID `json:"leg"`
		Side fact.Side  `json:"side"`
		DB   int        `json:"db"`
	}
	// Deflect gives the leg back to the dialplan. LegLeft follows.
	Deflect struct {
		Leg fact.LegID `json:"leg"`
		To  Exit       `json:"to"`
	}
	// AnswerTransfer tells a phone how its transfer went; with Done it may go.
	AnswerTransfer struct {
		Transfer fact.TransferID `json:"transfer"`
		Leg      fact.LegID      `json:"leg"`
		Done     bool            `json:"done,omitempty"`
	}
	// RefuseTransfer tells a phone that its transfer will not be.
	RefuseTransfer struct {
		Transfer fact.TransferID `json:"transfer"`
		Leg      fact.LegID      `json:"leg"`
	}
	// Probe asks whether a leg, or a play or recording by its name, lives:
	// nil says so, ErrNoLeg that it does not. Name the one field asked for,
	// and Leg always.
	Probe struct {
		Leg       fact.LegID       `json:"leg"`
		Play      fact.PlayID      `json:"play,omitempty"`
		Recording fact.RecordingID `json:"recording,omitempty"`
	}
)

// MaxVolume is the most by which Volume makes something louder or softer, in
// decibels: four times the amplitude.
const MaxVolume = 12

// Exit is where a deflected leg goes in the dialplan.
type Exit string

// The exits; `huawu asterisk config` prints the contexts that they name.
const (
	ExitBusy     Exit = "busy"     // tell the caller that we are full
	ExitFallback Exit = "fallback" // keep the caller on music and retry
)

func one(l fact.LegID) []fact.LegID { return []fact.LegID{l} }

// Ref implements Command.
func (c SetTag) Ref() Ref         { return Ref{Legs: one(c.Leg)} }
func (c Answer) Ref() Ref         { return Ref{Legs: one(c.Leg)} }
func (c Progress) Ref() Ref       { return Ref{Legs: one(c.Leg)} }
func (c Create) Ref() Ref         { return Ref{Legs: one(c.Leg)} }
func (c Dial) Ref() Ref           { return Ref{Legs: one(c.Leg)} }
func (c Hangup) Ref() Ref         { return Ref{Legs: one(c.Leg)} }
func (c Play) Ref() Ref           { return Ref{Legs: one(c.Leg), Play: c.Play} }
func (c StopPlay) Ref() Ref       { return Ref{Legs: one(c.Leg), Play: c.Play} }
func (c Music) Ref() Ref          { return Ref{Legs: one(c.Leg)} }
func (c Join) Ref() Ref           { return Ref{Legs: c.Legs, Room: c.Room} }
func (c Leave) Ref() Ref          { return Ref{Legs: one(c.Leg), Room: c.Room} }
func (c Hold) Ref() Ref           { return Ref{Legs: one(c.Leg), Room: c.Room} }
func (c Unhold) Ref() Ref         { return Ref{Legs: one(c.Leg), Room: c.Room} }
func (c Mute) Ref() Ref           { return Ref{Legs: one(c.Leg)} }
func (c Record) Ref() Ref         { return Ref{Legs: one(c.Leg), Recording: c.Recording} }
func (c MuteRecord) Ref() Ref     { return Ref{Legs: one(c.Leg), Recording: c.Recording} }
func (c StopRecord) Ref() Ref     { return Ref{Legs: one(c.Leg), Recording: c.Recording} }
func (c Spy) Ref() Ref            { return Ref{Legs: []fact.LegID{c.Leg, c.By}, Spy: c.Spy} }
func (c StopSpy) Ref() Ref        { return Ref{Legs: []fact.LegID{c.Leg, c.By}, Spy: c.Spy} }
func (c SendDigits) Ref() Ref     { return Ref{Legs: one(c.Leg)} }
func (c DetectTalk) Ref() Ref     { return Ref{Legs: one(c.Leg)} }
func (c Volume) Ref() Ref         { return Ref{Legs: one(c.Leg)} }
func (c Deflect) Ref() Ref        { return Ref{Legs: one(c.Leg)} }
func (c AnswerTransfer) Ref() Ref { return Ref{Legs: one(c.Leg)} }
func (c RefuseTransfer) Ref() Ref { return Ref{Legs: one(c.Leg)} }
func (c Probe) Ref() Ref          { return Ref{Legs: one(c.Leg), Play: c.Play, Recording: c.Recording} }

func (SetTag) command()         {}
func (Answer) command()         {}
func (Progress) command()       {}
func (Create) command()         {}
func (Dial) command()           {}
func (Hangup) command()         {}
func (Play) command()           {}
func (StopPlay) command()       {}
func (Music) command()          {}
func (Join) command()           {}
func (Leave) command()          {}
func (Hold) command()           {}
func (Unhold) command()         {}
func (Mute) command()           {}
func (Record) command()         {}
func (MuteRecord) command()     {}
func (StopRecord) command()     {}
func (Spy) command()            {}
func (StopSpy) command()        {}
func (SendDigits) command()     {}
func (DetectTalk) command()     {}
func (Volume) command()         {}
func (Deflect) command()        {}
func (AnswerTransfer) command() {}
func (RefuseTransfer) command() {}
func (Probe) command()          {}
