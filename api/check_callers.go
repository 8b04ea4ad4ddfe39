package api

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/huawu/huawu/center"
)

// maxWhy is the most characters of why somebody is listed.
const maxWhy = 200

// maxHistory is the longest that an earlier call may count.
const maxHistory = 366 * 24 * time.Hour

// callers checks what counts of callers' earlier calls.
func (k *checker) callers(c center.Config) {
	for _, span := range []struct {
		field string
		is    time.Duration
	}{{"repeat", c.Callers.Repeat}, {"agent", c.Callers.Agent}} {
		if span.is < 0 || span.is > maxHistory {
			k.wrong("callers."+span.field, fmt.Sprintf("%v back", span.is), fmt.Sprintf("write up to %v, such as 24h", maxHistory))
		}
	}
	flows := make([]string, 0, len(c.Flows))
	for _, f := range c.Flows {
		flows = append(flows, string(f.ID))
	}
	if d := string(c.Callers.Denied); d != "" && !slices.Contains(flows, d) {
		k.wrong("callers.denied", fmt.Sprintf("there is no flow %q", d), known(flows))
	}
	k.listed(c)
}

// listed checks the callers who are treated in another way.
func (k *checker) listed(c center.Config) {
	levels := make([]string, 0, len(c.ACD.Order.Levels))
	for _, l := range c.ACD.Order.Levels {
		levels = append(levels, l.ID)
	}
	seen := make(map[string]bool)
	for i, l := range c.Callers.Listed {
		at := fmt.Sprintf("callers.listed[%d]", i)
		if !dialled.MatchString(l.Number) || seen[l.Number] {
			k.wrong(at+".number", fmt.Sprintf("%q is no number or comes twice", l.Number), "write each caller's number once, as calls show it")
		}
		seen[l.Number] = true
		if l.Deny && c.Callers.Denied == "" {
			k.wrong(at+".deny", "no flow says so to the caller", "name one in callers.denied, which says why and hangs up")
		}
		if l.Level != "" && !slices.Contains(levels, l.Level) {
			k.wrong(at+".level", fmt.Sprintf("there is no level %q", l.Level), known(levels))
		}
		if _, err := l.EndOf(time.UTC); l.Until != "" && err != nil {
			k.wrong(at+".until", fmt.Sprintf("%q is no date", l.Until), "write the last day on which it holds, such as 2026-12-31")
		}
		if utf8.RuneCountInString(l.Why) > maxWhy {
			k.wrong(at+".why", "it is too long", fmt.Sprintf("write up to %d characters", maxWhy))
		}
	}
}

// ends finds when what is listed ends. What it is given was checked.
func ends(all []center.Listed, zone string) []center.Listed {
	in, err := time.LoadLocation(zone)
	if err != nil {
		in = time.UTC
	}
	all = slices.Clone(all)
	for i := range all {
		if end, err := all[i].EndOf(in); err == nil {
			all[i].Ends = end.UnixMilli()
		}
	}
	return all
}
