package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// waitingAgent is a talk whose agent waits for somebody of a queue, with music.
func waitingAgent(t *testing.T) *script {
	s := talkingCall(t)
	s.tell(Ask{By: "sw/a", Room: sideRoom, Queue: "support", Music: "jazz", Limit: 30 * time.Second})
	s.orders()
	s.want("Hold {Room:room Leg:in Class:}", "Leave {Room:room Leg:a}")
	s.hear(media.LegHeld{Leg: callerLeg})
	s.hear(media.Left{Leg: "sw/a", Room: roomOf})
	s.orders()
	s.want("Held {1 true}", "Music {Leg:a On:true Class:jazz}")
	return s
}

func (s *script) ringAsked(offer fact.OfferID, agent fact.AgentID, leg string) {
	s.Helper()
	s.tell(Ring{Offer: offer, Agent: agent, Endpoint: fact.Endpoint("PJSIP/" + string(agent)), Limit: 20 * time.Second, Leg: fact.LegID("sw/" + leg), Consult: true})
}

// The first of a queue to pick up is joined; if that one drops before the two
// talk, the agent waits on and the next one is joined, in another room.
func TestQueueIsAskedUntilSomebodyComes(t *testing.T) {
	s := waitingAgent(t)
	s.ringAsked("q1", "2", "b")
	s.ringAsked("q2", "3", "d")
	s.said = nil
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.orders()
	s.want("Picked {q1}", "Join {Room:side Legs:[a b]}")
	s.joined(sideRoom, "sw/a")
	s.hear(media.LegEnded{Leg: "sw/b", Far: true, Cause: 16})
	s.orders()
	s.want("Leave {Room:side Leg:a}", "Missed {q1 rejected}")
	s.hear(media.Left{Leg: "sw/a", Room: sideRoom})
	s.orders()
	s.want("Music {Leg:a On:true Class:jazz}")
	s.hear(media.LegAnswered{Leg: "sw/d"})
	s.orders()
	s.want("Picked {q2}", "Join {Room:sidex Legs:[a d]}")
	s.joined("sw/sidex", "sw/a", "sw/d")
	s.orders()
	s.want("Connected {q2}")
	s.nothingDue()
	s.tell(Complete{})
	s.hear(media.LegUnheld{Leg: callerLeg})
	s.joined(roomOf, "sw/d")
	s.orders()
	s.want("Unhold {Room:room Leg:in}", "Join {Room:room Legs:[d]}", "Held {1 false}", "Transferred {1 3 o1 q2 d false}", "Hangup {Leg:a Cause:0 Elsewhere:false}")
	if s.call.Queue != "support" || s.call.Agent != "3" {
		t.Errorf("the talk is of %s with %s", s.call.Queue, s.call.Agent)
	}
}

// Nobody comes: at the limit the agent has the caller back, and no phone rings
// on.
func TestQueueThatDoesNotAnswer(t *testing.T) {
	s := waitingAgent(t)
	s.ringAsked("q1", "2", "b")
	s.ringAsked("q2", "3", "d")
	s.said = nil
	s.after(30 * time.Second)
	s.orders()
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Hangup {Leg:d Cause:0 Elsewhere:false}", "Unhold {Room:room Leg:in}",
		"Join {Room:room Legs:[a]}", "ConsultOver { no-answer true}")
	s.ringAsked("q3", "4", "e") // too late
	s.want("Missed {q3 failed}")
}

// Orders that were lost are given again; in the end the agent has the caller
// back.
func TestQuestionWhoseOrdersAreLost(t *testing.T) {
	s := waitingAgent(t)
	s.ringAsked("q1", "2", "b")
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.said = nil
	s.after(arrangeLease)
	s.want("Join {Room:side Legs:[a b]}")
	s.after(arrangeLease)
	s.want("Join {Room:side Legs:[a b]}")
	s.after(arrangeLease)
	s.orders()
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Unhold {Room:room Leg:in}", "Join {Room:room Legs:[a]}", "ConsultOver {b failed true}")
}

// The process dies while an agent waits: the music is ordered again.
func TestQuestionIsAdopted(t *testing.T) {
	s := waitingAgent(t)
	s.tell(Adopt{Fresh: true, Legs: map[fact.LegID]media.LegInfo{
		callerLeg: {Leg: callerLeg, State: media.LegUp}, "sw/a": {Leg: "sw/a", State: media.LegUp},
	}, Rooms: map[fact.LegID]fact.RoomID{callerLeg: roomOf}})
	s.orders()
	s.want("Hold {Room:room Leg:in Class:}", "Music {Leg:a On:true Class:jazz}")
}
