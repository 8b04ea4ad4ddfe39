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
	w     *Watch
	now   fact.Instant
	said  []string
	tally map[string]fact.NormTally // by rule
}

// newLine is a call in a direction, before the two talk.
func newLine(t *testing.T, dir fact.Direction, plan Plan) *line {
	l := &line{T: t, w: New(), now: 1_000_000, tally: map[string]fact.NormTally{}}
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
		case Counted:
			n := l.tally[e.Rule]
			n.Add(e.NormTally)
			l.tally[e.Rule] = n
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
func (l *line) counted(rule string) fact.NormTally { return l.tally[rule] }
