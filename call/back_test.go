package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// givenCall is a caller whom a flow has given to agent 1 at the leg b, and who
// talks.
func givenCall(t *testing.T, back bool) *script {
	s := answeredCall(t)
	s.tell(Dial{Endpoint: "PJSIP/1", Agent: "1", Limit: time.Minute, Leg: "sw/b", Room: roomOf, Back: back})
	s.hear(media.LegRinging{Leg: "sw/b"})
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.joined(roomOf, callerLeg, "sw/b")
	s.said = nil
	return s
}

// A caller whom a flow has given to somebody goes on there when that one goes, by
// the phone or by order, where the flow wants it so; once.
func TestACallerComesBackToTheFlow(t *testing.T) {
	s := givenCall(t, true)
	s.hear(media.LegEnded{Leg: "sw/b", Far: true, Cause: 16})
	s.want("= leg.hangup b", "Leave {Room:room Leg:in}", "= call.parted b hangup", "Back {}")
	if s.call.Phase != InFlow || s.call.Parted != fact.ByAgent {
		t.Errorf("%s, parted by %s", s.call.Phase, s.call.Parted)
	}
	s = givenCall(t, true)
	s.tell(Release{By: "sw/b"})
	s.want("Leave {Room:room Leg:in}", "= call.parted b ended", "Back {}", "Hangup {Leg:b Cause:0 Elsewhere:false}")
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 16})
	s.orders()
	s.want()
	s = givenCall(t, false)
	s.hear(media.LegEnded{Leg: "sw/b", Far: true, Cause: 16})
	s.orders()
	s.want("Hangup {Leg:in Cause:0 Elsewhere:false}")
	s = givenCall(t, true)
	s.tell(Requeue{By: "sw/b"})
	s.tell(Wait{Queue: "sales", Joined: s.now})
	if s.call.Back {
		t.Error("whoever comes from the line would be taken for whom the flow gave the caller to")
	}
}

// The first leg of a flow is listened to while that is wanted and no longer than
// the flow has it.
func TestSpeechOfAFlow(t *testing.T) {
	s := answeredCall(t)
	s.tell(DetectTalk{Silence: time.Second})
	s.want("DetectTalk {Leg:in On:true Silence:1s}")
	s.hear(media.TalkStarted{Leg: callerLeg})
	s.want("= talk.started in")
	legs := map[fact.LegID]media.LegInfo{callerLeg: {Leg: callerLeg, State: media.LegUp}}
	s.tell(Adopt{Fresh: true, Legs: legs})
	s.want("Resume {}", "DetectTalk {Leg:in On:true Silence:1s}") // the order may have been lost
	s.tell(Wait{Queue: "sales", Joined: s.now})
	s.orders()
	s.want("SetTag {Leg:in Tag:1;c;caller;;sales;0;1000000}", "Music {Leg:in On:true Class:}", "DetectTalk {Leg:in On:false Silence:0s}")
	if s.call.Silence != 0 || s.call.First().Spoke != 0 {
		t.Errorf("it is listened to in line: %v", s.call.Silence)
	}
	s.tell(DetectTalk{Silence: time.Second})
	s.want()
}

// What is said to a caller in a flow is said as soon as the leg was ordered to
// answer; who is in line is not spoken to.
func TestSpeakingInAFlow(t *testing.T) {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	s.call = Begin("c", s.now, fact.Inbound, media.LegArrived{Leg: callerLeg, State: media.LegRing, To: "100"}, false)
	s.tell(Speak{Token: 1, Prompts: beep})
	s.orders()
	s.want("Spoken {1 true}")
	s.tell(Answer{})
	s.said = nil
	s.tell(Speak{Token: 2, Prompts: beep})
	s.want("Play {Play:c-n1 Leg:in Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}")
}
