package center

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
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
		c.emit(normEvent(fact.NormNudged, e.Subject, e.Why, fact.Event{To: e.Phrase, Value: e.Value, Limit: e.Limit}))
	case norms.Tell:
		c.alert(normEvent(fact.AlertLeader, e.Subject, e.Why, fact.Event{Value: e.Value, Limit: e.Limit}))
	case norms.Act:
		c.emit(normEvent(fact.NormEnforced, e.Subject, e.What, fact.Event{}))
	}
}

// normOver is why what was broken is so no more: the call is over.
const normOver = "over"

// normEvent is an event about a norm.
func normEvent(kind fact.Kind, s norms.Subject, reason string, e fact.Event) fact.Event {
	e.Kind, e.Call, e.Leg, e.Queue, e.Agent, e.Name, e.Reason = kind, s.Call, s.Leg, s.Queue, s.Agent, s.Rule, reason
	return e
}

// normPlan is what the norms are to be by this configuration.
func (c *Config) normPlan() norms.Plan {
	p := norms.Plan{Settings: c.Norms, Profile: c.Phrases.Profile}
	for _, q := range c.ACD.Queues {
		if profile := c.Phrases.ProfileOf(q.ID); profile != p.Profile {
			p.Queues = append(p.Queues, norms.QueueProfile{Queue: q.ID, Profile: profile})
		}
		if q.Ring > 0 {
			p.Kept = append(p.Kept, norms.Kept{Rule: ruleAnswer, Queue: q.ID, Value: "ring_limit", Is: norms.Written(q.Ring.String())})
		}
	}
	return p
}
