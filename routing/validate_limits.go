package routing

// limits checks who is let in a queue's line and where the others go.
func (v *validator) limits(field string, q *Queue) {}
