package scenarios

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// memory is a store that forgets: what the engine writes and the API reads.
type memory struct {
	mu       sync.Mutex
	epoch    string
	seq      uint64
	records  []fact.Record
	events   []api.PlacedEvent
	versions []api.Version
	audit    []api.AuditRow
	pins     map[fact.AgentID]string
	list     map[string]center.Caller
	revision int64
	owed     []callback.Callback
	tries    []fact.CallbackTry
	moves    int64
	away     bool // it takes no promise
	takes    []phrase.Recording
	counted  []fact.NormCount
}

func (m *memory) Apply(_ context.Context, b fact.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch == b.Epoch && b.Seq <= m.seq {
		return nil
	}
	m.epoch, m.seq = b.Epoch, b.Seq
	for _, e := range b.Events {
		m.events = append(m.events, api.PlacedEvent{Cursor: engine.Cursor{Epoch: b.Epoch, Seq: e.Seq, N: e.N}, Event: e.Event})
	}
	m.records = append(m.records, b.Records...)
	m.counted = append(m.counted, b.Counts...)
	for _, w := range b.WrapUps {
		for i := range m.records {
			if m.records[i].Call == w.Call {
				m.records[i].WrapUp += w.Millis
			}
		}
	}
	for _, t := range b.Tries {
		m.tried(t)
	}
	for _, l := range b.Logs {
		for i := range m.records {
			if m.records[i].Call == l.Call {
				m.records[i].Log = slices.DeleteFunc(m.records[i].Log, func(e fact.LogEntry) bool {
					return slices.ContainsFunc(l.Entries, func(n fact.LogEntry) bool { return n.Agent == e.Agent && n.Field == e.Field })
				})
				m.records[i].Log = append(m.records[i].Log, l.Entries...)
			}
		}
	}
	return nil
}

func (m *memory) Applied(context.Context) (string, uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch, m.seq, nil
}

func (m *memory) CheckPIN(_ context.Context, _ fact.TenantID, agent fact.AgentID, pin string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return pin != "" && m.pins[agent] == pin, nil
}

func (m *memory) Caller(_ context.Context, _ fact.TenantID, q center.CallerQuestion) (h center.CallerHistory, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.records {
		if r.From != q.Number || r.Direction != fact.Inbound {
			continue
		}
		if r.Began >= q.Since {
			h.Calls++
		}
		if r.Began >= q.Talk && r.Agent != "" && r.Talk > 0 {
			h.Agent = r.Agent
		}
	}
	return h, nil
}

func (m *memory) Calls(_ context.Context, f api.CallFilter) (api.CallPage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	page := api.CallPage{Records: slices.Clone(m.records)}
	slices.Reverse(page.Records)
	return page, nil
}

func (m *memory) Call(_ context.Context, _ fact.TenantID, id fact.CallID) (api.CallHistory, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var h api.CallHistory
	for i := range m.records {
		if m.records[i].Call == id {
			r := m.records[i]
			h.Record = &r
		}
	}
	for _, e := range m.events {
		if e.Event.Call == id {
			h.Events = append(h.Events, e)
		}
	}
	if h.Record == nil && len(h.Events) == 0 {
		return h, fmt.Errorf("call %s: %w", id, api.ErrNotFound)
	}
	return h, nil
}

func (m *memory) Events(_ context.Context, _ fact.TenantID, after engine.Cursor, limit int) ([]api.PlacedEvent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []api.PlacedEvent
	for _, e := range m.events {
		if len(out) < limit && (e.Cursor.Seq > after.Seq || e.Cursor.Seq == after.Seq && e.Cursor.N > after.N) {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) Centre(context.Context, fact.TenantID) (api.Version, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.versions) == 0 {
		return api.Version{}, api.ErrNotFound
	}
	return m.versions[len(m.versions)-1], nil
}

func (m *memory) CentreVersion(_ context.Context, _ fact.TenantID, version int64) (api.Version, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version < 1 || version > int64(len(m.versions)) {
		return api.Version{}, api.ErrNotFound
	}
	return m.versions[version-1], nil
}

func (m *memory) CentreVersions(context.Context, fact.TenantID, int64, int) ([]api.Version, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.versions)
	slices.Reverse(all)
	return all, nil
}

func (m *memory) SaveCentre(_ context.Context, by api.Actor, _ fact.TenantID, previous int64, body []byte) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if previous != int64(len(m.versions)) {
		return 0, fmt.Errorf("the newest version is %d, not %d: %w", len(m.versions), previous, api.ErrConflict)
	}
	m.versions = append(m.versions, api.Version{Version: previous + 1, By: by.Name, Saved: time.Now(), Body: slices.Clone(body)})
	return previous + 1, nil
}

func (m *memory) SetPIN(_ context.Context, _ api.Actor, _ fact.TenantID, agent fact.AgentID, pin string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pins[agent] = pin
	return nil
}

func (m *memory) RemovePIN(_ context.Context, _ api.Actor, _ fact.TenantID, agent fact.AgentID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.pins, agent)
	return nil
}

func (m *memory) Note(_ context.Context, by api.Actor, n api.Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.audit = append(m.audit, api.AuditRow{ID: int64(len(m.audit) + 1), Wall: time.Now(), By: by.Name, Via: by.Via,
		Action: n.Action, Target: n.Target, Before: n.Before, After: n.After})
	return nil
}

func (m *memory) Audit(context.Context, api.AuditFilter) ([]api.AuditRow, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.audit)
	slices.Reverse(all)
	return all, nil
}

func (m *memory) Ping(context.Context) error { return nil }
