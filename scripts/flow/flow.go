package flow

import "github.com/huawu/huawu/fact"

// Flow is one declarative script.
type Flow struct {
	ID fact.FlowID `json:"id" yaml:"id"`
}
