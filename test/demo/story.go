package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/rig"
)

// patience is how long a busy machine may take for what happens at once.
const patience = 15 * time.Second

// errStream says that the event stream ended by itself.
var errStream = errors.New("huawu's event stream has ended")

// label names a thing in both languages.
type label struct{ zh, en string }

// Who has told or noticed a thing.
const (
	byHuawu = "话务 huawu"
	byPhone = "话机 phone"
	byREST  = "接口 REST"
)

// note is what a phone did or noticed in a call, or what a look at the API showed.
type note struct {
	call   fact.CallID
	source string
	wall   int64 // ms of the epoch
	label  label
	detail string
}

// story is what huawu tells by its event stream and what phones notice.
type story struct {
	mu      sync.Mutex
	events  []rig.Event
	notes   []note
	changed chan struct{} // closed and replaced with every event
	over    error         // why the stream ended; nil while it goes on
	// heard is told of each event, in order; set before follow.
	heard func(rig.Event)
}

func newStory(heard func(rig.Event)) *story {
	return &story{changed: make(chan struct{}), heard: heard}
}

// follow takes up events after a cursor until ctx ends.
func (s *story) follow(ctx context.Context, c *rig.Client, after string) {
	err := c.Follow(ctx, after, func(e rig.Event) bool {
		s.heard(e)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.events = append(s.events, e)
		s.wake()
		return true
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = errors.Join(errStream, err)
	s.wake()
}

// wake lets those who wait look again. Under the lock.
func (s *story) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// note keeps what was noticed at some instant.
func (s *story) note(call fact.CallID, source string, at time.Time, l label, detail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, note{call, source, at.UnixMilli(), l, detail})
}

// await returns the first event, past or to come, that is the one.
func (s *story) await(ctx context.Context, what string, is func(rig.Event) bool) (rig.Event, error) {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for seen := 0; ; {
		s.mu.Lock()
		events, changed, over := s.events, s.changed, s.over
		s.mu.Unlock()
		for ; seen < len(events); seen++ {
			if is(events[seen]) {
				return events[seen], nil
			}
		}
		if over != nil {
			return rig.Event{}, fmt.Errorf("wait for %s: %w", what, over)
		}
		select {
		case <-changed:
		case <-limit.Done():
			if ctx.Err() != nil {
				return rig.Event{}, fmt.Errorf("wait for %s: %w", what, ctx.Err())
			}
			return rig.Event{}, fmt.Errorf("wait for %s: huawu did not tell of it within %v", what, patience)
		}
	}
}

// calls are the calls that were told of, in the order of their beginning.
func (s *story) calls() []fact.CallID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []fact.CallID
	for _, e := range s.events {
		if e.Kind == fact.CallOffered {
			out = append(out, e.Call)
		}
	}
	return out
}

// of is all that was told and noticed of a call; notes in order of time.
func (s *story) of(id fact.CallID) ([]rig.Event, []note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := slices.DeleteFunc(slices.Clone(s.events), func(e rig.Event) bool { return e.Call != id })
	notes := slices.DeleteFunc(slices.Clone(s.notes), func(n note) bool { return n.call != id })
	slices.SortStableFunc(notes, func(a, b note) int { return cmp.Compare(a.wall, b.wall) })
	return events, notes
}

// agent is all that was told of an agent's states.
func (s *story) agent(id fact.AgentID) []rig.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.events), func(e rig.Event) bool { return e.Kind != fact.AgentState || e.Agent != id })
}
