package routing

import (
	"strconv"

	"github.com/huawu/huawu/fact"
)

// pass gives a talk to another agent: the same caller and the same ticket
// under another offer. An offer that the agent has out is withdrawn and a
// wrap-up is over, for the caller is there already. Who had the talk wraps up.
func (a *ACD) pass(in Pass) {
	if a.checkPass(in) != nil {
		return
	}
	old, to := a.offers[in.Offer], a.agents[in.Agent]
	o := &offer{
		id: fact.OfferID(string(old.ticketID) + "-o" + strconv.Itoa(old.n+1)), n: old.n + 1, round: old.round,
		ticketID: old.ticketID, queueID: old.queueID, agent: to, endpoint: to.endpoint,
		ring: old.ring, phase: PhaseTalk, made: a.now, since: a.now,
	}
	o.lease = lease{kind: leaseOffer, id: string(o.id), offer: o}
	a.offers[o.id] = o
	a.emit(Passed{Old: old.id, New: o.id, From: old.agent.id, To: to.id})
	a.endWrapUp(to)
	to.talk, to.ronas = o, 0
	a.recall(to)
	a.part(old, false)
}

// take gives a caller who was in no line to an agent: an accepted offer of its
// own, with the queue's wrap-up at its end.
func (a *ACD) take(in Take) {
	if a.checkTake(in) != nil {
		return
	}
	q, to := a.queues[in.Queue], a.agents[in.Agent]
	ring, _ := q.times()
	o := &offer{
		id: firstOffer(in.Ticket), n: 1, round: fact.RoundID(string(in.Ticket) + "-r1"),
		ticketID: in.Ticket, queueID: q.ID, agent: to, endpoint: to.endpoint,
		ring: ring, phase: PhaseTalk, made: a.now, since: a.now,
	}
	o.lease = lease{kind: leaseOffer, id: string(o.id), offer: o}
	a.offers[o.id] = o
	q.talking++
	a.emit(Passed{New: o.id, To: to.id})
	a.endWrapUp(to)
	to.talk, to.ronas = o, 0
	a.recall(to)
}

// firstOffer is the id of a ticket's first offer.
func firstOffer(t fact.TicketID) fact.OfferID { return fact.OfferID(string(t) + "-o1") }
