package call

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// taped is a call that is answered and to be recorded.
func taped(t *testing.T) *script {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	s.call = Begin("c", s.now, fact.Inbound, media.LegArrived{Leg: callerLeg, State: media.LegRing}, true)
	s.hear(media.LegAnswered{Leg: callerLeg})
	return s
}

// tapes are the commands about recordings since the last look.
func (s *script) tapes() string {
	var all []string
	for _, l := range s.said {
		if strings.Contains(l, "Record") || strings.HasPrefix(l, "Unrecorded") || strings.HasPrefix(l, "Barred") {
			word, _, _ := strings.Cut(l, " ")
			if strings.Contains(l, "On:true") {
				word += "+"
			}
			all = append(all, word)
		}
	}
	s.said = nil
	return strings.Join(all, " ")
}

func (s *script) file(n int) fact.RecordingID {
	return fact.RecordingID(fmt.Sprintf("sw/c-rec%d", n))
}

func (s *script) tape(want string) {
	s.Helper()
	if got := s.tapes(); got != want {
		s.Errorf("got %q, want %q", got, want)
	}
}

// A recording that does not start is told within 5 s, once, and begun anew; so
// is one that ends by itself. A switch that begins late is told to end it.
func TestARecordingThatFailsIsToldAndBegunAnew(t *testing.T) {
	for name, fails := range map[string]func(s *script){
		"refused": func(s *script) {
			s.hear(media.Failed(s.now.At, media.Record{Recording: s.file(1), Leg: callerLeg}, media.ErrRefused))
		},
		"failed":            func(s *script) { s.hear(media.RecordFailed{Recording: s.file(1), Leg: callerLeg, Reason: "disk"}) },
		"ended by itself":   func(s *script) { s.hear(media.RecordEnded{Recording: s.file(1), Leg: callerLeg}) },
		"nothing was heard": func(s *script) { s.after(recordStart); s.tape("StopRecord") },
	} {
		s := taped(t)
		s.tape("Record")
		began := s.now.At
		fails(s)
		s.tape("")
		s.after(recordAgain)
		if got := s.tapes(); got != "Unrecorded Record" || s.now.At.Sub(began) > 5*time.Second {
			t.Errorf("%s: %q after %v", name, got, s.now.At.Sub(began))
		}
		if s.call.Running() {
			t.Errorf("%s: it counts as recorded", name)
		}
		s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg}) // too late
		if s.call.Running() {
			t.Errorf("%s: the one that failed counts", name)
		}
		s.hear(media.RecordStarted{Recording: s.file(2), Leg: callerLeg})
		if !s.call.Running() {
			t.Errorf("%s: the new one does not count", name)
		}
		s.said = nil
		s.after(time.Second)
		s.hear(media.RecordFailed{Recording: s.file(2), Leg: callerLeg, Reason: "disk"})
		s.after(recordAgain)
		s.tape("Record") // the leader knows
	}
}

// What fails again and again is tried less often, and for as long as the call
// lives: a disk is emptied some time.
func TestARecordingIsTriedAsLongAsTheCallLives(t *testing.T) {
	s := taped(t)
	var tries []time.Duration
	for began := s.now.At; s.now.At.Sub(began) < 2*time.Minute; {
		if strings.HasSuffix(s.tapes(), "Record") {
			tries = append(tries, s.now.At.Sub(began))
			s.hear(media.RecordFailed{Recording: s.file(len(tries)), Leg: callerLeg, Reason: "disk"})
		}
		s.after(500 * time.Millisecond)
	}
	want := []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 33 * time.Second, 63 * time.Second, 93 * time.Second}
	if !slices.Equal(tries, want) {
		t.Errorf("tried after %v, want %v", tries, want)
	}
}

// The end of a call ends its recording, and nobody is told of it.
func TestTheEndOfACallIsNoFailure(t *testing.T) {
	for _, first := range []bool{true, false} { // a recording may end before its leg does
		s := taped(t)
		s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
		s.said = nil
		end := []media.Event{media.RecordEnded{Recording: s.file(1), Leg: callerLeg}, media.LegEnded{Leg: callerLeg, Far: true, Cause: 16}}
		if !first {
			slices.Reverse(end)
		}
		for _, e := range end {
			s.hear(e)
		}
		s.after(recordAgain)
		s.tape("")
	}
}

// A pause is silence of the same length for every cause that there is, ends by
// itself when it was ordered for a time, and holds for a recording that is begun
// meanwhile.
func TestMasksOfARecording(t *testing.T) {
	s := taped(t)
	s.tell(Mask{On: true, Cause: MaskDigits})
	s.tape("Record") // there is nothing to mute yet
	s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
	s.tape("MuteRecord+")
	s.tell(Mask{On: true, Cause: MaskOrder, For: 10 * time.Second, Who: "1001", Note: "card"})
	s.tell(Mask{Cause: MaskDigits})
	s.tape("")
	s.after(9 * time.Second)
	s.tell(Mask{On: true, Cause: MaskOrder, For: 10 * time.Second})
	s.after(9 * time.Second)
	s.tape("")
	s.after(time.Second)
	s.tape("MuteRecord")
	s.tell(Mask{On: true, Cause: MaskOrder, For: time.Minute})
	s.tape("MuteRecord+")
	s.hear(media.RecordFailed{Recording: s.file(1), Leg: callerLeg, Reason: "disk"})
	s.after(recordAgain)
	s.hear(media.RecordStarted{Recording: s.file(2), Leg: callerLeg})
	s.tape("Unrecorded Record MuteRecord+")
	s.tell(Mask{Cause: MaskOrder})
	s.tape("MuteRecord")
	s.nothingDue()
}

