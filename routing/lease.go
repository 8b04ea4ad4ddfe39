package routing

import (
	"container/heap"

	"github.com/huawu/huawu/fact"
)

// leaseKind says what ends when a lease ends. Leases that are due at one
// instant end in the order of the kinds.
type leaseKind uint8

const (
	leaseOffer   leaseKind = iota // an offer's phase: reach, ring or connect
	leaseWrapUp                   // an agent's after-call work
	leaseBackOff                  // an agent's pause after an offer that failed
	leaseRefusal                  // an agent's refusal of one ticket
	leaseTicket                   // what a ticket's waiting changes next
	leaseGrace                    // how long a queue may lack staff
	leaseSweep                    // the next of those in a queue to whom one thing happens
	leaseMissing                  // how long a phone may be away before its agent is NOT_READY
	leasePause                    // how long a pause may last, then how long it may overrun
	leaseRequest                  // how long a request may wait for an answer
	leaseLog                      // how long an agent may be kept from READY by what is to be written down
)

// lease ends a state that must not last for ever. Its owner embeds it; only
// Tick ends it, so that inputs that have arrived go first.
type lease struct {
	due   fact.Instant
	place int // in the heap, from 1; 0 when it does not run
	kind  leaseKind
	// id and sub name the owner and order leases of one kind.
	id, sub string

	offer   *offer
	agent   *agent
	refusal *refusal
	ticket  *ticket
	queue   *queue
}

func (l *lease) running() bool { return l.place > 0 }

// leases is the heap of those that run, the next due on top.
type leases []*lease

func (h leases) Len() int { return len(h) }

func (h leases) Less(i, j int) bool {
	a, b := h[i], h[j]
	switch {
	case a.due != b.due:
		return a.due < b.due
	case a.kind != b.kind:
		return a.kind < b.kind
	case a.id != b.id:
		return a.id < b.id
	default:
		return a.sub < b.sub
	}
}

func (h leases) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

// Push and Pop are container/heap's.
func (h *leases) Push(x any) {
	l := x.(*lease)
	*h = append(*h, l)
	l.place = len(*h)
}

func (h *leases) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	l.place = 0
	return l
}

// start runs l until due, anew if it runs already.
func (h *leases) start(l *lease, due fact.Instant) {
	l.due = due
	if l.running() {
		heap.Fix(h, l.place-1)
		return
	}
	heap.Push(h, l)
}

// stop ends l without consequence.
func (h *leases) stop(l *lease) {
	if l.running() {
		heap.Remove(h, l.place-1)
	}
}
