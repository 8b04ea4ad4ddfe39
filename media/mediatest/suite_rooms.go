package mediatest

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// joins puts legs into a room and waits until it stands.
func (x *trial) joins(room fact.RoomID, legs ...fact.LegID) {
	x.Helper()
	x.must(media.Join{Room: room, Legs: legs})
	for _, l := range legs {
		x.joined(room, l)
	}
}

func (x *trial) joined(room fact.RoomID, leg fact.LegID) int {
	x.Helper()
	_, at := expect(x, func(e media.Joined) bool { return e.Leg == leg && e.Room == room })
	return at
}

func (x *trial) left(room fact.RoomID, leg fact.LegID) int {
	x.Helper()
	_, at := expect(x, func(e media.Left) bool { return e.Leg == leg && e.Room == room })
	return at
}

// pair is a caller and an agent who talk in a room; both speak.
type pair struct {
	caller, agent       Far
	callerLeg, agentLeg fact.LegID
	room                fact.RoomID
}

func (x *trial) pair() pair {
	x.Helper()
	var p pair
	p.caller, p.callerLeg = x.talker()
	p.agent, p.agentLeg = x.agent()
	p.room = mint[fact.RoomID](x, "room")
	x.joins(p.room, p.callerLeg, p.agentLeg)
	p.caller.Talk(true)
	p.agent.Talk(true)
	return p
}

// talk checks that both hear each other and nothing else.
func (x *trial) talk(p pair) {
	x.Helper()
	x.heard(p.caller, Heard{Voices: []Far{p.agent}})
	x.heard(p.agent, Heard{Voices: []Far{p.caller}})
}

func joinTalks(x *trial) {
	p := x.pair()
	x.talk(p)
	play := x.plays(p.callerLeg, x.b.Prompt) // a prompt for one of two who talk
	x.playEnded(play, media.PlayDone)
	x.talk(p)
	x.must(media.Leave{Room: p.room, Leg: p.agentLeg})
	x.left(p.room, p.agentLeg)
	x.heard(p.caller, Heard{})
	x.heard(p.agent, Heard{})
	x.refused(media.Leave{Room: p.room, Leg: p.agentLeg}, media.ErrNoLeg, media.ErrRefused)
	x.must(media.Leave{Room: p.room, Leg: p.callerLeg})
	x.left(p.room, p.callerLeg)
	for _, leg := range []fact.LegID{p.callerLeg, p.agentLeg} {
		x.must(media.Probe{Leg: leg})
	}
	never(x, func(media.LegEnded) bool { return true })
	again := mint[fact.RoomID](x, "room")
	x.joins(again, p.agentLeg, p.callerLeg)
	x.talk(p)
	x.refused(media.Join{Room: again}, media.ErrInvalid)
}

func joinAllOrNone(x *trial) {
	p := x.pair()
	gone := mint[fact.LegID](x, "gone")
	x.refused(media.Join{Room: mint[fact.RoomID](x, "room"), Legs: []fact.LegID{p.callerLeg, gone}}, media.ErrNoLeg)
	x.refused(media.Join{Room: p.room, Legs: []fact.LegID{gone}}, media.ErrNoLeg)
	lone, loneLeg := x.talker()
	x.refused(media.Join{Room: mint[fact.RoomID](x, "room"), Legs: []fact.LegID{gone, loneLeg}}, media.ErrNoLeg)
	ended, endedLeg := x.caller()
	ended.Hangup()
	x.endedBy(endedLeg, true)
	x.refused(media.Join{Room: mint[fact.RoomID](x, "room"), Legs: []fact.LegID{loneLeg, endedLeg}}, media.ErrNoLeg)
	never(x, func(media.Joined) bool { return true })
	never(x, func(media.Left) bool { return true })
	x.talk(p)
	x.heard(lone, Heard{})
	up := x.reconnect()
	for _, r := range up.Rooms {
		if r.Room != p.room || len(r.Legs) != 2 {
			x.Errorf("after a refused Join there is %+v", r)
		}
	}
}

func joinMoves(x *trial) {
	p := x.pair()
	other, otherLeg := x.agent()
	other.Talk(true)
	next := mint[fact.RoomID](x, "room")
	x.must(media.Join{Room: next, Legs: []fact.LegID{p.callerLeg, otherLeg}})
	x.inOrder("out of one room, into the next", x.left(p.room, p.callerLeg), x.joined(next, p.callerLeg))
	x.joined(next, otherLeg)
	x.heard(p.caller, Heard{Voices: []Far{other}})
	x.heard(other, Heard{Voices: []Far{p.caller}})
	x.heard(p.agent, Heard{})
	never(x, func(media.Left) bool { return true })
}

func joinThree(x *trial) {
	p := x.pair()
	third, leg := x.agent()
	if !x.can.ThreeWay {
		x.lacks(media.Join{Room: p.room, Legs: []fact.LegID{leg}})
		never(x, func(media.Joined) bool { return true })
		x.talk(p)
		return
	}
	x.joins(p.room, leg)
	third.Talk(true)
	x.heard(third, Heard{Voices: []Far{p.caller, p.agent}})
	x.heard(p.caller, Heard{Voices: []Far{p.agent, third}})
	third.Hangup()
	x.endedBy(leg, true, 16)
	x.talk(p)
}

