package center

// consultCall calls somebody for an agent.
func (c *Center) consultCall(ConsultCall) error { return notYet("consult") }

// completeConsult gives a talk to whom is consulted.
func (c *Center) completeConsult(CompleteConsult) error { return notYet("complete") }

// mergeConsult brings whom is consulted into the talk.
func (c *Center) mergeConsult(MergeConsult) error { return notYet("merge") }

// cancelConsult ends a consult.
func (c *Center) cancelConsult(CancelConsult) error { return notYet("cancel the consult") }
