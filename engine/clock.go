package engine

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Clock gives steady instants: it starts at the wall clock, or at the newest
// instant already journaled if that is later, and is advanced by the monotonic
// clock alone.
type Clock struct {
	// base is what was steady at start, in finer steps than an Instant: what
	// the offset told after a restart must not differ by a rounding.
	base  time.Duration
	start time.Time
	wall  func() time.Time
}

// NewClock starts a clock that never says an instant before after. Drivers
// that run without an engine take NewClock(0, time.Now).
func NewClock(after fact.Instant, wall func() time.Time) *Clock {
	c := &Clock{start: time.Now(), wall: wall}
	c.base = max(time.Duration(wall().UnixNano()), time.Duration(after)*time.Millisecond)
	return c
}

func (c *Clock) steady() time.Duration { return c.base + time.Since(c.start) }

// Now is the present instant. It may be called by anybody at any time.
func (c *Clock) Now() fact.Instant { return fact.Instant(c.steady() / time.Millisecond) }

// Offset is wall time minus steady time in milliseconds, to the nearest one.
func (c *Clock) Offset() int64 {
	return (time.Duration(c.wall().UnixNano()) - c.steady()).Round(time.Millisecond).Milliseconds()
}
