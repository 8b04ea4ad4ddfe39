package call

import (
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// A leg of which nothing has been heard for silence is asked after on the
// switch, for the word of its end may have been lost. One that the switch
// denies has denial to have its end told in full; then it is gone.
const (
	silence = 2 * time.Minute
	denial  = 5 * time.Second
)

// listen begins to watch for legs of which nothing is heard.
func (c *Call) listen() { c.Look = c.now.At.Add(silence) }

// spoke notes that the switch told something of a leg. No timer is moved: look
// finds when the next one is due.
func (c *Call) spoke(e media.Event) {
	if _, failed := e.(media.CommandFailed); failed {
		return
	}
	if l := c.Leg(media.LegOf(e)); l != nil {
		l.Quiet, l.Denied = c.now.At, 0
	}
}

// look ends legs that the switch has denied and asks for leave to ask after
// those that have been silent.
func (c *Call) look() {
	turn := c.Turn
	c.Look, c.Turn = 0, false
	for _, l := range slices.Clone(c.Legs) {
		if l.Denied != 0 && !l.Gone && c.now.At >= l.Denied.Add(denial) {
			c.gone(l, false, 0)
		}
	}
	switch {
	case !c.alive():
	case !slices.ContainsFunc(c.Legs, c.silent):
		c.lookNext()
	case turn:
		c.ask()
	default:
		c.do(Silent{})
	}
}

func (c *Call) silent(l *Leg) bool { return !l.Gone && c.now.At >= l.Quiet.Add(silence) }

// lookNext sets the timer to when the next leg is due.
func (c *Call) lookNext() {
	c.Look = 0
	for _, l := range c.Legs {
		if l.Gone {
			continue
		}
		at := l.Quiet.Add(silence)
		if l.Denied != 0 {
			at = min(at, l.Denied.Add(denial))
		}
		if c.Look == 0 || at < c.Look {
			c.Look = at
		}
	}
}

// probe is the leave to ask at an instant.
func (c *Call) probe(in Probe) {
	switch {
	case !c.alive():
	case in.At > c.now.At:
		c.Look, c.Turn = in.At, true
	default:
		c.ask()
	}
}

// ask asks the switch after silent legs, and after plays that they are said to
// hear; whom it should have hung up is hung up again.
func (c *Call) ask() {
	for _, l := range c.Legs {
		if !c.silent(l) {
			continue
		}
		l.Quiet = c.now.At
		if l.leaving() {
			c.send(media.Hangup{Leg: l.ID})
		}
		c.send(media.Probe{Leg: l.ID})
		if l != c.First() {
			continue
		}
		for _, t := range c.Plays {
			c.send(media.Probe{Leg: l.ID, Play: c.playID(t)})
		}
	}
	c.lookNext()
}

// denied is the switch's word that what was asked after is not there.
func (c *Call) denied(l *Leg, e media.CommandFailed) {
	switch {
	case e.Failure != media.FailNoLeg || l == nil || l.Gone || !c.alive():
	case l.Denied != 0 || l.Hung && c.Goodbye != 0: // called off by the order to hang up
	case e.Play != "":
		c.playEnded(e.Play, media.PlayDone)
	case e.Recording == "":
		l.Denied = c.now.At
		c.lookNext()
	}
}

// Unheard are the legs that count as gone though their end was never told.
func (c *Call) Unheard() []fact.LegID {
	var legs []fact.LegID
	for _, l := range c.Legs {
		if l.Unheard {
			legs = append(legs, l.ID)
		}
	}
	return legs
}
