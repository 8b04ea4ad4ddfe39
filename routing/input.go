package routing

import "github.com/huawu/huawu/fact"

// Input is one thing that the ACD is told. The set is closed: the types below.
type Input interface{ input() }

// Miss says why an offer ended without an answer.
type Miss string

// The misses. NoAnswer and Unreachable make the agent NOT_READY (rona,
// endpoint); Rejected and Busy back off; the others are not the agent's doing.
const (
	MissNoAnswer    Miss = "no-answer"   // rang to its limit
	MissNoRing      Miss = "no-ring"     // never rang within its lease
	MissRejected    Miss = "rejected"    // the agent refused it
	MissBusy        Miss = "busy"        // the phone was busy
	MissUnreachable Miss = "unreachable" // the endpoint could not be called
	MissFailed      Miss = "failed"      // the switch failed; nobody's fault
	MissCallerGone  Miss = "caller-gone" // the ticket left
	MissWithdrawn   Miss = "withdrawn"   // taken back: sign-out, not ready, configuration
)

// Exit says why a ticket left the line.
type Exit string

// The exits.
const (
	ExitConnected Exit = "connected" // talks with an agent
	ExitAbandoned Exit = "abandoned" // the caller hung up
	ExitRemoved   Exit = "removed"   // by an operator or the flow
	ExitClosed    Exit = "closed"    // the queue is gone from the configuration
)

// The inputs. One that names an unknown ticket, offer or agent, or an offer
// that is over, changes nothing: events may be late.
type (
	// Configure replaces queues, agents and skills. Tickets keep their
	// place, signed-in agents stay; a removed agent's offer is withdrawn.
	Configure struct {
		Config Config `json:"config"`
	}
	// Join puts a ticket in line. Joined is when its wait began: a ticket
	// that comes back (crash, outage) keeps its place by it.
	Join struct {
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Needs    Needs         `json:"needs,omitempty"`
		Priority int           `json:"priority"` // 0-100, more is sooner
		Joined   fact.Instant  `json:"joined"`
	}
	// Withdraw takes a ticket out of line; its offers are cancelled.
	Withdraw struct {
		Ticket fact.TicketID `json:"ticket"`
		Why    Exit          `json:"why"`
	}
	// SignIn binds an agent to an endpoint. The agent is then NOT_READY
	// (signed-in), or READY when Ready is set.
	SignIn struct {
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint"`
		Ready    bool          `json:"ready,omitempty"`
	}
	// SignOut makes an agent OFFLINE, after the talk if there is one.
	SignOut struct {
		Agent fact.AgentID `json:"agent"`
	}
	// Ready makes an agent READY; it ends wrap-up, rona and pauses.
	Ready struct {
		Agent fact.AgentID `json:"agent"`
	}
	// NotReady pauses an agent for a reason, after the talk if there is one.
	NotReady struct {
		Agent  fact.AgentID `json:"agent"`
		Reason PauseReason  `json:"reason"`
	}
	// Reach says whether an endpoint can be called.
	Reach struct {
		Endpoint  fact.Endpoint `json:"endpoint"`
		Reachable bool          `json:"reachable"`
	}
	// Rang says that an offer rings at the agent's phone: the three rings begin.
	Rang struct {
		Offer fact.OfferID `json:"offer"`
	}
	// Answered says that the agent picked up; caller and agent are being joined.
	Answered struct {
		Offer fact.OfferID `json:"offer"`
	}
	// Connected says that both are in one room: the offer is accepted.
	Connected struct {
		Offer fact.OfferID `json:"offer"`
	}
	// Failed says that an offer ended without being accepted.
	Failed struct {
		Offer fact.OfferID `json:"offer"`
		Why   Miss         `json:"why"`
	}
	// Released says that the agent's part in an accepted offer is over:
	// wrap-up begins.
	Released struct {
		Offer fact.OfferID `json:"offer"`
	}
	// Hold says that the agent holds the talk, or takes it up again.
	Hold struct {
		Agent fact.AgentID `json:"agent"`
		On    bool         `json:"on"`
	}
	// Seize makes an agent busy with a call outside any queue; Free ends it,
	// without wrap-up.
	Seize struct {
		Agent fact.AgentID `json:"agent"`
		Call  fact.CallID  `json:"call"`
	}
	// Free ends Seize for that call.
	Free struct {
		Agent fact.AgentID `json:"agent"`
		Call  fact.CallID  `json:"call"`
	}
	// Tick lets timers that are due fire.
	Tick struct{}
)

func (Configure) input() {}
func (Join) input()      {}
func (Withdraw) input()  {}
func (SignIn) input()    {}
func (SignOut) input()   {}
func (Ready) input()     {}
func (NotReady) input()  {}
func (Reach) input()     {}
func (Rang) input()      {}
func (Answered) input()  {}
func (Connected) input() {}
func (Failed) input()    {}
func (Released) input()  {}
func (Hold) input()      {}
func (Seize) input()     {}
func (Free) input()      {}
func (Tick) input()      {}
