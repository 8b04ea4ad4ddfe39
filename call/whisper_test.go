package call

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// whispering is a caller whose agent has picked up and is told something first.
func whispering(t *testing.T) *script {
	s := waitingCall(t)
	s.tell(Ring{Offer: "o1", Agent: "1", Endpoint: "PJSIP/1", Limit: 20 * time.Second, Leg: "sw/a", Room: roomOf, Whisper: []media.Prompt{{File: "/sales"}}})
	s.hear(media.LegRinging{Leg: "sw/a"})
	s.said = nil
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.orders()
	s.want("Picked {o1}", "Play {Play:c-n1 Leg:a Prompts:[{File:/sales Sound: Tone: Silence:0s}] Language: Over:false}")
	return s
}

// The caller comes when the agent has heard it, when it failed, and when it has
// taken too long; never later, and never twice.
func TestWhisperNeverKeepsTheCaller(t *testing.T) {
	for name, happens := range map[string]func(s *script){
		"heard":  func(s *script) { s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a", Result: media.PlayDone}) },
		"failed": func(s *script) { s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a", Result: media.PlayFailed}) },
		"refused": func(s *script) {
			s.hear(media.CommandFailed{Of: "Play", Play: "sw/c-n1", Leg: "sw/a", Failure: media.FailRefused})
		},
		"long": func(s *script) { s.after(whisperLimit) },
		"restarted": func(s *script) {
			s.tell(Adopt{Fresh: true, Legs: map[fact.LegID]media.LegInfo{
				callerLeg: {Leg: callerLeg, State: media.LegUp}, "sw/a": {Leg: "sw/a", State: media.LegUp}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := whispering(t)
			happens(s)
			s.orders()
			s.want("...Join {Room:room Legs:[in a]}")
			s.hear(media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a", Result: media.PlayDone})
			s.joined(roomOf, callerLeg, "sw/a")
			s.orders()
			s.want("Connected {o1}")
			s.nothingDue()
		})
	}
}

// The agent is gone before the caller was there: the offer was rejected, whether
// the switch tells first of the whisper's end or of the leg's, and nothing is
// left of the whisper.
func TestAgentGoesDuringTheWhisper(t *testing.T) {
	over := media.PlayEnded{Play: "sw/c-n1", Leg: "sw/a", Result: media.PlayGone}
	gone := media.LegEnded{Leg: "sw/a", Far: true, Cause: 16}
	for _, order := range [][]media.Event{{over, gone}, {gone, over}} {
		s := whispering(t)
		for _, e := range order {
			s.hear(e)
			s.orders()
			if _, ended := e.(media.LegEnded); ended {
				s.want("...Missed {o1 rejected}")
			} else {
				s.want()
			}
		}
		s.nothingDue()
	}
}
