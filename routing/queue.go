package routing

import (
	"strings"

	"github.com/huawu/huawu/fact"
)

// queue is a line with its classes.
type queue struct {
	Queue
	gate *gate
	// line is everybody who waits, those under offer too: their places.
	line line[*ticket]
	// classes[0] is of those who ask for nothing of their own: its idle line
	// holds all who serve the queue and could be offered a ticket.
	classes []*class
	byNeeds map[Needs]*class
	members int
	offered int // tickets under offer
	talking int // agents in a talk of this queue
}

// ticket is a place in line.
type ticket struct {
	id       fact.TicketID
	queue    *queue
	class    *class
	needs    Needs
	priority int
	joined   fact.Instant
	offers   int // made so far: the number in the ids of the last one
	rounds   int // likewise
	round    round
	refusals []*refusal
}

func (t *ticket) name() string { return string(t.id) }

// rank is what orders tickets: priority, then the beginning of the wait; the
// id breaks ties.
func (t *ticket) rank() (first, second int64) { return -int64(t.priority), int64(t.joined) }

func newQueue(c Queue, gate *gate) *queue {
	base := &class{gate: gate}
	return &queue{Queue: c, gate: gate, classes: []*class{base}, byNeeds: map[Needs]*class{"": base}}
}

// enter puts a ticket at its place in a queue's line; it waits until placed.
func (q *queue) enter(t *ticket, c *class) {
	t.queue, t.class = q, c
	c.tickets++
	first, second := t.rank()
	q.line.insert(first, second, t)
	if t.out() {
		q.offered++
	}
}

func (a *ACD) join(in Join) {
	if in.Ticket == "" || a.tickets[in.Ticket] != nil {
		return
	}
	t := &ticket{
		id: in.Ticket, needs: Needs(strings.TrimSpace(string(in.Needs))),
		priority: min(max(in.Priority, 0), maxPriority), joined: min(in.Joined, a.now),
	}
	q := a.queues[in.Queue]
	if q == nil {
		a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: ExitClosed, Waited: int64(a.now - t.joined)})
		return
	}
	c, err := a.class(q, t.needs)
	if err != nil {
		a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: ExitRemoved, Waited: int64(a.now - t.joined)})
		return
	}
	a.tickets[t.id] = t
	q.enter(t, c)
	first, second := t.rank()
	a.emit(Joined{Ticket: t.id, Queue: q.ID, Position: q.line.ahead(first, second, t) + 1})
	a.place(t)
}

func (a *ACD) withdraw(in Withdraw) {
	if t := a.tickets[in.Ticket]; t != nil {
		if in.Why == "" {
			in.Why = ExitRemoved
		}
		a.drop(t, in.Why, MissCallerGone)
	}
}

// drop takes a ticket out of line; miss is what its offers end with. The
// agents who had them look for other tickets.
func (a *ACD) drop(t *ticket, why Exit, miss Miss) {
	freed := a.endRound(t, miss)
	a.leave(t)
	a.emit(Left{Ticket: t.id, Queue: t.queue.ID, Why: why, Waited: int64(a.now - t.joined)})
	a.seekAll(freed)
}

// leave takes a ticket without an offer out of every line.
func (a *ACD) leave(t *ticket) {
	first, second := t.rank()
	t.queue.line.remove(first, second, t)
	t.class.waiting.remove(first, second, t)
	t.class.tickets--
	for _, r := range t.refusals {
		a.leases.stop(&r.lease)
	}
	t.refusals = nil
	delete(a.tickets, t.id)
}
