package routing

import (
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
)

// maxClasses is how many classes a queue keeps for requirements that nobody
// in line has at the moment.
const maxClasses = 32

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

// class is the tickets of a queue that ask for the same, and the agents who
// have it: one of its two lines is empty, but for refusals and paused queues.
type class struct {
	needs   Needs
	gate    *gate // what the queue and the tickets ask for
	waiting line[*ticket]
	idle    line[*agent]
	tickets int // in line, those under offer too
	used    fact.Instant
}

// ticket is a place in line.
type ticket struct {
	id       fact.TicketID
	queue    *queue
	class    *class
	needs    Needs
	priority int
	joined   fact.Instant
	offers   int    // made so far: the number in the ids of the last one
	offer    *offer // the one that is out
	refusals []*refusal
}

func (t *ticket) name() string { return string(t.id) }

// rank is what orders tickets: priority, then the beginning of the wait; the
// id breaks ties.
func (t *ticket) rank() (first, second int64) { return -int64(t.priority), int64(t.joined) }

// refusedBy says whether the agent has rejected this ticket a moment ago.
func (t *ticket) refusedBy(id fact.AgentID) bool {
	for _, r := range t.refusals {
		if r.agent == id {
			return true
		}
	}
	return false
}

// refusal keeps a ticket from an agent who rejected it, for a time.
type refusal struct {
	ticket *ticket
	agent  fact.AgentID
	lease  lease
}

func newQueue(c Queue, gate *gate) *queue {
	base := &class{gate: gate}
	return &queue{Queue: c, gate: gate, classes: []*class{base}, byNeeds: map[Needs]*class{"": base}}
}

// class is the class of a requirement, made when it is first asked for.
func (a *ACD) class(q *queue, needs Needs) (*class, error) {
	c, ok := q.byNeeds[needs]
	if !ok {
		r, err := ParseNeeds(string(needs))
		if err != nil {
			return nil, err
		}
		c = &class{needs: needs, gate: both(q.gate, r.root.bind(a.slots))}
		for ag := range q.classes[0].idle.all {
			if c.gate.open(ag.levels) {
				c.idle.insert(0, int64(ag.idle), ag)
			}
		}
		q.evict()
		q.classes = append(q.classes, c)
		q.byNeeds[needs] = c
	}
	c.used = a.now
	return c, nil
}

// evict drops the class that has been empty for longest, if there are many.
func (q *queue) evict() {
	if len(q.classes) < maxClasses {
		return
	}
	oldest := 0
	for i, c := range q.classes {
		if i > 0 && c.tickets == 0 && (oldest == 0 || c.used < q.classes[oldest].used) {
			oldest = i
		}
	}
	if oldest > 0 {
		delete(q.byNeeds, q.classes[oldest].needs)
		q.classes = slices.Delete(q.classes, oldest, oldest+1)
	}
}

// enter puts a ticket at its place in a queue's line; it waits until placed.
func (q *queue) enter(t *ticket, c *class) {
	t.queue, t.class = q, c
	c.tickets++
	first, second := t.rank()
	q.line.insert(first, second, t)
	if t.offer != nil {
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

// drop takes a ticket out of line; miss is what its offer ends with. The
// agent who had the offer looks for another ticket.
func (a *ACD) drop(t *ticket, why Exit, miss Miss) {
	var ag *agent
	if o := t.offer; o != nil {
		ag = o.agent
		a.miss(o, miss, true)
	}
	a.leave(t)
	a.emit(Left{Ticket: t.id, Queue: t.queue.ID, Why: why, Waited: int64(a.now - t.joined)})
	if ag != nil {
		a.seek(ag)
	}
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

// refuse keeps a ticket from an agent for refusalLease.
func (a *ACD) refuse(t *ticket, id fact.AgentID, until fact.Instant) {
	r := &refusal{ticket: t, agent: id}
	r.lease = lease{kind: leaseRefusal, id: string(t.id), sub: string(id), refusal: r}
	t.refusals = append(t.refusals, r)
	a.leases.start(&r.lease, until)
}

// forget ends a refusal: the agent may be the one the ticket waits for.
func (a *ACD) forget(r *refusal) {
	t := r.ticket
	for i, other := range t.refusals {
		if other == r {
			t.refusals = slices.Delete(t.refusals, i, i+1)
			break
		}
	}
	if t.offer == nil {
		first, second := t.rank()
		t.class.waiting.remove(first, second, t)
		a.place(t)
	}
}
