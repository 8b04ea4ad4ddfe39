package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

// Actor is who a change is made for, as the audit tells it.
type Actor struct {
	// Name is the person or machine that has been authenticated; required.
	Name string
	// Via is the way they came: "rest", "cli", "phone" …
	Via string
}

// Entry is one row of the audit.
type Entry struct {
	// ID ascends with time; the audit sets it, and Wall, By and Via.
	ID     int64         `json:"id"`
	Tenant fact.TenantID `json:"tenant"`
	Wall   time.Time     `json:"wall"`
	By     string        `json:"by"`
	Via    string        `json:"via,omitempty"`
	// Action is what was done, such as "centre.save"; required.
	Action string `json:"action"`
	// Target is what it was done to, such as "agent/1001".
	Target string `json:"target,omitempty"`
	// Before and After are JSON, or nothing.
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// AuditFilter chooses entries of the audit. Zero fields choose all.
type AuditFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	// From and To bound when: from From on, before To.
	From, To           time.Time
	By, Action, Target string
	// Limit is 1 to 1000; 0 means 100.
	Limit int
	// Before is the ID of the last entry already had; 0 begins with the
	// latest.
	Before int64
}

// Audit lists entries, the latest first.
func (s *Store) Audit(ctx context.Context, f AuditFilter) ([]Entry, error) {
	const op = "list the audit"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := within(s.read.WithContext(ctx).Where("tenant = ?", text(f.Tenant)), "wall", f.From, f.To)
	for _, equal := range []struct{ column, value string }{{"actor", f.By}, {"action", f.Action}, {"target", f.Target}} {
		if equal.value != "" {
			q = q.Where(equal.column+" = ?", text(equal.value))
		}
	}
	if f.Before != 0 {
		q = q.Where("id < ?", f.Before)
	}
	var rows []auditRow
	if err := q.Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, failed(ctx, op, err)
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		entries[i] = Entry{ID: r.ID, Tenant: fact.TenantID(r.Tenant), Wall: time.UnixMilli(r.Wall).UTC(),
			By: r.Actor, Via: r.Via, Action: r.Action, Target: r.Target, Before: raw(r.Before), After: raw(r.After)}
	}
	return entries, nil
}

// Note writes an entry for something done outside the store, such as an
// operation on a live call. It sets ID, Wall, By and Via itself.
func (s *Store) Note(ctx context.Context, actor Actor, e Entry) error {
	op := "note " + e.Action
	switch {
	case e.Tenant == "":
		return failed(ctx, op, invalid("Tenant", `""`, "a tenant"))
	case e.Action == "":
		return failed(ctx, op, invalid("Action", `""`, "what was done"))
	}
	for _, state := range []struct {
		field string
		value json.RawMessage
	}{{"Before", e.Before}, {"After", e.After}} {
		if len(state.value) > 0 && !(json.Valid(state.value) && utf8.Valid(state.value)) {
			return failed(ctx, op, invalid(state.field, fmt.Sprintf("%q", state.value), "JSON or nothing"))
		}
	}
	return s.audited(ctx, op, actor, func(*gorm.DB) (*Entry, error) { return &e, nil })
}

// audited runs f in one transaction together with the audit of what it did;
// nil says that it left things as they were.
func (s *Store) audited(ctx context.Context, op string, actor Actor, f func(tx *gorm.DB) (*Entry, error)) error {
	if actor.Name == "" {
		return failed(ctx, op, invalid("Actor.Name", `""`, "who does it"))
	}
	return s.change(ctx, op, func(tx *gorm.DB) error {
		e, err := f(tx)
		if err != nil || e == nil {
			return err
		}
		return tx.Create(&auditRow{Tenant: text(e.Tenant), Wall: s.now().UnixMilli(), Actor: text(actor.Name),
			Via: text(actor.Via), Action: text(e.Action), Target: text(e.Target),
			Before: string(e.Before), After: string(e.After)}).Error
	})
}

func raw(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}
