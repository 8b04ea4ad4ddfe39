package fact

// NormCount is what comes to the counts of a service norm: a projection adds it
// to what it has of the same half-hour, rule, queue and agent.
type NormCount struct {
	Tenant TenantID `json:"tenant"`
	// From is the wall clock at the half-hour's beginning, in milliseconds of
	// the epoch.
	From  int64   `json:"from"`
	Rule  string  `json:"rule"`
	Queue QueueID `json:"queue,omitempty"`
	// Agent is "" for nobody.
	Agent AgentID `json:"agent,omitempty"`
	NormTally
}

// NormTally is how often a service norm was kept, broken, nudged for and acted
// on. Measured is how many times something was measured, Sum and Max are of
// that: in milliseconds of what is a duration.
type NormTally struct {
	Kept     int64 `json:"kept,omitempty"`
	Broken   int64 `json:"broken,omitempty"`
	Nudged   int64 `json:"nudged,omitempty"`
	Acted    int64 `json:"acted,omitempty"`
	Measured int64 `json:"measured,omitempty"`
	Sum      int64 `json:"sum,omitempty"`
	Max      int64 `json:"max,omitempty"`
}

// Add adds what another one has.
func (t *NormTally) Add(o NormTally) {
	t.Kept += o.Kept
	t.Broken += o.Broken
	t.Nudged += o.Nudged
	t.Acted += o.Acted
	t.Measured += o.Measured
	t.Sum += o.Sum
	t.Max = max(t.Max, o.Max)
}
