package call

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Leases: no transient state outlives its own.
const (
	// hangupLease is how long a leg may take to end after Hangup before it is
	// asked again; after hangupTries it counts as gone.
	hangupLease = 5 * time.Second
	hangupTries = 3
	// dialAgain is the ring limit of a leg that is rung again by adoption; the
	// offer's own lease ends it sooner.
	dialAgain = 30 * time.Second
	// recordLease is how long a recording may take to close after the legs.
	recordLease = 5 * time.Second
)

// Call is one call. Its fields are exported for its checkpoint alone; only
// Step changes them.
type Call struct {
	ID        fact.CallID    `json:"id"`
	Direction fact.Direction `json:"direction"`
	From      media.Identity `json:"from"`
	To        string         `json:"to"`
	FlowID    fact.FlowID    `json:"flow,omitempty"`
	Queue     fact.QueueID   `json:"queue,omitempty"`
	Agent     fact.AgentID   `json:"agent,omitempty"`
	Began     fact.Moment    `json:"began"`
	Phase     Phase          `json:"phase"`
	// Recorded says that the call is to be recorded, by order if Ordered is set;
	// Required that nobody may talk in it otherwise.
	Recorded bool        `json:"recorded,omitempty"`
	Ordered  bool        `json:"ordered,omitempty"`
	Required bool        `json:"required,omitempty"`
	Music    string      `json:"music,omitempty"`
	Tag      media.Tag   `json:"tag"`
	Legs     []*Leg      `json:"legs"`
	Room     fact.RoomID `json:"room,omitempty"`
	Plays    []int       `json:"plays,omitempty"`
	Files    []Recording `json:"recordings,omitempty"`
	// Masks are why silence is written into the recordings, Lapse is the one that
	// failed last of so many Lapses, Retry when another one is begun, Gate when an
	// agent who has picked up has waited long enough for one; 0 for nothing.
	Masks  []Masking    `json:"masks,omitempty"`
	Lapse  Lapse        `json:"lapse,omitzero"`
	Lapses int          `json:"lapses,omitempty"`
	Retry  fact.Instant `json:"retry,omitempty"`
	Gate   fact.Instant `json:"gate,omitempty"`
	Spans  spans        `json:"spans"`
	// Side is what the agent does in the middle of the talk, nil for nothing;
	// Third says that there are three in it.
	Side  *Side `json:"side,omitempty"`
	Third bool  `json:"third,omitempty"`
	// Supervisions are the supervisors at the talk, in the order in which they
	// came; Spies is how often one was given something to hear by.
	Supervisions []*Supervision `json:"supervisions,omitempty"`
	Spies        int            `json:"spies,omitempty"`
	// Whisper is what the agent hears who has picked up, "" for nothing;
	// WhisperDue is when the caller is there at the latest.
	Whisper    fact.PlayID  `json:"whisper,omitempty"`
	WhisperDue fact.Instant `json:"whisper_due,omitempty"`
	// Check is when the legs must be where they are to be, 0 when they are,
	// and Checks how often they were not.
	Check  fact.Instant `json:"check,omitempty"`
	Checks int          `json:"checks,omitempty"`
	// Goodbye is when legs must have ended that the call goes on without, and
	// Goodbyes how often they had not.
	Goodbye  fact.Instant `json:"goodbye,omitempty"`
	Goodbyes int          `json:"goodbyes,omitempty"`
	// Answering is when the first leg must be up that was ordered to answer, and
	// Answerings how often the order has failed.
	Answering  fact.Instant `json:"answering,omitempty"`
	Answerings int          `json:"answerings,omitempty"`
	// Look is when legs of which nothing is heard are looked after, and Turn
	// says that this is when the switch may be asked.
	Look      fact.Instant `json:"look,omitempty"`
	Turn      bool         `json:"turn,omitempty"`
	Transfers int          `json:"transfers,omitempty"`
	// Notices counts the plays that no script waits for.
	Notices int `json:"notices,omitempty"`
	// Picking is when who picks the parked first leg up must talk to it, 0 for
	// nobody; Farewell what an agent hears who has parked it, "" for nothing.
	Picking  fact.Instant `json:"picking,omitempty"`
	Farewell fact.PlayID  `json:"farewell,omitempty"`
	Offers   int          `json:"offers,omitempty"`
	// Taken is the offer whose agent has picked up first and is being joined,
	// or talks.
	Taken  fact.OfferID `json:"taken,omitempty"`
	Talked bool         `json:"talked,omitempty"`
	// Speech is what both sides of the talk hear, nil for nothing. Excuse is the
	// code by which the agent may hang up first, "" for none (SPEC RUL-END-2).
	Speech *Speech `json:"speech,omitempty"`
	Excuse string  `json:"excuse,omitempty"`
	// Keep says that whom the first leg has dialled stays when it goes.
	Keep bool `json:"keep,omitempty"`
	// Back says that the first leg stays when whom it has dialled goes.
	Back bool `json:"back,omitempty"`
	// Stint is the part of the agent who talks, nil for nobody. Silence is how
	// long who speaks must be silent to have stopped, 0 while nobody asks.
	Stint   *Stint        `json:"stint,omitempty"`
	Silence time.Duration `json:"silence,omitempty"`
	// Spared is the code by which a talk was ended before the customer ended it,
	// "" for none.
	Spared  string       `json:"spared,omitempty"`
	Parted  fact.Party   `json:"parted,omitempty"` // who ended the talk, if the call went on
	Ending  fact.Ending  `json:"ending"`
	By      fact.Party   `json:"by,omitempty"`
	Cause   int          `json:"cause,omitempty"`
	EndedAt fact.Moment  `json:"ended"`
	Lease   fact.Instant `json:"lease,omitempty"` // of Ending
	Tries   int          `json:"tries,omitempty"`

	out     []Effect
	now     fact.Moment
	parting parting // of this step
}

