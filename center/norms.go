package center

import (
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/phrase"
)

// The rules of which other fields of the configuration say something; more are
// named where they are kept.
const (
	ruleDayGreeting   = "RUL-ANS-2"
	ruleLongWait      = "RUL-ANS-4"
	ruleWorkLog       = "RUL-OUT-8"
	ruleTransferFails = "RUL-TRF-3"
	ruleStrikes       = "RUL-ESC-2"
	ruleDetails       = "RUL-LOG-3"
)

// keepNorms does what the norms want because of the input under way. It comes
// after everything else, for a norm is about what has become of a call, not
// about the middle of a step.
func (c *Center) keepNorms() {
	for len(c.wanted) > 0 {
		wanted := c.wanted
		c.wanted = nil
		for _, e := range wanted {
			c.keepNorm(e)
		}
	}
}

// lastNorms tells what the norms have to say of a call that is over. What they
// wanted done about it is past.
func (c *Center) lastNorms(over fact.CallID) {
	wanted := c.wanted
	c.wanted = nil
	for _, e := range wanted {
		if e.About() != over {
			c.wanted = append(c.wanted, e)
			continue
		}
		switch e.(type) {
		case norms.Act, norms.Listen:
		default:
			c.keepNorm(e)
		}
	}
}

func (c *Center) keepNorm(e norms.Effect) {
	switch e := e.(type) {
	case norms.Broken:
		c.emit(normEvent(fact.NormBroken, e.Subject, "", fact.Event{Value: e.Value, Limit: e.Limit, Millis: int64(c.now.At - e.Since), Step: e.Times}))
	case norms.Mended:
		ev := fact.Event{Millis: e.Lasted}
		if e.Over {
			ev.Reason = normOver
		}
		c.emit(normEvent(fact.NormMended, e.Subject, ev.Reason, ev))
	case norms.Nudge:
		ev := fact.Event{To: e.Phrase, Value: e.Value, Limit: e.Limit}
		ev.Note = c.nudge(e)
		c.emit(normEvent(fact.NormNudged, e.Subject, e.Why, ev))
	case norms.Tell:
		c.alert(normEvent(fact.AlertLeader, e.Subject, e.Why, fact.Event{Value: e.Value, Limit: e.Limit}))
	case norms.Act:
		c.emit(normEvent(fact.NormEnforced, e.Subject, e.What, fact.Event{}))
		c.enforce(e)
	case norms.Listen:
		c.listen(e)
	case norms.Counted:
		e.Tenant = c.tenant
		c.do(AddCount{Count: e.NormCount})
	}
}

// normOver is why what was broken is so no more: the call is over.
const normOver = "over"

// normEvent is an event about a norm.
func normEvent(kind fact.Kind, s norms.Subject, reason string, e fact.Event) fact.Event {
	e.Kind, e.Call, e.Leg, e.Queue, e.Agent, e.Name, e.Reason = kind, s.Call, s.Leg, s.Queue, s.Agent, s.Rule, reason
	return e
}

// NormPlan is what the norms are to be by this configuration: with what other
// fields of it say, where they say it.
func (c *Config) NormPlan() norms.Plan {
	p := norms.Plan{Settings: c.Norms, Profile: c.Phrases.Profile}
	kept := func(rule, value string, queue fact.QueueID, is string) {
		p.Kept = append(p.Kept, norms.Kept{Rule: rule, Queue: queue, Value: value, Is: norms.Written(is)})
	}
	span := func(rule, value string, queue fact.QueueID, d time.Duration) {
		if d > 0 {
			kept(rule, value, queue, d.String())
		}
	}
	manner := func(queue fact.QueueID, m phrase.Manner) {
		span(ruleLongWait, "long_wait", queue, m.LongWait)
		if m.DayGreeting != nil {
			kept(ruleDayGreeting, "day_greeting", queue, strconv.FormatBool(*m.DayGreeting))
		}
	}
	manner("", c.Phrases.Manner)
	for _, q := range c.Phrases.Queues {
		manner(q.Queue, q.Manner)
	}
	if n := c.Callers.Strikes.Limit; n > 0 {
		kept(ruleStrikes, "strikes", "", strconv.Itoa(n))
	}
	span(ruleStrikes, "within", "", c.Callers.Strikes.Within)
	t := c.Transfers
	if t.Blind != "" {
		kept(ruleBlind, "blind", "", t.Blind)
	}
	kept(ruleBlind, "agents", "", strconv.FormatBool(t.Agents))
	span(ruleTransferFails, "timeout", "", t.Timeout)
	span(ruleHold, "max_hold", "", t.MaxHold)
	span(ruleLeave, "approve_within", "", c.ACD.ApproveWithin)
	for _, pause := range c.ACD.Choices() {
		switch pause.ID {
		case routing.PauseLeave:
			approval := string(pause.Approval)
			if pause.Approval == routing.ApprovalNone {
				approval = "none"
			}
			kept(ruleLeave, "approval", "", approval)
		case routing.PauseMeal:
			kept(ruleMeal, "meal", "", pause.Max.String())
			span(ruleMeal, "leader_after", "", pause.Escalate)
		}
	}
	logs := func(queue fact.QueueID, fields []string) {
		for _, rule := range []string{ruleWorkLog, ruleDetails} {
			kept(rule, "required_fields", queue, strings.Join(fields, ", "))
		}
	}
	logs("", nil)
	for _, q := range c.ACD.Queues {
		if profile := c.Phrases.ProfileOf(q.ID); profile != p.Profile {
			p.Queues = append(p.Queues, norms.QueueProfile{Queue: q.ID, Profile: profile})
		}
		span(ruleAnswer, "ring_limit", q.ID, q.Ring)
		span(ruleWorkLog, "max", q.ID, q.WrapUp)
		span(ruleWorkLog, "leader_after", q.ID, q.LogWithin)
		var fields []string
		for _, f := range q.Log {
			if f.Required {
				fields = append(fields, f.ID)
			}
		}
		if len(fields) > 0 {
			logs(q.ID, fields)
		}
	}
	return p
}
