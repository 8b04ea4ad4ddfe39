package call

import (
	"strconv"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Notice lets one leg of a talk hear prompts that are for nobody else: a tone
// that a key was understood, a word about a caller on hold. Nobody waits for
// its end.
type Notice struct {
	Leg     fact.LegID
	Prompts []media.Prompt
}

// Release ends the part of the agent at By in a talk; the first leg goes on in
// its flow.
type Release struct{ By fact.LegID }

func (Notice) input()  {}
func (Release) input() {}

func (c *Call) notice(in Notice) {
	l := c.Leg(in.Leg)
	if c.Phase != InTalk || !l.there() || l.Part == PartOut || l.State != media.LegUp {
		return
	}
	if l.Held {
		return // nobody listens, and Asterisk 22 would keep the other side on music after the hold
	}
	c.say(l, in.Prompts)
}

// say plays something that no script waits for.
func (c *Call) say(l *Leg, prompts []media.Prompt) fact.PlayID {
	c.Notices++
	id := fact.On[fact.PlayID](c.switchName(), string(c.ID)+"-n"+strconv.Itoa(c.Notices))
	l.Hears, l.HearsSince = id, c.now.At
	c.send(media.Play{Play: id, Leg: l.ID, Prompts: prompts})
	return id
}

func (c *Call) release(in Release) {
	by := c.Leg(in.By)
	if by == c.First() && c.Keeps() {
		c.parts(fact.ByAgent, PartedEnded)
		c.keep()
		c.hangup(by, 0)
		return
	}
	if c.Phase != InTalk || c.Side != nil || c.Third || by == nil || by != c.Partner() {
		return
	}
	c.parts(fact.ByAgent, PartedEnded)
	by.Part, c.Parted = PartOut, fact.ByAgent
	c.given(by)
	if !by.Hung {
		c.hangup(by, 0)
	}
}

// OnHold says whether somebody of the talk hears music because an agent has
// them on hold, by the phone's key or by ours.
func (c *Call) OnHold() bool {
	if c.Phase != InTalk {
		return false
	}
	for _, l := range c.Legs {
		if !l.Gone && l.Part != PartOut && (l.OnHold || l.Held && l.Agent != "") {
			return true
		}
	}
	return false
}

// Kept says whether a leg has, by our word, the one on hold whom it talks to.
func (c *Call) Kept(by *Leg) bool {
	other := c.First()
	if by == other {
		other = c.Partner()
	}
	return other != nil && other.ToHold
}
