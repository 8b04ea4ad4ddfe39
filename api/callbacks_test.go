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
