package center

import (
	"strings"
	"unicode"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// Q.850 causes that we give.
const (
	causeUnallocated = 1
	causeBusy        = 17
	causeAbsent      = 20
	causeRejected    = 21
	causeNoCircuit   = 34
)

// arrived asks a leg who it is (DESIGN section 4): an agent's phone by its
// endpoint, a caller by the number dialled, one who comes back by its tag.
func (c *Center) arrived(e media.LegArrived) {
	if k := c.of(e.Leg); k != nil && k.call.Has(e.Leg) {
		return
	}
	if dialledFor(e.Tag) {
		c.dismiss(e.Leg) // thrown out and back: its call went on without it
		return
	}
	if c.cfg.Version == 0 {
		c.send(media.Deflect{Leg: e.Leg, To: media.ExitFallback})
		return
	}
	seat, isSeat := c.index.seats[e.Endpoint]
	number, isNumber := c.numberOf(e.To)
	switch {
	case isSeat:
		c.dialled(e, seat)
	case isNumber:
		k := c.begin(e, fact.Inbound)
		if !c.restore(k, e.Tag) {
			c.recognise(k)
			c.run(k, c.answers(k, number), nil)
		}
	default:
		k := c.begin(e, fact.Inbound)
		c.step(k, call.End{Cause: causeUnallocated, By: fact.BySystem,
			Ending: fact.Ending{Fault: fact.FaultUs, Reason: fact.ReasonNoRoute}})
	}
}

// numberOf is one of the tenant's numbers, also as a carrier writes it.
func (c *Center) numberOf(to string) (Number, bool) {
	n, ok := c.index.numbers[to]
	if !ok && c.cfg.Country != "" {
		if e164, _, _ := Normalise(c.cfg.Country, to); e164 != "" {
			n, ok = c.index.numbers[e164]
		}
	}
	return n, ok
}

// lateAfter is how many milliseconds after its creation a leg must arrive to
// count as one that the dialplan kept waiting for us. The switch's clock is not
// ours: below it, order of arrival is the better truth.
const lateAfter = 500

// begin opens a call for a leg that arrived.
func (c *Center) begin(e media.LegArrived, dir fact.Direction) *contact {
	id := fact.CallID("c-" + c.mint())
	e.From.Number, e.From.Name, e.To = legible(e.From.Number), legible(e.From.Name), legible(e.To)
	if dir == fact.Inbound && c.cfg.Country != "" {
		_, e.From.Number, _ = Normalise(c.cfg.Country, e.From.Number)
	}
	began := c.now
	if e.Created != 0 && e.Created < began.At {
		began.At = e.Created
	}
	policy := c.recording()
	k := &contact{call: call.Begin(id, began, dir, e, policy.of(dir, "", "").Recorded), policy: policy}
	if wait := int64(c.now.At - began.At); wait >= lateAfter && dir == fact.Inbound {
		k.late = wait
	}
	c.contacts[id] = k
	c.legs[e.Leg] = id
	if k.trunk = c.index.carriers[e.Endpoint]; dir == fact.Inbound {
		c.occupy(e.Leg, k.trunk)
	}
	offered := fact.Event{Kind: fact.CallOffered, Call: id, Leg: e.Leg, Endpoint: e.Endpoint, From: e.From.Number, To: e.To, Name: e.From.Name, Reason: string(dir)}
	if dir != fact.Inbound {
		offered.Agent, _ = c.acd.At(e.Endpoint)
	}
	c.emit(offered)
	c.send(media.SetTag{Leg: e.Leg, Tag: k.call.Tag})
	c.recordBy(k, "")
	return k
}

// restore gives a caller who comes back, or was found, the old place in line;
// false when the tag tells of none.
func (c *Center) restore(k *contact, t *media.Tag) bool {
	if t == nil || t.Role != media.RoleCaller || t.Joined == 0 || t.Queue == "" {
		return false
	}
	joined := fact.Instant(t.Joined - c.now.Offset)
	if joined > c.now.At {
		joined = c.now.At
	}
	// The flow that led there is not known; the talk is followed by its end.
	k.session = nil
	in := routing.Join{
		Queue: t.Queue, Priority: t.Priority, Joined: joined,
		Needs: routing.Needs(t.Needs), Level: t.Level, Repeat: t.Repeat, Prefer: t.Prefer, Named: t.Named,
	}
	if !c.rejoin(k, in, 0) {
		return false
	}
	c.emit(fact.Event{Kind: fact.CallAdopted, Call: k.call.ID, Queue: t.Queue, Name: string(t.Call)})
	return true
}

// run begins a flow on a call.
func (c *Center) run(k *contact, id fact.FlowID, args []flow.Arg) {
	f := c.index.flows[id]
	if f == nil {
		c.step(k, call.End{By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultUs, Reason: fact.ReasonFlowBroken}})
		return
	}
	k.flow, k.session, k.call.FlowID = f, flow.New(f, args), id
	c.recordBy(k, k.call.Queue)
	c.script(k, flow.Start{})
}

// dialled is a call from a seat: a feature code, a colleague, or outside.
func (c *Center) dialled(e media.LegArrived, seat Seat) {
	agent, _ := c.acd.At(e.Endpoint)
	if id, ok := c.index.codes[e.To]; ok && !c.cfg.Urgent(e.To) {
		k := c.begin(e, fact.Service)
		c.seize(k, agent)
		c.run(k, id, nil)
		return
	}
	if slot := c.slotOf(e.To); slot != 0 && !c.cfg.Urgent(e.To) {
		c.dialledSlot(e, seat, agent, slot)
		return
	}
	ways, dir, a := c.follow(attempt{Number: e.To, Seat: seat.Endpoint, Agent: agent}, seat)
	k := c.begin(e, dir)
	c.seize(k, agent)
	c.dial(k, ways[0], a)
}

// seize makes the agent who holds the phone busy with the call.
func (c *Center) seize(k *contact, agent fact.AgentID) {
	if agent == "" {
		return
	}
	k.agent = agent
	k.call.First().Agent = agent
	c.line(routing.Seize{Agent: agent, Call: k.call.ID})
}

// dialledFor says whether a leg was dialled by us, on somebody's behalf.
func dialledFor(t *media.Tag) bool {
	return t != nil && (t.Role == media.RoleCallee || t.Role == media.RoleSupervisor || t.Role != media.RoleCaller && t.Offer != "")
}

// maxShown is the most characters of a number or a name that are kept.
const maxShown = 128

// legible is what the far side says of itself, fit to be shown to a phone
// again: commands carry no control characters (media.Check), and a caller
// whose name holds one must not be one whom no agent can be called for.
func legible(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown])
	}
	return s
}

// whose is the contact that an event is about, nil for none. A recording is
// its call's, also when the leg has come back as another's.
func (c *Center) whose(e media.Event) *contact {
	switch e := e.(type) {
	case media.RecordStarted:
		return c.contacts[call.OfRecording(e.Recording)]
	case media.RecordEnded:
		return c.contacts[call.OfRecording(e.Recording)]
	case media.RecordFailed:
		return c.contacts[call.OfRecording(e.Recording)]
	}
	return c.of(media.LegOf(e))
}
