package simulate

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// slices of a single run that its intervals come of.
const batches = 20

// Report is what came out. Equal plans give equal reports, but for Took.
type Report struct {
	Queues []Figures `json:"queues"` // in the plan's order, those called
	Agents Occupancy `json:"agents"`
	Runs   int       `json:"runs"`
	// Within is the wait of the service level in milliseconds.
	Within int64         `json:"within_ms"`
	Steps  int64         `json:"steps"` // of the ACD
	Took   time.Duration `json:"took_ns"`
}

// Estimate is a figure and its 95 % confidence interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Figures are of the callers of one queue, wherever they came to be served.
// Waits end when caller and agent are joined, so they hold the ringing.
type Figures struct {
	Queue     fact.QueueID `json:"queue"`
	Calls     int64        `json:"calls"`
	Answered  int64        `json:"answered"`
	Abandoned int64        `json:"abandoned"`
	// Lost is who was turned away, or never served though the plan was over.
	Lost int64 `json:"lost"`
	// Level is the part of all callers who were answered within Report.Within,
	// Abandons the part who gave up.
	Level    Estimate `json:"level"`
	Abandons Estimate `json:"abandons"`
	// Wait is the mean wait in milliseconds of those answered, Wait90 what nine
	// of ten of them waited less than, to 2 %.
	Wait   Estimate `json:"wait_ms"`
	Wait90 Estimate `json:"wait90_ms"`
	// Longest is the longest wait of all, in milliseconds.
	Longest int64 `json:"longest_ms"`
}

// Occupancy is what the agents did.
type Occupancy struct {
	Agents int `json:"agents"`
	// Busy is the part of the time signed in and not NOT_READY that was spent
	// with offers, talks and wrap-up.
	Busy Estimate `json:"busy"`
	// Signed, Ready, Offered, Talking, WrapUp and NotReady are hours of one
	// run, of all agents together.
	Signed   float64 `json:"signed_in_h"`
	Ready    float64 `json:"ready_h"`
	Offered  float64 `json:"offered_h"`
	Talking  float64 `json:"talking_h"`
	WrapUp   float64 `json:"wrap_up_h"`
	NotReady float64 `json:"not_ready_h"`
}

// tally is the sums of one queue in one run or slice.
type tally struct {
	calls, answered, within, abandoned, lost int64
	waited, longest                          int64
	waits                                    [waitBuckets]int64
}

// books are the sums of all runs, apart for each part that intervals come of.
type books struct {
	plan         *Plan
	queues       []fact.QueueID
	of           []int // a load's queue
	parts        [][]tally
	spends       []map[routing.State]int64
	begin, until int64
}

func newBooks(p *Plan) *books {
	b := &books{plan: p, begin: p.WarmUp.Milliseconds(), until: p.For.Milliseconds()}
	for _, l := range p.Load {
		if !slices.Contains(b.queues, l.Queue) {
			b.queues = append(b.queues, l.Queue)
		}
		b.of = append(b.of, slices.Index(b.queues, l.Queue))
	}
	parts := p.Runs
	if parts == 1 {
		parts = batches
	}
	for range parts {
		b.parts = append(b.parts, make([]tally, len(b.queues)))
		b.spends = append(b.spends, map[routing.State]int64{})
	}
	return b
}

// part is where an instant of a run counts; false for the warm-up and after.
func (b *books) part(run int, at int64) (int, bool) {
	if at < b.begin || at >= b.until {
		return 0, false
	}
	if b.plan.Runs > 1 {
		return run, true
	}
	return int((at - b.begin) * batches / (b.until - b.begin)), true
}

// tally is where a caller counts, nil for nowhere.
func (b *books) tally(run int, g guest) *tally {
	part, ok := b.part(run, g.joined)
	if !ok {
		return nil
	}
	return &b.parts[part][b.of[g.load]]
}

func (b *books) left(run int, g guest, e routing.Left) {
	t := b.tally(run, g)
	if t == nil {
		return
	}
	t.calls++
	t.longest = max(t.longest, e.Waited)
	switch e.Why {
	case routing.ExitConnected:
		t.answered++
		t.waited += e.Waited
		t.waits[bucket(e.Waited)]++
		if e.Waited <= b.plan.Within.Milliseconds() {
			t.within++
		}
	case routing.ExitAbandoned:
		t.abandoned++
	default:
		t.lost++
	}
}

// unserved is a caller who is still in line at the end.
func (b *books) unserved(run int, g guest) {
	if t := b.tally(run, g); t != nil {
		t.calls++
		t.lost++
	}
}

// spent counts an agent's time in a state, to the part where it fell.
func (b *books) spent(run int, s routing.State, from, to int64) {
	from, to = max(from, b.begin), min(to, b.until)
	for from < to {
		part, _ := b.part(run, from)
		next := to
		if b.plan.Runs == 1 {
			// The first millisecond of the next slice.
			next = min(to, b.begin+((b.until-b.begin)*int64(part+1)+batches-1)/batches)
		}
		b.spends[part][s] += next - from
		from = next
	}
}

