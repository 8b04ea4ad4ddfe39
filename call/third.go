package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// merge brings whom is consulted into the talk.
func (c *Call) merge() {
	s := c.Side
	if s == nil || s.Phase != SideTalking {
		return
	}
	s.Phase = SideMerging
	c.putOnHold(c.First(), false, "")
	c.send(media.Join{Room: c.Room, Legs: []fact.LegID{s.By, s.Leg}})
	c.arrange()
}

// merged is the talk of three once all are in the room.
func (c *Call) merged() {
	s := c.Side
	by, l := c.Leg(s.By), c.Leg(s.Leg)
	if by.InRoom != c.Room || l.InRoom != c.Room {
		return
	}
	c.sideOver()
	l.Part, l.Talked, c.Third = PartAdded, true, true
	c.consultEnded(s, sideMerged)
	c.emit(fact.Event{Kind: fact.ConferenceOn, Leg: l.ID, Agent: by.Agent, Room: c.Room})
}

// added is the third one of the talk, nil for none.
func (c *Call) added() *Leg {
	for _, l := range c.Legs {
		if l.Part == PartAdded && l.there() {
			return l
		}
	}
	return nil
}

// addedGone is the end of the third one's leg.
func (c *Call) addedGone(l *Leg) {
	l.Part, c.Third = PartOut, false
	if c.alive() {
		c.do(ConsultOver{Leg: l.ID, Back: true})
	}
}
