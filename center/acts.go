package center

import (
	"cmp"
	"strings"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// step gives a call an input and does what it wants.
func (c *Center) step(k *contact, in call.Input) {
	for _, e := range k.call.Step(c.now, in) {
		c.act(k, e)
	}
	c.watchHold(k)
	c.watchScene(k)
	c.watchThird(k)
	c.schedule(k)
}

func (c *Center) act(k *contact, e call.Effect) {
	switch e := e.(type) {
	case call.Send:
		if m, ok := e.Command.(media.Create); ok {
			c.legs[m.Leg] = k.call.ID
		}
		c.send(e.Command)
	case call.Emit:
		e.Event.Call = k.call.ID
		c.emit(e.Event)
		switch e.Event.Kind {
		case fact.LegHangup:
			c.vacate(k, e.Event)
		case fact.CallParted:
			if how := e.Event.Reason; k.scene.on() && k.scene.Agent == e.Event.Agent {
				k.scene.Handed = how == call.PartedTransferred || how == call.PartedQueued
			}
			c.queryOver(k)
		case fact.TalkStarted:
			if e.Event.Agent == "" {
				c.speaksUp(k, e.Event)
			}
		}
	case call.Digit:
		c.script(k, flow.Digit{Key: e.Key})
		c.keyPressed(k)
	case call.Played:
		c.script(k, flow.PlayEnded{Token: e.Token, Failed: e.Failed})
	case call.Spoken:
		c.heardOut(k, e)
	case call.Talk:
		c.talked(k, e.On)
	case call.Unrecorded:
		c.unrecorded(k, e)
	case call.Barred:
		c.barred(k)
	case call.Recorded:
		c.recorded(k, e)
	case call.Rang:
		c.line(routing.Rang{Offer: e.Offer})
	case call.Picked:
		c.line(routing.Answered{Offer: e.Offer})
	case call.Connected:
		c.line(routing.Connected{Offer: e.Offer})
	case call.Missed:
		c.line(routing.Failed{Offer: e.Offer, Why: routing.Miss(e.Why)})
	case call.Released:
		c.line(routing.Released{Offer: e.Offer})
		switch {
		case e.Stays && k.session == nil && c.index.flows[c.cfg.AfterTalk] != nil:
			c.run(k, c.cfg.AfterTalk, nil)
		case e.Stays && k.session == nil:
			c.step(k, call.End{By: fact.ByAgent, Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonAgentEnded}})
		case e.Stays:
			c.script(k, flow.Returned{Token: k.line, Outcome: flow.OutcomeTalked})
		}
	case call.Back:
		c.comesBack(k)
	case call.Kept:
		c.relieve(k)
		k.agent, k.attempt = "", nil
		c.run(k, c.cfg.AfterTalk, nil)
	case call.Silent:
		c.silent(k)
	case call.Held:
		c.line(routing.Hold{Agent: e.Agent, On: e.On})
	case call.PickedUp:
		c.pickedUp(k, e)
	case call.Unpicked:
		c.unpicked(k)
	case call.Key:
		c.keyed(k, e)
	case call.Undialled:
		c.undialled(k, e)
	case call.TransferAsked:
		c.transferAsked(k, e)
	case call.ConsultOver:
		c.consultOver(k)
	case call.Transferred:
		c.transferred(k, e)
	case call.SuperviseOver:
		c.superviseOver(k, e)
	case call.SuperviseKey:
		c.superviseKey(k, e)
	case call.Resume:
		c.script(k, flow.Start{})
	case call.Gone:
		c.leave(k)
	case call.Over:
		c.over(k, e.Record)
	}
}

// leave is the end of the first leg: no script, no place in line, and whoever
// dialled is free.
func (c *Center) leave(k *contact) {
	k.session = nil
	c.leavePark(k)
	c.questionOver(k)
	for _, look := range []*string{&k.look, &k.asked} {
		if *look != "" {
			delete(c.looks, *look)
			*look = ""
		}
	}
	c.unfetch(k)
	c.unword(k)
	c.unattended(k)
	if k.ticket != "" {
		c.line(routing.Withdraw{Ticket: k.ticket, Why: routing.ExitAbandoned})
	}
	c.relieve(k)
}

