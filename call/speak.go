package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// The inputs of what is said for the agent.
type (
	// Speak lets both sides of a talk hear prompts, what the agent says left out
	// meanwhile (SPEC PHR-4); outside a talk the first leg alone. Spoken answers
	// with the token. There is one at a time.
	Speak struct {
		Token   int
		Prompts []media.Prompt
	}
	// Hush ends it early. Nothing answers.
	Hush struct{ Token int }
	// Excused says by which code the agent may hang up first, "" for none (SPEC
	// RUL-END-2).
	Excused struct{ Code string }
)

func (Speak) input()   {}
func (Hush) input()    {}
func (Excused) input() {}

// Spoken says that what Speak had both sides hear is over.
type Spoken struct {
	Token  int
	Failed bool
}

func (Spoken) effect() {}

// Speech is what both sides of a talk hear. Play is the customer's, Echo the
// agent's; Muted says that the agent is not heard for it.
type Speech struct {
	Token int         `json:"token"`
	Play  fact.PlayID `json:"play"`
	Echo  fact.PlayID `json:"echo,omitempty"`
	Leg   fact.LegID  `json:"leg"`
	By    fact.LegID  `json:"by,omitempty"`
	Muted bool        `json:"muted,omitempty"`
}

// Sides are the leg of who is served and the leg of the agent who serves, nil
// for none.
func (c *Call) Sides() (customer, agent *Leg) {
	first, other := c.First(), c.Partner()
	if first.Agent != "" {
		return other, first
	}
	if c.Phase != InTalk {
		return first, nil
	}
	return first, other
}

func (c *Call) speak(in Speak) {
	c.hushed()
	customer, agent := c.Sides()
	if !c.alive() || c.Phase != InTalk && c.Phase != InFlow || !c.audible(customer) || c.Phase == InTalk && c.Side != nil {
		c.do(Spoken{in.Token, true})
		return
	}
	s := &Speech{Token: in.Token, Leg: customer.ID, Play: c.say(customer, in.Prompts)}
	if c.audible(agent) {
		s.By, s.Echo = agent.ID, c.say(agent, in.Prompts)
		if s.Muted = !agent.Muted; s.Muted {
			c.send(media.Mute{Leg: agent.ID, On: true})
		}
	}
	c.Speech = s
}

// audible says whether a leg can hear what we have to say: it hears neither
// music nor the hold of its phone. The first one can in a flow as soon as it was
// ordered to answer.
func (c *Call) audible(l *Leg) bool {
	return l.there() && (l.State == media.LegUp || c.Phase == InFlow && l.Wanted) && l.Part == PartTalk && !l.Held && !l.ToHold && !l.OnHold
}

func (c *Call) unspeak(in Hush) {
	if c.Speech != nil && c.Speech.Token == in.Token {
		c.hushed()
	}
}

// hushed ends what is being said, for everybody.
func (c *Call) hushed() {
	s := c.Speech
	if s == nil {
		return
	}
	if l := c.Leg(s.Leg); l.there() {
		c.send(media.StopPlay{Play: s.Play, Leg: s.Leg})
	}
	if l := c.Leg(s.By); s.Echo != "" && l.there() {
		c.send(media.StopPlay{Play: s.Echo, Leg: s.By})
	}
	c.speechOver()
}

// speechOver lets the agent be heard again.
func (c *Call) speechOver() {
	s := c.Speech
	c.Speech = nil
	if l := c.Leg(s.By); s.Muted && l.there() && !l.Muted {
		c.send(media.Mute{Leg: s.By})
	}
}

// interrupt ends a speech for good because a leg is to hear something else.
func (c *Call) interrupt(l *Leg) {
	if s := c.Speech; s != nil && (s.Leg == l.ID || s.By == l.ID) {
		c.hushed()
		c.do(Spoken{s.Token, true})
	}
}

// speechEnded takes up the end of a play; false when it is none of a speech's.
func (c *Call) speechEnded(id fact.PlayID, result media.PlayResult) bool {
	switch s := c.Speech; {
	case s == nil:
	case id == s.Play:
		c.speechOver()
		if result != media.PlayGone { // its leg is gone with it
			c.do(Spoken{s.Token, result != media.PlayDone})
		}
		return true
	case id == s.Echo:
		s.Echo = ""
		return true
	}
	return false
}

// speechLost forgets a speech whose talk is over, and says so to nobody: who
// asked for it knows that the talk is.
func (c *Call) speechLost() {
	if s := c.Speech; s != nil && (!c.alive() || !c.Leg(s.Leg).there() || s.By != "" && c.Phase != InTalk) {
		c.hushed()
	}
}

// speechMoved keeps a speech with the leg in the place of one.
func (c *Call) speechMoved(leg, by fact.LegID) {
	if s := c.Speech; s != nil {
		for _, id := range []*fact.LegID{&s.Leg, &s.By} {
			if *id == leg {
				*id = by
			}
		}
	}
}
