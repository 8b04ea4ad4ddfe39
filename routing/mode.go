package routing

// setMode opens, pauses, drains or closes a queue.
func (a *ACD) setMode(SetMode) {}
