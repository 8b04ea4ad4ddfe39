package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

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
// A second record of a call changes nothing, and neither does a wrap-up or a log
// of a call without a record: that is told. ErrInvalid means a batch out of order.
func (s *Store) Apply(ctx context.Context, b fact.Batch) error {
	op := fmt.Sprintf("apply %s up to %d", b.Epoch, b.Seq)
	if err := check(b); err != nil {
		return failed(ctx, op, err)
	}
	var left []any // what was left out, told once it is certain
	err := s.change(ctx, op, func(tx *gorm.DB) error {
		p := projection{ctx: ctx, tx: tx, dialect: s.dialect}
		journal, err := p.moveCursor(b, s.now())
		if err != nil || journal == 0 {
			return err
		}
		if err := p.insertEvents(journal, b.Events); err != nil {
			return err
		}
		if left, err = p.insertRecords(b.Records); err != nil {
			return err
		}
		for _, w := range b.WrapUps {
			found, err := p.addWrapUp(w)
			if err != nil {
				return err
			}
			if !found {
				left = append(left, "wrapup", w.Call)
			}
		}
		for _, t := range b.Tries {
			if err := p.addTry(t); err != nil {
				return err
			}
		}
		for _, l := range b.Logs {
			found, err := p.addLog(l)
			if err != nil {
				return err
			}
			if !found {
				left = append(left, "log", l.Call)
			}
		}
		return p.addCounts(b.Counts)
	})
	if err == nil && len(left) > 0 {
		s.log.Warn("left out: a second record of a call, or a wrap-up or a log of a call without a record",
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

// projection is one transaction of Apply. It goes around gorm: with its
// reflection, and a parameter for every value, more of the processor's time was
// spent on the way to SQLite than in it.
type projection struct {
	ctx     context.Context
	tx      *gorm.DB
	dialect dialect
}

// exec runs a statement and says how many rows it changed.
func (p projection) exec(query string, args ...any) (int64, error) {
	select {
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	default:
	}
	done, err := p.tx.Statement.ConnPool.ExecContext(p.dialect.inside(p.ctx), query, args...)
	if err != nil {
		return 0, p.tx.AddError(err)
	}
	return done.RowsAffected()
}

// query runs a statement and has scan read each of its rows.
func (p projection) query(scan func(*sql.Rows) error, query string, args ...any) (err error) {
	select {
	case <-p.ctx.Done():
		return p.ctx.Err()
	default:
	}
	rows, err := p.tx.Statement.ConnPool.QueryContext(p.dialect.inside(p.ctx), query, args...)
	if err != nil {
		return p.tx.AddError(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return p.tx.AddError(rows.Err())
}

// moveCursor takes the cursor of the batch's journal, made if it is new, to the
// end of the batch, and holds it until the transaction ends. The journal is 0,
// and the cursor where it was, if the batch is in already.
func (p projection) moveCursor(b fact.Batch, now time.Time) (journal int64, err error) {
	first := b.Seq
	if len(b.Events) > 0 {
		first = b.Events[0].Seq
	}
	for {
		err := p.query(func(rows *sql.Rows) error { return rows.Scan(&journal) },
			"UPDATE applied SET seq = $1, wall = $2 WHERE epoch = $3 AND seq < $4 RETURNING journal",
			int64(b.Seq), now.UnixMilli(), b.Epoch, int64(first))
		if err != nil || journal != 0 {
			return journal, err
		}
		seq := int64(-1)
		err = p.query(func(rows *sql.Rows) error { return rows.Scan(&seq) },
			"SELECT seq FROM applied WHERE epoch = $1", b.Epoch)
		switch {
		case err != nil:
			return 0, err
		case seq >= int64(b.Seq):
			return 0, nil
		case seq >= int64(first):
			return 0, fmt.Errorf("%w: the batch begins at %d and %d is already in", ErrConflict, first, seq)
		case seq < 0:
			// If another has just made it, this waits for its end.
			_, err = p.exec("INSERT INTO applied (epoch, seq, wall) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING", b.Epoch)
			if err != nil {
				return 0, err
			}
		}
	}
}

func (p projection) insertEvents(journal int64, events []fact.Sequenced) error {
	in := insertOfEvents(p.dialect.spelled())
	for _, e := range events {
		in.event(rowOfEvent(journal, e))
		if in.full() {
			if err := p.insert(in); err != nil {
				return err
			}
		}
	}
	return p.insert(in)
}

// insert runs an insert that gives nothing back.
func (p projection) insert(in *insert) error {
	if in.rows == 0 {
		return nil
	}
	query, args := in.statement()
	_, err := p.exec(query, args...)
	return err
}

// insertRecords returns what to tell of records of calls that have one already.
func (p projection) insertRecords(records []fact.Record) (left []any, err error) {
	fresh, err := p.insertCalls(records)
	if err != nil {
		return nil, err
	}
	in := insertOfRecordings(p.dialect.spelled())
	for _, r := range records {
		key := keyOf(r)
		if !fresh[key] {
			left = append(left, "record", r.Call)
			continue
		}
		delete(fresh, key) // for a second one in the same batch
		if _, err := p.addLog(fact.CallLog{Tenant: r.Tenant, Call: r.Call, Entries: r.Log}); err != nil {
			return nil, err
		}
		if err := p.addSurvey(r); err != nil {
			return nil, err
		}
		for _, row := range rowsOfRecordings(r) {
			in.recording(row)
			if in.full() {
				if err := p.insert(in); err != nil {
					return nil, err
				}
			}
		}
	}
	return left, p.insert(in)
}

// callKey is the tenant and the call of a row.
type callKey [2]string

func keyOf(r fact.Record) callKey { return callKey{text(r.Tenant), text(r.Call)} }

// insertCalls returns the calls that had no record yet. Of two records of one
// call it takes the first.
func (p projection) insertCalls(records []fact.Record) (fresh map[callKey]bool, err error) {
	fresh = make(map[callKey]bool, len(records))
	in := insertOfCalls(p.dialect.spelled())
	for i, r := range records {
		in.call(rowOfRecord(r))
		if !in.full() && i < len(records)-1 {
			continue
		}
		query, args := in.statement()
		err := p.query(func(rows *sql.Rows) error {
			var key callKey
			err := rows.Scan(&key[0], &key[1])
			fresh[key] = true
			return err
		}, query, args...)
		if err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// addWrapUp reports whether the call had a record to add to.
func (p projection) addWrapUp(w fact.WrapUp) (bool, error) {
	changed, err := p.exec("UPDATE calls SET wrapup_ms = wrapup_ms + $1 WHERE tenant = $2 AND call = $3",
		w.Millis, text(w.Tenant), text(w.Call))
	return changed > 0, err
}
