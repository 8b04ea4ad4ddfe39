package center

import (
	"fmt"
	"strconv"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

const (
	// parkTimeout is how long a caller stays parked unless the document says.
	parkTimeout = 2 * time.Minute
	// parkAgain is when a caller is looked at again whose time is up while
	// somebody is picking the call up.
	parkAgain = time.Second
)

// Park are the slots at which agents park callers, for others to pick up (SPEC
// PBX-4).
type Park struct {
	// From and To are the first and the last slot, which are numbers that
	// phones dial; To 0 means that there are none.
	From int `json:"from,omitempty" yaml:"from"`
	To   int `json:"to,omitempty" yaml:"to"`
	// Timeout is how long a caller stays parked before whoever parked the call
	// is rung, and the line has it if that comes to nothing: 0 means 2 min.
	Timeout time.Duration `json:"timeout,omitempty" yaml:"timeout"`
	// Music is the class that callers hear, "" the switch's default.
	Music string `json:"music,omitempty" yaml:"music"`
}

// Has says whether a slot is one of the park's.
func (p *Park) Has(slot int) bool { return p.To > 0 && slot >= p.From && slot <= p.To }

// parked is where a caller is, and what for.
type parked struct {
	Slot  int          `json:"slot"`
	By    fact.AgentID `json:"by,omitempty"`
	Queue fact.QueueID `json:"queue,omitempty"`
	Since fact.Instant `json:"since"`
	// Place is the place in line that the caller keeps: since when.
	Place fact.Instant `json:"place"`
	// Due is when the time is up, 0 once By is rung again.
	Due fact.Instant `json:"due,omitempty"`
}

// parkCall parks the caller of a talk.
func (c *Center) parkCall(op ParkCall) error {
	k, by, err := c.giver("park", op.Call, op.Agent)
	if err != nil {
		return err
	}
	slot, err := c.slot(op.Slot)
	if err != nil {
		return err
	}
	limit := c.cfg.Park.Timeout
	if limit == 0 {
		limit = parkTimeout
	}
	agent, offer := by.Agent, by.Offer
	p := &parked{Slot: slot, By: agent, Queue: k.call.Queue, Since: c.now.At, Due: c.now.At.Add(limit)}
	p.Place = c.now.At - fact.Instant(k.call.Spans.Wait)
	k.parked = p
	c.slots[slot] = k.call.ID
	in := call.Park{By: by.ID, Music: c.cfg.Park.Music, Joined: fact.Moment{At: p.Place, Offset: c.now.Offset}}
	if op.Announce {
		in.Announce = spelt(slot)
	}
	c.emit(fact.Event{Kind: fact.CallParked, Call: k.call.ID, Leg: k.call.First().ID, Agent: agent, Queue: p.Queue, Name: strconv.Itoa(slot)})
	c.step(k, in)
	c.parts(k, agent, offer)
	return nil
}

// slot is a free slot: the one asked for, or the first one.
func (c *Center) slot(asked int) (int, error) {
	park := c.cfg.Park
	switch {
	case park.To == 0:
		return 0, fmt.Errorf("park: %w: the centre has no slots; park.from and park.to of its document name them", ErrConflict)
	case asked == 0:
		for n := park.From; n <= park.To; n++ {
			if c.slots[n] == "" {
				return n, nil
			}
		}
		return 0, fmt.Errorf("park: %w: all slots from %d to %d are taken", ErrConflict, park.From, park.To)
	case !park.Has(asked):
		return 0, fmt.Errorf("park: slot %d: %w: want %d to %d", asked, ErrNotFound, park.From, park.To)
	case c.slots[asked] != "":
		return 0, fmt.Errorf("park: slot %d: %w: call %s is there", asked, ErrConflict, c.slots[asked])
	}
	return asked, nil
}

// spelt is a number in the switch's own digits, after a tone.
func spelt(n int) []media.Prompt {
	prompts := []media.Prompt{{Tone: "beep"}}
	for _, digit := range strconv.Itoa(n) {
		prompts = append(prompts, media.Prompt{Sound: "digits/" + string(digit)})
	}
	return prompts
}

// pickUp rings an agent for a parked call.
func (c *Center) pickUp(op PickUp) error {
	k := c.contacts[op.Call]
	if slot, err := strconv.Atoi(string(op.Call)); k == nil && err == nil {
		k = c.contacts[c.slots[slot]]
	}
	switch {
	case k == nil:
		return fmt.Errorf("pick up: call or slot %q: %w", op.Call, ErrNotFound)
	case k.parked == nil:
		return fmt.Errorf("pick up: call %s: %w: it is not parked", op.Call, ErrConflict)
	case k.call.Partner() != nil && k.picker == op.Agent:
		return fmt.Errorf("pick up: call %s: %w: agent %s is being rung for it already", op.Call, ErrConflict, op.Agent)
	case k.call.Partner() != nil:
		return fmt.Errorf("pick up: call %s: %w: somebody else is picking it up", op.Call, ErrConflict)
	}
	if _, ok := c.acd.Agent(op.Agent); !ok {
		return fmt.Errorf("pick up: agent %q: %w", op.Agent, ErrNotFound)
	}
	w, _, _ := c.colleague(string(op.Agent), Seat{})
	if w.refused != "" {
		return fmt.Errorf("pick up: agent %s cannot be rung: %w: %s", op.Agent, ErrConflict, w.refused)
	}
	c.fetch(k, w)
	return nil
}

// fetch rings an agent's phone for a parked call.
func (c *Center) fetch(k *contact, w way) {
	sw := fact.SwitchOf(k.call.First().ID)
	c.picks(k, w.agent)
	c.step(k, call.Pick{
		Leg: fact.On[fact.LegID](sw, "hw-"+c.mint()), Room: fact.On[fact.RoomID](sw, "hwr-"+c.mint()),
		Endpoint: w.endpoint, Agent: w.agent, Show: k.call.From, Limit: c.ringFor(),
	})
}

// picks makes an agent busy with a parked call, until PickedUp or Unpicked.
func (c *Center) picks(k *contact, agent fact.AgentID) {
	if k.picker = agent; agent != "" {
		c.line(routing.Seize{Agent: agent, Call: k.call.ID})
	}
}

// slotOf is the slot that a phone dials, 0 for none.
func (c *Center) slotOf(number string) int {
	if n, err := strconv.Atoi(number); err == nil && c.cfg.Park.Has(n) && strconv.Itoa(n) == number {
		return n
	}
	return 0
}

// dialledSlot gives a phone that has dialled a slot the call that is there. Who
// may ring colleagues may pick up, but nobody out of another talk.
func (c *Center) dialledSlot(e media.LegArrived, seat Seat, agent fact.AgentID, slot int) {
	k := c.contacts[c.slots[slot]]
	refuse := func(cause int, reason fact.Reason) {
		k := c.begin(e, fact.Internal)
		c.seize(k, agent)
		c.step(k, call.End{Cause: cause, By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultAgent, Reason: reason}})
	}
	switch {
	case !c.ringsColleagues(seat):
		refuse(causeRejected, fact.ReasonForbidden)
	case k == nil:
		refuse(causeUnallocated, fact.ReasonNoRoute)
	case k.call.Partner() != nil || c.talks(agent):
		refuse(causeBusy, fact.ReasonBusy)
	case fact.SwitchOf(e.Leg) != fact.SwitchOf(k.call.First().ID): // no room holds legs of two
		refuse(causeAbsent, fact.ReasonUnreachable)
	default:
		c.legs[e.Leg] = k.call.ID
		c.picks(k, agent)
		c.step(k, call.Pick{
			Leg: e.Leg, Endpoint: e.Endpoint, Agent: agent, Arrived: true,
			Room: fact.On[fact.RoomID](fact.SwitchOf(e.Leg), "hwr-"+c.mint()),
		})
	}
}

