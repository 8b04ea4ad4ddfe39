package center

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// Question asks why: about a call or an agent, exactly one of them.
type Question struct {
	Call  fact.CallID  `json:"call,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	// Limit is the most of everything that is many, 0 means 50.
	Limit int `json:"limit,omitempty"`
}

// Answer says why, at one instant; Wall is its wall clock in milliseconds of
// the epoch. It shares nothing with the machine.
type Answer struct {
	At     fact.Instant       `json:"at"`
	Wall   int64              `json:"wall"`
	Ticket *routing.TicketWhy `json:"ticket,omitempty"`
	Agent  *routing.AgentWhy  `json:"agent,omitempty"`
	Call   *CallView          `json:"call,omitempty"`
}

// Why answers a question about the centre as it stands after the last step. It
// changes nothing. Its errors wrap ErrNotFound or ErrInvalid.
func (c *Center) Why(Question) (Answer, error) { return Answer{}, notYet("why") }
