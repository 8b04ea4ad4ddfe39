package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

// Cursor is the place of an event: a journal's epoch and the event's place in
// that journal. The zero Cursor is before everything.
type Cursor struct {
	Epoch string `json:"epoch"`
	Seq   uint64 `json:"seq"`
	N     int    `json:"n"`
}

// Event is an event with the journal it is of.
type Event struct {
	Epoch string `json:"epoch"`
	fact.Sequenced
}

// Cursor is the event's place.
func (e Event) Cursor() Cursor { return Cursor{Epoch: e.Epoch, Seq: e.Seq, N: e.N} }

// EventFilter chooses events for a feed that catches up.
type EventFilter struct {
	// Tenant chooses one tenant's; "" chooses all.
	Tenant fact.TenantID
	// After is the last event already had. To go on after a whole input,
	// give its Seq and math.MaxInt32 as N.
	After Cursor
	// Limit is 1 to 1000; 0 means 100.
	Limit int
}

// Events lists events in order: journal by journal as they were first seen, in
// each as it happened. ErrNotFound: After names a journal that the store does
// not know, so there is no telling what comes after it.
func (s *Store) Events(ctx context.Context, f EventFilter) ([]Event, error) {
	const op = "list events"
	limit, err := limitOf(f.Limit)
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	if f.After.Seq > 1<<63-1 {
		return nil, failed(ctx, op, invalid("After.Seq", f.After.Seq, "at most 2^63-1"))
	}
	var events []Event
	err = s.view(ctx, op, func(tx *gorm.DB) error {
		q := tx.Limit(limit)
		if f.Tenant != "" {
			q = q.Where("tenant = ?", text(f.Tenant))
		}
		if f.After != (Cursor{}) {
			var journal appliedRow
			err := tx.Where("epoch = ?", text(f.After.Epoch)).Take(&journal).Error
			if errors.Is(err, gorm.ErrRecordNotFound) {
				return fmt.Errorf("%w: no journal %q", ErrNotFound, f.After.Epoch)
			}
			if err != nil {
				return err
			}
			q = q.Where("(journal, seq, n) > (?, ?, ?)", journal.Journal, int64(f.After.Seq), f.After.N)
		}
		events, err = findEvents(q)
		return err
	})
	return events, err
}

// findEvents runs a query on call_events, in order.
func findEvents(q *gorm.DB) ([]Event, error) {
	var rows []eventRow
	if err := q.Order("journal, seq, n").Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	var journals []appliedRow // as many as there were journals: a handful
	if err := q.Session(&gorm.Session{NewDB: true}).Find(&journals).Error; err != nil {
		return nil, err
	}
	epochs := make(map[int64]string, len(journals))
	for _, j := range journals {
		epochs[j.Journal] = j.Epoch
	}
	events := make([]Event, len(rows))
	for i, row := range rows {
		sequenced, err := row.sequenced()
		if err != nil {
			return nil, err
		}
		events[i] = Event{Epoch: epochs[row.Journal], Sequenced: sequenced}
	}
	return events, nil
}
