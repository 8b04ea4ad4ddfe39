package callback

import (
	"testing"
	"time"
)

func TestForecasts(t *testing.T) {
	nine := clock("2026-11-30 09:00")
	all := []Callback{
		owed(Callback{ID: "1", Asked: nine, Due: nine + 30*60_000}), owed(Callback{ID: "2", Asked: nine, Due: nine + 15*60_000}),
		owed(Callback{ID: "3", Asked: nine, Due: nine + 25*60_000}), owed(Callback{ID: "4", Asked: nine}),
		owed(Callback{ID: "5", Asked: nine, Stage: Review}), {ID: "6", State: Open},
	}
	p := Policy{}
	f, err := p.Forecast(all, shanghai, 1, 20*time.Minute, nine)
	if err != nil || f.Open != 4 || f.Kept != 2 || len(f.Broken) != 1 || f.Broken[0].Callback != "1" || f.Broken[0].Start != nine+40*60_000 || f.Done != nine+80*60_000 {
		t.Errorf("%+v, %v", f, err)
	}
	if f, _ := p.Forecast(all, shanghai, 2, 20*time.Minute, nine); len(f.Broken) != 0 || f.Kept != 3 {
		t.Errorf("two agents: %+v", f)
	}
	// Nobody is called in the gap, and what is late already is told.
	if f, _ := p.Forecast(all[:1], shanghai, 9, time.Minute, clock("2026-11-30 12:40")); len(f.Broken) != 1 || f.Broken[0].Start != clock("2026-11-30 14:00") {
		t.Errorf("in the gap: %+v", f)
	}
	for _, wrong := range []struct {
		agents int
		each   time.Duration
	}{{0, time.Minute}, {1, 0}} {
		if _, err := p.Forecast(all, shanghai, wrong.agents, wrong.each, nine); err == nil {
			t.Errorf("%+v", wrong)
		}
	}
}
