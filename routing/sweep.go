package routing

// sweepBatch is how many tickets of a queue something happens to in one step
// that happens to all of them: a line may be long, and others wait meanwhile.
const sweepBatch = 64

// expels is why all those in line must leave, "" for no reason.
func (q *queue) expels() Exit {
	switch {
	case q.mode() == ModeClosed:
		return ExitClosed
	case q.deserted:
		return ExitUnstaffed
	}
	return ""
}

// sweep lets the first in line leave a queue that keeps nobody, or gives them
// to idle agents when it makes offers again, and goes on a millisecond later
// if there may be more. Who is under offer stays until the offer is over.
func (a *ACD) sweep(q *queue) {
	a.leases.stop(&q.sweep)
	why := q.expels()
	switch {
	case why != "":
		var first []*ticket
		for t := range q.line.all {
			if len(first) == sweepBatch {
				break
			}
			if !t.out() {
				first = append(first, t)
			}
		}
		for _, t := range first {
			a.overflow(t, why)
		}
		a.attend(q)
	case q.offers():
		for range sweepBatch {
			t := q.servable()
			if t == nil {
				return
			}
			t.stopWaiting()
			a.place(t)
		}
		a.leases.start(&q.sweep, a.now+1)
	}
}

// servable is the first in line for whom there is an idle agent, nil for none.
func (q *queue) servable() *ticket {
	var best *item[*ticket]
	for _, c := range q.hot {
		if c.idle.n == 0 {
			continue
		}
		for t := range c.waiting.all {
			i := &item[*ticket]{t.rank(), t}
			if best != nil && !i.before(best) {
				break
			}
			if c.choose(t) != nil {
				best = i
				break
			}
		}
	}
	if best == nil {
		return nil
	}
	return best.of
}
