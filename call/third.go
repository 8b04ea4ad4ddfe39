package call

// merge brings whom is consulted into the talk.
func (c *Call) merge() {}
