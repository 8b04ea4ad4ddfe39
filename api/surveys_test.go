package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func init() {
	samples["PUT /api/v1/incidents/:id"] = sample{"/api/v1/incidents/outage-east", `{"on": true, "note": "光缆中断"}`, 1}
}

func TestIncidentsAreListedAndSet(t *testing.T) {
	b := setup(t)
	b.engine.view.Incidents = []center.IncidentView{{Incident: center.Incident{ID: "outage-east", Name: "东区故障"}, On: true, Since: 5, By: "chen"}}
	var all IncidentList
	b.do("GET", "/api/v1/incidents", "", &all)
	if len(all.Incidents) != 1 || !all.Incidents[0].On {
		t.Errorf("%+v", all)
	}
	b.do("PUT", "/api/v1/incidents/outage-east", `{"on": false, "note": "已修复"}`, nil)
	if op, ok := b.engine.asked[0].(center.SetIncident); !ok || op != (center.SetIncident{Incident: "outage-east", Note: "已修复"}) {
		t.Errorf("asked %+v", b.engine.asked)
	}
	if row := b.store.audit[len(b.store.audit)-1]; !strings.Contains(string(row.Before), `"on":true`) || !strings.Contains(string(row.After), `"已修复"`) {
		t.Errorf("audit row %s -> %s", row.Before, row.After)
	}
}

// rated are three ratings that every fake store has, the latest first.
var rated = []Rated{
	{Call: "c3", Survey: fact.Survey{Queue: "sales", Agent: "1001", Asked: 30, Of: 3}},
	{Call: "c2", Survey: fact.Survey{Queue: "sales", Agent: "1002", Asked: 20, Answered: 25, Score: 3, Of: 3, Name: "不满意"}},
	{Call: "c1", Survey: fact.Survey{Queue: "sales", Agent: "1001", Asked: 10, Answered: 12, Score: 1, Of: 3, Name: "满意"}},
}

func (s *fakeStore) Surveys(_ context.Context, f SurveyFilter) (all []Rated, err error) {
	for _, r := range rated {
		if (f.Agent == "" || r.Agent == f.Agent) && (f.Score == 0 || r.Score == f.Score) && (f.After == nil || r.Asked < f.After.Asked) {
			all = append(all, r)
		}
	}
	return all[:min(len(all), f.Limit)], s.down
}

func (s *fakeStore) SurveyFigures(_ context.Context, _ fact.TenantID, byAgent bool, _, _ time.Time) ([]SurveyCount, error) {
	if !byAgent {
		return []SurveyCount{{Of: "sales", Talks: 4, Asked: 3, Answered: 2, Best: 1, Worst: 1, Score: 4}}, s.down
	}
	return []SurveyCount{{Of: "1001", Talks: 3, Asked: 2, Answered: 1, Best: 1, Score: 1}, {Of: "1003", Talks: 1}}, s.down
}

func TestSurveysAreListedAndCounted(t *testing.T) {
	b := setup(t)
	var page SurveyList
	b.do("GET", "/api/v1/surveys?limit=2", "", &page)
	if len(page.Surveys) != 2 || page.Surveys[0].Call != "c3" || page.Next == "" {
		t.Fatalf("%+v", page)
	}
	b.do("GET", "/api/v1/surveys?limit=2&page="+page.Next, "", &page)
	if len(page.Surveys) != 1 || page.Surveys[0].Name != "满意" {
		t.Errorf("%+v", page)
	}
	b.do("GET", "/api/v1/surveys?score=3", "", &page)
	if len(page.Surveys) != 1 || page.Surveys[0].Call != "c2" {
		t.Errorf("%+v", page)
	}
	var list SurveyFigureList
	b.do("GET", "/api/v1/surveys/figures", "", &list)
	if f := list.All; len(list.Figures) != 1 || *f.InviteRate != 75 || *f.ResponseRate != 66.67 || *f.CSAT != 50 || *f.Mean != 2 {
		t.Errorf("%+v", list)
	}
	list = SurveyFigureList{}
	b.do("GET", "/api/v1/surveys/figures?by=agent", "", &list)
	if f := list.Figures[1]; len(list.Figures) != 2 || f.Of != "1003" || *f.InviteRate != 0 || f.ResponseRate != nil || f.CSAT != nil || list.All.Talks != 4 {
		t.Errorf("%+v", list)
	}
}

func TestHostileSurveyQuestionsAreRefused(t *testing.T) {
	b := setup(t)
	for _, path := range []string{"/surveys?score=0", "/surveys?score=11", "/surveys?limit=0", "/surveys?page=x", "/surveys?from=yesterday", "/surveys/figures?by=colour"} {
		b.problem("GET", "/api/v1"+path, "", 422, "invalid")
	}
}
