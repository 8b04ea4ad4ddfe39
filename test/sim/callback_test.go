package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// calledWindows are when numbers may be called in a siege: with gaps that its few
// minutes, and clocks that jump, come upon. The siege begins at 06:13:20.
var calledWindows = []string{"daily 00:00-06:14,06:15-06:16,06:17-24:00"}

// owing has callbacks made by themselves in a siege.
func owing(cfg *center.Config) {
	cfg.Callbacks = callback.Policy{Dial: callback.AgentFirst, Windows: calledWindows, PerDay: 3, Ring: 10 * time.Second,
		Retries: []callback.Retry{{Outcome: callback.Busy, After: time.Minute, Times: 2}, {Outcome: callback.Failed, After: time.Minute, Times: 3}}}
}

// ledger is what is dialled for callbacks, seen from outside.
type ledger struct {
	windows  *calendar.Table
	entered  []callback.Callback
	revision int64
	ids      map[fact.CallbackID]bool
	// flying is the call that has a number's callback, freed those whose windows
	// somebody has lifted; up is the leg that a call has of the number.
	flying  map[string]fact.CallID
	freed   map[fact.CallbackID]bool
	numbers map[fact.CallID]string
	up      map[string]fact.LegID
	dialled int
}

func newLedger(zone string) (*ledger, error) {
	t, err := calendar.Compile(calendar.Hours{ID: "called", Zone: zone, Week: calledWindows})
	return &ledger{windows: t, ids: map[fact.CallbackID]bool{}, flying: map[string]fact.CallID{}, freed: map[fact.CallbackID]bool{},
		numbers: map[fact.CallID]string{}, up: map[string]fact.LegID{}}, err
}

// called holds that nobody is called in a gap that nobody has lifted, nor twice
// at once, and that no leg goes to a number that another call of ours rings.
func (c *siege) called(e fact.Event) {
	l := c.ledger
	switch e.Kind {
	case fact.CallbackAsked:
		l.ids[fact.CallbackID(e.Name)] = true
	case fact.CallbackDialled:
		l.dialled++
		if other := l.flying[e.From]; other != "" {
			c.t.Fatalf("%s is called by %s and %s", e.From, other, e.Call)
		}
		l.flying[e.From], l.numbers[e.Call] = e.Call, e.From
		if at := time.UnixMilli(e.Wall); !l.freed[fact.CallbackID(e.Name)] && !l.windows.Open(at) {
			c.t.Fatalf("%s is called at %s", e.From, at)
		}
	case fact.CallbackTried:
		delete(l.flying, e.From)
	case fact.LegCreated:
		number := l.numbers[e.Call]
		if number == "" || !strings.Contains(string(e.Endpoint), number) {
			return
		}
		if other := l.up[number]; other != "" {
			c.t.Fatalf("%s rings by %s and %s", number, other, e.Leg)
		}
		l.up[number] = e.Leg
	case fact.LegHangup:
		if number := l.numbers[e.Call]; number != "" && l.up[number] == e.Leg {
			delete(l.up, number)
		}
	}
}

// owes is somebody who enters, moves, runs, marks and cancels callbacks.
func (c *siege) owes() {
	l := c.ledger
	l.revision++
	if len(l.entered) == 0 || c.Rand.IntN(2) == 0 {
		b := callback.Callback{
			ID: fact.CallbackID(fmt.Sprintf("cb-sim-%04d", len(l.entered))), State: callback.Open, Source: callback.FromPeople,
			Number: fmt.Sprintf("013%d", c.Rand.IntN(6)), Queue: []fact.QueueID{"sales", "support", "nix", ""}[c.Rand.IntN(4)],
			Asked: int64(c.Now), Revision: l.revision,
		}
		l.entered, l.ids[b.ID], c.vault.asked[b.ID] = append(l.entered, b), true, true
		_ = c.Ask(center.TellCallbacks{Callbacks: []callback.Callback{b}})
		return
	}
	b := &l.entered[c.Rand.IntN(len(l.entered))]
	switch c.Rand.IntN(6) {
	case 0:
		_ = c.Ask(center.RunCallback{Callback: b.ID})
	case 1:
		_ = c.Ask(center.MarkCallback{Callback: b.ID, Outcome: callback.Outcomes()[c.Rand.IntN(len(callback.Outcomes()))]})
	case 2:
		_ = c.Ask(center.ReportCallback{Callback: b.ID, State: callback.Cancelled, By: "sim", Revision: l.revision})
		b.State = callback.Cancelled
	default:
		m := callback.Moving{After: int64(c.Now) + c.Rand.Int64N(60_000)}
		if c.Rand.IntN(3) == 0 {
			m = callback.Moving{Override: "lily"}
			l.freed[b.ID] = true
		}
		if b.Move(m) == nil {
			b.Revision = l.revision
			_ = c.Ask(center.TellCallbacks{Callbacks: []callback.Callback{*b}})
		}
	}
}

// closed ends what is owed, so that all can come to rest.
func (c *siege) closed() {
	for id := range c.ledger.ids {
		_ = c.Ask(center.ReportCallback{Callback: id, State: callback.Cancelled, By: "sim"})
	}
}

// landed holds that nothing is left in flight.
func (c *siege) landed() {
	if v := c.Center.View(); v.Callbacks.Flying != 0 {
		c.t.Errorf("%d callbacks are stuck in line", v.Callbacks.Flying)
	}
	if c.ledger.dialled == 0 {
		c.t.Error("no callback was dialled")
	}
}
