package norms

import (
	"time"

	"github.com/huawu/huawu/fact"
)

var outboundKeepers = []keeper{
	{rule: "RUL-OUT-1", hears: []fact.Kind{fact.LegHangup}, hear: sixRings},
	{rule: "RUL-OUT-2", hears: []fact.Kind{fact.LegRinging, fact.LegAnswered, fact.LegHangup}, hear: sevenRings, due: sevenRingsDue},
	{rule: "RUL-OUT-3", hears: []fact.Kind{fact.LegAnswered, fact.LegHangup, fact.CallLogged}, hear: fiveMinutes, due: fiveMinutesDue},
	{rule: "RUL-OUT-4", hears: []fact.Kind{fact.LegAnswered, fact.QueueConnected, fact.LegHangup}, hear: threeMinutes, due: threeMinutesDue},
	{rule: "RUL-OUT-8", hears: []fact.Kind{fact.AlertLeader, fact.LogWaived, fact.AgentState}, hear: workLog, due: workLogDue},
	{rule: "RUL-OUT-9", hears: []fact.Kind{fact.LegHangup, fact.CallOffered}, hear: redial, due: redialDue},
	{rule: "RUL-OUT-10", hears: []fact.Kind{fact.SceneBegan, fact.CallParted}, hear: leavesAReply},
	{rule: "RUL-OUT-12", hears: []fact.Kind{fact.CallbackAsked, fact.SceneStep, fact.CallParted}, hear: confirmsAppointment},
	{rule: "RUL-OUT-14", hears: []fact.Kind{fact.CallEnded}, hear: privateCall},
}

// The steps of alarms.
const (
	stepWarn   = "warn"   // before the rule is broken
	stepLate   = "late"   // by which it is broken
	stepLeader = "leader" // after which the leader is told
	stepForget = "forget" // after which it is of no interest any more
)

// called is the other side of a call that an agent has dialled outside, nil
// before there is one.
func (t *talk) called() *leg {
	if t.Direction != fact.Outbound {
		return nil
	}
	for i := 1; i < len(t.Legs); i++ {
		if l := &t.Legs[i]; l.Agent == "" && l.Offer == "" {
			return l
		}
	}
	return nil
}

// customer says whether a leg is the customer's.
func (t *talk) customer(id fact.LegID) bool {
	if t.Direction == fact.Outbound {
		l := t.called()
		return l != nil && l.ID == id
	}
	return t.first(id)
}

// first says whether a leg is the one that called.
func (t *talk) first(id fact.LegID) bool { return len(t.Legs) > 0 && t.Legs[0].ID == id }

// sixRings is about an agent who gives up before the sixth ring has ended. A
// cadence is one second of ringing, and the rest of it silence.
func sixRings(m matter, e *fact.Event) {
	l := m.t.called()
	if l == nil || l.Rang == 0 || l.Up != 0 || !m.t.first(e.Leg) {
		return
	}
	limit := m.fewestRings()
	rung := int64(e.At - l.Rang)
	switch {
	case e.By != fact.ByAgent: // the called side's phone, or a trunk
	case rung < limit:
		m.breaks(m.t.Agent, e.Leg, l.Rang, rung, limit)
	default:
		m.keeps(m.t.Agent, rung)
	}
}

// TooSoon says whether a call that an agent has dialled outside rings, and for
// too short a time for it to be given up, where the rule is enforced.
func (w *Watch) TooSoon(id fact.CallID, now fact.Instant) bool {
	t := w.talks[id]
	if t == nil {
		return false
	}
	l, m := t.called(), matter{w, t, places["RUL-OUT-1"]}
	return l != nil && l.Rang != 0 && l.Up == 0 && m.mode().covers(Enforce) && int64(now-l.Rang) < m.fewestRings()
}

// fewestRings is how long the rings are that must have ended.
func (m matter) fewestRings() int64 { return (m.number("min_rings")-1)*m.number("cadence") + 1000 }

