package center

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// transferTimeout is how long whom an agent calls in a talk may ring, unless
// the rules say otherwise (RUL-TRF-3).
const transferTimeout = 20 * time.Second

// consultCall calls somebody for an agent.
func (c *Center) consultCall(op ConsultCall) error {
	k, by, err := c.giver("consult", op.Call, op.Agent)
	if err != nil {
		return err
	}
	to, err := c.target("consult", op.To)
	if err != nil {
		return err
	}
	if rule := c.forbids(by.Agent, to, false); rule != "" {
		return c.denied(k, by, to, rule, "")
	}
	if to.Queue != "" {
		return c.askQueue(k, by, to)
	}
	return c.consult(k, by, to, false, "")
}

// giver is talk for one who wants to give the talk away, or to ask somebody.
func (c *Center) giver(what string, id fact.CallID, agent fact.AgentID) (*contact, *call.Leg, error) {
	k, by, err := c.talk(what, id, agent)
	switch {
	case err != nil:
		return nil, nil, err
	case by == k.call.First():
		return nil, nil, fmt.Errorf("%s: call %s: %w: only a call that came in is given on", what, id, ErrConflict)
	case k.call.Side != nil:
		return nil, nil, fmt.Errorf("%s: call %s: %w: %s is being called already", what, id, ErrConflict, k.toward)
	case k.call.Third:
		return nil, nil, fmt.Errorf("%s: call %s: %w: three are in the talk", what, id, ErrConflict)
	}
	return k, by, nil
}

// String is whom the target names.
func (t Target) String() string {
	switch {
	case t.Agent != "":
		return "agent " + string(t.Agent)
	case t.Queue != "":
		return "queue " + string(t.Queue)
	}
	return "number " + t.Number
}

// target checks a target and finds who or what a number stands for: an agent by
// number or at an extension, a queue by its id.
func (c *Center) target(what string, t Target) (Target, error) {
	set := 0
	for _, some := range []bool{t.Agent != "", t.Queue != "", t.Number != ""} {
		if some {
			set++
		}
	}
	if set != 1 {
		return t, fmt.Errorf("%s: to: %w: want exactly one of agent, queue and number", what, ErrInvalid)
	}
	if t.Number != "" {
		if s, ok := c.index.phones[t.Number]; ok {
			if a, on := c.acd.At(s.Endpoint); on {
				return Target{Agent: a}, nil
			}
			return t, nil
		}
		if _, ok := c.acd.Agent(fact.AgentID(t.Number)); ok {
			return Target{Agent: fact.AgentID(t.Number)}, nil
		}
		if _, ok := c.index.queues[fact.QueueID(t.Number)]; ok {
			return Target{Queue: fact.QueueID(t.Number)}, nil
		}
		return t, nil
	}
	if _, ok := c.acd.Agent(t.Agent); t.Agent != "" && !ok {
		return t, fmt.Errorf("%s: to.agent %q: %w", what, t.Agent, ErrNotFound)
	}
	if _, ok := c.index.queues[t.Queue]; t.Queue != "" && !ok {
		return t, fmt.Errorf("%s: to.queue %q: %w", what, t.Queue, ErrNotFound)
	}
	return t, nil
}

// consult calls somebody for the agent at a leg; with blind the agent does not
// wait for the answer.
func (c *Center) consult(k *contact, by *call.Leg, to Target, blind bool, transfer fact.TransferID) error {
	number := to.Number
	if to.Agent != "" {
		number = string(to.Agent)
	}
	seat := c.index.seats[by.Endpoint]
	ways, _, a := c.follow(attempt{Number: number, Seat: seat.Endpoint, Agent: by.Agent}, seat)
	if refused := ways[0].refused; refused != "" {
		return fmt.Errorf("%s cannot be called: %w: %s", to, ErrConflict, refused)
	}
	k.toward = to
	retry := c.reach(k, by, ways[0], a, blind)
	room := fact.On[fact.RoomID](fact.SwitchOf(by.ID), "hwr-"+c.mint())
	c.step(k, call.Consult{By: by.ID, Room: room, Blind: blind, Transfer: transfer, Retry: retry})
	return nil
}

