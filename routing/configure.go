package routing

import (
	"cmp"
	"maps"
	"slices"

	"github.com/huawu/huawu/fact"
)

// configure replaces what the ACD works by. Tickets keep their place, agents
// their state and running leases their end; members, skills and requirements
// count from the next offer on.
func (a *ACD) configure(in Configure) {
	if in.Config.Validate() != nil {
		return
	}
	config := in.Config.clone()
	a.rebuilding = true
	a.closeQueues(config)
	a.removeAgents(config)
	var owing []*agent
	for _, ag := range ordered(a.agents) {
		if ag.set = nil; len(ag.duties) > 0 {
			owing = append(owing, ag)
		}
	}
	a.build(config, a.inLine(), false)
	for _, ag := range owing {
		a.revise(ag)
		a.become(ag)
		a.remind(ag)
	}
	a.rebuilding = false
	for _, ag := range a.byIdle() {
		a.seek(ag)
	}
	for _, q := range ordered(a.queues) {
		a.attend(q)
	}
}

// closeQueues lets the tickets of queues that are gone leave, in the order of
// being served.
func (a *ACD) closeQueues(config Config) {
	stays := map[fact.QueueID]bool{}
	for _, q := range config.Queues {
		stays[q.ID] = true
	}
	for _, q := range ordered(a.queues) {
		if !stays[q.ID] {
			for _, t := range slices.Collect(q.line.all) {
				a.drop(t, ExitClosed, MissWithdrawn)
			}
		}
	}
}

// removeAgents signs out agents that are gone, after the talk if there is one.
func (a *ACD) removeAgents(config Config) {
	stays := map[fact.AgentID]bool{}
	for _, ag := range config.Agents {
		stays[ag.ID] = true
	}
	for _, ag := range ordered(a.agents) {
		switch {
		case stays[ag.id] && ag.removed:
			ag.removed, ag.leaving, ag.asked = false, false, false
		case stays[ag.id] || ag.removed:
		case !ag.on:
			a.leases.stop(&ag.owing)
			delete(a.agents, ag.id)
		case ag.busy():
			ag.removed, ag.leaving, ag.asked = true, true, true
		default:
			ag.removed = true
			a.goOffline(ag)
		}
	}
}

// inLine are all tickets, each queue's in the order of its line: put back in
// that order, most of them stand at an end.
func (a *ACD) inLine() []*ticket {
	all := make([]*ticket, 0, len(a.tickets))
	for _, q := range ordered(a.queues) {
		all = slices.AppendSeq(all, q.line.all)
	}
	return all
}

// build makes queues, classes and members anew and puts the tickets back at
// their places, with kept at the steps that they had come to. It offers
// nothing and lists nobody.
func (a *ACD) build(config Config, tickets []*ticket, kept bool) {
	a.config = config
	a.slots = make(map[fact.SkillID]int, len(config.Skills))
	for i, id := range config.Skills {
		a.slots[id] = i
	}
	before := a.queues
	a.queues = make(map[fact.QueueID]*queue, len(config.Queues))
	for _, c := range config.Queues {
		q := newQueue(c, &a.config.Order, stages(c, a.slots))
		if b := before[c.ID]; b != nil && b.Distribution == q.Distribution {
			q.turn, q.floor = b.turn, b.floor
		}
		a.inherit(q, before[c.ID])
		a.queues[c.ID] = q
	}
	for id, b := range before { // nothing shows the order
		if a.queues[id] == nil {
			a.leases.stop(&b.grace)
			a.leases.stop(&b.sweep)
		}
	}
	was := map[*agent][]member{}
	for _, ag := range a.agents {
		was[ag] = ag.members
		ag.members, ag.skills, ag.levels, ag.listed = nil, nil, nil, false
		if ag.talk != nil && a.queues[ag.talk.queueID] != nil {
			a.queues[ag.talk.queueID].talking++
		}
	}
	for i, c := range config.Agents {
		ag := a.agents[c.ID]
		if ag == nil {
			ag = newAgent(c.ID, a.now)
			a.agents[c.ID] = ag
		}
		a.staff(ag, &config.Agents[i], i, was[ag])
	}
	a.foresee()
	for _, t := range tickets {
		if t.prefer != nil {
			t.prefer.wanted = line[*ticket]{}
		}
	}
	for _, t := range tickets {
		a.putBack(t, kept)
	}
}

