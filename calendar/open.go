package calendar

import (
	"slices"
	"time"
)

// Horizon is how far Next looks.
const Horizon = 400 * 24 * time.Hour

// interval is a stretch of time that is open: from open up to, not including,
// close.
type interval struct{ open, close time.Time }

// Open says whether at lies within the hours. Only the instant counts, not the
// zone that at is written in.
func (t *Table) Open(at time.Time) bool {
	return slices.ContainsFunc(t.around(dayOf(at.In(t.zone))), func(i interval) bool {
		return !at.Before(i.open) && at.Before(i.close)
	})
}

// Next is the first instant after at when Open changes, in UTC; false if it
// does not within Horizon.
func (t *Table) Next(at time.Time) (time.Time, bool) {
	open := t.Open(at)
	last := dayOf(at.Add(Horizon).In(t.zone))
	for d := dayOf(at.In(t.zone)); d <= last; d++ {
		var edges []time.Time
		for _, i := range t.around(d) {
			for _, edge := range [...]time.Time{i.open, i.close} {
				if edge.After(at) && dayOf(edge.In(t.zone)) == d {
					edges = append(edges, edge)
				}
			}
		}
		slices.SortFunc(edges, time.Time.Compare)
		for _, edge := range edges {
			if t.Open(edge) != open {
				return edge.UTC(), true
			}
		}
	}
	return time.Time{}, false
}

// Closed is the last instant up to and including at when Open became false, in
// UTC; false if there is none within Horizon.
func (t *Table) Closed(at time.Time) (time.Time, bool) {
	first := dayOf(at.Add(-Horizon).In(t.zone))
	for d := dayOf(at.In(t.zone)); d >= first; d-- {
		var last time.Time
		for _, i := range t.around(d) {
			if !i.close.After(at) && i.close.After(last) && !t.Open(i.close) {
				last = i.close
			}
		}
		if !last.IsZero() {
			return last.UTC(), true
		}
	}
	return time.Time{}, false
}

// around are the intervals that may touch the local day d: those of the day
// before run past midnight, and those of the day before that end up in d
// where a zone once left out a whole day (Samoa, 2011-12-30).
func (t *Table) around(d day) []interval {
	var all []interval
	for k := d - 2; k <= d; k++ {
		for _, s := range t.on(k) {
			i := interval{open: t.instant(k, s.open, false), close: t.instant(k, s.close, true)}
			if i.open.Before(i.close) {
				all = append(all, i)
			}
		}
	}
	return all
}

// on are the hours that begin on a local day.
func (t *Table) on(d day) []span {
	at, found := slices.BinarySearchFunc(t.dates, d, func(x dated, d day) int { return int(x.day - d) })
	if found {
		return t.dates[at].spans
	}
	return t.week[d.weekday()]
}

// instant is when the local clock shows the minute of the day d. Where it
// never does, it is the moment the clock jumps over it; where it does twice,
// it is the second time if second is set, else the first.
func (t *Table) instant(d day, minute int, second bool) time.Time {
	local := d.midnight().Add(time.Duration(minute) * time.Minute)
	var hit, jump time.Time
	// No zone is more than 15 h from UTC, and none changes twice in a day
	// and a half, but walking all periods in reach costs nothing.
	for probe := local.Add(-15 * time.Hour); !probe.After(local.Add(15 * time.Hour)); {
		start, end := probe.In(t.zone).ZoneBounds()
		_, offset := probe.In(t.zone).Zone()
		at := local.Add(-time.Duration(offset) * time.Second)
		switch {
		case !start.IsZero() && at.Before(start):
			if jump.IsZero() {
				jump = start
			}
		case end.IsZero() || at.Before(end):
			if hit.IsZero() || second {
				hit = at
			}
		}
		if end.IsZero() {
			break
		}
		probe = end
	}
	if hit.IsZero() {
		return jump.UTC()
	}
	return hit
}

// dayOf is the date that t shows in its own zone.
func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// midnight is the day's beginning if it were in UTC.
func (d day) midnight() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

func (d day) weekday() time.Weekday { return d.midnight().Weekday() }
