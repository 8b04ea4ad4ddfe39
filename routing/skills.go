package routing

// setSkills replaces an agent's skills.
func (a *ACD) setSkills(SetSkills) {}
