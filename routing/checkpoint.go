package routing

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

// checkpointForm is the version of the form below. Form 1 lacks what is
// omitted when empty, and is read as such.
const checkpointForm = 2

// The form of a checkpoint. Lines, classes, counters and the heap of leases
// follow from it.
type (
	saved struct {
		Form    int             `json:"form"`
		Now     fact.Instant    `json:"now"`
		Config  Config          `json:"config"`
		Away    []fact.Endpoint `json:"away,omitempty"`
		Agents  []savedAgent    `json:"agents"`
		Tickets []savedTicket   `json:"tickets"`
		Offers  []savedOffer    `json:"offers"`
		Queues  []savedQueue    `json:"queues,omitempty"`
	}
	savedQueue struct {
		ID   fact.QueueID `json:"id"`
		Mode Mode         `json:"mode,omitempty"`
		// Turn and Floor are of the queue's distribution.
		Turn  int64 `json:"turn,omitempty"`
		Floor int64 `json:"floor,omitempty"`
		// Grace and Sweep are when those leases end.
		Grace    *fact.Instant `json:"grace,omitempty"`
		Sweep    *fact.Instant `json:"sweep,omitempty"`
		Deserted bool          `json:"deserted,omitempty"`
		// Pace is how fast the line moves.
		Pace *pace `json:"pace,omitempty"`
	}
	savedMember struct {
		Queue  fact.QueueID `json:"queue"`
		Calls  int64        `json:"calls,omitempty"`
		Talked int64        `json:"talked_ms,omitempty"`
		Turn   int64        `json:"turn,omitempty"`
	}
	savedAgent struct {
		ID       fact.AgentID  `json:"id"`
		On       bool          `json:"on,omitempty"`
		Endpoint fact.Endpoint `json:"endpoint,omitempty"`
		Pause    PauseReason   `json:"pause,omitempty"`
		Lost     bool          `json:"lost,omitempty"`
		Calls    []fact.CallID `json:"calls,omitempty"`
		Held     bool          `json:"held,omitempty"`
		Asked    bool          `json:"asked,omitempty"`
		Leaving  bool          `json:"leaving,omitempty"`
		Removed  bool          `json:"removed,omitempty"`
		WrapUp   *savedWrapUp  `json:"wrap_up,omitempty"`
		// BackOff is when the back-off ends.
		BackOff *fact.Instant `json:"back_off,omitempty"`
		State   State         `json:"state"`
		Reason  PauseReason   `json:"reason,omitempty"`
		Since   fact.Instant  `json:"since"`
		Idle    fact.Instant  `json:"idle"`
		Members []savedMember `json:"members,omitempty"`
		// Skills are those set since the configuration, nil for its own.
		Skills []Skill `json:"skills,omitzero"`
		// Missing is when an endpoint that cannot be reached is given up.
		Missing *fact.Instant `json:"missing,omitempty"`
		Shaky   bool          `json:"shaky,omitempty"`
		savedStanding
	}
	savedWrapUp struct {
		Offer  fact.OfferID  `json:"offer"`
		Ticket fact.TicketID `json:"ticket"`
		Began  fact.Instant  `json:"began"`
		Due    fact.Instant  `json:"due"`
	}
	savedTicket struct {
		ID       fact.TicketID  `json:"id"`
		Queue    fact.QueueID   `json:"queue"`
		Needs    Needs          `json:"needs,omitempty"`
		Priority int            `json:"priority,omitempty"`
		Joined   fact.Instant   `json:"joined"`
		Offers   int            `json:"offers,omitempty"`
		Refusals []savedRefusal `json:"refusals,omitempty"`
		Level    string         `json:"level,omitempty"`
		Repeat   int            `json:"repeat,omitempty"`
		Aged     int            `json:"aged,omitempty"`
		Step     int            `json:"step,omitempty"`
		Prefer   fact.AgentID   `json:"prefer,omitempty"`
		Hold     fact.Instant   `json:"hold,omitempty"`
		Consult  bool           `json:"consult,omitempty"`
		Rounds   int            `json:"rounds,omitempty"`
		Hops     int            `json:"hops,omitempty"`
		// Entered is when it came to this queue, if not when it joined.
		Entered *fact.Instant `json:"entered,omitempty"`
		// Forecast is what was expected when it came, nil for nothing.
		Forecast *forecast `json:"forecast,omitempty"`
	}
	savedRefusal struct {
		Agent fact.AgentID `json:"agent"`
		Due   fact.Instant `json:"due"`
	}
	savedOffer struct {
		ID       fact.OfferID  `json:"id"`
		Round    fact.RoundID  `json:"round"`
		Ticket   fact.TicketID `json:"ticket"`
		Queue    fact.QueueID  `json:"queue"`
		Agent    fact.AgentID  `json:"agent"`
		Endpoint fact.Endpoint `json:"endpoint"`
		Ring     time.Duration `json:"ring"`
		Phase    OfferPhase    `json:"phase"`
		Made     fact.Instant  `json:"made"`
		Since    fact.Instant  `json:"since"`
		Rung     int64         `json:"rung,omitempty"`
		// Due is the end of the phase's lease; a talk has none.
		Due fact.Instant `json:"due,omitempty"`
		// Taken is set on the offer of a round that was answered first; N is
		// how many offers its ticket had.
		Taken bool `json:"taken,omitempty"`
		N     int  `json:"n,omitempty"`
		// Logged are the fields that the agent has written already.
		Logged []string `json:"logged,omitempty"`
	}
)

