package norms

import "github.com/huawu/huawu/fact"

var shiftKeepers = []keeper{
	{rule: "RUL-LEV-1", hears: []fact.Kind{fact.AgentRequest, fact.AlertAgent, fact.AgentState}, hear: pauses},
	{rule: "RUL-SHF-4", hears: []fact.Kind{fact.AlertAgent, fact.AgentState}, hear: pauses},
}

// pauses are about agents who are away for longer than was granted, or allowed;
// the ACD grants, refuses and tells.
func pauses(m matter, e *fact.Event) {
	switch {
	case e.Kind == fact.AgentRequest && e.To == "granted":
		m.keeps(e.Agent, 0)
	case e.Kind == fact.AlertAgent && e.Name == Rules[m.rule].ID && e.Reason == "overrun":
		m.breaks(e.Agent, "", e.At-fact.Instant(e.Millis), e.Millis, 0)
	case e.Kind == fact.AgentState:
		m.mends(e.Agent)
	}
}
