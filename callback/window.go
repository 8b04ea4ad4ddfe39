package callback

import (
	"time"

	"github.com/huawu/huawu/calendar"
)

// Plan is when a callback may be called: from an instant on, and by another at
// the latest, in wall-clock milliseconds, 0 for no such time.
type Plan struct {
	From int64 `json:"from"`
	By   int64 `json:"by,omitempty"`
	// Late says that what was promised cannot be kept inside the windows: a
	// supervisor decides (RUL-CBK-3).
	Late bool `json:"late,omitempty"`
}

// never is when a callback is called whose windows never open.
const never = int64(1) << 62

// free says whether the windows do not count: the customer has named the time,
// or somebody has allowed it.
func (c *Callback) free() bool { return c.Override != "" || c.DueSource == DueByCustomer }

// since is from when on a callback may be called, windows apart: at the time that
// the customer has named, not sooner.
func (c *Callback) since() int64 {
	from := max(c.Asked, c.After, c.Next)
	if c.DueSource == DueByCustomer {
		from = max(from, c.Due)
	}
	return from
}

// plan is when a callback may be called by these windows, seen from an instant.
// A due time in a gap is pulled forward to the end of the window before, and
// one that the customer has named is not touched.
func (c *Callback) plan(t *calendar.Table, now int64) Plan {
	p := Plan{From: c.since(), By: c.Due}
	if c.free() {
		return p
	}
	if p.By != 0 && !t.Open(at(p.By)) {
		if closed, ok := t.Closed(at(p.By)); ok {
			p.By = closed.UnixMilli()
		}
	}
	p.From = opens(t, p.From)
	p.Late = p.By != 0 && max(p.From, opens(t, now)) >= p.By
	return p
}

// opens is the first instant from one on at which the windows are open.
func opens(t *calendar.Table, from int64) int64 {
	if t.Open(at(from)) {
		return from
	}
	next, ok := t.Next(at(from))
	if !ok {
		return never
	}
	return next.UnixMilli()
}

func at(wall int64) time.Time { return time.UnixMilli(wall) }
