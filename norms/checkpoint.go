package norms

import (
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/huawu/huawu/fact"
)

// ErrCheckpoint says that a checkpoint cannot be restored.
var ErrCheckpoint = errors.New("no checkpoint of the norms")

// checkpointForm is the form of what Checkpoint writes.
const checkpointForm = 1

// saved is a Watch between two steps.
type saved struct {
	Form    int          `json:"form"`
	Now     fact.Instant `json:"now"`
	Offset  int64        `json:"offset"`
	Plan    Plan         `json:"plan,omitzero"`
	Talks   []*talk      `json:"talks,omitempty"`
	Affairs []*talk      `json:"affairs,omitempty"`
}

// Checkpoint is the whole state between two steps. Equal watches give equal
// bytes.
func (w *Watch) Checkpoint() ([]byte, error) {
	b, err := json.Marshal(saved{
		Form: checkpointForm, Now: w.now, Offset: w.offset, Plan: w.plan,
		Talks: ordered(w.talks), Affairs: ordered(w.affairs),
	})
	if err != nil {
		return nil, fmt.Errorf("write the norms' checkpoint: %w", err)
	}
	return b, nil
}

// Restore makes the watch that Checkpoint wrote; it behaves identically. Nothing
// at all is a new one. Its errors wrap ErrCheckpoint.
func Restore(b []byte) (*Watch, error) {
	w := New()
	if len(b) == 0 {
		return w, nil
	}
	var s saved
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("restore the norms: %w: %w", ErrCheckpoint, err)
	}
	if s.Form != checkpointForm {
		return nil, fmt.Errorf("restore the norms: form %d, want %d: %w", s.Form, checkpointForm, ErrCheckpoint)
	}
	w.now, w.offset, w.plan, w.policy = s.Now, s.Offset, s.Plan, s.Plan.read()
	for _, t := range s.Talks {
		w.talks[t.Call] = t
	}
	for _, t := range s.Affairs {
		w.affairs[t.Agent] = t
	}
	for _, t := range w.all() {
		t.rules = w.policy.of(t.Queue)
		for _, a := range t.Alarms {
			a.talk = t
			heap.Push(&w.alarms, a)
		}
	}
	return w, nil
}

// place is where a rule lies in the register. It is written as the rule's id,
// for a later register may have it elsewhere.
type place int

// MarshalText writes the rule's id.
func (p place) MarshalText() ([]byte, error) { return []byte(Rules[p].ID), nil }

// UnmarshalText reads a rule's id.
func (p *place) UnmarshalText(b []byte) error {
	at, ok := places[string(b)]
	if !ok {
		return fmt.Errorf("there is no rule %q", b)
	}
	*p = place(at)
	return nil
}
