package api

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

var occasionForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// occasions checks festivals and incidents.
func (k *checker) occasions(c center.Config) {
	seen := map[string]bool{}
	for i, f := range c.Festivals {
		at := fmt.Sprintf("festivals[%d]", i)
		if !occasionForm.MatchString(f.ID) || f.ID == flow.AnyFestival || seen[f.ID] {
			k.wrong(at+".id", fmt.Sprintf("%q is no name, stands for all, or comes twice", f.ID), "write small letters, digits and \"-\", and give each festival its own")
		}
		seen[f.ID] = true
		if len(f.Dates) == 0 || len(f.Dates) > flow.MaxDates {
			k.wrong(at+".dates", fmt.Sprintf("%d dates", len(f.Dates)), fmt.Sprintf("write 1 to %d", flow.MaxDates))
		}
		for _, d := range f.Dates {
			if !flow.RightDate(d) {
				k.wrong(at+".dates", fmt.Sprintf("%q is no date", d), "write 2026-10-01, 2026-10-01..2026-10-07, 12-25 or 12-30..01-02")
			}
		}
	}
	seen = map[string]bool{}
	for i, n := range c.Incidents {
		if !occasionForm.MatchString(n.ID) || seen[n.ID] {
			k.wrong(fmt.Sprintf("incidents[%d].id", i), fmt.Sprintf("%q is no name, or comes twice", n.ID), "write small letters, digits and \"-\", and give each incident its own")
		}
		seen[n.ID] = true
		k.tells(fmt.Sprintf("incidents[%d].tells", i), n.Tells)
	}
}

// tells checks the conditions of scenes that an incident tells.
func (k *checker) tells(at string, tells []string) {
	book, err := catalogue()
	if err != nil { // it comes with huawu and is tested
		k.wrong(at, err.Error(), "")
		return
	}
	var known []string
	for _, c := range book.Conditions {
		if c.By == phrase.ByEvent {
			known = append(known, c.ID)
		}
	}
	for i, id := range tells {
		if !slices.Contains(known, id) || slices.Contains(tells[:i], id) {
			k.wrong(at, fmt.Sprintf("%q is no condition that events tell, or comes twice", id), strict.Suggest(id, known))
		}
	}
}
