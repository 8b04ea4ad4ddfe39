package flow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// MaxDates is the most dates of a festival or a case.
const MaxDates = 100

// AnyFestival stands for every festival that there is.
const AnyFestival = "any"

// CalendarNode goes on by the day, the time of day, festivals and incidents, in
// the tenant's zone: the first case of which everything holds counts (SPEC
// IVR-6).
type CalendarNode struct {
	Cases []Occasion `json:"cases" yaml:"cases"`
	Else  string     `json:"else" yaml:"else"`
}

// Occasion is one case of a calendar. What is not said holds always.
type Occasion struct {
	// Dates are days, spans of days, or those of every year: "2026-10-01",
	// "2026-10-01..2026-10-07", "12-25", "12-30..01-02".
	Dates []string `json:"dates,omitempty" yaml:"dates"`
	// Days are of the week: mon, tue, wed, thu, fri, sat, sun.
	Days []string `json:"days,omitempty" yaml:"days"`
	// From and To are a part of the day, To excluded; it may go over midnight.
	From string `json:"from,omitempty" yaml:"from"`
	To   string `json:"to,omitempty" yaml:"to"`
	// Festival is one of the tenant's, or AnyFestival; Incident is one of those
	// that an operator says to go on.
	Festival string `json:"festival,omitempty" yaml:"festival"`
	Incident string `json:"incident,omitempty" yaml:"incident"`
	Next     string `json:"next" yaml:"next"`
}

// Festival is days that the tenant greets otherwise.
type Festival struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name,omitempty" yaml:"name"`
	// English is what English phrases call it: "Happy {festival_en} festival".
	English string   `json:"english,omitempty" yaml:"english"`
	Dates   []string `json:"dates" yaml:"dates"`
}

// FestivalOn is the first of festivals that a day is of, nil for none; at is in
// the tenant's zone.
func FestivalOn(all []Festival, at time.Time) *Festival {
	day := at.Format(time.DateOnly)
	for i := range all {
		if among(day, all[i].Dates) {
			return &all[i]
		}
	}
	return nil
}

var (
	weekdays  = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	clockForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// RightDate says whether dates are written as they are read.
func RightDate(dates string) bool {
	first, last, _ := strings.Cut(dates, "..")
	if last == "" {
		last = first
		if strings.Contains(dates, "..") {
			return false
		}
	}
	for _, form := range []struct{ form, year string }{{time.DateOnly, ""}, {time.DateOnly, "2024-"}} { // a leap year has every day
		a, err1 := time.Parse(form.form, form.year+first)
		b, err2 := time.Parse(form.form, form.year+last)
		if err1 == nil && err2 == nil {
			return form.year != "" || !b.Before(a)
		}
	}
	return false
}

// among says whether a day, as 2026-03-05, is one of some dates.
func among(day string, dates []string) bool {
	for _, d := range dates {
		first, last, span := strings.Cut(d, "..")
		if !span {
			last = first
		}
		on := day
		if len(first) == len("01-02") {
			on = day[len(day)-len(first):]
		}
		if first <= last && first <= on && on <= last || first > last && (on >= first || on <= last) {
			return true
		}
	}
	return false
}

// now says whether the occasion is at the session's time.
func (o *Occasion) now(s *Session) bool {
	at := s.wall()
	day, clock := at.Format(time.DateOnly), at.Format("15:04")
	switch {
	case len(o.Dates) > 0 && !among(day, o.Dates),
		len(o.Days) > 0 && !slices.Contains(o.Days, weekdays[(int(at.Weekday())+6)%7]),
		o.From != "" && o.From < o.To && (clock < o.From || clock >= o.To),
		o.From != "" && o.From > o.To && clock < o.From && clock >= o.To,
		o.Incident != "" && (s.env.Incident == nil || !s.env.Incident(o.Incident)),
		o.Festival != "" && !s.festive(o.Festival, day):
		return false
	}
	return true
}

func (s *Session) festive(id, day string) bool {
	return slices.ContainsFunc(s.env.Festivals, func(f Festival) bool {
		return (id == AnyFestival || f.ID == id) && among(day, f.Dates)
	})
}

func (n *CalendarNode) Names() Names {
	var names Names
	for i, o := range n.Cases {
		names.Exits = append(names.Exits, Exit{Name: fmt.Sprintf("case %d", i+1), To: o.Next})
	}
	names.Exits = append(names.Exits, Exit{Name: "else", To: n.Else})
	return names
}

func (n *CalendarNode) check(c *checker) {
	if len(n.Cases) == 0 || len(n.Cases) > MaxBranches {
		c.wrong(fmt.Sprintf("calendar has %d cases", len(n.Cases)), fmt.Sprintf("write 1 to %d", MaxBranches))
	}
	for i, o := range n.Cases {
		at := fmt.Sprintf("case %d: ", i+1)
		if len(o.Dates)+len(o.Days) == 0 && o.From+o.To+o.Festival+o.Incident == "" {
			c.wrong(at+"it says nothing", "write dates, days, from and to, a festival or an incident")
		}
		if len(o.Dates) > MaxDates {
			c.wrong(fmt.Sprintf("%s%d dates", at, len(o.Dates)), fmt.Sprintf("%d are the most", MaxDates))
		}
		for _, d := range o.Dates {
			if !RightDate(d) {
				c.wrong(fmt.Sprintf("%sdate %q", at, d), "write 2026-10-01, 2026-10-01..2026-10-07, 12-25 or 12-30..01-02")
			}
		}
		for _, d := range o.Days {
			if !slices.Contains(weekdays, d) {
				c.wrong(fmt.Sprintf("%sday %q", at, d), "write one of: "+list(weekdays))
			}
		}
		if (o.From != "" || o.To != "") && (!clockForm.MatchString(o.From) || !clockForm.MatchString(o.To) || o.From == o.To) {
			c.wrong(fmt.Sprintf("%sfrom %q to %q", at, o.From, o.To), "write two times such as from: \"18:00\", to: \"22:30\"")
		}
		if c.refs.Festivals != nil && o.Festival != "" && o.Festival != AnyFestival && !slices.Contains(c.refs.Festivals, o.Festival) {
			c.wrong(fmt.Sprintf("%sfestival %q is not there", at, o.Festival), "write any, or one of: "+list(c.refs.Festivals))
		}
		if c.refs.Incidents != nil && o.Incident != "" && !slices.Contains(c.refs.Incidents, o.Incident) {
			c.wrong(fmt.Sprintf("%sincident %q is not there", at, o.Incident), "name one of: "+list(c.refs.Incidents))
		}
	}
}

func (n *CalendarNode) enter(s *Session, _ *Node) (string, bool) {
	for i := range n.Cases {
		if n.Cases[i].now(s) {
			return n.Cases[i].Next, true
		}
	}
	return n.Else, true
}
