package fact

// Survey is a caller's rating of the service after a talk (SPEC RUL-END-3).
type Survey struct {
	// Queue and Agent are of the talk.
	Queue QueueID `json:"queue,omitempty"`
	Agent AgentID `json:"agent,omitempty"`
	// Asked and Answered are wall-clock milliseconds of the epoch, Answered 0
	// for a caller who did not.
	Asked    int64 `json:"asked"`
	Answered int64 `json:"answered,omitempty"`
	// Score is the answer, 1 the best of Of and Of the worst, 0 for none; Name
	// what it means, for people.
	Score int    `json:"score,omitempty"`
	Of    int    `json:"of"`
	Name  string `json:"name,omitempty"`
}
