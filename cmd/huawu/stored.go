package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/store"
)

// storeRetry is the pause between two attempts to open a store that is away.
const storeRetry = 2 * time.Second

// stored is the store as engine and API ask for it. A store that is away when
// huawu starts is opened when it comes back: live calls do not wait for it.
type stored struct {
	options store.Options
	log     *slog.Logger
	long    func() (over func()) // what takes a processor for long
	opened  atomic.Pointer[store.Store]
}

// openStore opens the store at once if it can be. Only a store that is away
// may come later; every other fault is an error.
func openStore(ctx context.Context, o store.Options, log *slog.Logger, long func() (over func())) (*stored, error) {
	s := &stored{options: o, log: log, long: long}
	db, err := store.Open(ctx, o)
	if err == nil {
		s.opened.Store(db)
		return s, nil
	}
	if errors.Is(err, store.ErrUnavailable) && ctx.Err() == nil {
		log.Error("the store is away; calls go on without it", "error", err)
		return s, nil
	}
	return nil, err
}

// keepOpening opens a store that was away, calls then, and returns.
func (s *stored) keepOpening(ctx context.Context, then func(context.Context)) error {
	for s.opened.Load() == nil {
		select {
		case <-time.After(storeRetry):
		case <-ctx.Done():
			return nil
		}
		db, err := store.Open(ctx, s.options)
		switch {
		case err == nil:
			s.log.Info("the store is back")
			s.opened.Store(db)
			then(ctx)
		case errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil:
			s.log.Debug("the store is still away", "error", err)
		default:
			s.log.Error("the store cannot be opened", "error", err)
		}
	}
	return nil
}

// Close closes the store if it is open.
func (s *stored) Close() error {
	if db := s.opened.Load(); db != nil {
		return db.Close()
	}
	return nil
}

func (s *stored) open() (*store.Store, error) {
	if db := s.opened.Load(); db != nil {
		return db, nil
	}
	return nil, fmt.Errorf("it has been away since the start: %w", api.ErrUnavailable)
}

// told gives an error of the store the words of the API.
func told(err error) error {
	return inWords(err, []wording{
		{store.ErrNotFound, api.ErrNotFound}, {store.ErrConflict, api.ErrConflict}, {store.ErrInvalid, api.ErrInvalid},
		{store.ErrUnavailable, api.ErrUnavailable}, {store.ErrRefused, api.ErrUnavailable}, {store.ErrFull, api.ErrUnavailable},
	})
}

// wording is an error of a room below and the API's that it amounts to.
type wording struct{ from, to error }

// inWords gives an error of a room below the words of the API.
func inWords(err error, all []wording) error {
	for _, w := range all {
		if errors.Is(err, w.from) {
			return &worded{err, w.to}
		}
	}
	return err
}

// worded is an error of a room below that is one of the API's too.
type worded struct{ err, as error }

func (e *worded) Error() string   { return e.err.Error() }
func (e *worded) Unwrap() []error { return []error{e.err, e.as} }

// Apply and Applied are what the engine asks (engine.Store).
func (s *stored) Apply(ctx context.Context, b fact.Batch) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	defer s.long()()
	return db.Apply(ctx, b)
}

// Applied is how far the store has come (engine.Store).
func (s *stored) Applied(ctx context.Context) (epoch string, seq uint64, err error) {
	db, err := s.open()
	if err != nil {
		return "", 0, err
	}
	return db.Applied(ctx)
}

// CheckPIN says whether a PIN is the agent's (engine.Lookup, api.Store).
func (s *stored) CheckPIN(ctx context.Context, tenant fact.TenantID, agent fact.AgentID, pin string) (bool, error) {
	db, err := s.open()
	if err != nil {
		return false, err
	}
	defer s.long()() // a hash is made to take long
	ok, err := db.CheckPIN(ctx, tenant, agent, pin)
	return ok, told(err)
}

// Caller is what is known of a caller (engine.Lookup).
func (s *stored) Caller(ctx context.Context, tenant fact.TenantID, q center.CallerQuestion) (center.CallerHistory, error) {
	db, err := s.open()
	if err != nil {
		return center.CallerHistory{}, err
	}
	return db.Caller(ctx, tenant, q)
}

// The rest is what the API asks (api.Store).

func (s *stored) Calls(ctx context.Context, f api.CallFilter) (api.CallPage, error) {
	db, err := s.open()
	if err != nil {
		return api.CallPage{}, err
	}
	page, err := db.Calls(ctx, store.CallFilter{Tenant: f.Tenant, From: f.From, To: f.To, Queue: f.Queue, Agent: f.Agent,
		Number: f.Number, Limit: f.Limit, After: (*store.CallCursor)(f.After)})
	return api.CallPage{Records: page.Records, Next: (*api.CallCursor)(page.Next)}, told(err)
}

func (s *stored) Call(ctx context.Context, tenant fact.TenantID, id fact.CallID) (api.CallHistory, error) {
	db, err := s.open()
	if err != nil {
		return api.CallHistory{}, err
	}
	h, err := db.Call(ctx, tenant, id)
	return api.CallHistory{Record: h.Record, Events: placed(h.Events)}, told(err)
}

func (s *stored) Events(ctx context.Context, tenant fact.TenantID, after engine.Cursor, limit int) ([]api.PlacedEvent, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	events, err := db.Events(ctx, store.EventFilter{Tenant: tenant, After: store.Cursor(after), Limit: limit})
	return placed(events), told(err)
}

