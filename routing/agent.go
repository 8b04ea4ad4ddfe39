package routing

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// agent is somebody in the configuration. State and reason follow from the
// fields above them and are assigned in become alone.
type agent struct {
	id      fact.AgentID
	label   string
	order   int      // among the agents of the configuration
	members []member // in the order of the queues' ids
	skills  []Skill
	set     []Skill // those set since the configuration, nil for none
	levels  []uint8 // of skills, by ACD.slots, and whether it is a trainee
	trainee bool
	wanted  line[*ticket] // those that wait for this agent

	on       bool // signed in at endpoint
	endpoint fact.Endpoint
	pause    PauseReason // what the agent chose, or rona; "" wants READY
	paused   pauseClock  // how long that has lasted
	request  request     // for a pause that must be granted
	handover bool        // signed in before the shift, and not ready yet
	ronas    int         // offers rung out in a row
	duties   []LogDuty   // what is yet to be written down, the oldest first
	owing    lease       // until the leader is told of that
	// owingTold says that the leader has been.
	owingTold bool
	lost      bool          // an offer did not reach the phone
	shaky     bool          // the last one did not, which may be chance
	missing   lease         // the phone is away and may be back at once
	offer     *offer        // out
	talk      *offer        // accepted
	calls     []fact.CallID // outside queues, in order of their ids
	held      bool
	asked     bool // ready, not ready or sign-out was asked during the talk
	leaving   bool // signed out when the talk ends
	removed   bool // out of the configuration when the talk ends
	wrapUp    wrapUp
	backOff   lease

	state  State
	reason PauseReason
	since  fact.Instant
	idle   fact.Instant // when the wait for a ticket began
	listed bool         // in the idle lines
}

// wrapUp is after-call work; it lasts while its lease runs.
type wrapUp struct {
	offer  fact.OfferID
	ticket fact.TicketID
	queue  fact.QueueID
	began  fact.Instant
	lease  lease
}

func newAgent(id fact.AgentID, now fact.Instant) *agent {
	ag := &agent{id: id, state: Offline, since: now}
	ag.wrapUp.lease = lease{kind: leaseWrapUp, id: string(id), agent: ag}
	ag.backOff = lease{kind: leaseBackOff, id: string(id), agent: ag}
	ag.missing = lease{kind: leaseMissing, id: string(id), agent: ag}
	ag.paused.lease = lease{kind: leasePause, id: string(id), agent: ag}
	ag.owing = lease{kind: leaseLog, id: string(id), agent: ag}
	ag.request.lease = lease{kind: leaseRequest, id: string(id), agent: ag}
	return ag
}

func (ag *agent) name() string { return string(ag.id) }

// busy says whether there is a talk: what is asked meanwhile applies after it.
// An agent who has picked up talks, as far as asking goes.
func (ag *agent) busy() bool {
	return ag.talk != nil || len(ag.calls) > 0 || ag.offer != nil && ag.offer.phase == PhaseConnect
}

// available says whether the agent may be offered a ticket.
func (ag *agent) available() bool {
	return ag.state == ReadyState && !ag.backOff.running() && !ag.missing.running()
}

// derive is the state that follows from legs, leases and wishes.
func (a *ACD) derive(ag *agent) (State, PauseReason) {
	_, away := a.away[ag.endpoint]
	switch {
	case !ag.on:
		return Offline, ""
	case (ag.talk != nil || len(ag.calls) > 0) && ag.held:
		return HoldState, ""
	case ag.talk != nil || len(ag.calls) > 0:
		return Talking, ""
	case ag.offer != nil:
		return OfferedState, ""
	case ag.wrapUp.lease.running():
		return WrapUpState, ""
	case ag.handover:
		return HandoverState, ""
	case ag.pause != "":
		return NotReadyIn, ag.pause
	case len(ag.duties) > 0:
		return NotReadyIn, PauseLog
	case ag.lost || away && !ag.missing.running():
		return NotReadyIn, PauseEndpoint
	}
	return ReadyState, ""
}

// become assigns the state and tells of a change. An agent who is not
// available any more leaves the idle lines; one who is enters them by seek.
// The wait for a ticket begins with READY; an offer that came to nothing does
// not begin it anew.
func (a *ACD) become(ag *agent) {
	state, reason := a.derive(ag)
	if state != ag.state || reason != ag.reason {
		a.emit(Became{
			Agent: ag.id, Endpoint: ag.endpoint, From: ag.state, To: state,
			Reason: reason, Lasted: int64(a.now - ag.since),
		})
		if state == ReadyState && ag.state != OfferedState {
			ag.idle = a.now
		}
		from := ag.state
		ag.state, ag.reason, ag.since = state, reason, a.now
		a.clock(ag)
		a.remind(ag)
		a.muster(ag, from, state)
	}
	if ag.listed && !ag.available() {
		a.unlist(ag)
	}
	if ag.wanted.n > 0 && !ag.returns() {
		a.gone = append(a.gone, ag)
	}
}

// settle is become for an agent who may have become available.
func (a *ACD) settle(ag *agent) {
	a.become(ag)
	a.seek(ag)
}

