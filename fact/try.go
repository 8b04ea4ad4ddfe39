package fact

// CallbackTry is an attempt to make a call that we owe: that it has begun, or
// with Ended what came of it, and what the callback is then. A projection has one
// row of each that began, and the callback follows. Instants are wall-clock
// milliseconds of the epoch, 0 for none.
type CallbackTry struct {
	Tenant   TenantID   `json:"tenant"`
	Callback CallbackID `json:"callback"`
	Call     CallID     `json:"call"`
	Agent    AgentID    `json:"agent,omitempty"`
	Began    int64      `json:"began"`
	Ended    int64      `json:"ended,omitempty"`
	Outcome  string     `json:"outcome,omitempty"`
	// Attempts, Row, State, Stage, Next, By and Closed are the callback's.
	Attempts int    `json:"attempts"`
	Row      int    `json:"row,omitempty"`
	State    string `json:"state"`
	Stage    string `json:"stage,omitempty"`
	Next     int64  `json:"next,omitempty"`
	By       string `json:"by,omitempty"`
	Closed   int64  `json:"closed,omitempty"`
}
