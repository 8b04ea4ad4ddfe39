package api

import (
	"slices"
	"time"

	"github.com/huawu/huawu/routing"
)

// traineeships finds when each ends: with the day that is written, in the
// centre's zone. What it is given was checked.
func traineeships(all []routing.Agent, zone string) []routing.Agent {
	in, err := time.LoadLocation(zone)
	if err != nil {
		in = time.UTC
	}
	all = slices.Clone(all)
	for i := range all {
		if day, err := time.ParseInLocation(time.DateOnly, all[i].TraineeUntil, in); err == nil {
			all[i].TraineeEnds = day.AddDate(0, 0, 1).UnixMilli()
		}
	}
	return all
}
