package center

import "github.com/huawu/huawu/routing"

// setSkills replaces an agent's skills until the configuration changes.
func (c *Center) setSkills(op SetSkills) error {
	return c.agent("set skills of", op.Agent, routing.SetSkills{Agent: op.Agent, Skills: op.Skills})
}

// extendWrapUp lets an agent's after-call work last longer.
func (c *Center) extendWrapUp(op ExtendWrapUp) error {
	return c.agent("extend the wrap-up of", op.Agent, routing.Extend{Agent: op.Agent, For: op.For})
}
