package main

import (
	"context"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// normFilter is the store's filter of the API's.
func normFilter(f api.NormFilter) store.NormFilter {
	return store.NormFilter{Tenant: f.Tenant, Rule: f.Rule, Queue: f.Queue, Agent: f.Agent, From: f.From, To: f.To, Limit: f.Limit,
		After: (*store.NormCursor)(f.After)}
}

func (s *stored) NormCounts(ctx context.Context, f api.NormFilter) ([]fact.NormCount, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.NormCounts(ctx, normFilter(f))
	return all, told(err)
}

func (s *stored) NormFigures(ctx context.Context, by string, f api.NormFilter) ([]api.NormFigure, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.NormFigures(ctx, store.By(by), normFilter(f))
	out := make([]api.NormFigure, len(all))
	for i, v := range all {
		out[i] = api.NormFigure(v)
	}
	return out, told(err)
}