func (a *ACD) signIn(in SignIn) {
	if a.checkSignIn(in) != nil {
		return
	}
	ag := a.agents[in.Agent]
	again := ag.on
	if !again {
		ag.on, ag.endpoint = true, in.Endpoint
		a.seats[in.Endpoint] = ag
		if ag.handover = in.Handover; !in.Handover {
			a.choose(ag, PauseSignedIn)
		}
		ag.arrive()
	}
	if ag.leaving {
		ag.leaving, ag.asked = false, false
	}
	ag.lost, ag.shaky = false, false
	if in.Ready && (!again || ag.state == NotReadyIn || ag.state == HandoverState) {
		a.withdrawRequest(ag)
		a.choose(ag, "")
	}
	a.settle(ag)
}

func (a *ACD) signOut(in SignOut) {
	if a.checkSignedIn(in.Agent) != nil {
		return
	}
	ag := a.agents[in.Agent]
	a.withdrawRequest(ag)
	if ag.busy() {
		ag.asked, ag.leaving = true, true
		return
	}
	a.goOffline(ag)
}

// goOffline signs out an agent who has no talk; an offer that is out is
// withdrawn.
func (a *ACD) goOffline(ag *agent) {
	a.endWrapUp(ag)
	a.leases.stop(&ag.backOff)
	a.leases.stop(&ag.missing)
	a.withdrawRequest(ag)
	a.choose(ag, "")
	ag.on, ag.lost, ag.shaky, ag.asked, ag.leaving, ag.ronas = false, false, false, false, false, 0
	a.recall(ag)
	delete(a.seats, ag.endpoint)
	ag.endpoint = ""
	if ag.removed {
		a.leases.stop(&ag.owing)
		delete(a.agents, ag.id)
	}
}

func (a *ACD) ready(in Ready) {
	if a.checkSignedIn(in.Agent) == nil {
		ag := a.agents[in.Agent]
		a.withdrawRequest(ag)
		if in.Forced {
			a.waive(ag, len(ag.duties))
		}
		a.ask(ag, "")
	}
}

// ask sets what the agent wants to be, READY for "". After a talk it comes in
// the place of wrap-up, for the agent has said what comes next.
func (a *ACD) ask(ag *agent, pause PauseReason) {
	a.choose(ag, pause)
	ag.leaving = false
	if pause == "" {
		ag.lost, ag.shaky = false, false
	}
	if ag.busy() {
		ag.asked = true
		return
	}
	a.endWrapUp(ag)
	if pause != "" {
		a.recall(ag)
		return
	}
	if ag.state == NotReadyIn {
		a.leases.stop(&ag.backOff)
	}
	a.settle(ag)
}

// recall takes back the offer that is out, if any, from an agent who is not
// to have it; another agent is looked for.
func (a *ACD) recall(ag *agent) {
	o := ag.offer
	if o == nil {
		a.become(ag)
		return
	}
	a.miss(o, MissWithdrawn, true)
	if !o.ticket.out() {
		a.place(o.ticket)
	}
}

// reach notes whether a phone can be called. One that is away is offered
// nothing; its agent keeps the state and the place among the idle if it is
// back soon.
func (a *ACD) reach(in Reach) {
	_, away := a.away[in.Endpoint]
	if in.Reachable {
		delete(a.away, in.Endpoint)
	} else {
		a.away[in.Endpoint] = struct{}{}
	}
	ag := a.seats[in.Endpoint]
	switch {
	case ag == nil:
		return
	case in.Reachable:
		ag.lost, ag.shaky = false, false
		a.leases.stop(&ag.missing)
	case !away:
		a.leases.start(&ag.missing, a.now.Add(missingLease))
	}
	a.settle(ag)
}

func (a *ACD) hold(in Hold) {
	ag := a.agents[in.Agent]
	if ag == nil || ag.talk == nil && len(ag.calls) == 0 {
		return
	}
	ag.held = in.On
	a.become(ag)
}

func (a *ACD) seize(in Seize) {
	ag := a.agents[in.Agent]
	if ag == nil || !ag.on {
		return
	}
	at, found := slices.BinarySearch(ag.calls, in.Call)
	if found {
		return
	}
	ag.calls = slices.Insert(ag.calls, at, in.Call)
	a.recall(ag)
}

func (a *ACD) free(in Free) {
	ag := a.agents[in.Agent]
	if ag == nil {
		return
	}
	at, found := slices.BinarySearch(ag.calls, in.Call)
	if !found {
		return
	}
	ag.calls = slices.Delete(ag.calls, at, at+1)
	a.afterTalk(ag)
	a.seek(ag)
}

// afterTalk applies what was asked during a talk once there is none.
func (a *ACD) afterTalk(ag *agent) {
	if ag.talk == nil && len(ag.calls) == 0 {
		ag.held = false
	}
	if ag.busy() {
		a.become(ag)
		return
	}
	if ag.asked {
		ag.asked = false
		a.endWrapUp(ag)
	}
	if ag.leaving {
		a.goOffline(ag)
		return
	}
	a.become(ag)
}

// endWrapUp ends after-call work, by its lease or before.
func (a *ACD) endWrapUp(ag *agent) {
	w := &ag.wrapUp
	if w.offer == "" {
		return
	}
	a.leases.stop(&w.lease)
	a.emit(WrapUpEnded{Agent: ag.id, Offer: w.offer, Ticket: w.ticket, Millis: int64(a.now - w.began)})
	w.offer, w.ticket, w.queue = "", "", ""
}
