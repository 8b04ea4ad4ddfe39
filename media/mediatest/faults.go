package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Trouble is what becomes of an event on its way to us; the zero value is
// nothing.
type Trouble struct {
	// Lost has it never come.
	Lost bool
	// Late is how much later it comes; those of other legs overtake it, those
	// of its own do not.
	Late time.Duration
	// Twice has it come again at once.
	Twice bool
}

// legless is the lane of events that are about no leg.
const legless fact.LegID = ""

// trouble puts an event in among those that are on their way, as what becomes
// of it says.
func (c *Core) trouble(e media.Event, t Trouble) {
	if t.Lost {
		return
	}
	lane := media.LegOf(e)
	at := max(c.now.Add(t.Late), c.lanes[lane])
	if t.Late > 0 || at > c.now {
		c.lanes[lane] = at
	}
	for range 1 + truth(t.Twice) {
		i := len(c.out)
		for i > 0 && c.out[i-1].When() > at {
			i--
		}
		c.out = append(c.out, nil)
		copy(c.out[i+1:], c.out[i:])
		c.out[i] = stamped(e, at)
	}
	if lane != legless && isEnd(e) {
		delete(c.lanes, lane)
	}
}

func isEnd(e media.Event) bool {
	_, is := e.(media.LegEnded)
	return is
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Vanish is the end of a leg that nobody tells: neither its party nor, to us,
// the switch.
func (c *Core) Vanish(now fact.Instant, id fact.LegID) []media.Event {
	c.at(now)
	events := c.heard()
	if l := c.legs[id]; l != nil {
		told := c.connected
		c.connected = false
		c.end(l, false, causeClearing, Goodbye{Cause: causeClearing})
		c.connected = told
	}
	return events
}

// Vanish takes the power of who is at the far end, and the word of the leg's
// end is lost.
func (f *Fake) Vanish(far Far) {
	r := far.(*fakeFar)
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.Vanish(now, r.l.id) })
}
