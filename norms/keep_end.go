package norms

import "github.com/huawu/huawu/fact"

var endingKeepers = []keeper{
	{rule: "RUL-END-1", hears: []fact.Kind{fact.LegHangup, fact.SceneExcused}, hear: hangsUpFirst},
}

// hangsUpFirst is about who ends a talk: the customer, or the agent by "end",
// after which the caller is asked or thanked. An agent's own hang-up drops no
// caller either; it is told, unless a scene has excused it (RUL-END-2).
func hangsUpFirst(m matter, e *fact.Event) {
	t := m.t
	if e.Kind != fact.LegHangup || t.Began == 0 || t.Agent == "" || t.Aside > 0 {
		return
	}
	l := t.leg(e.Leg)
	switch {
	case l == nil:
	case l.Agent == t.Agent && e.By == fact.ByAgent:
		if t.Excuse != "" || m.number("agent_first_hangup") != 0 { // allowed
			return
		}
		m.breaks(t.Agent, e.Leg, t.Began, 1, 0)
		m.tell(t.Agent, "agent-first", Amounts{1, 0})
	case l.Agent == t.Agent && e.By == fact.BySystem, t.customer(e.Leg):
		m.keeps(t.Agent, 0)
	}
}
