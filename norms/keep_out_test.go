package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// dialled is a call that agent 1001 has dialled outside, whose other side rings.
func dialled(number string) []fact.Event {
	return []fact.Event{
		{Kind: fact.CallOffered, Call: "c1", Leg: "sw/1001", Agent: "1001", To: number, Reason: string(fact.Outbound)},
		{Kind: fact.LegCreated, Call: "c1", Leg: "sw/out"},
		{Kind: fact.LegRinging, Call: "c1", Leg: "sw/out"},
	}
}

var (
	pickedUp   = fact.Event{Kind: fact.LegAnswered, Call: "c1", Leg: "sw/out"}
	agentGone  = fact.Event{Kind: fact.LegHangup, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Cause: 16}
	calledGone = fact.Event{Kind: fact.LegHangup, Call: "c1", Leg: "sw/out", By: fact.ByCallee, Cause: 16}
)

func TestSixRings(t *testing.T) {
	for after, want := range map[time.Duration][]string{
		25999 * time.Millisecond: {"broken RUL-OUT-1 1001 25999/26000 x1", "mended RUL-OUT-1 1001 0 over"},
		26 * time.Second:         nil,
	} {
		d := newTrial(t)
		d.hear(dialled("13800138000")...)
		d.pass(after)
		d.hear(agentGone, over())
		d.told(want...)
	}
	// The busy tone ends it at once, and an answered call has its own end.
	for _, end := range [][]fact.Event{{calledGone, over()}, {pickedUp, calledGone, over()}} {
		d := newTrial(t)
		d.hear(dialled("13800138000")...)
		d.pass(time.Second)
		d.hear(end...)
		d.told()
	}
}

func TestSevenRings(t *testing.T) {
	d := newTrial(t, Setting{Rule: "RUL-OUT-2", Mode: Enforce})
	d.hear(dialled("13800138000")...)
	d.pass(30 * time.Second)
	d.told("broken RUL-OUT-2 1001 30000/30000 x1", "act RUL-OUT-2 1001 give-up")
	d.hear(calledGone, over())
	d.told("mended RUL-OUT-2 1001 0")
	d = newTrial(t)
	d.hear(dialled("13800138000")...)
	d.pass(29 * time.Second)
	d.hear(pickedUp)
	d.pass(time.Minute)
	d.told()
	d.counts("RUL-OUT-2", "1001", fact.NormTally{Kept: 1, Measured: 1, Sum: 29_000, Max: 29_000})
}

func TestFiveMinutes(t *testing.T) {
	short := Setting{Rule: "RUL-OUT-4", Mode: Off}
	d := newTrial(t, short)
	d.hear(dialled("13800138000")...)
	d.hear(pickedUp)
	d.pass(5*time.Minute - time.Millisecond)
	d.told("nudge RUL-OUT-3 1001 talk-long")
	d.pass(time.Millisecond)
	d.told("broken RUL-OUT-3 1001 300000/300000 x1", "tell RUL-OUT-3 1001 talk-long")
	d.hear(calledGone)
	d.told("mended RUL-OUT-3 1001 0")
	// What the customer has asked for may last.
	d = newTrial(t, short)
	d.hear(dialled("13800138000")...)
	d.hear(pickedUp)
	d.pass(time.Minute)
	d.hear(fact.Event{Kind: fact.CallLogged, Call: "c1", Agent: "1001", Name: "customer_initiated", Note: "yes"})
	d.pass(time.Hour)
	d.told()
}

func TestThreeMinutes(t *testing.T) {
	d := newTrial(t)
	d.hear(dialled("13800138000")...)
	d.hear(pickedUp)
	d.pass(3 * time.Minute)
	d.told("nudge RUL-OUT-4 1001 three-minutes", "broken RUL-OUT-4 1001 180000/180000 x1")
	d.hear(calledGone, over())
	d.told("mended RUL-OUT-4 1001 0")
	for on, want := range map[Written][]string{
		"false": nil,
		"true":  {"nudge RUL-OUT-4 1001 three-minutes", "broken RUL-OUT-4 1001 180000/180000 x1"},
	} {
		d := newTrial(t, Setting{Rule: "RUL-OUT-4", Queue: "sales", Values: map[string]Written{"inbound": on}})
		d.hear(offered("1001")...)
		d.hear(answered("1001")...)
		d.pass(3 * time.Minute)
		d.told(want...)
	}
}

