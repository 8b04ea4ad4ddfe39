package callback

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
)

// Forecast is what so many agents can keep of what is owed.
type Forecast struct {
	// Open are callbacks that can be called, Kept those of them that have a time
	// and are called by it, Broken those that are not.
	Open   int      `json:"open"`
	Kept   int      `json:"kept"`
	Broken []Broken `json:"broken"`
	// Done is when the last of them is over.
	Done int64 `json:"done,omitempty"`
}

// Broken is a promise that will not be kept: By when it is to be, windows
// counted, and when its turn comes.
type Broken struct {
	Callback fact.CallbackID `json:"callback"`
	Number   string          `json:"number,omitempty"`
	Queue    fact.QueueID    `json:"queue,omitempty"`
	By       int64           `json:"by"`
	Start    int64           `json:"start"`
}

// Forecast has so many agents, who do nothing else, make callbacks of so long
// each from an instant on, the most urgent first. It errors wrapping ErrInvalid.
func (p *Policy) Forecast(all []Callback, zone string, agents int, each time.Duration, now int64) (Forecast, error) {
	if agents < 1 || agents > 10_000 || each < time.Second || each > 4*time.Hour {
		return Forecast{}, fmt.Errorf("forecast of %d agents and %s a call: %w: want 1 to 10000 and 1s to 4h", agents, each, ErrInvalid)
	}
	b := NewBook()
	b.Configure(*p, zone, now)
	var line []*entry
	for _, c := range all {
		if c.State != Open || c.Number == "" || c.Stage == Review {
			continue
		}
		line = append(line, &entry{Callback: c, plan: c.plan(b.hours(c.Zone), now)})
	}
	slices.SortFunc(line, func(x, y *entry) int { return cmp.Or(urgent(x, y), cmp.Compare(x.plan.From, y.plan.From)) })
	f := Forecast{Open: len(line), Broken: []Broken{}}
	free := make(instants, agents)
	for i := range free {
		free[i] = now
	}
	for _, e := range line {
		start := max(free[0], e.plan.From)
		if !e.free() {
			start = opens(b.hours(e.Zone), start)
		}
		if start < never {
			free[0] = start + each.Milliseconds()
			f.Done = max(f.Done, free[0])
			heap.Fix(&free, 0)
		}
		switch {
		case e.plan.By == 0:
		case start > e.plan.By, e.plan.Late:
			f.Broken = append(f.Broken, Broken{Callback: e.ID, Number: e.Number, Queue: e.Queue, By: e.plan.By, Start: start})
		default:
			f.Kept++
		}
	}
	return f, nil
}

// Plan is when a callback of a tenant's zone may be called, seen from an instant.
func (p *Policy) Plan(c Callback, zone string, now int64) Plan {
	b := &Book{policy: *p, zone: zone, tables: map[string]*calendar.Table{}}
	return c.plan(b.hours(c.Zone), now)
}

// instants is a heap of when agents are free.
type instants []int64

func (l instants) Len() int           { return len(l) }
func (l instants) Less(i, j int) bool { return l[i] < l[j] }
func (l instants) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

// Push implements heap.Interface; their number does not change.
func (l *instants) Push(x any) { *l = append(*l, x.(int64)) }

// Pop implements heap.Interface.
func (l *instants) Pop() any {
	old := *l
	last := old[len(old)-1]
	*l = old[:len(old)-1]
	return last
}
