package api

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

var normsCounted = []fact.NormCount{
	{From: 3_600_000, Rule: "RUL-ANS-1", Queue: "sales", Agent: "1002", NormTally: fact.NormTally{Broken: 1}},
	{From: 1_800_000, Rule: "RUL-ANS-1", Queue: "sales", Agent: "1002", NormTally: fact.NormTally{Kept: 2}},
	{From: 1_800_000, Rule: "RUL-ANS-1", Queue: "sales", Agent: "1001", NormTally: fact.NormTally{Kept: 3, Measured: 3, Sum: 9000, Max: 4000}},
}

func (f NormFilter) takes(c fact.NormCount) bool {
	at := time.UnixMilli(c.From)
	return (f.Rule == "" || f.Rule == c.Rule) && (f.Queue == "" || f.Queue == c.Queue) && (f.Agent == "" || f.Agent == c.Agent) &&
		!at.Before(f.From) && (f.To.IsZero() || at.Before(f.To)) &&
		(f.After == nil || c.From < f.After.From || c.From == f.After.From && c.Agent < f.After.Agent)
}

func (s *fakeStore) NormCounts(_ context.Context, f NormFilter) (all []fact.NormCount, err error) {
	for _, c := range normsCounted {
		if f.takes(c) {
			all = append(all, c)
		}
	}
	return all[:min(len(all), f.Limit)], s.down
}

func (s *fakeStore) NormFigures(_ context.Context, by string, f NormFilter) ([]NormFigure, error) {
	all := NormFigure{Of: by}
	for _, c := range normsCounted {
		if f.takes(c) {
			all.Add(c.NormTally)
		}
	}
	return []NormFigure{all}, s.down
}

func TestNormsAreCounted(t *testing.T) {
	b := setup(t)
	for query, want := range map[string]int{
		"": 3, "?queue=sales&agent=1002": 2, "?queue=support": 0, "?from=1970-01-01T01:00:00Z": 1, "?to=1970-01-01T01:00:00Z": 2, "?limit=1": 1,
	} {
		var all NormCounts
		if b.do("GET", "/api/v1/norms/RUL-ANS-1/counts"+query, "", &all); len(all.Items) != want || all.Items == nil {
			t.Errorf("%s: %+v, want %d", query, all, want)
		}
	}
	var page NormCounts
	b.do("GET", "/api/v1/norms/RUL-ANS-1/counts?limit=2", "", &page)
	if page.Next == "" {
		t.Fatalf("%+v", page)
	}
	next := page.Next
	page = NormCounts{}
	b.do("GET", "/api/v1/norms/RUL-ANS-1/counts?limit=2&page="+next, "", &page)
	if len(page.Items) != 1 || page.Items[0] != (NormCount{1_800_000, "RUL-ANS-1", "sales", "1001", normsCounted[2].NormTally}) {
		t.Errorf("%+v", page)
	}
	for query, want := range map[string]NormFigure{
		"":                                    {"rule", fact.NormTally{Kept: 5, Broken: 1, Measured: 3, Sum: 9000, Max: 4000}},
		"?by=agent&rule=RUL-ANS-1&agent=1002": {"agent", fact.NormTally{Kept: 2, Broken: 1}},
		"?by=queue&rule=RUL-HLD-7":            {"queue", fact.NormTally{}},
	} {
		var all NormFigures
		if b.do("GET", "/api/v1/norms/figures"+query, "", &all); len(all.Figures) != 1 || all.Figures[0] != want {
			t.Errorf("%s: %+v, want %+v", query, all, want)
		}
	}
	for path, want := range map[string]int{
		"/norms/RUL-NIX-1/counts": http.StatusNotFound, "/norms/figures?rule=RUL-NIX-1": http.StatusNotFound,
	} {
		b.problem("GET", "/api/v1"+path, "", want, "not-found")
	}
	for _, path := range []string{"/norms/figures?by=colour", "/norms/RUL-ANS-1/counts?page=x", "/norms/RUL-ANS-1/counts?limit=0", "/norms/RUL-ANS-1/counts?from=yesterday"} {
		b.problem("GET", "/api/v1"+path, "", http.StatusUnprocessableEntity, "invalid")
	}
}