func TestWhatIsToBeWrittenDown(t *testing.T) {
	d := newTrial(t)
	late := fact.Event{Kind: fact.AlertLeader, Call: "c0", Agent: "1001", Name: "ACD-10", Reason: "log-missing", Millis: 300_000}
	d.hear(late)
	d.told("broken RUL-OUT-8 1001 300000/300000 x1")
	d.broken("RUL-OUT-8 1001")
	d.hear(fact.Event{Kind: fact.AgentState, Agent: "1001", From: "NOT_READY", To: "READY"})
	d.told("mended RUL-OUT-8 1001 0")
	d.counts("RUL-OUT-8", "1001", fact.NormTally{Broken: 1})
}

func TestRedialAtOnce(t *testing.T) {
	dropped := fact.Event{Kind: fact.LegHangup, Call: "c1", Leg: "sw/out", By: fact.BySwitch, Cause: 38}
	silent := []Setting{{Rule: "RUL-OUT-1", Mode: Off}, {Rule: "RUL-END-1", Mode: Off}}
	d := newTrial(t, silent...)
	talk := func() {
		d.hear(dialled("013800138000")...)
		d.hear(pickedUp)
		d.pass(time.Minute)
		d.hear(dropped, over())
	}
	talk()
	d.pass(9 * time.Second)
	d.hear(dialled("+8613800138000")...)
	d.told()
	d.counts("RUL-OUT-9", "1001", fact.NormTally{Kept: 1, Measured: 1})
	d.hear(over())
	talk()
	d.hear(dialled("13800138001")...)
	d.pass(10 * time.Second)
	d.told("broken RUL-OUT-9 1001 10000/10000 x1")
	d.hear(over())
	d.hear(dialled("13800138000")...)
	d.told("mended RUL-OUT-9 1001 0")
	d.hear(over())
	// It is not on the board for ever.
	talk()
	d.pass(time.Hour)
	d.told("broken RUL-OUT-9 1001 10000/10000 x1", "mended RUL-OUT-9 1001 600000")
	if len(d.w.affairs) != 0 {
		t.Errorf("%d agents' affairs are kept", len(d.w.affairs))
	}
}

func TestPrivateCalls(t *testing.T) {
	d := newTrial(t)
	end := over()
	end.Ending = &fact.Ending{Fault: fact.FaultAgent, Reason: fact.ReasonForbidden}
	for i := range 4 {
		d.hear(dialled("13800138000")[0], end)
		want := []string{"broken RUL-OUT-14 1001 1/0 x1", "mended RUL-OUT-14 1001 0 over"}
		if i == 2 {
			want = []string{want[0], "tell RUL-OUT-14 1001 private-calls", want[1]}
		}
		d.told(want...)
	}
}

func TestAfterCallWork(t *testing.T) {
	d := newTrial(t)
	wraps, ready := fact.Event{Kind: fact.AgentState, Agent: "1001", From: "TALKING", To: "ACW"}, fact.Event{Kind: fact.AgentState, Agent: "1001", From: "ACW", To: "READY"}
	d.hear(wraps)
	d.pass(59 * time.Second)
	ready.Millis = 59_000
	d.hear(ready)
	d.pass(time.Hour)
	d.told()
	d.hear(wraps)
	d.pass(3 * time.Minute)
	d.told("nudge RUL-OUT-8 1001 wrap-up-long", "broken RUL-OUT-8 1001 180000/180000 x1", "tell RUL-OUT-8 1001 wrap-up-long")
	ready.Millis = 181_000
	d.pass(time.Second)
	d.hear(ready)
	d.told("mended RUL-OUT-8 1001 1000")
	d.counts("RUL-OUT-8", "1001", fact.NormTally{Broken: 1, Nudged: 1, Measured: 2, Sum: 240_000, Max: 181_000})
}

// The leader is told of the third private call of each day.
func TestPrivateCallsOfAnotherDay(t *testing.T) {
	d := newTrial(t)
	end := over()
	end.Ending = &fact.Ending{Fault: fact.FaultAgent, Reason: fact.ReasonForbidden}
	told := 0
	for range 2 { // days
		for range 3 {
			d.said = nil
			d.hear(dialled("13800138000")[0], end)
			for _, e := range d.said {
				if say(e) == "tell RUL-OUT-14 1001 private-calls" {
					told++
				}
			}
		}
		d.pass(24 * time.Hour)
	}
	if told != 2 {
		t.Errorf("told %d times, want once a day", told)
	}
}
