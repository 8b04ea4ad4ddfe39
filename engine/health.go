package engine

import "time"

// Health is how the engine does, for readiness and for people.
type Health struct {
	// Ready says that new calls are taken: the journal can be written, a
	// switch is up, and the engine is neither starting, draining nor stuck.
	Ready bool `json:"ready"`
	// Problems says what is wrong, one line each; a problem need not make the
	// engine unready.
	Problems []string `json:"problems,omitempty"`
	// LoopAge is how long ago the loop last turned; it turns at least four
	// times a second.
	LoopAge   time.Duration  `json:"loop_age"`
	Journal   JournalHealth  `json:"journal"`
	Switches  []SwitchHealth `json:"switches"`
	Store     StoreHealth    `json:"store"`
	Draining  bool           `json:"draining"`
	Recovered bool           `json:"recovered"` // every switch has been heard of since the start
}

// JournalHealth is how the journal does.
type JournalHealth struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	// Pending is how many inputs wait in memory to be written.
	Pending int `json:"pending"`
}

// SwitchHealth is how the connection to a switch does.
type SwitchHealth struct {
	Name string `json:"name"`
	Up   bool   `json:"up"`
	// Reason is why it is not up.
	Reason string `json:"reason,omitempty"`
}

// StoreHealth is how far the store is behind the journal.
type StoreHealth struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	// Behind is how many inputs of the journal are not applied yet, For how
	// long the oldest of them has waited.
	Behind uint64        `json:"behind"`
	For    time.Duration `json:"for"`
}
