package routing

import "github.com/huawu/huawu/fact"

// AgentInfo is an agent as readers see it. It shares nothing with the machine.
type AgentInfo struct {
	ID        fact.AgentID   `json:"id"`
	Name      string         `json:"name,omitempty"`
	State     State          `json:"state"`
	Reason    PauseReason    `json:"reason,omitempty"`
	Since     fact.Instant   `json:"since"` // when State or Reason began
	Endpoint  fact.Endpoint  `json:"endpoint,omitempty"`
	Reachable bool           `json:"reachable"`
	Queues    []fact.QueueID `json:"queues"`
	Skills    []Skill        `json:"skills,omitempty"`
	// Offer and Ticket are of the offer that is out, or of the talk; Queue is
	// theirs.
	Offer  fact.OfferID  `json:"offer,omitempty"`
	Ticket fact.TicketID `json:"ticket,omitempty"`
	Queue  fact.QueueID  `json:"queue,omitempty"`
	// Calls are the calls outside queues that keep the agent busy.
	Calls []fact.CallID `json:"calls,omitempty"`
	// Idle is when the wait for a ticket began, for an agent who is READY or
	// OFFERED: the longest idle is offered first.
	Idle fact.Instant `json:"idle,omitempty"`
	// BackOff says that a READY agent is not offered anything for a moment,
	// for an offer has just failed.
	BackOff bool `json:"back_off,omitempty"`
	// Leaving says that the agent is signed out when the talk ends.
	Leaving bool `json:"leaving,omitempty"`
}

// TicketInfo is one place in line.
type TicketInfo struct {
	Ticket   fact.TicketID `json:"ticket"`
	Queue    fact.QueueID  `json:"queue"`
	Needs    Needs         `json:"needs,omitempty"`
	Position int           `json:"position"` // from 1, within the queue
	Priority int           `json:"priority"`
	Joined   fact.Instant  `json:"joined"`
	Offers   int           `json:"offers"` // made so far
	// Offer and Agent are of the offer that is out.
	Offer fact.OfferID `json:"offer,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
}

// QueueInfo is a queue in numbers.
type QueueInfo struct {
	ID      fact.QueueID `json:"id"`
	Name    string       `json:"name,omitempty"`
	Paused  bool         `json:"paused,omitempty"`
	Members int          `json:"members"`
	Waiting int          `json:"waiting"` // in line, those under offer too
	Offered int          `json:"offered"` // of those, under offer
	Ready   int          `json:"ready"`   // agents who could be offered a ticket of it at once
	Talking int          `json:"talking"` // agents in a talk of it, on hold or not
	// Oldest is the earliest Joined in line, 0 when nobody waits.
	Oldest fact.Instant `json:"oldest,omitempty"`
}

// OfferPhase is how far an offer has come.
type OfferPhase string

// The phases. Each but PhaseTalk has a lease.
const (
	PhaseReach   OfferPhase = "reach"   // made; the phone does not ring yet
	PhaseRing    OfferPhase = "ring"    // the phone rings
	PhaseConnect OfferPhase = "connect" // picked up; caller and agent are being joined
	PhaseTalk    OfferPhase = "talk"    // accepted; it ends by Released
)

// OfferInfo is one offer that is not over.
type OfferInfo struct {
	Offer    fact.OfferID  `json:"offer"`
	Round    fact.RoundID  `json:"round"`
	Ticket   fact.TicketID `json:"ticket"`
	Queue    fact.QueueID  `json:"queue"`
	Agent    fact.AgentID  `json:"agent"`
	Endpoint fact.Endpoint `json:"endpoint"`
	Phase    OfferPhase    `json:"phase"`
	Since    fact.Instant  `json:"since"` // when Phase began
	Made     fact.Instant  `json:"made"`
}

// Agent is one agent by id.
func (a *ACD) Agent(id fact.AgentID) (AgentInfo, bool) { return AgentInfo{}, false }

// At is the agent who is signed in at an endpoint.
func (a *ACD) At(e fact.Endpoint) (fact.AgentID, bool) { return "", false }

// Agents are all agents, ordered by id.
func (a *ACD) Agents() []AgentInfo { return nil }

// Waiting is the line of a queue in the order of being served.
func (a *ACD) Waiting(id fact.QueueID) []TicketInfo { return nil }

// Queue is one queue by id.
func (a *ACD) Queue(id fact.QueueID) (QueueInfo, bool) { return QueueInfo{}, false }

// Queues are all queues, ordered by id.
func (a *ACD) Queues() []QueueInfo { return nil }

// Ticket is one place in line by id.
func (a *ACD) Ticket(id fact.TicketID) (TicketInfo, bool) { return TicketInfo{}, false }

// Offer is an offer that is not over by id.
func (a *ACD) Offer(id fact.OfferID) (OfferInfo, bool) { return OfferInfo{}, false }

// Config is what the ACD works by.
func (a *ACD) Config() Config { return Config{} }
