package fact

// LogValue is what an agent has written in one field about a talk.
type LogValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// LogEntry is a LogValue of a call: whose it is and, on the wall clock in
// milliseconds of the epoch, since when. An agent has one value a field.
type LogEntry struct {
	Agent AgentID `json:"agent"`
	LogValue
	Wall int64 `json:"wall"`
}

// CallLog is what was written about a call after its record; a projection adds
// it to that record, in the place of what the same agents had in those fields.
type CallLog struct {
	Tenant  TenantID   `json:"tenant"`
	Call    CallID     `json:"call"`
	Entries []LogEntry `json:"entries"`
}
