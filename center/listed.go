package center

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Listed is a caller who is treated in another way than others (SPEC ACD-11).
type Listed struct {
	// Number is the caller's, as calls show it.
	Number string `json:"number" yaml:"number"`
	// Deny has CallerRules.Denied answer the caller's calls, in the place of
	// the dialled number's flow.
	Deny bool `json:"deny,omitempty" yaml:"deny"`
	// Level is one of Order.Levels, for calls whose flow says none.
	Level string `json:"level,omitempty" yaml:"level"`
	// Until is the last local date, 2006-01-02, on which it holds, "" for
	// ever; Ends the end of that day in wall-clock milliseconds of the epoch,
	// which whoever compiles the configuration finds, 0 for none.
	Until string `json:"until,omitempty" yaml:"until"`
	Ends  int64  `json:"ends,omitempty" yaml:"-"`
	// Why is for people.
	Why string `json:"why,omitempty" yaml:"why"`
}

// EndOf is when a local date ends in a zone. It errors when the date is none.
func (l *Listed) EndOf(zone *time.Location) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, l.Until, zone)
	if err != nil {
		return time.Time{}, err
	}
	return day.AddDate(0, 0, 1), nil
}

// listed is what holds for who calls, the zero Listed for nothing.
func (c *Center) listed(k *contact) Listed {
	l, ok := c.index.listed[k.call.From.Number]
	if !ok || k.call.From.Number == "" || l.Ends != 0 && c.now.Wall().UnixMilli() >= l.Ends {
		return Listed{}
	}
	return l
}

// answers is the flow that answers a call to a number: another for a caller who
// is denied, who hears why and is not just cut off.
func (c *Center) answers(k *contact, number Number) fact.FlowID {
	if c.listed(k).Deny && c.cfg.Callers.Denied != "" {
		return c.cfg.Callers.Denied
	}
	return number.Flow
}
