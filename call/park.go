package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Leases of the park.
const (
	// pickLease is how long a phone that has dialled a slot may take to be in
	// the talk.
	pickLease = 10 * time.Second
	// farewellLease is how long an agent's phone may play where the caller is
	// parked before it is hung up.
	farewellLease = 10 * time.Second
)

// The inputs about the park.
type (
	// Park takes the agent at By out of a talk; the first leg hears music until
	// somebody picks it up, or Wait says where to go. Joined is the place in
	// line that it keeps, for the tag. Announce is what the agent hears before
	// the phone is hung up, nil for nothing.
	Park struct {
		By       fact.LegID
		Music    string
		Joined   fact.Moment
		Announce []media.Prompt
	}
	// Pick brings somebody to the first leg, which is parked: a phone that is
	// rung, or, with Arrived, one that has dialled. PickedUp or Unpicked
	// answers.
	Pick struct {
		Leg      fact.LegID // minted, unless it arrived
		Endpoint fact.Endpoint
		Agent    fact.AgentID // "" for a phone without one
		Room     fact.RoomID  // minted
		Arrived  bool
		Show     media.Identity
		Limit    time.Duration
	}
)

func (Park) input() {}
func (Pick) input() {}

// The effects about the park.
type (
	// PickedUp says that who picked a parked call up talks.
	PickedUp struct {
		Leg   fact.LegID
		Agent fact.AgentID
	}
	// Unpicked says that who was to pick a parked call up did not.
	Unpicked struct {
		Leg   fact.LegID
		Agent fact.AgentID
		Why   Miss
	}
)

func (PickedUp) effect() {}
func (Unpicked) effect() {}

func (c *Call) park(in Park) {
	by, first := c.Leg(in.By), c.First()
	if c.Phase != InTalk || c.Side != nil || c.Third || by == nil || by != c.Partner() {
		return
	}
	c.parts(fact.ByAgent, PartedParked)
	by.Part, c.Taken = PartOut, ""
	first.ToHold = false
	c.Music = in.Music
	c.Tag.Queue, c.Tag.Joined = c.Queue, in.Joined.Wall().UnixMilli()
	c.send(media.SetTag{Leg: first.ID, Tag: c.Tag})
	c.enter(Parked)
	c.back()
	if len(in.Announce) == 0 {
		c.hangup(by, 0)
		return
	}
	c.Farewell = c.say(by, in.Announce)
	c.Goodbye, c.Goodbyes = c.now.At.Add(farewellLease), 0
}

// farewell hangs up a phone that has heard where the caller is parked.
func (c *Call) farewell() {
	c.Farewell = ""
	for _, l := range c.Legs {
		if l.Part == PartOut && l.there() && c.alive() {
			c.hangup(l, 0)
		}
	}
}

func (c *Call) pick(in Pick) {
	if c.Phase != Parked || c.Partner() != nil {
		if in.Arrived {
			c.send(media.Hangup{Leg: in.Leg, Cause: 17})
		}
		c.do(Unpicked{in.Leg, in.Agent, MissBusy})
		return
	}
	l := &Leg{ID: in.Leg, Role: media.RoleCallee, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent}
	c.Legs = append(c.Legs, l)
	c.Room = in.Room
	if !in.Arrived {
		l.Made, c.Picking = c.now.At, c.now.At.Add(in.Limit+answerGrace)
		c.create(l, nil, "", media.Create{Show: in.Show}, in.Limit)
		return
	}
	l.State, l.Wanted, l.Quiet, c.Picking = media.LegRing, true, c.now.At, c.now.At.Add(pickLease)
	c.send(media.SetTag{Leg: l.ID, Tag: media.Tag{Call: c.ID, Role: l.Role}})
	c.send(media.Answer{Leg: l.ID})
}

// picked is the talk with who picked the first leg up.
func (c *Call) picked(l *Leg) {
	c.Picking = 0
	if l.Agent != "" {
		l.Role = media.RoleAgent
	}
	c.do(PickedUp{l.ID, l.Agent})
}

// unpicked is the end of an attempt to pick the first leg up: it hears music
// again.
func (c *Call) unpicked(l *Leg, why Miss) {
	c.Picking, l.Part = 0, PartOut
	if l.there() {
		c.hangup(l, 0)
	}
	if c.First().InRoom != "" {
		c.back()
	}
	c.do(Unpicked{l.ID, l.Agent, why})
}

// pickLate lets the lease of an attempt to pick up run out.
func (c *Call) pickLate() {
	c.Picking = 0
	if l := c.Partner(); c.Phase == Parked && l != nil {
		c.unpicked(l, MissNoAnswer)
	}
}

func (c *Call) music() {
	c.send(media.Music{Leg: c.First().ID, On: true, Class: c.Music})
}

// back brings a caller who waits back to the music, out of a room that no
// agent came to first: once it is left, music begins.
func (c *Call) back() {
	if l := c.First(); l.InRoom != "" {
		c.send(media.Leave{Room: l.InRoom, Leg: l.ID})
		return
	}
	c.music()
}
