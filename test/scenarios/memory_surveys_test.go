package scenarios

import (
	"context"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
)

func (m *memory) Surveys(_ context.Context, f api.SurveyFilter) (all []api.Rated, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.records {
		if r.Survey != nil && (f.Score == 0 || r.Survey.Score == f.Score) {
			all = append(all, api.Rated{Call: r.Call, Survey: *r.Survey})
		}
	}
	return all, nil
}

func (m *memory) SurveyFigures(context.Context, fact.TenantID, bool, time.Time, time.Time) ([]api.SurveyCount, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := api.SurveyCount{Of: "sales"}
	for _, r := range m.records {
		if r.Talk == 0 {
			continue
		}
		count.Talks++
		if v := r.Survey; v != nil {
			count.Asked++
			if v.Score > 0 {
				count.Answered++
				count.Score += int64(v.Score)
			}
		}
	}
	return []api.SurveyCount{count}, nil
}
