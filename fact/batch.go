package fact

// Batch is what a store is to take in, in one transaction, together with the
// note that everything of the epoch up to Seq is applied: the facts of
// consecutive journaled inputs, whole inputs only, in order. A batch that is
// handed over again is either unchanged, and then changes nothing, or begins
// after what is applied.
type Batch struct {
	// Epoch names the journal; Seq is the last input the batch accounts for,
	// also when that input led to no fact. Sequence numbers may skip some.
	Epoch   string        `json:"epoch"`
	Seq     uint64        `json:"seq"`
	Events  []Sequenced   `json:"events,omitempty"`
	Records []Record      `json:"records,omitempty"`
	WrapUps []WrapUp      `json:"wrapups,omitempty"`
	Logs    []CallLog     `json:"logs,omitempty"`
	Counts  []NormCount   `json:"counts,omitempty"`
	Tries   []CallbackTry `json:"tries,omitempty"`
}

// Sequenced is an event with its place in the journal: Seq is the input that
// led to it, N its place among that input's events, counted from 1. Epoch, Seq
// and N name an event for ever.
type Sequenced struct {
	Seq   uint64 `json:"seq"`
	N     int    `json:"n"`
	Event Event  `json:"event"`
}
