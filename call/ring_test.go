package call

import (
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Of two agents who ring, who picks up first is joined; the other one is told
// that it was answered elsewhere.
func TestFirstToPickUpHasTheCaller(t *testing.T) {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.ring("o2", "2", "b")
	for _, leg := range []string{"a", "b"} {
		s.hear(media.LegRinging{Leg: fact.LegID("sw/" + leg)})
	}
	s.said = nil
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.orders()
	s.want("Picked {o1}", "Join {Room:room Legs:[in a]}")
	s.joined(roomOf, callerLeg, "sw/a")
	s.orders()
	s.want("Connected {o1}")
	s.tell(Unring{Offer: "o2", Elsewhere: true})
	s.want("Hangup {Leg:b Cause:0 Elsewhere:true}")
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 26})
	s.want("= leg.hangup b")
	if s.call.Phase != InTalk || s.call.Partner().ID != "sw/a" {
		t.Errorf("%s with %+v", s.call.Phase, s.call.Partner())
	}
}

// Both pick up before the room stands: the second loses, and the caller's way
// into the room goes on.
func TestSecondToPickUpLoses(t *testing.T) {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.ring("o2", "2", "b")
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.joined(roomOf, callerLeg)
	s.said = nil
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.orders()
	s.want("Picked {o2}")
	s.tell(Unring{Offer: "o2"})
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}")
	s.joined(roomOf, "sw/a")
	s.want("...Connected {o1}")
}

// Who picked up first fails: the caller hears music again, and another who
// still rings has the caller, in another room, for that one may be gone.
func TestWinnerFails(t *testing.T) {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.ring("o2", "2", "b")
	s.hear(media.LegRinging{Leg: "sw/b"})
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.joined(roomOf, callerLeg)
	s.said = nil
	s.hear(media.LegEnded{Leg: "sw/a", Far: true, Cause: 16})
	s.orders()
	s.want("Leave {Room:room Leg:in}", "Missed {o1 rejected}")
	s.hear(media.Left{Room: roomOf, Leg: callerLeg})
	s.orders()
	s.want("Music {Leg:in On:true Class:}")
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.orders()
	s.want("Picked {o2}", "Join {Room:roomx Legs:[in b]}")
}
