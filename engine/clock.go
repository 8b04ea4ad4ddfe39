package engine

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Clock gives steady instants: it starts at the wall clock, or at the newest
// instant already journaled if that is later, and is advanced by the monotonic
// clock alone.
type Clock struct {
	base  fact.Instant
	start time.Time
	wall  func() time.Time
}

// NewClock starts a clock that never says an instant before after. Drivers
// that run without an engine take NewClock(0, time.Now).
func NewClock(after fact.Instant, wall func() time.Time) *Clock {
	base := fact.Instant(wall().UnixMilli())
	return &Clock{base: max(base, after), start: time.Now(), wall: wall}
}

// Now is the present instant. It may be called by anybody at any time.
func (c *Clock) Now() fact.Instant { return c.base.Add(time.Since(c.start)) }

// Offset is wall time minus steady time in milliseconds.
func (c *Clock) Offset() int64 { return c.wall().UnixMilli() - int64(c.Now()) }
