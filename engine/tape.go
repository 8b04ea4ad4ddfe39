package engine

import (
	"slices"
	"sort"
	"sync"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// facts is what one input gave that readers and stores are told.
type facts struct {
	seq     uint64
	at      fact.Instant
	events  []fact.Event
	records []fact.Record
	wrapups []fact.WrapUp
	logs    []fact.CallLog
	counts  []fact.NormCount
	tries   []fact.CallbackTry
}

// factsOf picks the facts out of an input's effects; ok is false for none.
func factsOf(seq uint64, at fact.Instant, effects []center.Effect) (f facts, ok bool) {
	f = facts{seq: seq, at: at}
	for _, e := range effects {
		switch e := e.(type) {
		case center.Emit:
			f.events = append(f.events, e.Event)
		case center.Write:
			f.records = append(f.records, e.Record)
		case center.AddWrapUp:
			f.wrapups = append(f.wrapups, e.WrapUp)
		case center.AddLog:
			f.logs = append(f.logs, e.Log)
		case center.AddCount:
			f.counts = append(f.counts, e.Count)
		case center.AddTry:
			f.tries = append(f.tries, e.Try)
		}
	}
	return f, f.size() > 0
}

func (f facts) size() int {
	return len(f.events) + len(f.records) + len(f.wrapups) + len(f.logs) + len(f.counts) + len(f.tries)
}

// tape holds the newest facts in memory: bounded, written by the follower,
// read by any number of feeds and sinks at their own pace. Who falls behind it
// gets ErrGap and goes to the store, or back to the journal.
type tape struct {
	bound int // of facts

	mu    sync.Mutex
	list  []facts
	count int
	floor uint64 // everything after it is on the tape
	head  uint64 // the newest input followed
	more  chan struct{}
}

func newTape(bound int, floor uint64) *tape {
	return &tape{bound: bound, floor: floor, head: floor, more: make(chan struct{})}
}

// append adds facts in order and moves the head.
func (t *tape) append(list []facts, head uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range list {
		t.list = append(t.list, f)
		t.count += f.size()
	}
	drop := 0
	for t.count > t.bound && drop < len(t.list)-1 {
		t.count -= t.list[drop].size()
		t.floor = t.list[drop].seq
		drop++
	}
	clear(t.list[:drop])
	t.list = t.list[drop:]
	t.head = head
	t.wake()
}

// restart forgets everything: the follower went on elsewhere.
func (t *tape) restart(floor uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list, t.count, t.floor, t.head = nil, 0, floor, floor
	t.wake()
}

func (t *tape) wake() {
	close(t.more)
	t.more = make(chan struct{})
}

// taped is what a reader finds: facts after its place, the head, and a channel
// that closes when there is more.
type taped struct {
	list  []facts
	head  uint64
	floor uint64
	rest  bool // there is more already
	more  <-chan struct{}
}

// after gives up to limit facts behind an input. If the tape does not reach
// back there, gap is true.
func (t *tape) after(seq uint64, limit int) (got taped, gap bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	got = taped{head: t.head, floor: t.floor, more: t.more}
	if seq < t.floor {
		return got, true
	}
	from := sort.Search(len(t.list), func(i int) bool { return t.list[i].seq > seq })
	to, n := from, 0
	for to < len(t.list) && n < limit {
		n += t.list[to].size()
		to++
	}
	got.list = slices.Clone(t.list[from:to])
	if to < len(t.list) {
		got.head, got.rest = t.list[to-1].seq, true
	}
	return got, false
}

// oldest is the instant of the first fact after an input.
func (t *tape) oldest(seq uint64) (fact.Instant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := sort.Search(len(t.list), func(i int) bool { return t.list[i].seq > seq })
	if i == len(t.list) {
		return 0, false
	}
	return t.list[i].at, true
}

func (t *tape) reached() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head
}
