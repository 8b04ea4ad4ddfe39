package center

// setSkills replaces an agent's skills.
func (c *Center) setSkills(SetSkills) error { return notYet("skills") }

// extendWrapUp lets an agent's after-call work last longer.
func (c *Center) extendWrapUp(ExtendWrapUp) error { return notYet("extend") }
