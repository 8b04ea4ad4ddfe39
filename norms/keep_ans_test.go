package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func TestThreeRings(t *testing.T) {
	d := newTrial(t)
	d.hear(offered("1001")...)
	d.pass(9 * time.Second)
	d.told()
	d.hear(answered("1001")...)
	d.hear(over())
	d.pass(time.Minute)
	d.told()
	d.counts("RUL-ANS-1", "1001", fact.NormTally{Kept: 1, Measured: 1, Sum: 9000, Max: 9000})

	d.hear(offered("1001")...)
	d.pass(12 * time.Second)
	d.told("nudge RUL-ANS-1 1001 ring")
	d.pass(3 * time.Second)
	d.told("broken RUL-ANS-1 1001 15000/15000 x1")
	d.broken("RUL-ANS-1 1001")
	d.pass(500 * time.Millisecond)
	d.hear(answered("1001")...)
	d.told("mended RUL-ANS-1 1001 500")
	d.hear(over())
	d.broken()
	d.counts("RUL-ANS-1", "1001", fact.NormTally{Kept: 1, Broken: 1, Nudged: 1, Measured: 2, Sum: 24_500, Max: 15_500})
}

// What was rung out stays on the board until somebody answers the caller.
func TestThreeRingsOfSeveral(t *testing.T) {
	d := newTrial(t)
	d.hear(offered("1001")...)
	d.pass(16 * time.Second)
	d.hear(fact.Event{Kind: fact.QueueMissed, Call: "c1", Ticket: "c1-t1", Queue: "sales", Agent: "1001", Reason: "no-answer", Millis: 16_000})
	d.told("nudge RUL-ANS-1 1001 ring", "broken RUL-ANS-1 1001 15000/15000 x1")
	d.broken("RUL-ANS-1 1001")
	d.hear(offered("1002")[2:]...)
	d.pass(2 * time.Second)
	d.hear(fact.Event{Kind: fact.QueueMissed, Call: "c1", Ticket: "c1-t1", Queue: "sales", Agent: "1002", Reason: "rejected", Millis: 2000})
	d.told("broken RUL-ANS-1 1002 2000/15000 x1")
	d.hear(offered("1003")[2:]...)
	d.hear(answered("1003")...)
	d.told("mended RUL-ANS-1 1001 3000", "mended RUL-ANS-1 1002 0")
	// A caller who hangs up while it rings is nobody's breach.
	d.hear(over())
	d.hear(offered("1001")...)
	d.pass(5 * time.Second)
	d.hear(fact.Event{Kind: fact.QueueMissed, Call: "c1", Agent: "1001", Reason: "caller-gone", Millis: 5000}, over())
	d.pass(time.Minute)
	d.told()
}

func TestThreeRingsByMode(t *testing.T) {
	for mode, want := range map[Mode][]string{
		Off:     nil,
		Measure: {"broken RUL-ANS-1 1001 10000/10000 x1"},
		Warn:    {"nudge RUL-ANS-1 1001 ring", "broken RUL-ANS-1 1001 10000/10000 x1"},
	} {
		d := newTrial(t, Setting{Rule: "RUL-ANS-1", Values: map[string]Written{"rings": "2", "warn_ring": "2"}},
			Setting{Rule: "RUL-ANS-1", Queue: "sales", Mode: mode})
		d.hear(offered("1001")...)
		d.pass(20 * time.Second)
		d.told(want...)
	}
}

// A rule that is turned off is broken by nobody from then on, also by those who
// were breaking it.
func TestWhatIsTurnedOffIsMended(t *testing.T) {
	d := newTrial(t)
	d.hear(offered("1001")...)
	d.pass(15 * time.Second)
	d.said = nil
	d.do(func(w *Watch) []Effect {
		return w.Configure(d.now, Plan{Settings: Settings{{Rule: "RUL-ANS-1", Mode: Off}}})
	})
	d.told("mended RUL-ANS-1 1001 0")
	d.broken()
}

func TestWhoWaitsLongIsOwedAnApology(t *testing.T) {
	d := newTrial(t)
	d.hear(offered("1001")[:2]...)
	d.pass(time.Minute)
	d.told("broken RUL-ANS-4 60000/60000 x1")
	d.broken("RUL-ANS-4")
	d.pass(time.Second)
	d.hear(offered("1001")[2:]...)
	connected := answered("1001")
	connected[1].Millis = 61_000
	d.hear(connected...)
	d.told(`nudge RUL-ANS-4 1001 opening "waited_long.apologize`, "mended RUL-ANS-4 1000")
	d.counts("RUL-ANS-4", "", fact.NormTally{Broken: 1})
}

func TestTalksOfTraineesAreCounted(t *testing.T) {
	d := newTrial(t)
	d.hear(offered("1001")...)
	connected := answered("1001")
	connected[1].Trainee = true
	d.hear(connected...)
	d.told(`nudge RUL-TRN-1 1001 opening "greeting.trainee`)
	d.counts("RUL-TRN-1", "1001", fact.NormTally{Kept: 1, Nudged: 1, Measured: 1})
}
