package norms

import (
	"cmp"
	"maps"
	"slices"

	"github.com/huawu/huawu/fact"
)

// The bounds of what is counted in memory. What is older is in the store's
// events.
const (
	halfHour = 30 * 60 * 1000 // milliseconds of the wall clock
	maxSlots = 48             // half-hours: a day
	maxCells = 20_000
)

// Counted is of which half-hour, rule, queue and agent a Count is. Agent is ""
// for nobody, and for those for whom there was no room.
type Counted struct {
	// From is the wall clock at the half-hour's beginning, in milliseconds of
	// the epoch.
	From  int64        `json:"from"`
	Rule  string       `json:"rule"`
	Queue fact.QueueID `json:"queue,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
}

// Count is how often a rule was kept, broken, nudged for and acted on. Measured
// is how many times something was measured, Sum and Max are of that: in
// milliseconds of what is a duration.
type Count struct {
	Kept     int64 `json:"kept,omitempty"`
	Broken   int64 `json:"broken,omitempty"`
	Nudged   int64 `json:"nudged,omitempty"`
	Acted    int64 `json:"acted,omitempty"`
	Measured int64 `json:"measured,omitempty"`
	Sum      int64 `json:"sum,omitempty"`
	Max      int64 `json:"max,omitempty"`
}

// CountOf is a Count with what it is of.
type CountOf struct {
	Counted
	Count
}

// cell is where something is counted in a half-hour.
type cell struct {
	rule  place
	queue fact.QueueID
	agent fact.AgentID
}

// slot is a half-hour.
type slot struct {
	from  int64
	cells map[cell]*Count
}

// counts are those of the latest half-hours, the oldest first.
type counts struct {
	slots []slot
	cells int
}

// count is where something about a rule and an agent is counted now.
func (w *Watch) count(m matter, agent fact.AgentID) *Count {
	return w.counts.at(w.wall()-w.wall()%halfHour, cell{m.rule, m.t.Queue, agent})
}

func (c *counts) at(from int64, k cell) *Count {
	// A wall clock that was put back counts in the half-hour that had begun.
	if n := len(c.slots); n == 0 || c.slots[n-1].from < from {
		c.slots = append(c.slots, slot{from: from, cells: map[cell]*Count{}})
		if len(c.slots) > maxSlots {
			c.drop()
		}
	}
	s := &c.slots[len(c.slots)-1]
	if got := s.cells[k]; got != nil {
		return got
	}
	for c.cells >= maxCells && len(c.slots) > 1 {
		c.drop()
		s = &c.slots[len(c.slots)-1]
	}
	if c.cells >= maxCells {
		k.agent = "" // as many as there are rules and queues
		if got := s.cells[k]; got != nil {
			return got
		}
	}
	got := new(Count)
	s.cells[k] = got
	c.cells++
	return got
}

// drop forgets the oldest half-hour.
func (c *counts) drop() {
	c.cells -= len(c.slots[0].cells)
	c.slots = slices.Delete(c.slots, 0, 1)
}

// Counts are all counts of the latest half-hours (a day of them at most), in
// order.
func (w *Watch) Counts() []CountOf {
	var all []CountOf
	for _, s := range w.counts.slots {
		for _, k := range slices.SortedFunc(maps.Keys(s.cells), func(a, b cell) int {
			return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.queue, b.queue), cmp.Compare(a.agent, b.agent))
		}) {
			all = append(all, CountOf{Counted{s.from, Rules[k.rule].ID, k.queue, k.agent}, *s.cells[k]})
		}
	}
	return all
}

// recount is the counts that Counts gave.
func recount(all []CountOf) counts {
	var c counts
	for _, n := range all {
		at, ok := places[n.Rule]
		if !ok {
			continue // of a rule that there is no more
		}
		*c.at(n.From, cell{place(at), n.Queue, n.Agent}) = n.Count
	}
	return c
}
