package center

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// probeEvery is the time between two calls whose legs are asked after.
	probeEvery = 20 * time.Millisecond
	// strayEvery is how long a leg that nobody has may take to end before it is
	// hung up (again), strayTries how often that is done, maxStrays how many
	// are watched at a time.
	strayEvery = 30 * time.Second
	strayTries = 10
	maxStrays  = 1024
)

// stray is a leg that no call has and that the switch may hold all the same.
type stray struct {
	Leg   fact.LegID   `json:"leg"`
	Due   fact.Instant `json:"due"`
	Tries int          `json:"tries,omitempty"`
}

// silent gives a call its turn to ask the switch after its legs.
func (c *Center) silent(k *contact) {
	at := max(c.now.At, c.paced)
	c.paced = at.Add(probeEvery)
	c.step(k, call.Probe{At: at})
}

// astray begins to watch a leg that nobody has; those are due in the order in
// which they were found.
func (c *Center) astray(leg fact.LegID, tries int) {
	if len(c.strays) >= maxStrays || c.strayAt(leg) >= 0 {
		return
	}
	due := c.now.At.Add(strayEvery)
	if n := len(c.strays); n > 0 {
		due = max(due, c.strays[n-1].Due.Add(probeEvery))
	}
	c.strays = append(c.strays, stray{Leg: leg, Due: due, Tries: tries})
}

// dismiss hangs up a leg that is nobody's and sees to it that it goes.
func (c *Center) dismiss(leg fact.LegID) {
	c.send(media.Hangup{Leg: leg})
	c.astray(leg, 0)
}

func (c *Center) strayAt(leg fact.LegID) int {
	return slices.IndexFunc(c.strays, func(s stray) bool { return s.Leg == leg })
}

// strayFound ends the watch over a leg that was found, or is gone.
func (c *Center) strayFound(leg fact.LegID) {
	if i := c.strayAt(leg); i >= 0 {
		c.strays = slices.Delete(c.strays, i, i+1)
	}
}

// unclaimed is an event about a leg that no call has. One that we dialled and
// that shows that it lives is watched.
func (c *Center) unclaimed(e media.Event) {
	leg := media.LegOf(e)
	switch e := e.(type) {
	case media.LegEnded, media.LegLeft:
		c.strayFound(leg)
	case media.CommandFailed:
		if e.Of == "Probe" && e.Failure == media.FailNoLeg {
			c.strayFound(leg)
		}
	case media.LegRinging, media.LegAnswered, media.Joined, media.LegHeld, media.LegUnheld, media.Digit:
		if strings.HasPrefix(fact.Native(leg), "hw-") {
			c.astray(leg, 0)
		}
	}
}

// hangUpStrays hangs up the legs that nobody has and asks whether they live:
// LegEnded, or the probe's failure, is the end of it.
func (c *Center) hangUpStrays() {
	for len(c.strays) > 0 && c.strays[0].Due <= c.now.At {
		s := c.strays[0]
		c.strays = slices.Delete(c.strays, 0, 1)
		if k := c.of(s.Leg); k != nil && k.call.Has(s.Leg) {
			continue // it came back
		}
		c.send(media.Hangup{Leg: s.Leg})
		c.send(media.Probe{Leg: s.Leg})
		if s.Tries++; s.Tries < strayTries {
			c.astray(s.Leg, s.Tries)
		}
	}
}

// forget is the end of all that is known of a call, but for legs that may live on.
func (c *Center) forget(k *contact) {
	for _, l := range k.call.Legs {
		if c.legs[l.ID] == k.call.ID { // it may have come back and be another's
			delete(c.legs, l.ID)
		}
	}
	for _, leg := range k.call.Unheard() {
		c.astray(leg, 0)
	}
	delete(c.contacts, k.call.ID)
	c.due.remove(k)
}
