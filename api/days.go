package api

import (
	"slices"
	"time"

	"github.com/huawu/huawu/routing"
)

// zoneOf is where a document's days begin and end: UTC unless it says. A zone
// that is none was refused when the document was saved.
func zoneOf(name string) *time.Location {
	if in, err := time.LoadLocation(name); err == nil {
		return in
	}
	return time.UTC
}

// dayEnds is when the day that is written, such as 2026-12-31, is over in a
// zone: Unix milliseconds.
func dayEnds(day string, in *time.Location) (int64, error) {
	begins, err := time.ParseInLocation(time.DateOnly, day, in)
	if err != nil {
		return 0, err
	}
	return begins.AddDate(0, 0, 1).UnixMilli(), nil
}

// traineeships finds when each ends: with the day that is written. What it is
// given was checked.
func traineeships(all []routing.Agent, zone string) []routing.Agent {
	all = slices.Clone(all)
	for i := range all {
		if ends, err := dayEnds(all[i].TraineeUntil, zoneOf(zone)); err == nil {
			all[i].TraineeEnds = ends
		}
	}
	return all
}