// reach is how whom an agent asks is called by a way, who is busy with the call
// from now on.
func (c *Center) reach(k *contact, by *call.Leg, w way, a attempt, blind bool) call.Retry {
	switch {
	case w.show.Number != "":
	case blind:
		w.show = k.call.From
	default:
		w.show = media.Identity{Number: c.index.seats[by.Endpoint].Extension, Name: string(by.Agent)}
	}
	a.Trunk = w.trunk
	k.reached, k.consulted = &a, w.agent
	if w.agent != "" {
		c.line(routing.Seize{Agent: w.agent, Call: k.call.ID})
	}
	in := call.Retry{Leg: fact.On[fact.LegID](fact.SwitchOf(by.ID), "hw-"+c.mint()), Endpoint: w.endpoint, Agent: w.agent, Show: w.show, Limit: c.ringFor()}
	c.occupy(in.Leg, w.trunk)
	return in
}

// ringFor is how long whom an agent calls may ring.
func (c *Center) ringFor() time.Duration {
	if limit := c.cfg.Transfers.Timeout; limit > 0 {
		return limit
	}
	return transferTimeout
}

// unreached tries another way to whom an agent asks, as for whom an agent dials,
// or gives the agent the caller back when there is none.
func (c *Center) unreached(k *contact, e call.Undialled) {
	s := k.call.Side
	by, l := k.call.Leg(s.By), k.call.Leg(e.Leg)
	if k.reached != nil {
		if w, a, ok := c.onward(*k.reached, c.index.seats[by.Endpoint], l, e); ok {
			if k.consulted != "" {
				c.line(routing.Free{Agent: k.consulted, Call: k.call.ID})
			}
			c.step(k, c.reach(k, by, w, a, s.Blind))
			return
		}
	}
	c.step(k, call.Unconsult{Why: e.Why})
}

// consultOver is the end of a consult, or of a blind transfer, without one.
func (c *Center) consultOver(k *contact) {
	c.questionOver(k)
	agent := k.consulted
	k.consulted, k.toward, k.reached = "", Target{}, nil
	if agent != "" {
		c.line(routing.Free{Agent: agent, Call: k.call.ID})
	}
}

// asking finds a call in which somebody is being asked, and has answered.
func (c *Center) asking(what string, id fact.CallID) (*contact, error) {
	k := c.contacts[id]
	switch {
	case k == nil:
		return nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	case k.call.Side == nil:
		return nil, fmt.Errorf("%s: call %s: %w: nobody is asked", what, id, ErrConflict)
	case k.call.Side.Phase != call.SideTalking && what != "cancel":
		return nil, fmt.Errorf("%s: call %s: %w: %s has not answered", what, id, ErrConflict, k.toward)
	}
	return k, nil
}

// completeConsult gives a talk to whom is consulted.
func (c *Center) completeConsult(op CompleteConsult) error {
	k, err := c.asking("complete", op.Call)
	if err == nil {
		c.step(k, call.Complete{})
	}
	return err
}

// mergeConsult brings whom is consulted into a talk.
func (c *Center) mergeConsult(op MergeConsult) error {
	k, err := c.asking("merge", op.Call)
	if err == nil {
		c.step(k, call.Merge{})
	}
	return err
}

// cancelConsult ends a consult.
func (c *Center) cancelConsult(op CancelConsult) error {
	k, err := c.asking("cancel", op.Call)
	if err == nil {
		c.step(k, call.Unconsult{})
	}
	return err
}

// consultView is who is being asked in a call, nil for nobody.
func (c *Center) consultView(k *contact) *ConsultView {
	s := k.call.Side
	if s == nil {
		return nil
	}
	v := &ConsultView{To: k.toward, Agent: k.consulted, State: CallRinging, Began: c.wall(s.Began)}
	if by := k.call.Leg(s.By); by != nil {
		v.By = by.Agent
	}
	switch s.Phase {
	case call.SideCalling:
	case call.SideWaiting:
		v.State = CallWaiting
		for _, l := range k.call.Legs {
			if l.Part == call.PartConsult && !l.Gone && !l.Hung {
				v.State, v.Agent = CallRinging, l.Agent
			}
		}
	default:
		v.State = CallTalking
	}
	if l := k.call.Leg(s.Leg); l != nil {
		v.Agent = l.Agent
	}
	return v
}
