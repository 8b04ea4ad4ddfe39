package norms

import (
	"strings"

	"github.com/huawu/huawu/fact"
)

var endingKeepers = []keeper{
	{rule: "RUL-END-1", hears: []fact.Kind{fact.CallParted, fact.TalkStarted, fact.TalkStopped, fact.SceneEnded}, hear: hangsUpLast, due: idleDue},
	{rule: "RUL-END-2", hears: []fact.Kind{fact.CallParted}, hear: excused},
	{rule: "RUL-END-3", hears: []fact.Kind{fact.CallParted}, hear: invited},
	{rule: "RUL-END-4", hears: []fact.Kind{fact.CallConnected, fact.SceneStep, fact.CallParted}, hear: asksForMore},
}

const stepIdle = "idle"

// The reasons of call.parted.
const (
	partedHangup = "hangup"
	partedEnded  = "ended"
	partedScene  = "scene"
)

// hangsUpLast is about who ends a talk: the customer, or the agent by "end",
// after which the caller is asked or thanked. An agent's own hang-up drops no
// caller either; it is told, unless a scene has excused it. Of a talk that is
// given on, nothing ends.
func hangsUpLast(m matter, e *fact.Event) {
	switch e.Kind {
	case fact.TalkStarted:
		m.calm("")
	case fact.SceneEnded:
		if m.t.Closing {
			m.alarm(stepIdle, m.t.Agent, m.t.legOf(m.t.Agent), e.At, m.span("idle_release"))
		}
	case fact.TalkStopped:
		if m.t.Closing && !m.t.speaksBut(e) {
			m.alarm(stepIdle, m.t.Agent, m.t.legOf(m.t.Agent), e.At.Add(-SpeechSilence), m.span("idle_release"))
		}
	case fact.CallParted:
		m.calm("")
		switch {
		case m.t.Direction == fact.Internal: // of colleagues
		case e.Reason == partedHangup && m.excuse(e) == "":
			if m.number("agent_first_hangup") != 0 { // allowed
				return
			}
			m.breaks(e.Agent, e.Leg, e.At-fact.Instant(e.Millis), 1, 0)
			m.tell(e.Agent, "agent-first", Amounts{1, 0})
		case e.Reason == "", e.Reason == partedEnded, e.Reason == partedScene, e.Reason == partedHangup:
			m.keeps(e.Agent, 0)
		}
	}
}

// excuse is the code by which an agent may hang up first, "" for none.
func (m matter) excuse(e *fact.Event) string {
	if e.Name != "" {
		return e.Name
	}
	return m.t.Excuse
}

// idleDue ends a talk of which nothing is left but the line.
func idleDue(m matter, a *alarm) { m.act(a.Agent, a.Leg, ActRelease) }

// excused counts hang-ups by a code that a scene has unlocked, also those that
// it has carried out itself.
func excused(m matter, e *fact.Event) {
	if (e.Reason == partedHangup || e.Reason == partedScene) && m.excuse(e) != "" {
		m.keeps(e.Agent, 0)
	}
}

// invited counts callers whose agent has ended the talk and who went on to be
// asked how it was; of a hang-up that is excused nobody is asked.
func invited(m matter, e *fact.Event) {
	if m.t.Direction == fact.Inbound && e.By == fact.ByAgent && m.excuse(e) == "" && (e.Reason == partedEnded || e.Reason == partedHangup) {
		m.keeps(e.Agent, 0)
	}
}

// scenePreClosing ends the names of scenes that ask whether there is anything
// else; stepAsked is when that was said.
const (
	scenePreClosing = "/pre_closing"
	stepAsked       = "asked"
)

// asksForMore is about the question whether there is anything else, which comes
// before an agent ends a talk, and a pause after it. Who is hung up on by the
// customer, or is excused, need not ask.
func asksForMore(m matter, e *fact.Event) {
	switch {
	case e.Kind == fact.CallConnected:
		m.note(stepAsked, 0)
	case e.Kind == fact.SceneStep:
		if strings.HasSuffix(e.Name, scenePreClosing) && (e.Reason == "said" || e.Reason == "played") {
			m.note(stepAsked, int64(e.At))
		}
	case m.t.Direction == fact.Internal: // of colleagues
	case e.Reason != partedEnded && e.Reason != partedHangup || m.excuse(e) != "":
	case m.asked(m.w.now):
		m.keeps(e.Agent, int64(m.w.now)-m.noted(stepAsked))
	default:
		m.breaks(e.Agent, e.Leg, e.At-fact.Instant(e.Millis), 1, 0)
	}
}

// asked says whether it was asked long enough ago.
func (m matter) asked(now fact.Instant) bool {
	at := m.noted(stepAsked)
	return at != 0 && int64(now)-at >= m.span("pause").Milliseconds()
}

// WantsQuestion says whether an agent is not to end a talk yet, for it was not
// asked whether there is anything else, or too short a while ago.
func (w *Watch) WantsQuestion(id fact.CallID, now fact.Instant) bool {
	t := w.talks[id]
	if t == nil || t.Direction == fact.Internal {
		return false
	}
	m := matter{w, t, places["RUL-END-4"]}
	return m.mode().covers(Enforce) && !m.asked(now)
}
