package routing

import (
	"slices"
	"time"
)

const (
	// maxWanted is how many tickets wait for one agent; more are not held.
	maxWanted = 8
	// maxHold is the longest that a ticket is held for one.
	maxHold = time.Minute
)

// reserved says whether a ticket waits for the agent whom it prefers, in that
// agent's line. Prefer is nil for a ticket that waits for any.
func (t *ticket) reserved() bool { return t.prefer != nil && !t.out() }

// reserve offers a ticket to the agent whom it prefers or lets it wait for
// that one: false when it must not, for it was rejected, the hold is over or
// the agent is away. An agent about to look for a ticket finds it there.
func (a *ACD) reserve(t *ticket) bool {
	ag := t.prefer
	if ag.listed && ag.member(t.queue) != nil && t.class.gate.open(ag.levels) && !t.refusedBy(ag.id) {
		a.round(t, []*agent{ag})
		a.due(t)
		return true
	}
	if !a.mayWait(t) {
		return false
	}
	ag.wanted.insert(t.rank(), t)
	a.due(t)
	return true
}

// mayWait says whether a ticket may wait for the agent whom it prefers, who is
// in no idle line.
func (a *ACD) mayWait(t *ticket) bool {
	ag := t.prefer
	return a.now < t.hold && ag.returns() && ag.wanted.n < maxWanted && ag.member(t.queue) != nil &&
		t.class.gate.open(ag.levels) && !t.refusedBy(ag.id)
}

// returns says whether the agent is free or will be by itself.
func (ag *agent) returns() bool {
	switch ag.state {
	case ReadyState, OfferedState, Talking, HoldState, WrapUpState:
		return true
	}
	return false
}

// firstWanted is the first ticket that waits for the agent, nil for none.
func (ag *agent) firstWanted() *item[*ticket] {
	for _, b := range ag.wanted.blocks {
		for i := range b {
			if b[i].of.queue.offers() {
				return &b[i]
			}
		}
	}
	return nil
}

// unreserve lets the tickets of agents who went away wait for any. It comes
// at the end of a step, when all who got free are where they are found.
func (a *ACD) unreserve() {
	var free []*ticket
	for _, ag := range a.gone {
		if ag.wanted.n == 0 || ag.returns() {
			continue
		}
		free = slices.AppendSeq(free, ag.wanted.all)
		ag.wanted = line[*ticket]{}
	}
	a.gone = a.gone[:0]
	slices.SortFunc(free, func(t, u *ticket) int {
		x, y := item[*ticket]{t.rank(), t}, item[*ticket]{u.rank(), u}
		if x.before(&y) {
			return -1
		}
		return 1
	})
	for _, t := range free {
		t.prefer = nil
		a.place(t)
		a.due(t)
	}
}
