package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

// Pruned is what one pass of Prune has deleted.
type Pruned struct {
	Calls  int `json:"calls"`
	Events int `json:"events"`
	// Counts are half-hours of what was counted of a service norm.
	Counts int `json:"counts"`
	// Recordings are the files that no row names any more; the caller, who
	// knows where they lie, deletes them.
	Recordings []fact.RecordingFile `json:"recordings,omitempty"`
}

// More says whether there may be something left for another pass.
func (p Pruned) More() bool { return p.Calls > 0 || p.Events > 0 || p.Counts > 0 }

// Prune deletes calls of a tenant that ended, events that happened, and counts of
// norms in half-hours that began, before an instant: at most limit (1 to 1000, 0
// means 100) of each, so that it keeps no other writer waiting for long. The caller repeats it until
// nothing is left. The cursor stays: what was pruned does not come back.
func (s *Store) Prune(ctx context.Context, actor Actor, tenant fact.TenantID, before time.Time, limit int) (Pruned, error) {
	op := "prune " + string(tenant)
	limit, err := limitOf(limit)
	switch {
	case err == nil && tenant == "":
		err = invalid("tenant", `""`, "a tenant")
	case err == nil && before.IsZero():
		err = invalid("before", before, "an instant")
	}
	if err != nil {
		return Pruned{}, failed(ctx, op, err)
	}
	var pruned Pruned
	err = s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		pruned = Pruned{}
		if err := pruneCalls(tx, tenant, before, limit, &pruned); err != nil {
			return nil, err
		}
		done := tx.Exec(`DELETE FROM call_events WHERE (journal, seq, n) IN
			(SELECT journal, seq, n FROM call_events WHERE tenant = ? AND wall < ? ORDER BY wall LIMIT ?)`,
			text(tenant), before.UnixMilli(), limit)
		pruned.Events = int(done.RowsAffected)
		if done.Error != nil {
			return nil, done.Error
		}
		done = tx.Exec(`DELETE FROM norm_counts WHERE (tenant, rule, half_hour, queue, agent) IN
			(SELECT tenant, rule, half_hour, queue, agent FROM norm_counts WHERE tenant = ? AND half_hour < ? ORDER BY half_hour LIMIT ?)`,
			text(tenant), before.UnixMilli(), limit)
		pruned.Counts = int(done.RowsAffected)
		if done.Error != nil || !pruned.More() {
			return nil, done.Error
		}
		after := fmt.Sprintf(`{"calls":%d,"events":%d,"counts":%d,"recordings":%d,"before":%q}`, pruned.Calls, pruned.Events,
			pruned.Counts, len(pruned.Recordings), before.UTC().Format(time.RFC3339Nano))
		return &Entry{Tenant: tenant, Action: "history.prune", Target: "calls", After: json.RawMessage(after)}, nil
	})
	if err != nil {
		return Pruned{}, err
	}
	return pruned, nil
}

func pruneCalls(tx *gorm.DB, tenant fact.TenantID, before time.Time, limit int, pruned *Pruned) error {
	var ids []string
	err := tx.Model(&callRow{}).Where("tenant = ? AND began < ? AND ended < ?", text(tenant), before.UnixMilli(), before.UnixMilli()).
		Order("began, call").Limit(limit).Pluck("call", &ids).Error
	if err != nil || len(ids) == 0 {
		return err
	}
	var files []recordingRow
	if err := tx.Where("tenant = ? AND call IN ?", text(tenant), ids).Order("call, n").Find(&files).Error; err != nil {
		return err
	}
	for _, f := range files {
		pruned.Recordings = append(pruned.Recordings, f.file())
	}
	// The recordings' rows go with their calls (ON DELETE CASCADE).
	done := tx.Where("tenant = ? AND call IN ?", text(tenant), ids).Delete(&callRow{})
	pruned.Calls = int(done.RowsAffected)
	return done.Error
}
