package routing

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// refusal keeps a ticket from an agent who rejected it, for a time.
type refusal struct {
	ticket *ticket
	agent  fact.AgentID
	lease  lease
}

// refusedBy says whether the agent has rejected this ticket a moment ago.
func (t *ticket) refusedBy(id fact.AgentID) bool {
	for _, r := range t.refusals {
		if r.agent == id {
			return true
		}
	}
	return false
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
	if !t.out() && !t.reserved() {
		t.stopWaiting()
		a.place(t)
	}
}
