package routing

// round offers a ticket that is in no line of those who wait for an offer to
// available agents, all at once.
func (a *ACD) round(t *ticket, to []*agent) {
	for _, ag := range to {
		a.offer(t, ag)
	}
}
