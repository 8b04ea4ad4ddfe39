package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// events are the events alone, with their milliseconds and what they say.
func (s *script) events(in Input) (all []fact.Event) {
	s.Helper()
	for _, e := range s.call.Step(s.now, in) {
		if e, ok := e.(Emit); ok {
			all = append(all, e.Event)
		}
		s.said = append(s.said, brief(e))
	}
	s.restored()
	return all
}

// Who speaks is told while somebody asks for it, of both sides, and no longer
// than the talk lasts.
func TestSpeechOfATalk(t *testing.T) {
	s := talkingCall(t)
	s.hear(media.TalkStarted{Leg: "sw/a"})
	s.want()
	s.tell(DetectTalk{Silence: 600 * time.Millisecond})
	s.want("DetectTalk {Leg:in On:true Silence:600ms}", "DetectTalk {Leg:a On:true Silence:600ms}")
	s.tell(DetectTalk{Silence: 600 * time.Millisecond})
	s.hear(media.TalkStarted{Leg: "sw/a"})
	s.hear(media.TalkStarted{Leg: "sw/a"})
	s.now.At = s.now.At.Add(2 * time.Second)
	if all := s.events(Heard{media.TalkStopped{Leg: "sw/a"}}); len(all) != 1 || all[0].Millis != 1400 || all[0].Agent != "1" {
		t.Errorf("told %+v", all)
	}
	s.hear(media.TalkStarted{Leg: callerLeg})
	s.want("= talk.started a", "= talk.stopped a", "= talk.started in")
	s.tell(Release{By: "sw/a"})
	s.want("Leave {Room:room Leg:in}", "= call.parted a ended", "Released {o1 true}", "Hangup {Leg:a Cause:0 Elsewhere:false}",
		"= talk.stopped in", "DetectTalk {Leg:in On:false Silence:0s}")
	if s.call.Silence != 0 {
		t.Errorf("the next talk would be asked for too")
	}
}

// A switch that cannot tell has them speak: nobody is to count silence that is
// none. After an outage it is asked again.
func TestSpeechThatNobodyCanTell(t *testing.T) {
	s := talkingCall(t)
	s.tell(DetectTalk{Silence: time.Second})
	s.said = nil
	s.hear(media.CommandFailed{Of: "DetectTalk", Leg: "sw/a", Failure: media.FailInvalid})
	s.hear(media.CommandFailed{Of: "DetectTalk", Leg: "sw/a", Failure: media.FailInvalid})
	s.want("= talk.started a unknown")
	legs := map[fact.LegID]media.LegInfo{callerLeg: {Leg: callerLeg, State: media.LegUp}, "sw/a": {Leg: "sw/a", State: media.LegUp}}
	s.tell(Adopt{Fresh: true, Legs: legs, Rooms: map[fact.LegID]fact.RoomID{callerLeg: roomOf, "sw/a": roomOf}})
	s.want("DetectTalk {Leg:in On:true Silence:1s}", "DetectTalk {Leg:a On:true Silence:1s}")
}

// An agent's part in a talk begins and ends with one word each, and says who
// went first.
func TestAnAgentsPartInATalk(t *testing.T) {
	part := func(s *script, in Input) (e fact.Event) {
		s.Helper()
		for _, got := range s.events(in) {
			if got.Kind == fact.CallParted {
				e = got
			}
		}
		return e
	}
	for name, c := range map[string]struct {
		in   Input
		want parting
	}{
		"the agent's phone is hung up": {Heard{media.LegEnded{Leg: "sw/a", Far: true, Cause: 16}}, parting{fact.ByAgent, PartedHangup}},
		"the agent ends the talk":      {Release{By: "sw/a"}, parting{fact.ByAgent, PartedEnded}},
		"the caller hangs up":          {Heard{media.LegEnded{Leg: callerLeg, Far: true, Cause: 16}}, parting{fact.ByCaller, ""}},
		"an operator ends the call":    {End{By: fact.ByOperator}, parting{fact.ByOperator, ""}},
		"the caller is parked":         {Park{By: "sw/a"}, parting{fact.ByAgent, PartedParked}},
		"the caller waits again":       {Requeue{By: "sw/a"}, parting{fact.ByAgent, PartedQueued}},
		"the switch loses the agent":   {Heard{media.LegEnded{Leg: "sw/a", Cause: 38}}, parting{fact.BySwitch, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			s := talkingCall(t)
			if s.call.Stint == nil || s.call.Stint.Agent != "1" {
				t.Fatalf("the part is %+v", s.call.Stint)
			}
			s.now.At = s.now.At.Add(3 * time.Second)
			e := part(s, c.in)
			if e.By != c.want.by || e.Reason != c.want.how || e.Agent != "1" || e.Millis != 3000 {
				t.Errorf("told %+v, want %v", e, c.want)
			}
			if s.call.Stint != nil {
				t.Errorf("the part goes on: %+v", s.call.Stint)
			}
		})
	}
}

// A talk that is given to another agent is two parts.
func TestATalkThatIsGivenAwayIsTwoParts(t *testing.T) {
	s := asking(t)
	s.said = nil
	s.tell(Complete{})
	var parts []string
	for _, e := range s.events(Heard{media.Joined{Room: roomOf, Leg: "sw/b"}}) {
		if e.Kind == fact.CallParted || e.Kind == fact.CallConnected {
			parts = append(parts, string(e.Kind)+" "+string(e.Agent)+" "+e.Reason)
		}
	}
	if len(parts) != 2 || parts[0] != "call.parted 1 transferred" || parts[1] != "call.connected 2 inbound" {
		t.Errorf("told %q", parts)
	}
}
