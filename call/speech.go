package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// DetectTalk has the talk, or the flow, say who speaks, from now to its end:
// talk.started, and talk.stopped once somebody has been silent for Silence. 0 ends
// it.
type DetectTalk struct{ Silence time.Duration }

func (DetectTalk) input() {}

// speechUnknown is the reason of a talk.started of somebody of whom the switch
// cannot tell: nobody can say that nothing is said.
const speechUnknown = "unknown"

func (c *Call) detectTalk(in DetectTalk) {
	if c.Phase == InTalk || c.Phase == InFlow {
		c.Silence = in.Silence
	}
}

// detect orders the detection of speech where it is not as it is to be: on for
// who is in the talk, or in the flow. It costs Asterisk its fast way for the whole
// room.
func (c *Call) detect() {
	for _, l := range c.Legs {
		on := c.Silence > 0 && l.there() && l.State == media.LegUp && (l.Part == PartTalk || l.Part == PartAdded)
		if on == l.Detect {
			continue
		}
		l.Detect = on
		if !on {
			c.speaks(l, false, 0)
		}
		if l.there() {
			order := media.DetectTalk{Leg: l.ID, On: on}
			if on {
				order.Silence = c.Silence
			}
			c.send(order)
		}
	}
}

// speech is the switch's word that a leg speaks, or has fallen silent.
func (c *Call) speech(leg fact.LegID, on bool) {
	l := c.Leg(leg)
	if l == nil || !l.Detect {
		c.talk(leg, on)
		return
	}
	c.speaks(l, on, c.Silence)
}

// speaks tells of a change of who speaks; one who stops has been silent for
// tail.
func (c *Call) speaks(l *Leg, on bool, tail time.Duration) {
	if on == (l.Spoke != 0) {
		return
	}
	if on {
		l.Spoke = c.now.At
		c.emit(fact.Event{Kind: fact.TalkStarted, Leg: l.ID, Agent: l.Agent})
		return
	}
	spoken := max(0, int64(c.now.At-l.Spoke)-tail.Milliseconds())
	l.Spoke = 0
	c.emit(fact.Event{Kind: fact.TalkStopped, Leg: l.ID, Agent: l.Agent, Millis: spoken})
}

// deaf is the switch's word that it cannot tell whether a leg speaks.
func (c *Call) deaf(leg fact.LegID) {
	l := c.Leg(leg)
	if l == nil || !l.Detect {
		c.talk(leg, true) // nobody can tell that nothing is said
		return
	}
	if l.Spoke == 0 {
		l.Spoke = c.now.At
		c.emit(fact.Event{Kind: fact.TalkStarted, Leg: l.ID, Agent: l.Agent, Reason: speechUnknown})
	}
}
