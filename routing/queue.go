package routing

import (
	"strings"

	"github.com/huawu/huawu/fact"
)

// queue is a line with its classes.
type queue struct {
	Queue
	order *Order
	salt  uint64
	steps []stage // before any relaxation, then after each
	// line is everybody who waits, those under offer too: their places.
	line line[*ticket]
	// classes begin, for each step, with the one of those who ask for nothing
	// of their own: the idle line of the first holds all who serve the queue
	// and could be offered a ticket.
	classes  []*class
	byKey    map[classKey]*class
	hot      []*class // those with somebody waiting for an offer
	heaviest int      // the largest weight of an agent
	// turn counts the offers, floor is what the last one chosen had had: as
	// far as the queue distributes by them.
	turn, floor int64
	members     int
	offered     int // tickets under offer
	talking     int // agents in a talk of this queue
	on, able    int // members signed in; of those, not NOT_READY
	set         Mode
	grace       lease // while StayIf is not met
	deserted    bool  // it was not for all of the grace: all leave
	sweep       lease
	pace        pace
}

// ticket is a place in line.
type ticket struct {
	id       fact.TicketID
	queue    *queue
	class    *class
	needs    Needs
	priority int
	level    string
	repeat   int
	joined   fact.Instant
	entered  fact.Instant // when it came to this queue
	hops     int          // how often queues did not keep it
	arrival  int64        // when the score was nought
	step     int          // of the queue's relaxation, 0 before any
	aged     int          // credits got for waiting
	timer    lease        // when waiting changes something
	// prefer is the agent whom the ticket waits for until hold, if it comes
	// to that, nil for any.
	prefer   *agent
	hold     fact.Instant
	offers   int // made so far: the number in the ids of the last one
	rounds   int // likewise
	round    round
	refusals []*refusal
	forecast forecast
	consult  bool // an agent waits, to ask a colleague
}

func (t *ticket) name() string { return string(t.id) }

func newQueue(c Queue, order *Order, steps []stage) *queue {
	q := &queue{Queue: c, order: order, salt: salt(string(c.ID)), steps: steps, byKey: map[classKey]*class{}}
	q.grace = lease{kind: leaseGrace, id: string(c.ID), queue: q}
	q.sweep = lease{kind: leaseSweep, id: string(c.ID), queue: q}
	for i := range steps {
		q.newClass(classKey{step: i}, nil)
	}
	return q
}

func (a *ACD) join(in Join) {
	if in.Ticket == "" || a.tickets[in.Ticket] != nil {
		return
	}
	t := &ticket{
		id: in.Ticket, needs: Needs(strings.TrimSpace(string(in.Needs))),
		priority: min(max(in.Priority, 0), maxPriority), joined: min(in.Joined, a.now),
		level: in.Level, repeat: min(max(in.Repeat, 0), maxRepeat), consult: in.Consult,
	}
	t.entered = t.joined
	t.timer = lease{kind: leaseTicket, id: string(t.id), ticket: t}
	q := a.queues[in.Queue]
	if q == nil {
		a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: ExitClosed, Waited: int64(a.now - t.joined)})
		return
	}
	if in.Named && !q.Named {
		a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: ExitNamed, Waited: int64(a.now - t.joined)})
		return
	}
	to, why := q, a.admits(q, t.joined < a.now)
	if why != "" {
		if to = a.beyond(t, q, why); to == nil {
			a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: why, Waited: int64(a.now - t.joined)})
			return
		}
	}
	if a.enrol(t, to) != nil {
		a.emit(Left{Ticket: in.Ticket, Queue: in.Queue, Why: ExitRemoved, Waited: int64(a.now - t.joined)})
		return
	}
	a.tickets[t.id] = t
	position := to.line.ahead(t.rank(), t) + 1
	if to == q {
		a.emit(Joined{Ticket: t.id, Queue: q.ID, Position: position})
	} else {
		a.emit(Moved{Ticket: t.id, From: q.ID, To: to.ID, Position: position, Why: why})
	}
	t.prefer, t.hold = a.agents[in.Prefer], a.now.Add(to.PreferHold)
	a.place(t)
	a.foretell(t)
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
	if why == ExitAbandoned {
		a.fulfilled(t, false)
	}
	a.leave(t)
	a.emit(Left{Ticket: t.id, Queue: t.queue.ID, Why: why, Waited: int64(a.now - t.joined)})
	a.seekAll(freed)
}

// leave takes a ticket without an offer out of every line.
func (a *ACD) leave(t *ticket) {
	t.lift()
	a.leases.stop(&t.timer)
	for _, r := range t.refusals {
		a.leases.stop(&r.lease)
	}
	t.refusals = nil
	delete(a.tickets, t.id)
	a.attend(t.queue)
}
