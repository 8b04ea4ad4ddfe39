package norms

import "github.com/huawu/huawu/fact"

var speechKeepers = []keeper{
	{rule: "RUL-ANS-3", hears: []fact.Kind{fact.CallConnected, fact.CallParted, fact.TalkStarted}, hear: opening, due: openingDue},
	{rule: "RUL-SPK-2", hears: []fact.Kind{fact.TalkStarted, fact.TalkStopped, fact.CallParted}, hear: interrupts, due: interrupted},
}

const stepOverlap = "overlap"

// interrupts counts agents who begin to speak while the caller does, and go on.
func interrupts(m matter, e *fact.Event) {
	switch agent := m.t.Agent; e.Kind {
	case fact.CallParted:
		m.calm("")
		if n := m.noted(stepOverlap); n <= m.number("per_call") {
			m.keeps(e.Agent, n)
		}
		m.note(stepOverlap, 0)
	case fact.TalkStopped:
		m.calm("")
	case fact.TalkStarted:
		if e.Agent == agent && agent != "" && e.Reason == "" && len(m.t.Speaking) > 1 {
			m.alarm(stepOverlap, agent, e.Leg, e.At, m.span("overlap"))
		}
	}
}

func interrupted(m matter, a *alarm) {
	n := m.noted(stepOverlap) + 1
	m.note(stepOverlap, n)
	if most := m.number("per_call"); n == most+1 {
		m.breaks(a.Agent, a.Leg, a.Since, n, most)
		m.tell(a.Agent, "interrupts", Amounts{n, most})
	} else if n > most {
		m.measures(a.Agent, n)
	}
}

// opening wants the agent to say something at once. What is said, nobody hears
// here.
func opening(m matter, e *fact.Event) {
	switch agent := m.t.Agent; {
	case m.t.Direction != fact.Inbound:
	case e.Kind == fact.CallConnected:
		m.note(stepLate, int64(e.At))
		m.alarm(stepLate, agent, e.Leg, e.At, m.span("max_delay"))
	case e.Kind == fact.CallParted, e.Agent == agent && agent != "":
		took := int64(e.At) - m.noted(stepLate)
		switch spoke := e.Kind == fact.TalkStarted && e.Reason == "" && m.noted(stepLate) != 0; {
		case m.calm("") && spoke:
			m.keeps(agent, took)
		case spoke:
			m.measures(agent, took)
		}
		m.note(stepLate, 0)
		m.mends("")
	}
}

func openingDue(m matter, a *alarm) {
	waited, limit := int64(m.w.now-a.Since), m.span("max_delay").Milliseconds()
	m.breaks(a.Agent, a.Leg, a.Since, waited, limit)
	m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "opening", Phrase: phraseOpening, Amounts: Amounts{waited, limit}})
}
