package routing

// mode is what the queue does with tickets.
func (q *queue) mode() Mode {
	switch {
	case q.set != "":
		return q.set
	case q.Paused:
		return ModePaused
	}
	return ModeOpen
}

// offers says whether the queue makes offers.
func (q *queue) offers() bool {
	m := q.mode()
	return m == ModeOpen || m == ModeDraining
}

// setMode opens, pauses, drains or closes a queue. Offers that are out stand.
func (a *ACD) setMode(in SetMode) {
	if a.checkMode(in) != nil {
		return
	}
	q := a.queues[in.Queue]
	from := q.mode()
	q.set = in.Mode
	if from == in.Mode {
		return
	}
	a.emit(QueueBecame{Queue: q.ID, From: from, To: in.Mode})
	a.watch(q)
	if q.offers() {
		a.recollect(q)
	}
	a.sweep(q)
}

// recollect offers idle agents the tickets that wait for just them, in a queue
// that makes offers again.
func (a *ACD) recollect(q *queue) {
	var wanted []*agent
	for _, c := range q.classes[:len(q.steps)] {
		for ag := range c.idle.all {
			if ag.wanted.n > 0 {
				wanted = append(wanted, ag)
			}
		}
	}
	for _, ag := range wanted {
		if head := ag.firstWanted(); head != nil && ag.listed {
			t := head.of // head is the place in line, which the ticket leaves
			t.stopWaiting()
			a.place(t)
		}
	}
}

// inherit gives a queue that is built anew what was set on the one before. A
// configuration that changes Paused has the last word on the mode.
func (a *ACD) inherit(q, before *queue) {
	if before == nil {
		return
	}
	if q.Paused == before.Paused {
		q.set = before.set
	}
	q.deserted, q.pace = before.deserted, before.pace
	if before.grace.running() {
		a.leases.start(&q.grace, before.grace.due)
	}
	if before.sweep.running() {
		a.leases.start(&q.sweep, before.sweep.due)
	}
	a.leases.stop(&before.grace)
	a.leases.stop(&before.sweep)
}
