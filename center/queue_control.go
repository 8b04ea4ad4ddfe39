package center

import (
	"fmt"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// setQueueMode opens, pauses, drains or closes a queue.
func (c *Center) setQueueMode(op SetQueueMode) error {
	return c.ask("set the mode of queue "+string(op.Queue), routing.SetMode{Queue: op.Queue, Mode: op.Mode})
}

// moveCaller puts a caller in another queue's line.
func (c *Center) moveCaller(op MoveCaller) error {
	k, err := c.inLine("move", op.Call)
	if err != nil {
		return err
	}
	return c.ask("move call "+string(op.Call), routing.Move{Ticket: k.ticket, Queue: op.Queue})
}

// rankCaller gives a caller another priority.
func (c *Center) rankCaller(op RankCaller) error {
	k, err := c.inLine("rank", op.Call)
	if err != nil {
		return err
	}
	if err := c.ask("rank call "+string(op.Call), routing.Rank{Ticket: k.ticket, Priority: op.Priority}); err != nil {
		return err
	}
	c.wait(k)
	return nil
}

// kickCaller takes a caller out of line.
func (c *Center) kickCaller(op KickCaller) error {
	k, err := c.inLine("kick", op.Call)
	if err != nil {
		return err
	}
	return c.ask("kick call "+string(op.Call), routing.Withdraw{Ticket: k.ticket, Why: routing.ExitRemoved})
}

// inLine is the contact of a call that waits in line.
func (c *Center) inLine(what string, id fact.CallID) (*contact, error) {
	k := c.contacts[id]
	switch {
	case k == nil:
		return nil, fmt.Errorf("%s: call %q: %w", what, id, ErrNotFound)
	case k.ticket == "":
		return nil, fmt.Errorf("%s: call %q is in no line: %w", what, id, ErrConflict)
	}
	return k, nil
}

// ask gives the ACD an input if it accepts it.
func (c *Center) ask(what string, in routing.Input) error {
	if err := c.acd.Check(in); err != nil {
		return fmt.Errorf("%s: %w", what, &refusal{acd: err, ours: sentinel(err)})
	}
	c.line(in)
	return nil
}

// wait tells a call where it waits: music, and a tag to find its place by.
func (c *Center) wait(k *contact) {
	t, ok := c.acd.Ticket(k.ticket)
	if !ok {
		return
	}
	c.step(k, call.Wait{
		Queue: t.Queue, Priority: t.Priority, Joined: fact.Moment{At: t.Joined, Offset: c.now.Offset},
		Music: c.index.queues[t.Queue].Music,
	})
}

// ring calls an agent's phone for a caller. The phones of one round are named
// one room.
func (c *Center) ring(e routing.Offer) {
	if l, owed := c.linedBy(e.Ticket); owed {
		c.ringOwed(e, l)
		return
	}
	k := c.holder(e.Ticket)
	if k == nil || k.ticket != e.Ticket && !k.asks(e.Ticket) {
		return
	}
	if _, out := c.acd.Offer(e.Offer); !out {
		return // what was done before in this very step has ended it
	}
	c.emit(fact.Event{Kind: fact.QueueOffered, Call: k.call.ID, Ticket: e.Ticket, Offer: e.Offer, Queue: e.Queue, Agent: e.Agent, Endpoint: e.Endpoint,
		Name: standsFor(e.Ticket), Trainee: c.acd.Trainee(e.Agent)})
	if k.asks(e.Ticket) {
		c.ringAsked(k, e)
		return
	}
	sw := fact.SwitchOf(k.call.First().ID)
	leg := fact.On[fact.LegID](sw, "hw-"+c.mint())
	if k.round != e.Round {
		k.round, k.room = e.Round, fact.On[fact.RoomID](sw, "hwr-"+c.mint())
	}
	r := call.Ring{Offer: e.Offer, Agent: e.Agent, Endpoint: e.Endpoint, Limit: e.Limit, Leg: leg, Room: k.room}
	c.introduce(&r, k, e)
	c.step(k, r)
}

// moved lets a call wait in another queue's line.
func (c *Center) moved(e routing.Moved) {
	c.emit(fact.Event{Kind: fact.QueueMoved, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.To, From: string(e.From), To: string(e.To),
		Position: e.Position, Reason: string(e.Why), Name: standsFor(e.Ticket)})
	if k := c.holder(e.Ticket); k != nil && k.ticket == e.Ticket {
		c.wait(k)
	}
}

// outcomes are the words that a flow has for why the line did not take or
// keep a caller.
var outcomes = map[routing.Exit]flow.Outcome{
	routing.ExitClosed: flow.OutcomeClosed, routing.ExitDraining: flow.OutcomeClosed, routing.ExitRemoved: flow.OutcomeRemoved,
	routing.ExitFull: flow.OutcomeFull, routing.ExitTimeout: flow.OutcomeTimeout, routing.ExitUnstaffed: flow.OutcomeUnstaffed,
	routing.ExitLongWait: flow.OutcomeLongWait, routing.ExitNamed: flow.OutcomeNamed,
}
