package call

// consult calls somebody for an agent.
func (c *Call) consult(Consult) {}

// unconsult ends a consult.
func (c *Call) unconsult() {}
