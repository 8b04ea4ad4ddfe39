package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

type entryRow struct {
	Tenant      string `gorm:"primaryKey"`
	Number      string `gorm:"primaryKey"`
	Kind        string `gorm:"primaryKey"`
	State       string
	Level       string
	Language    string
	Attributes  string
	Reason      string
	Expires     int64
	RequestedBy string
	RequestedAt int64
	ApprovedBy  string
	ApprovedAt  int64
	Revision    int64
}

type strikeRow struct {
	ID     int64 `gorm:"primaryKey;autoIncrement"`
	Tenant string
	Number string
	Wall   int64
	Actor  string
	Call   string
	Reason string
}

func (entryRow) TableName() string  { return "number_list" }
func (strikeRow) TableName() string { return "number_strikes" }

// CallerFilter chooses numbers of the list. Zero fields choose all.
type CallerFilter struct {
	// Tenant is required.
	Tenant fact.TenantID
	Kind   center.ListKind
	State  center.EntryState
	// Limit is 1 to 1000; 0 means 100.
	Limit int
	// After is the last number already had.
	After string
}

// ChangeCaller lets f change what the list has of a number, and writes that
// with its audit. It returns what the list has then; entries that f changed
// have the next revision. An error of f's is the error, and nothing changes.
// Changes of one tenant's list come one after the other, whoever makes them.
func (s *Store) ChangeCaller(ctx context.Context, actor Actor, tenant fact.TenantID, number, action string,
	f func(*center.Caller) error) (center.Caller, error) {
	op := fmt.Sprintf("%s %s", action, number)
	switch {
	case tenant == "":
		return center.Caller{}, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	case number == "" || text(number) != number:
		return center.Caller{}, failed(ctx, op, invalid("number", fmt.Sprintf("%q", number), "1 to 512 bytes of UTF-8"))
	}
	var after center.Caller
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		if err := s.dialect.inTurn(tx, "list of "+text(tenant)); err != nil {
			return nil, err
		}
		before, err := callerOf(tx, tenant, number)
		if err != nil {
			return nil, err
		}
		if after, err = callerOf(tx, tenant, number); err != nil { // f changes it in place
			return nil, err
		}
		if err := f(&after); err != nil {
			return nil, err
		}
		if err := saveCaller(tx, tenant, before, &after); err != nil {
			return nil, err
		}
		return callerEntry(tenant, number, action, before, after)
	})
	return after, err
}

// callerEntry is the audit of a change; without one there is none.
func callerEntry(tenant fact.TenantID, number, action string, before, after center.Caller) (*Entry, error) {
	if reflect.DeepEqual(before, after) {
		return nil, nil
	}
	e := &Entry{Tenant: tenant, Action: action, Target: "caller/" + number}
	var err error
	if len(before.Entries)+len(before.Strikes) > 0 {
		if e.Before, err = json.Marshal(before); err != nil {
			return nil, err
		}
	}
	e.After, err = json.Marshal(after)
	return e, err
}

// callerOf is what the list has of a number.
func callerOf(tx *gorm.DB, tenant fact.TenantID, number string) (center.Caller, error) {
	all, err := callersOf(tx, tenant, []string{number})
	return all[0], err
}

// callersOf is what the list has of each of some numbers.
func callersOf(tx *gorm.DB, tenant fact.TenantID, numbers []string) ([]center.Caller, error) {
	all := make([]center.Caller, len(numbers))
	by := make(map[string]*center.Caller, len(numbers))
	for i, number := range numbers {
		all[i].Number = number
		by[number] = &all[i]
	}
	of := func() *gorm.DB { return tx.Where("tenant = ? AND number IN ?", text(tenant), numbers) }
	var rows []entryRow
	if err := of().Order("number, kind").Find(&rows).Error; err != nil {
		return all, err
	}
	for _, r := range rows {
		e, err := r.entry()
		if err != nil {
			return all, err
		}
		by[r.Number].Entries = append(by[r.Number].Entries, e)
	}
	var strikes []strikeRow
	if err := of().Order("number, wall, id").Find(&strikes).Error; err != nil {
		return all, err
	}
	for _, r := range strikes {
		by[r.Number].Strikes = append(by[r.Number].Strikes, center.Strike{At: r.Wall, By: r.Actor, Call: fact.CallID(r.Call), Reason: r.Reason})
	}
	return all, nil
}

