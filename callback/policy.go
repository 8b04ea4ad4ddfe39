package callback

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/calendar"
)

// Dial is who is called first.
type Dial string

// The ways. Manual dials nothing by itself.
const (
	Manual     Dial = ""
	AgentFirst Dial = "agent-first"
)

// Bounds of a policy.
const (
	maxAttempts = 100
	minRetry    = time.Minute
	maxRetry    = 30 * 24 * time.Hour

	defaultAttempts = 6
	defaultPerDay   = 5
)

// windows are when numbers may be called unless the policy says otherwise
// (RUL-CBK-3).
var windows = []string{"daily 07:30-12:30,14:00-21:00"}

// Policy is how a tenant keeps its promises. The zero policy dials nothing by
// itself and has the seed's windows.
type Policy struct {
	// Dial is AgentFirst, or Manual for "".
	Dial Dial `json:"dial,omitempty" yaml:"dial"`
	// Windows are when numbers may be called, as hours are written, in the zone
	// of who is called; nil means daily 07:30-12:30 and 14:00-21:00. Holidays
	// are dates without, such as "2026-10-01..2026-10-07".
	Windows  []string `json:"windows,omitempty" yaml:"windows"`
	Holidays []string `json:"holidays,omitempty" yaml:"holidays"`
	// Retries are what follows an attempt's outcome, in the place of what
	// holds otherwise.
	Retries []Retry `json:"retries,omitempty" yaml:"retries"`
	// Attempts is how often a callback is tried in all, 0 means 6; PerDay how
	// often one number is dialled on one day, 0 means 5.
	Attempts int `json:"attempts,omitempty" yaml:"attempts"`
	PerDay   int `json:"per_day,omitempty" yaml:"per_day"`
	// Ring is how long the number may take to answer, from 5 s to 2 min; 0
	// leaves it to the norms: 30 s from its first ringback (RUL-OUT-2).
	Ring time.Duration `json:"ring,omitempty" yaml:"ring"`
}

// Check says everything that is wrong with a policy.
func (p *Policy) Check() []error {
	var all []error
	wrong := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	if p.Dial != Manual && p.Dial != AgentFirst {
		wrong("dial %q: %w: want %s, or leave it out", p.Dial, ErrInvalid, AgentFirst)
	}
	if _, err := p.table("UTC"); err != nil {
		all = append(all, err)
	}
	for i, r := range p.Retries {
		if err := r.check(); err != nil {
			all = append(all, err)
		}
		if slices.ContainsFunc(p.Retries[:i], func(o Retry) bool { return o.Outcome == r.Outcome }) {
			wrong("retry after %s: %w: want one for each outcome", r.Outcome, ErrInvalid)
		}
	}
	if p.Attempts < 0 || p.Attempts > maxAttempts {
		wrong("attempts %d: %w: want 1 to %d", p.Attempts, ErrInvalid, maxAttempts)
	}
	if p.PerDay < 0 || p.PerDay > maxAttempts {
		wrong("per_day %d: %w: want 1 to %d", p.PerDay, ErrInvalid, maxAttempts)
	}
	if p.Ring != 0 && (p.Ring < 5*time.Second || p.Ring > 2*time.Minute) {
		wrong("ring %s: %w: want 5s to 2m", p.Ring, ErrInvalid)
	}
	return all
}

func (p *Policy) attempts() int { return orElse(p.Attempts, defaultAttempts) }
func (p *Policy) perDay() int   { return orElse(p.PerDay, defaultPerDay) }

// table are the windows in a zone.
func (p *Policy) table(zone string) (*calendar.Table, error) {
	week := p.Windows
	if week == nil {
		week = windows
	}
	t, err := calendar.Compile(calendar.Hours{ID: "callbacks", Zone: zone, Week: week, Holidays: p.Holidays})
	if err != nil {
		return nil, fmt.Errorf("windows: %w: %w", err, ErrInvalid)
	}
	return t, nil
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