// staff gives an agent the skills and the parts in queues of the
// configuration, where the agent is the one at place order.
func (a *ACD) staff(ag *agent, c *Agent, order int, was []member) {
	ag.label, ag.order, ag.trainee = c.Name, order, c.Trainee
	if ag.set != nil {
		a.learn(ag, ag.set)
	} else {
		a.learn(ag, c.Skills)
	}
	weight := c.Weight
	if weight == 0 {
		weight = defaultWeight
	}
	for _, id := range slices.Sorted(slices.Values(c.Queues)) {
		q := a.queues[id]
		q.members++
		q.heaviest = max(q.heaviest, weight)
		q.on, q.able = q.on+present(ag.state), q.able+capable(ag.state)
		m := member{queue: q, weight: weight}
		for _, w := range was {
			if w.queue.ID == id && w.queue.Distribution == q.Distribution {
				m.calls, m.talked, m.turn = w.calls, w.talked, w.turn
			}
		}
		ag.members = append(ag.members, m)
	}
}

// foresee makes the classes of what flows ask for while nobody is idle yet.
func (a *ACD) foresee() {
	for _, k := range a.config.Known {
		q := a.queues[k.Queue]
		if q == nil {
			continue
		}
		for step := range q.steps {
			if len(q.classes) < maxClasses {
				// Validate has read the needs.
				_, _ = a.class(q, k.Needs, step)
			}
		}
	}
}

// putBack puts a ticket in its queue's line and, if it has no offer, among
// those who wait for one.
func (a *ACD) putBack(t *ticket, kept bool) {
	q := a.queues[t.queue.ID]
	waited := a.now.Sub(t.joined)
	if !kept {
		t.step, t.aged = q.step(waited), q.aged(waited)
	}
	// Its needs were read when it joined.
	t.queue = q
	t.class, _ = a.class(q, t.needs, t.step)
	if !kept && t.reserved() && !a.mayWait(t) {
		t.prefer = nil
	}
	t.lay()
	a.due(t)
}

// byIdle are the agents who are available, the longest idle first.
func (a *ACD) byIdle() []*agent {
	free := slices.DeleteFunc(slices.Collect(maps.Values(a.agents)), func(ag *agent) bool { return !ag.available() })
	slices.SortFunc(free, func(x, y *agent) int {
		return cmp.Or(cmp.Compare(x.idle, y.idle), cmp.Compare(x.id, y.id))
	})
	return free
}

// clone shares nothing with c.
func (c Config) clone() Config {
	c.Skills = slices.Clone(c.Skills)
	c.Queues = slices.Clone(c.Queues)
	c.Agents = slices.Clone(c.Agents)
	c.Known = slices.Clone(c.Known)
	c.Pauses = slices.Clone(c.Pauses)
	c.Order.Levels = slices.Clone(c.Order.Levels)
	for i := range c.Queues {
		q := &c.Queues[i]
		q.Prefers, q.Ageing, q.Overflow = slices.Clone(q.Prefers), slices.Clone(q.Ageing), slices.Clone(q.Overflow)
		q.Relax, q.Log = slices.Clone(q.Relax), slices.Clone(q.Log)
		for j := range q.Log {
			q.Log[j].Values = slices.Clone(q.Log[j].Values)
		}
		for j := range q.Relax {
			q.Relax[j].Prefers = slices.Clone(q.Relax[j].Prefers)
		}
	}
	for i := range c.Agents {
		c.Agents[i].Queues = slices.Clone(c.Agents[i].Queues)
		c.Agents[i].Skills = slices.Clone(c.Agents[i].Skills)
	}
	return c
}
