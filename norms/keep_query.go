package norms

import "github.com/huawu/huawu/fact"

// queryKeepers are those of the rules of waiting on the line.
var queryKeepers = []keeper{
	{rule: "RUL-HLD-1", hears: []fact.Kind{fact.HoldOn, fact.QueryBegan}, hear: consent},
	{rule: "RUL-HLD-2", hears: []fact.Kind{fact.QueryBegan, fact.QueryEnded, fact.HoldOn, fact.HoldOff, fact.TalkStarted, fact.TalkStopped},
		hear: reports, due: reportDue},
	{rule: "RUL-HLD-4", hears: []fact.Kind{fact.QueryBegan, fact.QueryEnded, fact.HoldOn, fact.HoldOff}, hear: shortQuery, due: shortQueryDue},
	{rule: "RUL-HLD-6", hears: []fact.Kind{fact.HoldOff}, hear: thanks},
	{rule: "RUL-HLD-8", hears: []fact.Kind{fact.CallConnected, fact.CallParted, fact.TalkStarted, fact.TalkStopped, fact.HoldOn, fact.HoldOff,
		fact.QueryBegan, fact.QueryEnded, fact.SceneBegan, fact.SceneEnded}, hear: deadAir, due: deadAirDue},
	{rule: "RUL-HLD-9", hears: []fact.Kind{fact.QueryEnded, fact.QueryBegan, fact.HoldOff}, hear: promptReturn, due: promptReturnDue},
}

// What rules ask to be done on the line.
const (
	ActReport  = "report"      // both hear that the query goes on
	ActRelease = "release"     // end the agent's part in the talk
	ActSilent  = "silent-call" // begin the scene of a caller who says nothing
)

const (
	stepReport = "report"
	stepGrace  = "grace"
	stepSoft   = "soft"
)

// The keys of what an agent ought to say.
const (
	phraseOpening = "greeting.opening"
	phraseOnline  = "wait.online_3"
	phraseMusic   = "wait.before_music"
	phraseReturn  = "wait.resume_music"
	phraseSilence = "no_response.check"
	phraseSilent  = "silent_call.check_1"
)

// Whispered are the keys of phrases whose nudges an agent hears in words.
var Whispered = []string{phraseOnline, phraseSilence, phraseSilent}

// holdFor says whether a hold is the agent's, and not for asking somebody.
func holdFor(e *fact.Event) bool { return e.Reason != "consult" }

// consent counts holds and queries that the caller has agreed to. A hold by the
// phone's key cannot be known to have been asked for, and is flagged.
func consent(m matter, e *fact.Event) {
	switch {
	case !holdFor(e) || !m.on("require_consent"):
	case e.Reason == "consent":
		m.keeps(e.Agent, 0)
	default:
		m.breaks(e.Agent, m.t.legOf(e.Agent), e.At, 1, 0)
		m.mends(e.Agent)
	}
}

// WantsConsent says whether a hold or a query of a call is to be refused that the
// caller has not agreed to.
func (w *Watch) WantsConsent(id fact.CallID) bool {
	t := w.talks[id]
	if t == nil {
		return false
	}
	m := matter{w, t, places["RUL-HLD-1"]}
	return m.mode().covers(Enforce) && m.on("require_consent")
}

// asksOn says whether an agent looks something up with the caller on the line.
func (t *talk) asksOn() bool { return t.Query != 0 && t.Held == 0 }

// reports wants a word of the agent's every so often. What the agent says
// counts, whatever it is.
func reports(m matter, e *fact.Event) {
	agent := m.t.Agent
	ours := e.Agent == agent && agent != ""
	switch e.Kind {
	case fact.TalkStarted:
		if !ours || m.t.Query == 0 {
			return
		}
		if m.calm(agent) {
			m.keeps(agent, 0)
		}
		m.note(stepReport, 0)
		m.mends(agent)
	case fact.TalkStopped:
		if ours && m.t.asksOn() {
			m.alarm(stepReport, agent, e.Leg, e.At, m.span("report_every"))
		}
	case fact.QueryBegan, fact.HoldOff:
		_, ends := m.t.holdEnds(e)
		if m.t.Query != 0 && (ends || m.t.Held == 0) && !m.t.speaks(agent) {
			m.alarm(stepReport, agent, m.t.legOf(agent), e.At, m.span("report_every"))
		}
	case fact.QueryEnded, fact.HoldOn:
		m.calm(agent)
		m.note(stepReport, 0)
		m.mends(agent)
	}
}

func reportDue(m matter, a *alarm) {
	waited := int64(m.w.now - a.Since)
	if a.Step == stepGrace {
		missed := m.noted(stepReport) + 1
		m.note(stepReport, missed)
		if limit := m.number("missed"); missed >= limit {
			m.breaks(a.Agent, a.Leg, a.Since, missed, limit)
		}
		return
	}
	n := Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: stepReport, Phrase: phraseOnline, Sound: SoundBeep,
		Amounts: Amounts{waited, m.span("report_every").Milliseconds()}}
	if m.on("auto_play") && m.mode().covers(Enforce) {
		n.Sound = "" // the agent hears it, too
		m.act(a.Agent, a.Leg, ActReport)
	}
	m.nudge(n)
	m.alarm(stepReport, a.Agent, a.Leg, m.w.now, m.span("report_every"))
	m.alarm(stepGrace, a.Agent, a.Leg, m.w.now, m.span("grace"))
}

