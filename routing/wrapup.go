package routing

// extend lets a wrap-up last longer: from when it would have ended.
func (a *ACD) extend(in Extend) {
	if a.checkExtend(in) != nil {
		return
	}
	w := &a.agents[in.Agent].wrapUp
	a.leases.start(&w.lease, w.lease.due.Add(in.For))
}
