package norms

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// line is a talk of agent 1 at the leg a, and what its norms have wanted since
// it was last looked at.
type line struct {
	*testing.T
	w    *Watch
	now  fact.Instant
	said []string
}

// newLine is a call in a direction, before the two talk.
func newLine(t *testing.T, dir fact.Direction, plan Plan) *line {
	l := &line{T: t, w: New(), now: 1_000_000}
	l.w.Configure(l.now, plan)
	first, agent := fact.LegID("in"), fact.AgentID("")
	if dir == fact.Outbound {
		first, agent = "a", "1"
	}
	l.tell(fact.Event{Kind: fact.CallOffered, Leg: first, Agent: agent, Reason: string(dir)})
	if dir == fact.Outbound {
		l.tell(fact.Event{Kind: fact.LegCreated, Leg: "out"})
	} else {
		l.tell(fact.Event{Kind: fact.LegCreated, Leg: "a", Agent: "1", Offer: "o1"})
	}
	l.said = nil
	return l
}

// connected is a call whose parties talk.
func connected(t *testing.T, dir fact.Direction, settings ...Setting) *line {
	l := newLine(t, dir, Plan{Settings: settings})
	l.tell(fact.Event{Kind: fact.CallConnected, Leg: "a", Agent: "1", Reason: string(dir)})
	l.said = nil
	return l
}

// alone has one rule in force and no other.
func alone(rule string, values ...string) []Setting {
	var all []Setting
	for _, id := range IDs() {
		if id != rule {
			all = append(all, Setting{Rule: id, Mode: Off})
		}
	}
	s := Setting{Rule: rule, Mode: Enforce, Values: map[string]Written{}}
	for i := 0; i < len(values); i += 2 {
		s.Values[values[i]] = Written(values[i+1])
	}
	return append(all, s)
}

func (l *line) tell(e fact.Event) {
	l.Helper()
	e.Call, e.At, e.Wall = "c", l.now, int64(l.now)
	l.note(l.w.Step(e))
	l.kept()
}

func (l *line) note(effects []Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case Broken:
			l.said = append(l.said, fmt.Sprintf("broken %s %d/%d", e.Rule, e.Value, e.Limit))
		case Mended:
			l.said = append(l.said, "mended "+e.Rule)
		case Nudge:
			l.said = append(l.said, strings.TrimSpace(fmt.Sprintf("nudge %s %s %d/%d %s", e.Rule, e.Why, e.Value, e.Limit, e.Sound)))
		case Tell:
			l.said = append(l.said, "tell "+e.Rule+" "+e.Why)
		case Act:
			l.said = append(l.said, "act "+e.Rule+" "+e.What)
		case Listen:
			l.said = append(l.said, fmt.Sprintf("listen %v", e.On))
		}
	}
}

// kept holds that the checkpoint tells all: what follows is decided by it.
func (l *line) kept() {
	l.Helper()
	was, err := l.w.Checkpoint()
	if err != nil {
		l.Fatal(err)
	}
	if l.w, err = Restore(was); err != nil {
		l.Fatal(err)
	}
	if is, _ := l.w.Checkpoint(); string(is) != string(was) {
		l.Fatalf("restored\n%s\nwas\n%s", is, was)
	}
}

// speaks has a leg speak, or fall silent.
func (l *line) speaks(leg fact.LegID, on bool) {
	l.Helper()
	e := fact.Event{Kind: fact.TalkStopped, Leg: leg}
	if on {
		e.Kind = fact.TalkStarted
	}
	if leg == "a" {
		e.Agent = "1"
	}
	l.tell(e)
}

// hold is a hold of the agent's, and its end.
func (l *line) hold(on bool, reason string) {
	l.Helper()
	e := fact.Event{Kind: fact.HoldOff, Leg: "in", Agent: "1", Reason: reason}
	if on {
		e.Kind = fact.HoldOn
	}
	l.tell(e)
}

func (l *line) query(on bool) {
	l.Helper()
	e := fact.Event{Kind: fact.QueryEnded, Leg: "a", Agent: "1"}
	if on {
		e.Kind, e.Reason = fact.QueryBegan, "consent"
	}
	l.tell(e)
}

