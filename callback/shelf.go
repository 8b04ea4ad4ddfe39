package callback

import (
	"cmp"
	"container/heap"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/huawu/huawu/fact"
)

// line orders callbacks by when they come up, ties by id.
type line []*entry

func (l line) Len() int { return len(l) }
func (l line) Less(i, j int) bool {
	if l[i].At != l[j].At {
		return l[i].At < l[j].At
	}
	return l[i].ID < l[j].ID
}
func (l line) Swap(i, j int) {
	l[i], l[j] = l[j], l[i]
	l[i].place, l[j].place = i, j
}

// Push implements heap.Interface.
func (l *line) Push(x any) {
	e := x.(*entry)
	e.place = len(*l)
	*l = append(*l, e)
}

// Pop implements heap.Interface.
func (l *line) Pop() any {
	old := *l
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*l, e.place = old[:len(old)-1], -1
	return e
}

var _ heap.Interface = (*line)(nil)

// Get is an open callback with a number, and when it is planned.
func (b *Book) Get(id fact.CallbackID) (Callback, Plan, bool) {
	e := b.all[id]
	if e == nil {
		return Callback{}, Plan{}, false
	}
	return e.Callback, e.plan, true
}

// Same is the open callback of a number and a queue that one asked for again is,
// the oldest of them. Messages are none: each is to be heard. Nor is one that is
// being called: it ends with the attempt, and who asks meanwhile is owed another.
func (b *Book) Same(number string, queue fact.QueueID) (Callback, bool) {
	for _, e := range b.numbers[number] {
		if e.Queue == queue && e.Message == "" && e.State == Open && e.Stage != Review && e.Stage != Calling {
			return e.Callback, true
		}
	}
	return Callback{}, false
}

// Open is how many callbacks are in the book, Flying how many of them are in
// line or being called.
func (b *Book) Open() int   { return len(b.all) }
func (b *Book) Flying() int { return len(b.flying) }

// Revision is the newest of people's changes that the book knows.
func (b *Book) Revision() int64 { return b.revision }

// Policy is what the book goes by.
func (b *Book) Policy() *Policy { return &b.policy }

func (b *Book) sorted() []*entry {
	all := make([]*entry, 0, len(b.all))
	for _, id := range sortedKeys(b.all) {
		all = append(all, b.all[id])
	}
	return all
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// dayOf is the day of an instant in the tenant's zone, as days since 1970.
func (b *Book) dayOf(now int64) int64 {
	_, offset := at(now).In(b.local).Zone()
	return (now + int64(offset)*1000) / day.Milliseconds()
}

// tomorrow is when the next day begins there.
func (b *Book) tomorrow(now int64) int64 {
	_, offset := at(now).In(b.local).Zone()
	return (b.dayOf(now)+1)*day.Milliseconds() - int64(offset)*1000
}

// spent says whether a number was dialled as often on a day as it may be.
func (b *Book) spent(number string, now int64) bool {
	return b.dayOf(now) == b.today && b.counts[number] >= b.policy.perDay()
}

func (b *Book) count(number string, now int64) {
	if d := b.dayOf(now); d != b.today {
		b.today = d
		clear(b.counts)
	}
	b.counts[number]++
}

// saved is a book between two steps.
type saved struct {
	Entries  []*entry `json:"entries,omitempty"`
	Today    int64    `json:"today,omitempty"`
	Counts   []count  `json:"counts,omitempty"`
	Revision int64    `json:"revision,omitempty"`
}

type count struct {
	Number string `json:"number"`
	Calls  int    `json:"calls"`
}

// Checkpoint is the whole state but the policy. Equal books give equal bytes.
func (b *Book) Checkpoint() ([]byte, error) {
	s := saved{Entries: b.sorted(), Today: b.today, Revision: b.revision}
	for _, n := range sortedKeys(b.counts) {
		s.Counts = append(s.Counts, count{n, b.counts[n]})
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("checkpoint the callbacks: %w", err)
	}
	return text, nil
}

// Restore is the book that Checkpoint wrote, by a policy. No text is a book
// without callbacks.
func Restore(text []byte, p Policy, zone string, now int64) (*Book, error) {
	b := NewBook()
	b.goBy(p, zone)
	if len(text) > 0 {
		var s saved
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("restore the callbacks: %w: %w", err, ErrInvalid)
		}
		b.today, b.revision = s.Today, s.Revision
		for _, c := range s.Counts {
			b.counts[c.Number] = c.Calls
		}
		for _, e := range s.Entries {
			e.place = -1
			b.add(e)
			if e.Stage == Lined || e.Stage == Calling {
				b.flying[e.Number] = e.ID
				b.lined[e.Queue]++
			}
			e.plan = e.Callback.plan(b.hours(e.Zone), now)
			switch {
			case e.Up:
				b.rise(e)
			case e.At != 0:
				heap.Push(&b.waiting, e)
			}
		}
	}
	return b, nil
}