// talks says whether an agent is in a talk.
func (c *Center) talks(agent fact.AgentID) bool {
	a, ok := c.acd.Agent(agent)
	return ok && (a.State == routing.Talking || a.State == routing.HoldState)
}

// pickedUp has the ACD know who has the talk: as if by an offer, so that a
// wrap-up follows it, or else as of a call outside queues.
func (c *Center) pickedUp(k *contact, e call.PickedUp) {
	p := k.parked
	c.unpark(k)
	ev := fact.Event{Kind: fact.CallPicked, Call: k.call.ID, Leg: e.Leg, Agent: e.Agent, Queue: k.call.Queue}
	if p != nil {
		ev.Name, ev.Millis = strconv.Itoa(p.Slot), int64(c.now.At-p.Since)
	}
	c.emit(ev)
	agent := k.picker
	k.picker = ""
	if agent == "" {
		return
	}
	take := routing.Take{Ticket: ticketOf(k, k.tickets+1), Queue: k.call.Queue, Agent: agent}
	if c.acd.Check(take) != nil {
		k.colleague = agent // until the call is over
		return
	}
	k.tickets++
	c.line(take)
	c.line(routing.Free{Agent: agent, Call: k.call.ID})
}

// unpicked frees who was to pick a call up. If that was who had parked it and
// whose time is up, the line has it next.
func (c *Center) unpicked(k *contact) {
	agent := k.picker
	k.picker = ""
	if p := k.parked; p != nil && p.Due == 0 {
		c.backInLine(k) // before others whom the agent could be offered
	}
	if agent != "" {
		c.line(routing.Free{Agent: agent, Call: k.call.ID})
	}
}

