package call

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// script is a call and what it has asked for since it was last looked at.
type script struct {
	*testing.T
	call *Call
	now  fact.Moment
	said []string
}

const (
	callerLeg fact.LegID = "sw/in"
	roomOf               = fact.RoomID("sw/room")
)

// answeredCall is a call from outside that was answered, in its flow.
func answeredCall(t *testing.T) *script {
	s := &script{T: t, now: fact.Moment{At: 1_000_000}}
	s.call = Begin("c", s.now, fact.Inbound, media.LegArrived{Leg: callerLeg, State: media.LegRing, From: media.Identity{Number: "139"}, To: "100"}, false)
	s.tell(Answer{})
	s.hear(media.LegAnswered{Leg: callerLeg})
	s.said = nil
	return s
}

// waitingCall is one in line.
func waitingCall(t *testing.T) *script {
	s := answeredCall(t)
	s.tell(Wait{Queue: "sales", Joined: s.now})
	s.said = nil
	return s
}

// talkingCall is one that talks to agent 1 at the leg a, by offer o1.
func talkingCall(t *testing.T) *script {
	s := waitingCall(t)
	s.ring("o1", "1", "a")
	s.hear(media.LegRinging{Leg: "sw/a"})
	s.hear(media.LegAnswered{Leg: "sw/a"})
	s.joined(roomOf, callerLeg, "sw/a")
	s.want("...Connected {o1}")
	return s
}

func (s *script) tell(in Input) {
	s.Helper()
	for _, e := range s.call.Step(s.now, in) {
		s.said = append(s.said, brief(e))
	}
	s.restored()
}

// restored checks that a checkpoint says all.
func (s *script) restored() {
	s.Helper()
	was, err := json.Marshal(s.call)
	if err != nil {
		s.Fatal(err)
	}
	c := new(Call)
	if err := json.Unmarshal(was, c); err != nil {
		s.Fatal(err)
	}
	if is, _ := json.Marshal(c); string(is) != string(was) {
		s.Fatalf("restored\n%s\nwas\n%s", is, was)
	}
	s.call = c
}

func (s *script) hear(e media.Event) { s.Helper(); s.tell(Heard{e}) }

func (s *script) joined(room fact.RoomID, legs ...fact.LegID) {
	s.Helper()
	for _, l := range legs {
		s.hear(media.Joined{Room: room, Leg: l})
	}
}

func (s *script) ring(offer fact.OfferID, agent fact.AgentID, leg string) {
	s.Helper()
	s.tell(Ring{Offer: offer, Agent: agent, Endpoint: fact.Endpoint("PJSIP/" + string(agent)), Limit: 20 * time.Second,
		Leg: fact.LegID("sw/" + leg), Room: roomOf})
}

func (s *script) after(d time.Duration) {
	s.Helper()
	s.now.At = s.now.At.Add(d)
	s.tell(Tick{})
}

// want compares what was asked for since the last look, events left out; with
// "..." before it, the last thing alone.
func (s *script) want(lines ...string) {
	s.Helper()
	got := s.said
	s.said = nil
	if len(lines) == 1 && strings.HasPrefix(lines[0], "...") {
		lines[0] = strings.TrimPrefix(lines[0], "...")
		got = got[max(0, len(got)-1):]
	}
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		s.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(lines, "\n\t"))
	}
}

func brief(e Effect) string {
	switch e := e.(type) {
	case Emit:
		ev := e.Event
		who := strings.TrimPrefix(string(ev.Leg), "sw/")
		return strings.TrimSpace(fmt.Sprintf("= %s %s %s", ev.Kind, who, ev.Reason))
	case Send:
		text := fmt.Sprintf("%s %+v", media.CommandName(e.Command), e.Command)
		return strings.ReplaceAll(text, "sw/", "")
	case Over:
		return fmt.Sprintf("Over %s %s", e.Record.Reason, e.Record.By)
	}
	return strings.ReplaceAll(strings.TrimPrefix(fmt.Sprintf("%T %v", e, e), "call."), "sw/", "")
}

// orders leaves the events out.
func (s *script) orders() {
	var kept []string
	for _, l := range s.said {
		if !strings.HasPrefix(l, "=") {
			kept = append(kept, l)
		}
	}
	s.said = kept
}
