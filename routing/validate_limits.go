package routing

import (
	"fmt"
	"time"
)

// maxLimit is the longest that a queue may keep a ticket, or lack staff.
const maxLimit = 24 * time.Hour

// limits checks who is let in a queue's line, and who rings for it.
func (v *validator) limits(field string, q *Queue) {
	if q.Width < 0 || q.Width > maxWidth {
		v.wrong(field+".width", q.Width, fmt.Sprintf("0 or 1 to %d", maxWidth))
	}
	switch q.CancelAt {
	case "", CancelAtRoom, CancelAtAnswer:
	default:
		v.wrong(field+".cancel_at", q.CancelAt, CancelAtRoom+" or "+CancelAtAnswer)
	}
	if q.MaxWaiting < 0 {
		v.wrong(field+".max_waiting", q.MaxWaiting, "0 or more")
	}
	v.lease(field+".max_wait", q.MaxWait, minLease, maxLimit)
	v.lease(field+".max_expected", q.MaxExpected, minLease, maxLimit)
	v.lease(field+".grace", q.Grace, minLease, maxLimit)
	v.staffing(field+".join_if", q.JoinIf)
	v.staffing(field+".stay_if", q.StayIf)
}

func (v *validator) staffing(field string, s Staffing) {
	switch s {
	case StaffAny, StaffOn, StaffAble:
	default:
		v.wrong(field, s, fmt.Sprintf("nothing, %s or %s", StaffOn, StaffAble))
	}
}

// overflows checks where the tickets go that queues do not keep, once all
// queues are known.
func (v *validator) overflows(c Config) {
	for i := range c.Queues {
		q := &c.Queues[i]
		given := map[Exit]bool{}
		for j, o := range q.Overflow {
			field := fmt.Sprintf("queues[%d](%s).overflow[%d]", i, q.ID, j)
			switch o.On {
			case ExitFull, ExitTimeout, ExitUnstaffed, ExitLongWait, ExitDraining, ExitClosed:
			default:
				v.wrong(field+".on", o.On, fmt.Sprintf("%s, %s, %s, %s, %s or %s",
					ExitFull, ExitTimeout, ExitUnstaffed, ExitLongWait, ExitDraining, ExitClosed))
			}
			if given[o.On] {
				v.wrong(field+".on", o.On, "each exit once")
			}
			given[o.On] = true
			if !v.queues[o.Queue] || o.Queue == q.ID {
				v.wrong(field+".queue", o.Queue, "another one that \"queues\" has")
			}
		}
	}
}
