package call

import (
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// goodbyeLease is how long a phone whose transfer is done has to hang up by
// itself, as phones do that are told so.
const goodbyeLease = 3 * time.Second

// complete gives the talk to whom is consulted.
func (c *Call) complete() {
	if s := c.Side; s != nil && s.Phase == SideTalking {
		c.handOver()
	}
}

// handOver brings the other one to the caller.
func (c *Call) handOver() {
	s := c.Side
	s.Phase, s.Due = SideJoining, 0
	c.putOnHold(c.First(), false, "")
	c.send(media.Join{Room: c.Room, Legs: []fact.LegID{s.Leg}})
	c.arrange()
	c.handed()
}

// handed is the talk with the other one, once that one is in the room.
func (c *Call) handed() {
	s := c.Side
	by, l := c.Leg(s.By), c.Leg(s.Leg)
	if l.InRoom != c.Room || l.State != media.LegUp {
		return
	}
	c.sideOver()
	c.consultEnded(s, sideTransferred)
	if s.Queue != "" {
		c.Queue = s.Queue // whose agent has the talk from now on
	}
	if s.Transfer != "" && by.there() {
		c.send(media.AnswerTransfer{Transfer: s.Transfer, Leg: by.ID, Done: true})
	}
	how := attended
	if s.Blind && s.Room != "" {
		how = blind
	}
	c.succeed(by, l, how, s.Transfer != "")
}

// How a talk was given away.
const (
	attended = "attended"
	blind    = "blind"
)

// succeed makes l the one whom the first leg talks to, in the place of by.
// With asked by's phone hangs up by itself.
func (c *Call) succeed(by, l *Leg, how string, asked bool) {
	by.Part = PartOut
	l.Part, l.Talked = PartTalk, true
	c.Transfers++
	c.Taken, c.Parted = l.Offer, ""
	if l.Agent != "" {
		l.Role = media.RoleAgent
		c.Agent = l.Agent
	}
	c.emit(fact.Event{Kind: fact.TransferDone, Leg: l.ID, Agent: by.Agent, To: string(l.Agent), Endpoint: l.Endpoint, Room: c.Room, Reason: how})
	c.stintMoves(by)
	c.do(Transferred{From: by.Agent, To: l.Agent, Offer: by.Offer, New: l.Offer, Leg: l.ID, Over: how == takenOver})
	c.follow(by, l)
	switch {
	case !by.there():
	case asked:
		c.Goodbye, c.Goodbyes = c.now.At.Add(goodbyeLease), 0
	default:
		c.hangup(by, 0)
	}
}

// offeredTo says by which offer the one who talks has the talk.
func (c *Call) offeredTo(in Named) {
	l := c.Leg(in.Leg)
	if l == nil || l.Part != PartTalk || l == c.First() {
		return
	}
	l.Offer, c.Taken = in.Offer, in.Offer
	if l.there() {
		c.send(media.SetTag{Leg: l.ID, Tag: media.Tag{Call: c.ID, Role: l.Role, Offer: l.Offer, Queue: c.Queue}})
	}
}

// requeue takes an agent out of the talk; Wait follows.
func (c *Call) requeue(in Requeue) {
	by := c.Leg(in.By)
	if c.Phase != InTalk || c.Side != nil || by == nil || by != c.Partner() {
		return
	}
	c.parts(fact.ByAgent, PartedQueued)
	by.Part = PartOut
	c.Transfers++
	c.Taken = ""
	first := c.First()
	first.ToHold = false
	c.send(media.Leave{Room: c.Room, Leg: first.ID})
	c.enter(InFlow)
	if in.Transfer != "" {
		c.send(media.AnswerTransfer{Transfer: in.Transfer, Leg: by.ID, Done: true})
		c.Goodbye, c.Goodbyes = c.now.At.Add(goodbyeLease), 0
		return
	}
	c.hangup(by, 0)
}

// give parts with a leg that becomes another call's: this one is over.
func (c *Call) give(in Give) {
	i := slices.IndexFunc(c.Legs, func(l *Leg) bool { return l.ID == in.Leg })
	if i <= 0 || !c.alive() {
		return
	}
	c.parts(fact.ByAgent, PartedTransferred)
	c.superviseNone()
	c.Legs = slices.Delete(slices.Clone(c.Legs), i, i+1)
	c.conclude(fact.ByAgent, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonTransferred}, 0)
	c.wind(0)
}

// yield parts with the first leg. It is not hung up.
func (c *Call) yield() {
	first := c.First()
	if !c.alive() || first.Gone {
		return
	}
	c.conclude(fact.BySystem, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonFlowEnded}, 0)
	first.Gone, first.InRoom = true, ""
	c.Plays = nil
	c.do(Gone{})
	c.wind(0)
}

// take makes another call's leg, which is up, the one that the first leg talks
// to, in the place of the agent whose phone asked for it.
func (c *Call) take(in Take) {
	by := c.Partner()
	if c.Phase != InTalk || c.Side != nil || by == nil {
		c.do(ConsultOver{Leg: in.Leg.ID, Why: MissFailed, Back: true})
		return
	}
	l := in.Leg
	l.Part = PartConsult
	c.Legs = append(c.Legs, l)
	c.Side = &Side{By: by.ID, Leg: l.ID, Blind: true, Transfer: in.Transfer, Phase: SideTalking, Began: c.now.At}
	c.handOver()
}

// refuse tells a phone that the talk stays where it is.
func (c *Call) refuse(in Refuse) {
	c.send(media.RefuseTransfer{Transfer: in.Transfer, Leg: in.Leg})
	e := fact.Event{Kind: fact.TransferDenied, Leg: in.Leg, To: in.To, Reason: in.Rule}
	if by := c.Leg(in.Leg); by != nil {
		e.Agent = by.Agent
	}
	c.emit(e)
}