// The rules may change their mind where the call goes, an order has the last
// word.
func TestWhoSaysWhetherACallIsRecorded(t *testing.T) {
	s := taped(t)
	s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
	s.tape("Record")
	s.tell(Policy{})
	s.tape("StopRecord")
	s.hear(media.RecordEnded{Recording: s.file(1), Leg: callerLeg})
	s.after(recordAgain)
	s.tape("")
	s.tell(Recorder{On: true})
	s.tape("Record")
	s.tell(Policy{})
	s.tape("")
	s.tell(Recorder{})
	s.tape("StopRecord")
	s.hear(media.RecordEnded{Recording: s.file(2), Leg: callerLeg})
	s.tell(Policy{Recorded: true})
	s.tape("")
	s.tell(Policy{Recorded: true, Required: true}) // else nobody could talk in it any more
	s.tape("Record")
}

// What the caller does not hear is a recording at the agent's leg, for as long.
func TestAConsultIsRecordedAtTheAgentsLeg(t *testing.T) {
	s := talking(t)
	s.tell(Recorder{On: true})
	s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
	s.tapes()
	s.tell(Consult{By: "sw/a", Room: "sw/side", Retry: Retry{Leg: "sw/b", Endpoint: "PJSIP/2", Agent: "2", Limit: time.Second}})
	s.tape("")
	s.hear(media.LegAnswered{Leg: "sw/b"})
	r := s.call.Files[len(s.call.Files)-1]
	if s.tapes() != "Record" || r.Leg != "sw/a" {
		t.Fatalf("recorded %+v", r)
	}
	s.hear(media.RecordStarted{Recording: r.ID, Leg: r.Leg})
	s.tell(Unconsult{})
	s.tape("StopRecord")
	if !s.call.Running() {
		t.Error("the call itself is recorded no more")
	}
}

// Without a recording that must be nobody is brought to the caller: the agent
// waits for a moment, and then the caller is taken out of line.
func TestNoTalkWithoutARecording(t *testing.T) {
	begin := func() *script {
		s := taped(t)
		s.tell(Policy{Recorded: true, Required: true})
		s.tell(Wait{Queue: "q"})
		s.ring("o1", "1", "a")
		s.tapes()
		return s
	}
	joins := func(s *script) (n int) {
		for _, l := range s.said {
			if strings.HasPrefix(l, "Join") {
				n++
			}
		}
		return n
	}
	s := begin()
	s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
	s.hear(media.LegAnswered{Leg: "sw/a"})
	if joins(s) != 1 {
		t.Errorf("recorded, and not joined: %q", s.said)
	}
	s = begin()
	s.hear(media.LegAnswered{Leg: "sw/a"})
	if joins(s) != 0 {
		t.Fatalf("joined without a recording: %q", s.said)
	}
	s.after(time.Second)
	s.hear(media.RecordStarted{Recording: s.file(1), Leg: callerLeg})
	if joins(s) != 1 {
		t.Errorf("it started, and the two are not joined: %q", s.said)
	}
	s = begin()
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.hear(media.RecordFailed{Recording: s.file(1), Leg: callerLeg, Reason: "disk"})
	s.said = nil
	s.after(recordGate)
	if got := s.tapes(); !strings.Contains(got, "Barred") {
		t.Errorf("after %v: %q", recordGate, got)
	}
	s = begin()
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.tell(Unring{Offer: "o1"})
	s.tapes()
	s.after(recordGate)
	if got := s.tapes(); strings.Contains(got, "Barred") {
		t.Errorf("nobody has picked up, and %q", got)
	}
}

// A recording that ran for long and then breaks is news, though one broke before;
// so it is not where they break one after the other.
func TestALateFailureIsToldAgain(t *testing.T) {
	s := taped(t)
	for n, want := range []string{"Record Unrecorded Record", "Unrecorded Record"} {
		s.hear(media.RecordStarted{Recording: s.file(n + 1), Leg: callerLeg})
		s.after(recordLong)
		s.hear(media.RecordFailed{Recording: s.file(n + 1), Leg: callerLeg, Reason: "disk"})
		s.after(recordAgain)
		s.tape(want)
	}
}

// Whether the switch heard that a recording is not wanted any more is not known of
// one that did not start: after an outage it is told once more.
func TestWhatDidNotStartIsEndedOnceMore(t *testing.T) {
	s := taped(t)
	s.after(recordStart)
	s.after(recordAgain)
	s.hear(media.RecordStarted{Recording: s.file(2), Leg: callerLeg})
	s.tapes()
	listed := Adopt{Legs: map[fact.LegID]media.LegInfo{callerLeg: {Leg: callerLeg, State: media.LegUp}}}
	s.tell(listed)
	s.tape("StopRecord")
	s.tell(listed)
	s.tape("")
}
