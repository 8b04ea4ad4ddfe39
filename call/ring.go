package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func (c *Call) ring(in Ring) {
	if in.Consult {
		c.ringAsked(in)
		return
	}
	if c.Phase == Reaching {
		c.reach(in)
		return
	}
	if c.Phase != Waiting {
		c.do(Missed{in.Offer, MissFailed})
		return
	}
	l := &Leg{ID: in.Leg, Role: media.RoleAgent, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent, Offer: in.Offer, Made: c.now.At, Whisper: in.Whisper}
	c.Legs = append(c.Legs, l)
	if c.Taken == "" {
		c.Room = in.Room // several that ring together are named one room
	}
	c.Offers++
	c.create(l, nil, "", media.Create{Show: in.Show, Alert: in.Alert, AutoAnswer: in.AutoAnswer}, in.Limit)
}

// create makes a leg and rings it, for one who hears it ring in a room, if with
// is not nil: the far side's early media or the switch's ringback. Of as, what
// the phone shows and how it rings counts.
func (c *Call) create(l, with *Leg, room fact.RoomID, as media.Create, limit time.Duration) {
	as.Leg, as.Endpoint = l.ID, l.Endpoint
	if l != c.First() {
		as.For = c.First().ID
	}
	l.Quiet = c.now.At
	as.Tag = media.Tag{Call: c.ID, Role: l.Role, Offer: l.Offer, Queue: c.Queue}
	c.send(as)
	c.emit(fact.Event{Kind: fact.LegCreated, Leg: l.ID, Endpoint: l.Endpoint, Agent: l.Agent, Offer: l.Offer, Queue: c.Queue})
	if with != nil {
		c.send(media.Join{Room: room, Legs: []fact.LegID{with.ID, l.ID}})
	}
	c.send(media.Dial{Leg: l.ID, Limit: limit})
}

func (c *Call) offered(id fact.OfferID) *Leg {
	for _, l := range c.Legs[1:] {
		if l.Offer == id {
			return l
		}
	}
	return nil
}

func (c *Call) unring(in Unring) {
	if l := c.First(); c.Phase == Reaching && l.Offer == in.Offer {
		c.end(End{By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultAgent, Reason: fact.ReasonNoAnswer}})
		return
	}
	l := c.offered(in.Offer)
	if l == nil || l.Gone || l.Hung {
		return
	}
	c.part(l, media.Hangup{Leg: l.ID, Elsewhere: in.Elsewhere})
	if l.Part == PartConsult {
		c.askedOff(l)
		return
	}
	c.dropped(l)
}

// dropped brings the caller back whose agent had picked up and is perhaps half
// joined. Who picked up later than another is not waited for by anybody.
func (c *Call) dropped(l *Leg) {
	if l.Offer != c.Taken {
		return
	}
	c.Taken = ""
	c.Whisper, c.WhisperDue = "", 0
	c.Room += "x" // a room that all have left is not used again
	if c.Phase == Waiting && l.State == media.LegUp {
		c.back()
	}
}

func (c *Call) dial(in Dial) {
	if !c.alive() {
		return
	}
	l := &Leg{ID: in.Leg, Role: media.RoleCallee, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent, Made: c.now.At}
	c.Legs = append(c.Legs, l)
	c.Room, c.Keep, c.Back = in.Room, in.Keep, in.Back
	c.enter(Dialling)
	if c.First().State != media.LegUp {
		c.send(media.Progress{Leg: c.First().ID})
	}
	c.create(l, c.First(), c.Room, media.Create{Show: in.Show}, in.Limit)
}

// never is the end of a leg that was never made.
func (c *Call) never(l *Leg, why string) {
	l.Hung, l.Gone = true, true
	c.emit(fact.Event{Kind: fact.LegHangup, Leg: l.ID, Agent: l.Agent, Offer: l.Offer, By: fact.BySwitch, Reason: why})
}
