package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
)

func TestWhyIsAsked(t *testing.T) {
	b := setup(t)
	var a center.Answer
	b.do("GET", "/api/v1/calls/c1/why?at=2026-11-21T08:30:00Z", "", &a, "Authorization", "Bearer "+readSecret)
	if a.Call == nil || a.Call.ID != "c1" || a.Wall != time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("%+v", a)
	}
	a = center.Answer{}
	b.do("GET", "/api/v1/agents/1001/why?limit=7", "", &a)
	if a.Agent == nil || a.Agent.ID != "1001" || a.Call != nil {
		t.Errorf("%+v", a)
	}
	b.do("GET", "/api/v1/calls/c1/why?agent=1002", "", &a)
	want := []center.Question{{Call: "c1", Limit: 50}, {Agent: "1001", Limit: 7}, {Call: "c1", Agent: "1002", Limit: 50}}
	if len(b.engine.whys) != len(want) {
		t.Fatalf("asked %+v", b.engine.whys)
	}
	for i, q := range b.engine.whys {
		if q != want[i] {
			t.Errorf("asked %+v, want %+v", q, want[i])
		}
	}
	b.problem("GET", "/api/v1/calls/c9/why", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/agents/1001/why?at=yesterday", "", http.StatusUnprocessableEntity, "invalid")
	b.problem("GET", "/api/v1/agents/1001/why?limit=0", "", http.StatusUnprocessableEntity, "invalid")
	b.problem("GET", "/api/v1/calls/c1/why?at=2001-01-01T00:00:00Z", "", http.StatusGone, "gone")
	b.problem("GET", "/api/v1/calls/c1/why", "", http.StatusUnauthorized, "unauthenticated", "Authorization", "")
}
