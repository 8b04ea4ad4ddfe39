package engine

import (
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

const (
	// upLimit is how long timers wait for a switch to say what it holds.
	upLimit = 10 * time.Second
	// awayLimit is how long the loop may be kept from turning before timers
	// wait for what the switches have to say.
	awayLimit = time.Second
	// settleTime is how long timers then wait for events that lie in the
	// drivers' sockets.
	settleTime = 200 * time.Millisecond
)

// gate holds timers back while what the switches hold is not known: at the
// start, and after the loop was kept from turning.
type gate struct {
	names []string     // the switches waited for
	until fact.Instant // when they are waited for no longer
}

// await has timers wait for the Up of these switches, at most upLimit, and at
// least settleTime when there are none.
func (g *gate) await(now fact.Instant, names []string) {
	wait := upLimit
	if len(names) == 0 {
		wait = settleTime
	}
	g.until = max(g.until, now.Add(wait))
	for _, n := range names {
		if !slices.Contains(g.names, n) {
			g.names = append(g.names, n)
		}
	}
}

// heard says that a switch has said what it holds.
func (g *gate) heard(name string) {
	if i := slices.Index(g.names, name); i >= 0 {
		g.names = slices.Delete(g.names, i, i+1)
		if len(g.names) == 0 {
			g.until = 0
		}
	}
}

// shut says whether timers must wait. Those given are the switches that were
// waited for in vain: they count as down.
func (g *gate) shut(now fact.Instant) (shut bool, vain []string) {
	if now < g.until {
		return true, nil
	}
	vain, g.names = g.names, nil
	return false, vain
}
