package call

import (
	"slices"
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
	c.sayInEar(l, in.Prompts)
}

// say plays something that no script waits for.
func (c *Call) say(l *Leg, prompts []media.Prompt) fact.PlayID {
	return c.tell(l, media.Play{Prompts: prompts})
}

// sayInEar is say for a word that is for nobody else and stops no talk: it is
// heard over what others say, as long as there is somebody to be heard.
func (c *Call) sayInEar(l *Leg, prompts []media.Prompt) fact.PlayID {
	return c.tell(l, media.Play{Prompts: prompts, Over: slices.ContainsFunc(c.Legs, func(o *Leg) bool { return o.audibleTo(l) })})
}

// audibleTo says whether what a leg says is heard by another one in its room.
func (l *Leg) audibleTo(by *Leg) bool {
	return l != by && l.there() && l.State == media.LegUp && l.InRoom == by.InRoom && by.InRoom != "" &&
		!l.Held && !l.ToHold && !l.OnHold && !l.Muted && !by.ToHold && !by.OnHold
}

func (c *Call) tell(l *Leg, p media.Play) fact.PlayID {
	c.Notices++
	p.Play, p.Leg = fact.On[fact.PlayID](c.switchName(), string(c.ID)+"-n"+strconv.Itoa(c.Notices)), l.ID
	l.Hears, l.HearsSince = p.Play, c.now.At
	c.send(p)
	return p.Play
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
