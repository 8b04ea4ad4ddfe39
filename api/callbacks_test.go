package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func init() {
	samples["POST /api/v1/callbacks/:id/done"] = sample{"/api/v1/callbacks/cb-1/done", `{"note": "已回电"}`, 1}
	samples["POST /api/v1/callbacks"] = sample{"/api/v1/callbacks", `{"number": "13800000003", "queue": "sales"}`, 1}
	samples["POST /api/v1/callbacks/import"] = sample{"/api/v1/callbacks/import", `{"callbacks": [{"number": "13800000003", "queue": "sales"}]}`, 1}
	samples["POST /api/v1/callbacks/:id/reschedule"] = sample{"/api/v1/callbacks/cb-1/reschedule", `{"after": "2026-12-01T09:00:00+08:00"}`, 1}
	samples["POST /api/v1/callbacks/:id/run"] = sample{"/api/v1/callbacks/cb-1/run", "", 1}
	samples["POST /api/v1/callbacks/:id/outcome"] = sample{"/api/v1/callbacks/cb-1/outcome", `{"outcome": "machine"}`, 1}
	samples["POST /api/v1/callbacks/:id/cancel"] = sample{"/api/v1/callbacks/cb-1/cancel", "", 1}
}

// owes are two callbacks that every fake store has.
func owes() map[fact.CallbackID]callback.Callback {
	return map[fact.CallbackID]callback.Callback{
		"cb-1": {ID: "cb-1", State: callback.Open, Source: callback.FromFlow, Number: "13800000001", Queue: "sales", Call: "c1", Asked: 1},
		"cb-2": {ID: "cb-2", State: callback.Open, Source: callback.FromMessage, Queue: "sales", Agent: "1001", Asked: 2, MessageFile: "a.wav"},
	}
}

func (s *fakeStore) Callbacks(_ context.Context, f CallbackFilter) ([]callback.Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []callback.Callback
	for _, c := range s.owed { // sorted below
		if (f.State == "" || c.State == f.State) && (f.Agent == "" || c.Agent == f.Agent) && (f.After == nil || c.Asked > f.After.Asked) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b callback.Callback) int { return cmp.Compare(a.Asked, b.Asked) })
	return all[:min(len(all), f.Limit)], s.down
}

func (s *fakeStore) Callback(_ context.Context, _ fact.TenantID, id fact.CallbackID) (callback.Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.owed[id]
	if !ok {
		return c, ErrNotFound
	}
	return c, s.down
}

func (s *fakeStore) CreateCallback(_ context.Context, by Actor, _ fact.TenantID, c callback.Callback) (callback.Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return c, s.down
	}
	c.Revision = int64(len(s.owed))
	s.owed[c.ID] = c
	s.note(by, "callback.create", "callback/"+string(c.ID))
	return c, nil
}

func (s *fakeStore) MoveCallback(_ context.Context, by Actor, _ fact.TenantID, id fact.CallbackID, m callback.Moving) (callback.Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.owed[id]
	if !ok || s.down != nil {
		return c, cmp.Or(s.down, ErrNotFound)
	}
	if err := c.Move(m); err != nil {
		return c, fmt.Errorf("%w: %w", ErrConflict, err)
	}
	s.owed[id] = c
	s.note(by, "callback.move", "callback/"+string(id))
	return c, nil
}

func (s *fakeStore) CallbackAttempts(_ context.Context, _ fact.TenantID, id fact.CallbackID) ([]callback.Attempt, error) {
	if id != "cb-1" {
		return nil, s.down
	}
	return []callback.Attempt{{Call: "c9", Agent: "1001", Began: 1, Ended: 2, Outcome: callback.Busy}}, s.down
}

