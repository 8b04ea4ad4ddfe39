package routing

// place finds an agent for a ticket that is in no line of those who wait for
// an offer: the one who has been idle for longest of those who have what it
// asks for and have not rejected it. Without one it waits.
func (a *ACD) place(t *ticket) {
	if !t.queue.Paused && !a.rebuilding {
		if ag := t.class.longestIdle(t); ag != nil {
			if t.queue.Distribution == RingAll {
				a.round(t, t.class.several(t, t.queue.width()))
			} else {
				a.round(t, []*agent{ag})
			}
			return
		}
	}
	first, second := t.rank()
	t.class.waiting.insert(first, second, t)
}

// longestIdle is the agent for a ticket, nil for none.
func (c *class) longestIdle(t *ticket) *agent {
	if c.idle.n == 0 {
		return nil
	}
	if len(t.refusals) == 0 {
		return c.idle.head().of
	}
	for ag := range c.idle.all {
		if !t.refusedBy(ag.id) {
			return ag
		}
	}
	return nil
}

// seek finds a ticket for an agent who may have become available: the first
// by rank of the heads of the classes that the agent can serve. Without one
// the agent enters the idle lines.
func (a *ACD) seek(ag *agent) {
	if ag.listed || a.rebuilding || !ag.available() {
		return
	}
	var best *item[*ticket]
	for _, q := range ag.queues {
		if q.Paused || q.line.n == q.offered {
			continue
		}
		for _, c := range q.classes {
			if c.waiting.n == 0 {
				continue
			}
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
	t.class.waiting.remove(best.first, best.second, t)
	a.round(t, []*agent{ag})
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
	for _, q := range ag.queues {
		for _, c := range q.classes {
			if c.gate.open(ag.levels) {
				c.idle.insert(0, int64(ag.idle), ag)
			}
		}
	}
}

// unlist takes the agent out of them.
func (a *ACD) unlist(ag *agent) {
	ag.listed = false
	for _, q := range ag.queues {
		for _, c := range q.classes {
			if c.idle.n > 0 && c.gate.open(ag.levels) {
				c.idle.remove(0, int64(ag.idle), ag)
			}
		}
	}
}
