package norms

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// began is when trials begin: 09:10 in Shanghai on the wall clock.
const (
	began  fact.Instant = 1_000_000
	offset              = 1_700_010_600_000 - 1_000_000
)

// trial is a watch with its twin, which is restored from a checkpoint before
// every step: both must do the same.
type trial struct {
	t    *testing.T
	w    *Watch
	now  fact.Instant
	said []Effect // since the last told
	// tally is all that was counted.
	tally []fact.NormCount
}

func newTrial(t *testing.T, settings ...Setting) *trial {
	return newTrialOf(t, Plan{Settings: settings})
}

func newTrialOf(t *testing.T, p Plan) *trial {
	t.Helper()
	if wrong := p.Settings.Check(nil, func(string, []string) string { return "" }); len(wrong) > 0 {
		t.Fatalf("%+v", wrong)
	}
	d := &trial{t: t, w: New(), now: began}
	d.do(func(w *Watch) []Effect { return w.Configure(d.now, p) })
	return d
}

func (d *trial) do(step func(*Watch) []Effect) {
	d.t.Helper()
	before, err := d.w.Checkpoint()
	if err != nil {
		d.t.Fatal(err)
	}
	twin, err := Restore(before)
	if err != nil {
		d.t.Fatalf("%v\n%s", err, before)
	}
	mine, theirs := step(d.w), step(twin)
	if !reflect.DeepEqual(mine, theirs) {
		d.t.Fatalf("the twin does otherwise:\n%+v\n%+v\nof %s", mine, theirs, before)
	}
	after, _ := d.w.Checkpoint()
	if other, _ := twin.Checkpoint(); string(after) != string(other) {
		d.t.Fatalf("the twin is another:\n%s\n%s", after, other)
	}
	for _, e := range mine {
		if c, counted := e.(Counted); counted {
			d.tally = append(d.tally, c.NormCount)
		} else {
			d.said = append(d.said, e)
		}
	}
}

// hear tells the watch facts now.
func (d *trial) hear(all ...fact.Event) {
	d.t.Helper()
	for _, e := range all {
		e.Tenant, e.At, e.Wall = fact.DefaultTenant, d.now, int64(d.now)+offset
		d.do(func(w *Watch) []Effect { return w.Step(e) })
	}
}

// pass lets time pass, and what is due on the way go off.
func (d *trial) pass(span time.Duration) {
	d.t.Helper()
	end := d.now.Add(span)
	for {
		due, ok := d.w.Next()
		if !ok || due > end {
			break
		}
		d.now = max(d.now, due)
		d.do(func(w *Watch) []Effect { return w.Tick(d.now) })
		if next, ok := d.w.Next(); ok && next <= d.now {
			d.t.Fatalf("what is due at %d does not go off at %d", next, d.now)
		}
	}
	d.now = end
}

// told wants that exactly this was said since it was asked last, each in the
// words of say.
func (d *trial) told(want ...string) {
	d.t.Helper()
	var got []string
	for _, e := range d.said {
		got = append(got, say(e))
	}
	d.said = nil
	if !slices.Equal(got, want) {
		d.t.Fatalf("at %s:\ngot  %s\nwant %s", d.now.Sub(began), strings.Join(got, "; "), strings.Join(want, "; "))
	}
}

// say is an effect in a line.
func say(e Effect) string {
	switch e := e.(type) {
	case Broken:
		return fmt.Sprintf("broken %s%s %d/%d x%d", e.Rule, who(e.Subject), e.Value, e.Limit, e.Times)
	case Mended:
		return fmt.Sprintf("mended %s%s %d%s", e.Rule, who(e.Subject), e.Lasted, map[bool]string{true: " over"}[e.Over])
	case Nudge:
		return fmt.Sprintf("nudge %s%s %s%s%s", e.Rule, who(e.Subject), e.Why, sign(" \"", e.Phrase), sign(" ♪", e.Sound))
	case Tell:
		return fmt.Sprintf("tell %s%s %s", e.Rule, who(e.Subject), e.Why)
	case Act:
		return fmt.Sprintf("act %s%s %s", e.Rule, who(e.Subject), e.What)
	}
	return fmt.Sprintf("%T", e)
}

func who(s Subject) string { return sign(" ", string(s.Agent)) }

func sign(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// counts wants the sums over all half-hours of a rule and agent.
func (d *trial) counts(rule string, agent fact.AgentID, want fact.NormTally) {
	d.t.Helper()
	var got fact.NormTally
	for _, c := range d.tally {
		if c.Rule == rule && c.Agent == agent {
			got.Add(c.NormTally)
		}
	}
	if got != want {
		d.t.Errorf("%s of %s: %s, want %s", rule, agent, words(got), words(want))
	}
}

func words(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// broken wants what is on the board: "RUL-… agent".
func (d *trial) broken(want ...string) {
	d.t.Helper()
	var got []string
	for _, b := range d.w.Board() {
		got = append(got, b.Rule+who(b.Subject))
	}
	if !slices.Equal(got, want) {
		d.t.Errorf("on the board: %v, want %v", got, want)
	}
}

// offered is a call that came in and is offered to an agent, whose phone rings.
func offered(agent fact.AgentID) []fact.Event {
	o := fact.OfferID("c1-t1-o" + agent)
	return []fact.Event{
		{Kind: fact.CallOffered, Call: "c1", Leg: "sw/caller", Reason: string(fact.Inbound)},
		{Kind: fact.QueueJoined, Call: "c1", Ticket: "c1-t1", Queue: "sales"},
		{Kind: fact.LegCreated, Call: "c1", Leg: "sw/" + fact.LegID(agent), Agent: agent, Offer: o},
		{Kind: fact.LegRinging, Call: "c1", Leg: "sw/" + fact.LegID(agent), Agent: agent, Offer: o},
	}
}

// answered is the agent's answer to what was offered.
func answered(agent fact.AgentID) []fact.Event {
	return []fact.Event{
		{Kind: fact.LegAnswered, Call: "c1", Leg: "sw/" + fact.LegID(agent), Agent: agent, Offer: fact.OfferID("c1-t1-o" + agent)},
		{Kind: fact.QueueConnected, Call: "c1", Ticket: "c1-t1", Queue: "sales", Agent: agent},
	}
}

// over is the end of the call.
func over() fact.Event { return fact.Event{Kind: fact.CallEnded, Call: "c1"} }