// Begin makes the call of a leg that arrived, in the phase InFlow. Recorded
// says whether it is to be recorded once it is answered.
func Begin(id fact.CallID, now fact.Moment, dir fact.Direction, a media.LegArrived, recorded bool) *Call {
	c := &Call{
		ID: id, Direction: dir, From: a.From, To: a.To, Began: now, Phase: InFlow, Recorded: recorded,
	}
	role := media.RoleAgent
	if dir == fact.Inbound {
		role = media.RoleCaller
	}
	c.Tag = media.Tag{Call: id, Role: role}
	c.now = now
	c.Legs = []*Leg{{ID: a.Leg, Role: role, State: a.State, Endpoint: a.Endpoint, Quiet: now.At}}
	c.listen()
	c.Spans.enter(InFlow, now.At)
	return c
}

// First is the leg that the call is about.
func (c *Call) First() *Leg { return c.Legs[0] }

// Leg is the call's leg of that id, nil for none.
func (c *Call) Leg(id fact.LegID) *Leg {
	for _, l := range c.Legs {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// Has says whether a leg is the call's and not gone yet.
func (c *Call) Has(id fact.LegID) bool {
	l := c.Leg(id)
	return l != nil && !l.Gone
}

// Partner is the leg that the first one talks to or is to talk to: of several
// that ring, the one that was picked up first, until then the last dialled one
// that is neither gone nor hung up. Nil for none.
func (c *Call) Partner() *Leg {
	var last *Leg
	for _, l := range c.Legs[1:] {
		if !l.there() || l.Part != PartTalk {
			continue
		}
		if c.Taken != "" && l.Offer == c.Taken {
			return l
		}
		last = l
	}
	return last
}

// Next is when Step must be called with Tick if nothing else happens.
func (c *Call) Next() (fact.Instant, bool) {
	next := c.Lease
	soonest := func(at fact.Instant) {
		if at != 0 && (next == 0 || at < next) {
			next = at
		}
	}
	soonest(c.Check)
	soonest(c.Goodbye)
	soonest(c.Picking)
	soonest(c.Look)
	soonest(c.Answering)
	if c.Side != nil {
		soonest(c.Side.Due)
	}
	for _, s := range c.Supervisions {
		soonest(s.Due)
	}
	soonest(c.WhisperDue)
	soonest(c.recordNext())
	return next, next != 0
}

// Step applies in at now and returns what must be done, in order.
func (c *Call) Step(now fact.Moment, in Input) []Effect {
	c.now, c.out, c.parting = now, nil, parting{}
	if c.Phase == Ended {
		return nil
	}
	switch in := in.(type) {
	case Heard:
		c.heard(in.Event)
	case Answer:
		c.answer()
	case Play:
		c.play(in)
	case StopPlay:
		c.send(media.StopPlay{Play: c.playID(in.Token), Leg: c.First().ID})
	case Speak:
		c.speak(in)
	case Hush:
		c.unspeak(in)
	case Excused:
		c.Excuse = in.Code
	case Mask:
		c.mask(in)
	case Policy:
		c.policy(in)
	case Recorder:
		c.recorder(in)
	case Record:
		c.message(in)
	case StopRecord:
		c.endMessage(in.Token)
	case Flow:
		c.flow()
	case Wait:
		c.wait(in)
	case Ring:
		c.ring(in)
	case Unring:
		c.unring(in)
	case Dial:
		c.dial(in)
	case Hold:
		c.hold(in)
	case Mute:
		c.mute(in)
	case Consult:
		c.consult(in)
	case Complete:
		c.complete()
	case Merge:
		c.merge()
	case Unconsult:
		c.unconsult(in.Why)
	case Retry:
		c.retry(in)
	case Supervise:
		c.supervise(in)
	case SetMode:
		c.setMode(in)
	case TakeOver:
		c.takeOver(in)
	case Unsupervise:
		if s := c.supervision(in.Leg); s != nil {
			c.unsupervise(s, superviseAsked)
		}
	case Yield:
		c.yield()
	case Requeue:
		c.requeue(in)
	case Ask:
		c.question(in)
	case Park:
		c.park(in)
	case Pick:
		c.pick(in)
	case Notice:
		c.notice(in)
	case Nudge:
		c.nudge(in)
	case Remark:
		c.remark(in)
	case DetectTalk:
		c.detectTalk(in)
	case GiveUp:
		c.giveUp()
	case Release:
		c.release(in)
	case Refuse:
		c.refuse(in)
	case Named:
		c.offeredTo(in)
	case Give:
		c.give(in)
	case Take:
		c.take(in)
	case End:
		c.end(in)
	case Deflect:
		c.deflect(in)
	case Adopt:
		c.adopt(in)
	case Found:
		c.found(in)
	case Probe:
		c.probe(in)
	case Tick:
		c.tick()
	}
	c.speechLost()
	c.finish()
	out := c.out
	c.out = nil
	return out
}

func (c *Call) do(e Effect)            { c.out = append(c.out, e) }
func (c *Call) send(cmd media.Command) { c.do(Send{cmd}) }
func (c *Call) emit(e fact.Event)      { c.do(Emit{e}) }
func (c *Call) alive() bool            { return c.Phase != Ending && c.Phase != Ended }
func (c *Call) switchName() string     { return fact.SwitchOf(c.First().ID) }
func (c *Call) playID(t int) fact.PlayID {
	return fact.On[fact.PlayID](c.switchName(), string(c.ID)+"-p"+strconv.Itoa(t))
}

func (c *Call) enter(p Phase) {
	talked := c.Phase == InTalk
	if p != c.Phase {
		c.Silence = 0
	}
	c.Phase = p
	c.Spans.enter(p, c.now.At)
	switch {
	case talked && p != InTalk:
		c.stintOver()
	case !talked && p == InTalk:
		c.stint()
	}
}

func (c *Call) play(in Play) {
	if !c.alive() {
		c.do(Played{in.Token, true})
		return
	}
	c.Plays = append(c.Plays, in.Token)
	c.send(media.Play{Play: c.playID(in.Token), Leg: c.First().ID, Prompts: in.Prompts, Language: in.Language})
}

// played takes a token off the list; false when it was not on it.
func (c *Call) played(token int) bool {
	for i, t := range c.Plays {
		if t == token {
			c.Plays = append(c.Plays[:i], c.Plays[i+1:]...)
			return true
		}
	}
	return false
}
