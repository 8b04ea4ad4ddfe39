package center

import (
	"cmp"
	"slices"
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// lined is a callback in its queue's line: by which ticket, and the call that it
// will be.
type lined struct {
	Callback fact.CallbackID `json:"callback"`
	Call     fact.CallID     `json:"call"`
	Ticket   fact.TicketID   `json:"ticket"`
}

// The operations on calls that we owe, which the store keeps.
type (
	// TellCallbacks tells what people have changed in the store, and what else
	// is open there. It changes no configuration; what the centre knows by its
	// revision changes nothing.
	TellCallbacks struct {
		Callbacks []callback.Callback `json:"callbacks"`
	}
	// RunCallback has a callback called now, whatever its time. The windows
	// still count.
	RunCallback struct {
		Callback fact.CallbackID `json:"callback"`
	}
	// MarkCallback says of the attempt under way what the line cannot tell.
	MarkCallback struct {
		Callback fact.CallbackID  `json:"callback"`
		Outcome  callback.Outcome `json:"outcome"`
	}
)

func (TellCallbacks) operation() {}
func (RunCallback) operation()   {}
func (MarkCallback) operation()  {}

func (c *Center) tellCallbacks(op TellCallbacks) {
	for _, b := range op.Callbacks {
		old, _, known := c.book.Get(b.ID)
		c.tell(b)
		e := fact.Event{Call: b.Call, Queue: b.Queue, Agent: b.Agent, From: b.Number, Name: string(b.ID)}
		switch {
		case !known && b.State == callback.Open && b.Source == callback.FromPeople && b.Attempts == 0:
			e.Kind, e.Reason = fact.CallbackAsked, string(b.Source)
			c.emit(e)
		case known && old.Revision < b.Revision && b.State == callback.Open:
			e.Kind, e.Reason = fact.CallbackMoved, string(b.DueSource)
			c.emit(e)
		}
	}
}

// tell takes over what people have changed of a callback. One in line that is
// not to be called now any more leaves it.
func (c *Center) tell(b callback.Callback) {
	c.book.Put(b, c.now.Wall().UnixMilli())
	if l, in := c.lined[b.ID]; in && !c.book.May(b.ID, c.now.Wall().UnixMilli()) {
		c.line(routing.Withdraw{Ticket: l.Ticket, Why: routing.ExitRemoved})
	}
}

// nextCallback is when a callback comes up.
func (c *Center) nextCallback() (fact.Instant, bool) {
	wall, ok := c.book.Next()
	return fact.Instant(wall - c.now.Offset), ok
}

// lineUp puts the callbacks whose turn has come into their queues' lines, among
// the callers there.
func (c *Center) lineUp() {
	wall := c.now.Wall().UnixMilli()
	for _, t := range c.book.Take(wall) {
		b := t.Callback
		l := lined{Callback: b.ID, Call: fact.CallID("c-" + c.mint())}
		l.Ticket = fact.TicketID(string(l.Call) + "-t1")
		in := routing.Join{
			Ticket: l.Ticket, Queue: b.Queue, Needs: routing.Needs(b.Needs), Priority: b.Priority, Level: b.Level, Prefer: b.Agent,
			Joined: min(c.now.At, fact.Instant(t.Joined-c.now.Offset)),
		}
		if c.acd.Check(in) != nil { // as of a caller whose wish the configuration does not know any more
			in = routing.Join{Ticket: in.Ticket, Queue: in.Queue, Priority: in.Priority, Joined: in.Joined}
		}
		if c.acd.Check(in) != nil {
			c.book.Unline(b.ID, wall, false)
			continue
		}
		c.lined[b.ID], c.calls[l.Call] = l, b.ID
		c.emit(fact.Event{Kind: fact.CallbackLined, Call: l.Call, Ticket: l.Ticket, Queue: b.Queue, Agent: b.Agent, From: b.Number, Name: string(b.ID)})
		c.line(in)
	}
}

// linedBy is the callback in line that a ticket is of, false for none.
func (c *Center) linedBy(t fact.TicketID) (lined, bool) {
	l, ok := c.lined[c.calls[callOf(t)]]
	return l, ok && l.Ticket == t
}

func (c *Center) unlined(l lined) {
	delete(c.lined, l.Callback)
	delete(c.calls, l.Call)
}

// ringOwed rings the agent who is to make a call that we owe: one at a time.
func (c *Center) ringOwed(e routing.Offer, l lined) {
	if _, out := c.acd.Offer(e.Offer); !out {
		return // what was done before in this very step has ended it
	}
	if c.contacts[l.Call] != nil {
		c.line(routing.Failed{Offer: e.Offer, Why: routing.MissElsewhere})
		return
	}
	sw := c.outbound()
	if sw == "" || !c.book.May(l.Callback, c.now.Wall().UnixMilli()) {
		c.line(routing.Withdraw{Ticket: e.Ticket, Why: routing.ExitRemoved})
		return
	}
	b, _, _ := c.book.Get(l.Callback)
	c.emit(fact.Event{Kind: fact.QueueOffered, Call: l.Call, Ticket: e.Ticket, Offer: e.Offer, Queue: e.Queue, Agent: e.Agent, Endpoint: e.Endpoint,
		Name: string(b.ID), Trainee: c.acd.Trainee(e.Agent)})
	seat := c.index.seats[e.Endpoint]
	r := call.Ring{
		Offer: e.Offer, Agent: e.Agent, Endpoint: e.Endpoint, Limit: e.Limit, Leg: fact.On[fact.LegID](sw, "hw-"+c.mint()),
		Show: media.Identity{Number: b.Number, Name: b.Name}, Alert: c.index.queues[e.Queue].Alert, AutoAnswer: seat.AutoAnswer,
	}
	from := media.Identity{Number: seat.Extension, Name: string(e.Agent)}
	policy := c.recording()
	k := &contact{policy: policy, call: call.Owe(l.Call, c.now, r, e.Queue, from, b.Number, policy.of(fact.Outbound, "", e.Queue).Recorded), agent: e.Agent, owes: b.ID, ticket: e.Ticket, tickets: 1}
	c.contacts[l.Call], c.legs[r.Leg] = k, l.Call
	c.emit(fact.Event{Kind: fact.CallOffered, Call: l.Call, Leg: r.Leg, Endpoint: e.Endpoint, Agent: e.Agent, Queue: e.Queue, From: from.Number, To: b.Number,
		Name: b.Name, Reason: string(fact.Outbound)})
	c.step(k, r)
}

// outbound is the switch that calls go out by, "" for none that can be seen.
func (c *Center) outbound() string {
	for _, l := range c.links {
		if l.Up {
			return l.Name
		}
	}
	return ""
}

// leftOwed is a callback that is out of line: an agent has picked up for it, or
// it goes back to wait.
func (c *Center) leftOwed(l lined, e routing.Left) {
	k, wall := c.contacts[l.Call], c.now.Wall().UnixMilli()
	if k != nil {
		k.ticket = ""
	}
	c.unlined(l)
	if e.Why != routing.ExitConnected || k == nil {
		// Without a phone that rang nothing has changed: it joins again later.
		c.book.Unline(l.Callback, wall, k != nil)
		return
	}
	// The last moment before the number is dialled.
	b, ok := c.book.Dial(l.Callback, l.Call, wall)
	if !ok {
		c.book.Unline(l.Callback, wall, true)
		c.step(k, call.End{By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonForbidden}})
		return
	}
	c.tried(b, e.Agent, 0)
	c.emit(fact.Event{Kind: fact.CallbackDialled, Call: l.Call, Queue: b.Queue, Agent: e.Agent, From: b.Number, Name: string(b.ID), Position: b.Attempts})
	seat := c.index.seats[k.call.First().Endpoint]
	ways, _, a := c.follow(attempt{Number: dialForm(b.Number), Seat: seat.Endpoint, Agent: e.Agent}, seat)
	c.dial(k, ways[0], a)
}