// saveCaller writes what has changed of a number.
func saveCaller(tx *gorm.DB, tenant fact.TenantID, before center.Caller, after *center.Caller) error {
	for i := range after.Entries {
		e := &after.Entries[i]
		if slices.ContainsFunc(before.Entries, func(old center.Entry) bool { return reflect.DeepEqual(old, *e) }) {
			continue
		}
		revision, err := listRevision(tx, tenant)
		if err != nil {
			return err
		}
		e.Revision = revision + 1
		row, err := rowOfEntry(tenant, *e)
		if err != nil {
			return err
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
	}
	if reflect.DeepEqual(before.Strikes, after.Strikes) {
		return nil
	}
	// A number has few, and the oldest may have made room.
	if err := tx.Where("tenant = ? AND number = ?", text(tenant), after.Number).Delete(&strikeRow{}).Error; err != nil {
		return err
	}
	rows := make([]strikeRow, len(after.Strikes))
	for i, s := range after.Strikes {
		rows[i] = strikeRow{Tenant: text(tenant), Number: after.Number, Wall: s.At, Actor: text(s.By), Call: text(s.Call), Reason: s.Reason}
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Create(&rows).Error
}

// listRevision is the newest revision of a tenant's list, 0 for an empty one.
func listRevision(tx *gorm.DB, tenant fact.TenantID) (int64, error) {
	var newest int64
	err := tx.Model(&entryRow{}).Where("tenant = ?", text(tenant)).Select("COALESCE(MAX(revision), 0)").Scan(&newest).Error
	return newest, err
}

// ListedNumbers is every entry that is active and has not expired at an
// instant, in the order of numbers and kinds, and the list's revision.
func (s *Store) ListedNumbers(ctx context.Context, tenant fact.TenantID, at time.Time) (entries []center.Entry, revision int64, err error) {
	const op = "read the list of numbers"
	if tenant == "" {
		return nil, 0, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	}
	err = s.view(ctx, op, func(tx *gorm.DB) error {
		entries = nil
		var rows []entryRow
		err := tx.Where("tenant = ? AND state = ? AND (expires = 0 OR expires > ?)", text(tenant), string(center.EntryActive), at.UnixMilli()).
			Order("number, kind").Find(&rows).Error
		if err != nil {
			return err
		}
		for _, r := range rows {
			e, err := r.entry()
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
		revision, err = listRevision(tx, tenant)
		return err
	})
	return entries, revision, err
}

// Listed is what the list has of one number; a number that it has nothing of is
// no error.
func (s *Store) Listed(ctx context.Context, tenant fact.TenantID, number string) (center.Caller, error) {
	op := "read number " + number
	if tenant == "" || number == "" {
		return center.Caller{}, failed(ctx, op, invalid("number", `""`, "a tenant and a number"))
	}
	var c center.Caller
	err := s.view(ctx, op, func(tx *gorm.DB) (err error) {
		c, err = callerOf(tx, tenant, text(number))
		return err
	})
	return c, err
}

// ListedPage lists numbers that have an entry or a strike, in their order, each
// with all that the list has of it.
func (s *Store) ListedPage(ctx context.Context, f CallerFilter) ([]center.Caller, error) {
	const op = "list numbers"
	limit, err := limitOf(f.Limit)
	if err == nil && f.Tenant == "" {
		err = invalid("Tenant", `""`, "a tenant")
	}
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	var all []center.Caller
	err = s.view(ctx, op, func(tx *gorm.DB) error {
		entries := tx.Model(&entryRow{}).Select("number").Where("tenant = ? AND number > ?", text(f.Tenant), text(f.After))
		if f.Kind != "" {
			entries = entries.Where("kind = ?", string(f.Kind))
		}
		if f.State != "" {
			entries = entries.Where("state = ?", string(f.State))
		}
		var numbers []string
		err := entries.Distinct().Order("number").Limit(limit).Pluck("number", &numbers).Error
		if err != nil {
			return err
		}
		if f.Kind == "" && f.State == "" {
			var struck []string
			err := tx.Model(&strikeRow{}).Where("tenant = ? AND number > ?", text(f.Tenant), text(f.After)).Distinct().Order("number").Limit(limit).
				Pluck("number", &struck).Error
			if err != nil {
				return err
			}
			numbers = mergeSorted(numbers, struck, limit)
		}
		all, err = callersOf(tx, f.Tenant, numbers)
		return err
	})
	return all, err
}

// mergeSorted is the beginning of two ascending lists as one, without repeats.
func mergeSorted(a, b []string, limit int) []string {
	var all []string
	for len(all) < limit && len(a)+len(b) > 0 {
		var next string
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			next, a = a[0], a[1:]
		} else {
			next, b = b[0], b[1:]
		}
		if len(all) == 0 || all[len(all)-1] != next {
			all = append(all, next)
		}
	}
	return all
}

func rowOfEntry(tenant fact.TenantID, e center.Entry) (entryRow, error) {
	r := entryRow{Tenant: text(tenant), Number: e.Number, Kind: string(e.Kind), State: string(e.State), Level: text(e.Level),
		Language: text(e.Language), Reason: e.Reason, Expires: e.Expires, RequestedBy: text(e.Requested), RequestedAt: e.RequestedAt,
		ApprovedBy: text(e.Approved), ApprovedAt: e.ApprovedAt, Revision: e.Revision}
	if len(e.Attributes) > 0 {
		b, err := json.Marshal(e.Attributes)
		if err != nil {
			return r, err
		}
		r.Attributes = string(b)
	}
	return r, nil
}

func (r entryRow) entry() (center.Entry, error) {
	e := center.Entry{Number: r.Number, Kind: center.ListKind(r.Kind), State: center.EntryState(r.State), Level: r.Level, Language: r.Language,
		Reason: r.Reason, Expires: r.Expires, Requested: r.RequestedBy, RequestedAt: r.RequestedAt, Approved: r.ApprovedBy,
		ApprovedAt: r.ApprovedAt, Revision: r.Revision}
	if r.Attributes != "" {
		if err := json.Unmarshal([]byte(r.Attributes), &e.Attributes); err != nil {
			return e, fmt.Errorf("attributes of %s: %w", r.Number, err)
		}
	}
	return e, nil
}
