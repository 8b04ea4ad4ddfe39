package routing

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
)

// phaseOver is of an offer that ended without an answer; nobody sees it.
const phaseOver OfferPhase = ""

// offer is one ticket proposed to one agent; once accepted it is their talk.
type offer struct {
	id       fact.OfferID
	n        int // in the ids of the ticket's offers; of a talk, the last one given
	round    fact.RoundID
	ticket   *ticket // nil once accepted
	ticketID fact.TicketID
	queueID  fact.QueueID
	agent    *agent
	endpoint fact.Endpoint
	ring     time.Duration // how long it may ring
	phase    OfferPhase
	made     fact.Instant
	since    fact.Instant // when the phase began
	logged   []string     // the fields that the agent has written already, in order
	rung     int64        // how many milliseconds it rang, once that is over
	lease    lease
}

// offer adds an offer to an available agent to a ticket's round.
func (a *ACD) offer(t *ticket, ag *agent) {
	t.offers++
	ring, reach := t.queue.times()
	o := &offer{
		id: fact.OfferID(string(t.id) + "-o" + strconv.Itoa(t.offers)), n: t.offers, round: t.round.id,
		ticket: t, ticketID: t.id, queueID: t.queue.ID, agent: ag, endpoint: ag.endpoint,
		ring: ring, phase: PhaseReach, made: a.now, since: a.now,
	}
	o.lease = lease{kind: leaseOffer, id: string(o.id), offer: o}
	a.offers[o.id] = o
	t.round.offers, ag.offer = append(t.round.offers, o), o
	a.leases.start(&o.lease, a.now.Add(reach))
	a.emit(Offer{
		Offer: o.id, Round: o.round, Ticket: t.id, Queue: o.queueID, Agent: ag.id, Endpoint: ag.endpoint,
		Limit: reach + ring + ringGrace + limitGuard,
	})
	a.become(ag)
	t.queue.chose(ag)
}

// times are how long a phone may ring and how long it may take to begin.
func (q *queue) times() (ring, reach time.Duration) {
	ring, reach = q.Ring, q.Reach
	if ring == 0 {
		ring = defaultRing
	}
	if reach == 0 {
		reach = defaultReach
	}
	return ring, reach
}

// become takes an offer to its next phase.
func (o *offer) become(phase OfferPhase, now fact.Instant) {
	if o.phase == PhaseRing {
		o.rung = int64(now - o.since)
	}
	o.phase, o.since = phase, now
}

func (a *ACD) rang(in Rang) {
	if o := a.offers[in.Offer]; o != nil && o.phase == PhaseReach {
		o.become(PhaseRing, a.now)
		o.agent.shaky = false
		a.leases.start(&o.lease, a.now.Add(o.ring+ringGrace))
	}
}

// failed ends an offer by what the switch or the phone says. A caller who is
// gone takes the ticket along, so that nobody else is called for it.
func (a *ACD) failed(in Failed) {
	o := a.offers[in.Offer]
	if o == nil || o.phase == PhaseTalk {
		return
	}
	switch in.Why {
	case MissCallerGone:
		a.drop(o.ticket, ExitAbandoned, MissCallerGone)
	case MissNoAnswer, MissNoRing, MissRejected, MissBusy, MissUnreachable:
		a.missed(o, in.Why, false)
	case MissElsewhere:
		a.missed(o, MissElsewhere, true)
	case MissWithdrawn:
		a.restrain(o.agent)
		a.missed(o, MissWithdrawn, true)
	default:
		a.missed(o, MissFailed, true)
	}
}

// lapse ends an offer whose phase lasted too long.
func (a *ACD) lapse(o *offer) {
	why := MissFailed
	switch o.phase {
	case PhaseReach:
		why = MissNoRing
	case PhaseRing:
		why = MissNoAnswer
	}
	a.missed(o, why, true)
}

// missed ends an offer without an answer and looks for the agent's next ticket
// and, when it was the last of its round, for the ticket's next agent.
func (a *ACD) missed(o *offer, why Miss, cancel bool) {
	t, ag := o.ticket, o.agent
	a.miss(o, why, cancel)
	if !t.out() {
		a.place(t)
	}
	a.seek(ag)
}

// miss ends an offer without an answer. If it was the last of its round, its
// ticket is left in no line of those who wait for an offer: the caller places
// it or drops it. With cancel the agent's leg may still be there. Who lost a
// round is not to blame for it and keeps the place among the idle.
func (a *ACD) miss(o *offer, why Miss, cancel bool) {
	t, ag := o.ticket, o.agent
	o.become(phaseOver, a.now)
	a.leases.stop(&o.lease)
	delete(a.offers, o.id)
	ag.offer = nil
	t.part(o)
	if cancel {
		a.emit(Cancel{Offer: o.id, Why: why, Elsewhere: why == MissElsewhere})
	}
	a.emit(Missed{Offer: o.id, Ticket: t.id, Queue: o.queueID, Agent: ag.id, Why: why, Rang: o.rung})
	switch why {
	case MissNoAnswer:
		if ag.pause == "" {
			a.choose(ag, PauseRONA)
		}
		if ag.ronas++; ag.ronas >= a.config.ronas() {
			a.emit(RONAs{Agent: ag.id, Queue: o.queueID, Ticket: t.id, Times: ag.ronas})
		}
	case MissNoRing:
		ag.lost = true
	case MissUnreachable: // once it may be a phone that registers anew
		if ag.shaky {
			ag.lost = true
		} else {
			ag.shaky = true
			a.restrain(ag)
		}
	case MissRejected:
		a.refuse(t, ag.id, a.now.Add(refusalLease))
		a.restrain(ag)
		ag.idle = a.now
	case MissBusy:
		a.restrain(ag)
		ag.idle = a.now
	case MissFailed:
		a.restrain(ag)
	}
	a.afterTalk(ag)
}

// restrain offers the agent nothing for backOff.
func (a *ACD) restrain(ag *agent) {
	if ag.on {
		a.leases.start(&ag.backOff, a.now.Add(backOff))
	}
}

// released ends a talk: wrap-up begins, unless the agent has asked for
// something else.
func (a *ACD) released(in Released) {
	o := a.offers[in.Offer]
	if o == nil || o.phase != PhaseTalk {
		return
	}
	if q := a.queues[o.queueID]; q != nil {
		q.talking--
	}
	a.part(o, in.Asked)
}

// part ends an agent's part in a talk. The agent wraps up as the queue says,
// unless only asked by a colleague.
func (a *ACD) part(o *offer, asked bool) {
	ag := o.agent
	delete(a.offers, o.id)
	ag.talk, ag.held = nil, false
	if q := a.queues[o.queueID]; q != nil {
		ag.talkedFor(q, int64(a.now-o.since))
		if q.WrapUp > 0 && !ag.asked && !asked {
			ag.wrapUp.offer, ag.wrapUp.ticket, ag.wrapUp.queue, ag.wrapUp.began = o.id, o.ticketID, o.queueID, a.now
			a.leases.start(&ag.wrapUp.lease, a.now.Add(q.WrapUp))
		}
	}
	if !asked {
		a.owe(o)
	}
	a.afterTalk(ag)
	a.seek(ag)
}
