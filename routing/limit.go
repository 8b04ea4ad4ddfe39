package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// defaultGrace is how long a queue may lack the staff of StayIf.
const defaultGrace = 30 * time.Second

// staffed says whether the queue has the staff asked for.
func (q *queue) staffed(s Staffing) bool {
	switch s {
	case StaffOn:
		return q.on > 0
	case StaffAble:
		return q.able > 0
	}
	return true
}

// muster counts an agent whose state changed among the staff of the agent's
// queues.
func (a *ACD) muster(ag *agent, from, to State) {
	on, able := present(to)-present(from), capable(to)-capable(from)
	if on == 0 && able == 0 {
		return
	}
	for i := range ag.members {
		q := ag.members[i].queue
		q.on, q.able = q.on+on, q.able+able
		a.attend(q)
	}
}

// present and capable are 1 for a state that counts as signed in, and as able
// to take a ticket sooner or later.
func present(s State) int {
	if s == Offline {
		return 0
	}
	return 1
}

func capable(s State) int {
	if s == Offline || s == NotReadyIn || s == HandoverState {
		return 0
	}
	return 1
}

// admits says why the queue does not let a ticket in, "" if it does. One that
// has waited elsewhere is not turned away for the line's length.
func (a *ACD) admits(q *queue, waited bool) Exit {
	m := q.mode()
	switch {
	case m == ModeClosed:
		return ExitClosed
	case m == ModeDraining:
		return ExitDraining
	case q.MaxWaiting > 0 && q.line.n >= q.MaxWaiting && !waited:
		return ExitFull
	case !q.staffed(q.JoinIf):
		return ExitUnstaffed
	case !waited && q.tooLong():
		return ExitLongWait
	}
	return ""
}

// expiry is when the ticket has been in its queue for as long as it may be.
func (t *ticket) expiry() (fact.Instant, bool) {
	q := t.queue
	return t.entered.Add(q.MaxWait), q.MaxWait > 0 && !t.out()
}

// attend lets those leases of a queue run that its staff and its mode ask for.
func (a *ACD) attend(q *queue) {
	a.watch(q)
	if q.line.n == 0 || q.staffed(q.StayIf) {
		q.deserted = false
		a.leases.stop(&q.grace)
	} else if !q.deserted && !q.grace.running() {
		grace := q.Grace
		if grace == 0 {
			grace = defaultGrace
		}
		a.leases.start(&q.grace, a.now.Add(grace))
	}
	if q.line.n > q.offered && q.expels() != "" && !q.sweep.running() {
		a.leases.start(&q.sweep, a.now+1)
	}
}

// desert is the end of the grace: everybody in line leaves.
func (a *ACD) desert(q *queue) {
	q.deserted = true
	a.sweep(q)
}
