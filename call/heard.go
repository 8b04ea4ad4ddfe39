package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func (c *Call) heard(e media.Event) {
	c.spoke(e)
	switch e := e.(type) {
	case media.LegRinging:
		c.rang(c.Leg(e.Leg))
	case media.LegAnswered:
		c.answered(c.Leg(e.Leg))
	case media.LegEnded:
		c.gone(c.Leg(e.Leg), e.Far, e.Cause)
	case media.LegLeft:
		c.left(c.Leg(e.Leg))
	case media.LegReplaced:
		c.replaced(e.Leg, e.By)
	case media.Joined:
		c.joined(c.Leg(e.Leg), e.Room)
	case media.Left:
		if l := c.Leg(e.Leg); l != nil && l.InRoom == e.Room {
			l.InRoom = ""
			c.emit(fact.Event{Kind: fact.BridgeLeft, Leg: l.ID, Room: e.Room, Agent: l.Agent})
			if l == c.First() && (c.Phase == Waiting || c.Phase == Parked) {
				c.music()
			}
			if c.Side.waits() && l.ID == c.Side.By && c.Phase == InTalk {
				c.askMusic()
			}
		}
	case media.LegHeld:
		c.held(c.Leg(e.Leg), true, e.Phone)
	case media.LegUnheld:
		c.held(c.Leg(e.Leg), false, e.Phone)
	case media.Digit:
		switch l := c.Leg(e.Leg); {
		case l != nil && l.Part == PartSupervise:
			c.do(SuperviseKey{Leg: l.ID, Key: e.Key})
		case l == c.First() && (c.Phase == InFlow || c.Phase == Waiting):
			c.do(Digit{e.Key})
		case l != nil && l.Agent != "" && c.Phase == InTalk:
			c.do(Key{Leg: l.ID, Agent: l.Agent, Key: e.Key})
		}
	case media.TalkStarted:
		c.speech(e.Leg, true)
	case media.TalkStopped:
		c.speech(e.Leg, false)
	case media.PlayStarted:
		c.emit(fact.Event{Kind: fact.PlayStarted, Leg: e.Leg, Play: e.Play})
	case media.PlayEnded:
		c.emit(fact.Event{Kind: fact.PlayFinished, Leg: e.Leg, Play: e.Play, Reason: string(e.Result)})
		c.playEnded(e.Play, e.Result)
	case media.RecordStarted, media.RecordEnded, media.RecordFailed:
		c.recording(e)
	case media.SpyEnded:
		c.spyEnded(e.Spy)
	case media.TransferAsked:
		c.emit(fact.Event{Kind: fact.TransferAsked, Leg: e.Leg, To: e.To})
		c.do(TransferAsked{Transfer: e.Transfer, Leg: e.Leg, To: e.To, Consulted: e.Consulted})
	case media.CommandFailed:
		c.failed(e)
	}
}

func (c *Call) rang(l *Leg) {
	if l == nil || l.Hung || l.Rang || l.State == media.LegUp {
		return
	}
	l.Rang, l.State = true, media.LegRing
	c.Spans.ring(c.ringing(), c.now.At)
	e := fact.Event{Kind: fact.LegRinging, Leg: l.ID, Agent: l.Agent, Offer: l.Offer, Queue: c.Queue}
	if c.Phase == Dialling && l.Part == PartTalk {
		e.Reason = string(c.Direction)
	}
	c.emit(e)
	if l.Offer != "" {
		c.do(Rang{l.Offer})
	}
}

func (c *Call) answered(l *Leg) {
	if l == nil || l.State == media.LegUp {
		return
	}
	l.State = media.LegUp
	c.Spans.ring(c.ringing(), c.now.At)
	c.emit(fact.Event{Kind: fact.LegAnswered, Leg: l.ID, Agent: l.Agent, Offer: l.Offer})
	if l.Hung || !c.alive() {
		return
	}
	switch {
	case l.Part == PartSupervise:
		c.supervised(l)
		return
	case l == c.First():
		c.Answering = 0
		if c.Phase == Reaching {
			c.reached(l)
			return
		}
	case l.Part == PartConsult && c.Side != nil && c.Side.Phase == SideWaiting:
		c.askedPicked(l)
		return
	case l.Part == PartConsult && c.Side != nil:
		c.sideAnswered()
		return
	case c.Phase == Waiting && l.Offer != "":
		if c.Taken == "" {
			c.Taken = l.Offer
			c.do(Picked{l.Offer})
			c.pickedUp(l)
		} else {
			c.do(Picked{l.Offer}) // too late, and taken back
		}
		return
	case c.Phase == Parked:
		c.send(media.Join{Room: c.Room, Legs: []fact.LegID{c.First().ID, l.ID}})
		return
	case c.Phase == Dialling:
		c.answer()
	}
	c.together()
}

func (c *Call) ringing() bool {
	for _, l := range c.Legs[1:] {
		if l.State == media.LegRing && l.there() && l.Part == PartTalk {
			return true
		}
	}
	return false
}

func (c *Call) joined(l *Leg, room fact.RoomID) {
	if l == nil || l.InRoom == room {
		return
	}
	l.InRoom = room
	c.emit(fact.Event{Kind: fact.BridgeJoined, Leg: l.ID, Room: room, Agent: l.Agent})
	if p := c.Partner(); l == c.First() && (c.Phase == Waiting || c.Phase == InFlow || c.Phase == Parked) && (p == nil || p.State != media.LegUp || room != c.Room) {
		// Whom the room was for has gone meanwhile.
		c.send(media.Leave{Room: room, Leg: l.ID})
		return
	}
	if s := c.supervision(l.ID); s != nil {
		c.arrived(s)
		return
	}
	c.together()
	c.sideMoves()
}

