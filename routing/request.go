package routing

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
)

// defaultApproval is how long an agent may wait for an answer before the
// leader is told (RUL-LEV-1).
const defaultApproval = 60 * time.Second

// request is what an agent has asked for. It changes no state: until it is
// granted the agent goes on as before.
type request struct {
	reason   PauseReason // "" for nothing
	status   RequestStep
	since    fact.Instant
	by       string // who answered
	answered fact.Instant
	late     bool // the leader has been told
	lease    lease
}

// RequestStep is what has become of what an agent asked for.
type RequestStep string

// The steps. An agent is seen with the pending, the granted or the denied one
// until the agent says something else.
const (
	RequestPending    RequestStep = "pending"
	RequestGranted    RequestStep = "granted"
	RequestDenied     RequestStep = "denied"
	RequestUnanswered RequestStep = "unanswered" // for too long; it stays pending
	RequestWithdrawn  RequestStep = "withdrawn"  // the agent has said something else
)

// request asks for a pause on behalf of an agent.
func (a *ACD) request(ag *agent, reason PauseReason) {
	a.withdrawRequest(ag)
	r := &ag.request
	r.reason, r.status, r.since = reason, RequestPending, a.now
	within := a.config.ApproveWithin
	if within == 0 {
		within = defaultApproval
	}
	a.leases.start(&r.lease, a.now.Add(within))
	a.emitRequest(ag, RequestPending, "")
}

// unanswered tells the leader of a request. It waits on: only people decide it.
func (a *ACD) unanswered(ag *agent) {
	ag.request.late = true
	a.emitRequest(ag, RequestUnanswered, "")
}

func (a *ACD) decide(in Decide) {
	if a.checkDecide(in) == nil {
		a.answer(a.agents[in.Agent], in.Grant, in.By)
	}
}

func (a *ACD) checkDecide(in Decide) error {
	if err := a.checkSignedIn(in.Agent); err != nil {
		return err
	}
	switch ag := a.agents[in.Agent]; {
	case ag.request.status != RequestPending:
		return fmt.Errorf("agent %q: %w", in.Agent, ErrRequest)
	case in.Reason != "" && in.Reason != ag.request.reason:
		return fmt.Errorf("agent %q asks for %s by now, for %s: %w", in.Agent, ag.request.reason, in.Reason, ErrRequest)
	}
	return nil
}

// answer grants or denies what is pending.
func (a *ACD) answer(ag *agent, grant bool, by string) {
	r := &ag.request
	a.leases.stop(&r.lease)
	r.status, r.by, r.answered = RequestDenied, by, a.now
	if grant {
		r.status = RequestGranted
	}
	a.emitRequest(ag, r.status, by)
	if grant {
		a.ask(ag, r.reason)
	}
}

// withdrawRequest forgets what an agent has asked for, who says something else
// now.
func (a *ACD) withdrawRequest(ag *agent) {
	r := &ag.request
	if r.status == RequestPending {
		a.leases.stop(&r.lease)
		a.emitRequest(ag, RequestWithdrawn, "")
	}
	*r = request{lease: r.lease}
}

func (a *ACD) emitRequest(ag *agent, step RequestStep, by string) {
	a.emit(PauseRequest{Agent: ag.id, Reason: ag.request.reason, Step: step, By: by, Waited: int64(a.now - ag.request.since)})
}
