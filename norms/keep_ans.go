package norms

import "github.com/huawu/huawu/fact"

var answeringKeepers = []keeper{
	{rule: "RUL-ANS-1", hears: []fact.Kind{fact.LegRinging, fact.LegAnswered, fact.QueueMissed, fact.QueueConnected}, hear: threeRings, due: threeRingsDue},
	{rule: "RUL-ANS-4", hears: []fact.Kind{fact.QueueJoined, fact.QueueConnected, fact.QueueLeft}, hear: waitsLong, due: waitsLongDue},
	{rule: "RUL-TRN-1", hears: []fact.Kind{fact.QueueConnected}, hear: trainee},
}

// threeRings counts from the ringing of the agent's phone, not from the queue's
// (AMB-3). The offer itself is withdrawn by the ACD.
func threeRings(m matter, e *fact.Event) {
	limit := m.number("rings") * m.number("cadence")
	switch e.Kind {
	case fact.LegRinging:
		if e.Offer == "" || e.Agent == "" {
			return
		}
		m.alarm(stepLate, e.Agent, e.Leg, e.At, millis(limit))
		if warn := (m.number("warn_ring") - 1) * m.number("cadence"); warn < limit {
			m.alarm(stepWarn, e.Agent, e.Leg, e.At, millis(warn))
		}
	case fact.LegAnswered:
		l := m.t.leg(e.Leg)
		if e.Offer == "" || l == nil || l.Rang == 0 {
			return
		}
		if m.calm(e.Agent, stepLate) {
			m.keeps(e.Agent, int64(e.At-l.Rang))
		} else if m.broken(e.Agent) != nil {
			m.measures(e.Agent, int64(e.At-l.Rang))
		}
		m.calm(e.Agent)
		m.mends(e.Agent)
	case fact.QueueMissed:
		late := m.broken(e.Agent) == nil
		m.calm(e.Agent)
		// A phone that was rung out or refused was offered a call and did not
		// answer it; for every other miss the agent can do nothing.
		if late && (e.Reason == "no-answer" || e.Reason == "rejected") {
			m.breaks(e.Agent, "", e.At-fact.Instant(e.Millis), e.Millis, limit)
		}
	case fact.QueueConnected:
		if e.Name == "" {
			m.mends("") // the caller was answered after all
		}
	}
}

func threeRingsDue(m matter, a *alarm) {
	limit := m.number("rings") * m.number("cadence")
	rung := int64(m.w.now - a.Since)
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "ring", Amounts: Amounts{rung, limit}})
		return
	}
	m.breaks(a.Agent, a.Leg, a.Since, rung, limit)
}

// waitsLong is about callers who wait for so long that they are owed an apology.
// It is nobody's breach, but the queue's.
func waitsLong(m matter, e *fact.Event) {
	limit := m.number("long_wait")
	switch {
	case e.Name != "": // an agent's question
	case e.Kind == fact.QueueJoined:
		m.alarm(stepLate, "", "", e.At, millis(limit))
	case e.Kind == fact.QueueConnected:
		if e.Millis >= limit {
			m.measures(e.Agent, e.Millis)
			m.nudge(Nudge{Subject: Subject{Agent: e.Agent, Leg: m.t.legOf(e.Agent)}, Why: "opening", Phrase: phraseWaitedLong, Amounts: Amounts{e.Millis, limit}})
		} else {
			m.keeps("", e.Millis)
		}
		fallthrough
	default:
		m.calm("")
		m.mends("")
	}
}

func waitsLongDue(m matter, a *alarm) {
	m.breaks("", "", a.Since, int64(m.w.now-a.Since), m.number("long_wait"))
}

// trainee counts the talks of trainees, who have an opening of their own; the
// ACD knows until when.
func trainee(m matter, e *fact.Event) {
	if e.Trainee && e.Name == "" {
		m.keeps(e.Agent, e.Millis)
		m.nudge(Nudge{Subject: Subject{Agent: e.Agent, Leg: m.t.legOf(e.Agent)}, Why: "opening", Phrase: phraseTrainee})
	}
}
