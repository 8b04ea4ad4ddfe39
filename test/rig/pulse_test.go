package rig

import (
	"testing"
	"time"
)

func TestPulseTellsWhatWasLostOfATime(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	p := &Pulse{stalls: []stall{{at(100), at(150)}, {at(200), at(300)}}}
	for _, c := range []struct{ from, to, want int }{
		{0, 1000, 150}, {0, 100, 0}, {120, 130, 10}, {140, 210, 20}, {150, 200, 0}, {250, 1000, 50}, {400, 500, 0},
	} {
		if got := p.Lost(at(c.from), at(c.to)); got != time.Duration(c.want)*time.Millisecond {
			t.Errorf("from %d to %d ms: %v, want %d ms", c.from, c.to, got, c.want)
		}
	}
}
