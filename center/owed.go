package center

import (
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

const (
	// keepDeadline is how long the store may take for a promise that a caller
	// waits for.
	keepDeadline = 5 * time.Second
	// keepAgain is when a promise is given to the store again that it did not
	// take, or said nothing of.
	keepAgain = 10 * time.Second
	// maxOwed is how many promises may wait for the store; then no flow makes
	// more. Messages that are recorded already are kept beyond it.
	maxOwed = 10_000
)

// promise is a callback on its way into the store.
type promise struct {
	Callback callback.Callback `json:"callback"`
	// Token is the script's that waits for it, 0 when nobody does any more:
	// such a promise is tried until the store has it.
	Token int `json:"token,omitempty"`
	// Scene is the token of the scene that waits for it, 0 for none.
	Scene int `json:"scene,omitempty"`
	// Due is when it is given to the store again.
	Due fact.Instant `json:"due"`
}

// message is what a caller says for us to answer, while it is recorded.
type message struct {
	Token   int          `json:"token"`
	Queue   fact.QueueID `json:"queue,omitempty"`
	Agent   fact.AgentID `json:"agent,omitempty"`
	Reason  string       `json:"reason,omitempty"`
	Briefly int64        `json:"briefly_ms"`
	// Take says that it is no message but a take of the phrase of a number, Own
	// that it is to be the agent's own.
	Take   bool   `json:"take,omitempty"`
	Phrase string `json:"phrase,omitempty"`
	Own    bool   `json:"own,omitempty"`
	// Spoke says that the caller was heard to speak.
	Spoke bool `json:"spoke,omitempty"`
}

// wish is what a caller was in line with last: queue and since when, and what
// for. A callback keeps it.
type wish struct {
	Queue    fact.QueueID  `json:"queue"`
	Ticket   fact.TicketID `json:"ticket"`
	Joined   fact.Instant  `json:"joined"`
	Needs    string        `json:"needs,omitempty"`
	Priority int           `json:"priority,omitempty"`
	Level    string        `json:"level,omitempty"`
}

// owing is what a call has to do with callbacks and messages.
type owing struct {
	// Wish is what it was in line with last, Messages are those being
	// recorded, Promised is what the script waits for the store to have, Kept
	// what was promised last.
	Wish     *wish              `json:"wish,omitempty"`
	Messages []message          `json:"messages,omitempty"`
	Promised fact.CallbackID    `json:"promised,omitempty"`
	Kept     *callback.Callback `json:"kept,omitempty"`
}

// owe is a callback for who calls, as a flow asks for it.
func (c *Center) owe(k *contact, queue fact.QueueID, agent fact.AgentID, reason string, from callback.Source) callback.Callback {
	b := callback.Callback{
		ID: fact.CallbackID("cb-" + c.mint()), Tenant: c.tenant, State: callback.Open, Source: from,
		Number: k.call.From.Number, Name: k.call.From.Name, Queue: queue, Agent: agent, Reason: reason,
		Call: k.call.ID, Asked: c.now.Wall().UnixMilli(),
	}
	if w := k.owing.Wish; w != nil && (queue == "" || queue == w.Queue) {
		b.Queue, b.Ticket, b.Joined = w.Queue, w.Ticket, c.wall(w.Joined)
		b.Needs, b.Priority, b.Level = w.Needs, w.Priority, w.Level
	}
	if k.flow != nil {
		b.Language = k.flow.Language
	}
	if e := c.listed(k, ListLevel); e != nil {
		if b.Level == "" {
			b.Level = e.Level
		}
		if e.Language != "" {
			b.Language = e.Language
		}
	}
	return b
}

// promise asks the store to keep a callback before the caller is promised it.
func (c *Center) promise(k *contact, a flow.Callback) {
	number := a.Number
	if a.Own {
		number = k.call.From.Number
	}
	number, callable := c.callable(number)
	if !callable {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeInvalid})
		return
	}
	b := c.owe(k, a.Queue, a.Agent, a.Reason, callback.FromFlow)
	b.Number = number
	// Asked for again, after a crash or by the flow, it is the same promise.
	if p := c.owed[k.owing.Promised]; p != nil && same(p.Callback, b) {
		p.Token = a.Token
		return
	}
	if k.owing.Kept != nil && same(*k.owing.Kept, b) {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeDone})
		return
	}
	// Asked for in another call, and not made yet, it is one all the same.
	if one, open := c.book.Same(b.Number, b.Queue); open && one.Agent == b.Agent {
		c.emit(fact.Event{Kind: fact.CallbackMerged, Call: k.call.ID, Queue: one.Queue, Agent: one.Agent, From: b.Number, Name: string(one.ID)})
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeDone})
		return
	}
	if len(c.owed) >= maxOwed {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeFailed})
		return
	}
	k.owing.Promised = b.ID
	c.keep(&promise{Callback: b, Token: a.Token})
}

