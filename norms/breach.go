package norms

import (
	"slices"

	"github.com/huawu/huawu/fact"
)

// breach is one rule that is broken in a call, by an agent.
type breach struct {
	Rule  place        `json:"rule"`
	Queue fact.QueueID `json:"queue,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	Leg   fact.LegID   `json:"leg,omitempty"`
	Amounts
	// Since is when what breaks it began, At when it was broken.
	Since fact.Instant `json:"since"`
	At    fact.Instant `json:"at"`
	Times int          `json:"times"`
}

// mend takes a breach off the board.
func (w *Watch) mend(t *talk, b *breach, over bool) {
	t.Breaches = slices.DeleteFunc(t.Breaches, func(o *breach) bool { return o == b })
	w.out = append(w.out, Mended{Subject: b.subject(t), Lasted: int64(w.now - b.At), Over: over})
}

func (b *breach) subject(t *talk) Subject {
	return Subject{Rule: Rules[b.Rule].ID, Call: t.Call, Queue: b.Queue, Agent: b.Agent, Leg: b.Leg}
}

// Breach is a rule that is broken right now: by whom, since when and by how
// much. At is when it was found.
type Breach struct {
	Subject
	Amounts
	Mode  Mode         `json:"mode"`
	Since fact.Instant `json:"since"`
	At    fact.Instant `json:"at"`
	Times int          `json:"times"`
}

// Board is everything that is broken right now, the oldest breach first.
func (w *Watch) Board() []Breach {
	var all []Breach
	for _, t := range w.all() {
		for _, b := range t.Breaches {
			all = append(all, Breach{
				Subject: b.subject(t), Amounts: b.Amounts, Mode: t.rules[b.Rule].mode, Since: b.Since, At: b.At, Times: b.Times,
			})
		}
	}
	slices.SortStableFunc(all, func(a, b Breach) int { return int(a.At - b.At) })
	return all
}