// missedOwed is an agent who has not picked up for a callback: the number was not
// dialled. It joins again with the time that it has waited.
func (c *Center) missedOwed(e routing.Missed) {
	l, in := c.linedBy(e.Ticket)
	if k := c.contacts[l.Call]; in && k != nil && k.call.First().Offer == e.Offer {
		c.line(routing.Withdraw{Ticket: e.Ticket, Why: routing.ExitRemoved})
	}
}

// dialForm is a number as trunks take it: calls show one of another country with
// a plus sign.
func dialForm(number string) string {
	if abroad, plus := strings.CutPrefix(number, "+"); plus {
		return "00" + abroad
	}
	return number
}

// calledBack is the end of a call that we owed.
func (c *Center) calledBack(k *contact) {
	outcome := outcomeOf(k.call)
	b, ok := c.book.End(k.owes, outcome, string(k.agent), c.now.Wall().UnixMilli())
	if !ok {
		return // its number was never dialled
	}
	c.tried(b, k.agent, c.now.Wall().UnixMilli())
	e := fact.Event{Kind: fact.CallbackTried, Call: k.call.ID, Queue: b.Queue, Agent: k.agent, From: b.Number, Name: string(b.ID), Reason: string(b.Outcome), Position: b.Attempts}
	c.emit(e)
	switch {
	case b.State == callback.Done:
		e.Kind, e.From, e.Position, e.Reason = fact.CallbackDone, b.By, 0, ""
		c.emit(e)
	case b.State == callback.Open && b.Stage == callback.Review:
		e.Kind = fact.CallbackReview
		c.emit(e)
		c.alert(fact.Event{Kind: fact.AlertLeader, Call: k.call.ID, Agent: k.agent, Queue: b.Queue, From: b.Number, Name: rulePromise, Reason: alertReview, To: string(b.ID)})
	}
}

