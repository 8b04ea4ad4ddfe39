package api

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

// fakeStore keeps in memory what the API asks of a store.
type fakeStore struct {
	mu       sync.Mutex
	versions []Version
	pins     map[fact.AgentID]string
	audit    []AuditRow
	records  []fact.Record
	events   []PlacedEvent
	down     error
	lists    lists
	owed     map[fact.CallbackID]callback.Callback
	takes    takes
}

func newFakeStore() *fakeStore {
	return &fakeStore{pins: map[fact.AgentID]string{}, owed: owes(), takes: oneTake}
}

func (s *fakeStore) note(by Actor, action, target string) {
	s.audit = append(s.audit, AuditRow{ID: int64(len(s.audit) + 1), By: by.Name, Via: by.Via, Action: action, Target: target})
}

func (s *fakeStore) Calls(_ context.Context, f CallFilter) (CallPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return CallPage{}, s.down
	}
	var page CallPage
	for _, r := range s.records {
		if (f.Queue != "" && r.Queue != f.Queue) || (f.After != nil && r.Began >= f.After.Began) {
			continue
		}
		if len(page.Records) == f.Limit {
			last := page.Records[f.Limit-1]
			page.Next = &CallCursor{Began: last.Began, Call: last.Call}
			break
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

func (s *fakeStore) Call(_ context.Context, _ fact.TenantID, id fact.CallID) (CallHistory, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return CallHistory{}, s.down
	}
	var h CallHistory
	for i := range s.records {
		if s.records[i].Call == id {
			h.Record = &s.records[i]
		}
	}
	for _, e := range s.events {
		if e.Event.Call == id {
			h.Events = append(h.Events, e)
		}
	}
	if h.Record == nil && len(h.Events) == 0 {
		return h, fmt.Errorf("call: %w", ErrNotFound)
	}
	return h, nil
}

func (s *fakeStore) Events(_ context.Context, _ fact.TenantID, after engine.Cursor, limit int) ([]PlacedEvent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if after.Epoch != fakeEpoch {
		return nil, fmt.Errorf("no journal %q: %w", after.Epoch, ErrNotFound)
	}
	var out []PlacedEvent
	for _, e := range s.events {
		if e.Cursor.Seq > after.Seq && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, s.down
}

func (s *fakeStore) Centre(context.Context, fact.TenantID) (Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return Version{}, s.down
	}
	if len(s.versions) == 0 {
		return Version{}, ErrNotFound
	}
	return s.versions[len(s.versions)-1], nil
}

func (s *fakeStore) CentreVersion(_ context.Context, _ fact.TenantID, version int64) (Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version < 1 || version > int64(len(s.versions)) {
		return Version{}, ErrNotFound
	}
	return s.versions[version-1], nil
}

func (s *fakeStore) CentreVersions(_ context.Context, _ fact.TenantID, before int64, limit int) ([]Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.versions)
	slices.Reverse(all)
	all = slices.DeleteFunc(all, func(v Version) bool { return before > 0 && v.Version >= before })
	return all[:min(len(all), limit)], s.down
}

func (s *fakeStore) SaveCentre(_ context.Context, by Actor, _ fact.TenantID, previous int64, body []byte) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return 0, s.down
	}
	if previous != int64(len(s.versions)) {
		return 0, fmt.Errorf("the newest version is %d, not %d: %w", len(s.versions), previous, ErrConflict)
	}
	s.versions = append(s.versions, Version{Version: previous + 1, By: by.Name, Body: slices.Clone(body), Saved: time.Unix(1, 0)})
	s.note(by, "centre.save", "centre")
	return previous + 1, nil
}

func (s *fakeStore) SetPIN(_ context.Context, by Actor, _ fact.TenantID, agent fact.AgentID, pin string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return s.down
	}
	if !pinForm.MatchString(pin) {
		return fmt.Errorf("set the PIN of agent %s: PIN is of another form, want 4 to 12 digits: %w", agent, ErrInvalid)
	}
	s.pins[agent] = pin
	s.note(by, "pin.set", "agent/"+string(agent))
	return nil
}

func (s *fakeStore) RemovePIN(_ context.Context, by Actor, _ fact.TenantID, agent fact.AgentID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.pins[agent]; !ok {
		return ErrNotFound
	}
	delete(s.pins, agent)
	s.note(by, "pin.remove", "agent/"+string(agent))
	return nil
}

func (s *fakeStore) CheckPIN(_ context.Context, _ fact.TenantID, agent fact.AgentID, pin string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pins[agent] == pin && pin != "", s.down
}

func (s *fakeStore) Note(_ context.Context, by Actor, n Note) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return s.down
	}
	s.note(by, n.Action, n.Target)
	s.audit[len(s.audit)-1].Before, s.audit[len(s.audit)-1].After = n.Before, n.After
	return nil
}

func (s *fakeStore) Audit(context.Context, AuditFilter) ([]AuditRow, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.audit)
	slices.Reverse(all)
	return all, s.down
}

func (s *fakeStore) Ping(context.Context) error { return s.down }
