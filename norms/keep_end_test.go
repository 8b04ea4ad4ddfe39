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
		kept Count
	}{
		{"the customer", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByCaller}}, nil, Count{Kept: 1, Measured: 1}},
		{"the agent", []fact.Event{agentParts}, []string{"broken RUL-END-1 1001 1/0 x1", "tell RUL-END-1 1001 agent-first"}, Count{Broken: 1}},
		{"the agent by end", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "ended"}}, nil, Count{Kept: 1, Measured: 1}},
		{"the agent, excused by a scene", []fact.Event{{Kind: fact.SceneExcused, Call: "c1", Agent: "1001", Reason: "harassment"}, agentParts}, nil, Count{Kept: 1, Measured: 1}},
		{"the agent, excused no more", []fact.Event{{Kind: fact.SceneExcused, Call: "c1", Agent: "1001", Reason: "harassment"},
			{Kind: fact.SceneExcused, Call: "c1", Agent: "1001"}, agentParts},
			[]string{"broken RUL-END-1 1001 1/0 x1", "tell RUL-END-1 1001 agent-first"}, Count{Broken: 1}},
		{"the agent who hands over", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "transferred"}}, nil, Count{}},
		{"the agent, excused", []fact.Event{{Kind: fact.CallParted, Call: "c1", Leg: "sw/1001", Agent: "1001", By: fact.ByAgent, Reason: "hangup", Name: "abuse"}}, nil, Count{Kept: 1, Measured: 1}},
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
