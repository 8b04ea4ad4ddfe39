package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

// The bounds of a page.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// CallFilter chooses calls that have ended. Zero fields choose all.
type CallFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	// From and To bound when the call began: from From on, before To.
	From, To time.Time
	Queue    fact.QueueID
	Agent    fact.AgentID
	// Number is the caller's or the dialled one, exactly.
	Number string
	// Limit is 1 to 1000; 0 means 100.
	Limit int
	// After is the Next of the page before.
	After *CallCursor
}

// CallCursor is a place in a list of calls.
type CallCursor struct {
	Began int64       `json:"began"`
	Call  fact.CallID `json:"call"`
}

// CallPage is a part of a list of calls, the latest first.
type CallPage struct {
	Records []fact.Record
	// Next is where the list goes on, nil at its end.
	Next *CallCursor
}

// CallHistory is what is known of one call.
type CallHistory struct {
	// Record is nil while the call goes on.
	Record *fact.Record
	Events []Event
}

// Calls lists calls that have ended, the latest first. ErrInvalid names the
// field of the filter that is wrong.
func (s *Store) Calls(ctx context.Context, f CallFilter) (CallPage, error) {
	const op = "list calls"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return CallPage{}, failed(ctx, op, err)
	}
	var page CallPage
	err = s.view(ctx, op, func(tx *gorm.DB) error {
		q := within(tx.Where("tenant = ?", text(f.Tenant)), "began", f.From, f.To)
		if f.Queue != "" {
			q = q.Where("queue = ?", text(f.Queue))
		}
		if f.Agent != "" {
			q = q.Where("agent = ?", text(f.Agent))
		}
		if f.Number != "" {
			q = q.Where("(from_number = ? OR to_number = ?)", text(f.Number), text(f.Number))
		}
		if f.After != nil {
			q = q.Where("(began, call) < (?, ?)", f.After.Began, text(f.After.Call))
		}
		var rows []callRow
		if err := q.Order("began DESC, call DESC").Limit(limit + 1).Find(&rows).Error; err != nil {
			return err
		}
		page = CallPage{}
		if len(rows) > limit {
			rows = rows[:limit]
			last := rows[limit-1]
			page.Next = &CallCursor{Began: last.Began, Call: fact.CallID(last.Call)}
		}
		page.Records, err = withRecordings(tx, f.Tenant, rows)
		return err
	})
	return page, err
}

// Call is everything about one call, ended or not, its events in order.
// ErrNotFound: nothing is known of it.
func (s *Store) Call(ctx context.Context, tenant fact.TenantID, id fact.CallID) (CallHistory, error) {
	var history CallHistory
	if id == "" { // the events of no call have it
		return history, failed(ctx, "read call", invalid("call", `""`, "the id of a call"))
	}
	err := s.view(ctx, "read call "+string(id), func(tx *gorm.DB) error {
		history = CallHistory{}
		var row callRow
		err := tx.Where("tenant = ? AND call = ?", text(tenant), text(id)).Take(&row).Error
		switch {
		case err == nil:
			records, err := withRecordings(tx, tenant, []callRow{row})
			if err != nil {
				return err
			}
			history.Record = &records[0]
		case !errors.Is(err, gorm.ErrRecordNotFound):
			return err
		}
		// The condition on '' is what lets the partial index serve.
		history.Events, err = findEvents(tx.Where("tenant = ? AND call = ? AND call <> ''", text(tenant), text(id)))
		if err == nil && history.Record == nil && len(history.Events) == 0 {
			err = ErrNotFound
		}
		return err
	})
	return history, err
}

// withRecordings makes records of rows of one tenant, in their order, with what
// was written and what callers thought about them.
func withRecordings(tx *gorm.DB, tenant fact.TenantID, rows []callRow) ([]fact.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.Call
	}
	var found []recordingRow
	err := tx.Where("tenant = ? AND call IN ?", text(tenant), ids).Order("call, n").Find(&found).Error
	if err != nil {
		return nil, err
	}
	files := make(map[string][]fact.RecordingFile, len(rows))
	for _, f := range found {
		files[f.Call] = append(files[f.Call], f.file())
	}
	logs, err := logsOf(tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	surveys, err := surveysOf(tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	records := make([]fact.Record, len(rows))
	for i, row := range rows {
		records[i] = row.record(files[row.Call])
		records[i].Log, records[i].Survey = logs[row.Call], surveys[row.Call]
	}
	return records, nil
}

// within bounds a column of wall-clock milliseconds: from from on, before to.
func within(q *gorm.DB, column string, from, to time.Time) *gorm.DB {
	if !from.IsZero() {
		q = q.Where(column+" >= ?", from.UnixMilli())
	}
	if !to.IsZero() {
		q = q.Where(column+" < ?", to.UnixMilli())
	}
	return q
}

func limitOf(limit int) (int, error) {
	if limit == 0 {
		return defaultLimit, nil
	}
	if limit < 0 || limit > maxLimit {
		return 0, invalid("Limit", limit, "1 to 1000")
	}
	return limit, nil
}
