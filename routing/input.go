package routing

import (
	"time"

	"github.com/huawu/huawu/fact"
)

// Input is one thing that the ACD is told. The set is closed: the types below.
type Input interface{ input() }

// Miss says why an offer ended without an answer.
type Miss string

// The misses. NoAnswer makes the agent NOT_READY (rona), NoRing and the
// second Unreachable in a row NOT_READY (endpoint). After Rejected, Busy, Failed
// and the first Unreachable the agent is offered nothing for 5 s, and a ticket is not offered for 30 s to who
// rejected it (docs/states.md). Failed, CallerGone, Withdrawn, Elsewhere and Lost are not the
// agent's doing and keep the agent's place among the idle.
const (
	MissNoAnswer    Miss = "no-answer"   // rang to its limit
	MissNoRing      Miss = "no-ring"     // never rang within its lease
	MissRejected    Miss = "rejected"    // the agent refused it
	MissBusy        Miss = "busy"        // the phone was busy
	MissUnreachable Miss = "unreachable" // the endpoint could not be called
	MissFailed      Miss = "failed"      // the switch failed; nobody's fault
	MissCallerGone  Miss = "caller-gone" // the ticket left
	MissWithdrawn   Miss = "withdrawn"   // taken back: sign-out, not ready, configuration
	MissElsewhere   Miss = "elsewhere"   // another agent of the round has it
	MissLost        Miss = "lost"        // picked up a moment after another agent of the round
)

// Exit says why a ticket left the line.
type Exit string

// The exits.
const (
	ExitConnected Exit = "connected" // talks with an agent
	ExitAbandoned Exit = "abandoned" // the caller hung up
	ExitRemoved   Exit = "removed"   // by an operator or the flow
	ExitClosed    Exit = "closed"    // the queue is closed, or gone from the configuration
	ExitFull      Exit = "full"      // MaxWaiting are in line
	ExitTimeout   Exit = "timeout"   // waited for MaxWait
	ExitUnstaffed Exit = "unstaffed" // JoinIf or StayIf is not met
	ExitLongWait  Exit = "long-wait" // the expected wait is over MaxExpected
	ExitDraining  Exit = "draining"  // the queue takes nobody any more
	ExitKey       Exit = "key"       // the caller left by a key
	ExitNamed     Exit = "named"     // asked for one agent where that is not allowed
	ExitMoved     Exit = "moved"     // an operator moved it; only Moved has it
)

// Mode is what a queue does with tickets. It is of the day: a queue begins
// open, or paused where the configuration says so, and keeps what was set.
type Mode string

