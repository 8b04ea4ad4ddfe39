package center

import (
	"strconv"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// enqueue puts a call in line: since it joins, for as long before as the
// caller waited where nobody could take the call, or since before a detour.
func (c *Center) enqueue(k *contact, a flow.Enqueue) {
	in := routing.Join{
		Queue: a.Queue, Needs: routing.Needs(a.Needs), Priority: a.Priority, Joined: c.since(k, a.Queue),
		Prefer: a.Prefer, Named: a.Named, Level: a.Level,
	}
	c.remember(k, &in)
	if k.third = nil; a.Third != "" {
		k.third = &third{Number: a.Third}
	}
	if !c.stand(k, in, a.Token) {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeRemoved})
	}
}

// stand gives a call a place in line; false when the queue will not have it.
func (c *Center) stand(k *contact, in routing.Join, token int) bool {
	k.tickets++
	in.Ticket = ticketOf(k, k.tickets)
	k.line = token
	k.owing.Wish = &wish{Queue: in.Queue, Ticket: in.Ticket, Joined: in.Joined, Needs: string(in.Needs), Priority: in.Priority, Level: in.Level}
	if err := c.acd.Check(in); err != nil {
		return false
	}
	k.ticket = in.Ticket
	c.recordBy(k, in.Queue)
	c.step(k, call.Wait{
		Queue: in.Queue, Priority: in.Priority, Joined: fact.Moment{At: in.Joined, Offset: c.now.Offset},
		Music: c.index.queues[in.Queue].Music,
		Wish:  &media.Wish{Needs: string(in.Needs), Level: in.Level, Repeat: in.Repeat, Prefer: in.Prefer, Named: in.Named},
	})
	c.line(in)
	return true
}

// rejoin gives a call a place in line again that it had before: without its wish
// if the configuration does not know that any more.
func (c *Center) rejoin(k *contact, in routing.Join, token int) bool {
	bare := routing.Join{Queue: in.Queue, Priority: in.Priority, Joined: in.Joined}
	return c.stand(k, in, token) || c.stand(k, bare, token)
}

// ticketOf is the id of a call's nth place in line.
func ticketOf(k *contact, n int) fact.TicketID {
	return fact.TicketID(string(k.call.ID) + "-t" + strconv.Itoa(n))
}

func millis(n int) time.Duration { return time.Duration(n) * time.Millisecond }
