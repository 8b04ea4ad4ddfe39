package fact

// Batch is what the projector hands to the store: the facts of consecutive
// journalled inputs, whole inputs only, in order. A batch that is handed over
// again is either unchanged or begins after the store's cursor.
type Batch struct {
	// Epoch names the journal; Seq is the last input the batch accounts for,
	// also when that input led to no event.
	Epoch   string      `json:"epoch"`
	Seq     uint64      `json:"seq"`
	Events  []Sequenced `json:"events,omitempty"`
	Records []Record    `json:"records,omitempty"`
	WrapUps []WrapUp    `json:"wrapups,omitempty"`
}

// Sequenced is an event with its place in the journal: the input that led to
// it and, counted from 0, its place among that input's events.
type Sequenced struct {
	Seq   uint64 `json:"seq"`
	N     int    `json:"n"`
	Event Event  `json:"event"`
}