// shortQuery has the caller wait on the line for so long and no longer.
func shortQuery(m matter, e *fact.Event) {
	agent := m.t.Agent
	if e.Kind == fact.QueryEnded {
		agent = e.Agent // who may have gone
	}
	_, ends := m.t.holdEnds(e)
	begins := e.Kind == fact.QueryBegan && m.t.Held == 0 || ends && m.t.Query != 0
	switch {
	case begins:
		m.note(stepSoft, int64(e.At))
		m.alarm(stepSoft, agent, m.t.legOf(agent), e.At, m.span("soft"))
		m.alarm(stepLate, agent, m.t.legOf(agent), e.At, m.span("hard"))
	case e.Kind == fact.QueryEnded || e.Kind == fact.HoldOn:
		began := m.noted(stepSoft)
		m.note(stepSoft, 0)
		switch late := m.calm(agent, stepLate); {
		case began == 0:
		case late:
			m.keeps(agent, int64(e.At)-began)
		default:
			m.measures(agent, int64(e.At)-began)
		}
		m.calm(agent)
		m.mends(agent)
	}
}

func shortQueryDue(m matter, a *alarm) {
	waited := int64(m.w.now - a.Since)
	n := Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: stepSoft, Phrase: phraseOnline, Amounts: Amounts{waited, m.span("hard").Milliseconds()}}
	if a.Step == stepLate {
		m.breaks(a.Agent, a.Leg, a.Since, waited, n.Limit)
		n.Why, n.Phrase, n.Sound = "music", phraseMusic, SoundBeep
	}
	m.nudge(n)
}

// thanks shows the agent what is said on return.
func thanks(m matter, e *fact.Event) {
	if _, ends := m.t.holdEnds(e); ends && holdFor(e) && m.t.Agent != "" {
		m.nudge(Nudge{Subject: Subject{Agent: m.t.Agent, Leg: m.t.legOf(m.t.Agent)}, Why: "thanks", Phrase: phraseReturn})
	}
}

// deadAir wants somebody to speak. It counts from the connection, for nobody may
// ever have said a word.
func deadAir(m matter, e *fact.Event) {
	agent := m.t.Agent
	began := e.At
	switch e.Kind {
	case fact.CallParted, fact.TalkStarted, fact.HoldOn, fact.QueryBegan, fact.SceneBegan:
		m.calm("")
		m.mends("")
		return
	case fact.TalkStopped:
		began = began.Add(-SpeechSilence) // when it fell silent
	case fact.HoldOff:
		if _, ends := m.t.holdEnds(e); !ends {
			return
		}
	}
	// What ends with this fact is taken in after the rules have heard of it.
	held := m.t.Held != 0 && e.Kind != fact.HoldOff
	if !m.t.Talking || m.t.Quiet || agent == "" || held || m.t.Query != 0 && e.Kind != fact.QueryEnded || m.t.speaksBut(e) {
		return
	}
	m.alarm(stepWarn, agent, m.t.legOf(agent), began, m.span("warn"))
	m.alarm(stepLate, agent, m.t.legOf(agent), began, m.span("alarm"))
}

func deadAirDue(m matter, a *alarm) {
	silent, limit := int64(m.w.now-a.Since), m.span("alarm").Milliseconds()
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "silence", Phrase: phraseSilence, Sound: SoundBeep, Amounts: Amounts{silent, limit}})
		return
	}
	m.breaks(a.Agent, a.Leg, a.Since, silent, limit)
	m.tell(a.Agent, "silence", Amounts{silent, limit})
}

// promptReturn has the agent take the caller back once the query is done.
func promptReturn(m matter, e *fact.Event) {
	agent := m.t.Agent
	switch {
	case e.Kind == fact.QueryEnded && m.t.Held != 0:
		m.note(stepLate, int64(e.At))
		m.alarm(stepLate, agent, m.t.legOf(agent), e.At, m.span("overrun"))
	case e.Kind != fact.QueryEnded:
		if done := m.noted(stepLate); done != 0 {
			if m.calm(agent) {
				m.keeps(agent, int64(e.At)-done)
			} else {
				m.measures(agent, int64(e.At)-done)
			}
		}
		m.note(stepLate, 0)
		m.calm(agent)
		m.mends(agent)
	}
}

func promptReturnDue(m matter, a *alarm) {
	over := int64(m.w.now - a.Since)
	m.breaks(a.Agent, a.Leg, a.Since, over, m.span("overrun").Milliseconds())
	m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: a.Leg}, Why: "return", Sound: SoundBeep, Amounts: Amounts{over, m.span("overrun").Milliseconds()}})
}
