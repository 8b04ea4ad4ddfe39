package norms

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/fact"
)

// matter is one rule at one call, or in the affairs of one agent: what its
// keeper works with.
type matter struct {
	w    *Watch
	t    *talk
	rule place
}

// mode is what is done about the rule here.
func (m matter) mode() Mode { return m.t.rules[m.rule].mode }

// amount is a value of the rule by its name.
func (m matter) amount(name string) amount {
	i := Rules[m.rule].value(name)
	if i < 0 {
		panic(fmt.Sprintf("norms: %s has no value %q", Rules[m.rule].ID, name))
	}
	return m.t.rules[m.rule].values[i]
}

func (m matter) number(name string) int64 { return m.amount(name).n }

func (m matter) span(name string) time.Duration {
	return time.Duration(m.amount(name).n) * time.Millisecond
}

func (m matter) on(name string) bool { return m.amount(name).n != 0 }

// alarm has the keeper told after a time from since, in the place of the alarm
// with the same step and agent.
func (m matter) alarm(step string, agent fact.AgentID, leg fact.LegID, since fact.Instant, after time.Duration) {
	m.w.start(m.t, &alarm{Due: since.Add(after), Rule: m.rule, Step: step, Agent: agent, Leg: leg, Since: since})
}

// calm ends the rule's alarms for an agent, for "" those for anybody. It says
// whether there was one.
func (m matter) calm(agent fact.AgentID, steps ...string) bool {
	some := false
	for _, a := range slices.Clone(m.t.Alarms) {
		if a.Rule == m.rule && (agent == "" || a.Agent == agent) && (len(steps) == 0 || slices.Contains(steps, a.Step)) {
			m.w.stop(m.t, a)
			some = true
		}
	}
	return some
}

func (m matter) subject(agent fact.AgentID, leg fact.LegID) Subject {
	return Subject{Rule: Rules[m.rule].ID, Call: m.t.Call, Queue: m.t.Queue, Agent: agent, Leg: leg}
}

// broken finds what an agent breaks of the rule here, nil for nothing.
func (m matter) broken(agent fact.AgentID) *breach {
	i := slices.IndexFunc(m.t.Breaches, func(b *breach) bool { return b.Rule == m.rule && b.Agent == agent })
	if i < 0 {
		return nil
	}
	return m.t.Breaches[i]
}

// brokenBy are all breaches of the rule here.
func (m matter) brokenBy() []*breach {
	var all []*breach
	for _, b := range m.t.Breaches {
		if b.Rule == m.rule {
			all = append(all, b)
		}
	}
	return all
}

// breaks puts the rule on the board as broken by an agent. Broken again, it is
// there once and counts again.
func (m matter) breaks(agent fact.AgentID, leg fact.LegID, since fact.Instant, value, limit int64) {
	b := m.broken(agent)
	if b == nil {
		b = &breach{Rule: m.rule, Queue: m.t.Queue, Agent: agent}
		m.t.Breaches = append(m.t.Breaches, b)
	}
	b.Leg, b.Since, b.At, b.Amounts = leg, since, m.w.now, Amounts{value, limit}
	b.Times++
	m.w.count(m, agent).Broken++
	m.w.out = append(m.w.out, Broken{Subject: b.subject(m.t), Amounts: b.Amounts, Since: since, Times: b.Times})
}

// mends takes what an agent breaks of the rule off the board, for "" what
// anybody does.
func (m matter) mends(agent fact.AgentID) {
	for _, b := range slices.Clone(m.t.Breaches) {
		if b.Rule == m.rule && (agent == "" || b.Agent == agent) {
			m.w.mend(m.t, b, false)
		}
	}
}

// keeps counts that an agent has kept the rule; value is by what.
func (m matter) keeps(agent fact.AgentID, value int64) {
	m.w.count(m, agent).Kept++
	m.measures(agent, value)
}

// measures notes how long something took, or how much it was, kept or not.
func (m matter) measures(agent fact.AgentID, value int64) {
	c := m.w.count(m, agent)
	c.Measured++
	c.Sum += value
	c.Max = max(c.Max, value)
}

// misses counts that an agent has not kept the rule where nothing is on the board
// for it: it is over already, or not the agent's fault.
func (m matter) misses(agent fact.AgentID) { m.w.count(m, agent).Broken++ }

// personal is the same rule in an agent's own affairs, which outlive the call.
// Who keeps nothing there after all forgets them.
func (m matter) personal(agent fact.AgentID) matter { return matter{m.w, m.w.affair(agent), m.rule} }

// nudge tells the agent, if the mode says so.
func (m matter) nudge(n Nudge) {
	if !m.mode().covers(Warn) {
		return
	}
	m.w.count(m, n.Agent).Nudged++
	n.Subject = m.subject(n.Agent, n.Leg)
	m.w.out = append(m.w.out, n)
}

// tell tells the leader, if the mode says so.
func (m matter) tell(agent fact.AgentID, why string, a Amounts) {
	if m.mode().covers(Warn) {
		m.w.out = append(m.w.out, Tell{Subject: m.subject(agent, m.t.legOf(agent)), Why: why, Amounts: a})
	}
}

// act asks for what the rule enforces, if the mode says so.
func (m matter) act(agent fact.AgentID, leg fact.LegID, what string) {
	if m.mode().covers(Enforce) {
		m.w.count(m, agent).Acted++
		m.w.out = append(m.w.out, Act{Subject: m.subject(agent, leg), What: what})
	}
}

// noted is what the rule has noted under a name, 0 for nothing.
func (m matter) noted(name string) int64 {
	i := slices.IndexFunc(m.t.Notes, func(n note) bool { return n.Rule == m.rule && n.Name == name })
	if i < 0 {
		return 0
	}
	return m.t.Notes[i].Is
}

// note notes something under a name; 0 forgets it.
func (m matter) note(name string, is int64) {
	i := slices.IndexFunc(m.t.Notes, func(n note) bool { return n.Rule == m.rule && n.Name == name })
	switch {
	case i < 0 && is != 0:
		m.t.Notes = append(m.t.Notes, note{m.rule, name, is})
	case i >= 0 && is != 0:
		m.t.Notes[i].Is = is
	case i >= 0:
		m.t.Notes = slices.Delete(m.t.Notes, i, i+1)
	}
}
