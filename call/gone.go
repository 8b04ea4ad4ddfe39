package call

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// gone is the end of a leg. far says that its own party hung up.
func (c *Call) gone(l *Leg, far bool, cause int) {
	if l == nil || l.Gone {
		return
	}
	l.Gone, l.InRoom = true, ""
	c.partsByEnd(l, far)
	c.emit(fact.Event{Kind: fact.LegHangup, Leg: l.ID, Agent: l.Agent, Offer: l.Offer, By: c.by(l, far), Cause: cause})
	if l == c.First() {
		c.firstGone(l, far, cause)
		return
	}
	third := c.added()
	switch {
	case l.Part == PartOut:
	case l.Part == PartSupervise:
		why := ""
		if s := c.supervision(l.ID); s.Began == 0 {
			why = string(missOf(l, far, cause))
		}
		c.superviseOver(c.supervision(l.ID), why)
	case l.Part == PartAdded:
		c.addedGone(l)
	case c.takenFrom(l) && c.alive():
		l.Part, c.Parted = PartOut, c.by(l, far)
	case c.Side != nil && l.ID == c.Side.By && c.alive():
		c.byGone(l, far)
	case l.Part == PartConsult && c.Side != nil && c.Side.Phase == SideWaiting && c.alive():
		c.askedMissed(l, missOf(l, far, cause))
	case c.Side != nil && l.ID == c.Side.Leg && c.alive():
		if l.State == media.LegUp {
			c.unconsult("")
		} else {
			c.unreached(l, missOf(l, far, cause), cause)
		}
	case third != nil && l.Talked && c.alive():
		c.Third = false
		c.succeed(l, third, attended, false)
	case l.Offer != "" && l.Talked:
		c.parted(l, c.by(l, far))
	case l.Hung && (c.Phase != InTalk || !l.Talked):
		c.Spans.ring(c.ringing(), c.now.At)
	case c.Phase == InTalk && c.Back:
		c.comesBack(l, c.by(l, far))
	case c.Phase == InTalk:
		c.conclude(fact.ByCallee, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonCompleted}, cause)
		c.wind(0)
	default:
		c.missed(l, missOf(l, far, cause), cause)
	}
}

// parted is the end of an agent's talk. The caller is brought out of the room
// to go on.
func (c *Call) parted(l *Leg, by fact.Party) {
	stays := c.alive() && !c.First().Gone
	if stays && c.Phase == InTalk {
		c.Parted, c.Taken = by, ""
		c.First().ToHold = false
		c.send(media.Leave{Room: c.Room, Leg: c.First().ID})
		c.enter(InFlow)
	}
	c.do(Released{l.Offer, stays})
}

func (c *Call) by(l *Leg, far bool) fact.Party {
	switch {
	case far && l.Role == media.RoleCaller:
		return fact.ByCaller
	case far && (l.Role == media.RoleAgent || l.Role == media.RoleSupervisor):
		return fact.ByAgent
	case far:
		return fact.ByCallee
	case l.Hung:
		return fact.BySystem
	}
	return fact.BySwitch
}

func (c *Call) firstGone(l *Leg, far bool, cause int) {
	if far && c.Keeps() {
		c.keep()
		return
	}
	if c.Phase == Reaching {
		c.unreachable(l, missOf(l, far, cause), cause)
		return
	}
	if c.alive() {
		c.conclude(c.by(l, far), c.firstEnding(far), cause)
	}
	if c.Cause == 0 { // ended by us, with what the switch made of it
		c.Cause = cause
	}
	c.Plays = nil
	c.do(Gone{})
	c.wind(0)
}

// firstEnding is why a call is over whose first leg went away by itself.
func (c *Call) firstEnding(far bool) fact.Ending {
	if !far {
		return fact.Ending{Fault: fact.FaultTrunk, Reason: fact.ReasonSwitchDown}
	}
	none := func(r fact.Reason) fact.Ending { return fact.Ending{Fault: fact.FaultNone, Reason: r} }
	switch {
	case c.Talked && c.Direction == fact.Inbound:
		return none(fact.ReasonCallerEnded)
	case c.Talked:
		return none(fact.ReasonCompleted)
	case c.Direction == fact.Service:
		return none(fact.ReasonFlowEnded)
	case c.Phase == Waiting || c.Phase == Dialling:
		return fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonAbandoned}
	}
	return fact.Ending{Fault: fact.FaultCaller, Reason: fact.ReasonLeftMenu}
}

