package routing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// ledger adds up the effects of a run, knowing nothing of the machine but who
// asks for what.
type ledger struct {
	tickets           map[fact.TicketID]*entry
	offers            map[fact.OfferID]*outcome
	states            map[fact.AgentID]State
	missed, connected int
}

type entry struct {
	*ticket
	offered []fact.OfferID // the offers that are out
	round   fact.RoundID
	in      fact.QueueID                  // whose line it is in
	shy     map[fact.AgentID]fact.Instant // agents who rejected it, and when
	left    bool
}

type outcome struct {
	agent                    fact.AgentID
	over, accepted, released bool
}

func (l *ledger) enter(a *ACD, e Effect) error {
	switch e := e.(type) {
	case Joined:
		if l.tickets[e.Ticket] != nil {
			return fmt.Errorf("joined twice")
		}
		l.tickets[e.Ticket] = &entry{ticket: a.tickets[e.Ticket], in: e.Queue, shy: map[fact.AgentID]fact.Instant{}}
		if a.tickets[e.Ticket] == nil {
			return fmt.Errorf("is not in line")
		}
	case Offer:
		return l.offer(e, a.now)
	case Missed:
		t, o := l.tickets[e.Ticket], l.offers[e.Offer]
		if o == nil || o.over || !slices.Contains(t.offered, e.Offer) || o.agent != e.Agent || e.Rang < 0 {
			return fmt.Errorf("missed what was not offered")
		}
		if e.Why == MissElsewhere && len(t.offered) == 1 {
			return fmt.Errorf("nobody else has the ticket")
		}
		l.missed++
		o.over = true
		t.offered = slices.DeleteFunc(t.offered, func(id fact.OfferID) bool { return id == e.Offer })
		if e.Why == MissRejected {
			t.shy[e.Agent] = a.now
		}
	case Left:
		return l.leave(e)
	case Passed:
		o := l.offers[e.Old]
		if e.Old == "" {
			o = &outcome{accepted: true}
		}
		if o == nil || !o.accepted || o.agent != e.From || l.offers[e.New] != nil || e.From == e.To {
			return fmt.Errorf("passed what nobody had")
		}
		o.released = true
		l.offers[e.New] = &outcome{agent: e.To, over: true, accepted: true}
	case Moved:
		t := l.tickets[e.Ticket]
		switch {
		case t == nil: // not let in where it asked
			t = &entry{ticket: a.tickets[e.Ticket], shy: map[fact.AgentID]fact.Instant{}}
			l.tickets[e.Ticket] = t
		case t.left || len(t.offered) > 0 || e.From == e.To:
			return fmt.Errorf("not free to be moved: %v", t)
		}
		t.in = e.To
	case Became:
		if from := cmp.Or(l.states[e.Agent], Offline); from != e.From || e.Lasted < 0 || (e.Reason != "") != (e.To == NotReadyIn) {
			return fmt.Errorf("was %s", from)
		}
		l.states[e.Agent] = e.To
	}
	return nil
}

func (l *ledger) offer(e Offer, now fact.Instant) error {
	t := l.tickets[e.Ticket]
	switch {
	case t == nil || t.left || len(t.offered) > 0 && (t.round != e.Round || t.queue.Distribution != RingAll):
		return fmt.Errorf("the ticket is not free: %v", t)
	case l.offers[e.Offer] != nil:
		return fmt.Errorf("the id is reused")
	case slices.Contains([]State{OfferedState, Talking, HoldState, WrapUpState, NotReadyIn, Offline}, cmp.Or(l.states[e.Agent], Offline)):
		return fmt.Errorf("the agent is %s", l.states[e.Agent])
	}
	for _, u := range l.tickets {
		if len(t.ticket.queue.Ageing)+len(t.ticket.queue.Relax) > 0 || u.ticket != nil && u.hold != 0 {
			continue // what was so at this moment is not known any more
		}
		if u != t && !u.left && len(u.offered) == 0 && u.in == t.in && u.needs == t.needs &&
			sooner(u.ticket, t.ticket) && u.shy[e.Agent] == 0 {
			return fmt.Errorf("%s of the same class was first", u.id)
		}
	}
	if at := t.shy[e.Agent]; at != 0 && now < at.Add(refusalLease) {
		return fmt.Errorf("the agent rejected it at %d", at)
	}
	t.offered, t.round = append(t.offered, e.Offer), e.Round
	l.offers[e.Offer] = &outcome{agent: e.Agent}
	return nil
}

func (l *ledger) leave(e Left) error {
	t := l.tickets[e.Ticket]
	if t == nil {
		l.tickets[e.Ticket] = &entry{left: true} // refused at the door
		return nil
	}
	if t.left || e.Waited < 0 {
		return fmt.Errorf("left twice")
	}
	t.left = true
	if e.Why != ExitConnected {
		if len(t.offered) > 0 {
			return fmt.Errorf("left with offer %s out", t.offered)
		}
		return nil
	}
	o := l.offers[e.Offer]
	if o == nil || o.over || len(t.offered) != 1 || t.offered[0] != e.Offer || o.agent != e.Agent {
		return fmt.Errorf("accepted what was not offered")
	}
	l.connected++
	o.over, o.accepted = true, true
	return nil
}