// The modes. What reads one takes "" as ModeOpen.
const (
	ModeOpen     Mode = "open"
	ModePaused   Mode = "paused"   // takes tickets, makes no offers
	ModeDraining Mode = "draining" // takes no tickets, serves those in line
	ModeClosed   Mode = "closed"   // takes no tickets, lets those in line leave
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
	// that comes back (crash, outage) keeps its place by it. An id that has
	// left is not joined again, for the ids of offers are made of it; whoever
	// adopts a caller without the ticket's history mints a new one. A queue
	// unknown or needs that cannot be read are answered by Left, a priority
	// out of range is taken as the nearest; Check says so before.
	Join struct {
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Needs    Needs         `json:"needs,omitempty"`
		Priority int           `json:"priority"` // 0-100, more is sooner
		Joined   fact.Instant  `json:"joined"`
		// Prefer is the agent who had this caller before; the ticket waits a
		// while for that one (Queue.PreferHold). Named says that the caller
		// has asked for that agent.
		Prefer fact.AgentID `json:"prefer,omitempty"`
		Named  bool         `json:"named,omitempty"`
		// Level is one of Order.Levels, Repeat how many calls of this caller
		// went before.
		Level  string `json:"level,omitempty"`
		Repeat int    `json:"repeat,omitempty"`
		// Consult says that an agent is in line, to ask a colleague.
		Consult bool `json:"consult,omitempty"`
	}
	// Withdraw takes a ticket out of line; its offers are cancelled.
	Withdraw struct {
		Ticket fact.TicketID `json:"ticket"`
		Why    Exit          `json:"why"`
	}
	// SignIn binds an agent to an endpoint. The agent is then NOT_READY
	// (signed-in), or READY when Ready is set, or HANDOVER when Handover is
	// (RUL-SHF-1): not both.
	SignIn struct {
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint"`
		Ready    bool          `json:"ready,omitempty"`
		Handover bool          `json:"handover,omitempty"`
	}
	// SignOut makes an agent OFFLINE, after the talk if there is one. SignOut,
	// Ready and NotReady in a talk come in the place of wrap-up; the last one
	// counts. Otherwise they take back the offer that is out, save Ready.
	SignOut struct {
		Agent fact.AgentID `json:"agent"`
	}
	// Ready makes an agent READY; it ends wrap-up, rona and pauses. While the
	// endpoint cannot be reached the agent is NOT_READY (endpoint) until it can,
	// and while something is to be written down NOT_READY (log-missing), unless
	// Forced by a supervisor, who waives it.
	Ready struct {
		Agent  fact.AgentID `json:"agent"`
		Forced bool         `json:"forced,omitempty"`
	}
	// NotReady pauses an agent for a reason, after the talk if there is one.
	// A reason that must be granted is only asked for, which is refused in a
	// talk (RUL-LEV-1). Call is the one by which the agent says so, which is
	// no talk, "" for none; Forced says that a supervisor wants it, who need
	// not be asked.
	NotReady struct {
		Agent  fact.AgentID `json:"agent"`
		Reason PauseReason  `json:"reason"`
		Call   fact.CallID  `json:"call,omitempty"`
		Forced bool         `json:"forced,omitempty"`
	}
	// Log is what an agent writes down about a talk: that of Ticket, or for ""
	// the one under way, that wrapped up, or the first that is owed for. The
	// last word on a field counts.
	Log struct {
		Agent  fact.AgentID    `json:"agent"`
		Ticket fact.TicketID   `json:"ticket,omitempty"`
		Values []fact.LogValue `json:"values"`
	}
	// SetTrainee says that an agent is a trainee, or is one no more, until the
	// next configuration. Whoever keeps the calendar says so.
	SetTrainee struct {
		Agent fact.AgentID `json:"agent"`
		On    bool         `json:"on"`
	}
	// Decide answers what an agent has asked for. Granted in a talk, it comes
	// after it. With Reason it answers nothing else that the agent has asked for
	// meanwhile.
	Decide struct {
		Agent  fact.AgentID `json:"agent"`
		Grant  bool         `json:"grant"`
		By     string       `json:"by,omitempty"`
		Reason PauseReason  `json:"reason,omitempty"`
	}
	// Reach says whether an endpoint can be called. One never heard of counts
	// as reachable. The agent at one that is away is offered nothing, and is
	// NOT_READY (endpoint) after 5 s.
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
	// Failed says that an offer ended without being accepted. With CallerGone
	// the ticket leaves (abandoned), as by Withdraw.
	Failed struct {
		Offer fact.OfferID `json:"offer"`
		Why   Miss         `json:"why"`
	}
	// Released says that the agent's part in an accepted offer is over:
	// wrap-up begins, unless the agent was only Asked by a colleague.
	Released struct {
		Offer fact.OfferID `json:"offer"`
		Asked bool         `json:"asked,omitempty"`
	}
	// Hold says that the agent holds the talk, or takes it up again.
	Hold struct {
		Agent fact.AgentID `json:"agent"`
		On    bool         `json:"on"`
	}
	// Seize makes an agent busy with a call outside any queue, whatever the
	// state but OFFLINE; an offer that is out is withdrawn. Free ends it,
	// without wrap-up, and the state is what it was. There may be several, and
	// a talk besides; a wrap-up goes on meanwhile.
	Seize struct {
		Agent fact.AgentID `json:"agent"`
		Call  fact.CallID  `json:"call"`
	}
	// Free ends Seize for that call.
	Free struct {
		Agent fact.AgentID `json:"agent"`
		Call  fact.CallID  `json:"call"`
	}
	// Rank gives a ticket another priority; its place follows at once.
	Rank struct {
		Ticket   fact.TicketID `json:"ticket"`
		Priority int           `json:"priority"` // 0-100
	}
	// Move puts a ticket in another queue's line. It keeps its id and when it
	// joined; an offer that is out is withdrawn.
	Move struct {
		Ticket fact.TicketID `json:"ticket"`
		Queue  fact.QueueID  `json:"queue"`
	}
	// SetMode opens, pauses, drains or closes a queue.
	SetMode struct {
		Queue fact.QueueID `json:"queue"`
		Mode  Mode         `json:"mode"`
	}
	// SetSkills replaces an agent's skills until the next Configure, without
	// the cost of one.
	SetSkills struct {
		Agent  fact.AgentID `json:"agent"`
		Skills []Skill      `json:"skills"`
	}
	// Pass gives the talk of an accepted offer to another agent, who must be
	// signed in and have no talk. Who had it wraps up.
	Pass struct {
		Offer fact.OfferID `json:"offer"`
		Agent fact.AgentID `json:"agent"`
	}
	// Take gives a caller who waits in no line, and was parked, to an agent,
	// who must be signed in and have no talk: as an accepted offer of Ticket,
	// whose id is not in use and never was.
	Take struct {
		Ticket fact.TicketID `json:"ticket"`
		Queue  fact.QueueID  `json:"queue"`
		Agent  fact.AgentID  `json:"agent"`
	}
	// Extend lets a wrap-up last longer.
	Extend struct {
		Agent fact.AgentID  `json:"agent"`
		For   time.Duration `json:"for"`
	}
	// Tick lets timers that are due fire.
	Tick struct{}
)

func (Configure) input()  {}
func (Join) input()       {}
func (Withdraw) input()   {}
func (SignIn) input()     {}
func (SignOut) input()    {}
func (Ready) input()      {}
func (NotReady) input()   {}
func (Reach) input()      {}
func (Rang) input()       {}
func (Answered) input()   {}
func (Connected) input()  {}
func (Failed) input()     {}
func (Released) input()   {}
func (Hold) input()       {}
func (Seize) input()      {}
func (Free) input()       {}
func (Rank) input()       {}
func (Move) input()       {}
func (SetMode) input()    {}
func (SetSkills) input()  {}
func (Pass) input()       {}
func (Take) input()       {}
func (Extend) input()     {}
func (Decide) input()     {}
func (SetTrainee) input() {}
func (Log) input()        {}
func (Tick) input()       {}
