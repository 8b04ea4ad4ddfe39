package engine

import (
	"sync"

	"github.com/huawu/huawu/center"
)

// item is one input that waits for the loop. taken, when set, is told the
// input's sequence number once the loop has stepped it, or why it never will;
// it must not block.
type item struct {
	in    center.Input
	taken func(seq uint64, err error)
}

// inbox is the queue before the loop: bounded for what comes from outside,
// never blocking, one reader.
type inbox struct {
	size int
	// high is the length from which new calls are turned away.
	high   int
	notify chan struct{} // one slot

	mu     sync.Mutex
	items  []item
	peak   int
	closed bool
}

func newInbox(size int) *inbox {
	return &inbox{size: size, high: size - size/4, notify: make(chan struct{}, 1)}
}

// offer puts an input in unless the inbox is full or closed.
func (q *inbox) offer(it item) bool { return q.put(it, q.size) }

// request puts an input in that can wait outside: it is refused from the
// high-water mark on, so that the switches' events still fit.
func (q *inbox) request(it item) bool { return q.put(it, q.high) }

// force puts an input in that must not be lost and whose number its source
// bounds: answers of look-ups, failed commands, connections lost.
func (q *inbox) force(it item) bool { return q.put(it, int(^uint(0)>>1)) }

func (q *inbox) put(it item, bound int) bool {
	q.mu.Lock()
	if q.closed || len(q.items) >= bound {
		q.mu.Unlock()
		return false
	}
	q.items = append(q.items, it)
	q.peak = max(q.peak, len(q.items))
	q.mu.Unlock()
	signal(q.notify)
	return true
}

// crowded says that the high-water mark is reached.
func (q *inbox) crowded() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items) >= q.high
}

// take empties the inbox; spare is memory to go on with.
func (q *inbox) take(spare []item) []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = spare[:0]
	return items
}

// close takes nothing in any more and tells those who wait.
func (q *inbox) close() {
	q.mu.Lock()
	items := q.items
	q.items, q.closed = nil, true
	q.mu.Unlock()
	for _, it := range items {
		it.dropped(ErrStopped)
	}
}

func (q *inbox) load() (length, peak int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items), q.peak
}

func (it item) dropped(err error) {
	if it.taken != nil {
		it.taken(0, err)
	}
}
