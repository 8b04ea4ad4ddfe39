package norms

import (
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

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
	t.Run("a query of an agent who hangs up is theirs", func(t *testing.T) {
		l := connected(t, fact.Inbound, alone("RUL-HLD-4")...)
		l.query(true)
		l.after(time.Second)
		l.tell(fact.Event{Kind: fact.LegHangup, Leg: "a", Agent: "1"})
		var agents []fact.AgentID
		for _, e := range l.w.Step(fact.Event{Kind: fact.QueryEnded, Call: "c", Leg: "a", Agent: "1", At: l.now, Wall: int64(l.now)}) {
			if c, ok := e.(Counted); ok && c.Kept == 1 {
				agents = append(agents, c.Agent)
			}
		}
		if !slices.Equal(agents, []fact.AgentID{"1"}) {
			t.Errorf("kept by %q", agents)
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
