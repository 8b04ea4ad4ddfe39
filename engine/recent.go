package engine

import (
	"sync"

	"github.com/huawu/huawu/center"
)

// recentInputs is how many of the newest inputs are held decoded.
const recentInputs = 1024

// recent holds the newest inputs of this run as the loop stepped them, so that
// the follower need not decode again what the journal says of them. Only inputs
// that share no memory are in it.
type recent struct {
	mu   sync.Mutex
	list [recentInputs]numbered
}

// numbered is an input and its place in the journal.
type numbered struct {
	seq uint64
	in  center.Input
}

// keep takes an input in, in the place of an older one.
func (r *recent) keep(seq uint64, in center.Input) {
	if !center.Lasting(in) {
		return
	}
	r.mu.Lock()
	r.list[seq%recentInputs] = numbered{seq, in}
	r.mu.Unlock()
}

// of is the input of that number, when it is there.
func (r *recent) of(seq uint64) (center.Input, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.list[seq%recentInputs]
	return n.in, n.seq == seq && n.in != nil
}
