package center

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// shift is a queue that is open by a table of hours.
type shift struct {
	Queue fact.QueueID `json:"queue"`
	Open  bool         `json:"open,omitempty"`
	// Due is when the table changes next, 0 for never.
	Due fact.Instant `json:"due,omitempty"`
}

// keepHours opens and closes the queues whose tables have changed, or whose
// table is another than before. What operators set in between stands until the
// table changes.
func (c *Center) keepHours() {
	was := c.shifts
	c.shifts = nil
	for _, q := range c.cfg.ACD.Queues {
		i := slices.IndexFunc(was, func(s shift) bool { return s.Queue == q.ID })
		table := c.index.hours[q.Hours]
		if table == nil {
			if i >= 0 && !was[i].Open {
				c.line(routing.SetMode{Queue: q.ID, Mode: routing.ModeOpen})
			}
			continue
		}
		s := shift{Queue: q.ID, Open: table.Open(c.now.Wall())}
		if next, some := table.Next(c.now.Wall()); some {
			s.Due = c.now.At + fact.Instant(next.UnixMilli()-c.now.Wall().UnixMilli())
		}
		c.shifts = append(c.shifts, s)
		switch open := i < 0 || was[i].Open; {
		case open && !s.Open:
			c.line(routing.SetMode{Queue: q.ID, Mode: routing.ModeClosed})
		case !open && s.Open:
			c.line(routing.SetMode{Queue: q.ID, Mode: routing.ModeOpen})
		}
	}
}

// nextHours is when a table changes next.
func (c *Center) nextHours() (next fact.Instant, some bool) {
	for _, s := range c.shifts {
		if s.Due != 0 && (!some || s.Due < next) {
			next, some = s.Due, true
		}
	}
	return next, some
}
