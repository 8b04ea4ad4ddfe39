package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var callerGone = fact.Event{Kind: fact.LegHangup, Call: "c1", Leg: "sw/caller", By: fact.ByCaller, Cause: 16}

// agentParts is the end of a talk by the agent's phone.
var agentParts = fact.Event{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "hangup"}

func TestWhoHangsUpFirst(t *testing.T) {
	for _, c := range []struct {
		name string
		do   []fact.Event
		want []string
		kept fact.NormTally
	}{
		{"the customer", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByCaller}}, nil, fact.NormTally{Kept: 1, Measured: 1}},
		{"the agent", []fact.Event{agentParts}, []string{"broken RUL-END-1 1001 1/0 x1", "tell RUL-END-1 1001 agent-first"}, fact.NormTally{Broken: 1}},
		{"the agent by end", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "ended"}}, nil, fact.NormTally{Kept: 1, Measured: 1}},
		{"the agent, excused by a scene", []fact.Event{{Kind: fact.SceneExcused, Call: "c1", Agent: "1001", Reason: "harassment"}, agentParts}, nil, fact.NormTally{Kept: 1, Measured: 1}},
		{"the agent, excused no more", []fact.Event{{Kind: fact.SceneExcused, Call: "c1", Agent: "1001", Reason: "harassment"},
			{Kind: fact.SceneExcused, Call: "c1", Agent: "1001"}, agentParts},
			[]string{"broken RUL-END-1 1001 1/0 x1", "tell RUL-END-1 1001 agent-first"}, fact.NormTally{Broken: 1}},
		{"the agent who hands over", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "transferred"}}, nil, fact.NormTally{}},
		{"the agent, excused", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "hangup", Name: "abuse"}}, nil, fact.NormTally{Kept: 1, Measured: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := talking(t)
			d.pass(time.Minute)
			d.hear(c.do...)
			d.told(c.want...)
			d.counts("RUL-END-1", "1001", c.kept)
		})
	}
	// A breach is on the board while the caller is asked how it was.
	d := talking(t)
	d.hear(agentParts, agentGone)
	d.said = nil
	d.pass(10 * time.Second)
	d.broken("RUL-END-1 1001")
	d.hear(callerGone, over())
	d.told("mended RUL-END-1 1001 10000 over")
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
	l.parts(fact.BySystem, "scene", "silent_call")
	l.parts(fact.ByAgent, "ended", "")
	if n := l.counted("RUL-END-2"); n.Kept != 2 {
		t.Errorf("counted %+v", n)
	}
	l = connected(t, fact.Inbound, alone("RUL-END-3")...)
	l.parts(fact.ByAgent, "ended", "")
	if n := l.counted("RUL-END-3"); n.Kept != 1 {
		t.Errorf("counted %+v", n)
	}
}
