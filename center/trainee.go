package center

import (
	"slices"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// trainees are the ACD's agents with who is a trainee at this hour (SPEC ACD-6):
// the ACD knows no wall clock.
func (c *Center) trainees(all []routing.Agent) []routing.Agent {
	ends := func(a routing.Agent) bool { return a.TraineeEnds != 0 }
	if !slices.ContainsFunc(all, ends) {
		return all
	}
	all = slices.Clone(all)
	for i := range all {
		all[i].Trainee = c.now.Wall().UnixMilli() < all[i].TraineeEnds
	}
	return all
}

// keepTrainees tells the ACD whose traineeship is over, or goes on after all
// where the wall clock went back.
func (c *Center) keepTrainees() {
	for _, a := range c.cfg.ACD.Agents {
		if on := c.now.Wall().UnixMilli() < a.TraineeEnds; a.TraineeEnds != 0 && on != c.acd.Trainee(a.ID) {
			c.line(routing.SetTrainee{Agent: a.ID, On: on})
		}
	}
	c.planTrainees()
}

// planTrainees finds when the next traineeship ends. One that is over and that
// the ACD does not end, of an agent who is leaving, is not waited for.
func (c *Center) planTrainees() {
	c.graduates = 0
	for _, a := range c.cfg.ACD.Agents {
		if at := fact.Instant(a.TraineeEnds - c.now.Offset); c.now.Wall().UnixMilli() < a.TraineeEnds && c.acd.Trainee(a.ID) && (c.graduates == 0 || at < c.graduates) {
			c.graduates = at
		}
	}
}

// traineeBecame tells of it.
func (c *Center) traineeBecame(e routing.TraineeBecame) {
	to := "ended"
	if e.On {
		to = "began"
	}
	c.emit(fact.Event{Kind: fact.AgentTrainee, Agent: e.Agent, To: to})
}
