package store

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/huawu/huawu/fact"
)

// rowsAtOnce keeps a statement well below the databases' bounds on parameters
// (32,766 on SQLite, 65,535 on PostgreSQL). Measured from 25 to 400, its size
// makes no difference beyond noise.
const rowsAtOnce = 100

// Applied is the journal of the newest batch and how far the projection has
// taken it in; "" and 0 when there is none.
func (s *Store) Applied(ctx context.Context) (epoch string, seq uint64, err error) {
	var row appliedRow
	err = s.read.WithContext(ctx).Order("wall DESC, journal DESC").Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", 0, nil
	}
	return row.Epoch, uint64(row.Seq), failed(ctx, "read the cursor", err)
}

// Apply writes a batch and moves the cursor of its journal in one transaction.
// A batch at or before the cursor is already in: nothing happens and the error
// is nil. One that begins at or before the cursor and ends after it is refused
// with ErrConflict, since its records and wrap-ups do not say to which input
// they belong; the projector starts again from Applied.
//
// A second record of a call changes nothing, and neither does a wrap-up of a
// call without a record: both are logged. ErrInvalid means a batch out of order.
func (s *Store) Apply(ctx context.Context, b fact.Batch) error {
	op := fmt.Sprintf("apply %s up to %d", b.Epoch, b.Seq)
	if err := check(b); err != nil {
		return failed(ctx, op, err)
	}
	var left []any // what was left out, told once it is certain
	err := s.change(ctx, op, func(tx *gorm.DB) error {
		left = nil
		cursor, err := lockCursor(tx, b.Epoch)
		if err != nil {
			return err
		}
		if b.Seq <= uint64(cursor.Seq) {
			return nil
		}
		if len(b.Events) > 0 && b.Events[0].Seq <= uint64(cursor.Seq) {
			return fmt.Errorf("%w: the batch begins at %d and %d is already in", ErrConflict, b.Events[0].Seq, cursor.Seq)
		}
		if err := insertEvents(tx, cursor.Journal, b.Events); err != nil {
			return err
		}
		for _, r := range b.Records {
			fresh, err := insertRecord(tx, r)
			if err != nil {
				return err
			}
			if !fresh {
				left = append(left, "record", r.Call)
			}
		}
		for _, w := range b.WrapUps {
			found, err := addWrapUp(tx, w)
			if err != nil {
				return err
			}
			if !found {
				left = append(left, "wrapup", w.Call)
			}
		}
		return tx.Model(&cursor).Updates(map[string]any{"seq": int64(b.Seq), "wall": s.now().UnixMilli()}).Error
	})
	if err == nil && len(left) > 0 {
		s.log.Warn("left out: a second record of a call, or a wrap-up of a call without a record",
			append([]any{"epoch", b.Epoch, "seq", b.Seq}, left...)...)
	}
	return err
}

// check refuses a batch that the tables could not hold as it stands.
func check(b fact.Batch) error {
	if b.Epoch == "" || text(b.Epoch) != b.Epoch {
		return invalid("Epoch", fmt.Sprintf("%q", b.Epoch), "1 to 512 bytes of UTF-8")
	}
	if b.Seq == 0 || b.Seq > math.MaxInt64 {
		return invalid("Seq", b.Seq, "1 to 2^63-1")
	}
	last := fact.Sequenced{}
	for _, e := range b.Events {
		if e.Seq == 0 || e.Seq > b.Seq || e.N < 1 || e.Seq < last.Seq || e.Seq == last.Seq && e.N <= last.N {
			return invalid("event", fmt.Sprintf("%d.%d after %d.%d", e.Seq, e.N, last.Seq, last.N),
				fmt.Sprintf("events in ascending order up to %d", b.Seq))
		}
		last = e
	}
	return nil
}

// lockCursor takes the cursor of a journal, made if it is new, so that no other
// transaction moves it meanwhile.
func lockCursor(tx *gorm.DB, epoch string) (appliedRow, error) {
	take := func() (appliedRow, error) {
		var row appliedRow
		err := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
			Where("epoch = ?", epoch).Take(&row).Error
		return row, err
	}
	row, err := take()
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return row, err
	}
	// Without a RETURNING that ON CONFLICT would leave empty.
	err = tx.Exec("INSERT INTO applied (epoch, seq, wall) VALUES (?, 0, 0) ON CONFLICT DO NOTHING", epoch).Error
	if err != nil {
		return row, err
	}
	return take()
}

func insertEvents(tx *gorm.DB, journal int64, events []fact.Sequenced) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		var err error
		if rows[i], err = rowOfEvent(journal, e); err != nil {
			return err
		}
	}
	return tx.CreateInBatches(rows, rowsAtOnce).Error
}

// insertRecord reports whether the call had no record yet.
func insertRecord(tx *gorm.DB, r fact.Record) (bool, error) {
	row := rowOfRecord(r)
	done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil || done.RowsAffected == 0 || len(r.Recordings) == 0 {
		return done.RowsAffected > 0, done.Error
	}
	return true, tx.CreateInBatches(rowsOfRecordings(r), rowsAtOnce).Error
}

// addWrapUp reports whether the call had a record to add to.
func addWrapUp(tx *gorm.DB, w fact.WrapUp) (bool, error) {
	done := tx.Model(&callRow{}).Where("tenant = ? AND call = ?", text(w.Tenant), text(w.Call)).
		Update("wrapup_ms", gorm.Expr("wrapup_ms + ?", w.Millis))
	return done.RowsAffected > 0, done.Error
}
