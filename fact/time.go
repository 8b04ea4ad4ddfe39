package fact

import "time"

// Instant is steady time: milliseconds of the epoch, advanced by a monotonic
// clock. It drives every timer and every duration and never jumps.
type Instant int64

// Add is i later by d, rounded down to the millisecond.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d/time.Millisecond) }

// Sub is the time from o to i.
func (i Instant) Sub(o Instant) time.Duration { return time.Duration(i-o) * time.Millisecond }

// Moment is one instant with the wall clock that belonged to it. Only
// calendars, promises and records read the wall.
type Moment struct {
	At Instant `json:"at"`
	// Offset is wall time minus steady time in milliseconds.
	Offset int64 `json:"offset,omitempty"`
}

// Wall is the moment's wall-clock time in UTC.
func (m Moment) Wall() time.Time { return time.UnixMilli(int64(m.At) + m.Offset).UTC() }
