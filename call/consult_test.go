package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const sideRoom = fact.RoomID("sw/side")

// asking is a talk whose agent asks agent 2 at the leg b, who has picked up.
func asking(t *testing.T) *script {
	s := talkingCall(t)
	s.tell(Consult{By: "sw/a", Room: sideRoom, Retry: Retry{Leg: "sw/b", Endpoint: "PJSIP/2", Agent: "2", Limit: 20 * time.Second}})
	s.hear(media.LegHeld{Leg: callerLeg})
	s.hear(media.Left{Leg: "sw/a", Room: roomOf})
	s.joined(sideRoom, "sw/a", "sw/b")
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.said = nil
	return s
}

// nothingDue holds that no lease is left, but that legs which stay silent are
// looked after.
func (s *script) nothingDue() {
	s.Helper()
	if at, ok := s.call.Next(); ok && at != s.call.Look {
		s.Errorf("a lease is left, of %d at %d: %+v", at, s.now.At, s.call)
	}
}

// A consult at rest has no lease: it lasts as long as the agent wants.
func TestConsultAtRest(t *testing.T) {
	s := asking(t)
	s.nothingDue()
	s.tell(Complete{})
	s.want("Unhold {Room:room Leg:in}", "Join {Room:room Legs:[b]}")
	s.hear(media.LegUnheld{Leg: callerLeg})
	s.joined(roomOf, "sw/b")
	s.orders()
	s.want("Held {1 false}", "Transferred {1 2 o1  b false}", "Hangup {Leg:a Cause:0 Elsewhere:false}")
	s.hear(media.LegEnded{Leg: "sw/a", Cause: 16})
	s.nothingDue()
	if s.call.Phase != InTalk || s.call.Partner().ID != "sw/b" || s.call.Transfers != 1 {
		t.Errorf("%+v", s.call)
	}
}

// What was ordered and did not come about is ordered again; a transfer that
// cannot be is given up, and the agent has the caller back.
func TestLostOrdersAreGivenAgain(t *testing.T) {
	s := asking(t)
	s.tell(Complete{})
	s.said = nil
	s.after(arrangeLease)
	s.want("Join {Room:room Legs:[b]}", "Unhold {Room:room Leg:in}")
	s.hear(media.LegUnheld{Leg: callerLeg})
	s.said = nil
	s.after(arrangeLease)
	s.want("Join {Room:room Legs:[b]}")
	s.after(arrangeLease)
	s.orders()
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Join {Room:room Legs:[a]}", "ConsultOver {b failed true}")
	s.joined(roomOf, "sw/a")
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 16})
	s.nothingDue()
}

// A talk that cannot be put together again ends: nobody sits in a room alone.
func TestTalkThatCannotBePutTogetherEnds(t *testing.T) {
	s := asking(t)
	s.tell(Unconsult{})
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 16})
	s.hear(media.LegUnheld{Leg: callerLeg})
	s.said = nil
	for range arrangeTries {
		s.after(arrangeLease)
	}
	s.want("Join {Room:room Legs:[a]}", "Join {Room:room Legs:[a]}", "Hangup {Leg:a Cause:0 Elsewhere:false}")
	s.hear(media.LegEnded{Leg: "sw/a", Cause: 16})
	s.want("...Released {o1 true}")
}

// The phone that is called has ended and nobody said so: the consult's own
// lease brings the agent back.
func TestSilentPhoneIsGivenUp(t *testing.T) {
	s := talkingCall(t)
	s.tell(Consult{By: "sw/a", Room: sideRoom, Retry: Retry{Leg: "sw/b", Endpoint: "PJSIP/2", Agent: "2", Limit: 20 * time.Second}})
	s.hear(media.LegHeld{Leg: callerLeg})
	s.joined(sideRoom, "sw/a", "sw/b")
	s.said = nil
	s.after(20*time.Second + answerGrace)
	s.orders()
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Unhold {Room:room Leg:in}", "Join {Room:room Legs:[a]}", "ConsultOver {b no-answer true}")
}

// A leg whose end was ordered and does not come is asked again, and a muted
// agent whom the switch did not mute is told so.
func TestLegsThatStay(t *testing.T) {
	s := talkingCall(t)
	s.tell(Mute{Leg: "sw/a", On: true})
	s.want("= mute.on a", "Mute {Leg:a On:true}")
	s.hear(media.CommandFailed{Of: "Mute", Leg: "sw/a", Failure: media.FailRefused})
	s.want("= mute.off a")
	s.tell(Requeue{By: "sw/a"})
	s.want("Leave {Room:room Leg:in}", "= call.parted a queued", "Hangup {Leg:a Cause:0 Elsewhere:false}")
	s.after(hangupLease)
	s.want("Hangup {Leg:a Cause:0 Elsewhere:false}")
	s.hear(media.LegEnded{Leg: "sw/a", Cause: 16})
	s.nothingDue()
}

// An agent's keys in a talk are told; the caller's are the caller's own.
func TestKeysInATalk(t *testing.T) {
	s := talkingCall(t)
	s.hear(media.Digit{Leg: "sw/a", Key: "*"})
	s.want("Key {a 1 *}")
	s.hear(media.Digit{Leg: callerLeg, Key: "4"})
	s.want()
}
