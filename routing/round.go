package routing

import (
	"slices"
	"strconv"

	"github.com/huawu/huawu/fact"
)

// maxWidth is how many phones may ring for one ticket at a time.
const maxWidth = 30

// round is the offers of one ticket that are out at a time: one, or several
// that ring together, of which the first to be answered takes the ticket. The
// ticket embeds it; it is none while it has no offers.
type round struct {
	id     fact.RoundID
	offers []*offer // in the order made
	taken  *offer   // answered first, nil before
	first  [1]*offer
}

// out says whether the ticket is under offer.
func (t *ticket) out() bool { return len(t.round.offers) > 0 }

// shown is the offer that stands for the ticket's round: the one that was
// answered, or the first.
func (r *round) shown() *offer {
	if r.taken != nil {
		return r.taken
	}
	return r.offers[0]
}

// round offers a ticket that is in no line of those who wait for an offer to
// available agents, all at once.
func (a *ACD) round(t *ticket, to []*agent) {
	t.rounds++
	t.round.id = fact.RoundID(string(t.id) + "-r" + strconv.Itoa(t.rounds))
	t.round.offers = t.round.first[:0]
	t.queue.offered++
	for _, ag := range to {
		a.offer(t, ag)
	}
	a.paced(t.queue)
	if t.queue.MaxWait > 0 {
		a.due(t) // who is under offer is not sent away
	}
}

// part takes an offer that is over out of its ticket's round and says whether
// others are still out.
func (t *ticket) part(o *offer) bool {
	r := &t.round
	if at := slices.Index(r.offers, o); at >= 0 {
		r.offers = slices.Delete(r.offers, at, at+1)
	}
	if r.taken == o {
		r.taken = nil
	}
	if t.out() {
		return true
	}
	t.queue.offered--
	return false
}

// width is how many phones of a round of RingAll ring.
func (q *queue) width() int {
	if q.Width == 0 {
		return maxWidth
	}
	return q.Width
}

// several are the first n idle agents of a class who have not rejected the
// ticket.
func (c *class) several(t *ticket, n int) []*agent {
	n = min(n, c.idle.n)
	to := make([]*agent, 0, n)
	for ag := range c.idle.all {
		if len(to) == n {
			break
		}
		if !t.refusedBy(ag.id) {
			to = append(to, ag)
		}
	}
	return to
}

// answered gives the ticket to the first of a round who picks up. Who picks
// up later has lost, through nobody's fault, and is free at once.
func (a *ACD) answered(in Answered) {
	o := a.offers[in.Offer]
	if o == nil || o.phase != PhaseReach && o.phase != PhaseRing {
		return
	}
	r := &o.ticket.round
	if r.taken != nil {
		a.missed(o, MissLost, true)
		return
	}
	r.taken = o
	o.become(PhaseConnect, a.now)
	a.leases.start(&o.lease, a.now.Add(connectLease))
	if o.ticket.queue.CancelAt == CancelAtAnswer {
		a.seekAll(a.endOthers(o))
	}
}

// connected accepts an offer. Connected may overtake Answered and Rang. Those
// who still ring stop: until the room stood they were the ticket's way on.
func (a *ACD) connected(in Connected) {
	o := a.offers[in.Offer]
	if o == nil || o.phase == PhaseTalk {
		return
	}
	t, ag := o.ticket, o.agent
	others := a.endOthers(o)
	t.queue.rung(int64(a.now - o.made))
	a.fulfilled(t, true)
	o.become(PhaseTalk, a.now)
	ag.shaky, ag.ronas = false, 0
	a.leases.stop(&o.lease)
	t.part(o)
	t.queue.talking++
	o.n, o.ticket, ag.offer, ag.talk = t.offers, nil, nil, o
	ag.count(t.queue)
	a.leave(t)
	a.emit(Left{
		Ticket: t.id, Queue: t.queue.ID, Why: ExitConnected, Agent: ag.id, Offer: o.id,
		Waited: int64(a.now - t.joined),
	})
	a.become(ag)
	a.seekAll(others)
}

// endOthers ends all offers of o's round but o, and gives back whose they
// were: these are free for another ticket.
func (a *ACD) endOthers(o *offer) []*agent {
	r := &o.ticket.round
	if len(r.offers) == 1 {
		return nil
	}
	var freed []*agent
	for _, other := range slices.Clone(r.offers) {
		if other == o {
			continue
		}
		freed = append(freed, other.agent)
		if other.phase == PhaseConnect {
			a.miss(other, MissLost, true)
		} else {
			a.miss(other, MissElsewhere, true)
		}
	}
	return freed
}

// endRound ends all offers of a ticket and gives back whose they were.
func (a *ACD) endRound(t *ticket, why Miss) []*agent {
	var freed []*agent
	for t.out() {
		o := t.round.offers[0]
		freed = append(freed, o.agent)
		a.miss(o, why, true)
	}
	return freed
}

func (a *ACD) seekAll(freed []*agent) {
	for _, ag := range freed {
		a.seek(ag)
	}
}