// rulePromise is the rule that what was promised is kept, alertReview why a
// leader is told of a callback: nothing is tried until somebody decides.
const (
	rulePromise = "RUL-CBK-1"
	alertReview = "callback-review"
)

// outcomeOf is what the line tells of an attempt.
func outcomeOf(k *call.Call) callback.Outcome {
	switch r := k.Ending.Reason; {
	case k.Talked:
		return callback.Answered
	case r == fact.ReasonAway:
		return callback.Uncertain
	case r == fact.ReasonNoAnswer:
		return callback.NoAnswer
	case r == fact.ReasonBusy:
		return callback.Busy
	case r == fact.ReasonRejected:
		return callback.Rejected
	case r == fact.ReasonUnreachable, r == fact.ReasonNoRoute, r == fact.ReasonForbidden:
		return callback.Unreachable
	}
	return callback.Failed
}

// tried has the store know of an attempt: that it has begun, or with ended what
// came of it.
func (c *Center) tried(b callback.Callback, agent fact.AgentID, ended int64) {
	t := fact.CallbackTry{Tenant: c.tenant, Callback: b.ID, Call: b.LastCall, Agent: agent, Attempts: b.Attempts, Began: b.Tried, Ended: ended,
		State: string(b.State), Stage: string(b.Stage), Row: b.Row, Next: b.Next, By: b.By, Closed: b.Closed}
	if ended != 0 {
		t.Outcome = string(b.Outcome)
	}
	c.do(AddTry{Try: t})
}

// relieve ends the part of who has dialled a call.
func (c *Center) relieve(k *contact) {
	switch {
	case k.agent == "":
	case k.owes != "":
		c.relieveOwed(k)
	default:
		c.line(routing.Free{Agent: k.agent, Call: k.call.ID})
	}
}

// relieveOwed ends the part of the agent who has made a call that we owed: there
// is wrap-up as after one of the queue's.
func (c *Center) relieveOwed(k *contact) {
	for _, l := range k.call.Legs {
		if l.Agent == k.agent && l.Offer != "" {
			c.line(routing.Released{Offer: l.Offer})
		}
	}
}

// savedLined are the callbacks in line by their ids.
func (c *Center) savedLined() []lined {
	var all []lined
	for _, l := range c.lined { // sorted below
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b lined) int { return cmp.Compare(a.Callback, b.Callback) })
	return all
}

func (c *Center) restoreLined(all []lined) {
	for _, l := range all {
		c.lined[l.Callback], c.calls[l.Call] = l, l.Callback
	}
}
