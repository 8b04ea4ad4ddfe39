package call

import (
	"errors"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// talking is a call in a talk of which nothing more is heard.
func talking(t *testing.T) *script {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.joined(roomOf, callerLeg, "sw/a")
	s.said = nil
	return s
}

// asked lets the silence pass after which the switch is asked after both legs.
func (s *script) asked() {
	s.Helper()
	s.after(silence)
	s.want("Silent {}")
	s.tell(Probe{At: s.now.At})
	s.want("Probe {Leg:in Play: Recording:}", "Probe {Leg:a Play: Recording:}")
}

func (s *script) denies(leg fact.LegID, err error) {
	s.Helper()
	s.hear(media.Failed(s.now.At, media.Probe{Leg: leg}, err))
}

// The word of the end of an agent's leg is lost: the switch denies it, and
// after a moment for its end to be told the talk is over.
func TestLegThatTheSwitchDenies(t *testing.T) {
	s := talking(t)
	s.asked()
	s.denies("sw/a", media.ErrNoLeg)
	s.after(denial - time.Millisecond)
	if !s.call.Has("sw/a") {
		t.Fatal("the leg counts as gone before its end had time to be told")
	}
	s.after(time.Millisecond)
	s.want("= leg.hangup a", "Leave {Room:room Leg:in}", "= call.parted a", "Released {o1 true}")
}

// A leg that says something after all is there.
func TestLegThatWasDeniedAndSpeaks(t *testing.T) {
	s := talking(t)
	s.asked()
	s.denies("sw/a", media.ErrNoLeg)
	s.hear(media.LegHeld{Leg: "sw/a", Phone: true})
	s.after(2 * denial)
	if !s.call.Has("sw/a") {
		t.Error("a leg that spoke counts as gone")
	}
}

// Nobody knows: the switch is asked again, no sooner than after another silence.
func TestNoAnswerToAProbe(t *testing.T) {
	for _, err := range []error{nil, media.ErrUnknown, media.ErrUnavailable, errors.New("odd")} {
		s := talking(t)
		s.asked()
		if err != nil {
			s.denies("sw/a", err)
		}
		s.after(silence - time.Millisecond)
		s.want()
		s.after(time.Millisecond)
		s.want("Silent {}")
	}
}

// A turn that is to come is waited for, and no leg is asked after that has said
// something meanwhile.
func TestProbesWaitForTheirTurn(t *testing.T) {
	s := talking(t)
	s.after(silence)
	s.want("Silent {}")
	s.tell(Probe{At: s.now.At.Add(time.Second)})
	s.want()
	s.hear(media.Digit{Leg: callerLeg, Key: "1"})
	s.said = nil
	s.after(time.Second)
	s.want("Probe {Leg:a Play: Recording:}")
}

// The end of a caller whom the switch has lost is the switch's.
func TestCallerWhomTheSwitchLost(t *testing.T) {
	s := talking(t)
	s.asked()
	s.denies(callerLeg, media.ErrNoLeg)
	s.after(denial)
	if want := (fact.Ending{Fault: fact.FaultTrunk, Reason: fact.ReasonSwitchDown}); s.call.Ending != want || s.call.By != fact.BySwitch {
		t.Errorf("ended %+v by %s, want %+v by the switch", s.call.Ending, s.call.By, want)
	}
}

// The word that the caller is up is lost: the switch took the order, so the
// caller is. An order that failed is given again, and in the end given up.
func TestAnswerThatIsNotTold(t *testing.T) {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	begin := func() {
		s.call, s.said = Begin("c", s.now, fact.Inbound, media.LegArrived{Leg: callerLeg, State: media.LegRing}, false), nil
		s.tell(Answer{})
		s.want("Answer {Leg:in}")
	}
	begin()
	s.after(answerLease)
	s.want("= leg.answered in")
	if s.call.First().State != media.LegUp {
		t.Error("a caller whom the switch was told to answer is not up")
	}
	begin()
	for range answerTries - 1 {
		s.hear(media.Failed(s.now.At, media.Answer{Leg: callerLeg}, media.ErrUnknown))
		s.after(answerLease)
		s.want("Answer {Leg:in}")
	}
	s.hear(media.Failed(s.now.At, media.Answer{Leg: callerLeg}, media.ErrRefused))
	s.after(answerLease)
	s.want("Hangup {Leg:in Cause:0 Elsewhere:false}")
	if want := (fact.Ending{Fault: fact.FaultTrunk, Reason: fact.ReasonSwitchDown}); s.call.Ending != want {
		t.Errorf("ended %+v, want %+v", s.call.Ending, want)
	}
}

// A caller whom a command did not find is asked after at once: no second agent
// is to be rung for one who is gone.
func TestCallerWhomJoinDoesNotFind(t *testing.T) {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.said = nil
	s.hear(media.Failed(s.now.At, media.Join{Room: roomOf, Legs: []fact.LegID{callerLeg, "sw/a"}}, media.ErrNoLeg))
	s.orders()
	s.tell(Tick{})
	s.want("Hangup {Leg:a Cause:0 Elsewhere:false}", "Music {Leg:in On:true Class:}", "Missed {o1 failed}", "Silent {}")
}
