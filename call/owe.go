package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Owe makes a call that we owe to a number, in the phase Reaching: the first leg
// is the agent's, who is rung by Ring with the same offer. Picked and Connected
// answer when the agent picks up, and Dial goes on to the number; Missed answers,
// and the call ends, when the agent does not.
func Owe(id fact.CallID, now fact.Moment, in Ring, queue fact.QueueID, from media.Identity, to string, recorded bool) *Call {
	c := &Call{
		ID: id, Direction: fact.Outbound, From: from, To: to, Queue: queue, Began: now, Phase: Reaching, Recorded: recorded,
		Tag: media.Tag{Call: id, Role: media.RoleAgent, Offer: in.Offer, Queue: queue},
	}
	c.now = now
	c.Legs = []*Leg{{ID: in.Leg, Role: media.RoleAgent, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent, Offer: in.Offer, Made: now.At, Quiet: now.At}}
	c.listen()
	c.Spans.enter(Reaching, now.At)
	return c
}

// reach rings the agent who is to make the call.
func (c *Call) reach(in Ring) {
	c.Offers++
	c.create(c.First(), nil, "", media.Create{Show: in.Show, Alert: in.Alert, AutoAnswer: in.AutoAnswer}, in.Limit)
}

// reached is an agent who has picked up, and by that accepted the offer.
func (c *Call) reached(l *Leg) {
	c.do(Picked{l.Offer})
	c.do(Connected{l.Offer})
}

// unreachable ends a call whose agent does not pick up.
func (c *Call) unreachable(l *Leg, why Miss, cause int) {
	c.do(Missed{l.Offer, why})
	c.conclude(fact.ByAgent, fact.Ending{Fault: fact.FaultAgent, Reason: why.Reason()}, cause)
	if l.Gone {
		c.do(Gone{})
	}
	c.wind(0)
}

// Reason is why a call ended whose dialled leg ended so.
func (m Miss) Reason() fact.Reason {
	switch m {
	case MissNoAnswer:
		return fact.ReasonNoAnswer
	case MissRejected:
		return fact.ReasonRejected
	case MissBusy:
		return fact.ReasonBusy
	case MissUnreachable:
		return fact.ReasonUnreachable
	}
	return fact.ReasonSwitchDown
}
