package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// step is how many steps of its relaxation a ticket has come to that has
// waited for so long.
func (q *queue) step(waited time.Duration) int {
	n := 0
	for n < len(q.Relax) && waited >= q.Relax[n].After {
		n++
	}
	return n
}

// aged is how many credits for waiting it has got.
func (q *queue) aged(waited time.Duration) int {
	n := 0
	for n < len(q.Ageing) && waited >= q.Ageing[n].After {
		n++
	}
	return n
}

// enrol puts a ticket that is in no line in q's, at the step that its wait has
// come to. It is not placed. An error changes nothing.
func (a *ACD) enrol(t *ticket, q *queue) error {
	waited := a.now.Sub(t.joined)
	step, aged := q.step(waited), q.aged(waited)
	c, err := a.class(q, t.needs, step)
	if err != nil {
		return err
	}
	t.step, t.aged = step, aged
	q.enter(t, c)
	a.due(t)
	return nil
}

// due lets the ticket's timer end when something happens to it by waiting.
func (a *ACD) due(t *ticket) {
	q := t.queue
	next, some := fact.Instant(0), false
	at := func(i fact.Instant) {
		if !some || i < next {
			next, some = i, true
		}
	}
	if t.step < len(q.Relax) {
		at(t.joined.Add(q.Relax[t.step].After))
	}
	if t.aged < len(q.Ageing) {
		at(t.joined.Add(q.Ageing[t.aged].After))
	}
	if t.reserved() {
		at(t.hold)
	}
	if end, ends := t.expiry(); ends {
		at(end)
	}
	if !some {
		a.leases.stop(&t.timer)
	} else if !t.timer.running() || t.timer.due != next {
		a.leases.start(&t.timer, next)
	}
}

// ripen does what a ticket's wait has brought about.
func (a *ACD) ripen(t *ticket) {
	if end, ends := t.expiry(); ends && a.now >= end {
		a.overflow(t, ExitTimeout)
		return
	}
	waited := a.now.Sub(t.joined)
	step, aged := t.queue.step(waited), t.queue.aged(waited)
	lapsed := t.reserved() && a.now >= t.hold
	relaxed := step != t.step
	if relaxed || aged != t.aged {
		t.lift()
		t.step, t.aged = step, aged
		// Its needs were read when it joined.
		t.class, _ = a.class(t.queue, t.needs, step)
		t.lay()
	}
	if relaxed {
		a.emit(Relaxed{Ticket: t.id, Queue: t.queue.ID, Step: step})
		lapsed = lapsed || t.reserved() && !t.class.gate.open(t.prefer.levels)
	}
	switch {
	case lapsed:
		t.stopWaiting()
		t.prefer = nil
		a.place(t)
	case relaxed && !t.out() && !t.reserved():
		t.stopWaiting()
		a.place(t)
	}
	a.due(t)
}
