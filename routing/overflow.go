package routing

import "github.com/huawu/huawu/fact"

// maxHops is how often queues may pass a ticket on.
const maxHops = 4

// overflow takes a ticket out of a queue that does not keep it: to the queue
// that takes it then, or out of line.
func (a *ACD) overflow(t *ticket, why Exit) {
	if to := a.beyond(t, t.queue, why); to != nil {
		a.transfer(t, to, why)
		return
	}
	a.drop(t, why, MissWithdrawn)
}

// beyond is the queue that takes a ticket which q does not, nil for none: the
// one that q names for that, or that one's next if it lets nobody in either.
func (a *ACD) beyond(t *ticket, q *queue, why Exit) *queue {
	for t.hops < maxHops {
		next := a.queues[q.next(why)]
		if next == nil || next == t.queue {
			return nil
		}
		t.hops++
		if why = a.admits(next, false); why == "" {
			return next
		}
		q = next
	}
	return nil
}

// next is the queue for those who leave by why, "" for none.
func (q *queue) next(why Exit) fact.QueueID {
	for _, o := range q.Overflow {
		if o.On == why {
			return o.Queue
		}
	}
	return ""
}

// transfer puts a ticket in another queue's line. It keeps when it joined and
// who rejected it; what the other queue asks for and is worth counts.
func (a *ACD) transfer(t *ticket, to *queue, why Exit) {
	from := t.queue
	freed := a.endRound(t, MissWithdrawn)
	t.lift()
	t.entered = a.now
	// Its needs were read when it joined.
	_ = a.enrol(t, to)
	a.emit(Moved{Ticket: t.id, From: from.ID, To: to.ID, Position: to.line.ahead(t.rank(), t) + 1, Why: why})
	a.attend(from)
	a.place(t)
	a.foretell(t)
	a.seekAll(freed)
}

// move puts a ticket in another queue's line, whatever its limits.
func (a *ACD) move(in Move) {
	if a.checkMove(in) != nil {
		return
	}
	if t, to := a.tickets[in.Ticket], a.queues[in.Queue]; t.queue != to {
		a.transfer(t, to, ExitMoved)
	}
}
