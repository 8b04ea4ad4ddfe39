package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// SidePhase is how far a consult is.
type SidePhase string

// The phases of a consult.
const (
	SideWaiting SidePhase = "waiting" // for somebody of a queue
	SideCalling SidePhase = "calling" // the other one's phone is being called
	SideTalking SidePhase = "talking" // both are in the side room
	SideJoining SidePhase = "joining" // the other one is on the way to the caller
	SideMerging SidePhase = "merging" // both are on the way to the caller
)

// Side is what an agent does in the middle of a talk: asking somebody, or
// giving the talk away.
type Side struct {
	By   fact.LegID  `json:"by"`
	Leg  fact.LegID  `json:"leg"`
	Room fact.RoomID `json:"room,omitempty"`
	// Queue is whose agents are asked, "" for one who was named; Leg is then
	// "" until one has picked up. Music is what the agent hears meanwhile.
	Queue fact.QueueID `json:"queue,omitempty"`
	Music string       `json:"music,omitempty"`
	// Blind says that the agent does not wait with the other one.
	Blind bool `json:"blind,omitempty"`
	// Transfer is the request of the agent's phone, "" for none.
	Transfer fact.TransferID `json:"transfer,omitempty"`
	Phase    SidePhase       `json:"phase"`
	Began    fact.Instant    `json:"began"`
	// Due is when the other one must have answered, 0 once that is so.
	Due fact.Instant `json:"due,omitempty"`
}

// answerGrace is how much longer than the switch's own limit a called leg is
// waited for.
const answerGrace = 2 * time.Second

// consult calls somebody for an agent, the caller on hold meanwhile.
func (c *Call) consult(in Consult) {
	by := c.Leg(in.By)
	if c.Phase != InTalk || c.Side != nil || c.Third || by == nil || by != c.Partner() {
		c.do(ConsultOver{Leg: in.Leg, Why: MissFailed, Back: true})
		return
	}
	c.Back = c.Back || in.Back
	c.side(&Side{By: by.ID, Leg: in.Leg, Room: in.Room, Blind: in.Blind, Transfer: in.Transfer, Phase: SideCalling}, string(in.Agent))
	with := by
	if in.Blind {
		with = nil
		if by.InRoom != "" {
			c.send(media.Leave{Room: by.InRoom, Leg: by.ID})
		}
	} else {
		c.superviseHush()
	}
	c.callAside(in.Retry, with)
}

// callAside calls whom the agent asks. With hears the phone ring, nil for nobody.
func (c *Call) callAside(in Retry, with *Leg) {
	s := c.Side
	s.Leg, s.Due = in.Leg, c.now.At.Add(in.Limit+answerGrace)
	l := &Leg{ID: in.Leg, Role: media.RoleCallee, Part: PartConsult, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent, Made: c.now.At}
	c.Legs = append(c.Legs, l)
	c.create(l, with, s.Room, media.Create{Show: in.Show}, in.Limit)
}

// unreached tells that whom the agent calls was not reached. Another way may be
// tried, or none is left.
func (c *Call) unreached(l *Leg, why Miss, cause int) {
	if s := c.Side; s != nil && s.Leg == l.ID && c.alive() {
		c.do(Undialled{Leg: l.ID, Why: why, Cause: cause})
	}
}

// retry calls whom the agent asks by another way.
func (c *Call) retry(in Retry) {
	s := c.Side
	if s == nil || s.Phase != SideCalling {
		return
	}
	c.Leg(s.Leg).Part = PartOut
	with := c.Leg(s.By)
	if s.Blind || !with.there() {
		with = nil
	}
	c.callAside(in, with)
	c.arrange()
}

// side begins what an agent does in the middle of a talk.
func (c *Call) side(s *Side, to string) {
	s.Began = c.now.At
	c.Side = s
	c.Spans.Consult.set(true, c.now.At)
	if s.Transfer != "" {
		c.send(media.AnswerTransfer{Transfer: s.Transfer, Leg: s.By})
	}
	if !s.Blind {
		c.emit(fact.Event{Kind: fact.ConsultBegan, Leg: s.Leg, Agent: c.Leg(s.By).Agent, To: to})
	}
	c.putOnHold(c.First(), true, c.Music)
	c.arrange()
}

// sideAnswered is whom the agent asks, picking up.
func (c *Call) sideAnswered() {
	s := c.Side
	s.Due = 0
	if s.Blind || !c.Leg(s.By).there() {
		c.handOver()
		return
	}
	s.Phase = SideTalking
	c.superviseOn()
	c.arrange()
}

// unconsult ends what the agent did; the agent goes back to the caller, or is
// gone, and with that the talk over. why is "" when it was the agent's wish.
func (c *Call) unconsult(why Miss) {
	s := c.Side
	if s == nil {
		return
	}
	by, l := c.Leg(s.By), c.Leg(s.Leg)
	c.sideOver()
	for _, o := range c.Legs {
		if o == l || o.Part == PartConsult { // others of the queue that ring
			o.Part = PartOut
			if o.there() {
				c.hangup(o, 0)
			}
		}
	}
	first, back := c.First(), by.there()
	if s.Blind {
		c.emit(fact.Event{Kind: fact.TransferFailed, Leg: s.By, Agent: by.Agent, Reason: string(why)})
	} else {
		c.consultEnded(s, string(why))
	}
	if s.Transfer != "" && back {
		c.send(media.RefuseTransfer{Transfer: s.Transfer, Leg: by.ID})
	}
	if back && c.alive() {
		c.putOnHold(first, false, "")
		c.send(media.Join{Room: c.Room, Legs: []fact.LegID{by.ID}})
		c.arrange()
		c.superviseOn()
	}
	c.do(ConsultOver{Leg: s.Leg, Why: why, Back: back})
	if !back && c.alive() {
		by.Part = PartOut
		c.given(by)
	}
}

// How a consult ends that the agent has made something of.
const (
	sideTransferred = "transferred"
	sideMerged      = "merged"
)

// consultEnded tells of the end of a consult and what became of it: a miss, a
// word for what the agent made of it, or "".
func (c *Call) consultEnded(s *Side, why string) {
	if !s.Blind {
		c.emit(fact.Event{Kind: fact.ConsultEnded, Leg: s.Leg, Agent: c.Leg(s.By).Agent, Reason: why, Millis: int64(c.now.At - s.Began)})
	}
}

// sideOver forgets what the agent did.
func (c *Call) sideOver() {
	c.Side = nil
	c.Spans.Consult.set(false, c.now.At)
}

// given is the end of the talk of an agent who has gone away from an attempt to
// hand it over.
func (c *Call) given(by *Leg) {
	if by.Offer == "" && c.Back {
		c.comesBack(by, c.Parted)
		return
	}
	if by.Offer == "" { // of a talk that was found
		c.conclude(c.Parted, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, 0)
		c.wind(0)
		return
	}
	c.parted(by, c.Parted)
}

// byGone is the end of the agent's leg who asks somebody: with the other one
// on the phone the talk is theirs, before that it was no more than an attempt.
func (c *Call) byGone(l *Leg, far bool) {
	c.Parted = c.by(l, far)
	switch s := c.Side; {
	case s.Phase == SideJoining || s.Phase == SideCalling && s.Blind:
	case s.Phase == SideCalling || s.Phase == SideWaiting:
		c.unconsult("")
	default:
		c.handOver()
	}
}
