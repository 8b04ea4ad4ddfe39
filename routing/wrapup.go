package routing

// extend lets a wrap-up last longer.
func (a *ACD) extend(Extend) {}
