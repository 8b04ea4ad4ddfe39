package lookup

import (
	"container/list"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
)

// maxKept is how many answers are kept; then those go that were kept first.
const maxKept = 10_000

// kept are answers that still hold. The zero value is ready.
type kept struct {
	mu    sync.Mutex
	by    map[string]*list.Element
	order list.List // of *entry, the oldest first
}

type entry struct {
	key   string
	a     Answer
	until time.Time
}

// keyOf is what makes two questions the same, without what they are about: keys
// stay in memory for long.
func keyOf(q Question) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %d", q.Method, q.URL, q.Headers, q.Body, q.Fields, q.Cache)
	return string(h.Sum(nil))
}

func (k *kept) get(key string, now time.Time) (Answer, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.by[key]
	if !ok {
		return Answer{}, false
	}
	if one := e.Value.(*entry); now.Before(one.until) {
		return one.a, true
	}
	k.drop(e)
	return Answer{}, false
}

func (k *kept) put(key string, a Answer, now time.Time, span time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[string]*list.Element{}
	}
	if e, ok := k.by[key]; ok {
		k.drop(e)
	}
	for len(k.by) >= maxKept {
		k.drop(k.order.Front())
	}
	k.by[key] = k.order.PushBack(&entry{key: key, a: a, until: now.Add(span)})
}

func (k *kept) drop(e *list.Element) {
	delete(k.by, k.order.Remove(e).(*entry).key)
}
