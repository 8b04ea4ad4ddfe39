package mediatest

import (
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Trunk is the endpoint that calls from outside come by.
const Trunk fact.Endpoint = "SIP/trunk"

// Call has a call from outside handed to us by the dialplan, and says what leg
// it is. While there is no connection it waits in the fallback.
func (c *Core) Call(now fact.Instant, from, to string) (fact.LegID, []media.Event) {
	l := c.call(now, from, to, Trunk)
	return l.id, c.heard()
}

// CallFrom is Call by a phone of ours: its endpoint is the leg's.
func (c *Core) CallFrom(now fact.Instant, phone fact.Endpoint, from, to string) (fact.LegID, []media.Event) {
	l := c.call(now, from, to, phone)
	return l.id, c.heard()
}

func (c *Core) call(now fact.Instant, from, to string, by fact.Endpoint) *leg {
	c.at(now)
	c.minted++
	l := &leg{
		id: fact.On[fact.LegID](c.name, fmt.Sprintf("in-%06d", c.minted)), arrived: true,
		created: c.now, endpoint: by, from: media.Identity{Number: from}, to: to,
	}
	c.use("leg " + string(l.id))
	c.legs[l.id] = l
	c.arrive(l, media.LegRing)
	return l
}

// AddPhone registers a phone. It does with calls as b says; one that RingsOn
// can be told by PickUp and HangupFar.
func (c *Core) AddPhone(now fact.Instant, endpoint fact.Endpoint, b Behaviour) []media.Event {
	c.at(now)
	c.phones[endpoint] = &phone{endpoint: endpoint, behaviour: b}
	c.register(endpoint, true)
	return c.heard()
}

// Behave changes what a phone does with the next call.
func (c *Core) Behave(endpoint fact.Endpoint, b Behaviour) { c.phones[endpoint].behaviour = b }

// Register makes a phone known to the switch or takes it off.
func (c *Core) Register(now fact.Instant, endpoint fact.Endpoint, on bool) []media.Event {
	c.at(now)
	c.register(endpoint, on)
	return c.heard()
}

func (c *Core) register(endpoint fact.Endpoint, on bool) {
	p := c.phones[endpoint]
	if p.registered == on {
		return
	}
	p.registered = on
	if c.can.Endpoints {
		c.emit(media.EndpointState{Endpoint: endpoint, Reachable: on})
	}
}

// ring is the phone's part of Dial.
func (c *Core) ring(l *leg) {
	l.phone.rung = append(l.phone.rung, l)
	b := l.phone.behaviour
	if b.Then == SaysNothing {
		return
	}
	if !b.Mute {
		l.state = media.LegRing
		c.emit(media.LegRinging{Leg: l.id})
	}
	refuse := func(cause int) func() {
		return func() { c.end(l, true, cause, Goodbye{Here: true}) }
	}
	var then func()
	switch b.Then {
	case Answers:
		then = func() { c.becomeUp(l) }
	case Busy:
		then = refuse(causeBusy)
	case Rejects:
		then = refuse(causeRejected)
	case Unavailable:
		then = refuse(causeNoAnswer)
	default:
		return
	}
	if b.Ring <= 0 {
		then()
		return
	}
	l.next = c.after(b.Ring, then)
}

// PickUp has the phone that a leg rings answer it.
func (c *Core) PickUp(now fact.Instant, id fact.LegID) []media.Event {
	c.at(now)
	if l := c.legs[id]; l != nil && l.dialled && (l.state == media.LegDown || l.state == media.LegRing) {
		c.becomeUp(l)
	}
	return c.heard()
}

// HangupFar has the far end hang up: cause 16, or 21 for a phone that rings.
func (c *Core) HangupFar(now fact.Instant, id fact.LegID) []media.Event {
	c.at(now)
	if l := c.legs[id]; l != nil {
		cause := causeClearing
		if l.dialled && (l.state == media.LegDown || l.state == media.LegRing) {
			cause = causeRejected
		}
		c.end(l, true, cause, Goodbye{Here: true})
	}
	return c.heard()
}

// Press has the far end send keys.
func (c *Core) Press(now fact.Instant, id fact.LegID, digits string) []media.Event {
	c.at(now)
	if l := c.legs[id]; l != nil && l.state != media.LegOutside {
		for _, key := range digits {
			c.emit(media.Digit{Leg: id, Key: string(key)})
		}
	}
	return c.heard()
}

// HoldFar has the far end press its hold key, on or off.
func (c *Core) HoldFar(now fact.Instant, id fact.LegID, on bool) []media.Event {
	c.at(now)
	if l := c.legs[id]; l != nil && l.holding != on {
		l.holding = on
		switch {
		case l.state == media.LegOutside:
		case on:
			c.emit(media.LegHeld{Leg: id, Phone: true})
		default:
			c.emit(media.LegUnheld{Leg: id, Phone: true})
		}
	}
	return c.heard()
}

// Talk has the far end speak or fall silent.
func (c *Core) Talk(now fact.Instant, id fact.LegID, on bool) []media.Event {
	c.at(now)
	if l := c.legs[id]; l != nil && l.talking != on {
		l.talking = on
		c.watchTalk(l)
	}
	return c.heard()
}

// watchTalk reports a change of who talks, where that was asked for.
func (c *Core) watchTalk(l *leg) {
	l.quiet.stop()
	switch {
	case !l.detect:
	case l.talking && !l.reported:
		l.reported = true
		c.emit(media.TalkStarted{Leg: l.id})
	case !l.talking && l.reported:
		l.quiet = c.after(l.silence, func() {
			l.reported = false
			c.emit(media.TalkStopped{Leg: l.id})
		})
	}
}

// Refer has the far end ask for a transfer: blind to a number, or attended to
// whom the phone's other leg consulted talks, "" for none.
func (c *Core) Refer(now fact.Instant, id fact.LegID, to string, consulted fact.LegID) []media.Event {
	c.at(now)
	l := c.legs[id]
	if l == nil {
		return c.heard()
	}
	l.told = nil
	if c.can.Transfers != media.TransferAskFirst || l.state == media.LegOutside || !c.connected {
		l.told = new(bool)
		return c.heard()
	}
	c.minted++
	t := &transfer{id: fact.On[fact.TransferID](c.name, fmt.Sprintf("transfer-%06d", c.minted)), leg: l, attended: consulted != ""}
	c.transfers[t.id] = t
	c.emit(media.TransferAsked{Transfer: t.id, Leg: id, To: to, Consulted: consulted})
	return c.heard()
}

// FailRecording breaks a recording in the middle, as a full disk would.
func (c *Core) FailRecording(now fact.Instant, id fact.RecordingID, reason string) []media.Event {
	c.at(now)
	if r := c.recordings[id]; r != nil {
		c.dropRecording(r)
		c.told[id] = true
		c.emit(media.RecordFailed{Recording: id, Leg: r.leg.id, Reason: reason})
	}
	return c.heard()
}
