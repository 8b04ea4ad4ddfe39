package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrInvalid is wrapped by what Compile refuses.
var ErrInvalid = errors.New("invalid hours")

// day counts days since 1970-01-01, without a zone.
type day int

// span is part of a local day in minutes; close is over 1440 where it ends on
// the next day.
type span struct{ open, close int }

// dated are the hours of one date, none for a holiday.
type dated struct {
	day   day
	extra bool
	spans []span
}

const minutesADay = 24 * 60

// maxHoliday is the longest run of holidays in one entry.
const maxHoliday = 366

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Compile checks h and makes it ready for use. The error wraps ErrInvalid once
// for each thing that is wrong and names the field, the value and what would
// be right.
func Compile(h Hours) (*Table, error) {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%w %q: %s", ErrInvalid, h.ID, fmt.Sprintf(format, args...)))
	}
	t := &Table{}
	if h.ID == "" {
		wrong("id is empty; give the table a name")
	}
	zone, err := time.LoadLocation(h.Zone)
	switch {
	case h.Zone == "" || h.Zone == "Local":
		wrong("zone %q says nothing; write an IANA zone such as Asia/Shanghai", h.Zone)
	case err != nil:
		wrong("zone %q is not known; write an IANA zone such as Asia/Shanghai", h.Zone)
	}
	t.zone = zone
	if len(h.Week)+len(h.Extra) == 0 {
		wrong("neither week nor extra has hours; write some, such as \"mon-fri 08:00-18:00\"")
	}
	for i, entry := range h.Week {
		days, spans, err := parseWeek(entry)
		if err != nil {
			wrong("week[%d] %q: %v", i, entry, err)
			continue
		}
		for _, d := range days {
			t.week[d] = append(t.week[d], spans...)
		}
	}
	for i, entry := range h.Extra {
		date, spans, err := parseExtra(entry)
		if err != nil {
			wrong("extra[%d] %q: %v", i, entry, err)
			continue
		}
		if at := slices.IndexFunc(t.dates, func(d dated) bool { return d.day == date }); at >= 0 {
			t.dates[at].spans = append(t.dates[at].spans, spans...)
			continue
		}
		t.dates = append(t.dates, dated{day: date, extra: true, spans: spans})
	}
	for i, entry := range h.Holidays {
		first, last, err := parseDates(entry)
		if err != nil {
			wrong("holidays[%d] %q: %v", i, entry, err)
			continue
		}
		for d := first; d <= last; d++ {
			t.dates = append(t.dates, dated{day: d})
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	// An extra day comes before a holiday on the same date and so wins.
	slices.SortStableFunc(t.dates, func(a, b dated) int {
		switch {
		case a.day != b.day:
			return int(a.day - b.day)
		case a.extra == b.extra:
			return 0
		case a.extra:
			return -1
		}
		return 1
	})
	t.dates = slices.CompactFunc(t.dates, func(a, b dated) bool { return a.day == b.day })
	return t, nil
}

// parseWeek reads "mon-fri,sun 08:00-12:00,13:00-18:00".
func parseWeek(entry string) ([]time.Weekday, []span, error) {
	names, hours, found := strings.Cut(strings.TrimSpace(entry), " ")
	if !found {
		return nil, nil, errors.New("write days and hours, such as \"mon-fri 08:00-18:00\"")
	}
	var days []time.Weekday
	for part := range strings.SplitSeq(strings.ToLower(names), ",") {
		if part == "daily" {
			part = "mon-sun"
		}
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		first, last := slices.Index(weekdays, from), slices.Index(weekdays, to)
		if first < 0 || last < 0 {
			return nil, nil, fmt.Errorf("days %q are not known; write mon tue wed thu fri sat sun, a range such as mon-fri, or daily", part)
		}
		for d := first; ; d = (d + 1) % 7 {
			if slices.Contains(days, time.Weekday(d)) {
				return nil, nil, fmt.Errorf("%s comes twice", weekdays[d])
			}
			days = append(days, time.Weekday(d))
			if d == last {
				break
			}
		}
	}
	spans, err := parseSpans(hours)
	return days, spans, err
}

// parseExtra reads "2026-10-10 08:00-18:00".
func parseExtra(entry string) (day, []span, error) {
	date, hours, found := strings.Cut(strings.TrimSpace(entry), " ")
	if !found {
		return 0, nil, errors.New("write a date and hours, such as \"2026-10-10 08:00-18:00\"")
	}
	d, err := parseDay(date)
	if err != nil {
		return 0, nil, err
	}
	spans, err := parseSpans(hours)
	return d, spans, err
}

// parseDates reads "2026-10-01" or "2026-10-01..2026-10-07".
func parseDates(entry string) (first, last day, err error) {
	from, to, ranged := strings.Cut(strings.TrimSpace(entry), "..")
	if !ranged {
		to = from
	}
	if first, err = parseDay(from); err != nil {
		return 0, 0, err
	}
	if last, err = parseDay(to); err != nil {
		return 0, 0, err
	}
	if last < first || last-first >= maxHoliday {
		return 0, 0, fmt.Errorf("the dates must run forward and span at most %d days", maxHoliday)
	}
	return first, last, nil
}

func parseDay(date string) (day, error) {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || t.Year() < 1970 {
		return 0, fmt.Errorf("%q is no date from 1970 on; write it as 2026-10-01", date)
	}
	return dayOf(t), nil
}

// parseSpans reads "08:00-12:00,13:00-18:00".
func parseSpans(hours string) ([]span, error) {
	var spans []span
	for part := range strings.SplitSeq(hours, ",") {
		from, to, _ := strings.Cut(strings.TrimSpace(part), "-")
		open, okOpen := parseClock(from)
		end, okEnd := parseClock(to)
		switch {
		case !okOpen || !okEnd || open == minutesADay:
			return nil, fmt.Errorf("hours %q; write them as 08:00-18:00", part)
		case open == end:
			return nil, fmt.Errorf("hours %q have no length; write 00:00-24:00 for a whole day", part)
		case end < open:
			end += minutesADay
		}
		spans = append(spans, span{open, end})
	}
	return spans, nil
}

// parseClock reads "08:00" as minutes; 24:00 is 1440.
func parseClock(clock string) (int, bool) {
	if len(clock) != 5 || clock[2] != ':' {
		return 0, false
	}
	h, errH := strconv.ParseUint(clock[:2], 10, 8)
	m, errM := strconv.ParseUint(clock[3:], 10, 8)
	minutes := int(h)*60 + int(m)
	return minutes, errH == nil && errM == nil && m < 60 && minutes <= minutesADay
}

// Moment is the instant at which a clock in the zone shows a local time, written
// "2026-03-05 14:30". Where the clocks are put forward, a time that does not
// exist is the moment after the jump; where they are put back the first of two
// counts. The error says what would be right.
func Moment(zone, local string) (time.Time, error) {
	in, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return time.Time{}, fmt.Errorf("%w: zone %q is not known; write an IANA zone such as Asia/Shanghai", ErrInvalid, zone)
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(form, local, in); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: %q is no time; write it as 2026-03-05 14:30", ErrInvalid, local)
}

// Zone is the IANA zone of that name, UTC where there is none.
func Zone(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}
