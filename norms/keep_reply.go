package norms

import "github.com/huawu/huawu/fact"

const stepReply = "reply"

// partedByAgent says whether an agent has ended the talk with the customer.
func partedByAgent(e *fact.Event) bool {
	return e.By == fact.ByAgent && (e.Reason == partedHangup || e.Reason == partedEnded)
}

// leavesAReply is about agents who have called somebody outside and end the talk
// so soon that it was not about anything: whom they meant was not there, or was
// another. A scene of the call is the reply that is owed.
func leavesAReply(m matter, e *fact.Event) {
	if m.t.Direction != fact.Outbound {
		return
	}
	if e.Kind == fact.SceneBegan {
		m.note(stepReply, 1)
		return
	}
	replied := m.noted(stepReply) != 0
	m.note(stepReply, 0)
	if !partedByAgent(e) || e.Millis >= m.number("min_talk") && !replied {
		return
	}
	if replied || m.excuse(e) != "" {
		m.keeps(e.Agent, e.Millis)
		return
	}
	m.breaks(e.Agent, e.Leg, e.At-fact.Instant(e.Millis), e.Millis, m.number("min_talk"))
}

const (
	stepPromised  = "promised"
	phraseConfirm = "appointment_confirm.confirm"
	// howSaid is the reason of scene.step for what the agent has said.
	howSaid = "said"
)

// confirmsAppointment is about agents who have promised to call a customer again,
// in a call to outside: the appointment is said once more before the talk ends.
func confirmsAppointment(m matter, e *fact.Event) {
	switch {
	case m.t.Direction != fact.Outbound || !m.on("required"):
	case e.Kind == fact.CallbackAsked && m.t.Talking:
		m.note(stepPromised, 1)
		m.nudge(Nudge{Subject: Subject{Agent: m.t.Agent, Leg: m.t.legOf(m.t.Agent)}, Why: "confirm", Phrase: phraseConfirm})
	case e.Kind == fact.SceneStep && e.To == phraseConfirm && e.Reason == howSaid && m.noted(stepPromised) != 0:
		m.note(stepPromised, 0)
		m.keeps(m.t.Agent, 0)
	case e.Kind == fact.CallParted:
		if m.noted(stepPromised) != 0 && partedByAgent(e) {
			m.breaks(e.Agent, e.Leg, e.At, 1, 0)
		}
		m.note(stepPromised, 0)
	}
}
