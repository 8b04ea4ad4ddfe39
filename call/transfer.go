package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// complete gives the talk to whom is consulted.
func (c *Call) complete() {}

// requeue takes an agent out of the talk.
func (c *Call) requeue(Requeue) {}

// give parts with a leg that becomes another call's.
func (c *Call) give(Give) {}

// take makes another call's leg the one that the first leg talks to.
func (c *Call) take(Take) {}

// refuse tells a phone that the talk stays where it is.
func (c *Call) refuse(in Refuse) {
	c.send(media.RefuseTransfer{Transfer: in.Transfer, Leg: in.Leg})
	c.emit(fact.Event{Kind: fact.TransferDenied, Leg: in.Leg, To: in.To})
}
