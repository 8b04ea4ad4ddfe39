package routing

import (
	"fmt"
	"strings"

	"github.com/huawu/huawu/fact"
)

// maxPriority is the priority that is served first.
const maxPriority = 100

// Check says whether in would be accepted at this instant, by an error that
// wraps a sentinel of this room. It changes nothing. What is late, such as
// Rang for an offer that is over, is refused with ErrNoOffer; Step ignores it.
func (a *ACD) Check(in Input) error {
	switch in := in.(type) {
	case Configure:
		return in.Config.Validate()
	case Join:
		return a.checkJoin(in)
	case Withdraw:
		if a.tickets[in.Ticket] == nil {
			return fmt.Errorf("ticket %q: %w", in.Ticket, ErrNoTicket)
		}
	case SignIn:
		return a.checkSignIn(in)
	case SignOut:
		return a.checkSignedIn(in.Agent)
	case Ready:
		return a.checkSignedIn(in.Agent)
	case NotReady:
		return a.checkNotReady(in)
	case Rang:
		return a.checkOffer(in.Offer, PhaseReach)
	case Answered:
		return a.checkOffer(in.Offer, PhaseReach, PhaseRing)
	case Connected:
		return a.checkOffer(in.Offer, PhaseReach, PhaseRing, PhaseConnect)
	case Failed:
		return a.checkOffer(in.Offer, PhaseReach, PhaseRing, PhaseConnect)
	case Released:
		return a.checkOffer(in.Offer, PhaseTalk)
	case Hold:
		return a.checkTalk(in.Agent)
	case Seize:
		return a.checkSeize(in)
	case Free:
		return a.checkFree(in)
	case Rank:
		return a.checkRank(in)
	case Move:
		return a.checkMove(in)
	case SetMode:
		return a.checkMode(in)
	case SetSkills:
		return a.checkSkills(in)
	case Pass:
		return a.checkPass(in)
	case Take:
		return a.checkTake(in)
	case Extend:
		return a.checkExtend(in)
	case Decide:
		return a.checkDecide(in)
	case Log:
		return a.checkLog(in)
	case SetTrainee:
		return a.checkTrainee(in)
	}
	return nil
}

func (a *ACD) checkJoin(in Join) error {
	switch {
	case in.Ticket == "":
		return fmt.Errorf("ticket %q: want an id: %w", in.Ticket, ErrTicketTaken)
	case a.tickets[in.Ticket] != nil:
		return fmt.Errorf("ticket %q is in line already: %w", in.Ticket, ErrTicketTaken)
	case a.queues[in.Queue] == nil:
		return fmt.Errorf("queue %q: %w", in.Queue, ErrNoQueue)
	case in.Priority < 0 || in.Priority > maxPriority:
		return fmt.Errorf("priority %d: want 0 to %d: %w", in.Priority, maxPriority, ErrPriority)
	}
	r, err := ParseNeeds(strings.TrimSpace(string(in.Needs)))
	if err != nil {
		return err
	}
	for _, id := range r.Skills() {
		if _, ok := a.slots[id]; !ok {
			return fmt.Errorf("needs %q: skill %q is not in the configuration: %w", in.Needs, id, ErrNeeds)
		}
	}
	return nil
}

func (a *ACD) checkSignIn(in SignIn) error {
	ag := a.agents[in.Agent]
	switch {
	case ag == nil || ag.removed:
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	case in.Endpoint == "":
		return fmt.Errorf("agent %q: endpoint %q: want one that the switch can dial: %w", in.Agent, in.Endpoint, ErrEndpoint)
	case in.Ready && in.Handover:
		return fmt.Errorf("agent %q: want ready or handover, not both: %w", in.Agent, ErrReason)
	case ag.on && ag.endpoint != in.Endpoint:
		return fmt.Errorf("agent %q is at %s: sign out there first: %w", in.Agent, ag.endpoint, ErrSignedInElsewhere)
	}
	if other := a.seats[in.Endpoint]; other != nil && other != ag {
		return fmt.Errorf("endpoint %s is agent %q's: %w", in.Endpoint, other.id, ErrEndpointTaken)
	}
	return nil
}

func (a *ACD) checkSignedIn(id fact.AgentID) error {
	ag := a.agents[id]
	switch {
	case ag == nil || ag.removed:
		return fmt.Errorf("agent %q: %w", id, ErrNoAgent)
	case !ag.on:
		return fmt.Errorf("agent %q: %w", id, ErrNotSignedIn)
	}
	return nil
}

func (a *ACD) checkOffer(id fact.OfferID, phases ...OfferPhase) error {
	if o := a.offers[id]; o != nil {
		for _, p := range phases {
			if o.phase == p {
				return nil
			}
		}
	}
	return fmt.Errorf("offer %q: %w", id, ErrNoOffer)
}

