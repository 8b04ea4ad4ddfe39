package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// What leaders look at is among the metrics.
func TestStandingsAreMetrics(t *testing.T) {
	b := setup(t)
	standing := func(s center.AgentStanding) center.AgentView {
		return center.AgentView{ID: "x", State: routing.NotReadyIn, AgentStanding: s}
	}
	owing := standing(center.AgentStanding{})
	owing.Reason = routing.PauseLog
	b.engine.view.Agents = []center.AgentView{
		standing(center.AgentStanding{Pause: &center.PauseView{Over: 1}}), standing(center.AgentStanding{Pause: &center.PauseView{}}),
		standing(center.AgentStanding{Request: &center.RequestView{Status: routing.RequestPending}}),
		standing(center.AgentStanding{Request: &center.RequestView{Status: routing.RequestDenied}}),
		owing, owing, {ID: "y", State: routing.HandoverState},
	}
	b.engine.view.Alerts = []center.AlertCount{{Kind: fact.AlertLeader, Rule: "RUL-ANS-1", Reason: "rona", Times: 3}}
	var text string
	if res := b.do(http.MethodGet, "/metrics", "", &text); res.StatusCode != http.StatusOK {
		t.Fatal(res.StatusCode)
	}
	for _, want := range []string{
		`huawu_agents_overrun{tenant="default"} 1`, `huawu_agents_asking{tenant="default"} 1`, `huawu_agents_owing{tenant="default"} 2`,
		`huawu_alerts_total{kind="alert.leader",reason="rona",rule="RUL-ANS-1",tenant="default"} 3`,
		`huawu_agents{state="HANDOVER",tenant="default"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}
