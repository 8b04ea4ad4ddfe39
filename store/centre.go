package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

// maxBody bounds the source of a centre, in bytes.
const maxBody = 16 << 20

// Centre is one version of what a tenant's centre works by, as it was written.
// Versions are counted from 1 and never change.
type Centre struct {
	Tenant  fact.TenantID `json:"tenant"`
	Version int64         `json:"version"`
	// Body is the source; nil in lists.
	Body  []byte    `json:"body,omitempty"`
	By    string    `json:"by"`
	Saved time.Time `json:"saved"`
}

// SaveCentre adds a version and returns its number. previous is the version
// that body was made from, 0 for the first; ErrConflict says that it is not the
// newest any more. A body equal to the newest version's is no change: it
// returns that version. Whether the body makes sense is the caller's to check;
// ErrInvalid means one that is empty, no UTF-8 text or over 16 MiB.
func (s *Store) SaveCentre(ctx context.Context, actor Actor, tenant fact.TenantID, previous int64, body []byte) (int64, error) {
	op := fmt.Sprintf("save the centre of %s", tenant)
	switch {
	case tenant == "":
		return 0, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	case len(body) == 0 || len(body) > maxBody:
		return 0, failed(ctx, op, invalid("body's length", len(body), "1 byte to 16 MiB"))
	case !utf8.Valid(body) || strings.IndexByte(string(body), 0) >= 0:
		return 0, failed(ctx, op, invalid("body", "not text", "UTF-8 without NUL"))
	}
	var version int64
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		newest, err := newestCentre(tx, tenant)
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, err
		}
		if newest.Version != previous {
			return nil, fmt.Errorf("%w: the newest version is %d, not %d", ErrConflict, newest.Version, previous)
		}
		if newest.Body == string(body) {
			version = newest.Version
			return nil, nil
		}
		// Two that save at once both get here; the primary key lets one pass.
		version = previous + 1
		row := centreRow{Tenant: text(tenant), Version: version, Body: string(body),
			SavedBy: text(actor.Name), Wall: s.now().UnixMilli()}
		if err := tx.Create(&row).Error; err != nil {
			return nil, err
		}
		e := &Entry{Tenant: tenant, Action: "centre.save", Target: "centre", After: versionJSON(version)}
		if previous > 0 {
			e.Before = versionJSON(previous)
		}
		return e, nil
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// Centre is the newest version. ErrNotFound: there is none.
func (s *Store) Centre(ctx context.Context, tenant fact.TenantID) (Centre, error) {
	row, err := newestCentre(s.read.WithContext(ctx), tenant)
	return row.centre(), failed(ctx, "read the centre of "+string(tenant), err)
}

// CentreVersion is one version. ErrNotFound: there is no such version.
func (s *Store) CentreVersion(ctx context.Context, tenant fact.TenantID, version int64) (Centre, error) {
	var row centreRow
	err := s.read.WithContext(ctx).Where("tenant = ? AND version = ?", text(tenant), version).Take(&row).Error
	return row.centre(), failed(ctx, fmt.Sprintf("read version %d of the centre of %s", version, tenant), err)
}

// CentreVersions lists the versions without their bodies, the newest first.
// before is the last version already had, 0 to begin; limit is 1 to 1000, 0
// means 100.
func (s *Store) CentreVersions(ctx context.Context, tenant fact.TenantID, before int64, limit int) ([]Centre, error) {
	op := "list the versions of the centre of " + string(tenant)
	limit, err := limitOf(limit)
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := s.read.WithContext(ctx).Omit("body").Where("tenant = ?", text(tenant))
	if before != 0 {
		q = q.Where("version < ?", before)
	}
	var rows []centreRow
	if err := q.Order("version DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, failed(ctx, op, err)
	}
	versions := make([]Centre, len(rows))
	for i, row := range rows {
		versions[i] = row.centre()
	}
	return versions, nil
}

func newestCentre(tx *gorm.DB, tenant fact.TenantID) (centreRow, error) {
	var row centreRow
	err := tx.Where("tenant = ?", text(tenant)).Order("version DESC").Take(&row).Error
	return row, err
}

func (r centreRow) centre() Centre {
	c := Centre{Tenant: fact.TenantID(r.Tenant), Version: r.Version, By: r.SavedBy, Saved: time.UnixMilli(r.Wall).UTC()}
	if r.Body != "" {
		c.Body = []byte(r.Body)
	}
	return c
}

func versionJSON(version int64) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"version":%d}`, version))
}
