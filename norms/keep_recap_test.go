package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// An agent asks whether there is anything else, and waits, before the end; who
// does not is refused where that is enforced, and counted in any case.
func TestAskedForMoreBeforeTheEnd(t *testing.T) {
	question := fact.Event{Kind: fact.SceneStep, Agent: "1", Name: "gov12345/pre_closing", Reason: "said", To: "pre_closing.anything_else"}
	l := connected(t, fact.Inbound, alone("RUL-END-4", "pause", "3s")...)
	wants := func(want bool) {
		t.Helper()
		if got := l.w.WantsQuestion("c", l.now); got != want {
			t.Errorf("the question is wanted: %v", got)
		}
	}
	wants(true)
	shown := question
	shown.Reason = "shown"
	l.tell(shown)
	wants(true)
	l.tell(question)
	wants(true)
	l.after(3*time.Second - time.Millisecond)
	wants(true)
	l.after(time.Millisecond)
	wants(false)
	l.parts(fact.ByAgent, "ended", "")
	l.want()
	// Whoever has the caller next asks anew.
	l.tell(fact.Event{Kind: fact.CallConnected, Leg: "a", Agent: "1", Reason: "inbound"})
	wants(true)
	l.parts(fact.ByAgent, "hangup", "")
	l.want("broken RUL-END-4 1/0")
	if n := l.counted("RUL-END-4"); n.Kept != 1 || n.Broken != 1 || n.Max != 3000 {
		t.Errorf("counted %+v", n)
	}
	for _, c := range []struct {
		how, code string
		by        fact.Party
	}{{"", "", fact.ByCaller}, {"hangup", "abuse", fact.ByAgent}, {"scene", "silent_call", fact.BySystem}, {"transferred", "", fact.ByAgent}} {
		l := connected(t, fact.Inbound, alone("RUL-END-4")...)
		l.parts(c.by, c.how, c.code)
		l.want()
		if n := l.counted("RUL-END-4"); n.Broken != 0 {
			t.Errorf("%+v counted %+v", c, n)
		}
	}
	if l := connected(t, fact.Inbound, Setting{Rule: "RUL-END-4", Mode: Warn}); l.w.WantsQuestion("c", l.now) {
		t.Error("a warning refuses")
	}
	if w := newLine(t, fact.Inbound, Plan{}).w; w.WantsQuestion("c", 0) || w.WantsQuestion("other", 0) {
		t.Error("wanted where no profile has words for it, or of no call")
	}
}

// A recording that is paused for too long is told to the agent and the leader;
// how long it was is measured.
func TestPausesOfRecordings(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-PRV-2")...)
	pause := func(kind fact.Kind, r fact.RecordingID) { l.tell(fact.Event{Kind: kind, Leg: "in", Recording: r}) }
	pause(fact.RecordPaused, "r1")
	l.after(30 * time.Second)
	pause(fact.RecordPaused, "r2")
	l.after(10 * time.Second)
	pause(fact.RecordResumed, "r1")
	pause(fact.RecordStopped, "r2") // the consult is over
	l.want()
	pause(fact.RecordResumed, "r1") // said twice
	if n := l.counted("RUL-PRV-2"); n.Kept != 1 || n.Max != 40_000 {
		t.Errorf("counted %+v", n)
	}
	pause(fact.RecordPaused, "r1")
	l.after(time.Minute)
	l.want("broken RUL-PRV-2 60000/60000", "nudge RUL-PRV-2 recording-paused 60000/60000 beep", "tell RUL-PRV-2 recording-paused")
	l.after(5 * time.Second)
	pause(fact.RecordResumed, "r1")
	l.want("mended RUL-PRV-2")
	if n := l.counted("RUL-PRV-2"); n.Kept != 1 || n.Broken != 1 || n.Max != 65_000 {
		t.Errorf("counted %+v", n)
	}
	l = connected(t, fact.Inbound, alone("RUL-PRV-2", "pause_max", "5s")...)
	pause(fact.RecordPaused, "r1")
	l.after(5 * time.Second)
	l.want("broken RUL-PRV-2 5000/5000", "nudge RUL-PRV-2 recording-paused 5000/5000 beep", "tell RUL-PRV-2 recording-paused")
}
