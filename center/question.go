package center

import (
	"fmt"
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// askTimeout is how long an agent waits for somebody of a queue unless the rules
// say otherwise (RUL-TRF-4).
const askTimeout = 30 * time.Second

// consulting names the events of a ticket that stands for an agent's question.
const consulting = "consult"

// question is an agent's place in a queue's line. Offer is by what its agent
// talks to the one who asks, "" before.
type question struct {
	Ticket fact.TicketID `json:"ticket"`
	Offer  fact.OfferID  `json:"offer,omitempty"`
}

// askQueue lets an agent wait for somebody of a queue, with the caller's
// priority.
func (c *Center) askQueue(k *contact, by *call.Leg, to Target) error {
	in := routing.Join{Queue: to.Queue, Joined: c.now.At, Ticket: ticketOf(k, k.tickets+1) + questionMark, Priority: k.call.Tag.Priority, Consult: true}
	if err := c.acd.Check(in); err != nil {
		return fmt.Errorf("consult queue %s: %w", to.Queue, &refusal{err, sentinel(err)})
	}
	limit := c.cfg.Transfers.Timeout
	if limit <= 0 {
		limit = askTimeout
	}
	k.tickets++
	k.question, k.toward = &question{Ticket: in.Ticket}, to
	c.step(k, call.Ask{
		By: by.ID, Room: fact.On[fact.RoomID](fact.SwitchOf(by.ID), "hwr-"+c.mint()), Queue: to.Queue,
		Music: c.index.queues[to.Queue].Music, Limit: limit,
	})
	c.line(in)
	if k.question == nil {
		return fmt.Errorf("consult queue %s: %w: it takes nobody now", to.Queue, ErrConflict)
	}
	return nil
}

// questionMark ends the id of a ticket that stands for a question.
const questionMark = "q"

// asks says whether a ticket is the question of an agent of the call.
func (k *contact) asks(t fact.TicketID) bool {
	return k.question != nil && k.question.Ticket == t
}

// asker is the leg of the agent who asks somebody, nil for none.
func (k *contact) asker() *call.Leg {
	if k.call.Side == nil {
		return nil
	}
	return k.call.Leg(k.call.Side.By)
}

// standsFor names a ticket's events: "" for a caller's.
func standsFor(t fact.TicketID) string {
	if strings.HasSuffix(string(t), questionMark) {
		return consulting
	}
	return ""
}

// ringAsked calls an agent's phone for an agent who asks.
func (c *Center) ringAsked(k *contact, e routing.Offer) {
	r := call.Ring{
		Offer: e.Offer, Agent: e.Agent, Endpoint: e.Endpoint, Limit: e.Limit, Consult: true,
		Leg: fact.On[fact.LegID](fact.SwitchOf(k.call.First().ID), "hw-"+c.mint()),
	}
	if by := k.asker(); by != nil {
		r.Show = media.Identity{Number: c.index.seats[by.Endpoint].Extension, Name: string(by.Agent)}
		r.Alert, r.AutoAnswer = c.index.queues[e.Queue].Alert, c.index.seats[e.Endpoint].AutoAnswer
	}
	c.step(k, r)
}

// questionLeft is the end of a question's place in line: somebody of the queue talks
// to who asks, or nobody will.
func (c *Center) questionLeft(k *contact, e routing.Left) {
	if e.Why == routing.ExitConnected {
		k.question.Offer = e.Offer
		return
	}
	k.question = nil
	c.step(k, call.Unconsult{Why: call.Miss(e.Why)})
}

// questionOver ends a question: nobody is to come any more, and who came has
// only been asked.
func (c *Center) questionOver(k *contact) {
	q := k.question
	if q == nil {
		return
	}
	k.question = nil
	if q.Offer != "" {
		c.line(routing.Released{Offer: q.Offer, Asked: true})
	} else {
		c.line(routing.Withdraw{Ticket: q.Ticket, Why: routing.ExitRemoved})
	}
}
