package norms

import (
	"time"

	"github.com/huawu/huawu/fact"
)

var hearingKeepers = []keeper{
	{rule: "RUL-SIL-1", hears: heardOfSilence, hear: silent(fact.Inbound, "wait"), due: silentDue("wait")},
	{rule: "RUL-SIL-2", hears: heardOfSilence, hear: silent(fact.Inbound, "wait"), due: silentDue("wait")},
	{rule: "RUL-SIL-3", hears: heardOfSilence, hear: silent(fact.Outbound, "check_after"), due: silentDue("check_after")},
}

var heardOfSilence = []fact.Kind{fact.CallConnected, fact.CallParted, fact.TalkStarted, fact.TalkStopped}

const (
	stepSpoke  = "spoke"
	stepSilent = "silent"
	// listenFirst is how long a caller is listened to whose agent says nothing
	// either, before the wait counts.
	listenFirst = 3 * time.Second
)

// silent waits for the first word of the caller, from the end of what the agent
// has said: an opening is listened to. It begins once a call.
func silent(dir fact.Direction, wait string) func(m matter, e *fact.Event) {
	return func(m matter, e *fact.Event) {
		agent := m.t.Agent
		switch {
		case m.t.Direction != dir:
		case e.Kind == fact.CallParted:
			m.calm("")
			m.mends("")
		case e.Kind == fact.TalkStarted && e.Agent == "":
			m.mends("")
			if m.noted(stepSpoke) == 0 {
				m.calm("")
				m.note(stepSpoke, 1)
				m.keeps(agent, 0)
			}
		case m.noted(stepSpoke) != 0:
		case e.Kind == fact.CallConnected:
			m.alarm(stepSilent, agent, m.t.legOf(agent), e.At.Add(listenFirst), m.span(wait))
		case e.Kind == fact.TalkStarted:
			m.calm("")
		case e.Kind == fact.TalkStopped && e.Agent == agent:
			m.alarm(stepSilent, agent, e.Leg, e.At.Add(-SpeechSilence), m.span(wait))
		}
	}
}

// silentDue puts the scene of a silent call to the agent, or begins it.
func silentDue(wait string) func(m matter, a *alarm) {
	return func(m matter, a *alarm) {
		silent, limit := int64(m.w.now-a.Since), m.span(wait).Milliseconds()
		m.breaks("", "", a.Since, silent, limit)
		n := Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "silent-caller", Phrase: phraseSilent, Amounts: Amounts{silent, limit}}
		if !m.mode().covers(Enforce) { // else the scene is heard
			n.Sound = SoundBeep
		}
		m.nudge(n)
		m.act(a.Agent, a.Leg, ActSilent)
		m.note(stepSpoke, 2) // once is enough: the scene goes on by itself
	}
}