// sideMoves goes on with what the agent does once the legs have moved.
func (c *Call) sideMoves() {
	switch s := c.Side; {
	case s == nil || c.Phase != InTalk:
	case s.Phase == SideWaiting:
		c.met()
	case s.Phase == SideJoining:
		c.handed()
	case s.Phase == SideMerging:
		c.merged()
	}
}

// replaced is another leg in the place of one.
func (c *Call) replaced(leg, by fact.LegID) {
	if l := c.Leg(leg); l != nil {
		l.ID = by
	}
	c.speechMoved(leg, by)
	for _, s := range c.Supervisions {
		for _, id := range []*fact.LegID{&s.Leg, &s.Of} {
			if *id == leg {
				*id = by
			}
		}
	}
	if s := c.Side; s != nil {
		for _, id := range []*fact.LegID{&s.By, &s.Leg} {
			if *id == leg {
				*id = by
			}
		}
	}
}

// together begins the talk once both parties are up and in the room.
func (c *Call) together() {
	a, b := c.First(), c.Partner()
	parked := c.Phase == Parked
	if c.Phase != Waiting && c.Phase != Dialling && !parked || b == nil {
		return
	}
	for _, l := range []*Leg{a, b} {
		if l.State != media.LegUp || l.InRoom != c.Room {
			return
		}
	}
	c.enter(InTalk)
	c.Talked, a.Talked, b.Talked, c.Excuse = true, true, true, ""
	if b.Agent != "" && c.Direction == fact.Inbound {
		c.Agent, b.Role = b.Agent, media.RoleAgent
	}
	c.Tag.Joined = 0
	if b.Offer != "" {
		c.do(Connected{b.Offer})
	}
	if parked {
		c.picked(b)
	}
}

// playEnded tells the script, but for a play that ended with its leg: the flow
// must not go on to the line with a caller who is gone, nor may the caller be
// brought to an agent who is.
func (c *Call) playEnded(id fact.PlayID, result media.PlayResult) {
	c.heardOut(id)
	if c.speechEnded(id, result) {
		return
	}
	if c.Farewell != "" && id == c.Farewell {
		c.farewell()
		return
	}
	if c.Whisper != "" && id == c.Whisper {
		if result != media.PlayGone {
			c.whispered()
		}
		return
	}
	for _, t := range c.Plays {
		if c.playID(t) == id {
			c.played(t)
			if result != media.PlayGone {
				c.do(Played{t, result == media.PlayFailed})
			}
			return
		}
	}
}

// failed is the other end of every Send: what a command was for did not come.
func (c *Call) failed(e media.CommandFailed) {
	if e.Failure == media.FailUnavailable {
		// The switch is out of sight; Adopt puts right what is left undone.
		// A leg that could not even be created is the exception: it is not.
		if e.Of != "Create" {
			return
		}
	}
	l := c.Leg(e.Leg)
	c.superviseFails(e)
	switch e.Of {
	case "Play":
		c.playEnded(e.Play, media.PlayFailed)
	case "Create", "Dial":
		if l == nil || l.Gone || l.State != media.LegDown {
			return
		}
		if l.Hung {
			if e.Of == "Create" && e.Failure != media.FailUnknown {
				c.never(l, e.Message) // called off before it was made
			}
			return
		}
		why := MissFailed
		if e.Of == "Create" && e.Failure == media.FailRefused {
			why = MissUnreachable
		}
		if e.Of == "Create" && e.Failure != media.FailUnknown {
			c.never(l, e.Message) // and so no LegEnded will come
		} else {
			c.hangup(l, 0) // it may be there all the same
		}
		c.missed(l, why, 0)
	case "Answer":
		if l != nil && l == c.First() && l.State != media.LegUp {
			l.Wanted = false // answerDue orders it again
		}
	case "Join":
		if e.Failure == media.FailNoLeg && l == c.First() {
			c.doubt(l)
		}
		if e.Room != c.Room {
			return // of a round that is over
		}
		if p := c.Partner(); p != nil && e.Failure != media.FailUnknown && (c.Phase == Waiting || c.Phase == Dialling || c.Phase == Parked) {
			// One of them is going, and its LegEnded is on its way; if it is
			// the caller's, Gone comes first or right after.
			c.hangup(p, 0)
			c.missed(p, MissFailed, 0)
		}
	case "Probe":
		c.denied(l, e)
	case "Mute":
		if l != nil && l.Muted && e.Failure != media.FailUnknown {
			c.muted(l, false) // nobody is to think so who is heard
		}
	case "MuteRecord":
		c.unmaskable(e.Recording, e.Message)
	case "DetectTalk":
		c.deaf(e.Leg)
	case "Record":
		for i := range c.Files {
			if c.Files[i].ID == e.Recording && !c.Files[i].Started {
				c.unrecorded(&c.Files[i], e.Leg, e.Message)
			}
		}
	}
}

// missed tells that a dialled leg came to nothing.
func (c *Call) missed(l *Leg, why Miss, cause int) {
	c.Spans.ring(c.ringing(), c.now.At)
	switch {
	case c.Phase == Reaching:
		c.unreachable(l, why, cause)
		return
	case l.Part == PartConsult && c.Side != nil && c.Side.Phase == SideWaiting:
		c.askedMissed(l, why)
		return
	case l.Part == PartConsult:
		c.unreached(l, why, cause)
		return
	case l.Part == PartSupervise:
		c.superviseOver(c.supervision(l.ID), string(why))
		return
	case c.Phase == Parked:
		c.unpicked(l, why)
		return
	}
	if l.Offer != "" {
		c.dropped(l)
		c.do(Missed{l.Offer, why})
		return
	}
	if c.alive() {
		c.do(Undialled{Leg: l.ID, Why: why, Cause: cause})
	}
}
