package routing

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

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
	Trainee bool `json:"trainee,omitempty"`
	AgentStanding
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
	// Score is what ranks it, in milliseconds of waiting; Step is the
	// relaxation that it has come to, from 1.
	Score int64 `json:"score,omitempty"`
	Step  int   `json:"step,omitempty"`
	// Consult says that an agent waits, to ask a colleague.
	Consult bool `json:"consult,omitempty"`
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
	Mode   Mode         `json:"mode,omitempty"`
	// Staff is how many of the members are signed in.
	Staff int `json:"staff,omitempty"`
	// Accuracy is of the waits expected.
	Accuracy Accuracy `json:"accuracy,omitzero"`
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

// Agent is one agent by id; those removed from the configuration stay until
// their talk ends.
func (a *ACD) Agent(id fact.AgentID) (AgentInfo, bool) {
	ag := a.agents[id]
	if ag == nil {
		return AgentInfo{}, false
	}
	return a.agentInfo(ag), true
}

// Trainee says whether an agent is one.
func (a *ACD) Trainee(id fact.AgentID) bool {
	ag := a.agents[id]
	return ag != nil && ag.trainee
}

// At is the agent who is signed in at an endpoint.
func (a *ACD) At(e fact.Endpoint) (fact.AgentID, bool) {
	ag := a.seats[e]
	if ag == nil {
		return "", false
	}
	return ag.id, true
}

// Agents are all agents, ordered by id.
func (a *ACD) Agents() []AgentInfo {
	infos := make([]AgentInfo, 0, len(a.agents))
	for _, ag := range ordered(a.agents) {
		infos = append(infos, a.agentInfo(ag))
	}
	return infos
}

func (a *ACD) agentInfo(ag *agent) AgentInfo {
	_, away := a.away[ag.endpoint]
	info := AgentInfo{
		ID: ag.id, Name: ag.label, State: ag.state, Reason: ag.reason, Since: ag.since,
		Endpoint: ag.endpoint, Reachable: ag.on && !away && !ag.lost,
		Queues: make([]fact.QueueID, 0, len(ag.members)), Skills: slices.Clone(ag.skills),
		Calls: slices.Clone(ag.calls), BackOff: ag.backOff.running(), Leaving: ag.leaving, Trainee: ag.trainee,
	}
	for i := range ag.members {
		info.Queues = append(info.Queues, ag.members[i].queue.ID)
	}
	if ag.state == ReadyState || ag.state == OfferedState {
		info.Idle = ag.idle
	}
	info.AgentStanding = ag.standing()
	for _, o := range []*offer{ag.offer, ag.talk} {
		if o != nil {
			info.Offer, info.Ticket, info.Queue = o.id, o.ticketID, o.queueID
		}
	}
	return info
}

// Waiting is the line of a queue in the order of being served, nil for a
// queue unknown.
func (a *ACD) Waiting(id fact.QueueID) []TicketInfo {
	q := a.queues[id]
	if q == nil {
		return nil
	}
	infos := make([]TicketInfo, 0, q.line.n)
	for t := range q.line.all {
		infos = append(infos, a.ticketInfo(t, len(infos)+1))
	}
	return infos
}

// Ticket is one place in line by id.
func (a *ACD) Ticket(id fact.TicketID) (TicketInfo, bool) {
	t := a.tickets[id]
	if t == nil {
		return TicketInfo{}, false
	}
	return a.ticketInfo(t, t.queue.line.ahead(t.rank(), t)+1), true
}

func (a *ACD) ticketInfo(t *ticket, position int) TicketInfo {
	info := TicketInfo{
		Ticket: t.id, Queue: t.queue.ID, Needs: t.needs, Position: position,
		Priority: t.priority, Joined: t.joined, Offers: t.offers,
		Score: a.score(t), Step: t.step, Consult: t.consult,
	}
	if t.out() {
		o := t.round.shown()
		info.Offer, info.Agent = o.id, o.agent.id
	}
	return info
}

// Queue is one queue by id. Only Oldest looks at more than a few numbers.
func (a *ACD) Queue(id fact.QueueID) (QueueInfo, bool) {
	q := a.queues[id]
	if q == nil {
		return QueueInfo{}, false
	}
	return q.info(), true
}

// Queues are all queues, ordered by id.
func (a *ACD) Queues() []QueueInfo {
	infos := make([]QueueInfo, 0, len(a.queues))
	for _, q := range ordered(a.queues) {
		infos = append(infos, q.info())
	}
	return infos
}

func (q *queue) info() QueueInfo {
	info := QueueInfo{
		ID: q.ID, Name: q.Name, Paused: q.mode() == ModePaused, Mode: q.mode(), Staff: q.on, Members: q.members,
		Waiting: q.line.n, Offered: q.offered, Talking: q.talking,
		Accuracy: q.pace.accuracy(),
	}
	if q.offers() {
		info.Ready = q.classes[0].idle.n
	}
	for t := range q.line.all {
		if info.Oldest == 0 || t.joined < info.Oldest {
			info.Oldest = t.joined
		}
	}
	return info
}

// Offer is an offer that is not over by id.
func (a *ACD) Offer(id fact.OfferID) (OfferInfo, bool) {
	o := a.offers[id]
	if o == nil {
		return OfferInfo{}, false
	}
	return OfferInfo{
		Offer: o.id, Round: o.round, Ticket: o.ticketID, Queue: o.queueID, Agent: o.agent.id,
		Endpoint: o.endpoint, Phase: o.phase, Since: o.since, Made: o.made,
	}, true
}

// Config is what the ACD works by. It shares nothing with the machine.
func (a *ACD) Config() Config { return a.config.clone() }
