package routing

import "github.com/huawu/huawu/fact"

// ACD is the machine. It belongs to one writer.
type ACD struct{}

// New makes an ACD without queues and agents.
func New() *ACD { return &ACD{} }

// Check says whether in would be accepted at this instant, by an error that
// wraps a sentinel of this room. It changes nothing.
func (a *ACD) Check(in Input) error { return nil }

// Step applies in at now and returns what must be done, in order.
func (a *ACD) Step(now fact.Instant, in Input) []Effect { return nil }

// Next is when Step must be called with Tick if nothing else happens.
func (a *ACD) Next() (fact.Instant, bool) { return 0, false }

// Checkpoint writes the whole machine as JSON.
func (a *ACD) Checkpoint() ([]byte, error) { return nil, nil }

// Restore makes the machine that Checkpoint wrote; it behaves identically.
func Restore(b []byte) (*ACD, error) { return New(), nil }

// Validate says all that is wrong with the configuration, joined; every
// problem wraps ErrConfig.
func (c Config) Validate() error { return nil }