// sevenRings counts from the first ringback, not from the dialling (SPEC
// RUL-OUT-2): a mobile phone is found only after seconds.
func sevenRings(m matter, e *fact.Event) {
	l := m.t.called()
	if l == nil || l.ID != e.Leg && !m.t.first(e.Leg) {
		return
	}
	if e.Kind == fact.LegRinging {
		m.alarm(stepLate, m.t.Agent, e.Leg, e.At, m.span("no_answer"))
		return
	}
	if m.calm("", stepLate) && l.Rang != 0 {
		m.keeps(m.t.Agent, int64(e.At-l.Rang))
	}
	m.mends("")
}

func sevenRingsDue(m matter, a *alarm) {
	m.breaks(a.Agent, a.Leg, a.Since, int64(m.w.now-a.Since), m.number("no_answer"))
	m.act(a.Agent, a.Leg, ActGiveUp)
}

// What rules enforce on a call.
const (
	// ActGiveUp ends a call that nobody answers.
	ActGiveUp = "give-up"
)

// tagCustomer is the field of a log that says that the customer has something to
// ask, to have done or to complain of: such a talk may last.
const tagCustomer = "customer_initiated"

func fiveMinutes(m matter, e *fact.Event) {
	switch e.Kind {
	case fact.LegAnswered:
		if m.t.Direction == fact.Outbound && m.t.Began == e.At {
			m.alarm(stepWarn, m.t.Agent, "", e.At, m.span("warn"))
			m.alarm(stepLate, m.t.Agent, "", e.At, m.span("max_talk"))
		}
	case fact.CallLogged:
		if e.Name == tagCustomer && m.calm("") {
			m.keeps(m.t.Agent, int64(e.At-m.t.Began))
		}
		if e.Name == tagCustomer {
			m.mends("")
		}
	case fact.LegHangup:
		m.talkEnds(e)
	}
}

func fiveMinutesDue(m matter, a *alarm) {
	m.talkLasts(a, "max_talk", "talk-long")
	if a.Step == stepLate {
		m.tell(m.t.Agent, "talk-long", Amounts{int64(m.w.now - a.Since), m.number("max_talk")})
	}
}

func threeMinutes(m matter, e *fact.Event) {
	switch e.Kind {
	case fact.LegAnswered, fact.QueueConnected:
		inbound := e.Kind == fact.QueueConnected && e.Name == "" && m.on("inbound")
		if m.t.Began == e.At && (inbound || m.t.Direction == fact.Outbound) {
			m.alarm(stepLate, m.t.Agent, "", e.At, m.span("target_talk"))
		}
	case fact.LegHangup:
		m.talkEnds(e)
	}
}

func threeMinutesDue(m matter, a *alarm) {
	m.nudge(Nudge{Subject: Subject{Agent: m.t.Agent, Leg: m.t.legOf(m.t.Agent)}, Why: "three-minutes",
		Amounts: Amounts{int64(m.w.now - a.Since), m.number("target_talk")}})
	m.talkLasts(a, "target_talk", "")
}

// talkLasts is what becomes of a talk that lasts: a nudge for why before the
// limit, a breach at it.
func (m matter) talkLasts(a *alarm, limit, why string) {
	lasted := int64(m.w.now - a.Since)
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: m.t.Agent, Leg: m.t.legOf(m.t.Agent)}, Why: why, Amounts: Amounts{lasted, m.number(limit)}})
		return
	}
	m.breaks(m.t.Agent, m.t.legOf(m.t.Agent), a.Since, lasted, m.number(limit))
}

// talkEnds keeps a rule on the length of a talk, if it is not broken yet, once a
// side of the talk has gone.
func (m matter) talkEnds(e *fact.Event) {
	if l := m.t.leg(e.Leg); m.t.Began == 0 || l == nil || l.Agent != m.t.Agent && !m.t.customer(e.Leg) {
		return // somebody who was only asked, or listens
	}
	lasted := int64(e.At - m.t.Began)
	if m.calm("", stepLate) {
		m.keeps(m.t.Agent, lasted)
	} else if m.broken("") != nil || m.broken(m.t.Agent) != nil {
		m.measures(m.t.Agent, lasted)
	}
	m.calm("")
	m.mends("")
}

// wrappingUp is the state of an agent after a call.
const wrappingUp = "ACW"