// parts ends the agent's part.
func (l *line) parts(by fact.Party, how, code string) {
	l.Helper()
	l.tell(fact.Event{Kind: fact.CallParted, Leg: "a", Agent: "1", By: by, Reason: how, Name: code, Millis: int64(l.now) - 1_000_000})
}

// after lets time pass, with each alarm going off when it is due.
func (l *line) after(d time.Duration) {
	l.Helper()
	end := l.now.Add(d)
	for {
		at, ok := l.w.Next()
		if !ok || at > end {
			break
		}
		l.now = at
		l.note(l.w.Tick(at))
		l.kept()
	}
	l.now = end
}

// want compares what was wanted since the last look.
func (l *line) want(lines ...string) {
	l.Helper()
	got := l.said
	l.said = nil
	if !slices.Equal(got, lines) {
		l.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(lines, "\n\t"))
	}
}

// counted is what was counted of a rule.
func (l *line) counted(rule string) (n Count) {
	for _, c := range l.w.Counts() {
		if c.Rule == rule {
			n.Kept += c.Kept
			n.Broken += c.Broken
			n.Measured += c.Measured
			n.Max = max(n.Max, c.Max)
		}
	}
	return n
}

// The ladder of a query, step by step, as the seed has it.
func TestHoldLadder(t *testing.T) {
	t.Run("on the line for 30 s", func(t *testing.T) {
		l := connected(t, fact.Inbound, alone("RUL-HLD-4")...)
		l.query(true)
		l.after(9 * time.Second)
		l.want()
		l.after(time.Second)
		l.want("nudge RUL-HLD-4 soft 10000/30000")
		l.after(20 * time.Second)
		l.want("broken RUL-HLD-4 30000/30000", "nudge RUL-HLD-4 music 30000/30000 beep")
		l.hold(true, "consent")
		l.want("mended RUL-HLD-4")
		l.hold(false, "")
		l.after(5 * time.Second)
		l.query(false)
		if n := l.counted("RUL-HLD-4"); n.Kept != 1 || n.Broken != 1 || n.Measured != 2 || n.Max != 30_000 {
			t.Errorf("counted %+v", n)
		}
	})
	t.Run("a query on the line that becomes a hold is one", func(t *testing.T) {
		l := connected(t, fact.Inbound, alone("RUL-HLD-3")...)
		l.query(true)
		l.after(30 * time.Second)
		l.hold(true, "consent")
		l.after(150 * time.Second)
		l.want("nudge RUL-HLD-3 offer-callback 180000/300000 beep")
		l.query(false) // the caller is still on hold
		l.after(120 * time.Second)
		l.want("broken RUL-HLD-3 300000/300000", "tell RUL-HLD-3 query-long")
		l.hold(false, "consent")
		l.want("mended RUL-HLD-3")
		l.after(time.Hour)
		l.want()
	})
	t.Run("thanks on return", func(t *testing.T) {
		l := connected(t, fact.Inbound, alone("RUL-HLD-6")...)
		l.hold(true, "consent")
		l.after(10 * time.Second)
		l.hold(false, "consent")
		l.want("nudge RUL-HLD-6 thanks 0/0")
	})
	t.Run("back at once when the query is done", func(t *testing.T) {
		l := connected(t, fact.Inbound, alone("RUL-HLD-9")...)
		for _, late := range []bool{false, true} {
			l.query(true)
			l.hold(true, "consent")
			l.after(time.Minute)
			l.query(false)
			l.after(3 * time.Second)
			l.want()
			if late {
				l.after(3 * time.Second)
				l.want("broken RUL-HLD-9 5000/5000", "nudge RUL-HLD-9 return 5000/5000 beep")
			}
			l.hold(false, "")
		}
		l.want("mended RUL-HLD-9")
		if n := l.counted("RUL-HLD-9"); n.Kept != 1 || n.Broken != 1 || n.Max != 6000 {
			t.Errorf("counted %+v", n)
		}
	})
}

