package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

func TestWhyByCommand(t *testing.T) {
	var asked []string
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/api/v1"))
		a := center.Answer{At: 90_000, Wall: 1_760_000_000_000, Call: &center.CallView{ID: "c1", From: "13800000001", State: center.CallWaiting}}
		switch {
		case strings.Contains(r.URL.Path, "/agents/"):
			a.Call = nil
			a.Agent = &routing.AgentWhy{
				AgentInfo: routing.AgentInfo{ID: "1001", State: routing.NotReadyIn, Reason: routing.PauseMeal, Since: 30_000,
					Queues: []fact.QueueID{"sales"}, Skills: []routing.Skill{{ID: "english", Level: 60}}},
				Findings: []routing.Finding{{Rule: routing.RuleState, Detail: "NOT_READY (meal)"}},
				Tickets:  []routing.Verdict{{Agent: "1001", Ticket: "c1-t1", Rank: 1}},
			}
		case !strings.Contains(r.URL.Path, "gone"):
			a.Ticket = &routing.TicketWhy{
				TicketInfo: routing.TicketInfo{Ticket: "c1-t1", Queue: "sales", Position: 2, Score: 143_000},
				Credits:    []routing.Credit{{What: "waited", Millis: 83_000}, {What: "priority", Millis: 60_000}},
				Asks:       "english>=50",
				Ahead:      []routing.TicketInfo{{Ticket: "c2-t1", Position: 1, Score: 200_000}},
				Candidates: []routing.Verdict{{Agent: "1002", Ticket: "c1-t1", Excluded: []routing.Finding{
					{Rule: routing.RuleNeeds, Detail: "lacks english>=50 (has 30)", Until: 120_000}, {Rule: routing.RuleBackOff, Detail: "an offer has just failed", Until: 91_000}}}},
				More: 7,
			}
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(a); err != nil {
			t.Error(err)
		}
	}))
	defer answers.Close()
	defer http.DefaultClient.CloseIdleConnections()
	s := newShell(t)
	s.env = []string{"--server", answers.URL, "--token-file", s.write("token", "ops secret admin\n")}
	holds := func(out string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not in\n%s", w, out)
			}
		}
	}

	out := s.ok("why", "call", "c1", "--agent", "1002")
	holds(out, "Score     2m23s = waited 1m23s + priority 1m00s", "Asks for  english>=50", "    1  c2-t1   3m20s",
		"1002         needs: lacks english>=50 (has 30) (30s); back-off: an offer has just failed (1.0s)", "and 7 more agents")
	holds(s.ok("why", "call", "c1", "--lang", "zh"), "得分    2m23s = 已等待 1m23s + 优先级 1m00s", "技能不符: lacks english>=50 (has 30) (30s)", "另有 7 名座席")
	holds(s.ok("why", "call", "gone"), "State  waiting", "the call is in no line")
	holds(s.ok("why", "agent", "1001", "--limit", "3", "--at", "2026-11-21T08:30:00Z"), "State    NOT_READY (meal)", "For      1m00s", "Skills   english 60",
		"Why not  state: NOT_READY (meal)", "c1-t1   1")
	var answer center.Answer
	s.json(&answer, "why", "call", "c1", "--at", "10m")
	if answer.Ticket == nil || answer.Ticket.Candidates[0].Excluded[0].Until != 120_000 {
		t.Errorf("%+v", answer)
	}
	want := []string{
		"GET /calls/c1/why?agent=1002&limit=50", "GET /calls/c1/why?limit=50", "GET /calls/gone/why?limit=50",
		"GET /agents/1001/why?at=2026-11-21T08%3A30%3A00Z&limit=3",
	}
	for i, w := range want {
		if asked[i] != w {
			t.Errorf("asked %s, want %s", asked[i], w)
		}
	}
	if year := time.Now().UTC().Format("at=2006-"); !strings.Contains(asked[4], year) {
		t.Errorf("asked %s", asked[4])
	}
	s.fails(exitUsage, []string{"--at", "is no time"}, "why", "agent", "1001", "--at", "soon")
	s.fails(exitUsage, []string{"takes CALL"}, "why", "call")
}
