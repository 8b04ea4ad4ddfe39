package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Input is one thing that a call is told. The set is closed: the types below.
type Input interface{ input() }

// The inputs.
type (
	// Heard is an event about one of the call's legs.
	Heard struct{ Event media.Event }
	// Answer picks the first leg up. Once is enough.
	Answer struct{}
	// Play lets the first leg hear prompts. Played answers with the token.
	Play struct {
		Token    int
		Prompts  []media.Prompt
		Language string
	}
	// StopPlay ends a play early.
	StopPlay struct{ Token int }
	// Record begins to record a message of the first leg's, who is told to have
	// fallen silent after Quiet. StopRecord ends it. Recorded answers.
	Record struct {
		Token int
		Quiet time.Duration
	}
	StopRecord struct{ Token int }
	// Flow says that the first leg is in a flow (again).
	Flow struct{}
	// Wait says that the first leg is in line: music, and a tag that keeps
	// its place if all else is lost.
	Wait struct {
		Queue    fact.QueueID
		Priority int
		Joined   fact.Moment
		Music    string
		// Wish is what else makes the place; nil leaves it what it is.
		Wish *media.Wish
	}
	// Ring calls an agent's endpoint for an offer while the caller waits.
	// Rang, Picked, Connected, Missed and Released answer.
	Ring struct {
		Offer    fact.OfferID
		Agent    fact.AgentID
		Endpoint fact.Endpoint
		Limit    time.Duration
		Leg      fact.LegID  // minted
		Room     fact.RoomID // minted
		// Show, Alert and AutoAnswer are the display of the phone that rings
		// (media.Create).
		Show       media.Identity
		Alert      string
		AutoAnswer bool
		// Whisper is what the agent hears on picking up, before the caller is
		// there, nil for nothing.
		Whisper []media.Prompt
		// Consult says that the agent is called for one who asks, not for the
		// first leg.
		Consult bool
	}
	// Unring takes an offer back; its leg is hung up, Elsewhere with the word
	// that somebody else has answered.
	Unring struct {
		Offer     fact.OfferID
		Elsewhere bool
	}
	// Dial calls an endpoint for the first leg, who hears it ring. Agent is
	// the colleague called, "" for an outside number.
	Dial struct {
		// Keep says that who answers stays, in a flow, when the first leg goes.
		Keep bool
		// Back says that the first leg goes on, in its flow, when who answers
		// goes.
		Back     bool
		Endpoint fact.Endpoint
		Agent    fact.AgentID
		Show     media.Identity
		Limit    time.Duration
		Leg      fact.LegID  // minted
		Room     fact.RoomID // minted
	}
	// Hold lets a leg of the talk hear music, or brings it back.
	Hold struct {
		Leg   fact.LegID
		On    bool
		Class string // of music, "" the switch's default
		// Consent says that who is to hear it was asked first.
		Consent bool
	}
	// Mute keeps a leg of the talk from being heard, or lets it be again.
	Mute struct {
		Leg fact.LegID
		On  bool
	}
	// Consult calls somebody for the agent at By, the first leg on hold
	// meanwhile. There is one consult at a time. With Blind the agent does not
	// wait for the answer. Transfer is the phone's own request, "" for none.
	Consult struct {
		By       fact.LegID
		Room     fact.RoomID // minted
		Blind    bool
		Transfer fact.TransferID
		// Back says that the first leg goes on, in its flow, when whom it talks to
		// in the end goes.
		Back bool
		Retry
	}
	// Complete gives the talk to whom is consulted.
	Complete struct{}
	// Merge brings whom is consulted into the talk.
	Merge struct{}
	// Retry calls whom the agent asks by another way, after Undialled.
	Retry struct {
		Leg      fact.LegID // minted
		Endpoint fact.Endpoint
		Agent    fact.AgentID // the colleague, "" for an outside number
		Show     media.Identity
		Limit    time.Duration
	}
	// Unconsult ends the consult; the agent goes back to the talk. Why is ""
	// when the agent wants it so.
	Unconsult struct{ Why Miss }
	// Requeue takes the agent at By out of the talk, for the first leg is to
	// wait in line again. Transfer is the phone's own request, "" for none.
	Requeue struct {
		By       fact.LegID
		Transfer fact.TransferID
	}
	// Refuse answers TransferAsked: it will not be. Rule is what forbids it, ""
	// if it cannot be.
	Refuse struct {
		Transfer fact.TransferID
		Leg      fact.LegID
		To       string
		Rule     string
	}
	// Give parts with a leg that becomes another call's, for a phone joins the
	// two calls that it has. Take is the other half.
	Give struct{ Leg fact.LegID }
	// Take makes another call's leg the one that the first leg talks to.
	Take struct {
		Leg      *Leg
		Transfer fact.TransferID
	}
	// Named says by which offer the agent at a leg has the talk that was
	// transferred there.
	Named struct {
		Leg   fact.LegID
		Offer fact.OfferID
	}
	// End hangs all legs up.
	End struct {
		Cause  int // Q.850, 0 means 16
		By     fact.Party
		Ending fact.Ending
		// Excused says that a scene ends it, by the code of the call's Excuse.
		Excused bool
	}
	// Deflect gives the first leg back to the dialplan and ends the call.
	Deflect struct {
		To     media.Exit
		Ending fact.Ending
	}
	// Adopt says what the switch holds after it was out of sight: the legs
	// and rooms of its listing.
	Adopt struct {
		Legs  map[fact.LegID]media.LegInfo
		Rooms map[fact.LegID]fact.RoomID
		// Fresh says that the process is new: what it had sent may not have
		// left it.
		Fresh bool
	}
	// Found says that the first leg was found in a talk that we do not
	// remember: the talk is left alone.
	Found struct {
		Partner media.LegInfo
		Room    fact.RoomID
	}
	// Probe gives leave to ask the switch after silent legs, at an instant that
	// may be to come.
	Probe struct{ At fact.Instant }
	// Tick lets leases that are due run out.
	Tick struct{}
)