// workLog is about after-call work and what agents have to write down in it; the
// ACD keeps them from READY until it is.
func workLog(m matter, e *fact.Event) {
	switch {
	case e.Kind == fact.AlertLeader && e.Reason == "log-missing":
		m.breaks(e.Agent, "", e.At-fact.Instant(e.Millis), e.Millis, m.number("leader_after"))
	case e.Kind == fact.LogWaived:
		m.misses(e.Agent)
	case e.Kind != fact.AgentState:
	case e.To == wrappingUp:
		m.alarm(stepWarn, e.Agent, "", e.At, m.span("target"))
		if max := m.span("max"); max > 0 {
			m.alarm(stepLate, e.Agent, "", e.At, max)
		}
	default:
		if e.From == wrappingUp {
			m.calm(e.Agent)
			m.measures(e.Agent, e.Millis)
		}
		if e.Reason != "log-missing" {
			m.mends(e.Agent)
		}
	}
}

func workLogDue(m matter, a *alarm) {
	lasted := int64(m.w.now - a.Since)
	if a.Step == stepWarn {
		m.nudge(Nudge{Subject: Subject{Agent: a.Agent}, Why: "wrap-up-long", Amounts: Amounts{lasted, m.number("target")}})
		return
	}
	m.breaks(a.Agent, "", a.Since, lasted, m.number("max"))
	m.tell(a.Agent, "wrap-up-long", Amounts{lasted, m.number("max")})
}

// The Q.850 causes of a side that meant to end the call, or was never reached.
const (
	causeNormal  = 16
	causeBusy    = 17
	causeAbsent  = 18
	causeSilent  = 19
	causeRefused = 21
)

// redial is about a talk that the line dropped: the agent calls the customer
// again at once. Another number counts for nothing.
func redial(m matter, e *fact.Event) {
	switch e.Kind {
	case fact.LegHangup:
		switch e.Cause {
		case 0, causeNormal, causeBusy, causeAbsent, causeSilent, causeRefused:
			return
		}
		agent := m.t.Agent
		if !m.t.customer(e.Leg) || m.t.Began == 0 || agent == "" || e.By == fact.BySystem || m.t.Number == 0 {
			return
		}
		at := m.personal(agent)
		at.note("number", m.t.Number)
		at.alarm(stepLate, agent, "", e.At, m.span("within"))
	case fact.CallOffered:
		agent := m.t.Agent
		if m.t.Direction != fact.Outbound || agent == "" || m.w.affairs[agent] == nil {
			return
		}
		at := m.personal(agent)
		if at.noted("number") != m.t.Number {
			return
		}
		if at.calm(agent, stepLate) {
			at.keeps(agent, 0)
		}
		at.dropped()
	}
}

// dropped forgets a talk that the line dropped.
func (m matter) dropped() {
	m.calm("")
	m.note("number", 0)
	m.mends("")
	m.w.forget(m.t.Agent)
}

func redialDue(m matter, a *alarm) {
	if a.Step == stepForget {
		m.dropped()
		return
	}
	m.breaks(a.Agent, "", a.Since, int64(m.w.now-a.Since), m.number("within"))
	m.tell(a.Agent, "not-redialled", Amounts{int64(m.w.now - a.Since), m.number("within")})
	m.alarm(stepForget, a.Agent, "", m.w.now, redialForgotten)
}

// redialForgotten is how long a call that was not made again is on the board.
const redialForgotten = 10 * time.Minute

// privateCall is about a call that the class of service forbids; the centre has
// refused it.
func privateCall(m matter, e *fact.Event) {
	if m.t.Direction != fact.Outbound || m.t.Agent == "" || e.Ending == nil || e.Ending.Reason != fact.ReasonForbidden {
		return
	}
	m.breaks(m.t.Agent, "", e.At, 1, 0)
	at := m.personal(m.t.Agent)
	if day := m.w.wall() / (24 * time.Hour).Milliseconds(); at.noted("day") != day {
		at.note("day", day)
		at.note("times", 0)
	}
	n := at.noted("times") + 1
	at.note("times", n)
	if n == m.number("leader_after") {
		m.tell(m.t.Agent, "private-calls", Amounts{n, n})
	}
}
