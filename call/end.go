package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func (c *Call) hangup(l *Leg, cause int) {
	c.part(l, media.Hangup{Leg: l.ID, Cause: cause})
}

// part ends a leg by an order of its own.
func (c *Call) part(l *Leg, order media.Hangup) {
	if l.Gone {
		return
	}
	rang := !l.Hung && l.Rang && l.State == media.LegRing
	l.Hung = true
	if rang {
		c.Spans.ring(c.ringing(), c.now.At)
	}
	c.send(order)
	if c.alive() && c.Goodbye == 0 {
		c.Goodbye, c.Goodbyes = c.now.At.Add(hangupLease), 0
	}
}

// goodbye asks legs again that should have ended, and hangs up the phones that
// gave the talk away and did not do it by themselves.
func (c *Call) goodbye() {
	c.Goodbye = 0
	c.Goodbyes++
	for _, l := range c.Legs {
		switch {
		case !l.leaving():
		case l.Hung:
			c.send(media.Hangup{Leg: l.ID})
		default:
			c.hangup(l, 0)
		}
	}
	if c.Goodbyes < hangupTries { // look sees to the rest
		c.Goodbye = c.now.At.Add(hangupLease)
	}
}

func (c *Call) end(in End) {
	if !c.alive() {
		return
	}
	if in.Excused {
		c.parts(in.By, PartedScene)
	}
	c.conclude(in.By, in.Ending, in.Cause)
	c.wind(in.Cause)
}

// conclude settles why the call ended; the first word counts.
func (c *Call) conclude(by fact.Party, e fact.Ending, cause int) {
	if !c.alive() {
		return
	}
	if by == fact.BySystem && c.Parted != "" {
		by = c.Parted
	}
	c.parts(by, "")
	c.By, c.Ending, c.Cause, c.EndedAt = by, e, cause, c.now
	c.Check, c.Goodbye, c.Picking, c.Answering, c.Look, c.Turn = 0, 0, 0, 0, 0, false
	if s := c.Side; s != nil {
		c.sideOver()
		c.consultEnded(s, "")
		if by := c.Leg(s.By); by.Gone && by.Offer != "" {
			by.Part = PartOut
			c.do(Released{by.Offer, false}) // gone with the other one on the way to the talk
		}
	}
	c.enter(Ending)
	c.Lease = c.now.At.Add(hangupLease)
}

// wind hangs up what is still there.
func (c *Call) wind(cause int) {
	for _, l := range c.Legs {
		if !l.Hung {
			c.hangup(l, cause)
		}
	}
}

func (c *Call) deflect(in Deflect) {
	if !c.alive() {
		return
	}
	c.conclude(fact.BySystem, in.Ending, 0)
	for _, l := range c.Legs[1:] {
		c.hangup(l, 0)
	}
	c.send(media.Deflect{Leg: c.First().ID, To: in.To})
}
