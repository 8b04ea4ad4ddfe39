package engine

import "sync"

// wanted is the inputs that somebody waits to see in a view or the store.
type wanted struct {
	notify chan struct{} // one slot

	mu   sync.Mutex
	list map[chan struct{}]uint64
}

func newWanted() wanted {
	return wanted{notify: make(chan struct{}, 1), list: map[chan struct{}]uint64{}}
}

// waits says that somebody does.
func (w *wanted) waits() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.list) > 0
}

func (w *wanted) add(seq uint64) chan struct{} {
	c := make(chan struct{})
	w.mu.Lock()
	w.list[c] = seq
	w.mu.Unlock()
	signal(w.notify)
	return c
}

func (w *wanted) drop(c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.list, c)
}

func (w *wanted) between(shown, seq uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.list {
		if s > shown && s <= seq {
			return true
		}
	}
	return false
}

func (w *wanted) shown(seq uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c, s := range w.list {
		if s <= seq {
			close(c)
			delete(w.list, c)
		}
	}
}