// same says whether two callbacks owe the same.
func same(a, b callback.Callback) bool {
	return a.Source == b.Source && a.Call == b.Call && a.Number == b.Number && a.Queue == b.Queue && a.Agent == b.Agent
}

// callable makes out a number that we can call: a whole one, as calls show it.
func (c *Center) callable(number string) (shown string, ok bool) {
	e164, shown, _ := Normalise(c.cfg.Country, number)
	digits := strings.TrimPrefix(shown, "+")
	switch {
	case len(digits) < 3 || len(digits) > 20 || strings.Trim(digits, "0123456789") != "":
		return "", false
	case c.cfg.Urgent(shown) || c.cfg.Country != "" && e164 == "":
		return "", false
	}
	return shown, true
}

// keep gives a promise to the store.
func (c *Center) keep(p *promise) {
	p.Due = c.now.At.Add(keepAgain)
	c.owed[p.Callback.ID] = p
	c.owedLine = append(c.owedLine, p)
	c.do(Keep{Callback: p.Callback, Deadline: keepDeadline})
}

// nextOwed is when the store is tried next. What it has is taken off the line.
func (c *Center) nextOwed() (fact.Instant, bool) {
	for len(c.owedLine) > 0 {
		if p := c.owedLine[0]; c.owed[p.Callback.ID] == p {
			return p.Due, true
		}
		c.owedLine = c.owedLine[1:]
	}
	return 0, false
}

// keepOwed gives what is due to the store again; due counts from then on.
func (c *Center) keepOwed() {
	for {
		if at, some := c.nextOwed(); !some || at > c.now.At {
			return
		}
		p := c.owedLine[0]
		c.owedLine = c.owedLine[1:]
		c.keep(p)
	}
}

// keepAll gives everything to the store that a former process may not have.
func (c *Center) keepAll() {
	line := c.owedLine
	c.owedLine = nil
	for _, p := range line {
		if c.owed[p.Callback.ID] == p {
			c.keep(p)
		}
	}
}

// savedOwed are the promises on their way, in their order.
func (c *Center) savedOwed() []*promise {
	var all []*promise
	for _, p := range c.owedLine {
		if c.owed[p.Callback.ID] == p {
			all = append(all, p)
		}
	}
	return all
}

// stored is a promise that the store has, and that may be spoken.
func (c *Center) stored(id fact.CallbackID) {
	p := c.owed[id]
	if p == nil {
		return // said twice
	}
	delete(c.owed, id)
	b := p.Callback
	c.book.Put(b, c.now.Wall().UnixMilli())
	c.emit(fact.Event{Kind: fact.CallbackAsked, Call: b.Call, Ticket: b.Ticket, Queue: b.Queue, Agent: b.Agent, From: b.Number,
		Name: string(b.ID), Reason: string(b.Source), Recording: b.Message, Millis: b.MessageMs})
	if b.Stage == callback.Review {
		c.emit(fact.Event{Kind: fact.CallbackReview, Call: b.Call, Queue: b.Queue, Agent: b.Agent, From: b.Number, Name: string(b.ID)})
		c.alert(fact.Event{Kind: fact.AlertLeader, Call: b.Call, Agent: b.Agent, Queue: b.Queue, From: b.Number, Name: rulePromise, Reason: alertReview, To: string(b.ID)})
	}
	if p.Scene != 0 {
		c.sceneKept(p, flow.OutcomeDone)
		return
	}
	if k := c.contacts[b.Call]; k != nil {
		k.owing.Kept = &b
		c.promised(k, p, flow.OutcomeDone)
	}
}

// unstored is a promise that the store did not take. Nobody is promised it; one
// that nobody waits for is tried again.
func (c *Center) unstored(in StoreFailed) {
	p := c.owed[in.Callback]
	if p == nil {
		return
	}
	if p.Scene != 0 {
		c.sceneKept(p, flow.OutcomePending) // tried until the store has it
		return
	}
	b := p.Callback
	k := c.contacts[b.Call]
	if !awaits(k, p.Token) {
		p.Token = 0
		return
	}
	delete(c.owed, in.Callback)
	c.emit(fact.Event{Kind: fact.CallbackFailed, Call: b.Call, Queue: b.Queue, Agent: b.Agent, From: b.Number, Name: string(b.ID), Reason: in.Error})
	c.promised(k, p, flow.OutcomeFailed)
}

