package routing

// What a checkpoint holds of ranks, distributions and relaxations.

func (ag *agent) saveOrder(*savedAgent)  {}
func (t *ticket) saveOrder(*savedTicket) {}
func (q *queue) saveOrder(*savedQueue)   {}

// restoreOrder gives queues, members and tickets that are built what they had.
func (a *ACD) restoreOrder(*saved) {}
