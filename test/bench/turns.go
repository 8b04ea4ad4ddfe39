package main

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/rig"
)

// keptBefore is how long at least, in milliseconds, who has the place of an
// earlier moment was kept on music before huawu had the call.
const keptBefore = 500

// seat is a ticket's place in line: equals are served by the beginning of the
// wait, those of one millisecond by the order in which their calls came, which
// is that of the ids.
type seat struct {
	since  fact.Instant
	ticket fact.TicketID
}

func (s seat) before(o seat) bool {
	return s.since < o.since || s.since == o.since && s.ticket < o.ticket
}

// outOfTurn counts the offers that huawu decided on, by its own events, while
// somebody with a better place waited for one, who had not rejected a call at
// that agent; and the places that do not begin as the caller joined. All callers
// are equals in one queue. However busy the machine is, both are 0.
func outOfTurn(events []rig.Event) (overtaken, misplaced int) {
	seats := map[fact.TicketID]seat{} // of those who had a place until they left it
	for _, e := range events {
		if e.Kind == fact.QueueLeft || e.Kind == fact.QueueConnected {
			seats[e.Ticket] = seat{e.At - fact.Instant(e.Millis), e.Ticket}
		}
	}
	type refusal struct {
		ticket fact.TicketID
		agent  fact.AgentID
	}
	rejected := map[refusal]bool{}
	waiting := map[fact.TicketID]seat{}
	for _, e := range events {
		switch e.Kind {
		case fact.QueueJoined:
			s, left := seats[e.Ticket]
			if !left || s.since != e.At && s.since > e.At-keptBefore {
				misplaced++
			}
			waiting[e.Ticket] = s
		case fact.QueueOffered:
			for _, other := range waiting {
				if other.before(seats[e.Ticket]) && !rejected[refusal{other.ticket, e.Agent}] {
					overtaken++
					break
				}
			}
			delete(waiting, e.Ticket)
		case fact.QueueMissed:
			if e.Reason == string(routing.MissRejected) {
				rejected[refusal{e.Ticket, e.Agent}] = true
			}
			waiting[e.Ticket] = seats[e.Ticket]
		case fact.QueueLeft, fact.QueueConnected:
			delete(waiting, e.Ticket)
		}
	}
	return overtaken, misplaced
}
