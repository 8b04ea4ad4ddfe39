package center

import (
	"errors"
	"fmt"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// The rules of transfers that a refusal names.
const (
	ruleBlind = "RUL-TRF-1" // no blind transfer, and none to an agent by name
	ruleDial  = "AMB-13"    // none to a number outside
)

// forbids is the rule by which an agent may not give a talk to a target, ""
// for none (SPEC AMB-13). An attended transfer to a queue is always allowed;
// to or from a supervisor it is as well, and to an emergency number.
func (c *Center) forbids(from fact.AgentID, to Target, blind bool) string {
	r := c.cfg.Transfers
	if blind && r.Blind != BlindAllow && (r.Blind != BlindQueue || to.Queue == "") {
		return ruleBlind
	}
	leads := c.index.supervisors
	switch {
	case to.Queue != "" || leads[from]:
	case to.Agent != "" && !r.Agents && !leads[to.Agent]:
		return ruleBlind
	case to.Number != "" && !r.Numbers && !c.cfg.Urgent(to.Number):
		return ruleDial
	}
	return ""
}

// forbidden is a transfer that a rule forbids.
type forbidden struct {
	to   Target
	rule string
}

func (f *forbidden) Error() string {
	return fmt.Sprintf("transfer to %s: %v by rule %s", f.to, ErrDenied, f.rule)
}

// Unwrap has it be ErrDenied.
func (f *forbidden) Unwrap() error { return ErrDenied }

// denied tells of a transfer that a rule forbids. Of what a phone asked for,
// the call tells itself.
func (c *Center) denied(k *contact, by *call.Leg, to Target, rule string, asked fact.TransferID) error {
	if asked == "" {
		c.emit(fact.Event{Kind: fact.TransferDenied, Call: k.call.ID, Leg: by.ID, Agent: by.Agent, To: to.String(), Reason: rule})
	}
	return &forbidden{to, rule}
}

// transferCall gives a talk away at once.
func (c *Center) transferCall(op TransferCall) error {
	k, by, err := c.giver("transfer", op.Call, op.Agent)
	if err != nil {
		return err
	}
	to, err := c.target("transfer", op.To)
	if err != nil {
		return err
	}
	return c.transfer(k, by, to, "")
}

// transfer gives a talk away without a word before.
func (c *Center) transfer(k *contact, by *call.Leg, to Target, asked fact.TransferID) error {
	if rule := c.forbids(by.Agent, to, true); rule != "" {
		return c.denied(k, by, to, rule, asked)
	}
	if to.Queue != "" {
		return c.requeue(k, by, to.Queue, asked)
	}
	return c.consult(k, by, to, true, asked)
}

// requeue gives the caller of a talk a place in a line.
func (c *Center) requeue(k *contact, by *call.Leg, to fact.QueueID, asked fact.TransferID) error {
	in := routing.Join{Queue: to, Joined: c.now.At, Ticket: ticketOf(k, k.tickets+1)}
	if err := c.acd.Check(in); err != nil {
		return fmt.Errorf("transfer to queue %s: %w", to, &refusal{err, sentinel(err)})
	}
	agent, offer := by.Agent, by.Offer
	k.given = k.gives(agent)
	c.emit(fact.Event{Kind: fact.TransferDone, Call: k.call.ID, Leg: by.ID, Agent: by.Agent, Queue: to, To: string(to), Reason: "blind"})
	c.step(k, call.Requeue{By: by.ID, Transfer: asked})
	c.stand(k, in, k.line)
	// Only then is the agent free, for the caller has just been there.
	c.parts(k, agent, offer)
	return nil
}

// parts frees an agent who has given the talk away, by whatever the agent had
// it.
func (c *Center) parts(k *contact, agent fact.AgentID, offer fact.OfferID) {
	if agent != "" && k.colleague == agent {
		k.colleague = ""
		c.line(routing.Free{Agent: agent, Call: k.call.ID})
	}
	if offer != "" {
		c.line(routing.Released{Offer: offer})
	}
}

// given is whom a caller was with before, and by which place in line: what the
// caller asked for there, and is worth.
type given struct {
	Agent    fact.AgentID `json:"agent"`
	Queue    fact.QueueID `json:"queue"`
	Priority int          `json:"priority,omitempty"`
	Wish     media.Wish   `json:"wish,omitzero"`
}

// gives is what an agent gives away who has the talk. What was asked for in
// another queue's line does not count.
func (k *contact) gives(agent fact.AgentID) *given {
	g := &given{Agent: agent, Queue: k.call.Queue, Priority: k.call.Tag.Priority, Wish: k.call.Tag.Wish}
	if w := k.owing.Wish; w == nil || w.Queue != g.Queue {
		g.Wish.Needs = ""
	}
	return g
}

// giveBack puts a caller back into the line that a talk came from, for the agent
// who had it. False when there is none any more.
func (c *Center) giveBack(k *contact, g *given, joined fact.Instant) bool {
	return c.rejoin(k, routing.Join{
		Queue: g.Queue, Joined: joined, Prefer: g.Agent,
		Needs: routing.Needs(g.Wish.Needs), Priority: g.Priority, Level: g.Wish.Level, Repeat: g.Wish.Repeat,
	}, k.line)
}

// returned puts a caller who was given to a queue, and got nobody there, back
// into the line that the talk came from, for the agent who gave it (RUL-TRF-3).
// False when there is nothing to go back to.
func (c *Center) returned(k *contact, e routing.Left) bool {
	g := k.given
	if e.Why == routing.ExitAbandoned {
		return false
	}
	k.given = nil
	// Who leaves by a key wants something else, and has a flow to go on in.
	if g == nil || e.Why == routing.ExitConnected || e.Why == routing.ExitKey || g.Queue == "" || g.Queue == e.Queue || k.call.Phase != call.Waiting {
		return false
	}
	c.emit(fact.Event{Kind: fact.TransferFailed, Call: k.call.ID, Queue: e.Queue, Agent: g.Agent, Reason: string(e.Why)})
	return c.giveBack(k, g, c.now.At-fact.Instant(e.Waited))
}

// transferred has the ACD know who has the talk. Who was called as a colleague
// is busy with the call until the talk is that one's own.
func (c *Center) transferred(k *contact, e call.Transferred) {
	to := e.To // who has taken it over was busy with it before; a third one stays
	if !e.Over {
		to = k.consulted
		k.consulted, k.toward, k.reached, k.question = "", Target{}, nil, nil
	}
	if pass := (routing.Pass{Offer: e.Offer, Agent: e.To}); e.New == "" && e.To != "" && c.acd.Check(pass) == nil {
		c.line(pass)
	}
	c.parts(k, e.From, "")
	if l := k.call.Leg(e.Leg); l != nil && l.Offer == "" && to != "" {
		k.colleague = to // until the call is over
	} else if to != "" {
		c.line(routing.Free{Agent: to, Call: k.call.ID})
	}
	c.parts(k, "", e.Offer) // if it was not passed on
}

// passed tells a call by which offer its agent has the talk.
func (c *Center) passed(e routing.Passed) {
	k := c.holder(offerTicket(e.New))
	if k == nil {
		return
	}
	if l := k.call.Partner(); l != nil && l.Agent == e.To {
		c.step(k, call.Named{Leg: l.ID, Offer: e.New})
	}
}

// transferAsked answers a phone that wants its talk to go elsewhere.
func (c *Center) transferAsked(k *contact, e call.TransferAsked) {
	if err := c.refer(k, e); err != nil {
		rule := ""
		if by := (*forbidden)(nil); errors.As(err, &by) {
			rule = by.rule
		}
		c.step(k, call.Refuse{Transfer: e.Transfer, Leg: e.Leg, To: e.To, Rule: rule})
	}
}

// refer does what a phone asks for, or says why not.
func (c *Center) refer(k *contact, e call.TransferAsked) error {
	by := k.call.Leg(e.Leg)
	if by == nil || by.Agent == "" {
		return fmt.Errorf("refer of %s: %w: no agent's", e.Leg, ErrConflict)
	}
	k, by, err := c.giver("refer", k.call.ID, by.Agent)
	if err != nil {
		return err
	}
	if e.Consulted != "" {
		return c.referTo(k, by, e)
	}
	to, err := c.target("refer", Target{Number: e.To})
	if err != nil {
		return err
	}
	return c.transfer(k, by, to, e.Transfer)
}

// referTo joins the two calls that an agent's phone has: whom the agent called
// by the other one has the talk.
func (c *Center) referTo(k *contact, by *call.Leg, e call.TransferAsked) error {
	other := c.of(e.Consulted)
	if other == nil || other == k || other.call.Phase != call.InTalk || other.call.Direction == fact.Inbound ||
		other.call.First().ID != e.Consulted || other.call.First().Endpoint != by.Endpoint {
		return fmt.Errorf("refer to %s: %w: no talk of the same phone", e.Consulted, ErrConflict)
	}
	l := other.call.Partner()
	if l == nil {
		return fmt.Errorf("refer to %s: %w: nobody is there", e.Consulted, ErrConflict)
	}
	to := Target{Number: other.call.To}
	if l.Agent != "" {
		to = Target{Agent: l.Agent}
	}
	if rule := c.forbids(by.Agent, to, false); rule != "" {
		return c.denied(k, by, to, rule, e.Transfer)
	}
	if l.Agent != "" {
		other.colleague = ""
		k.consulted = l.Agent
		c.line(routing.Seize{Agent: l.Agent, Call: k.call.ID})
		c.line(routing.Free{Agent: l.Agent, Call: other.call.ID})
	}
	k.toward = to
	leg := *l
	c.step(other, call.Give{Leg: l.ID})
	c.legs[leg.ID] = k.call.ID
	c.step(k, call.Take{Leg: &leg, Transfer: e.Transfer})
	return nil
}