func (a *ACD) checkTalk(id fact.AgentID) error {
	ag := a.agents[id]
	switch {
	case ag == nil:
		return fmt.Errorf("agent %q: %w", id, ErrNoAgent)
	case ag.talk == nil && len(ag.calls) == 0:
		return fmt.Errorf("agent %q is %s: %w", id, ag.state, ErrNotTalking)
	}
	return nil
}

func (a *ACD) checkSeize(in Seize) error {
	ag := a.agents[in.Agent]
	switch {
	case ag == nil:
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	case !ag.on:
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNotSignedIn)
	}
	return nil
}

func (a *ACD) checkFree(in Free) error {
	ag := a.agents[in.Agent]
	if ag == nil {
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	}
	for _, call := range ag.calls {
		if call == in.Call {
			return nil
		}
	}
	return fmt.Errorf("agent %q has no call %q: %w", in.Agent, in.Call, ErrNotTalking)
}

func (a *ACD) checkRank(in Rank) error {
	switch {
	case a.tickets[in.Ticket] == nil:
		return fmt.Errorf("ticket %q: %w", in.Ticket, ErrNoTicket)
	case in.Priority < 0 || in.Priority > maxPriority:
		return fmt.Errorf("priority %d: want 0 to %d: %w", in.Priority, maxPriority, ErrPriority)
	}
	return nil
}

func (a *ACD) checkMove(in Move) error {
	switch {
	case a.tickets[in.Ticket] == nil:
		return fmt.Errorf("ticket %q: %w", in.Ticket, ErrNoTicket)
	case a.queues[in.Queue] == nil:
		return fmt.Errorf("queue %q: %w", in.Queue, ErrNoQueue)
	case a.queues[in.Queue].mode() == ModeClosed:
		return fmt.Errorf("queue %q: %w", in.Queue, ErrClosed)
	}
	return nil
}

func (a *ACD) checkMode(in SetMode) error {
	if a.queues[in.Queue] == nil {
		return fmt.Errorf("queue %q: %w", in.Queue, ErrNoQueue)
	}
	switch in.Mode {
	case ModeOpen, ModePaused, ModeDraining, ModeClosed:
		return nil
	}
	return fmt.Errorf("mode %q: want %s, %s, %s or %s: %w", in.Mode, ModeOpen, ModePaused, ModeDraining, ModeClosed, ErrMode)
}

func (a *ACD) checkSkills(in SetSkills) error {
	if ag := a.agents[in.Agent]; ag == nil || ag.removed {
		return fmt.Errorf("agent %q: %w", in.Agent, ErrNoAgent)
	}
	for i, s := range in.Skills {
		_, known := a.slots[s.ID]
		switch {
		case !known:
			return fmt.Errorf("skill %q is not in the configuration: %w", s.ID, ErrSkill)
		case s.Level < 0 || s.Level > maxLevel:
			return fmt.Errorf("skill %q: level %d: want 0 to %d: %w", s.ID, s.Level, maxLevel, ErrSkill)
		}
		for _, other := range in.Skills[:i] {
			if other.ID == s.ID {
				return fmt.Errorf("skill %q: want each skill once: %w", s.ID, ErrSkill)
			}
		}
	}
	return nil
}

func (a *ACD) checkPass(in Pass) error {
	if err := a.checkOffer(in.Offer, PhaseTalk); err != nil {
		return err
	}
	return a.checkIdle(in.Agent)
}

// checkIdle refuses an agent who cannot be given a talk.
func (a *ACD) checkIdle(id fact.AgentID) error {
	if err := a.checkSignedIn(id); err != nil {
		return err
	}
	if ag := a.agents[id]; ag.talk != nil {
		return fmt.Errorf("agent %q has %s: %w", id, ag.talk.id, ErrTalking)
	}
	return nil
}

func (a *ACD) checkTake(in Take) error {
	switch {
	case in.Ticket == "" || a.tickets[in.Ticket] != nil || a.offers[firstOffer(in.Ticket)] != nil:
		return fmt.Errorf("ticket %q: want an id of its own: %w", in.Ticket, ErrTicketTaken)
	case a.queues[in.Queue] == nil:
		return fmt.Errorf("queue %q: %w", in.Queue, ErrNoQueue)
	}
	return a.checkIdle(in.Agent)
}

func (a *ACD) checkExtend(in Extend) error {
	if err := a.checkSignedIn(in.Agent); err != nil {
		return err
	}
	w := &a.agents[in.Agent].wrapUp
	switch {
	case !w.lease.running():
		return fmt.Errorf("agent %q has no wrap-up: %w", in.Agent, ErrWrapUp)
	case in.For <= 0 || in.For > maxWrapUp:
		return fmt.Errorf("wrap-up of %s more: want up to %s: %w", in.For, maxWrapUp, ErrWrapUp)
	case w.lease.due.Add(in.For).Sub(w.began) > maxWrapUp:
		return fmt.Errorf("wrap-up of %s more: want up to %s in all: %w", in.For, maxWrapUp, ErrWrapUp)
	}
	return nil
}