func (b *books) report() Report {
	r := Report{Runs: b.plan.Runs, Within: b.plan.Within.Milliseconds(), Queues: []Figures{}}
	for q, id := range b.queues {
		f := Figures{Queue: id}
		var level, abandons, wait ratio
		var all [waitBuckets]int64
		var nines []float64
		for i := range b.parts {
			t := &b.parts[i][q]
			f.Calls += t.calls
			f.Answered += t.answered
			f.Abandoned += t.abandoned
			f.Lost += t.lost
			f.Longest = max(f.Longest, t.longest)
			level.add(float64(t.within), float64(t.calls))
			abandons.add(float64(t.abandoned), float64(t.calls))
			wait.add(float64(t.waited), float64(t.answered))
			for n, count := range t.waits {
				all[n] += count
			}
			if t.answered > 0 {
				nines = append(nines, quantile(&t.waits, t.answered))
			}
		}
		f.Level, f.Abandons, f.Wait = level.estimate(), abandons.estimate(), wait.estimate()
		f.Wait90 = around(quantile(&all, f.Answered), nines)
		r.Queues = append(r.Queues, f)
	}
	r.Agents.Agents = len(b.plan.Centre.Agents)
	var busy ratio
	hours := map[routing.State]float64{}
	for _, spent := range b.spends {
		work := spent[routing.OfferedState] + spent[routing.Talking] + spent[routing.HoldState] + spent[routing.WrapUpState]
		busy.add(float64(work), float64(work+spent[routing.ReadyState]))
		for s, ms := range spent {
			hours[s] += float64(ms) / 3600e3 / float64(b.plan.Runs)
		}
	}
	o := &r.Agents
	o.Busy = busy.estimate()
	o.Ready, o.Offered, o.WrapUp, o.NotReady = hours[routing.ReadyState], hours[routing.OfferedState], hours[routing.WrapUpState], hours[routing.NotReadyIn]
	o.Talking = hours[routing.Talking] + hours[routing.HoldState]
	o.Signed = o.Ready + o.Offered + o.Talking + o.WrapUp + o.NotReady
	return r
}

// waitBuckets counts waits to 2 %: 32 buckets an octave.
const waitBuckets = 32 * 33

func bucket(ms int64) int {
	if ms < 32 {
		return int(max(ms, 0))
	}
	octave := bits.Len64(uint64(ms)) - 6 // of 32 to 63 it is 0
	return min(32*(octave+1)+int(ms>>octave)-32, waitBuckets-1)
}

// bucketFrom is the middle of a bucket.
func bucketFrom(n int) float64 {
	if n < 64 {
		return float64(n)
	}
	octave := n/32 - 1
	return (float64(n%32+32) + 0.5) * math.Exp2(float64(octave))
}

// quantile is what nine of ten of n waits are less than.
func quantile(waits *[waitBuckets]int64, n int64) float64 {
	rank := (n*9 + 9) / 10
	for i, count := range waits {
		if rank -= count; rank <= 0 && n > 0 {
			return bucketFrom(i)
		}
	}
	return 0
}

// ratio estimates a quotient of two sums from its parts.
type ratio struct{ over, under []float64 }

func (r *ratio) add(over, under float64) {
	if under > 0 {
		r.over, r.under = append(r.over, over), append(r.under, under)
	}
}

// estimate is the quotient and its interval by the residuals of the parts.
func (r *ratio) estimate() Estimate {
	k := len(r.over)
	if k == 0 {
		return Estimate{}
	}
	over, under := 0.0, 0.0
	for i := range k {
		over += r.over[i]
		under += r.under[i]
	}
	value, squares := over/under, 0.0
	for i := range k {
		d := r.over[i] - value*r.under[i]
		squares += d * d
	}
	return interval(value, squares, k, under/float64(k))
}

// around is a value with the interval of its parts' values.
func around(value float64, parts []float64) Estimate {
	mean, squares := 0.0, 0.0
	for _, v := range parts {
		mean += v / float64(len(parts))
	}
	for _, v := range parts {
		squares += (v - mean) * (v - mean)
	}
	return interval(value, squares, len(parts), 1)
}

// interval is Student's at 95 %; of a single part it is not known and empty.
func interval(value, squares float64, k int, scale float64) Estimate {
	if k < 2 {
		return Estimate{value, value, value}
	}
	half := student(k-1) * math.Sqrt(squares/float64(k-1)/float64(k)) / scale
	return Estimate{value, value - half, value + half}
}

// student is the 97.5 % quantile of Student's t: a table, then the expansion of
// Cornish and Fisher, right to the third digit from 10 degrees on.
func student(degrees int) float64 {
	if few := [...]float64{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262}; degrees <= len(few) {
		return few[degrees-1]
	}
	const z = 1.959964
	v := float64(degrees)
	return z + (z*z*z+z)/(4*v) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*v*v) +
		(3*math.Pow(z, 7)+19*math.Pow(z, 5)+17*z*z*z-15*z)/(384*v*v*v)
}