func (c *Center) over(k *contact, r fact.Record) {
	if k.colleague != "" {
		c.line(routing.Free{Agent: k.colleague, Call: k.call.ID})
	}
	c.consultOver(k)
	c.leavePark(k)
	if k.scene.on() { // the call was lost whole
		c.talkOver(k, k.scene)
	}
	if k.aloud.Saying != nil {
		c.saidOver(k, saidTalk)
	}
	r.Tenant, r.WrapUp, r.Trunk, r.Log, r.Survey = c.tenant, k.wrapUp, k.trunk, k.log, k.survey
	if r.Agent == "" {
		r.Agent = k.agent
	}
	if k.owes != "" {
		c.calledBack(k)
	}
	ending := r.Ending
	c.emit(fact.Event{Kind: fact.CallEnded, Call: r.Call, Queue: r.Queue, Agent: r.Agent, By: r.By, Cause: r.Cause,
		Ending: &ending, From: r.From, To: r.To, Name: r.Excuse, Millis: r.Ended - r.Began})
	c.do(Write{Record: r})
	c.forget(k)
}

// line gives the ACD an input and does what it wants.
func (c *Center) line(in routing.Input) {
	for _, e := range c.acd.Step(c.now.At, in) {
		c.serve(e)
	}
}

// holder is the contact whose ticket it is, nil when it is gone.
func (c *Center) holder(t fact.TicketID) *contact {
	return c.contacts[callOf(t)]
}

// callOf is the call that a ticket was made for.
func callOf(t fact.TicketID) fact.CallID {
	i := strings.LastIndex(string(t), "-t")
	if i < 0 {
		return ""
	}
	return fact.CallID(t[:i])
}

func (c *Center) serve(e routing.Effect) {
	switch e := e.(type) {
	case routing.Offer:
		c.ring(e)
	case routing.Cancel:
		if k := c.holder(offerTicket(e.Offer)); k != nil {
			c.step(k, call.Unring{Offer: e.Offer, Elsewhere: e.Elsewhere})
		}
	case routing.Missed:
		c.emit(fact.Event{Kind: fact.QueueMissed, Call: callOf(e.Ticket), Ticket: e.Ticket, Offer: e.Offer, Queue: e.Queue,
			Agent: e.Agent, Reason: string(e.Why), Millis: e.Rang, Name: standsFor(e.Ticket)})
		c.missedOwed(e)
	case routing.Joined:
		c.emit(fact.Event{Kind: fact.QueueJoined, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.Queue, Position: e.Position, Name: standsFor(e.Ticket)})
	case routing.Left:
		c.left(e)
	case routing.Moved:
		c.moved(e)
	case routing.Relaxed:
		c.emit(fact.Event{Kind: fact.QueueRelaxed, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.Queue, Step: e.Step, Name: standsFor(e.Ticket)})
	case routing.Ranked:
		c.emit(fact.Event{Kind: fact.QueueRanked, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.Queue, Score: e.Score, Position: e.Position, Name: standsFor(e.Ticket)})
	case routing.QueueBecame:
		c.emit(fact.Event{Kind: fact.QueueMode, Queue: e.Queue, From: string(e.From), To: string(e.To)})
	case routing.Became:
		c.emit(fact.Event{Kind: fact.AgentState, Agent: e.Agent, Endpoint: e.Endpoint, From: string(e.From), To: string(e.To),
			Reason: string(e.Reason), Millis: e.Lasted})
	case routing.PauseRequest:
		c.requested(e)
	case routing.PauseOverran:
		c.overran(e)
	case routing.Logged:
		c.logged(e)
	case routing.LogLate:
		c.logLate(e)
	case routing.LogWaived:
		c.emit(fact.Event{Kind: fact.LogWaived, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.Queue, Agent: e.Agent, Name: strings.Join(e.Missing, ",")})
	case routing.TraineeBecame:
		c.traineeBecame(e)
	case routing.RONAs:
		c.rangOut(e)
	case routing.Passed:
		c.passed(e)
	case routing.WrapUpEnded:
		if k := c.holder(e.Ticket); k != nil {
			k.wrapUp += e.Millis
			return
		}
		c.do(AddWrapUp{WrapUp: fact.WrapUp{Tenant: c.tenant, Call: callOf(e.Ticket), Agent: e.Agent, Millis: e.Millis}})
	}
}

