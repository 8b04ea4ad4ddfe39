package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// A talk whose legs were ordered elsewhere has arrangeLease to come to rest.
// What is not where it should be then is ordered again, arrangeTries times in
// all.
const (
	arrangeLease = 2 * time.Second
	arrangeTries = 3
)

// arrange begins to watch whether the legs come to where they are to be.
func (c *Call) arrange() { c.Check, c.Checks = c.now.At.Add(arrangeLease), 0 }

// seat is the room that a leg of a talk is to be in, "" for none; false when
// it does not matter where it is.
func (c *Call) seat(l *Leg) (fact.RoomID, bool) {
	s := c.Side
	switch {
	case !l.there() || l.Part == PartOut || l.Part == PartSupervise:
		return "", false
	case s == nil || l.Part != PartConsult && l.ID != s.By:
		return c.Room, true
	case s.Phase == SideWaiting && s.Leg == "":
		return "", l.ID == s.By
	case s.Phase == SideWaiting:
		return s.Room, l.ID == s.By || l.ID == s.Leg
	case s.Phase == SideMerging:
		return c.Room, true
	case s.Phase == SideJoining:
		return c.Room, l.ID != s.By // who gives the talk away is on the way out
	case s.Blind:
		return "", l.ID == s.By
	}
	return s.Room, true
}

// unsettled says whether a leg is not yet as it is to be.
func (c *Call) unsettled(l *Leg) bool {
	room, matters := c.seat(l)
	return matters && (l.InRoom != room || l.ToHold != l.OnHold)
}

func (c *Call) settled() bool {
	for _, l := range c.Legs {
		if c.unsettled(l) {
			return false
		}
	}
	return true
}

// rearrange orders again what has not come about.
func (c *Call) rearrange() {
	var talk, side []fact.LegID
	for _, l := range c.Legs {
		room, matters := c.seat(l)
		switch {
		case !matters || l.InRoom == room:
		case room == "":
			c.send(media.Leave{Room: l.InRoom, Leg: l.ID})
		case room == c.Room:
			talk = append(talk, l.ID)
		default:
			side = append(side, l.ID)
		}
	}
	if len(talk) > 0 {
		c.send(media.Join{Room: c.Room, Legs: talk})
	}
	if len(side) > 0 {
		c.send(media.Join{Room: c.Side.Room, Legs: side})
	}
	for _, l := range c.Legs {
		switch {
		case !l.there() || l.ToHold == l.OnHold:
		case l.ToHold:
			c.send(media.Hold{Room: c.Room, Leg: l.ID, Class: c.Music})
		default:
			c.send(media.Unhold{Room: c.Room, Leg: l.ID})
		}
	}
}

// check lets the lease of an arrangement run out: it is ordered again, and in
// the end given up for what can be had.
func (c *Call) check() {
	if c.Phase != InTalk || c.settled() {
		c.Check = 0
		return
	}
	c.Checks++
	if c.Checks < arrangeTries {
		c.Check = c.now.At.Add(arrangeLease)
		c.rearrange()
		return
	}
	c.Check = 0
	if c.Side != nil {
		c.unconsult(MissFailed)
		return
	}
	first := c.First()
	if first.InRoom != c.Room {
		c.end(End{By: fact.BySwitch, Ending: fact.Ending{Fault: fact.FaultTrunk, Reason: fact.ReasonSwitchDown}})
		return
	}
	for _, l := range c.Legs {
		if room, matters := c.seat(l); matters && l.InRoom != room {
			c.hangup(l, 0)
		}
		l.ToHold = l.OnHold
	}
}
