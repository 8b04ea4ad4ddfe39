package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// adopt compares the call with what the switch holds after it was out of
// sight, and says again what may not have been heard (DESIGN section 5).
func (c *Call) adopt(in Adopt) {
	recordings, taken := len(c.Files), c.Taken
	for _, l := range append([]*Leg(nil), c.Legs...) {
		if l.Gone || l.Made == c.now.At {
			continue // a leg made by this very step cannot be in the listing
		}
		info, there := in.Legs[l.ID]
		if !there || info.State == media.LegOutside {
			c.lost(l)
			continue
		}
		c.seen(l, info, in)
		if l.Hung && c.alive() {
			c.send(media.Hangup{Leg: l.ID})
		}
	}
	if in.Fresh {
		c.rerecord(recordings)
	}
	c.unsure()
	first := c.First()
	if c.Phase == Ending {
		for _, l := range c.Legs {
			c.hangup(l, 0) // the first order may not have left us
		}
		return
	}
	if first.Wanted && first.State != media.LegUp {
		c.orderAnswer(first)
	}
	c.listen()
	c.remask()
	c.again(in, taken)
}

// lost is a leg that ended while nobody looked: nobody's fault.
func (c *Call) lost(l *Leg) {
	if l == c.First() {
		if c.Phase == Reaching {
			c.do(Missed{l.Offer, MissFailed})
		}
		c.conclude(fact.ByUnknown, fact.Ending{Fault: fact.FaultUnknown, Reason: fact.ReasonAway}, 0)
		c.gone(l, false, 0)
		return
	}
	// Its Create may still be on the way: hung up twice is hung up.
	c.send(media.Hangup{Leg: l.ID})
	l.Lost = true
	c.gone(l, false, 0)
}

// seen brings a leg up to what the listing says of it.
func (c *Call) seen(l *Leg, info media.LegInfo, in Adopt) {
	l.Quiet, l.Denied = c.now.At, 0
	if room := in.Rooms[l.ID]; l.InRoom != room {
		l.InRoom = room
	}
	switch {
	case l.State == info.State:
		if info.State == media.LegDown && in.Fresh && !l.Hung {
			// Made, and the order to ring may have died with the process.
			c.send(media.Dial{Leg: l.ID, Limit: dialAgain})
		}
	case info.State == media.LegRing && (l != c.First() || c.Phase == Reaching):
		c.rang(l)
	case info.State == media.LegUp:
		c.answered(l)
	}
}

// again repeats, by phase, what may be repeated without harm. Taken is the offer
// that was known to be picked up before.
func (c *Call) again(in Adopt, taken fact.OfferID) {
	first, p := c.First(), c.Partner()
	switch c.Phase {
	case InFlow:
		first.Detect = false // said again when the step ends
		for _, t := range c.Plays {
			c.send(media.StopPlay{Play: c.playID(t), Leg: first.ID})
		}
		c.Plays = nil
		c.do(Resume{})
	case Waiting:
		if p == nil || p.State != media.LegUp {
			c.send(media.SetTag{Leg: first.ID, Tag: c.Tag})
			c.back()
		} else if c.WhisperDue != 0 {
			c.whispered()
		} else if taken != "" && c.Taken == taken && (first.InRoom != c.Room || p.InRoom != c.Room) {
			c.meet() // the order may have died with the process
		}
		c.silence()
		c.together()
	case Parked:
		c.parkedAgain()
	case InTalk:
		c.inTalkAgain()
	case Dialling:
		if p != nil && (first.InRoom != c.Room || p.InRoom != c.Room) {
			c.send(media.Join{Room: c.Room, Legs: []fact.LegID{first.ID, p.ID}})
		}
		c.together()
	}
}

// parkedAgain lets a parked caller hear music, and goes on with who picks the
// call up: an order to answer or to join may have been lost.
func (c *Call) parkedAgain() {
	first, p := c.First(), c.Partner()
	c.send(media.SetTag{Leg: first.ID, Tag: c.Tag})
	switch {
	case p == nil || p.State != media.LegUp:
		c.back()
		if p != nil && p.Wanted {
			c.send(media.Answer{Leg: p.ID})
		}
	case first.InRoom != c.Room || p.InRoom != c.Room:
		c.send(media.Join{Room: c.Room, Legs: []fact.LegID{first.ID, p.ID}})
	}
	c.together()
}

// silence ends what a caller in line hears besides music: whether it is heard
// still, and its end, may have been missed.
func (c *Call) silence() {
	for _, t := range append([]int(nil), c.Plays...) {
		c.send(media.StopPlay{Play: c.playID(t), Leg: c.First().ID})
		c.played(t)
		c.do(Played{Token: t})
	}
}

// inTalkAgain brings the legs of a talk to where they are to be. What hold was
// ordered may have been lost, or its event: both are said again.
func (c *Call) inTalkAgain() {
	for _, l := range c.Legs {
		l.Detect = false // said again when the step ends
		if !l.there() || l.ToHold == l.OnHold && !l.ToHold {
			continue
		}
		if l.ToHold {
			c.send(media.Hold{Room: c.Room, Leg: l.ID, Class: c.Music})
		} else {
			c.send(media.Unhold{Room: c.Room, Leg: l.ID})
		}
		c.held(l, l.ToHold, false)
	}
	if c.Side.waits() {
		c.askMusic()
	}
	c.sideMoves()
	c.superviseAgain()
	if !c.settled() {
		c.rearrange()
		c.arrange()
	}
}

// found takes over a talk that was found on the switch; found again, its third
// one.
func (c *Call) found(in Found) {
	p := &Leg{ID: in.Partner.Leg, Role: media.RoleAgent, State: in.Partner.State, Endpoint: in.Partner.Endpoint, Talked: true, Quiet: c.now.At}
	if in.Partner.Tag != nil {
		p.Role = in.Partner.Tag.Role
		c.Queue = in.Partner.Tag.Queue
	}
	c.First().State, c.First().Talked = media.LegUp, true
	if c.Phase == InTalk {
		p.Part, c.Third = PartAdded, true
	}
	c.Legs = append(c.Legs, p)
	for _, l := range c.Legs {
		l.InRoom = in.Room
	}
	c.Room, c.Talked = in.Room, true
	c.enter(InTalk)
}
