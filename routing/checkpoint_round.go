package routing

// What a checkpoint holds of rounds and of queues' modes.

func (t *ticket) saveRound(*savedTicket) {}
func (o *offer) saveRound(*savedOffer)   {}
func (q *queue) saveMode(*savedQueue)    {}

// restoreModes gives queues that are built the modes that they had.
func (a *ACD) restoreModes(*saved) {}
