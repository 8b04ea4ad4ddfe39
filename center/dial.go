package center

import (
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

const (
	// forwardAfter is how long a phone rings that forwards what it does not
	// answer.
	forwardAfter = 20 * time.Second
	// maxForwards is how often one call is forwarded, so that phones which
	// forward to each other come to an end.
	maxForwards = 3
)

// way is where a dialled number leads.
type way struct {
	endpoint fact.Endpoint
	agent    fact.AgentID
	trunk    string
	show     media.Identity
	limit    time.Duration // of ringing
	cause    int
	fault    fact.Fault
	refused  fact.Reason
}

// attempt is what a contact dials, so that another way can be found when the
// present one fails.
type attempt struct {
	Number string `json:"number"`
	// Seat is whose class of service counts: who dialled, or whose phone
	// forwards; Agent is who is signed in there.
	Seat  fact.Endpoint `json:"seat"`
	Agent fact.AgentID  `json:"agent,omitempty"`
	// Trunk is the present one, Tried those that failed.
	Trunk    string   `json:"trunk,omitempty"`
	Tried    []string `json:"tried,omitempty"`
	Forwards int      `json:"forwards,omitempty"`
}

// refuses is a way that leads nowhere.
func refuses(cause int, fault fact.Fault, reason fact.Reason) []way {
	return []way{{cause: cause, fault: fault, refused: reason}}
}

// follow finds the ways of an attempt, through phones that are forwarded. The
// attempt comes back with whom it leads to in the end.
func (c *Center) follow(a attempt, from Seat) ([]way, fact.Direction, attempt) {
	dir := fact.Outbound
	for ; !c.cfg.Urgent(a.Number); a.Forwards++ {
		w, seat, ok := c.colleague(a.Number, from)
		if !ok {
			break
		}
		if a.Forwards == 0 {
			dir = fact.Internal
			if !c.ringsColleagues(from) {
				return refuses(causeRejected, fact.FaultAgent, fact.ReasonForbidden), dir, a
			}
		}
		to := ""
		if seat.free(w.agent) {
			if to = seat.Forward.Always; to == "" && seat.DoNotDisturb {
				to = seat.Forward.Busy
			}
		}
		if to == "" || a.Forwards == maxForwards {
			return []way{w}, dir, a
		}
		a.Number, a.Seat, a.Agent = to, seat.Endpoint, ""
	}
	return c.outside(a.Number, c.index.seats[a.Seat], a.Agent), dir, a
}

// free says whether a seat's forwarding counts: an agent who is signed in takes
// the seat's calls (SPEC PBX-3).
func (s Seat) free(agent fact.AgentID) bool { return s.Endpoint != "" && agent == "" }

// outside are the ways of a number by the trunks of its route. Trunks that are
// full are passed over and those that rest come last. An emergency number may
// use every trunk there is, full or not.
func (c *Center) outside(number string, from Seat, by fact.AgentID) []way {
	urgent := c.cfg.Urgent(number)
	if from.Class == "" && by == "" && !urgent {
		return refuses(causeRejected, fact.FaultAgent, fact.ReasonForbidden)
	}
	if !dialable(number) {
		return refuses(causeUnallocated, fact.FaultAgent, fact.ReasonNoRoute)
	}
	r, barred := c.route(number, from, by)
	if barred {
		return refuses(causeRejected, fact.FaultAgent, fact.ReasonForbidden)
	}
	var trunks []string
	shown := ""
	if r != nil {
		trunks, shown = r.Trunks, r.Number
	}
	if urgent {
		trunks = slices.Clone(trunks)
		for _, t := range c.cfg.Trunks {
			if !slices.Contains(trunks, t.ID) {
				trunks = append(trunks, t.ID)
			}
		}
	}
	if len(trunks) == 0 {
		return refuses(causeUnallocated, fact.FaultAgent, fact.ReasonNoRoute)
	}
	var ways, resting []way
	for _, id := range trunks {
		t := c.index.trunks[id]
		if t == nil || c.full(t) && !urgent {
			continue
		}
		w := way{
			endpoint: fact.Endpoint(strings.ReplaceAll(t.Endpoint, "{number}", number)),
			trunk:    t.ID, show: media.Identity{Number: t.Number}, limit: dialLimit,
		}
		if shown != "" {
			w.show.Number = shown
		}
		if c.rests(t) {
			resting = append(resting, w)
		} else {
			ways = append(ways, w)
		}
	}
	if ways = append(ways, resting...); len(ways) > 0 {
		return ways
	}
	return refuses(causeNoCircuit, fact.FaultTrunk, fact.ReasonUnreachable)
}

// colleague finds a seat by its extension or an agent by number, and the seat
// that rings.
func (c *Center) colleague(number string, from Seat) (way, Seat, bool) {
	w := way{limit: dialLimit}
	var seat Seat
	if s, ok := c.index.phones[number]; ok {
		seat, w.endpoint = s, s.Endpoint
		w.agent, _ = c.acd.At(s.Endpoint)
	} else if a, ok := c.acd.Agent(fact.AgentID(number)); ok {
		w.agent, w.endpoint = a.ID, a.Endpoint
		if a.Endpoint == "" {
			w.cause, w.fault, w.refused = causeAbsent, fact.FaultAgent, fact.ReasonUnreachable
			return w, seat, true
		}
	} else {
		return way{}, seat, false
	}
	busy := func() { w.cause, w.fault, w.refused, w.agent = causeBusy, fact.FaultAgent, fact.ReasonBusy, "" }
	if w.endpoint == from.Endpoint {
		busy()
		return w, Seat{}, true
	}
	if a, ok := c.acd.Agent(w.agent); ok {
		switch a.State {
		case routing.OfferedState, routing.Talking, routing.HoldState:
			busy()
			return w, Seat{}, true
		}
	} else if seat.DoNotDisturb {
		busy()
	} else if seat.Forward.NoAnswer != "" {
		w.limit = forwardAfter
	}
	return w, seat, true
}

// dial takes a way of an attempt.
func (c *Center) dial(k *contact, w way, a attempt) {
	if w.refused != "" {
		c.step(k, call.End{Cause: w.cause, By: fact.BySystem, Ending: fact.Ending{Fault: w.fault, Reason: w.refused}})
		return
	}
	if a.Trunk = w.trunk; w.trunk != "" {
		k.trunk = w.trunk
	}
	k.attempt = &a
	if ring := c.cfg.Callbacks.Ring; k.owes != "" && ring != 0 {
		w.limit = ring
	}
	if w.show.Number == "" {
		w.show = media.Identity{Number: c.index.seats[k.call.First().Endpoint].Extension, Name: string(k.agent)}
	}
	if w.agent != "" {
		k.colleague = w.agent
		c.line(routing.Seize{Agent: w.agent, Call: k.call.ID})
	}
	sw := fact.SwitchOf(k.call.First().ID)
	d := call.Dial{
		Keep:     k.call.Direction == fact.Outbound && c.index.flows[c.cfg.AfterTalk] != nil,
		Back:     k.diverted != nil && k.diverted.Back,
		Endpoint: w.endpoint, Agent: w.agent, Show: w.show, Limit: w.limit,
		Leg: fact.On[fact.LegID](sw, "hw-"+c.mint()), Room: fact.On[fact.RoomID](sw, "hwr-"+c.mint()),
	}
	c.occupy(d.Leg, w.trunk)
	c.step(k, d)
}

// undialled tries another way to whom was dialled, or ends the call when there
// is none.
func (c *Center) undialled(k *contact, e call.Undialled) {
	if s := k.call.Side; s != nil && s.Leg == e.Leg {
		c.unreached(k, e)
		return
	}
	l := k.call.Leg(e.Leg)
	if k.owes != "" && l != nil && l.Lost {
		// It may have been answered: another way could call it twice.
		c.step(k, call.End{By: fact.ByUnknown, Ending: fact.Ending{Fault: fact.FaultUnknown, Reason: fact.ReasonAway}})
		return
	}
	if k.diverted != nil && k.session != nil {
		c.undiverted(k, l, e)
		return
	}
	if k.attempt != nil && l != nil && c.redial(k, l, e) {
		return
	}
	fault, cause := fact.FaultTrunk, e.Cause
	if l != nil && l.Agent != "" {
		fault = fact.FaultAgent
	}
	if cause == 0 && e.Why == call.MissUnreachable {
		cause = causeAbsent
	}
	c.step(k, call.End{Cause: cause, By: fact.ByCallee, Ending: fact.Ending{Fault: fault, Reason: e.Why.Reason()}})
}

// redial dials anew. False when there is no other way.
func (c *Center) redial(k *contact, l *call.Leg, e call.Undialled) bool {
	w, a, ok := c.onward(*k.attempt, c.index.seats[k.call.First().Endpoint], l, e)
	if ok {
		c.dial(k, w, a)
	}
	return ok
}

// onward is the way after one that has failed: the next trunk, or whom the
// phone forwards to. False when neither is to be had.
func (c *Center) onward(a attempt, from Seat, l *call.Leg, e call.Undialled) (way, attempt, bool) {
	if a.Trunk == "" {
		seat := c.index.seats[l.Endpoint]
		to := ""
		if seat.free(l.Agent) {
			switch e.Why {
			case call.MissNoAnswer, call.MissUnreachable:
				to = seat.Forward.NoAnswer
			case call.MissBusy, call.MissRejected:
				to = seat.Forward.Busy
			}
		}
		if to == "" || a.Forwards >= maxForwards {
			return way{}, a, false
		}
		a = attempt{Number: to, Seat: seat.Endpoint, Forwards: a.Forwards + 1}
	} else {
		if !c.passesOn(a.Trunk, l.Rang, c.cfg.Urgent(a.Number), e) {
			return way{}, a, false
		}
		a.Tried = append(slices.Clone(a.Tried), a.Trunk)
	}
	ways, _, a := c.follow(a, from)
	ways = slices.DeleteFunc(ways, func(w way) bool { return w.refused != "" || w.trunk != "" && slices.Contains(a.Tried, w.trunk) })
	if len(ways) == 0 {
		return way{}, a, false
	}
	return ways[0], a, true
}
