package norms

import "github.com/huawu/huawu/fact"

var waitingKeepers = []keeper{
	{rule: "RUL-HLD-3", hears: []fact.Kind{fact.HoldOn, fact.HoldOff, fact.QueryBegan, fact.QueryEnded, fact.LegHangup, fact.CallbackAsked}, hear: longQuery, due: longQueryDue},
	{rule: "RUL-HLD-5", hears: []fact.Kind{fact.HoldOff, fact.LegHangup}, hear: holds},
	{rule: "RUL-HLD-7", hears: []fact.Kind{fact.HoldOn, fact.HoldOff, fact.LegHangup}, hear: twoMinutes, due: twoMinutesDue},
}

// The keys of what an agent ought to say.
const (
	phraseAfterTwoMinutes = "system_fault.after_2min"
	phraseWaitedLong      = "waited_long.apologize"
	phraseTrainee         = "greeting.trainee"
)

// holdBegins says whether a fact begins the caller's being on hold.
func (t *talk) holdBegins(e *fact.Event) bool {
	return e.Kind == fact.HoldOn && t.Held == e.At && len(t.Holds) == 1
}

// holdEnds is how long the caller was on hold, if a fact ends it.
func (t *talk) holdEnds(e *fact.Event) (lasted int64, ends bool) {
	if t.Held == 0 || e.Kind != fact.HoldOff && e.Kind != fact.LegHangup {
		return 0, false
	}
	for _, leg := range t.Holds {
		if leg != e.Leg {
			return 0, false
		}
	}
	if e.Kind == fact.HoldOff && len(t.Holds) > 1 {
		return 0, false
	}
	return int64(e.At - t.Held), true
}

// longQuery is about a query that takes so long that the customer is better
// called back: on the line, on hold, or the one after the other.
func longQuery(m matter, e *fact.Event) {
	if e.Kind == fact.CallbackAsked {
		if m.t.Held != 0 || m.broken(m.t.Agent) != nil {
			m.keeps(m.t.Agent, 0)
			m.calm("")
			m.mends("")
		}
		return
	}
	held := m.t.holdBegins(e) && m.t.Query == 0
	if held || e.Kind == fact.QueryBegan && m.t.Held == 0 {
		m.alarm(stepWarn, m.t.Agent, "", e.At, m.span("offer_callback"))
		m.alarm(stepLate, m.t.Agent, "", e.At, m.span("leader_after"))
		return
	}
	_, ends := m.t.holdEnds(e)
	if ends && m.t.Query == 0 || e.Kind == fact.QueryEnded && m.t.Held == 0 {
		m.calm("")
		m.mends("")
	}
}

func longQueryDue(m matter, a *alarm) {
	amounts := Amounts{int64(m.w.now - a.Since), m.number("leader_after")}
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: m.t.legOf(a.Agent)}, Why: "offer-callback", Sound: SoundBeep, Amounts: amounts})
		return
	}
	m.breaks(a.Agent, m.t.legOf(a.Agent), a.Since, amounts.Value, amounts.Limit)
	m.tell(a.Agent, "query-long", amounts)
}

// holds measures how long callers are on hold; the call gives them music and
// goes on recording.
func holds(m matter, e *fact.Event) {
	if lasted, ends := m.t.holdEnds(e); ends {
		m.keeps(m.t.Agent, lasted)
	}
}

// twoMinutes wants an apology when the caller has waited for more than two
// minutes (AMB-9): the agent is nudged before, and when the caller is back.
func twoMinutes(m matter, e *fact.Event) {
	if m.t.holdBegins(e) {
		m.alarm(stepWarn, m.t.Agent, "", e.At, m.span("warn"))
		m.alarm(stepLate, m.t.Agent, "", e.At, m.span("apology"))
		return
	}
	lasted, ends := m.t.holdEnds(e)
	if !ends {
		return
	}
	late := len(m.brokenBy()) > 0
	if m.calm("", stepLate) {
		m.keeps(m.t.Agent, lasted)
	} else if late {
		m.measures(m.t.Agent, lasted)
	}
	m.calm("")
	m.mends("")
	if late && e.Kind == fact.HoldOff {
		m.nudge(Nudge{Subject: Subject{Agent: m.t.Agent, Leg: m.t.legOf(m.t.Agent)}, Why: "apologise", Phrase: phraseAfterTwoMinutes,
			Amounts: Amounts{lasted, m.number("apology")}})
	}
}

func twoMinutesDue(m matter, a *alarm) {
	amounts := Amounts{int64(m.w.now - a.Since), m.number("apology")}
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: a.Agent, Leg: m.t.legOf(a.Agent)}, Why: "hold-long", Sound: SoundBeep, Amounts: amounts})
		return
	}
	m.breaks(a.Agent, m.t.legOf(a.Agent), a.Since, amounts.Value, amounts.Limit)
}