func (Heard) input()      {}
func (Answer) input()     {}
func (Play) input()       {}
func (StopPlay) input()   {}
func (Flow) input()       {}
func (Wait) input()       {}
func (Ring) input()       {}
func (Unring) input()     {}
func (Dial) input()       {}
func (Hold) input()       {}
func (Mute) input()       {}
func (Consult) input()    {}
func (Complete) input()   {}
func (Merge) input()      {}
func (Unconsult) input()  {}
func (Retry) input()      {}
func (Requeue) input()    {}
func (Refuse) input()     {}
func (Give) input()       {}
func (Take) input()       {}
func (Named) input()      {}
func (End) input()        {}
func (Deflect) input()    {}
func (Adopt) input()      {}
func (Found) input()      {}
func (Probe) input()      {}
func (Tick) input()       {}
func (Record) input()     {}
func (StopRecord) input() {}

// Effect is one thing to be done or known, in the order given. The set is
// closed: the types below.
type Effect interface{ effect() }

// Miss says why a dialled leg was not answered; the words are routing's.
type Miss string

// The misses that a leg can tell.
const (
	MissNoAnswer    Miss = "no-answer"
	MissRejected    Miss = "rejected"
	MissBusy        Miss = "busy"
	MissUnreachable Miss = "unreachable"
	MissFailed      Miss = "failed"
)

// The effects.
type (
	// Send is a command for the switch.
	Send struct{ Command media.Command }
	// Emit is a normalised event; tenant, call and time are the receiver's
	// to add.
	Emit struct{ Event fact.Event }
	// Digit is a key of the first leg's.
	Digit struct{ Key string }
	// Played says that a play is over.
	Played struct {
		Token  int
		Failed bool
	}
	// Talk says that the first leg speaks, or has fallen silent, while a
	// message is recorded; a switch that cannot tell has it speak.
	Talk struct{ On bool }
	// Recorded says what came of a message: its file, or that it has Failed.
	Recorded struct {
		Token     int
		Recording fact.RecordingID
		File      fact.RecordingFile
		Failed    bool
	}
	// Rang says that an offer rings.
	Rang struct{ Offer fact.OfferID }
	// Picked says that an offer's leg was answered and is being joined.
	Picked struct{ Offer fact.OfferID }
	// Connected says that both are in one room.
	Connected struct{ Offer fact.OfferID }
	// Missed says that an offer's leg ended before both were in one room.
	Missed struct {
		Offer fact.OfferID
		Why   Miss
	}
	// Released says that the agent's part is over; Stays that the caller is
	// still there.
	Released struct {
		Offer fact.OfferID
		Stays bool
	}
	// Held says that the agent holds the caller, or does not any more.
	Held struct {
		Agent fact.AgentID
		On    bool
	}
	// Key is a key of an agent's, in a talk.
	Key struct {
		Leg   fact.LegID
		Agent fact.AgentID
		Key   string
	}
	// Undialled says that a leg that was dialled for the first one, or for an
	// agent who asks somebody, came to nothing. The receiver ends the call, or
	// the consult, or dials another way. Cause is Q.850, 0 for none.
	Undialled struct {
		Leg   fact.LegID
		Why   Miss
		Cause int
	}
	// TransferAsked says that a leg's phone wants the talk to go to another
	// number, or, with Consulted, to whom it talks to by that leg of its own.
	TransferAsked struct {
		Transfer  fact.TransferID
		Leg       fact.LegID
		To        string
		Consulted fact.LegID
	}
	// ConsultOver says that a consult ended without a transfer; Back that the
	// agent is in the talk again. Why is "" when the agent wanted it so.
	ConsultOver struct {
		Leg  fact.LegID
		Why  Miss
		Back bool
	}
	// Transferred says that the talk went on to To by a leg. Offer is what
	// From had the talk by, New what To has it by, "" for none.
	Transferred struct {
		From, To   fact.AgentID
		Offer, New fact.OfferID
		Leg        fact.LegID
		// Over says that To has taken the talk over, having supervised it.
		Over bool
	}
	// Resume says that after an outage the flow must enter its node again.
	Resume struct{}
	// Silent asks for leave to ask the switch after legs of which nothing has
	// been heard for long. Probe answers.
	Silent struct{}
	// Gone says that the first leg has ended; the call winds up by itself.
	Gone struct{}
	// Over is the call's account. It is the last effect of a call.
	Over struct{ Record fact.Record }
)

func (Send) effect()          {}
func (Emit) effect()          {}
func (Digit) effect()         {}
func (Played) effect()        {}
func (Talk) effect()          {}
func (Recorded) effect()      {}
func (Rang) effect()          {}
func (Picked) effect()        {}
func (Connected) effect()     {}
func (Missed) effect()        {}
func (Released) effect()      {}
func (Held) effect()          {}
func (Key) effect()           {}
func (Undialled) effect()     {}
func (TransferAsked) effect() {}
func (ConsultOver) effect()   {}
func (Transferred) effect()   {}
func (Resume) effect()        {}
func (Silent) effect()        {}
func (Gone) effect()          {}
func (Over) effect()          {}
