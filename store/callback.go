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
	Stage       string
	Customer    string
	Case        string
	Promised    int64
	Due         int64
	DueSource   string
	After       int64
	Zone        string
	Override    string
	Attempts    int
	Tried       int64
	Outcome     string
	Row         int `gorm:"column:row_length"`
	LastCall    string
	Next        int64
	Revision    int64
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
	Stage  callback.Stage // "" for any
	// DueBefore chooses those that are due before an instant in wall-clock
	// milliseconds, 0 for all.
	DueBefore int64
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
		{"state", string(f.State)}, {"queue", string(f.Queue)}, {"agent", string(f.Agent)}, {"number", f.Number}, {"stage", string(f.Stage)},
	} {
		if equal.value != "" {
			q = q.Where(equal.column+" = ?", text(equal.value))
		}
	}
	if f.DueBefore != 0 {
		q = q.Where("due > 0 AND due < ?", f.DueBefore)
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

// ChangedCallbacks are those that people have changed after a revision, and for 0
// every one that is open: what a centre that knows that revision is to be told.
func (s *Store) ChangedCallbacks(ctx context.Context, tenant fact.TenantID, after int64) ([]callback.Callback, error) {
	q := s.read.WithContext(ctx).Where("tenant = ?", text(tenant))
	if after == 0 {
		q = q.Where("state = ?", string(callback.Open))
	} else {
		q = q.Where("revision > ?", after)
	}
	var rows []callbackRow
	if err := q.Order("revision, asked, id").Find(&rows).Error; err != nil {
		return nil, failed(ctx, "read changed callbacks", err)
	}
	all := make([]callback.Callback, len(rows))
	for i, r := range rows {
		all[i] = r.callback()
	}
	return all, nil
}

// CreateCallback keeps a callback that somebody has entered, and is it with its
// revision. ErrConflict: there is one of that id.
func (s *Store) CreateCallback(ctx context.Context, actor Actor, tenant fact.TenantID, c callback.Callback) (callback.Callback, error) {
	op := "create callback " + string(c.ID)
	if tenant == "" || c.ID == "" || text(c.ID) != string(c.ID) {
		return callback.Callback{}, failed(ctx, op, invalid("ID", fmt.Sprintf("%q", c.ID), "a tenant and 1 to 512 bytes of UTF-8"))
	}
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		var err error
		if c.Revision, err = s.nextCallback(tx, tenant); err != nil {
			return nil, err
		}
		row := rowOfCallback(tenant, c)
		done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		switch {
		case done.Error != nil:
			return nil, done.Error
		case done.RowsAffected == 0:
			return nil, fmt.Errorf("%w: there is one of that id", ErrConflict)
		}
		c = row.callback()
		e := &Entry{Tenant: tenant, Action: "callback.create", Target: "callback/" + string(c.ID)}
		e.After, err = json.Marshal(c)
		return e, err
	})
	return c, err
}

// nextCallback is the next revision of a tenant's callbacks: their changes come
// one after the other, whoever makes them.
func (s *Store) nextCallback(tx *gorm.DB, tenant fact.TenantID) (next int64, err error) {
	if err := s.dialect.inTurn(tx, "callbacks of "+text(tenant)); err != nil {
		return 0, err
	}
	err = tx.Model(&callbackRow{}).Where("tenant = ?", text(tenant)).Select("COALESCE(MAX(revision), 0) + 1").Scan(&next).Error
	return next, err
}

// MoveCallback says anew when a callback is to be called, and is the callback
// then. ErrNotFound: there is none of that id; ErrConflict: it is closed.
func (s *Store) MoveCallback(ctx context.Context, actor Actor, tenant fact.TenantID, id fact.CallbackID, m callback.Moving) (callback.Callback, error) {
	return s.changeCallback(ctx, actor, tenant, id, "move", func(c *callback.Callback) error { return c.Move(m) })
}

// CloseCallback says what came of a callback, and is the callback then.
// ErrNotFound: there is none of that id; ErrConflict: it is closed already.
func (s *Store) CloseCallback(ctx context.Context, actor Actor, tenant fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error) {
	return s.changeCallback(ctx, actor, tenant, id, string(to), func(c *callback.Callback) error {
		return c.Close(to, actor.Name, note, s.now().UnixMilli())
	})
}

