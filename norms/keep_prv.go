package norms

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

var privacyKeepers = []keeper{
	{rule: "RUL-PRV-2", hears: []fact.Kind{fact.RecordPaused, fact.RecordResumed, fact.RecordStopped, fact.RecordFailed}, hear: privacy, due: pausedLong},
}

const stepPaused = "paused"

// privacy measures how long nothing of a talk is recorded: from the first of its
// recordings that is paused until the last one goes on, or is over. Noted are
// since when, and each that is paused by its id.
func privacy(m matter, e *fact.Event) {
	since := m.noted(stepPaused)
	if e.Kind == fact.RecordPaused {
		if m.note(string(e.Recording), 1); since == 0 {
			m.note(stepPaused, int64(e.At))
			m.alarm(stepPaused, m.t.Agent, m.t.legOf(m.t.Agent), e.At, m.span("pause_max"))
		}
		return
	}
	m.note(string(e.Recording), 0)
	if since == 0 || slices.ContainsFunc(m.t.Notes, func(n note) bool { return n.Rule == m.rule && n.Name != stepPaused }) {
		return
	}
	m.note(stepPaused, 0)
	if m.calm("") {
		m.keeps(m.t.Agent, int64(e.At)-since)
	} else {
		m.measures(m.t.Agent, int64(e.At)-since)
	}
	m.mends("")
}

// pausedLong reminds who does not go on, and tells the leader.
func pausedLong(m matter, a *alarm) {
	amounts := Amounts{int64(m.w.now - a.Since), m.span("pause_max").Milliseconds()}
	m.breaks(a.Agent, a.Leg, a.Since, amounts.Value, amounts.Limit)
	m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "recording-paused", Sound: SoundBeep, Amounts: amounts})
	m.tell(a.Agent, "recording-paused", amounts)
}
