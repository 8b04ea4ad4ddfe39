package fact

// Sequenced is an event with its place in the journal: N is its number among
// the events of the input with that sequence number, counted from 1. Epoch, Seq
// and N name an event for ever.
type Sequenced struct {
	Seq   uint64 `json:"seq"`
	N     int    `json:"n"`
	Event Event  `json:"event"`
}

// Batch is what a store is to take in, in one transaction, together with the
// note that everything of the epoch up to Seq is applied. A batch may hold
// nothing but Seq. Batches of one epoch come in the order of Seq; one whose Seq
// is not greater than what is applied has been taken in before and changes
// nothing.
type Batch struct {
	Epoch   string      `json:"epoch"`
	Seq     uint64      `json:"seq"`
	Events  []Sequenced `json:"events,omitempty"`
	Records []Record    `json:"records,omitempty"`
	WrapUps []WrapUp    `json:"wrapups,omitempty"`
}
