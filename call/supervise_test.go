package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/media"
)

// listened is a talk at which supervisor 9 listens, from the leg s.
func listened(t *testing.T) *script {
	s := talkingCall(t)
	s.tell(Supervise{Of: "sw/a", Leg: "sw/s", Endpoint: "PJSIP/9", Agent: "9", Mode: Listen, Limit: 20 * time.Second})
	s.hear(media.LegRinging{Leg: "sw/s"})
	s.hear(media.LegAnswered{Leg: "sw/s"})
	s.said = nil
	return s
}

// A supervisor at rest has no lease, and is nobody's partner.
func TestSupervisorAtRest(t *testing.T) {
	s := listened(t)
	s.nothingDue()
	if len(s.call.Supervisions) != 1 || s.call.Partner().ID != "sw/a" || s.call.Supervisions[0].Spy == "" {
		t.Errorf("%+v", s.call.Supervisions)
	}
	s.hear(media.LegHeld{Leg: "sw/s", Phone: true}) // the supervisor's key holds nobody
	s.want()
}

// A spy that breaks is asked for again, three times in all; the mode that was
// asked for is not pretended.
func TestBrokenSpyIsAskedForAgain(t *testing.T) {
	s := listened(t)
	for range arrangeTries - 1 {
		s.hear(media.SpyEnded{Spy: s.call.Supervisions[0].Spy, Leg: "sw/a"})
		s.after(spyAgain)
	}
	s.orders()
	s.want("Spy {Spy:c-s2 Leg:a By:s Whisper:false}", "Spy {Spy:c-s3 Leg:a By:s Whisper:false}")
	s.hear(media.SpyEnded{Spy: "sw/c-s2", Leg: "sw/a"}) // late, of one before
	s.nothingDue()
	s.hear(media.CommandFailed{Of: "Spy", Leg: "sw/a", Spy: s.call.Supervisions[0].Spy, Failure: media.FailRefused})
	s.after(spyAgain)
	s.orders()
	s.want("Hangup {Leg:s Cause:0 Elsewhere:false}", "SuperviseOver {s 9}")
	s.hear(media.LegEnded{Leg: "sw/s", Cause: 16})
	s.nothingDue()
}

// While the agent hears ringing nobody hears the agent (media.StopSpy).
func TestNobodyHearsRinging(t *testing.T) {
	s := listened(t)
	s.tell(Consult{By: "sw/a", Room: sideRoom, Retry: Retry{Leg: "sw/b", Endpoint: "PJSIP/2", Agent: "2", Limit: 20 * time.Second}})
	s.orders()
	s.want("Hold {Room:room Leg:in Class:}", "StopSpy {Spy:c-s1 Leg:a By:s}", "Create {Leg:b Endpoint:PJSIP/2 Tag:1;c;callee;;sales;0;0 Show:{Number: Name:} Alert: AutoAnswer:false For:in}",
		"Join {Room:side Legs:[a b]}", "Dial {Leg:b Limit:20s}")
	s.tell(SetMode{Leg: "sw/s", Mode: Whisper})
	s.orders()
	s.want()
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.orders()
	s.want("Spy {Spy:c-s2 Leg:a By:s Whisper:true}")
}

// The agent hangs up while the talk is being taken over: the supervisor has the
// caller all the same. If the switch will not have it, the caller goes on in
// the flow.
func TestAgentGoesWhileTheTalkIsTaken(t *testing.T) {
	s := listened(t)
	s.tell(TakeOver{Leg: "sw/s"})
	s.hear(media.LegEnded{Leg: "sw/a", Far: true, Cause: 16})
	s.joined(roomOf, "sw/s")
	s.orders()
	s.want("Join {Room:room Legs:[s]}", "SetTag {Leg:s Tag:1;c;agent;;sales;0;0}", "Transferred {1 9 o1  s true}")
	if s.call.Phase != InTalk || s.call.Partner().ID != "sw/s" || len(s.call.Supervisions) != 0 {
		t.Errorf("%s with %+v", s.call.Phase, s.call.Partner())
	}

	s = listened(t)
	s.tell(TakeOver{Leg: "sw/s"})
	s.hear(media.LegEnded{Leg: "sw/a", Far: true, Cause: 16})
	s.hear(media.LegEnded{Leg: "sw/s", Far: true, Cause: 16})
	s.orders()
	s.want("Join {Room:room Legs:[s]}", "SuperviseOver {s 9}", "Leave {Room:room Leg:in}", "Released {o1 true}")
	s.nothingDue()
}

// A take-over that does not come about leaves the talk with the agent.
func TestTakeOverThatFails(t *testing.T) {
	s := listened(t)
	s.tell(TakeOver{Leg: "sw/s"})
	s.said = nil
	for range arrangeTries {
		s.after(arrangeLease)
	}
	s.orders()
	s.want("Join {Room:room Legs:[s]}", "Join {Room:room Legs:[s]}", "Spy {Spy:c-s2 Leg:a By:s Whisper:false}")
	s.nothingDue()
	if s.call.Partner().ID != "sw/a" || s.call.Transfers != 0 {
		t.Errorf("%+v", s.call)
	}
}
