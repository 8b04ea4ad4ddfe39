package routing

// pass gives a talk to another agent.
func (a *ACD) pass(Pass) {}
