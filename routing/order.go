package routing

import "time"

const (
	// defaultPoint is what a point of priority is worth, defaultCap the most
	// that all credits are.
	defaultPoint = time.Minute
	defaultCap   = 2 * time.Hour
	// maxRepeat is how many earlier calls of a caller count.
	maxRepeat = 5
)

func (o *Order) point() time.Duration {
	if o.Priority == 0 {
		return defaultPoint
	}
	return o.Priority
}

func (o *Order) most() time.Duration {
	if o.Cap == 0 {
		return defaultCap
	}
	return o.Cap
}

func (o *Order) level(id string) time.Duration {
	for _, l := range o.Levels {
		if l.ID == id {
			return l.Worth
		}
	}
	return 0
}

// credits tells what counts for a ticket as if it had waited for longer.
func (t *ticket) credits(add func(what string, worth time.Duration)) {
	q, o := t.queue, t.queue.order
	add("priority", time.Duration(t.priority)*o.point())
	add("level", o.level(t.level))
	add("repeat", time.Duration(t.repeat)*o.Repeat)
	add("urgency", q.Urgency)
	for _, g := range q.Ageing[:t.aged] {
		add("ageing", g.Worth)
	}
}

// headstart is the sum of the credits, at most what the order allows: 0 to
// Order.Cap, in milliseconds.
func (t *ticket) headstart() int64 {
	var sum time.Duration
	t.credits(func(_ string, worth time.Duration) { sum += worth })
	return min(max(sum, 0), t.queue.order.most()).Milliseconds()
}

// score is the milliseconds that a ticket has waited and its head start. All
// scores grow alike, so that the order of a line is that of the instants at
// which each score was nought.
func (a *ACD) score(t *ticket) int64 { return int64(a.now) - t.arrival }

// rank is what orders tickets, lower first: the instant at which the score was
// nought, then the beginning of the wait; the id breaks ties.
func (t *ticket) rank() [3]int64 { return [3]int64{t.arrival, int64(t.joined), 0} }

// rank gives a ticket another priority.
func (a *ACD) rank(in Rank) {
	if a.checkRank(in) != nil {
		return
	}
	t := a.tickets[in.Ticket]
	t.lift()
	t.priority = in.Priority
	t.lay()
	a.emit(Ranked{Ticket: t.id, Queue: t.queue.ID, Score: a.score(t), Position: t.queue.line.ahead(t.rank(), t) + 1})
}

// enter puts a ticket at its place in a queue's line, with one class; it waits
// until placed.
func (q *queue) enter(t *ticket, c *class) {
	t.queue, t.class = q, c
	t.arrival = int64(t.joined) - t.headstart()
	c.tickets++
	q.line.insert(t.rank(), t)
	if t.out() {
		q.offered++
	}
}

// depart is the opposite of enter.
func (t *ticket) depart() {
	q := t.queue
	q.line.remove(t.rank(), t)
	t.class.tickets--
	if t.out() {
		q.offered--
	}
}

// lift takes a ticket out of every line, so that what ranks it may change, its
// class too; lay puts it back, where it was waiting.
func (t *ticket) lift() {
	t.stopWaiting()
	t.depart()
}

func (t *ticket) lay() {
	t.queue.enter(t, t.class)
	switch {
	case t.out():
	case t.prefer != nil:
		t.prefer.wanted.insert(t.rank(), t)
	default:
		t.class.await(t)
	}
}

// stopWaiting takes a ticket out of the line of those who wait for an offer,
// its class's or the one for the agent whom it prefers.
func (t *ticket) stopWaiting() {
	if t.prefer != nil {
		t.prefer.wanted.remove(t.rank(), t)
		return
	}
	t.class.unwait(t)
}
