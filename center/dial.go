package center

import (
	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
)

// undialled ends a call whose other side was not to be had.
func (c *Center) undialled(k *contact, e call.Undialled) {
	fault, cause := fact.FaultTrunk, e.Cause
	if l := k.call.Leg(e.Leg); l != nil && l.Agent != "" {
		fault = fact.FaultAgent
	}
	if cause == 0 && e.Why == call.MissUnreachable {
		cause = causeAbsent
	}
	c.step(k, call.End{Cause: cause, By: fact.ByCallee, Ending: fact.Ending{Fault: fault, Reason: reasonOf(e.Why)}})
}

// reasonOf is why a call ended whose dialled leg ended so.
func reasonOf(why call.Miss) fact.Reason {
	switch why {
	case call.MissNoAnswer:
		return fact.ReasonNoAnswer
	case call.MissRejected:
		return fact.ReasonRejected
	case call.MissBusy:
		return fact.ReasonBusy
	case call.MissUnreachable:
		return fact.ReasonUnreachable
	}
	return fact.ReasonSwitchDown
}