// parkOver is the end of a caller's time at a slot: who parked the call is rung
// (RUL-TRF-3), the line has it if that cannot be.
func (c *Center) parkOver(k *contact) {
	p := k.parked
	if k.call.Partner() != nil {
		p.Due = c.now.At.Add(parkAgain)
		return
	}
	p.Due = 0
	w, _, ok := c.colleague(string(p.By), Seat{})
	if p.By == "" || !ok || w.refused != "" || w.agent == "" {
		c.backInLine(k)
		return
	}
	c.emit(fact.Event{Kind: fact.CallReturned, Call: k.call.ID, Agent: p.By, Name: strconv.Itoa(p.Slot), Millis: int64(c.now.At - p.Since)})
	c.fetch(k, w)
}

// backInLine puts a caller who was parked in the line that the talk came from,
// at the place that all waiting and parking so far is worth. Without one the
// flow goes on as if the line had let the caller go.
func (c *Center) backInLine(k *contact) {
	p := k.parked
	c.unpark(k)
	c.emit(fact.Event{Kind: fact.CallReturned, Call: k.call.ID, Queue: p.Queue, Name: strconv.Itoa(p.Slot), Millis: int64(c.now.At - p.Since)})
	switch {
	case c.giveBack(k, k.gives(p.By), p.Place):
	case k.session == nil:
		c.step(k, call.End{By: fact.BySystem, Ending: fact.Ending{Fault: fact.FaultUs, Reason: fact.ReasonNoRoute}})
	default:
		c.script(k, flow.Returned{Token: k.line, Outcome: flow.OutcomeRemoved})
	}
}

// unpark gives a call's slot back.
func (c *Center) unpark(k *contact) {
	if p := k.parked; p != nil {
		delete(c.slots, p.Slot)
		k.parked = nil
	}
}

// leavePark is the end of a call that may be parked.
func (c *Center) leavePark(k *contact) {
	c.unpark(k)
	if k.picker != "" {
		c.line(routing.Free{Agent: k.picker, Call: k.call.ID})
		k.picker = ""
	}
}

// ParkView is where a caller is parked.
type ParkView struct {
	Slot  int          `json:"slot"`
	By    fact.AgentID `json:"by,omitempty"`
	Since int64        `json:"since"`           // wall clock, ms of the epoch
	Until int64        `json:"until,omitempty"` // likewise, 0 once By is rung
}

func (c *Center) parkView(k *contact) *ParkView {
	p := k.parked
	if p == nil {
		return nil
	}
	v := &ParkView{Slot: p.Slot, By: p.By, Since: c.wall(p.Since)}
	if p.Due != 0 {
		v.Until = c.wall(p.Due)
	}
	return v
}
