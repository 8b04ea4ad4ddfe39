package routing

import (
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/fact"
)

// What a checkpoint holds of rounds and of queues' modes.

// saveRound writes how many rounds there were if it is not the number of
// offers.
func (t *ticket) saveRound(s *savedTicket) {
	if t.rounds != t.offers {
		s.Rounds = t.rounds
	}
	s.Hops = t.hops
	if t.forecast.High > 0 {
		f := t.forecast
		s.Forecast = &f
	}
	if entered := t.entered; entered != t.joined {
		s.Entered = &entered
	}
}

// saveRound writes the number that is not the one in the offer's id.
func (o *offer) saveRound(s *savedOffer) {
	s.Taken = o.ticket != nil && o.ticket.round.taken == o
	if o.n != s.number() {
		s.N = o.n
	}
}

// number is N, or the number in the offer's id.
func (s *savedOffer) number() int {
	if s.N > 0 {
		return s.N
	}
	if at := strings.LastIndex(string(s.ID), "-o"); at >= 0 {
		n, _ := strconv.Atoi(string(s.ID)[at+len("-o"):])
		return n
	}
	return 0
}

// restoreRound puts an offer that is out back at its place in the round.
func (t *ticket) restoreRound(o *offer, taken bool) {
	r := &t.round
	if !t.out() {
		r.id, r.offers = o.round, r.first[:0]
	}
	at, _ := slices.BinarySearchFunc(r.offers, o.n, func(o *offer, n int) int { return o.n - n })
	r.offers = slices.Insert(r.offers, at, o)
	if taken {
		r.taken = o
	}
}

func (q *queue) saveMode(s *savedQueue) {
	if q.pace != (pace{}) {
		p := q.pace
		s.Pace = &p
	}
	s.Mode, s.Deserted, s.Grace, s.Sweep = q.set, q.deserted, q.grace.end(), q.sweep.end()
}

// restoreModes gives queues that are built the modes that they had.
func (a *ACD) restoreModes(s *saved) {
	for _, sq := range s.Queues {
		q := a.queues[sq.ID]
		if q == nil {
			continue
		}
		q.set, q.deserted = sq.Mode, sq.Deserted
		if sq.Pace != nil {
			q.pace = *sq.Pace
		}
		if sq.Grace != nil {
			a.leases.start(&q.grace, *sq.Grace)
		}
		if sq.Sweep != nil {
			a.leases.start(&q.sweep, *sq.Sweep)
		}
	}
}

// end is when a lease ends, nil when it does not run.
func (l *lease) end() *fact.Instant {
	if !l.running() {
		return nil
	}
	due := l.due
	return &due
}
