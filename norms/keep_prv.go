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
// recordings that is paused until the last one goes on, or is over. What is noted
// is since when, by the recording.
func privacy(m matter, e *fact.Event) {
	first := func() int64 {
		i := slices.IndexFunc(m.t.Notes, func(n note) bool { return n.Rule == m.rule })
		if i < 0 {
			return 0
		}
		return m.t.Notes[i].Is
	}
	since := first()
	if e.Kind == fact.RecordPaused {
		if m.note(string(e.Recording), int64(e.At)); since == 0 {
			m.alarm(stepPaused, m.t.Agent, m.t.legOf(m.t.Agent), e.At, m.span("pause_max"))
		}
		return
	}
	if m.note(string(e.Recording), 0); since == 0 || first() != 0 {
		return
	}
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
