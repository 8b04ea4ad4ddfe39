package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func compile(t *testing.T, h Hours) *Table {
	t.Helper()
	h.ID = "office"
	table, err := Compile(h)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func at(t *testing.T, rfc3339 string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// changes are all changes of a table between two instants, in its own zone.
func changes(table *Table, from, to time.Time) []string {
	var all []string
	for {
		next, ok := table.Next(from)
		if !ok || next.After(to) {
			return all
		}
		word := "closes"
		if table.Open(next) {
			word = "opens"
		}
		all = append(all, word+" "+next.In(table.zone).Format("Mon 2006-01-02 15:04 -07"))
		from = next
	}
}

func TestHours(t *testing.T) {
	for _, c := range []struct {
		name     string
		hours    Hours
		from, to string
		want     []string
	}{
		{
			"a week with a lunch break and a short Saturday",
			Hours{Zone: "Asia/Shanghai", Week: []string{"mon-fri 08:00-12:00, 13:00-18:00", "sat 09:00-12:00"}},
			"2026-11-27T00:00:00+08:00", "2026-11-30T09:00:00+08:00",
			[]string{
				"opens Fri 2026-11-27 08:00 +08", "closes Fri 2026-11-27 12:00 +08", "opens Fri 2026-11-27 13:00 +08", "closes Fri 2026-11-27 18:00 +08",
				"opens Sat 2026-11-28 09:00 +08", "closes Sat 2026-11-28 12:00 +08", "opens Mon 2026-11-30 08:00 +08",
			},
		},
		{
			"holidays close, a make-up Saturday opens, and an extra day wins over a holiday",
			Hours{
				Zone: "Asia/Shanghai", Week: []string{"mon-fri 08:00-18:00"}, Holidays: []string{"2026-10-01..2026-10-07", "2026-10-12"},
				Extra: []string{"2026-10-10 08:00-17:00", "2026-10-03 10:00-11:00"},
			},
			"2026-09-30T12:00:00+08:00", "2026-10-13T09:00:00+08:00",
			[]string{
				"closes Wed 2026-09-30 18:00 +08", "opens Sat 2026-10-03 10:00 +08", "closes Sat 2026-10-03 11:00 +08",
				"opens Thu 2026-10-08 08:00 +08", "closes Thu 2026-10-08 18:00 +08", "opens Fri 2026-10-09 08:00 +08", "closes Fri 2026-10-09 18:00 +08",
				"opens Sat 2026-10-10 08:00 +08", "closes Sat 2026-10-10 17:00 +08", "opens Tue 2026-10-13 08:00 +08",
			},
		},
		{
			"a night belongs to the day it begins on, and nights that touch do not close",
			Hours{Zone: "Asia/Shanghai", Week: []string{"fri 22:30-08:00", "sat 08:00-24:00", "sun 00:00-06:00"}},
			"2026-11-27T00:00:00+08:00", "2026-12-04T00:00:00+08:00",
			[]string{"opens Fri 2026-11-27 22:30 +08", "closes Sun 2026-11-29 06:00 +08"},
		},
		{
			"a range of days runs over the end of the week",
			Hours{Zone: "UTC", Week: []string{"sat-mon 10:00-11:00"}},
			"2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z",
			[]string{
				"opens Sat 2026-11-28 10:00 +00", "closes Sat 2026-11-28 11:00 +00", "opens Sun 2026-11-29 10:00 +00", "closes Sun 2026-11-29 11:00 +00",
				"opens Mon 2026-11-30 10:00 +00", "closes Mon 2026-11-30 11:00 +00",
			},
		},
		{
			"an opening that the clock jumps over moves forward to the jump",
			Hours{Zone: "Europe/Berlin", Week: []string{"sun 02:30-05:00"}},
			"2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00",
			[]string{"opens Sun 2026-03-29 03:00 +02", "closes Sun 2026-03-29 05:00 +02"},
		},
		{
			"a closing that the clock jumps over moves forward to the jump",
			Hours{Zone: "Europe/Berlin", Week: []string{"sun 00:00-02:30"}},
			"2026-03-28T12:00:00+01:00", "2026-03-30T00:00:00+02:00",
			[]string{"opens Sun 2026-03-29 00:00 +01", "closes Sun 2026-03-29 03:00 +02"},
		},
		{
			"hours that the clock jumps over are not there",
			Hours{Zone: "Europe/Berlin", Week: []string{"daily 02:10-02:50"}},
			"2026-03-28T12:00:00+01:00", "2026-03-30T12:00:00+02:00",
			[]string{"opens Mon 2026-03-30 02:10 +02", "closes Mon 2026-03-30 02:50 +02"},
		},
		{
			"an opening that comes twice counts the first time",
			Hours{Zone: "Europe/Berlin", Week: []string{"sun 02:30-05:00"}},
			"2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
			[]string{"opens Sun 2026-10-25 02:30 +02", "closes Sun 2026-10-25 05:00 +01"},
		},
		{
			"a closing that comes twice counts the second time",
			Hours{Zone: "Europe/Berlin", Week: []string{"sun 00:00-02:30"}},
			"2026-10-24T12:00:00+02:00", "2026-10-26T00:00:00+01:00",
			[]string{"opens Sun 2026-10-25 00:00 +02", "closes Sun 2026-10-25 02:30 +01"},
		},
		{
			"a day that a zone left out has no hours, and a night runs over it",
			Hours{Zone: "Pacific/Apia", Week: []string{"fri 08:00-18:00", "thu 22:00-06:00", "sat 09:00-10:00"}},
			"2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00",
			[]string{"opens Thu 2011-12-29 22:00 -10", "closes Sat 2011-12-31 00:00 +14", "opens Sat 2011-12-31 09:00 +14", "closes Sat 2011-12-31 10:00 +14"},
		},
		{
			"half an hour of summer time",
			Hours{Zone: "Australia/Lord_Howe", Week: []string{"daily 01:45-02:15"}},
			"2026-04-04T12:00:00+11:00", "2026-04-05T12:00:00+10:30",
			[]string{"opens Sun 2026-04-05 01:45 +11", "closes Sun 2026-04-05 02:15 +10"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := changes(compile(t, c.hours), at(t, c.from), at(t, c.to))
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestHoursThatNeverChange(t *testing.T) {
	always := compile(t, Hours{Zone: "Europe/Berlin", Week: []string{"daily 00:00-24:00"}})
	never := compile(t, Hours{Zone: "Europe/Berlin", Extra: []string{"2020-01-01 08:00-09:00"}})
	now := at(t, "2026-03-01T00:00:00Z")
	if next, ok := always.Next(now); !always.Open(now) || ok {
		t.Errorf("always: open %v, changes at %v", always.Open(now), next)
	}
	if next, ok := never.Next(now); never.Open(now) || ok {
		t.Errorf("never: open %v, changes at %v", never.Open(now), next)
	}
}

func TestCompileSaysWhatIsWrong(t *testing.T) {
	sound := Hours{ID: "office", Zone: "Asia/Shanghai", Week: []string{"mon-fri 08:00-18:00"}}
	for _, c := range []struct {
		name  string
		spoil func(*Hours)
		want  string
	}{
		{"id", func(h *Hours) { h.ID = "" }, `invalid hours "": id is empty; give the table a name`},
		{"no zone", func(h *Hours) { h.Zone = "" }, `zone "" says nothing; write an IANA zone such as Asia/Shanghai`},
		{"local zone", func(h *Hours) { h.Zone = "Local" }, `zone "Local" says nothing`},
		{"zone", func(h *Hours) { h.Zone = "Asia/Shangai" }, `zone "Asia/Shangai" is not known`},
		{"no hours", func(h *Hours) { h.Week = nil }, `neither week nor extra has hours`},
		{"days", func(h *Hours) { h.Week[0] = "mon-fry 08:00-18:00" }, `week[0] "mon-fry 08:00-18:00": days "mon-fry" are not known`},
		{"no days", func(h *Hours) { h.Week[0] = "08:00-18:00" }, `write days and hours, such as "mon-fri 08:00-18:00"`},
		{"day twice", func(h *Hours) { h.Week[0] = "mon-fri,wed 08:00-18:00" }, `wed comes twice`},
		{"hours", func(h *Hours) { h.Week[0] = "mon 8-18" }, `hours "8-18"; write them as 08:00-18:00`},
		{"minute", func(h *Hours) { h.Week[0] = "mon 08:60-18:00" }, `hours "08:60-18:00"`},
		{"sign", func(h *Hours) { h.Week[0] = "mon +8:00-18:00" }, `hours "+8:00-18:00"`},
		{"late", func(h *Hours) { h.Week[0] = "mon 08:00-24:01" }, `hours "08:00-24:01"`},
		{"begins at the end", func(h *Hours) { h.Week[0] = "mon 24:00-08:00" }, `hours "24:00-08:00"`},
		{"no length", func(h *Hours) { h.Week[0] = "mon 08:00-08:00" }, `have no length; write 00:00-24:00 for a whole day`},
		{"holiday", func(h *Hours) { h.Holidays = []string{"10/01/2026"} }, `holidays[0] "10/01/2026": "10/01/2026" is no date from 1970 on; write it as 2026-10-01`},
		{"holidays backward", func(h *Hours) { h.Holidays = []string{"2026-10-07..2026-10-01"} }, `the dates must run forward and span at most 366 days`},
		{"holidays for ever", func(h *Hours) { h.Holidays = []string{"2026-10-07..9999-10-01"} }, `span at most 366 days`},
		{"extra", func(h *Hours) { h.Extra = []string{"2026-02-30 08:00-09:00"} }, `extra[0] "2026-02-30 08:00-09:00": "2026-02-30" is no date`},
		{"extra without hours", func(h *Hours) { h.Extra = []string{"2026-02-20"} }, `write a date and hours, such as`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := sound
			h.Week = []string{sound.Week[0]}
			c.spoil(&h)
			table, err := Compile(h)
			if table != nil || !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := Compile(Hours{}); strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("an empty table has three faults, told: %v", err)
	}
}

// anyHours draws hours and what they mean to a plain clock: the minutes of the
// week that are open.
func anyHours(t *rapid.T, zone string) (Hours, map[int]bool) {
	h := Hours{ID: "any", Zone: zone}
	open := make(map[int]bool)
	for range rapid.IntRange(1, 4).Draw(t, "entries") {
		d := rapid.IntRange(0, 6).Draw(t, "day")
		from := rapid.IntRange(0, 95).Draw(t, "from") * 15
		to := rapid.IntRange(1, 96).Draw(t, "to") * 15
		if from == to {
			to = from + 15
		}
		h.Week = append(h.Week, fmt.Sprintf("%s %02d:%02d-%02d:%02d", weekdays[d], from/60, from%60, to/60, to%60))
		if to < from {
			to += minutesADay
		}
		for m := from; m < to; m++ {
			open[(d*minutesADay+m)%(7*minutesADay)] = true
		}
	}
	return h, open
}

// Without summer time, Open is what a plain clock says, minute for minute.
func TestOpenIsWhatAPlainClockSays(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h, open := anyHours(t, zone.String())
		table, err := Compile(h)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "now"), 0)
			local := now.In(zone)
			minute := int(local.Weekday())*minutesADay + local.Hour()*60 + local.Minute()
			if table.Open(now) != open[minute] {
				t.Fatalf("%v at %s: open is %v", h.Week, local.Format("Mon 15:04:05"), table.Open(now))
			}
		}
	})
}

// In any zone: nothing changes before Next and something changes at it.
func TestNextIsTheFirstChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Shanghai", "America/Santiago"}).Draw(t, "zone")
		h, _ := anyHours(t, zone)
		day := time.Unix(rapid.Int64Range(1_300_000_000, 1_900_000_000).Draw(t, "now"), 0)
		h.Holidays = []string{day.UTC().Format(time.DateOnly)}
		h.Extra = []string{day.UTC().AddDate(0, 0, 2).Format(time.DateOnly) + " 23:00-01:30"}
		table, err := Compile(h)
		if err != nil {
			t.Fatal(err)
		}
		next, ok := table.Next(day)
		if !ok {
			next = day.Add(48 * time.Hour)
		} else if table.Open(next) == table.Open(day) {
			t.Fatalf("%+v: nothing changes at %s", h, next.In(table.zone))
		}
		for range 40 {
			before := day.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(day)-1)).Draw(t, "before")))
			if table.Open(before) != table.Open(day) {
				t.Fatalf("%+v: from %s on, Next is %s, but %s differs", h, day.In(table.zone), next.In(table.zone), before.In(table.zone))
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	table, err := Compile(Hours{ID: "office", Zone: "Europe/Berlin", Week: []string{"mon-fri 08:00-12:00,13:00-18:00"}})
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for b.Loop() {
		table.Open(now)
	}
}
