package norms

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"

	"github.com/huawu/huawu/fact"
)

// alarm tells a rule's keeper that time has passed. Step is the keeper's word
// for it; a call has one of a rule, step and agent.
type alarm struct {
	Due   fact.Instant `json:"due"`
	Rule  place        `json:"rule"`
	Step  string       `json:"step"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Leg   fact.LegID   `json:"leg,omitempty"`
	// Since is when what it waits for began.
	Since fact.Instant `json:"since"`

	talk  *talk
	place int // in the heap, from 1; 0 when it does not run
}

// alarms is the heap of those that run, the next due on top.
type alarms []*alarm

func (h alarms) Len() int { return len(h) }

func (h alarms) Less(i, j int) bool {
	a, b := h[i], h[j]
	if a.Due != b.Due {
		return a.Due < b.Due
	}
	return cmp.Or(cmp.Compare(a.talk.Call, b.talk.Call), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Step, b.Step)) < 0
}

func (h alarms) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

// Push and Pop are container/heap's.
func (h *alarms) Push(x any) {
	a := x.(*alarm)
	*h = append(*h, a)
	a.place = len(*h)
}

func (h *alarms) Pop() any {
	old := *h
	a := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	a.place = 0
	return a
}

// start lets an alarm of a talk run, in the place of its like.
func (w *Watch) start(t *talk, a *alarm) {
	i := slices.IndexFunc(t.Alarms, func(o *alarm) bool { return o.Rule == a.Rule && o.Step == a.Step && o.Agent == a.Agent })
	if i >= 0 {
		w.stop(t, t.Alarms[i])
	}
	a.talk = t
	t.Alarms = append(t.Alarms, a)
	heap.Push(&w.alarms, a)
}

// stop ends an alarm without consequence.
func (w *Watch) stop(t *talk, a *alarm) {
	if a.place > 0 {
		heap.Remove(&w.alarms, a.place-1)
	}
	t.Alarms = slices.DeleteFunc(t.Alarms, func(o *alarm) bool { return o == a })
}

// ordered are a map's values in the order of their keys.
func ordered[K ~string, V any](m map[K]V) []V {
	values := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[k])
	}
	return values
}
