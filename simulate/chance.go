package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

// The random streams of a run: one a load, and one for the agents.
func stream(seed uint64, run, which int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(run)<<32|uint64(which)))
}

// given says whether there is anything to draw.
func (t Times) given() bool { return t.Mean > 0 || len(t.List) > 0 }

// draw is one duration in milliseconds.
func (t Times) draw(r *rand.Rand) int64 {
	mean := float64(t.Mean) / float64(time.Millisecond)
	switch {
	case t.Spread == Recorded:
		return t.List[r.IntN(len(t.List))].Milliseconds()
	case mean == 0:
		return 0
	case t.Spread == Fixed:
		return t.Mean.Milliseconds()
	case t.Spread == LogNormal:
		// Of a log-normal with mean m and deviation d: s² = ln(1+(d/m)²).
		s2 := math.Log1p(math.Pow(float64(t.Deviation)/float64(t.Mean), 2))
		return round(mean * math.Exp(math.Sqrt(s2)*r.NormFloat64()-s2/2))
	}
	return round(mean * r.ExpFloat64())
}

// round takes no draw beyond a year, so that instants stay whole.
func round(ms float64) int64 { return int64(math.Round(min(ms, 365*24*3600e3))) }

// kind is the sort of the next caller.
func (l *Load) kind(r *rand.Rand) *Kind {
	if len(l.Kinds) == 1 {
		return &l.Kinds[0]
	}
	sum := 0.0
	for i := range l.Kinds {
		sum += l.Kinds[i].Part
	}
	at := r.Float64() * sum
	for i := range l.Kinds {
		if at -= l.Kinds[i].Part; at < 0 {
			return &l.Kinds[i]
		}
	}
	return &l.Kinds[0]
}

// arrivals are the instants of a load's callers by rate, in milliseconds.
type arrivals struct {
	load *Load
	at   float64
}

// next is the next instant before end; false when there is none. A Poisson
// stream has no memory: at the end of an interval it begins anew.
func (a *arrivals) next(r *rand.Rand, end int64) (int64, bool) {
	every := float64(a.load.Interval.Milliseconds())
	for len(a.load.PerHour) > 0 && a.at < float64(end) {
		slot := int(a.at / every)
		rate, until := a.load.PerHour[min(slot, len(a.load.PerHour)-1)], float64(slot+1)*every
		if slot >= len(a.load.PerHour)-1 {
			until = float64(end)
		}
		if rate == 0 {
			a.at = until
			continue
		}
		if next := a.at + r.ExpFloat64()*3600e3/rate; next < until {
			a.at = next
			return int64(next), true
		}
		a.at = until
	}
	return 0, false
}
