package routing

// rank gives a ticket another priority.
func (a *ACD) rank(Rank) {}
