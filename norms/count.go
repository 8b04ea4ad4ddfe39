package norms

import "github.com/huawu/huawu/fact"

const halfHour = 30 * 60 * 1000 // milliseconds of the wall clock

// Counted is what a step has to add to the counts of a rule. Its tenant is the
// caller's to name.
type Counted struct{ fact.NormCount }

// About is no call: what was counted stays when the call is over.
func (Counted) About() fact.CallID { return "" }

func (Counted) effect() {}

// lately is among how many of the latest counts of a step one is looked for to
// add to: of a fact there are a few, of a tick as many as alarms go off.
const lately = 8

// count is where something about a rule and an agent is counted now.
func (w *Watch) count(m matter, agent fact.AgentID) *fact.NormTally {
	now := fact.NormCount{From: w.wall() - w.wall()%halfHour, Rule: Rules[m.rule].ID, Queue: m.t.Queue, Agent: agent}
	for i := len(w.tally) - 1; i >= max(0, len(w.tally)-lately); i-- {
		c := &w.tally[i]
		if c.From == now.From && c.Rule == now.Rule && c.Queue == now.Queue && c.Agent == now.Agent {
			return &c.NormTally
		}
	}
	w.tally = append(w.tally, now)
	return &w.tally[len(w.tally)-1].NormTally
}

// said is what a step wants done, and last what it has counted.
func (w *Watch) said() []Effect {
	for _, c := range w.tally {
		w.out = append(w.out, Counted{c})
	}
	out := w.out
	w.out, w.tally = nil, w.tally[:0]
	return out
}
