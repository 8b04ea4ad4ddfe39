package routing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// Rule names what can keep a ticket and an agent apart.
type Rule string

// The rules.
const (
	RuleMember      Rule = "member"      // does not serve the queue
	RuleNeeds       Rule = "needs"       // lacks what is asked for
	RuleTrainee     Rule = "trainee"     // is one, and the queue offers them nothing
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

// Aged is the explanation with the waits counted on by so many milliseconds,
// in which nothing has happened.
func (w TicketWhy) Aged(past int64) TicketWhy {
	w.Score += past
	w.Credits = slices.Clone(w.Credits)
	if len(w.Credits) > 0 {
		w.Credits[0].Millis += past // the wait itself
	}
	w.Ahead = slices.Clone(w.Ahead)
	for i := range w.Ahead {
		w.Ahead[i].Score += past
	}
	return w
}

// WhyTicket explains a ticket in line, with at most limit of everything that
// is many; false when it is not in line. It changes nothing.
func (a *ACD) WhyTicket(id fact.TicketID, limit int) (TicketWhy, bool) {
	t := a.tickets[id]
	if t == nil {
		return TicketWhy{}, false
	}
	w := a.whyTicket(t)
	for other := range t.queue.line.all {
		if other == t || len(w.Ahead) == limit {
			break
		}
		w.Ahead = append(w.Ahead, a.ticketInfo(other, len(w.Ahead)+1))
	}
	for _, ag := range ordered(a.agents) {
		if ag.member(t.queue) != nil {
			w.Candidates = append(w.Candidates, a.verdict(ag, t))
		}
	}
	slices.SortStableFunc(w.Candidates, func(x, y Verdict) int {
		return cmp.Or(
			cmp.Compare(apart(t, x), apart(t, y)),
			slices.Compare(x.Key[:], y.Key[:]),
		)
	})
	for i := range w.Candidates {
		if len(w.Candidates[i].Excluded) == 0 {
			w.Candidates[i].Rank = i + 1
		}
	}
	if w.More = len(w.Candidates) - limit; w.More > 0 {
		w.Candidates = w.Candidates[:limit]
	}
	w.More = max(w.More, 0)
	return w, true
}

// WhyPair is WhyTicket with one agent for a candidate, whoever it is; false
// when the ticket is not in line or nobody knows the agent.
func (a *ACD) WhyPair(id fact.TicketID, agent fact.AgentID) (TicketWhy, bool) {
	t, ag := a.tickets[id], a.agents[agent]
	if t == nil || ag == nil {
		return TicketWhy{}, false
	}
	w := a.whyTicket(t)
	w.Candidates = append(w.Candidates, a.verdict(ag, t))
	return w, true
}

// whyTicket explains a ticket by itself.
func (a *ACD) whyTicket(t *ticket) TicketWhy {
	w := TicketWhy{
		TicketInfo: a.ticketInfo(t, t.queue.line.ahead(t.rank(), t)+1),
		Credits:    []Credit{{"waited", int64(a.now - t.joined)}},
		Asks:       (&Requirement{t.class.gate}).String(),
		Candidates: []Verdict{},
	}
	sum := w.Credits[0].Millis
	t.credits(func(what string, worth time.Duration) {
		if worth != 0 {
			w.Credits = append(w.Credits, Credit{what, worth.Milliseconds()})
			sum += worth.Milliseconds()
		}
	})
	if over := w.Score - sum; over != 0 {
		w.Credits = append(w.Credits, Credit{"cap", over})
	}
	return w
}

// apart is how far a candidate is from the ticket: those it rings at, those
// who could have it, then those with ever more against it.
func apart(t *ticket, v Verdict) int {
	if slices.ContainsFunc(t.round.offers, func(o *offer) bool { return o.agent.id == v.Agent }) {
		return -1
	}
	return len(v.Excluded)
}

// WhyAgent explains an agent, with at most limit tickets; false for an agent
// unknown. Findings are what keeps the agent from any ticket; they are not said
// again of each of Tickets, whose ranks are by who goes first and whose keys
// are the tickets'. It changes nothing.
func (a *ACD) WhyAgent(id fact.AgentID, limit int) (AgentWhy, bool) {
	ag := a.agents[id]
	if ag == nil {
		return AgentWhy{}, false
	}
	w := AgentWhy{AgentInfo: a.agentInfo(ag), Findings: a.findings(ag), Tickets: []Verdict{}}
	var list []*ticket
	if ag.offer != nil {
		list = append(list, ag.offer.ticket)
	}
	list = slices.AppendSeq(list, ag.wanted.all)
	for i := range ag.members {
		for _, c := range ag.members[i].queue.hot {
			list = append(list, c.waiting.head().of)
			if first := c.firstFor(ag); first != nil && first.of != c.waiting.head().of {
				list = append(list, first.of)
			}
		}
	}
	for _, t := range list {
		w.Tickets = append(w.Tickets, Verdict{Agent: ag.id, Ticket: t.id, Excluded: a.between(ag, t), Key: t.rank()})
	}
	// Those that could go to the agent first; the one that rings before all.
	slices.SortStableFunc(w.Tickets, func(x, y Verdict) int {
		return cmp.Or(
			cmp.Compare(min(len(x.Excluded), 1), min(len(y.Excluded), 1)),
			slices.Compare(x.Key[:], y.Key[:]),
			cmp.Compare(x.Ticket, y.Ticket),
		)
	})
	for i := range w.Tickets {
		if len(w.Tickets[i].Excluded) == 0 {
			w.Tickets[i].Rank = i + 1
		}
	}
	w.Tickets = w.Tickets[:min(len(w.Tickets), limit)]
	return w, true
}

// verdict is all that is to be said of a pair, but for the rank.
func (a *ACD) verdict(ag *agent, t *ticket) Verdict {
	v := Verdict{Agent: ag.id, Ticket: t.id, Excluded: a.between(ag, t)}
	if ag.offer == nil || ag.offer.ticket != t {
		v.Excluded = append(v.Excluded, a.findings(ag)...)
	}
	if m := ag.member(t.queue); m != nil {
		v.Key = t.class.rank(m, ag)
	}
	return v
}

// findings are what keeps an agent from every ticket.
func (a *ACD) findings(ag *agent) []Finding {
	var list []Finding
	if ag.state != ReadyState {
		f := Finding{Rule: RuleState, Detail: string(ag.state)}
		switch {
		case ag.reason == PauseEndpoint: // said below
		case ag.reason == PauseLog:
			f.Detail += " (log-missing): " + ag.duties[0].String()
		case ag.reason != "":
			f.Detail += " (" + string(ag.reason) + ")" + a.remark(ag)
		case ag.state == HandoverState:
			f.Detail += ", before the shift"
		case ag.state == WrapUpState:
			f.Until = ag.wrapUp.lease.due
		case ag.offer != nil:
			f.Detail += " " + string(ag.offer.ticketID)
			f.Until = ag.offer.lease.due
		case ag.talk != nil:
			f.Detail += " " + string(ag.talk.ticketID)
		}
		if ag.reason != PauseEndpoint {
			list = append(list, f)
		}
	}
	if _, away := a.away[ag.endpoint]; ag.on && (away || ag.lost) {
		detail := string(ag.endpoint) + " cannot be reached (not registered, or does not answer)"
		if !away {
			detail = string(ag.endpoint) + " did not ring when it was called"
		}
		list = append(list, Finding{Rule: RuleUnreachable, Detail: detail})
	}
	if ag.backOff.running() {
		list = append(list, Finding{Rule: RuleBackOff, Detail: "an offer has just failed", Until: ag.backOff.due})
	}
	if len(list) == 0 && !ag.available() {
		list = append(list, Finding{Rule: RuleState, Detail: string(ag.state) + ", not available"})
	}
	return list
}

// between is what keeps a ticket from an agent who is free.
func (a *ACD) between(ag *agent, t *ticket) []Finding {
	var list []Finding
	if ag.offer != nil && ag.offer.ticket == t {
		return nil
	}
	q, m := t.queue, ag.member(t.queue)
	if m == nil {
		list = append(list, Finding{Rule: RuleMember, Detail: "does not serve " + string(q.ID)})
	}
	levels := ag.levels
	if q.Trainees == TraineesNever && ag.trainee {
		list = append(list, Finding{Rule: RuleTrainee, Detail: "is a trainee, to whom " + string(q.ID) + " offers nothing"})
		levels = levels[:len(levels)-1] // the skills alone
	}
	if !t.class.gate.open(levels) {
		list = append(list, Finding{Rule: RuleNeeds, Detail: "lacks " + t.class.gate.missing(levels), Until: a.relaxes(ag, t)})
	}
	for _, r := range t.refusals {
		if r.agent == ag.id {
			list = append(list, Finding{Rule: RuleRefused, Detail: "has rejected it", Until: r.lease.due})
		}
	}
	if t.reserved() && t.prefer != ag {
		list = append(list, Finding{Rule: RuleReserved, Detail: "waits for agent " + string(t.prefer.id), Until: t.hold})
	}
	if !t.out() {
		if !q.offers() {
			list = append(list, Finding{Rule: RuleQueueMode, Detail: string(q.ID) + " is " + string(q.mode())})
		}
		return list
	}
	o := t.round.shown()
	if q.Distribution == RingAll && t.round.taken == nil && len(t.round.offers) >= q.width() {
		return append(list, Finding{Rule: RuleWidth, Detail: strconv.Itoa(len(t.round.offers)) + " phones ring already"})
	}
	list = append(list, Finding{Rule: RuleUnderOffer, Detail: "is offered to agent " + string(o.agent.id), Until: o.lease.due})
	if other := o.agent.member(q); m != nil && other != nil && t.class.gate.open(ag.levels) && q.Distribution != RingAll {
		if mine, first := t.class.rank(m, ag), t.class.rank(other, o.agent); slices.Compare(first[:], mine[:]) < 0 {
			list = append(list, Finding{Rule: RuleRank, Detail: "agent " + string(o.agent.id) + " goes first by " + q.distribution()})
		}
	}
	return list
}

// distribution is what the queue distributes by, in words of the configuration.
func (q *queue) distribution() string {
	if q.Distribution == "" {
		return string(LongestIdle)
	}
	return string(q.Distribution)
}

// relaxes is when a ticket that waits will ask for no more than the agent has,
// 0 for never.
func (a *ACD) relaxes(ag *agent, t *ticket) fact.Instant {
	q := t.queue
	for step := t.step + 1; step < len(q.steps); step++ {
		own := &gate{op: opAnd}
		if r, err := ParseNeeds(string(t.needs)); err == nil && r.root != nil && !q.steps[step].dropOwn {
			own = r.root.bind(a.slots)
		}
		if own.open(ag.levels) && q.steps[step].gate.open(ag.levels) {
			return t.joined.Add(q.Relax[step-1].After)
		}
	}
	return 0
}

// missing is what somebody of these levels lacks: the first term that fails,
// or of alternatives all.
func (g *gate) missing(levels []uint8) string {
	switch g.op {
	case opAnd:
		for _, k := range g.gates {
			if !k.open(levels) {
				return k.missing(levels)
			}
		}
		return ""
	case opOr:
		all := make([]string, len(g.gates))
		for i, k := range g.gates {
			all[i] = k.missing(levels)
		}
		return strings.Join(all, " or ")
	}
	var b strings.Builder
	g.write(&b)
	if g.op == opTerm {
		n := uint8(0)
		if g.slot >= 0 && g.slot < len(levels) {
			n = levels[g.slot]
		}
		b.WriteString(" (has " + strconv.Itoa(int(n)) + ")")
	}
	return b.String()
}
