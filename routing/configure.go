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
	a.build(config)
	a.rebuilding = false
	for _, ag := range a.byIdle() {
		a.seek(ag)
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
			delete(a.agents, ag.id)
		case ag.busy():
			ag.removed, ag.leaving, ag.asked = true, true, true
		default:
			ag.removed = true
			a.goOffline(ag)
		}
	}
}

// build makes queues, classes and members anew and puts the tickets back at
// their places. It offers nothing and lists nobody.
func (a *ACD) build(config Config) {
	a.config = config
	a.slots = make(map[fact.SkillID]int, len(config.Skills))
	for i, id := range config.Skills {
		a.slots[id] = i
	}
	a.queues = make(map[fact.QueueID]*queue, len(config.Queues))
	for _, c := range config.Queues {
		// Validate has read the needs.
		r, _ := ParseNeeds(string(c.Needs))
		a.queues[c.ID] = newQueue(c, r.root.bind(a.slots))
	}
	for _, ag := range a.agents {
		ag.queues, ag.skills, ag.levels, ag.listed = nil, nil, nil, false
		if ag.talk != nil && a.queues[ag.talk.queueID] != nil {
			a.queues[ag.talk.queueID].talking++
		}
	}
	for _, c := range config.Agents {
		ag := a.agents[c.ID]
		if ag == nil {
			ag = newAgent(c.ID, a.now)
			a.agents[c.ID] = ag
		}
		ag.label, ag.skills = c.Name, c.Skills
		ag.levels = make([]uint8, len(config.Skills))
		for _, s := range c.Skills {
			ag.levels[a.slots[s.ID]] = uint8(s.Level)
		}
		for _, id := range slices.Sorted(slices.Values(c.Queues)) {
			q := a.queues[id]
			q.members++
			ag.queues = append(ag.queues, q)
		}
	}
	for _, t := range ordered(a.tickets) {
		q := a.queues[t.queue.ID]
		// Its needs were read when it joined.
		c, _ := a.class(q, t.needs)
		q.enter(t, c)
		if !t.out() {
			first, second := t.rank()
			c.waiting.insert(first, second, t)
		}
	}
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
	c.Order.Levels = slices.Clone(c.Order.Levels)
	for i := range c.Queues {
		q := &c.Queues[i]
		q.Prefers, q.Ageing, q.Overflow = slices.Clone(q.Prefers), slices.Clone(q.Ageing), slices.Clone(q.Overflow)
		q.Relax = slices.Clone(q.Relax)
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
