package api

import (
	"slices"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/strict"
)

// Document is a centre as people write it.
type Document struct {
	center.Config `yaml:",inline"`
	// PINs are given to agents when the document is applied. They are kept
	// as hashes apart from it and never shown again.
	PINs []PIN `yaml:"pins"`
}

// PIN is an agent's secret for signing in by phone.
type PIN struct {
	Agent fact.AgentID `yaml:"agent"`
	PIN   string       `yaml:"pin"`
}

// ParseDocument reads a centre from YAML or JSON. The error is a
// *strict.Errors; the document must still be compiled.
func ParseDocument(name string, src []byte) (*Document, error) {
	d := new(Document)
	if err := strict.Decode(name, src, d); err != nil {
		return nil, err
	}
	return d, nil
}

// Source is the document as it is kept: YAML in a fixed form, without PINs.
// Equal documents have equal sources.
func (d *Document) Source() ([]byte, error) {
	kept := *d
	kept.PINs = nil
	return strict.Encode(kept)
}

// JSON is Source as JSON.
func (d *Document) JSON() ([]byte, error) {
	kept := *d
	kept.PINs = nil
	return strict.EncodeJSON(kept)
}

// putQueue puts a queue in the place of the one with its id, or at the end.
func (d *Document) putQueue(q routing.Queue) {
	i := slices.IndexFunc(d.ACD.Queues, func(o routing.Queue) bool { return o.ID == q.ID })
	if i < 0 {
		d.ACD.Queues = append(d.ACD.Queues, q)
		return
	}
	d.ACD.Queues[i] = q
}

// putAgent puts an agent in the place of the one with its id, or at the end.
func (d *Document) putAgent(a routing.Agent) {
	i := slices.IndexFunc(d.ACD.Agents, func(o routing.Agent) bool { return o.ID == a.ID })
	if i < 0 {
		d.ACD.Agents = append(d.ACD.Agents, a)
		return
	}
	d.ACD.Agents[i] = a
}

// queues are the ids of the queues, not nil.
func (d *Document) queues() []fact.QueueID {
	all := make([]fact.QueueID, len(d.ACD.Queues))
	for i, q := range d.ACD.Queues {
		all[i] = q.ID
	}
	return all
}

// queue is the queue of that id, nil for none.
func (d *Document) queue(id fact.QueueID) *routing.Queue {
	for i := range d.ACD.Queues {
		if d.ACD.Queues[i].ID == id {
			return &d.ACD.Queues[i]
		}
	}
	return nil
}

// agent is the agent of that id, nil for none.
func (d *Document) agent(id fact.AgentID) *routing.Agent {
	for i := range d.ACD.Agents {
		if d.ACD.Agents[i].ID == id {
			return &d.ACD.Agents[i]
		}
	}
	return nil
}
