package routing

import "slices"

// setSkills replaces an agent's skills.
func (a *ACD) setSkills(in SetSkills) {
	if a.checkSkills(in) != nil {
		return
	}
	ag := a.agents[in.Agent]
	a.relearn(ag, func() { ag.set = append([]Skill{}, in.Skills...) })
}

// relearn changes what an agent can do. Tickets that waited for the agent and
// ask for what is gone wait for any.
func (a *ACD) relearn(ag *agent, change func()) {
	if ag.listed {
		a.unlist(ag)
	}
	skills := ag.skills
	if change(); ag.set != nil {
		skills = ag.set
	}
	a.learn(ag, skills)
	for _, t := range slices.Collect(ag.wanted.all) {
		if !t.class.gate.open(ag.levels) {
			t.stopWaiting()
			t.prefer = nil
			a.place(t)
			a.due(t)
		}
	}
	a.seek(ag)
}

// learn gives an agent the levels of skills.
func (a *ACD) learn(ag *agent, skills []Skill) {
	ag.skills = skills
	ag.levels = make([]uint8, len(a.slots)+1)
	if ag.trainee {
		ag.levels[len(a.slots)] = maxLevel
	}
	for _, s := range skills {
		if slot, ok := a.slots[s.ID]; ok {
			ag.levels[slot] = uint8(s.Level)
		}
	}
}
