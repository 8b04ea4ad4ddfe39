package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var (
	holdOn  = fact.Event{Kind: fact.HoldOn, Call: "c1", Leg: "sw/caller", Agent: "1001", Reason: "consent"}
	holdOff = fact.Event{Kind: fact.HoldOff, Call: "c1", Leg: "sw/caller", Agent: "1001"}
)

func talking(t *testing.T, settings ...Setting) *trial {
	d := newTrial(t, settings...)
	d.hear(offered("1001")...)
	d.hear(answered("1001")...)
	return d
}

func TestTwoMinutesOnHold(t *testing.T) {
	d := talking(t)
	d.pass(time.Second)
	d.hear(holdOn)
	d.pass(119 * time.Second)
	d.told("nudge RUL-HLD-7 1001 hold-long ♪beep")
	d.hear(holdOff)
	d.pass(time.Minute)
	d.told(`nudge RUL-HLD-6 1001 thanks "wait.resume_music`)
	d.hear(holdOn)
	d.pass(2 * time.Minute)
	d.told("nudge RUL-HLD-7 1001 hold-long ♪beep", "broken RUL-HLD-7 1001 120000/120000 x1")
	d.pass(time.Second)
	d.hear(holdOff)
	d.told("mended RUL-HLD-7 1001 1000", `nudge RUL-HLD-7 1001 apologise "system_fault.after_2min`, `nudge RUL-HLD-6 1001 thanks "wait.resume_music`)
	d.counts("RUL-HLD-7", "1001", fact.NormTally{Kept: 1, Broken: 1, Nudged: 3, Measured: 2, Sum: 240_000, Max: 121_000})
	d.counts("RUL-HLD-5", "1001", fact.NormTally{Kept: 2, Measured: 2, Sum: 240_000, Max: 121_000})
}

// A caller is on hold until the last who holds lets go: by the phone's key and
// by ours at once is one hold.
func TestHoldsOfBothKindsAreOne(t *testing.T) {
	d := talking(t)
	phone := holdOn
	phone.Leg = "sw/1001"
	d.hear(holdOn)
	d.pass(time.Minute)
	d.hear(phone)
	d.pass(30 * time.Second)
	d.hear(holdOff)
	d.pass(29 * time.Second)
	d.told("nudge RUL-HLD-7 1001 hold-long ♪beep")
	phone.Kind = fact.HoldOff
	d.hear(phone)
	d.told(`nudge RUL-HLD-6 1001 thanks "wait.resume_music`)
	d.counts("RUL-HLD-5", "1001", fact.NormTally{Kept: 1, Measured: 1, Sum: 119_000, Max: 119_000})
}

func TestALongQuery(t *testing.T) {
	d := talking(t, Setting{Rule: "RUL-HLD-7", Mode: Off})
	d.hear(holdOn)
	d.pass(3 * time.Minute)
	d.told("nudge RUL-HLD-3 1001 offer-callback ♪beep")
	d.pass(2 * time.Minute)
	d.told("broken RUL-HLD-3 1001 300000/300000 x1", "tell RUL-HLD-3 1001 query-long")
	d.hear(fact.Event{Kind: fact.CallbackAsked, Call: "c1", Agent: "1001"})
	d.told("mended RUL-HLD-3 1001 0")
	d.counts("RUL-HLD-3", "1001", fact.NormTally{Kept: 1, Broken: 1, Nudged: 1, Measured: 1})
	d.hear(holdOff, holdOn)
	d.pass(time.Minute)
	d.hear(fact.Event{Kind: fact.LegHangup, Call: "c1", Leg: "sw/caller", By: fact.ByCaller, Cause: 16})
	d.pass(time.Hour)
	d.told(`nudge RUL-HLD-6 1001 thanks "wait.resume_music`)
}

// A caller who is on hold by two words is so until both are taken back.
func TestAHoldWithinAHold(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-HLD-7")...)
	l.hold(true, "consent")
	l.after(time.Minute)
	l.hold(true, "phone")
	l.hold(false, "phone")
	l.after(50 * time.Second)
	l.want("nudge RUL-HLD-7 hold-long 110000/120000 beep")
	l.hold(false, "consent")
	if n := l.counted("RUL-HLD-7"); n.Kept != 1 || n.Max != 110_000 {
		t.Errorf("counted %+v", n)
	}
}