func (s *fakeStore) CloseCallback(_ context.Context, by Actor, _ fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.owed[id]
	if !ok || s.down != nil {
		return c, cmp.Or(s.down, ErrNotFound)
	}
	if err := c.Close(to, by.Name, note, 5); err != nil {
		if errors.Is(err, callback.ErrClosed) {
			return c, fmt.Errorf("%w: %w", ErrConflict, err)
		}
		return c, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	s.owed[id] = c
	s.note(by, "callback."+string(to), "callback/"+string(id))
	return c, nil
}

func TestCallbacksAreListedAndClosed(t *testing.T) {
	b := setup(t)
	var page CallbackList
	b.do("GET", "/api/v1/callbacks?limit=1", "", &page)
	if len(page.Callbacks) != 1 || page.Callbacks[0].ID != "cb-1" || page.Next == "" {
		t.Fatalf("%+v", page)
	}
	b.do("GET", "/api/v1/callbacks?limit=1&page="+page.Next, "", &page)
	if len(page.Callbacks) != 1 || page.Callbacks[0].ID != "cb-2" {
		t.Fatalf("%+v", page)
	}
	var done CallbackDone
	b.do("POST", "/api/v1/callbacks/cb-1/done", `{"note": "已回电"}`, &done)
	if done.Callback.State != callback.Done || done.Callback.By != "chen" || done.Cursor == "" {
		t.Errorf("%+v", done)
	}
	if op, ok := b.engine.asked[0].(center.ReportCallback); !ok || op.Callback != "cb-1" || op.Call != "c1" || op.State != callback.Done || op.By != "chen" {
		t.Errorf("told %+v", b.engine.asked)
	}
	b.problem("POST", "/api/v1/callbacks/cb-1/cancel", "", http.StatusConflict, "conflict")
	b.do("POST", "/api/v1/callbacks/cb-2/cancel", "", &done)
	b.do("GET", "/api/v1/callbacks?state=open", "", &page)
	if len(page.Callbacks) != 0 || done.Callback.State != callback.Cancelled {
		t.Errorf("%+v %+v", page, done)
	}
}

func TestHostileCallbacksAreRefused(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"GET", "/callbacks/nix", "", 404, "not-found"},
		{"GET", "/callbacks/..%2F..%2Fetc", "", 404, "not-found"},
		{"GET", "/callbacks?state=lost", "", 422, "invalid"},
		{"GET", "/callbacks?limit=0", "", 422, "invalid"},
		{"GET", "/callbacks?limit=100000", "", 422, "invalid"},
		{"GET", "/callbacks?page=x", "", 422, "invalid"},
		{"GET", "/callbacks?page=bnVsbGw", "", 422, "invalid"},
		{"POST", "/callbacks/nix/done", "", 404, "not-found"},
		{"POST", "/callbacks/cb-1/done", `{"note": "a\u0000"}`, 422, "invalid"},
		{"POST", "/callbacks/cb-1/done", `{"note": "` + strings.Repeat("啊", callback.MaxNote+1) + `"}`, 422, "invalid"},
		{"POST", "/callbacks/cb-1/done", `{"state": "open"}`, 422, "invalid"},
	} {
		b.problem(c.method, "/api/v1"+c.path, c.body, c.status, c.code)
	}
	if len(b.engine.asked) != 0 || b.store.owed["cb-1"].State != callback.Open {
		t.Errorf("%+v", b.store.owed)
	}
}

func TestCallbacksAreEnteredAndMoved(t *testing.T) {
	b := setup(t)
	var done CallbackDone
	b.do("PUT", "/api/v1/centre", centreDocument, nil)
	b.do("POST", "/api/v1/callbacks", `{"number": "13800000003", "queue": "sales", "due": "2026-12-01T18:00:00+08:00", "due_source": "agent", "override": true}`, &done)
	c := done.Callback
	if c.Number != "13800000003" || c.Due != 1796119200000 || c.Promised != c.Due || c.DueSource != callback.DueByAgent || c.Override == "" || c.Source != callback.FromPeople || done.Cursor == "" {
		t.Fatalf("%+v", done)
	}
	if op, ok := b.engine.asked[len(b.engine.asked)-1].(center.TellCallbacks); !ok || len(op.Callbacks) != 1 || op.Callbacks[0].ID != c.ID {
		t.Errorf("the centre is told %+v", b.engine.asked)
	}
	done = CallbackDone{}
	b.do("POST", "/api/v1/callbacks/"+string(c.ID)+"/reschedule", `{"after": "2026-12-02T09:00:00+08:00"}`, &done)
	if done.Callback.After != 1796173200000 || done.Callback.Due != 0 || done.Callback.Promised != c.Due {
		t.Errorf("%+v", done)
	}
	var one CallbackDetail
	b.do("GET", "/api/v1/callbacks/cb-1", "", &one)
	if one.Plan == nil || one.Plan.From == 0 || len(one.Tries) != 1 || one.Tries[0].Outcome != callback.Busy {
		t.Errorf("%+v", one)
	}
	for body, names := range map[string]string{
		`{"number": "1", "queue": "sales"}`: "number", `{"number": "110", "queue": "sales"}`: "number", `{"number": "13800000003", "queue": "nix"}`: "queue",
		`{"number": "13800000003", "queue": "sales", "agent": "9"}`: "agent", `{"number": "13800000003", "queue": "sales", "zone": "Local"}`: "zone",
		`{"number": "13800000003", "queue": "sales", "due": "soon"}`: "due", `{"number": "13800000003", "queue": "sales", "due_source": "customer"}`: "due",
	} {
		if p := b.problem("POST", "/api/v1/callbacks", body, http.StatusUnprocessableEntity, "invalid"); !strings.Contains(fmt.Sprintf("%+v", p), names) {
			t.Errorf("%s: %+v", body, p)
		}
	}
	// All of a file are checked before the first is kept.
	before := len(b.store.owed)
	p := b.problem("POST", "/api/v1/callbacks/import", `{"callbacks": [{"number": "13800000004", "queue": "sales"}, {"number": "13800000005", "queue": "nix"}]}`, http.StatusUnprocessableEntity, "invalid")
	if !strings.Contains(p.Detail, "callback 2") || len(b.store.owed) != before {
		t.Errorf("%+v, %d kept", p, len(b.store.owed)-before)
	}
	var f callback.Forecast
	b.do("GET", "/api/v1/callbacks/forecast?agents=2&each=60", "", &f)
	if f.Open == 0 {
		t.Errorf("%+v", f)
	}
}
