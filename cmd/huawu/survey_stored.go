package main

import (
	"context"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

func (s *stored) Surveys(ctx context.Context, f api.SurveyFilter) ([]api.Rated, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.Surveys(ctx, store.SurveyFilter{Tenant: f.Tenant, From: f.From, To: f.To, Queue: f.Queue, Agent: f.Agent, Score: f.Score,
		Limit: f.Limit, After: (*store.SurveyCursor)(f.After)})
	out := make([]api.Rated, len(all))
	for i, v := range all {
		out[i] = api.Rated(v)
	}
	return out, told(err)
}

func (s *stored) SurveyFigures(ctx context.Context, tenant fact.TenantID, byAgent bool, from, to time.Time) ([]api.SurveyCount, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	by := store.ByQueue
	if byAgent {
		by = store.ByAgent
	}
	all, err := db.SurveyFigures(ctx, tenant, by, from, to)
	out := make([]api.SurveyCount, len(all))
	for i, c := range all {
		out[i] = api.SurveyCount(c)
	}
	return out, told(err)
}
