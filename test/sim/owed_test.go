package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// vault is a store of promises that is away now and then, and takes what it
// says it has not.
type vault struct {
	troubled *bool
	has      map[fact.CallbackID]int // told to have, how often
	asked    map[fact.CallbackID]bool
	promised map[fact.CallID]bool
}

// keep answers what the centre wants kept, sooner or later.
func (c *siege) keep(k center.Keep) {
	v := c.vault
	v.asked[k.Callback.ID] = true
	c.Later(c.within(300*time.Millisecond), func() {
		if *v.troubled && c.Rand.IntN(3) == 0 {
			c.input(center.StoreFailed{Callback: k.Callback.ID, Error: "away"})
			return
		}
		c.input(center.Stored{Callback: k.Callback.ID})
	})
}

// witness holds that nobody is promised what the store does not have, and that
// each promise is told once.
func (c *siege) witness(e fact.Event) {
	v := c.vault
	switch {
	case e.Kind == fact.CallbackAsked:
		id := fact.CallbackID(e.Name)
		if v.has[id]++; v.has[id] > 1 || !v.asked[id] {
			c.t.Fatalf("callback %s is told %d times", id, v.has[id])
		}
		v.promised[e.Call] = true
	case e.Kind == fact.CallbackMerged:
		if v.has[fact.CallbackID(e.Name)] == 0 {
			c.t.Fatalf("call %s is promised %s, which the store does not have", e.Call, e.Name)
		}
		v.promised[e.Call] = true
	case e.Kind == fact.FlowNode && (strings.HasSuffix(e.Name, "/promised") || strings.Contains(e.Name, "/noted")) && !v.promised[e.Call]:
		c.t.Fatalf("call %s is promised what the store does not have", e.Call)
	}
}

// leaver calls a line with ways out and presses, speaks and hangs up at random.
func (c *siege) leaver() {
	from := fmt.Sprintf("138%08d", c.Rand.IntN(1e8))
	if c.Rand.IntN(8) == 0 {
		from = "anonymous"
	}
	leg := c.Call(from, "200")
	at := time.Duration(0)
	for range 2 + c.Rand.IntN(8) {
		at += time.Second/2 + c.within(3*time.Second)
		act := c.Rand.IntN(5)
		c.Later(at, func() {
			c.Far(func(now fact.Instant) []media.Event {
				switch act {
				case 0:
					return c.Core.Talk(now, leg, true)
				case 1:
					return c.Core.Talk(now, leg, false)
				case 2:
					return c.Core.Press(now, leg, "02133334444#")
				}
				return c.Core.Press(now, leg, fmt.Sprint(act-2))
			})
		})
	}
	c.Later(at+c.within(30*time.Second), func() {
		c.Far(func(now fact.Instant) []media.Event { return c.Core.HangupFar(now, leg) })
	})
}

// owed holds that nothing that was asked for is left on its way.
func (c *siege) owed() {
	if v := c.Center.View(); v.Owed != 0 {
		c.t.Errorf("%d promises have not come into the store", v.Owed)
	}
	if len(c.vault.has) == 0 {
		c.t.Error("nobody was promised anything")
	}
}