func placed(events []store.Event) []api.PlacedEvent {
	out := make([]api.PlacedEvent, len(events))
	for i, e := range events {
		out[i] = api.PlacedEvent{Cursor: engine.Cursor(e.Cursor()), Event: e.Event}
	}
	return out
}

func (s *stored) Centre(ctx context.Context, tenant fact.TenantID) (api.Version, error) {
	db, err := s.open()
	if err != nil {
		return api.Version{}, err
	}
	c, err := db.Centre(ctx, tenant)
	return versionOf(c), told(err)
}

func (s *stored) CentreVersion(ctx context.Context, tenant fact.TenantID, version int64) (api.Version, error) {
	db, err := s.open()
	if err != nil {
		return api.Version{}, err
	}
	c, err := db.CentreVersion(ctx, tenant, version)
	return versionOf(c), told(err)
}

func (s *stored) CentreVersions(ctx context.Context, tenant fact.TenantID, before int64, limit int) ([]api.Version, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.CentreVersions(ctx, tenant, before, limit)
	out := make([]api.Version, len(all))
	for i, c := range all {
		out[i] = versionOf(c)
	}
	return out, told(err)
}

func versionOf(c store.Centre) api.Version {
	return api.Version{Version: c.Version, By: c.By, Saved: c.Saved, Body: c.Body}
}

func (s *stored) SaveCentre(ctx context.Context, by api.Actor, tenant fact.TenantID, previous int64, body []byte) (int64, error) {
	db, err := s.open()
	if err != nil {
		return 0, err
	}
	version, err := db.SaveCentre(ctx, store.Actor(by), tenant, previous, body)
	return version, told(err)
}

func (s *stored) SetPIN(ctx context.Context, by api.Actor, tenant fact.TenantID, agent fact.AgentID, pin string) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return told(db.SetPIN(ctx, store.Actor(by), tenant, agent, pin))
}

func (s *stored) RemovePIN(ctx context.Context, by api.Actor, tenant fact.TenantID, agent fact.AgentID) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return told(db.RemovePIN(ctx, store.Actor(by), tenant, agent))
}

func (s *stored) Note(ctx context.Context, by api.Actor, n api.Note) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return told(db.Note(ctx, store.Actor(by), store.Entry{Tenant: n.Tenant, Action: n.Action, Target: n.Target, Before: n.Before, After: n.After}))
}

func (s *stored) Audit(ctx context.Context, f api.AuditFilter) ([]api.AuditRow, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	entries, err := db.Audit(ctx, store.AuditFilter(f))
	out := make([]api.AuditRow, len(entries))
	for i, e := range entries {
		out[i] = api.AuditRow{ID: e.ID, Wall: e.Wall, By: e.By, Via: e.Via, Action: e.Action, Target: e.Target, Before: e.Before, After: e.After}
	}
	return out, told(err)
}

// Mark notes a misuse against a number (engine.Keeper).
func (s *stored) Mark(ctx context.Context, tenant fact.TenantID, m center.Mark) (marked center.Marked, err error) {
	db, err := s.open()
	if err != nil {
		return marked, err
	}
	_, err = db.ChangeCaller(ctx, store.Actor{Name: m.Strike.By, Via: "scene"}, tenant, m.Number, api.ActionStrike, func(c *center.Caller) (err error) {
		marked, err = m.On(c)
		return err
	})
	return marked, err
}

func (s *stored) ChangeCaller(ctx context.Context, by api.Actor, tenant fact.TenantID, number, action string,
	f func(*center.Caller) error) (center.Caller, error) {
	db, err := s.open()
	if err != nil {
		return center.Caller{}, err
	}
	c, err := db.ChangeCaller(ctx, store.Actor(by), tenant, number, action, f)
	return c, told(err)
}

func (s *stored) Listed(ctx context.Context, tenant fact.TenantID, number string) (center.Caller, error) {
	db, err := s.open()
	if err != nil {
		return center.Caller{}, err
	}
	c, err := db.Listed(ctx, tenant, number)
	return c, told(err)
}

func (s *stored) ListedPage(ctx context.Context, f api.CallerFilter) ([]center.Caller, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.ListedPage(ctx, store.CallerFilter(f))
	return all, told(err)
}

func (s *stored) ListedNumbers(ctx context.Context, tenant fact.TenantID, at time.Time) ([]center.Entry, int64, error) {
	db, err := s.open()
	if err != nil {
		return nil, 0, err
	}
	entries, revision, err := db.ListedNumbers(ctx, tenant, at)
	return entries, revision, told(err)
}

func (s *stored) PhraseRecordings(ctx context.Context, tenant fact.TenantID) ([]phrase.Recording, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.PhraseRecordings(ctx, tenant)
	return all, told(err)
}

func (s *stored) PhraseRecordingVersions(ctx context.Context, tenant fact.TenantID, of phrase.Recorded, before int64, limit int) ([]phrase.Recording, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	all, err := db.PhraseRecordingVersions(ctx, tenant, of, before, limit)
	return all, told(err)
}

func (s *stored) SavePhraseRecording(ctx context.Context, by api.Actor, tenant fact.TenantID, r phrase.Recording) (phrase.Recording, error) {
	db, err := s.open()
	if err != nil {
		return phrase.Recording{}, err
	}
	r, err = db.SavePhraseRecording(ctx, store.Actor(by), tenant, r)
	return r, told(err)
}

func (s *stored) Ping(ctx context.Context) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	return told(db.Ping(ctx))
}
