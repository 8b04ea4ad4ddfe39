package routing

// order checks what tickets are ranked by.
func (v *validator) order(Config) {}

// ranking checks what a queue distributes by, and what of whom it asks when.
func (v *validator) ranking(field string, q *Queue) {}
