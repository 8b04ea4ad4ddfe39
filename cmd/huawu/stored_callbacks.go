package main

import (
	"context"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// Keep puts a promise into the store (engine.Keeper).
func (s *stored) Keep(ctx context.Context, tenant fact.TenantID, k center.Keep) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return db.KeepCallback(ctx, tenant, k.Callback)
}

func (s *stored) Callbacks(ctx context.Context, f api.CallbackFilter) ([]callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.Callbacks(ctx, store.CallbackFilter{Tenant: f.Tenant, State: f.State, Queue: f.Queue, Agent: f.Agent, Number: f.Number,
		Stage: f.Stage, DueBefore: f.DueBefore, Limit: f.Limit, After: (*store.CallbackCursor)(f.After)})
	return all, told(err)
}

func (s *stored) Callback(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) (callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return callback.Callback{}, err
	}
	c, err := db.Callback(ctx, tenant, id)
	return c, told(err)
}

func (s *stored) CreateCallback(ctx context.Context, by api.Actor, tenant fact.TenantID, c callback.Callback) (callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return callback.Callback{}, err
	}
	c, err = db.CreateCallback(ctx, store.Actor(by), tenant, c)
	return c, told(err)
}

func (s *stored) MoveCallback(ctx context.Context, by api.Actor, tenant fact.TenantID, id fact.CallbackID, m callback.Moving) (callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return callback.Callback{}, err
	}
	c, err := db.MoveCallback(ctx, store.Actor(by), tenant, id, m)
	return c, told(err)
}

func (s *stored) CallbackAttempts(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) ([]callback.Attempt, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.CallbackAttempts(ctx, tenant, id)
	return all, told(err)
}

func (s *stored) ChangedCallbacks(ctx context.Context, tenant fact.TenantID, after int64) ([]callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.ChangedCallbacks(ctx, tenant, after)
	return all, told(err)
}

func (s *stored) CloseCallback(ctx context.Context, by api.Actor, tenant fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error) {
	db, err := s.open()
	if err != nil {
		return callback.Callback{}, err
	}
	c, err := db.CloseCallback(ctx, store.Actor(by), tenant, id, to, note)
	return c, told(err)
}