// A word every 15 s, whatever it is; two that are missed break the rule.
func TestQueryReports(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-HLD-2", "auto_play", "true")...)
	l.query(true)
	l.want("listen true")
	l.after(15 * time.Second)
	l.want("act RUL-HLD-2 report", "nudge RUL-HLD-2 report 15000/15000")
	l.after(2 * time.Second)
	l.speaks("a", true)
	l.after(time.Second)
	l.speaks("a", false)
	l.after(15 * time.Second)
	l.after(3 * time.Second)
	l.said = nil
	l.after(15 * time.Second)
	l.want("act RUL-HLD-2 report", "nudge RUL-HLD-2 report 15000/15000", "broken RUL-HLD-2 2/2")
	l.hold(true, "consent") // on music the reports stop
	l.want("mended RUL-HLD-2")
	l.after(time.Minute)
	l.hold(false, "")
	l.after(15 * time.Second)
	l.want("act RUL-HLD-2 report", "nudge RUL-HLD-2 report 15000/15000")
	l.query(false)
	l.want("listen false")
	l.after(time.Minute)
	l.want()
}

// Nobody speaks: since the connection, and since who spoke last fell silent.
func TestDeadAir(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-HLD-8")...)
	l.after(8 * time.Second)
	l.want("nudge RUL-HLD-8 silence 8000/15000 beep")
	l.after(7 * time.Second)
	l.want("broken RUL-HLD-8 15000/15000", "tell RUL-HLD-8 silence")
	l.speaks("in", true)
	l.want("mended RUL-HLD-8")
	l.speaks("a", true)
	l.speaks("in", false)
	l.after(time.Minute)
	l.want()
	l.speaks("a", false) // 600 ms ago
	l.after(7400 * time.Millisecond)
	l.want("nudge RUL-HLD-8 silence 8000/15000 beep")
	for name, quiet := range map[string][2]func(){
		"on hold": {func() { l.hold(true, "consent") }, func() { l.hold(false, "") }},
		"a query": {func() { l.query(true) }, func() { l.query(false) }},
		"writing": {func() { l.tell(fact.Event{Kind: fact.SceneBegan, Agent: "1", Name: "gov12345/long_info"}) },
			func() { l.tell(fact.Event{Kind: fact.SceneEnded, Agent: "1", Name: "gov12345/long_info"}) }},
	} {
		quiet[0]()
		l.after(time.Minute)
		l.want()
		quiet[1]()
		l.after(8 * time.Second)
		if len(l.said) != 1 {
			t.Errorf("after %s: %q", name, l.said)
		}
		l.said = nil
	}
	l.parts(fact.ByCaller, "", "")
	l.after(time.Minute)
	l.want()
}

// A caller who says nothing is found by listening after the opening, once.
func TestSilentCaller(t *testing.T) {
	for _, c := range []struct {
		rule string
		dir  fact.Direction
		wait time.Duration
	}{{"RUL-SIL-1", fact.Inbound, 3 * time.Second}, {"RUL-SIL-2", fact.Inbound, 3 * time.Second}, {"RUL-SIL-3", fact.Outbound, 4 * time.Second}} {
		t.Run(c.rule, func(t *testing.T) {
			l := connected(t, c.dir, alone(c.rule)...)
			l.after(time.Second)
			l.speaks("a", true)
			l.after(6 * time.Second)
			l.speaks("a", false)
			l.after(c.wait - SpeechSilence - time.Millisecond)
			l.want()
			l.after(time.Millisecond)
			ms := c.wait.Milliseconds()
			l.want(fmt.Sprintf("broken %s %d/%d", c.rule, ms, ms), fmt.Sprintf("nudge %s silent-caller %d/%d", c.rule, ms, ms), "act "+c.rule+" silent-call")
			l.speaks("a", true)
			l.speaks("a", false)
			l.after(time.Minute)
			l.want()
			l = connected(t, c.dir, alone(c.rule)...)
			l.speaks("a", true)
			l.speaks("in", true)
			l.speaks("a", false)
			l.speaks("in", false)
			l.after(time.Minute)
			l.want()
			if n := l.counted(c.rule); n.Kept != 1 {
				t.Errorf("counted %+v", n)
			}
		})
	}
	l := connected(t, fact.Inbound) // by no profile
	l.after(time.Minute)
	for _, s := range l.said {
		if strings.Contains(s, "RUL-SIL") {
			t.Errorf("wanted %q", l.said)
		}
	}
}

