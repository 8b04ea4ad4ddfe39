package phrase

import (
	"time"
)

// How it is known whether a condition holds.
const (
	ByRule  = "rule"  // from the facts of the call
	ByEvent = "event" // something happened: nobody speaks, a transfer failed
	ByAgent = "agent" // the agent says so
)

// Condition is what a step of a scene may need.
type Condition struct {
	ID   string `json:"id" yaml:"id"`
	By   string `json:"by" yaml:"by"`
	Name Label  `json:"name" yaml:"name"`
}

// Facts are what is known of a call when a phrase is chosen or filled in. The
// zero Facts know nothing.
type Facts struct {
	// At is the wall time, in the tenant's zone; zero for none.
	At time.Time
	// Festival and Birthday say that today is one, Trainee that the agent is
	// one (Trainee), FirstContact that the customer was never called before.
	Festival, Birthday, Trainee, FirstContact bool
	// Queued is how long the caller waited in line before the talk.
	Queued time.Duration
	// Hold is how long a wait within the talk is going to take, Held how long
	// one that is over has taken; 0 for none.
	Hold, Held time.Duration
	// Terminal is what the customer calls from: "mobile", "fixed", or "".
	Terminal string
	// Sex is "male", "female" or "", of the customer, Title a form of address
	// that is known, such as 老先生: it goes before what the sex says.
	Sex, Title string
	// Tier is what the customer's contract is worth: "vip_silver".
	Tier string
	// Told are conditions that an event or the agent has told.
	Told []string
	// Turn takes turns among wordings that are as good: the Turn-th, counted
	// from 0 and round.
	Turn int
}

// The waits within a talk that scenes tell apart (AMB-7, AMB-9).
const (
	shortWait  = 30 * time.Second
	pardonWait = 2 * time.Minute
)

// part is which part of the day it is: 0 for none, then morning, afternoon,
// evening.
func (d Day) part(at time.Time) int {
	morning, ok1 := minutes(d.Morning)
	afternoon, ok2 := minutes(d.Afternoon)
	evening, ok3 := minutes(d.Evening)
	if at.IsZero() || !ok1 || !ok2 || !ok3 {
		return 0
	}
	hour, minute, _ := at.Clock()
	switch m := hour*60 + minute; {
	case m >= evening, m < morning:
		return evenings
	case m >= afternoon:
		return afternoons
	}
	return mornings
}

const (
	mornings = 1 + iota
	afternoons
	evenings
)

// minutes reads "08:00" as minutes of a day.
func minutes(text string) (int, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != 5 {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}

// rules say when a condition holds that facts decide.
var rules = map[string]func(f Facts, m manner) bool{
	"before_noon":                 func(f Facts, m manner) bool { return m.Day.part(f.At) == mornings },
	"afternoon":                   func(f Facts, m manner) bool { return m.Day.part(f.At) == afternoons },
	"evening":                     func(f Facts, m manner) bool { return m.Day.part(f.At) == evenings },
	"festival":                    func(f Facts, _ manner) bool { return f.Festival },
	"not_festival":                func(f Facts, _ manner) bool { return !f.Festival },
	"birthday":                    func(f Facts, _ manner) bool { return f.Birthday },
	"trainee":                     func(f Facts, _ manner) bool { return f.Trainee },
	"not_trainee":                 func(f Facts, _ manner) bool { return !f.Trainee },
	"first_contact":               func(f Facts, _ manner) bool { return f.FirstContact },
	"mobile_terminal":             func(f Facts, _ manner) bool { return f.Terminal == "mobile" },
	"fixed_terminal":              func(f Facts, _ manner) bool { return f.Terminal == "fixed" },
	"long_queue_wait":             func(f Facts, m manner) bool { return f.Queued > m.LongWait },
	"short_wait_10_30s":           func(f Facts, _ manner) bool { return f.Hold > 0 && f.Hold <= shortWait },
	"long_wait":                   func(f Facts, _ manner) bool { return f.Hold > shortWait },
	"short_wait_done":             func(f Facts, _ manner) bool { return f.Held > 0 && f.Held <= shortWait },
	"long_wait_done":              func(f Facts, _ manner) bool { return f.Held > shortWait },
	"on_unmute_if_wait_over_120s": func(f Facts, _ manner) bool { return f.Held > pardonWait },
}

// Trainee says whether an agent who has worked independently since a day is
// one still: for three calendar months (RUL-TRN-1, AMB-18). Where the third
// month has no such day, its last day ends them. A zero day is nobody's.
func Trainee(since, today time.Time) bool {
	if since.IsZero() {
		return false
	}
	year, month, day := since.Date()
	last := time.Date(year, month+4, 0, 0, 0, 0, 0, today.Location()).Day()
	end := time.Date(year, month+3, min(day, last), 0, 0, 0, 0, today.Location())
	return today.Before(end)
}
