package norms

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// Where the system says the report, the agent hears no beep; where it may not, the
// agent does, whatever auto_play says.
func TestAReportIsHeardOneWay(t *testing.T) {
	for mode, want := range map[Mode][]string{
		Warn:    {"listen true", "nudge RUL-HLD-2 report 15000/15000 beep"},
		Enforce: {"listen true", "act RUL-HLD-2 report", "nudge RUL-HLD-2 report 15000/15000"},
	} {
		all := alone("RUL-HLD-2", "auto_play", "true")
		all[len(all)-1].Mode = mode
		l := connected(t, fact.Inbound, all...)
		l.query(true)
		l.after(15 * time.Second)
		l.want(want...)
	}
}

// Of whom the switch cannot tell whether they speak, nobody says that they do:
// neither has the agent interrupted, nor said the opening in time.
func TestWhoCannotBeHeardHasSaidNothing(t *testing.T) {
	unknown := fact.Event{Kind: fact.TalkStarted, Leg: "a", Agent: "1", Reason: "unknown"}
	l := connected(t, fact.Inbound, alone("RUL-SPK-2", "per_call", "1")...)
	l.speaks("in", true)
	for range 3 {
		l.tell(unknown)
		l.after(time.Minute)
		l.speaks("a", false)
	}
	l.want()
	l = connected(t, fact.Inbound, alone("RUL-ANS-3")...)
	l.tell(unknown)
	if n := l.counted("RUL-ANS-3"); n.Kept != 0 || n.Measured != 0 {
		t.Errorf("counted %+v", n)
	}
}

// Silence is meant while the caller writes something down.
func TestSilenceOfAScene(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-HLD-8")...)
	l.tell(fact.Event{Kind: fact.SceneBegan, Agent: "1", Name: "gov12345/long_info"})
	l.speaks("a", true)
	l.speaks("a", false)
	l.after(time.Minute)
	l.want()
	l.tell(fact.Event{Kind: fact.SceneEnded, Agent: "1", Name: "gov12345/long_info"})
	l.speaks("a", true)
	l.speaks("a", false)
	l.after(8*time.Second - SpeechSilence)
	l.want("nudge RUL-HLD-8 silence 8000/15000 beep")
}

// A talk in which one still speaks is not idle when the other falls silent.
func TestATalkIsIdleWhenNobodySpeaks(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-END-1")...)
	l.tell(fact.Event{Kind: fact.SceneEnded, Agent: "1", Name: "cable/closing"})
	l.speaks("in", true)
	l.speaks("a", true)
	l.speaks("a", false)
	l.after(time.Minute)
	l.want("listen true")
}

// What a caller says to a flow, and a scene that goes on there, are before the
// talk: the agent's norms know nothing of them.
func TestAFlowIsNoTalk(t *testing.T) {
	l := newLine(t, fact.Inbound, Plan{Settings: alone("RUL-SIL-1")})
	l.speaks("in", true)
	l.speaks("in", false)
	l.tell(fact.Event{Kind: fact.SceneBegan, Name: "cable/silent_call"})
	l.tell(fact.Event{Kind: fact.SceneEnded, Name: "cable/silent_call"})
	if n := l.counted("RUL-SIL-1"); n != (fact.NormTally{}) {
		t.Errorf("counted %+v", n)
	}
	l.tell(fact.Event{Kind: fact.CallConnected, Leg: "a", Agent: "1", Reason: string(fact.Inbound)})
	l.said = nil
	l.after(listenFirst + 3*time.Second)
	if len(l.said) == 0 || !strings.HasPrefix(l.said[0], "broken RUL-SIL-1") {
		t.Errorf("a caller who says nothing to the agent: %v", l.said)
	}
}
