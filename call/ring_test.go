package call

import (
	"strings"
	"testing"
	"time"

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

// Who was picked up is brought to the agent though the order to do so died with
// the process; whom the listing shows there already is not moved again, and of an
// answer that the listing is the first to tell one order is enough.
func TestJoinsAgainWhoWasPickedUp(t *testing.T) {
	up := map[fact.LegID]media.LegInfo{
		callerLeg: {Leg: callerLeg, State: media.LegUp}, "sw/a": {Leg: "sw/a", State: media.LegUp}}
	for name, c := range map[string]struct {
		known bool
		rooms map[fact.LegID]fact.RoomID
		want  string
		joins int
	}{
		"lost":    {known: true, want: "...Join {Room:room Legs:[in a]}", joins: 1},
		"half":    {known: true, rooms: map[fact.LegID]fact.RoomID{"sw/a": roomOf}, want: "...Join {Room:room Legs:[in a]}", joins: 1},
		"done":    {known: true, rooms: map[fact.LegID]fact.RoomID{callerLeg: roomOf, "sw/a": roomOf}, want: "...Connected {o1}"},
		"unheard": {want: "...Join {Room:room Legs:[in a]}", joins: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := waitingCall(t)
			s.ring("o1", "1", "a")
			s.hear(media.LegRinging{Leg: "sw/a"})
			if c.known {
				s.hear(media.LegAnswered{Leg: "sw/a"})
			}
			s.after(time.Second)
			s.said = nil
			s.tell(Adopt{Fresh: true, Legs: up, Rooms: c.rooms})
			s.orders()
			joins := 0
			for _, said := range s.said {
				if strings.HasPrefix(said, "Join ") {
					joins++
				}
			}
			if joins != c.joins {
				t.Errorf("%d orders to join, want %d: %q", joins, c.joins, s.said)
			}
			s.want(c.want)
		})
	}
}
