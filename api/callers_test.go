package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

func init() {
	samples["PUT /api/v1/callers/:id/deny"] = sample{"/api/v1/callers/13800000001/deny", `{"reason": "辱骂"}`, 1}
	samples["PUT /api/v1/callers/:id/level"] = sample{"/api/v1/callers/13800000001/level", `{"reason": "银卡", "language": "en"}`, 1}
	samples["POST /api/v1/callers/:id/strikes"] = sample{"/api/v1/callers/13800000001/strikes", `{"reason": "辱骂", "call": "c1"}`, 1}
	samples["POST /api/v1/callers/:id/approve"] = sample{"/api/v1/callers/13800000007/approve", "", 1}
	samples["POST /api/v1/callers/:id/lift"] = sample{"/api/v1/callers/13800000007/lift", "", 1}
}

// lists is the list of numbers in memory.
type lists struct {
	callers  map[string]center.Caller
	revision int64
}

func (l *lists) change(number string, f func(*center.Caller) error) (center.Caller, error) {
	c := l.callers[number]
	c.Number, c.Entries, c.Strikes = number, slices.Clone(c.Entries), slices.Clone(c.Strikes)
	before := fmt.Sprint(c.Entries)
	if err := f(&c); err != nil {
		return c, err
	}
	if fmt.Sprint(c.Entries) != before {
		l.revision++
		for i := range c.Entries {
			c.Entries[i].Revision = l.revision
		}
	}
	if l.callers == nil {
		l.callers = map[string]center.Caller{}
	}
	l.callers[number] = c
	return c, nil
}

func (s *fakeStore) ChangeCaller(_ context.Context, by Actor, _ fact.TenantID, number, action string, f func(*center.Caller) error) (center.Caller, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return center.Caller{}, s.down
	}
	c, err := s.lists.change(number, f)
	if err == nil {
		s.note(by, action, "caller/"+number)
	}
	return c, err
}

func (s *fakeStore) Listed(_ context.Context, _ fact.TenantID, number string) (center.Caller, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.lists.callers[number]
	c.Number = number
	return c, s.down
}

func (s *fakeStore) ListedPage(_ context.Context, f CallerFilter) ([]center.Caller, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []center.Caller
	for _, c := range s.lists.callers { // sorted below
		if c.Number > f.After {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b center.Caller) int { return strings.Compare(a.Number, b.Number) })
	return all[:min(len(all), f.Limit)], s.down
}

func (s *fakeStore) ListedNumbers(context.Context, fact.TenantID, time.Time) (all []center.Entry, revision int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.lists.callers {
		all = append(all, c.Entries...)
	}
	return all, s.lists.revision, s.down
}

// denies is a bench whose centre tells callers that they are denied.
func denies(t *testing.T) *bench {
	t.Helper()
	b := setup(t)
	document := `{"country": "CN", "zone": "Asia/Shanghai", "callers": {"denied": "denied"}, "order": {"levels": [{"id": "vip", "worth": "10m"}]}}`
	if res := b.do("PUT", "/api/v1/centre", document, nil); res.StatusCode != http.StatusOK {
		t.Fatalf("%d", res.StatusCode)
	}
	return b
}

func TestCallersAreDeniedAndLifted(t *testing.T) {
	b := denies(t)
	var done CallerDone
	b.do("PUT", "/api/v1/callers/%2B86%20138%200000%200001/deny", `{"reason": "辱骂", "until": "2099-12-31"}`, &done)
	want := time.Date(2099, 12, 31, 16, 0, 0, 0, time.UTC).UnixMilli()
	if c := done.Caller; c.Number != "13800000001" || c.E164 != "+8613800000001" || !c.Denied || len(c.Entries) != 1 ||
		c.Entries[0].Expires != want || c.Entries[0].Approved != "chen" || done.Cursor == "" {
		t.Fatalf("%+v", done)
	}
	op, ok := b.engine.asked[0].(center.ListNumbers)
	if !ok || op.Whole || op.Revision != 1 || len(op.Entries) != 1 || op.Entries[0].Number != "13800000001" {
		t.Fatalf("the centre is told %+v", b.engine.asked)
	}
	b.do("PUT", "/api/v1/callers/13800000001/deny", `{"reason": "辱骂", "until": "2099-12-31T12:00:00+08:00"}`, &done)
	if want := time.Date(2099, 12, 31, 4, 0, 0, 0, time.UTC).UnixMilli(); done.Caller.Entries[0].Expires != want {
		t.Errorf("%+v, want the end at %d", done, want)
	}
	var all CallerList
	b.do("GET", "/api/v1/callers", "", &all)
	if len(all.Callers) != 1 || !all.Callers[0].Denied {
		t.Errorf("%+v", all)
	}
	b.do("POST", "/api/v1/callers/13800000001/lift", "", &done)
	if done.Caller.Denied || done.Caller.Entries[0].State != center.EntryLifted {
		t.Errorf("%+v", done)
	}
	b.problem("POST", "/api/v1/callers/13800000001/lift", "", http.StatusConflict, "conflict")
}