// An agent who begins to speak while the caller does and goes on has
// interrupted.
func TestInterruptions(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-SPK-2")...)
	both := func(first, second fact.LegID, d time.Duration) {
		l.speaks(first, true)
		l.after(2 * time.Second)
		l.speaks(second, true)
		l.after(d)
		l.speaks(first, false)
		l.speaks(second, false)
	}
	for range 5 {
		both("in", "a", 1500*time.Millisecond)
		both("a", "in", 1500*time.Millisecond)
		both("in", "a", 900*time.Millisecond)
	}
	l.want()
	both("in", "a", time.Second)
	l.want("broken RUL-SPK-2 6/5", "tell RUL-SPK-2 interrupts")
}

// What is left of a talk whose parting words were said is ended after 30 s of
// silence, wherever the silence began.
func TestIdleTalkIsReleased(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-END-1")...)
	l.tell(fact.Event{Kind: fact.SceneEnded, Agent: "1", Name: "cable/closing"})
	l.want("listen true")
	l.after(20 * time.Second)
	l.speaks("in", true)
	l.after(time.Minute)
	l.speaks("in", false)
	l.after(30*time.Second - SpeechSilence - time.Millisecond)
	l.want()
	l.after(time.Millisecond)
	l.want("act RUL-END-1 release")
	l = connected(t, fact.Inbound, alone("RUL-END-1")...)
	l.tell(fact.Event{Kind: fact.SceneEnded, Agent: "1", Name: "cable/wait"})
	l.after(time.Hour)
	l.want()
}

// Hang-ups that are excused, and callers who are asked how it was, are counted.
func TestEndings(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-END-2")...)
	l.parts(fact.ByAgent, "hangup", "abuse")
	if n := l.counted("RUL-END-2"); n.Kept != 1 {
		t.Errorf("counted %+v", n)
	}
	l = connected(t, fact.Inbound, alone("RUL-END-3")...)
	l.parts(fact.ByAgent, "ended", "")
	if n := l.counted("RUL-END-3"); n.Kept != 1 {
		t.Errorf("counted %+v", n)
	}
}

// A hold or a query that nobody agreed to is flagged, also by the phone's key;
// asking a colleague is none.
func TestConsent(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-HLD-1")...)
	l.hold(true, "consent")
	l.hold(false, "consent")
	l.hold(true, "consult")
	l.query(true)
	l.want()
	l.hold(true, "phone")
	l.want("broken RUL-HLD-1 1/0", "mended RUL-HLD-1")
	l.hold(true, "")
	l.want("broken RUL-HLD-1 1/0", "mended RUL-HLD-1")
	if n := l.counted("RUL-HLD-1"); n.Kept != 2 || n.Broken != 2 {
		t.Errorf("counted %+v", n)
	}
	for _, c := range []struct {
		mode    Mode
		require Written
		want    bool
	}{{Enforce, "true", true}, {Warn, "true", false}, {Enforce, "false", false}} {
		l := connected(t, fact.Inbound, Setting{Rule: "RUL-HLD-1", Mode: c.mode, Values: map[string]Written{"require_consent": c.require}})
		if got := l.w.WantsConsent("c"); got != c.want {
			t.Errorf("%+v: wanted %v", c, got)
		}
		l.hold(true, "")
		if n := l.counted("RUL-HLD-1"); n.Broken == 0 && c.require == "true" || n.Broken > 0 && c.require == "false" {
			t.Errorf("%+v: counted %+v", c, n)
		}
	}
}

// The agent speaks within three seconds of the connection, or is told.
func TestOpening(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-ANS-3")...)
	l.after(2 * time.Second)
	l.speaks("a", true)
	l.speaks("a", false)
	l.after(time.Minute)
	l.want()
	l = connected(t, fact.Inbound, alone("RUL-ANS-3")...)
	l.speaks("in", true)
	l.after(3 * time.Second)
	l.want("broken RUL-ANS-3 3000/3000", "nudge RUL-ANS-3 opening 3000/3000")
	l.after(time.Second)
	l.speaks("a", true)
	l.want("mended RUL-ANS-3")
	if n := l.counted("RUL-ANS-3"); n.Broken != 1 || n.Max != 4000 {
		t.Errorf("counted %+v", n)
	}
}
