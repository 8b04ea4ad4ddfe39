package call

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Ask lets the agent at By wait for somebody of a queue to talk to, the first
// leg on hold meanwhile. Ring with Consult calls who that may be. What comes of
// it is as of Consult.
type Ask struct {
	By    fact.LegID
	Room  fact.RoomID // minted
	Queue fact.QueueID
	Music string // the queue's, for the agent
	Limit time.Duration
}

func (Ask) input() {}

// pickGrace is how long the two may take to come together at the end of the
// limit.
const pickGrace = 5 * time.Second

func (c *Call) question(in Ask) {
	by := c.Leg(in.By)
	if c.Phase != InTalk || c.Side != nil || c.Third || by == nil || by != c.Partner() {
		c.do(ConsultOver{Why: MissFailed, Back: true})
		return
	}
	c.side(&Side{By: by.ID, Room: in.Room, Queue: in.Queue, Music: in.Music, Phase: SideWaiting}, "queue "+string(in.Queue))
	c.Side.Due = c.now.At.Add(in.Limit)
	c.askMusic()
}

// askMusic lets the agent who waits for somebody of a queue hear music, out of
// the room first.
func (c *Call) askMusic() {
	by := c.Leg(c.Side.By)
	if by.InRoom != "" {
		c.send(media.Leave{Room: by.InRoom, Leg: by.ID})
		return
	}
	c.send(media.Music{Leg: by.ID, On: true, Class: c.Side.Music})
}

// waits says whether the agent waits for somebody of a queue who has not yet
// picked up.
func (s *Side) waits() bool { return s != nil && s.Phase == SideWaiting && s.Leg == "" }

// ringAsked calls an agent of the queue.
func (c *Call) ringAsked(in Ring) {
	if !c.Side.waits() || c.Phase != InTalk {
		c.do(Missed{in.Offer, MissFailed})
		return
	}
	l := &Leg{
		ID: in.Leg, Role: media.RoleAgent, Part: PartConsult, State: media.LegDown, Endpoint: in.Endpoint,
		Agent: in.Agent, Offer: in.Offer, Made: c.now.At,
	}
	c.Legs = append(c.Legs, l)
	c.create(l, nil, "", media.Create{Show: in.Show, Alert: in.Alert, AutoAnswer: in.AutoAnswer}, in.Limit)
}

// askedPicked is an agent of the queue, picking up: the first one has the
// question.
func (c *Call) askedPicked(l *Leg) {
	s := c.Side
	c.do(Picked{l.Offer})
	if s.Leg != "" {
		return // too late, and taken back
	}
	s.Leg = l.ID
	s.Due = max(s.Due, c.now.At.Add(pickGrace))
	c.send(media.Join{Room: s.Room, Legs: []fact.LegID{s.By, l.ID}})
	c.arrange()
}

// met is the talk with an agent of the queue, once both are in the room.
func (c *Call) met() {
	s := c.Side
	by, l := c.Leg(s.By), c.Leg(s.Leg)
	if l == nil || by.InRoom != s.Room || l.InRoom != s.Room {
		return
	}
	s.Phase, s.Due = SideTalking, 0
	c.do(Connected{l.Offer})
}

// askedMissed is an agent of the queue who does not come to talk. Others may.
func (c *Call) askedMissed(l *Leg, why Miss) {
	c.askedOff(l)
	c.do(Missed{l.Offer, why})
}

// askedOff takes a leg out of the question; if it was who had picked up, the
// agent waits on.
func (c *Call) askedOff(l *Leg) {
	l.Part = PartOut
	if s := c.Side; s != nil && s.Phase == SideWaiting && s.Leg == l.ID {
		s.Leg = ""
		s.Room += "x" // a room that all have left is not used again
		c.askMusic()
		c.arrange()
	}
}