func roomLegEnds(x *trial) {
	p := x.pair()
	p.agent.Hangup()
	at := x.endedBy(p.agentLeg, true, 16)
	x.inOrder("left, ended", x.left(p.room, p.agentLeg), at)
	x.heard(p.caller, Heard{})
	never(x, func(media.LegEnded) bool { return true })
	survey := x.plays(p.callerLeg, x.b.Prompt) // the caller goes on in the room
	x.playEnded(survey, media.PlayDone)
	x.must(media.Hangup{Leg: p.callerLeg})
	at = x.endedBy(p.callerLeg, false, 16)
	x.inOrder("left, ended", x.left(p.room, p.callerLeg), at)
	never(x, func(media.Left) bool { return true })
}

func (x *trial) held(leg fact.LegID, phone bool) int {
	x.Helper()
	_, at := expect(x, func(e media.LegHeld) bool { return e.Leg == leg && e.Phone == phone })
	return at
}

func (x *trial) unheld(leg fact.LegID, phone bool) int {
	x.Helper()
	_, at := expect(x, func(e media.LegUnheld) bool { return e.Leg == leg && e.Phone == phone })
	return at
}

func holdByCommand(x *trial) {
	p := x.pair()
	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.held(p.callerLeg, false)
	x.heard(p.caller, Heard{Music: true})
	x.heard(p.agent, Heard{})
	never(x, func(media.Left) bool { return true })
	up := x.reconnect()
	if len(up.Rooms) != 1 || up.Rooms[0].Room != p.room || len(up.Rooms[0].Legs) != 2 {
		x.Errorf("while a leg is held Up lists %+v, want its place kept", up.Rooms)
	}
	x.must(media.Unhold{Room: p.room, Leg: p.callerLeg})
	x.unheld(p.callerLeg, false)
	x.talk(p)
	x.refused(media.Hold{Room: mint[fact.RoomID](x, "room"), Leg: p.callerLeg}, media.ErrNoLeg, media.ErrRefused)
	never(x, func(media.Joined) bool { return true })

	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.held(p.callerLeg, false)
	p.caller.Hangup() // held to the end
	at := x.endedBy(p.callerLeg, true, 16)
	x.inOrder("left, ended", x.left(p.room, p.callerLeg), at)
}

func holdByPhone(x *trial) {
	p := x.pair()
	p.agent.Hold()
	x.held(p.agentLeg, true)
	x.heard(p.caller, Heard{Music: true})
	p.agent.Unhold()
	x.unheld(p.agentLeg, true)
	x.talk(p)
	never(x, func(media.Left) bool { return true })
}

// holdAndHangup: an agent who hangs up while on hold leaves no music behind.
func holdAndHangup(x *trial) {
	p := x.pair()
	p.agent.Hold()
	x.held(p.agentLeg, true)
	x.heard(p.caller, Heard{Music: true})
	p.agent.Hangup()
	x.endedBy(p.agentLeg, true, 16)
	x.heard(p.caller, Heard{})
	next, leg := x.agent()
	next.Talk(true)
	x.joins(mint[fact.RoomID](x, "room"), p.callerLeg, leg)
	x.heard(p.caller, Heard{Voices: []Far{next}})
}

// holdWhileAway: the place of a leg on hold outlives everybody else's in the
// room, so that a talk can go on there, with whom it was with or another.
func holdWhileAway(x *trial) {
	p := x.pair()
	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.held(p.callerLeg, false)
	other, otherLeg := x.agent()
	other.Talk(true)
	side := mint[fact.RoomID](x, "room")
	x.joins(side, p.agentLeg, otherLeg)
	x.heard(p.agent, Heard{Voices: []Far{other}})
	x.heard(p.caller, Heard{Music: true})

	x.joins(p.room, p.agentLeg) // back
	x.must(media.Unhold{Room: p.room, Leg: p.callerLeg})
	x.unheld(p.callerLeg, false)
	x.talk(p)
	x.heard(other, Heard{})

	x.must(media.Hold{Room: p.room, Leg: p.callerLeg})
	x.held(p.callerLeg, false)
	x.joins(side, p.agentLeg)
	x.heard(p.agent, Heard{Voices: []Far{other}})
	x.must(media.Unhold{Room: p.room, Leg: p.callerLeg})
	x.unheld(p.callerLeg, false)
	x.joins(p.room, otherLeg) // on, with another
	x.heard(p.caller, Heard{Voices: []Far{other}})
	x.heard(other, Heard{Voices: []Far{p.caller}})
	x.must(media.Hangup{Leg: p.agentLeg})
	x.ended(p.agentLeg)
	x.heard(p.caller, Heard{Voices: []Far{other}})
}

func muteStopsTalk(x *trial) {
	p := x.pair()
	x.must(media.Mute{Leg: p.agentLeg, On: true})
	x.heard(p.caller, Heard{})
	x.heard(p.agent, Heard{Voices: []Far{p.caller}})
	x.must(media.Mute{Leg: p.agentLeg, On: true})
	x.must(media.Mute{Leg: p.agentLeg, On: false})
	x.talk(p)
	never(x, func(media.LegHeld) bool { return true })
}
