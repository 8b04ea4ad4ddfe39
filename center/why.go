package center

import (
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// Question asks why: about a call, an agent, or with both about the two.
type Question struct {
	Call  fact.CallID  `json:"call,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	// Limit is the most of everything that is many, 0 means 50.
	Limit int `json:"limit,omitempty"`
}

// Answer says why, at one instant; Wall is its wall clock in milliseconds of
// the epoch. It shares nothing with the machine.
type Answer struct {
	At   fact.Instant `json:"at"`
	Wall int64        `json:"wall"`
	// Ticket is nil for a call that is in no line.
	Ticket *routing.TicketWhy `json:"ticket,omitempty"`
	Agent  *routing.AgentWhy  `json:"agent,omitempty"`
	Call   *CallView          `json:"call,omitempty"`
}

// Aged is the answer with what grows by itself counted on to an instant.
func (a Answer) Aged(at fact.Instant) Answer {
	past := int64(at - a.At)
	if past <= 0 {
		return a
	}
	a.At, a.Wall = at, a.Wall+past
	if a.Ticket != nil {
		t := a.Ticket.Aged(past)
		a.Ticket = &t
	}
	if a.Call != nil {
		c := *a.Call
		c.Lasted += past
		a.Call = &c
	}
	return a
}

// defaultLimit is the most of everything that is many in an answer.
const defaultLimit = 50

// Why answers a question about the centre as it stands after the last step. It
// changes nothing. Its errors wrap ErrNotFound or ErrInvalid.
func (c *Center) Why(q Question) (Answer, error) {
	a := Answer{At: c.now.At, Wall: c.now.Wall().UnixMilli()}
	if q.Limit < 0 {
		return a, fmt.Errorf("why: limit %d: %w: want 1 or more, or 0 for %d", q.Limit, ErrInvalid, defaultLimit)
	}
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	if q.Call == "" && q.Agent == "" {
		return a, fmt.Errorf("why: %w: name a call or an agent", ErrInvalid)
	}
	if q.Agent != "" {
		if _, ok := c.acd.Agent(q.Agent); !ok {
			return a, fmt.Errorf("why: agent %q: %w", q.Agent, ErrNotFound)
		}
	}
	if q.Call == "" {
		w, _ := c.acd.WhyAgent(q.Agent, q.Limit)
		a.Agent = &w
		return a, nil
	}
	k := c.contacts[q.Call]
	if k == nil {
		return a, fmt.Errorf("why: call %q: %w", q.Call, ErrNotFound)
	}
	v := c.callView(k)
	a.Call = &v
	w, waits := routing.TicketWhy{}, false
	if q.Agent == "" {
		w, waits = c.acd.WhyTicket(k.ticket, q.Limit)
	} else {
		w, waits = c.acd.WhyPair(k.ticket, q.Agent)
	}
	if waits {
		a.Ticket = &w
	}
	return a, nil
}
