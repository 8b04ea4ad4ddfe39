package call

import (
	"fmt"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

var (
	beep    = []media.Prompt{{Tone: "beep"}}
	nudgeA1 = "Play {Play:c-n1 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:true}"
)

// A reminder is the agent's alone, one at a time, over nothing else, and at once
// or not at all.
func TestNudge(t *testing.T) {
	s := talkingCall(t)
	s.tell(Nudge{Leg: "sw/a", Prompts: beep})
	s.want(nudgeA1)
	s.tell(Nudge{Leg: "sw/a", Prompts: beep})
	s.want()
	if s.call.Nudgeable(s.now.At, "sw/a") {
		t.Error("two at once")
	}
	s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a"})
	if !s.call.Nudgeable(s.now.At, "sw/a") {
		t.Error("the end of the first is not known")
	}
	s.tell(Notice{Leg: "sw/a", Prompts: beep}) // a key is confirmed
	s.said = nil
	s.tell(Nudge{Leg: "sw/a", Prompts: beep})
	s.want()
	// The end of a play that is never told does not silence for good.
	s.after(hearsLease)
	s.said = nil
	s.tell(Nudge{Leg: "sw/a", Prompts: beep})
	s.want("Play {Play:c-n3 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:true}")
}

// A word in the ear is heard over the talk, which goes on; alone, it is heard as
// any other, for there would be nothing to hear it over.
func TestNudgeOverTheTalk(t *testing.T) {
	for name, c := range map[string]struct {
		before func(s *script)
		over   bool
	}{
		"in the talk":        {func(*script) {}, true},
		"the caller on hold": {func(s *script) { s.tell(Hold{Leg: callerLeg, On: true}); s.hear(media.LegHeld{Leg: callerLeg}) }, false},
		"the caller's phone": {func(s *script) { s.hear(media.LegHeld{Leg: callerLeg, Phone: true}) }, false},
		"the caller muted":   {func(s *script) { s.tell(Mute{Leg: callerLeg, On: true}) }, false},
	} {
		s := talkingCall(t)
		c.before(s)
		s.said = nil
		s.tell(Notice{Leg: "sw/a", Prompts: beep})
		s.want(fmt.Sprintf("Play {Play:c-n1 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:%v}", c.over))
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// Nobody is reminded who cannot hear it, or whose phone holds: Asterisk would
// keep the caller on music after it.
func TestNudgeThatCannotBeHeard(t *testing.T) {
	for name, before := range map[string]func(s *script){
		"the phone holds":         func(s *script) { s.hear(media.LegHeld{Leg: "sw/a", Phone: true}) },
		"the agent asks somebody": func(s *script) { s.hear(media.Left{Leg: "sw/a", Room: roomOf}) },
		"the agent is gone":       func(s *script) { s.hear(media.LegEnded{Leg: "sw/a", Far: true}) },
		"it is no leg of it":      func(s *script) { s.call.Leg("sw/a").ID = "sw/z" },
	} {
		t.Run(name, func(t *testing.T) {
			s := talkingCall(t)
			before(s)
			s.said = nil
			s.tell(Nudge{Leg: "sw/a", Prompts: beep})
			s.want()
		})
	}
}

// What both are to hear, who is on hold does not.
func TestRemark(t *testing.T) {
	s := talkingCall(t)
	s.tell(Remark{Prompts: beep})
	s.want("Play {Play:c-n1 Leg:in Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}",
		"Play {Play:c-n2 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}")
	s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: callerLeg})
	s.hear(media.PlayEnded{Play: "sw/c-n2", Leg: "sw/a"})
	s.tell(Hold{Leg: callerLeg, On: true})
	s.hear(media.LegHeld{Leg: callerLeg})
	s.said = nil
	s.tell(Remark{Prompts: beep})
	s.want("Play {Play:c-n3 Leg:a Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}")
}

// A hold says whether who is on it was asked, or how else it came.
func TestHoldSaysWhetherItWasAskedFor(t *testing.T) {
	for _, consent := range []bool{true, false} {
		s := talkingCall(t)
		s.tell(Hold{Leg: callerLeg, On: true, Consent: consent})
		s.said = nil
		s.hear(media.LegHeld{Leg: callerLeg})
		want := "= hold.on in"
		if consent {
			want += " consent"
		}
		s.want(want, "Held {1 true}")
	}
	s := talkingCall(t)
	s.hear(media.LegHeld{Leg: "sw/a", Phone: true})
	s.want("= hold.on a phone", "Held {1 true}")
}

// dialledCall is one that agent 1 dials, which rings at the leg b.
func dialledCall(t *testing.T) *script {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	s.call = Begin("c", s.now, fact.Outbound, media.LegArrived{Leg: "sw/a", State: media.LegRing, To: "139"}, false)
	s.call.First().Agent = "1"
	s.tell(Dial{Endpoint: "PJSIP/139@out", Limit: time.Minute, Leg: "sw/b", Room: roomOf})
	s.said = nil
	s.hear(media.LegRinging{Leg: "sw/b"})
	s.want("= leg.ringing b outbound")
	return s
}

// Whom nobody answers is given up, and another way or the end is the receiver's.
func TestDialledIsGivenUp(t *testing.T) {
	s := dialledCall(t)
	s.tell(GiveUp{})
	s.want("Hangup {Leg:b Cause:0 Elsewhere:false}", "Undialled {b no-answer 19}")
	s.tell(GiveUp{})
	s.want()
	s.hear(media.LegEnded{Leg: "sw/b", Cause: 16})
	s.orders()
	s.want()
}

// The part of an agent who dialled begins when the other one answers.
func TestThePartOfWhoDialled(t *testing.T) {
	s := dialledCall(t)
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.said = nil
	s.joined(roomOf, "sw/a", "sw/b")
	s.want("= bridge.joined a", "= bridge.joined b", "= call.connected a outbound")
	s.said = nil
	s.hear(media.LegEnded{Leg: "sw/a", Far: true, Cause: 16})
	s.want("= leg.hangup a", "= call.parted a hangup", "Gone {}", "Hangup {Leg:b Cause:0 Elsewhere:false}")
}

// keptCall is an agent's call outside whose called party is to stay.
func keptCall(t *testing.T) *script {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	s.call = Begin("c", s.now, fact.Outbound, media.LegArrived{Leg: "sw/a", State: media.LegRing, To: "139"}, true)
	s.call.First().Agent = "1"
	s.tell(Dial{Endpoint: "PJSIP/139@out", Limit: time.Minute, Leg: "sw/b", Room: roomOf, Keep: true})
	s.hear(media.LegRinging{Leg: "sw/b"})
	s.hear(media.LegAnswered{Leg: "sw/b"})
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.joined(roomOf, "sw/a", "sw/b")
	s.said = nil
	return s
}

// Whom an agent has called is not dropped by the agent's hang-up, nor by the
// agent's word that the talk is over, and goes on in a flow.
func TestWhomAnAgentHasCalledIsKept(t *testing.T) {
	for _, byOrder := range []bool{false, true} {
		s := keptCall(t)
		if byOrder {
			s.tell(Release{By: "sw/a"})
			s.want("= call.parted a ended", "SetTag {Leg:b Tag:1;c;callee;;;0;0}", "Leave {Room:room Leg:b}",
				"Kept {}", "Hangup {Leg:a Cause:0 Elsewhere:false}", "Record {Recording:c-rec2 Leg:b Name:1970/01/01/c-2}")
			s.hear(media.LegEnded{Leg: "sw/a", Cause: 16})
		} else {
			s.hear(media.LegEnded{Leg: "sw/a", Far: true, Cause: 16})
			s.want("= leg.hangup a", "= call.parted a hangup", "SetTag {Leg:b Tag:1;c;callee;;;0;0}", "Leave {Room:room Leg:b}",
				"Kept {}", "Record {Recording:c-rec2 Leg:b Name:1970/01/01/c-2}")
		}
		if s.call.Phase != InFlow || s.call.First().ID != "sw/b" || s.call.Agent != "1" {
			t.Errorf("%s of %s with %s", s.call.Phase, s.call.First().ID, s.call.Agent)
		}
		s.said = nil
		s.tell(Play{Token: 1, Prompts: beep})
		s.want("Play {Play:c-p1 Leg:b Prompts:[{File: Sound: Tone:beep Silence:0s}] Language: Over:false}")
		s.hear(media.LegEnded{Leg: "sw/b", Far: true, Cause: 16})
		s.orders()
		s.want("Gone {}")
		if s.call.By != fact.ByCallee || s.call.Ending.Reason != fact.ReasonCompleted {
			t.Errorf("ended %s by %s", s.call.Ending, s.call.By)
		}
	}
	// The called party goes first: nobody is kept.
	s := keptCall(t)
	s.hear(media.LegEnded{Leg: "sw/b", Far: true, Cause: 16})
	s.orders()
	s.want("Hangup {Leg:a Cause:0 Elsewhere:false}")
}
