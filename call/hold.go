package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// hold lets a leg of the talk hear music, or brings it back. While somebody is
// consulted the first leg's hold belongs to that.
func (c *Call) hold(in Hold) {
	l := c.Leg(in.Leg)
	if c.Phase != InTalk || c.Side != nil || !l.there() || l.Part != PartTalk {
		return
	}
	l.Consent = in.On && in.Consent
	c.putOnHold(l, in.On, in.Class)
	c.arrange()
}

// putOnHold orders that a leg be on hold, or not.
func (c *Call) putOnHold(l *Leg, on bool, class string) {
	if l.ToHold == on {
		return
	}
	l.ToHold = on
	if on {
		c.interrupt(l)
		c.send(media.Hold{Room: c.Room, Leg: l.ID, Class: class})
		return
	}
	c.send(media.Unhold{Room: c.Room, Leg: l.ID})
}

// held is the switch's word that a leg holds, by its phone's key, or is on
// hold, by ours.
func (c *Call) held(l *Leg, on, phone bool) {
	if l == nil || l.Part == PartSupervise {
		return
	}
	flag, agent := &l.Held, l.Agent
	if !phone {
		flag, agent = &l.OnHold, c.opposite(l)
	}
	if *flag == on {
		return
	}
	*flag = on
	kind := fact.HoldOff
	if on {
		kind = fact.HoldOn
	}
	c.emit(fact.Event{Kind: kind, Leg: l.ID, Agent: agent, Reason: c.holdReason(l, on, phone)})
	if c.Phase == InTalk {
		c.Spans.hold(c.holding(), c.now.At)
	}
	if agent != "" {
		c.do(Held{agent, on || c.holds(agent)})
	}
}

// The reasons of hold.on: who is on hold was asked first, the phone's key did
// it, or an agent asks somebody meanwhile. An order that says nothing has none.
const (
	HeldConsent = "consent"
	HeldPhone   = "phone"
	HeldConsult = "consult"
)

// holdReason is why a leg is on hold; its end has the reason of its beginning.
func (c *Call) holdReason(l *Leg, on, phone bool) string {
	switch {
	case phone:
		return HeldPhone
	case !on:
		return l.HeldFor
	case c.Side != nil:
		l.HeldFor = HeldConsult
	case l.Consent:
		l.HeldFor = HeldConsent
	default:
		l.HeldFor = ""
	}
	return l.HeldFor
}

// holds says whether an agent holds somebody, by the phone or by us.
func (c *Call) holds(agent fact.AgentID) bool {
	for _, l := range c.Legs {
		if !l.Gone && (l.Held && l.Agent == agent || l.OnHold && c.opposite(l) == agent) {
			return true
		}
	}
	return false
}

// opposite is the agent whom a leg talks to, "" for none.
func (c *Call) opposite(l *Leg) fact.AgentID {
	if l != c.First() {
		return c.First().Agent
	}
	if p := c.Partner(); p != nil {
		return p.Agent
	}
	return ""
}

func (c *Call) holding() bool {
	for _, l := range c.Legs {
		if (l.Held || l.OnHold) && !l.Gone && l.Part != PartOut {
			return true
		}
	}
	return false
}

// mute keeps a leg of the talk from being heard, or lets it be again.
func (c *Call) mute(in Mute) {
	l := c.Leg(in.Leg)
	if c.Phase != InTalk || !l.there() || l.Muted == in.On {
		return
	}
	c.muted(l, in.On)
	c.send(media.Mute{Leg: l.ID, On: in.On})
}

func (c *Call) muted(l *Leg, on bool) {
	l.Muted = on
	kind := fact.MuteOff
	if on {
		kind = fact.MuteOn
	}
	c.emit(fact.Event{Kind: kind, Leg: l.ID, Agent: l.Agent})
}