// changeCallback changes what people may of a callback.
func (s *Store) changeCallback(ctx context.Context, actor Actor, tenant fact.TenantID, id fact.CallbackID, action string,
	f func(*callback.Callback) error) (callback.Callback, error) {
	op := action + " callback " + string(id)
	if action == string(callback.Done) || action == string(callback.Cancelled) {
		op = "close callback " + string(id)
	}
	if tenant == "" || id == "" {
		return callback.Callback{}, failed(ctx, op, invalid("ID", fmt.Sprintf("%q", id), "a tenant and a callback"))
	}
	var after callback.Callback
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		revision, err := s.nextCallback(tx, tenant)
		if err != nil {
			return nil, err
		}
		row, err := callbackOf(tx, tenant, id)
		if err != nil {
			return nil, err
		}
		after = row.callback()
		switch err := f(&after); {
		case errors.Is(err, callback.ErrClosed):
			return nil, fmt.Errorf("%w: it is %s already", ErrConflict, row.State)
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		after.Revision = revision
		now := rowOfCallback(tenant, after)
		// What attempts do to it besides is theirs. Of two who close it at once
		// one changes no row.
		done := tx.Model(&callbackRow{}).Where("tenant = ? AND id = ? AND state = ?", row.Tenant, row.ID, row.State).Updates(map[string]any{
			"state": now.State, "stage": now.Stage, "note": now.Note, "closed_by": now.ClosedBy, "closed": now.Closed, "revision": revision,
			"after": now.After, "due": now.Due, "due_source": now.DueSource, "override": now.Override, "promised": now.Promised,
			"attempts": now.Attempts, "row_length": now.Row, "next": now.Next,
		})
		switch {
		case done.Error != nil:
			return nil, done.Error
		case done.RowsAffected == 0:
			return nil, fmt.Errorf("%w: somebody else has just closed it", ErrConflict)
		}
		e := &Entry{Tenant: tenant, Action: "callback." + action, Target: "callback/" + string(id)}
		if e.Before, err = json.Marshal(row.change()); err != nil {
			return nil, err
		}
		e.After, err = json.Marshal(now.change())
		return e, err
	})
	return after, err
}

// change is what the audit says of a callback before a change, and after it.
func (r callbackRow) change() map[string]any {
	all := map[string]any{"state": r.State, "number": r.Number, "queue": r.Queue, "agent": r.Agent}
	for name, value := range map[string]string{"note": r.Note, "due_source": r.DueSource, "override": r.Override, "stage": r.Stage} {
		if value != "" {
			all[name] = value
		}
	}
	for name, value := range map[string]int64{"due": r.Due, "after": r.After} {
		if value != 0 {
			all[name] = value
		}
	}
	return all
}

func rowOfCallback(tenant fact.TenantID, c callback.Callback) callbackRow {
	return callbackRow{Tenant: text(tenant), ID: string(c.ID), State: text(c.State), Source: text(c.Source), Number: text(c.Number),
		Name: text(c.Name), Queue: text(c.Queue), Agent: text(c.Agent), Reason: prose(c.Reason), Call: text(c.Call), Ticket: text(c.Ticket),
		Asked: c.Asked, Joined: c.Joined, Needs: prose(c.Needs), Priority: c.Priority, Level: text(c.Level), Language: text(c.Language),
		Message: text(c.Message), MessageFile: prose(c.MessageFile), MessageMs: c.MessageMs, Note: prose(c.Note), ClosedBy: text(c.By), Closed: c.Closed,
		Stage: text(c.Stage), Customer: text(c.Customer), Case: text(c.Case), Promised: c.Promised, Due: c.Due, DueSource: text(c.DueSource), After: c.After,
		Zone: text(c.Zone), Override: text(c.Override), Attempts: c.Attempts, Tried: c.Tried, Outcome: text(c.Outcome), Row: c.Row,
		LastCall: text(c.LastCall), Next: c.Next, Revision: c.Revision}
}

func (r callbackRow) callback() callback.Callback {
	return callback.Callback{ID: fact.CallbackID(r.ID), Tenant: fact.TenantID(r.Tenant), State: callback.State(r.State),
		Source: callback.Source(r.Source), Number: r.Number, Name: r.Name, Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent),
		Reason: r.Reason, Call: fact.CallID(r.Call), Ticket: fact.TicketID(r.Ticket), Asked: r.Asked, Joined: r.Joined, Needs: r.Needs,
		Priority: r.Priority, Level: r.Level, Language: r.Language, Message: fact.RecordingID(r.Message), MessageFile: r.MessageFile,
		MessageMs: r.MessageMs, Note: r.Note, By: r.ClosedBy, Closed: r.Closed,
		Stage: callback.Stage(r.Stage), Customer: r.Customer, Case: r.Case, Promised: r.Promised, Due: r.Due, DueSource: callback.DueSource(r.DueSource),
		After: r.After, Zone: r.Zone, Override: r.Override, Attempts: r.Attempts, Tried: r.Tried, Outcome: callback.Outcome(r.Outcome), Row: r.Row,
		LastCall: fact.CallID(r.LastCall), Next: r.Next, Revision: r.Revision}
}
