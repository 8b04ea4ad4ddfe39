package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// parkedCall is one whose agent has parked it.
func parkedCall(t *testing.T) *script {
	s := talkingCall(t)
	s.tell(Park{By: "sw/a", Music: "jazz", Joined: s.now})
	s.orders()
	s.want("SetTag {Leg:in Tag:1;c;caller;;sales;0;1000000}", "Leave {Room:room Leg:in}", "Hangup {Leg:a Cause:0 Elsewhere:false}")
	s.hear(media.Left{Leg: callerLeg, Room: roomOf})
	s.hear(media.LegEnded{Leg: "sw/a", Cause: 16})
	s.orders()
	s.want("Music {Leg:in On:true Class:jazz}")
	return s
}

// A phone that has dialled the slot is answered and has the caller.
func TestParkedCallIsPickedUp(t *testing.T) {
	s := parkedCall(t)
	s.tell(Pick{Leg: "sw/b", Endpoint: "PJSIP/2", Agent: "2", Room: "sw/other", Arrived: true})
	s.want("SetTag {Leg:b Tag:1;c;callee;;;0;0}", "Answer {Leg:b}")
	s.tell(Pick{Leg: "sw/d", Agent: "3", Room: "sw/third", Arrived: true})
	s.want("Hangup {Leg:d Cause:17 Elsewhere:false}", "Unpicked {d 3 busy}")
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.joined("sw/other", callerLeg, "sw/b")
	s.orders()
	s.want("Join {Room:other Legs:[in b]}", "PickedUp {b 2}")
	s.nothingDue()
	if s.call.Phase != InTalk || s.call.Agent != "2" {
		t.Errorf("%s with %s", s.call.Phase, s.call.Agent)
	}
}

// Whoever is to pick up and does not talk in time is hung up, and the caller
// hears music again; so does a caller who was half joined.
func TestPickUpThatComesToNothing(t *testing.T) {
	s := parkedCall(t)
	s.tell(Pick{Leg: "sw/b", Agent: "2", Room: "sw/other", Arrived: true})
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.joined("sw/other", callerLeg)
	s.said = nil
	s.after(pickLease)
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Leave {Room:other Leg:in}", "Unpicked {b 2 no-answer}")
	s.hear(media.Left{Leg: callerLeg, Room: "sw/other"})
	s.orders()
	s.want("Music {Leg:in On:true Class:jazz}")
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 16})
	s.tell(Pick{Leg: "sw/d", Endpoint: "PJSIP/3", Agent: "3", Room: "sw/third", Limit: 20 * time.Second})
	s.said = nil
	s.hear(media.LegEnded{Leg: "sw/d", Cause: 17})
	s.orders()
	s.want("Unpicked {d 3 busy}")
	s.nothingDue()
}

// The agent hears where the caller is, and the phone is hung up after it, or by
// its lease.
func TestSlotIsSaidBeforeThePhoneIsHungUp(t *testing.T) {
	for _, lost := range []bool{false, true} {
		s := talkingCall(t)
		s.tell(Park{By: "sw/a", Joined: s.now, Announce: []media.Prompt{{Tone: "beep"}}})
		s.orders()
		s.want("SetTag {Leg:in Tag:1;c;caller;;sales;0;1000000}", "Leave {Room:room Leg:in}", "Play {Play:c-n1 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}")
		if lost {
			s.after(farewellLease)
		} else {
			s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a"})
		}
		s.orders()
		s.want("Hangup {Leg:a Cause:0 Elsewhere:false}")
	}
}

// The process dies while a phone that has dialled the slot is answered: the
// order is given again.
func TestParkedCallIsAdopted(t *testing.T) {
	s := parkedCall(t)
	s.tell(Pick{Leg: "sw/b", Agent: "2", Room: "sw/other", Arrived: true})
	s.said = nil
	s.now.At = s.now.At.Add(time.Second)
	s.tell(Adopt{Fresh: true, Legs: map[fact.LegID]media.LegInfo{
		callerLeg: {Leg: callerLeg, State: media.LegUp}, "sw/b": {Leg: "sw/b", State: media.LegRing},
	}})
	s.want("SetTag {Leg:in Tag:1;c;caller;;sales;0;1000000}", "Music {Leg:in On:true Class:jazz}", "Answer {Leg:b}")
}