func TestStrikesProposeADenialThatSomebodyApproves(t *testing.T) {
	b := denies(t)
	for i := range 4 {
		var done CallerDone
		b.do("POST", "/api/v1/callers/13800000001/strikes", `{"reason": "辱骂", "call": "c1"}`, &done)
		if done.Proposed != (i == 2) || done.Caller.Denied || done.Caller.Counted != i+1 {
			t.Fatalf("strike %d: %+v", i+1, done)
		}
	}
	if op, ok := b.engine.asked[len(b.engine.asked)-1].(center.ReportStrike); !ok || op.Count != 4 || op.By != "chen" || op.Call != "c1" {
		t.Errorf("told %+v", op)
	}
	var done CallerDone
	b.do("POST", "/api/v1/callers/13800000001/approve", `{"until": "2099-01-01"}`, &done)
	if e := done.Caller.Entries[0]; !done.Caller.Denied || done.Caller.Counted != 0 || e.Requested != "strikes" || e.Approved != "chen" || e.Expires == 0 {
		t.Errorf("%+v", done)
	}
	b.problem("POST", "/api/v1/callers/13800000001/approve", "", http.StatusConflict, "conflict")
}

func TestHostileCallersAreRefusedAndChangeNothing(t *testing.T) {
	b := denies(t)
	long := strings.Repeat("啊", center.MaxReason+1)
	for _, c := range []struct{ method, path, body, code string }{
		{"PUT", "/callers/x/deny", `{"reason": "a"}`, "invalid"},
		{"PUT", "/callers/anonymous/deny", `{"reason": "a"}`, "invalid"},
		{"PUT", "/callers/1%00/deny", `{"reason": "a"}`, "invalid"},
		{"PUT", "/callers/1'%3B%20DROP%20TABLE%20calls/deny", `{"reason": "a"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": ""}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "a\u0000b"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "` + long + `"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "a", "until": "31.12.2026"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "a", "until": "2001-01-01"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "a", "until": "1970-01-01T00:00:00Z"}`, "invalid"},
		{"PUT", "/callers/138/deny", `{"reason": "a", "level": "vip"}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a"}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a", "level": "gold"}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a", "language": "中文"}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a", "attributes": {"A b": "x"}}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a", "attributes": {"number": "x"}}`, "invalid"},
		{"PUT", "/callers/138/level", `{"reason": "a", "attributes": {"card": "` + long + `"}}`, "invalid"},
		{"POST", "/callers/138/strikes", `{"reason": "\u0007"}`, "invalid"},
		{"POST", "/callers/138/lift", `{"kind": "all"}`, "invalid"},
		{"POST", "/callers/138/lift", ``, "not-found"},
		{"POST", "/callers/138/approve", ``, "conflict"},
	} {
		status := map[string]int{"invalid": 422, "not-found": 404, "conflict": 409}[c.code]
		b.problem(c.method, "/api/v1"+c.path, c.body, status, c.code)
	}
	if len(b.store.lists.callers) != 0 || len(b.engine.asked) != 0 {
		t.Errorf("%+v %+v", b.store.lists, b.engine.asked)
	}
	// Nobody is denied where nothing tells them so, nor on somebody's approval.
	silent := setup(t)
	silent.problem("PUT", "/api/v1/callers/138/deny", `{"reason": "a"}`, http.StatusConflict, "conflict")
	for range 3 {
		silent.do("POST", "/api/v1/callers/138/strikes", `{"reason": "a"}`, nil)
	}
	silent.problem("POST", "/api/v1/callers/138/approve", "", http.StatusConflict, "conflict")
	if c := silent.store.lists.callers["138"]; len(c.Entries) != 1 || c.Entries[0].State != center.EntryProposed {
		t.Errorf("%+v", c)
	}
}

// A change that the store took and the centre did not is told, and made good by
// the next one.
func TestAChangeOfTheListThatTheCentreMissedIsMadeGood(t *testing.T) {
	b := denies(t)
	b.engine.fail = engine.ErrBusy
	b.problem("PUT", "/api/v1/callers/13800000001/deny", `{"reason": "a"}`, http.StatusServiceUnavailable, "not-in-effect")
	b.engine.fail = nil
	b.do("PUT", "/api/v1/callers/13800000002/deny", `{"reason": "b"}`, nil)
	if op, ok := b.engine.asked[0].(center.ListNumbers); !ok || !op.Whole || len(op.Entries) != 2 || op.Revision != 2 {
		t.Errorf("%+v", b.engine.asked)
	}
	b.store.down = ErrUnavailable
	b.problem("PUT", "/api/v1/callers/13800000001/deny", `{"reason": "a"}`, http.StatusServiceUnavailable, "unavailable")
}