// offerTicket is the ticket that an offer was made for.
func offerTicket(o fact.OfferID) fact.TicketID {
	i := strings.LastIndex(string(o), "-o")
	if i < 0 {
		return ""
	}
	return fact.TicketID(o[:i])
}

func (c *Center) left(e routing.Left) {
	ev := fact.Event{Kind: fact.QueueLeft, Call: callOf(e.Ticket), Ticket: e.Ticket, Queue: e.Queue, Agent: e.Agent, Offer: e.Offer,
		Reason: string(e.Why), Millis: e.Waited, Name: standsFor(e.Ticket)}
	if e.Why == routing.ExitConnected {
		ev.Kind, ev.Trainee = fact.QueueConnected, c.acd.Trainee(e.Agent)
	}
	c.emit(ev)
	if l, owed := c.linedBy(e.Ticket); owed {
		c.leftOwed(l, e)
		return
	}
	k := c.holder(e.Ticket)
	if k != nil && k.asks(e.Ticket) {
		c.questionLeft(k, e)
		return
	}
	if k == nil || k.ticket != e.Ticket {
		return
	}
	k.ticket = ""
	if k.owing.Wish != nil {
		k.owing.Wish.Queue, k.owing.Wish.Joined = e.Queue, c.now.At-fact.Instant(e.Waited)
	}
	if c.returned(k, e) {
		return
	}
	switch outcome, known := outcomes[e.Why]; {
	case !known: // talks, hung up, or the script itself took the caller out
	case k.session == nil: // came back without the flow that led there
		c.step(k, call.End{By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonFlowEnded}})
	default:
		c.script(k, flow.Returned{Token: k.line, Outcome: outcome})
	}
}

// script gives a call's flow an input and does what it wants.
func (c *Center) script(k *contact, in flow.Input) {
	if k.session == nil {
		return
	}
	k.back = append(k.back, in)
	if len(k.back) > 1 {
		return // the step under way takes it up
	}
	for len(k.back) > 0 && k.session != nil {
		for _, a := range k.session.Step(c.now, c.env(k), k.back[0]) {
			c.speak(k, a)
		}
		k.back = k.back[1:]
	}
	k.back = nil
	c.maskDigits(k)
	c.foresee(k)
	c.schedule(k)
}

// env is what a call's flow may go by.
func (c *Center) env(k *contact) flow.Env {
	return flow.Env{Hours: c.index.hours, Place: c.place(k), Caller: func() []flow.Arg { return c.caller(k) }, Unasked: k.unasked(), Zone: c.index.zone,
		Festivals: c.cfg.Festivals, Incident: c.goesOn}
}

func (c *Center) speak(k *contact, a flow.Action) {
	switch a := a.(type) {
	case flow.Answer:
		c.step(k, call.Answer{})
	case flow.Play:
		c.playTo(k, a, true)
	case flow.StopPlay:
		k.aloud.Held = nil
		c.step(k, call.StopPlay{Token: a.Token})
	case flow.Enqueue:
		c.enqueue(k, a)
	case flow.Leave:
		c.quit(k, a)
	case flow.Told:
		c.told(k, a)
	case flow.Do:
		c.deedFor(k, a)
	case flow.Transfer:
		c.divert(k, a)
	case flow.PlayScene:
		c.playScene(k, a)
	case flow.StopScene:
		c.stopScene(k, a)
	case flow.Lookup:
		c.enquire(k, a)
	case flow.Callback:
		c.promise(k, a)
	case flow.Record:
		c.record(k, a)
	case flow.StopRecord:
		c.step(k, call.StopRecord{Token: a.Token})
	case flow.Survey:
		c.surveyed(k, a)
	case flow.Entered:
		c.step(k, call.Flow{})
		c.emit(fact.Event{Kind: fact.FlowNode, Call: k.call.ID, Name: string(cmp.Or(a.Flow, k.call.FlowID)) + "/" + a.Node})
	case flow.Hangup:
		c.step(k, call.End{Cause: a.Cause, By: fact.BySystem, Ending: flowEnding(k, a)})
	}
}

func flowEnding(k *contact, a flow.Hangup) fact.Ending {
	switch {
	case a.Broken != "":
		return fact.Ending{Fault: fact.FaultUs, Reason: fact.ReasonFlowBroken}
	case k.call.Talked:
		return fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}
	}
	return fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonFlowEnded}
}
