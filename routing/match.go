package routing

// place finds an agent for a ticket that is in no line of those who wait for
// an offer: the one whom it prefers, or whom its queue's distribution says of
// those who have what it asks for and have not rejected it. Without one it
// waits.
func (a *ACD) place(t *ticket) {
	q := t.queue
	// While a sweep gives those in line to idle agents, nobody goes before.
	open := q.offers() && !a.rebuilding && !q.sweep.running()
	if t.prefer != nil {
		if open && a.reserve(t) {
			return
		}
		t.prefer = nil
		a.due(t)
	}
	if open {
		if ag := t.class.choose(t); ag != nil {
			if t.queue.Distribution == RingAll {
				a.round(t, t.class.several(t, t.queue.width()))
			} else {
				a.round(t, []*agent{ag})
			}
			return
		}
	}
	t.class.await(t)
	if q.MaxWait > 0 {
		a.due(t)
	}
	a.attend(q)
}

// seek finds a ticket for an agent who may have become available: the first
// by rank of those who wait for the agent and of the heads of the classes that
// the agent can serve. Without one the agent enters the idle lines.
func (a *ACD) seek(ag *agent) {
	if ag.listed || a.rebuilding || !ag.available() {
		return
	}
	best := ag.firstWanted()
	for i := range ag.members {
		q := ag.members[i].queue
		if !q.offers() {
			continue
		}
		for _, c := range q.hot {
			head := c.waiting.head()
			if best != nil && !head.before(best) || !c.gate.open(ag.levels) {
				continue
			}
			if len(head.of.refusals) > 0 {
				if head = c.firstFor(ag); head == nil || best != nil && !head.before(best) {
					continue
				}
			}
			best = head
		}
	}
	if best == nil {
		a.list(ag)
		return
	}
	t := best.of
	t.stopWaiting()
	a.round(t, []*agent{ag})
	if t.prefer != nil {
		a.due(t)
	}
}

// firstFor is the first ticket in line that the agent has not rejected, nil
// for none: few are, for a refusal backs the agent off and lapses.
func (c *class) firstFor(ag *agent) *item[*ticket] {
	for _, b := range c.waiting.blocks {
		for i := range b {
			if !b[i].of.refusedBy(ag.id) {
				return &b[i]
			}
		}
	}
	return nil
}

// list enters an available agent in the idle line of every class that the
// agent can serve.
func (a *ACD) list(ag *agent) {
	ag.listed = true
	for i := range ag.members {
		m := &ag.members[i]
		for _, c := range m.queue.classes {
			if c.gate.open(ag.levels) {
				c.idle.insert(c.rank(m, ag), ag)
			}
		}
	}
}

// unlist takes the agent out of them.
func (a *ACD) unlist(ag *agent) {
	ag.listed = false
	for i := range ag.members {
		m := &ag.members[i]
		for _, c := range m.queue.classes {
			if c.idle.n > 0 && c.gate.open(ag.levels) {
				c.idle.remove(c.rank(m, ag), ag)
			}
		}
	}
}
