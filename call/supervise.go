package call

import (
	"slices"
	"strconv"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Mode is how a supervisor is at a talk.
type Mode string

// The modes.
const (
	Listen  Mode = "listen"  // hears the talk; there is no way for what is said to anybody
	Whisper Mode = "whisper" // is heard by the agent besides
	Barge   Mode = "barge"   // all hear all
)

// Modes are all of them.
var Modes = []Mode{Listen, Whisper, Barge}

// MaxSupervisors is how many may be at one talk.
const MaxSupervisors = 3

// spyAgain is how long after its end a spy is asked for again: an end that
// comes with the agent's, or the supervisor's, is told by then.
const spyAgain = 500 * time.Millisecond

// Why a supervision ended, besides the words of Miss; "" is of a supervisor who
// hung up.
const (
	superviseAsked  = "asked"  // somebody asked for the end
	superviseTalk   = "talk"   // the talk is over, or nobody of ours is in it
	superviseTaken  = "taken"  // the supervisor has the talk
	superviseFailed = "failed" // the switch would not let the supervisor hear
	takenOver       = "take-over"
)

// Supervision is one supervisor at a talk.
type Supervision struct {
	Leg fact.LegID `json:"leg"`
	// Agent is who supervises, "" at a phone where nobody is signed in. Of is
	// the leg of the agent whose talk it is.
	Agent fact.AgentID `json:"agent,omitempty"`
	Of    fact.LegID   `json:"of"`
	Mode  Mode         `json:"mode"`
	// Spy is what the supervisor hears by, "" in the room and before.
	Spy fact.SpyID `json:"spy,omitempty"`
	// Began is when the supervisor picked up, 0 before.
	Began fact.Instant `json:"began,omitempty"`
	// Taking says that the supervisor is on the way to have the talk.
	Taking bool `json:"taking,omitempty"`
	// Due is when the phone must have been answered, or what was ordered is
	// ordered again, 0 for never; Tries counts the latter.
	Due   fact.Instant `json:"due,omitempty"`
	Tries int          `json:"tries,omitempty"`
}

// supervision is that of a supervisor's leg, nil for none.
func (c *Call) supervision(leg fact.LegID) *Supervision {
	for _, s := range c.Supervisions {
		if s.Leg == leg {
			return s
		}
	}
	return nil
}

// supervise brings a supervisor to the talk: the phone is rung, or has called.
func (c *Call) supervise(in Supervise) {
	of := c.Leg(in.Of)
	if c.Phase != InTalk || !of.there() || of.Agent == "" || len(c.Supervisions) >= MaxSupervisors {
		if in.Here {
			c.send(media.Hangup{Leg: in.Leg})
		}
		c.do(SuperviseOver{Leg: in.Leg, Agent: in.Agent})
		return
	}
	l := &Leg{ID: in.Leg, Role: media.RoleSupervisor, Part: PartSupervise, State: media.LegDown, Endpoint: in.Endpoint, Agent: in.Agent}
	s := &Supervision{Leg: l.ID, Agent: in.Agent, Of: in.Of, Mode: in.Mode}
	c.Legs, c.Supervisions = append(c.Legs, l), append(c.Supervisions, s)
	if in.Here {
		l.State = media.LegUp
		c.send(media.SetTag{Leg: l.ID, Tag: media.Tag{Call: c.ID, Role: l.Role, Queue: c.Queue}})
		c.supervised(l)
		return
	}
	l.Made, s.Due = c.now.At, c.now.At.Add(in.Limit+answerGrace)
	c.create(l, nil, "", media.Create{Show: in.Show, AutoAnswer: in.AutoAnswer}, in.Limit)
}

// supervised is a supervisor who has picked up.
func (c *Call) supervised(l *Leg) {
	s := c.supervision(l.ID)
	s.Began = c.now.At
	c.emit(fact.Event{Kind: fact.SpyBegan, Leg: l.ID, Agent: s.Agent, Endpoint: l.Endpoint, To: string(c.Leg(s.Of).Agent), Reason: string(s.Mode)})
	c.attend(s)
}

// attend orders what the mode asks for: each order takes the supervisor away
// from where the one before had led.
func (c *Call) attend(s *Supervision) {
	s.Due = 0
	if s.Mode == Barge || s.Taking {
		s.Spy = ""
		if c.Leg(s.Leg).InRoom != c.Room {
			c.send(media.Join{Room: c.Room, Legs: []fact.LegID{s.Leg}})
			s.Due = c.now.At.Add(arrangeLease)
		}
		return
	}
	if c.ringsBack() {
		c.hush(s)
		return
	}
	c.Spies++
	s.Spy = fact.On[fact.SpyID](c.switchName(), string(c.ID)+"-s"+strconv.Itoa(c.Spies))
	c.send(media.Spy{Spy: s.Spy, Leg: s.Of, By: s.Leg, Whisper: s.Mode == Whisper})
}

// ringsBack says whether an agent is given the sound of ringing, which must not
// be heard by a spy (media.StopSpy).
func (c *Call) ringsBack() bool {
	return c.Side != nil && !c.Side.Blind && c.Side.Phase == SideCalling
}

// hush stops what a supervisor hears by, until there is a talk again.
func (c *Call) hush(s *Supervision) {
	if s.Spy != "" {
		c.send(media.StopSpy{Spy: s.Spy, Leg: s.Of, By: s.Leg})
		s.Spy = ""
	}
}

// superviseHush stops what supervisors hear by of an agent who calls somebody.
func (c *Call) superviseHush() {
	for _, s := range c.Supervisions {
		c.hush(s)
	}
}

// superviseOn lets supervisors hear again who were stopped.
func (c *Call) superviseOn() {
	for _, s := range c.Supervisions {
		if s.Began != 0 && s.Spy == "" && s.Mode != Barge && !s.Taking {
			c.attend(s)
		}
	}
}

// setMode has a supervisor go on in another mode.
func (c *Call) setMode(in SetMode) {
	s := c.supervision(in.Leg)
	if s == nil || s.Mode == in.Mode || s.Taking {
		return
	}
	s.Mode, s.Tries = in.Mode, 0
	if s.Began == 0 {
		return
	}
	c.emit(fact.Event{Kind: fact.SpyMode, Leg: s.Leg, Agent: s.Agent, To: string(c.Leg(s.Of).Agent), Reason: string(s.Mode)})
	c.attend(s)
}

// takeOver brings a supervisor to the caller, in the agent's place.
func (c *Call) takeOver(in TakeOver) {
	s := c.supervision(in.Leg)
	if s == nil || s.Began == 0 || s.Taking || c.Phase != InTalk || c.Side != nil || c.Partner() == nil || c.Partner().ID != s.Of {
		return
	}
	s.Taking, s.Tries = true, 0
	c.putOnHold(c.First(), false, "")
	c.arrange()
	c.attend(s)
	c.arrived(s)
}

// arrived goes on once a supervisor is in the room.
func (c *Call) arrived(s *Supervision) {
	l := c.Leg(s.Leg)
	if s.Began == 0 || s.Spy != "" || l.InRoom != c.Room {
		return
	}
	s.Due, s.Tries = 0, 0
	if !s.Taking || c.Phase != InTalk {
		return
	}
	if c.unconsult(""); c.Phase != InTalk {
		return
	}
	of := c.Leg(s.Of)
	c.forget(s, superviseTaken)
	if l.Role = media.RoleCallee; l.Agent != "" {
		l.Role = media.RoleAgent
	}
	c.send(media.SetTag{Leg: l.ID, Tag: media.Tag{Call: c.ID, Role: l.Role, Queue: c.Queue}})
	c.succeed(of, l, takenOver, false)
}

// takenFrom says whether somebody is on the way to have an agent's talk, who
// may go then.
func (c *Call) takenFrom(l *Leg) bool {
	return slices.ContainsFunc(c.Supervisions, func(s *Supervision) bool { return s.Taking && s.Of == l.ID })
}

// follow has the supervisors of one who gives the talk away hear who has it. A
// talk without anybody of ours is not supervised.
func (c *Call) follow(by, l *Leg) {
	for _, s := range slices.Clone(c.Supervisions) {
		switch {
		case s.Of != by.ID:
		case l.Agent == "":
			c.unsupervise(s, superviseTalk)
		default:
			s.Of, s.Tries = l.ID, 0
			if s.Began != 0 && s.Mode != Barge {
				c.attend(s)
			}
		}
	}
}

// unsupervise ends a supervision by our word.
func (c *Call) unsupervise(s *Supervision, why string) {
	l := c.Leg(s.Leg)
	l.Part = PartOut
	if l.there() {
		c.hangup(l, 0)
	}
	c.superviseOver(s, why)
}

// superviseOver is the end of a supervision whose leg goes, or is gone. An agent
// who went because the talk was being taken over has then parted with it.
func (c *Call) superviseOver(s *Supervision, why string) {
	c.forget(s, why)
	c.Leg(s.Leg).Part = PartOut
	c.do(SuperviseOver{Leg: s.Leg, Agent: s.Agent})
	if of := c.Leg(s.Of); s.Taking && of.Gone && c.Phase == InTalk && !c.takenFrom(of) {
		c.given(of)
	}
}

// forget takes a supervision off and tells of its end.
func (c *Call) forget(s *Supervision, why string) {
	c.Supervisions = slices.DeleteFunc(slices.Clone(c.Supervisions), func(o *Supervision) bool { return o == s })
	e := fact.Event{Kind: fact.SpyEnded, Leg: s.Leg, Agent: s.Agent, To: string(c.Leg(s.Of).Agent), Reason: why}
	if s.Began != 0 {
		e.Millis = int64(c.now.At - s.Began)
	}
	c.emit(e)
}

// superviseEnds ends every supervision once there is no talk.
func (c *Call) superviseEnds() {
	if c.Phase != InTalk {
		c.superviseNone()
	}
}

func (c *Call) superviseNone() {
	for len(c.Supervisions) > 0 {
		c.unsupervise(c.Supervisions[0], superviseTalk)
	}
}

// spyEnded is the end of what a supervisor hears by: another is asked for,
// unless it comes with the end of either leg.
func (c *Call) spyEnded(id fact.SpyID) {
	for _, s := range c.Supervisions {
		if s.Spy == id {
			s.Due = c.now.At.Add(spyAgain)
		}
	}
}

// superviseFails is an order that did not work.
func (c *Call) superviseFails(e media.CommandFailed) {
	switch e.Of {
	case "Spy":
		c.spyEnded(e.Spy)
	case "Join":
		if s := c.supervision(e.Leg); s != nil && s.Began != 0 {
			s.Due = c.now.At.Add(spyAgain)
		}
	}
}

// superviseTick lets the leases of supervisions run out.
func (c *Call) superviseTick() {
	for _, s := range slices.Clone(c.Supervisions) {
		switch {
		case s.Due == 0 || c.now.At < s.Due:
		case s.Began == 0:
			c.unsupervise(s, string(MissNoAnswer))
		case s.Tries+1 < arrangeTries:
			s.Tries++
			c.attend(s)
			c.arrived(s)
		case s.Taking && c.Leg(s.Of).there():
			s.Taking, s.Tries = false, 0 // the agent goes on
			c.attend(s)
		default:
			c.unsupervise(s, superviseFailed)
		}
	}
}

// superviseAgain orders again, after an outage, what the modes ask for.
func (c *Call) superviseAgain() {
	for _, s := range slices.Clone(c.Supervisions) {
		if s.Began != 0 && s.Began != c.now.At {
			c.attend(s)
			c.arrived(s)
		}
	}
}