// awaits says whether a call's script waits for what a token was minted for.
func awaits(k *contact, token int) bool {
	return k != nil && k.session != nil && k.session.Awaits(token)
}

// promised tells the script what came of a promise.
func (c *Center) promised(k *contact, p *promise, o flow.Outcome) {
	if k.owing.Promised == p.Callback.ID {
		k.owing.Promised = ""
	}
	if p.Token != 0 {
		c.script(k, flow.Returned{Token: p.Token, Outcome: o})
	}
}

// unattended leaves a promise to the store whose caller has gone.
func (c *Center) unattended(k *contact) {
	if p := c.owed[k.owing.Promised]; p != nil {
		p.Token = 0
	}
	k.owing.Promised = ""
}

// record begins a message.
func (c *Center) record(k *contact, a flow.Record) {
	if a.Take && !c.mayRecord(k, a.Own) {
		k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: flow.OutcomeFailed})
		return
	}
	k.owing.Messages = append(k.owing.Messages, message{Token: a.Token, Queue: a.Queue, Agent: a.Agent, Reason: a.Reason, Briefly: a.Briefly.Milliseconds(),
		Take: a.Take, Phrase: a.Phrase, Own: a.Own})
	c.step(k, call.Record{Token: a.Token, Quiet: a.Quiet})
}

// talked has the script know whether the caller speaks.
func (c *Center) talked(k *contact, on bool) {
	for i := range k.owing.Messages {
		k.owing.Messages[i].Spoke = k.owing.Messages[i].Spoke || on
	}
	c.script(k, flow.Talk{On: on})
}

// recorded is a message that has ended. One in which something was said is
// owed an answer, also when the caller has hung up meanwhile, and when its
// recording failed then: the number is known.
func (c *Center) recorded(k *contact, e call.Recorded) {
	var m *message
	for i := range k.owing.Messages {
		if k.owing.Messages[i].Token == e.Token {
			one := k.owing.Messages[i]
			m = &one
			if k.owing.Messages = append(k.owing.Messages[:i:i], k.owing.Messages[i+1:]...); len(k.owing.Messages) == 0 {
				k.owing.Messages = nil // as a checkpoint has it
			}
			break
		}
	}
	if m == nil {
		return
	}
	attended := awaits(k, m.Token)
	said := m.Spoke && (e.Failed || e.File.Millis == 0 || e.File.Millis >= m.Briefly)
	switch {
	case !said || e.Failed && attended:
		outcome := flow.OutcomeShort
		if e.Failed {
			outcome = flow.OutcomeFailed
		}
		c.script(k, flow.Returned{Token: m.Token, Outcome: outcome})
		return
	case m.Take && !attended:
		return
	case m.Take:
		c.take(k, *m, e.File.Name)
		return
	case e.Failed && k.call.From.Number == "":
		return // neither a message nor a number
	}
	b := c.owe(k, m.Queue, m.Agent, m.Reason, callback.FromMessage)
	if !e.Failed {
		b.Message, b.MessageFile, b.MessageMs = e.Recording, e.File.Name, e.File.Millis
	}
	p := &promise{Callback: b}
	if attended {
		p.Token = m.Token
		k.owing.Promised = b.ID
	}
	c.keep(p)
}

// relearn takes messages that went on while nobody listened for spoken: what
// was said is not to be lost.
func (c *Center) relearn(k *contact) {
	for i := range k.owing.Messages {
		k.owing.Messages[i].Spoke = true
	}
}

// closed tells what came of a callback.
func (c *Center) closed(op ReportCallback) {
	kind := fact.CallbackDone
	if op.State == callback.Cancelled {
		kind = fact.CallbackCancelled
	}
	if b, _, open := c.book.Get(op.Callback); open && b.Close(op.State, op.By, op.Note, c.now.Wall().UnixMilli()) == nil {
		b.Revision = op.Revision
		c.tell(b)
	}
	c.emit(fact.Event{Kind: kind, Call: op.Call, Queue: op.Queue, Agent: op.Agent, Name: string(op.Callback), From: op.By, Reason: op.Note})
}