// left is a leg that lives on outside of our application.
func (c *Call) left(l *Leg) {
	if l == nil || l.Gone {
		return
	}
	if l == c.First() {
		c.conclude(fact.BySystem, fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonDeflected}, 0)
	}
	c.gone(l, false, 0)
}

// missOf reads a Q.850 cause (as chan_pjsip maps SIP answers to it). A phone's
// reject key sends 486 or 603, so "busy" after ringing is a refusal.
func missOf(l *Leg, far bool, cause int) Miss {
	switch cause {
	case 17: // user busy
		if l.Rang {
			return MissRejected
		}
		return MissBusy
	case 21: // call rejected
		return MissRejected
	case 18, 19: // no user responding, no answer
		return MissNoAnswer
	case 1, 3, 20, 27: // unallocated, no route, subscriber absent, out of order
		return MissUnreachable
	case 16:
		if far {
			return MissRejected
		}
	}
	return MissFailed
}

// tick lets leases that are due run out.
func (c *Call) tick() {
	due := func(at fact.Instant) bool { return at != 0 && c.now.At >= at }
	if s := c.Side; s != nil && due(s.Due) {
		c.unconsult(MissNoAnswer)
	}
	c.superviseTick()
	if due(c.WhisperDue) {
		c.whispered()
	}
	if due(c.Goodbye) {
		c.goodbye()
	}
	if due(c.Picking) {
		c.pickLate()
	}
	if due(c.Check) {
		c.check()
	}
	if due(c.Answering) {
		c.answerDue()
	}
	if due(c.Look) {
		c.look()
	}
	c.recordDue()
	if due(c.Lease) {
		c.windAgain()
	}
}

// windAgain lets the lease of the ending run out.
func (c *Call) windAgain() {
	c.Lease = c.now.At.Add(hangupLease)
	c.Tries++
	for _, l := range c.Legs {
		switch {
		case l.Gone:
		case c.Tries < hangupTries:
			c.send(media.Hangup{Leg: l.ID})
		default:
			l.Unheard = true
			c.gone(l, false, 0)
		}
	}
	for i := range c.Files {
		if c.legsGone() && !c.Files[i].Closed {
			c.unrecorded(&c.Files[i], c.First().ID, "not closed by the switch")
		}
	}
}

func (c *Call) legsGone() bool {
	for _, l := range c.Legs {
		if !l.Gone {
			return false
		}
	}
	return true
}

// finish writes the account once every leg is gone and every recording closed.
func (c *Call) finish() {
	c.superviseEnds()
	c.detect()
	c.keepRecordings()
	c.openGate()
	if c.Check != 0 && c.settled() {
		c.Check = 0
	}
	if c.Goodbye != 0 && !slices.ContainsFunc(c.Legs, (*Leg).leaving) {
		c.Goodbye = 0
	}
	if c.Phase != Ending || !c.legsGone() {
		return
	}
	for _, r := range c.Files {
		if !r.Closed {
			if c.Tries < hangupTries {
				c.Tries = hangupTries
				c.Lease = c.now.At.Add(recordLease)
			}
			return
		}
	}
	c.enter(Ended)
	c.Lease = 0
	c.do(Over{c.account()})
}

func (c *Call) account() fact.Record {
	// A wall clock that was put right during the call must not make it end
	// before it began: the length is steady time.
	began, length := c.Began.Wall().UnixMilli(), int64(c.EndedAt.At-c.Began.At)
	r := fact.Record{
		Call: c.ID, Direction: c.Direction, From: c.From.Number, To: c.To, Flow: c.FlowID, Queue: c.Queue,
		Agent: c.Agent, Began: began, Ended: began + length,
		Ending: c.Ending, By: c.By, Cause: c.Cause, Excuse: c.Spared,
		IVR: c.Spans.IVR, Wait: c.Spans.Wait, Ring: c.Spans.Ring.Sum, Talk: c.Spans.Talk, Hold: c.Spans.Hold.Sum,
		Offers: c.Offers, Transfers: c.Transfers, Consult: c.Spans.Consult.Sum,
	}
	for _, f := range c.Files {
		r.Recordings = append(r.Recordings, f.Files...)
	}
	return r
}
