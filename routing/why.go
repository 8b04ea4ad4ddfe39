package routing

import "github.com/huawu/huawu/fact"

// Rule names what can keep a ticket and an agent apart.
type Rule string

// The rules.
const (
	RuleMember      Rule = "member"      // does not serve the queue
	RuleNeeds       Rule = "needs"       // lacks what is asked for
	RuleState       Rule = "state"       // is not READY
	RuleBackOff     Rule = "back-off"    // is offered nothing for a moment
	RuleRefused     Rule = "refused"     // has rejected the ticket
	RuleReserved    Rule = "reserved"    // the ticket waits for another agent
	RuleQueueMode   Rule = "queue-mode"  // the queue makes no offers
	RuleUnderOffer  Rule = "under-offer" // the ticket rings at another agent
	RuleUnreachable Rule = "unreachable" // the phone cannot be called
	RuleRank        Rule = "rank"        // another one goes first
	RuleWidth       Rule = "width"       // enough phones ring
)

// Finding is one reason why not. Until is when it ends by itself, 0 for not.
type Finding struct {
	Rule   Rule         `json:"rule"`
	Detail string       `json:"detail,omitempty"`
	Until  fact.Instant `json:"until,omitempty"`
}

// Credit is one part of a ticket's score, in milliseconds of waiting.
type Credit struct {
	What   string `json:"what"`
	Millis int64  `json:"ms"`
}

// Verdict is what is to be said of one agent and one ticket. Excluded is empty
// for a pair that no rule keeps apart; Rank is then the agent's place among
// those for the ticket, from 1, and Key what ranks it, lower first.
type Verdict struct {
	Agent    fact.AgentID  `json:"agent"`
	Ticket   fact.TicketID `json:"ticket"`
	Excluded []Finding     `json:"excluded,omitempty"`
	Rank     int           `json:"rank,omitempty"`
	Key      [3]int64      `json:"key"`
}

// TicketWhy is why a ticket stands where it does and who could have it.
type TicketWhy struct {
	TicketInfo
	// Credits add up to the score.
	Credits []Credit `json:"credits,omitempty"`
	// Asks is the whole requirement at this step.
	Asks string `json:"asks,omitempty"`
	// Ahead are the tickets before it in its queue, the first of them.
	Ahead []TicketInfo `json:"ahead,omitempty"`
	// Candidates are the queue's agents, those who could have it first; More
	// is how many there are besides.
	Candidates []Verdict `json:"candidates"`
	More       int       `json:"more,omitempty"`
}

// AgentWhy is why an agent has what it has, and what it could have: the heads
// of the classes that it serves, the best first.
type AgentWhy struct {
	AgentInfo
	Findings []Finding `json:"findings,omitempty"`
	Tickets  []Verdict `json:"tickets"`
}

// WhyTicket explains a ticket in line, with at most limit of everything that
// is many; false when it is not in line. It changes nothing.
func (a *ACD) WhyTicket(id fact.TicketID, limit int) (TicketWhy, bool) { return TicketWhy{}, false }

// WhyAgent explains an agent, with at most limit tickets; false for an agent
// unknown. It changes nothing.
func (a *ACD) WhyAgent(id fact.AgentID, limit int) (AgentWhy, bool) { return AgentWhy{}, false }
