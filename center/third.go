package center

import (
	"slices"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
)

// third is a number that a flow wants in the talk of a caller and an agent.
type third struct {
	Number string `json:"number"`
	// Called says that it is being called, the caller on hold meanwhile.
	Called bool `json:"called,omitempty"`
}

// watchThird brings a third one into a talk that has begun: calls the number, and
// joins all three once somebody answers. Where nobody does the talk is one of two.
func (c *Center) watchThird(k *contact) {
	t := k.third
	if t == nil {
		return
	}
	s := k.call.Side
	switch {
	case k.call.Phase != call.InTalk:
		if t.Called || k.ticket == "" { // the talk is over, or there is none to come
			k.third = nil
		}
	case !t.Called:
		t = &third{Number: t.Number, Called: true} // a checkpoint may have the other
		k.third = t
		if !c.callThird(k, t.Number) {
			k.third = nil
		}
	case s == nil:
		k.third = nil
	case s.Phase == call.SideTalking:
		k.third = nil
		c.step(k, call.Merge{})
	}
}

// callThird calls a number for the agent of a talk, by the routes of the centre;
// false when there is no way.
func (c *Center) callThird(k *contact, number string) bool {
	by := k.call.Partner()
	ways, _, tried := c.follow(attempt{Number: number, Agent: byFlow}, Seat{})
	ways = slices.DeleteFunc(ways, func(w way) bool { return w.refused != "" })
	if by == nil || k.call.Side != nil || len(ways) == 0 {
		c.emit(fact.Event{Kind: fact.TransferFailed, Call: k.call.ID, To: number, Reason: string(fact.ReasonUnreachable)})
		return false
	}
	k.toward = Target{Number: number}
	retry := c.reach(k, by, ways[0], tried, false)
	room := fact.On[fact.RoomID](fact.SwitchOf(by.ID), "hwr-"+c.mint())
	c.step(k, call.Consult{By: by.ID, Room: room, Back: true, Retry: retry})
	return true
}
