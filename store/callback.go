package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
)

type callbackRow struct {
	Tenant      string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	State       string
	Source      string
	Number      string
	Name        string
	Queue       string
	Agent       string
	Reason      string
	Call        string
	Ticket      string
	Asked       int64
	Joined      int64
	Needs       string
	Priority    int
	Level       string
	Language    string
	Message     string
	MessageFile string
	MessageMs   int64
	Note        string
	ClosedBy    string
	Closed      int64
}

func (callbackRow) TableName() string { return "callback" }

// CallbackFilter chooses callbacks. Zero fields choose all.
type CallbackFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	State  callback.State
	Queue  fact.QueueID
	Agent  fact.AgentID
	Number string
	// Limit is 1 to 1000; 0 means 100.
	Limit int
	// After is the last callback already had, nil to begin.
	After *CallbackCursor
}

// CallbackCursor is a place in a list of callbacks.
type CallbackCursor struct {
	Asked int64
	ID    fact.CallbackID
}

// KeepCallback has a callback in the store when it returns nil. One that is
// there already stays as it is: the same promise is kept once.
func (s *Store) KeepCallback(ctx context.Context, tenant fact.TenantID, c callback.Callback) error {
	op := "keep callback " + string(c.ID)
	switch {
	case tenant == "":
		return failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	case c.ID == "" || text(c.ID) != string(c.ID):
		return failed(ctx, op, invalid("ID", fmt.Sprintf("%q", c.ID), "1 to 512 bytes of UTF-8"))
	}
	return s.change(ctx, op, func(tx *gorm.DB) error {
		row := rowOfCallback(tenant, c)
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	})
}

// Callback is one callback. ErrNotFound: there is none of that id.
func (s *Store) Callback(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) (callback.Callback, error) {
	row, err := callbackOf(s.read.WithContext(ctx), tenant, id)
	return row.callback(), failed(ctx, "read callback "+string(id), err)
}

func callbackOf(tx *gorm.DB, tenant fact.TenantID, id fact.CallbackID) (callbackRow, error) {
	var row callbackRow
	err := tx.Where("tenant = ? AND id = ?", text(tenant), text(id)).Take(&row).Error
	return row, err
}

// Callbacks lists callbacks, those that were asked for first at the top.
func (s *Store) Callbacks(ctx context.Context, f CallbackFilter) ([]callback.Callback, error) {
	const op = "list callbacks"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := s.read.WithContext(ctx).Where("tenant = ?", text(f.Tenant))
	for _, equal := range []struct{ column, value string }{
		{"state", string(f.State)}, {"queue", string(f.Queue)}, {"agent", string(f.Agent)}, {"number", f.Number},
	} {
		if equal.value != "" {
			q = q.Where(equal.column+" = ?", text(equal.value))
		}
	}
	if f.After != nil {
		q = q.Where("(asked, id) > (?, ?)", f.After.Asked, text(f.After.ID))
	}
	var rows []callbackRow
	if err := q.Order("asked, id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, failed(ctx, op, err)
	}
	all := make([]callback.Callback, len(rows))
	for i, r := range rows {
		all[i] = r.callback()
	}
	return all, nil
}

// CloseCallback says what came of a callback, and is the callback then.
// ErrNotFound: there is none of that id; ErrConflict: it is closed already.
func (s *Store) CloseCallback(ctx context.Context, actor Actor, tenant fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error) {
	op := "close callback " + string(id)
	if tenant == "" || id == "" {
		return callback.Callback{}, failed(ctx, op, invalid("ID", fmt.Sprintf("%q", id), "a tenant and a callback"))
	}
	var after callback.Callback
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		row, err := callbackOf(tx, tenant, id)
		if err != nil {
			return nil, err
		}
		after = row.callback()
		switch err := after.Close(to, actor.Name, note, s.now().UnixMilli()); {
		case errors.Is(err, callback.ErrClosed):
			return nil, fmt.Errorf("%w: it is %s already", ErrConflict, row.State)
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		// Of two who close it at once one changes no row.
		done := tx.Model(&callbackRow{}).Where("tenant = ? AND id = ? AND state = ?", row.Tenant, row.ID, row.State).
			Updates(map[string]any{"state": string(after.State), "note": after.Note, "closed_by": text(after.By), "closed": after.Closed})
		if done.Error == nil && done.RowsAffected == 0 {
			return nil, fmt.Errorf("%w: somebody else has just closed it", ErrConflict)
		}
		if done.Error != nil {
			return nil, done.Error
		}
		e := &Entry{Tenant: tenant, Action: "callback." + string(to), Target: "callback/" + string(id)}
		if e.Before, err = json.Marshal(map[string]any{"state": row.State, "number": row.Number, "queue": row.Queue, "agent": row.Agent}); err != nil {
			return nil, err
		}
		e.After, err = json.Marshal(map[string]any{"state": after.State, "note": after.Note})
		return e, err
	})
	return after, err
}

func rowOfCallback(tenant fact.TenantID, c callback.Callback) callbackRow {
	return callbackRow{Tenant: text(tenant), ID: string(c.ID), State: text(c.State), Source: text(c.Source), Number: text(c.Number),
		Name: text(c.Name), Queue: text(c.Queue), Agent: text(c.Agent), Reason: prose(c.Reason), Call: text(c.Call), Ticket: text(c.Ticket),
		Asked: c.Asked, Joined: c.Joined, Needs: prose(c.Needs), Priority: c.Priority, Level: text(c.Level), Language: text(c.Language),
		Message: text(c.Message), MessageFile: prose(c.MessageFile), MessageMs: c.MessageMs, Note: prose(c.Note), ClosedBy: text(c.By), Closed: c.Closed}
}

func (r callbackRow) callback() callback.Callback {
	return callback.Callback{ID: fact.CallbackID(r.ID), Tenant: fact.TenantID(r.Tenant), State: callback.State(r.State),
		Source: callback.Source(r.Source), Number: r.Number, Name: r.Name, Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent),
		Reason: r.Reason, Call: fact.CallID(r.Call), Ticket: fact.TicketID(r.Ticket), Asked: r.Asked, Joined: r.Joined, Needs: r.Needs,
		Priority: r.Priority, Level: r.Level, Language: r.Language, Message: fact.RecordingID(r.Message), MessageFile: r.MessageFile,
		MessageMs: r.MessageMs, Note: r.Note, By: r.ClosedBy, Closed: r.Closed}
}
