package routing

import (
	"slices"
	"strconv"

	"github.com/huawu/huawu/fact"
)

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