// Checkpoint writes the whole machine as JSON; equal machines give equal bytes.
func (a *ACD) Checkpoint() ([]byte, error) {
	s := saved{
		Form: checkpointForm, Now: a.now, Config: a.config, Away: slices.Sorted(maps.Keys(a.away)),
		Agents:  make([]savedAgent, 0, len(a.agents)),
		Tickets: make([]savedTicket, 0, len(a.tickets)), Offers: make([]savedOffer, 0, len(a.offers)),
	}
	for _, ag := range ordered(a.agents) {
		sa := ag.save()
		ag.saveOrder(&sa)
		s.Agents = append(s.Agents, sa)
	}
	for _, t := range ordered(a.tickets) {
		st := savedTicket{
			ID: t.id, Queue: t.queue.ID, Needs: t.needs, Priority: t.priority, Joined: t.joined, Offers: t.offers,
		}
		for _, r := range t.refusals {
			st.Refusals = append(st.Refusals, savedRefusal{Agent: r.agent, Due: r.lease.due})
		}
		t.saveOrder(&st)
		t.saveRound(&st)
		s.Tickets = append(s.Tickets, st)
	}
	for _, o := range ordered(a.offers) {
		so := savedOffer{
			ID: o.id, Round: o.round, Ticket: o.ticketID, Queue: o.queueID, Agent: o.agent.id, Endpoint: o.endpoint,
			Ring: o.ring, Phase: o.phase, Made: o.made, Since: o.since, Rung: o.rung, Logged: o.logged,
		}
		if o.lease.running() {
			so.Due = o.lease.due
		}
		o.saveRound(&so)
		s.Offers = append(s.Offers, so)
	}
	for _, q := range ordered(a.queues) {
		sq := savedQueue{ID: q.ID}
		q.saveOrder(&sq)
		q.saveMode(&sq)
		if sq != (savedQueue{ID: q.ID}) {
			s.Queues = append(s.Queues, sq)
		}
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the ACD's checkpoint: %w", err)
	}
	return b, nil
}

func (ag *agent) save() savedAgent {
	s := savedAgent{
		ID: ag.id, On: ag.on, Endpoint: ag.endpoint, Pause: ag.pause, Lost: ag.lost, Calls: ag.calls,
		Held: ag.held, Asked: ag.asked, Leaving: ag.leaving, Removed: ag.removed,
		State: ag.state, Reason: ag.reason, Since: ag.since, Idle: ag.idle, Missing: ag.missing.end(), Shaky: ag.shaky,
	}
	if w := &ag.wrapUp; w.lease.running() {
		s.WrapUp = &savedWrapUp{Offer: w.offer, Ticket: w.ticket, Began: w.began, Due: w.lease.due}
	}
	ag.saveStanding(&s.savedStanding)
	if ag.backOff.running() {
		due := ag.backOff.due
		s.BackOff = &due
	}
	return s
}

// Restore makes the machine that Checkpoint wrote; it behaves identically.
// Its errors wrap ErrCheckpoint.
func Restore(b []byte) (*ACD, error) {
	var s saved
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("restore the ACD: %w: %w", ErrCheckpoint, err)
	}
	if s.Form < 1 || s.Form > checkpointForm {
		return nil, fmt.Errorf("restore the ACD: form %d, want 1 to %d: %w", s.Form, checkpointForm, ErrCheckpoint)
	}
	if err := s.Config.Validate(); err != nil {
		return nil, fmt.Errorf("restore the ACD: %w: %w", ErrCheckpoint, err)
	}
	a := New()
	a.now = s.Now
	for _, e := range s.Away {
		a.away[e] = struct{}{}
	}
	for i := range s.Agents {
		a.restoreAgent(&s.Agents[i])
	}
	if err := a.restoreTickets(s); err != nil {
		return nil, fmt.Errorf("restore the ACD: %w: %w", ErrCheckpoint, err)
	}
	for i := range s.Offers {
		if err := a.restoreOffer(&s.Offers[i]); err != nil {
			return nil, fmt.Errorf("restore the ACD: %w: %w", ErrCheckpoint, err)
		}
	}
	a.build(s.Config, ordered(a.tickets), true)
	a.restoreOrder(&s)
	a.restoreModes(&s)
	for _, ag := range a.byIdle() {
		a.list(ag)
	}
	return a, nil
}

func (a *ACD) restoreAgent(s *savedAgent) {
	ag := newAgent(s.ID, s.Since)
	ag.on, ag.endpoint, ag.pause, ag.lost, ag.calls = s.On, s.Endpoint, s.Pause, s.Lost, s.Calls
	ag.held, ag.asked, ag.leaving, ag.removed, ag.shaky = s.Held, s.Asked, s.Leaving, s.Removed, s.Shaky
	if s.Missing != nil {
		a.leases.start(&ag.missing, *s.Missing)
	}
	ag.state, ag.reason, ag.idle = s.State, s.Reason, s.Idle
	if w := s.WrapUp; w != nil {
		ag.wrapUp.offer, ag.wrapUp.ticket, ag.wrapUp.began = w.Offer, w.Ticket, w.Began
		a.leases.start(&ag.wrapUp.lease, w.Due)
	}
	if s.BackOff != nil {
		a.leases.start(&ag.backOff, *s.BackOff)
	}
	ag.set = s.Skills
	a.restoreStanding(ag, &s.savedStanding)
	a.agents[ag.id] = ag
	if ag.on {
		a.seats[ag.endpoint] = ag
	}
}

// restoreTickets makes the tickets; build puts them in line by the id of
// their queue.
func (a *ACD) restoreTickets(s saved) error {
	known := map[fact.QueueID]*queue{}
	for _, c := range s.Config.Queues {
		known[c.ID] = &queue{Queue: c}
	}
	for _, st := range s.Tickets {
		if known[st.Queue] == nil {
			return fmt.Errorf("ticket %q: queue %q: %w", st.ID, st.Queue, ErrNoQueue)
		}
		if _, err := ParseNeeds(string(st.Needs)); err != nil {
			return fmt.Errorf("ticket %q: %w", st.ID, err)
		}
		t := &ticket{
			id: st.ID, queue: known[st.Queue], needs: st.Needs, priority: st.Priority,
			joined: st.Joined, offers: st.Offers, rounds: st.Rounds,
		}
		if t.rounds == 0 {
			t.rounds = t.offers
		}
		t.hops, t.entered = st.Hops, st.Joined
		if st.Forecast != nil {
			t.forecast = *st.Forecast
		}
		if st.Entered != nil {
			t.entered = *st.Entered
		}
		t.timer = lease{kind: leaseTicket, id: string(t.id), ticket: t}
		t.restoreOrder(a, &st)
		for _, r := range st.Refusals {
			a.refuse(t, r.Agent, r.Due)
		}
		a.tickets[t.id] = t
	}
	return nil
}

func (a *ACD) restoreOffer(s *savedOffer) error {
	ag, t := a.agents[s.Agent], a.tickets[s.Ticket]
	if ag == nil {
		return fmt.Errorf("offer %q: agent %q: %w", s.ID, s.Agent, ErrNoAgent)
	}
	o := &offer{
		id: s.ID, round: s.Round, ticketID: s.Ticket, queueID: s.Queue, agent: ag, endpoint: s.Endpoint,
		ring: s.Ring, phase: s.Phase, made: s.Made, since: s.Since, rung: s.Rung, n: s.number(), logged: s.Logged,
	}
	o.lease = lease{kind: leaseOffer, id: string(o.id), offer: o}
	a.offers[o.id] = o
	if s.Phase == PhaseTalk {
		ag.talk = o
		return nil
	}
	if t == nil {
		return fmt.Errorf("offer %q: ticket %q: %w", s.ID, s.Ticket, ErrNoTicket)
	}
	o.ticket, ag.offer = t, o
	t.restoreRound(o, s.Taken)
	a.leases.start(&o.lease, s.Due)
	return nil
}
