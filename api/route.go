package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
)

// Scope is what every request may say.
type Scope struct {
	Tenant string `query:"tenant" doc:"whose centre; the only one there is when absent" maxLength:"64"`
}

// Fresh is what a read of the live centre may say.
type Fresh struct {
	Scope
	After string `query:"after" doc:"answer only when the answer includes this cursor, as a command returned it" maxLength:"100"`
}

// Waited is what a command may say.
type Waited struct {
	Scope
	Wait bool `query:"wait" doc:"answer only when reads include the command"`
}

// route registers one operation; errors leave by one way.
func route[I, O any](s *Server, method, path, id, summary string, h func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		Method: method, Path: "/api/v1" + path, OperationID: id, Summary: summary, MaxBodyBytes: maxBody, BodyReadTimeout: readLimit,
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// view is the newest snapshot, or one that includes a cursor.
func (s *Server) view(ctx context.Context, after string) (*center.View, engine.Cursor, error) {
	if after != "" {
		cursor, err := engine.ParseCursor(after)
		if err != nil {
			return nil, engine.Cursor{}, err
		}
		limit, cancel := context.WithTimeout(ctx, awaitLimit)
		defer cancel()
		if err := s.engine.Await(limit, cursor); err != nil {
			return nil, engine.Cursor{}, err
		}
	}
	v, c := s.engine.View()
	return v, c, nil
}

// command asks the engine for an operation and audits it. It returns whether
// reads include the operation, if wait asked for that.
func (s *Server) command(ctx context.Context, wait bool, op center.Operation, n Note) (engine.Cursor, bool, error) {
	ask, cancel := context.WithTimeout(ctx, askLimit)
	cursor, err := s.engine.Ask(ask, actorOf(ctx).Name, op)
	cancel()
	if err != nil && (ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, engine.ErrStopped)) {
		n.After = asJSON(map[string]any{"asked": n.After, "outcome": "unknown"})
		s.note(ctx, n)
	}
	if err != nil {
		return engine.Cursor{}, false, err
	}
	s.note(ctx, n)
	if !wait {
		return cursor, false, nil
	}
	limit, cancel := context.WithTimeout(ctx, awaitLimit)
	defer cancel()
	return cursor, s.engine.Await(limit, cursor) == nil, nil
}

// note writes an audit row of what has been done. A store that is away must
// not undo an operation on a live call: the log has the row then.
func (s *Server) note(ctx context.Context, n Note) {
	n.Tenant = s.tenant
	by := actorOf(ctx)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := s.store.Note(limit, by, n); err != nil {
		s.metrics.unaudited.Inc()
		s.log.ErrorContext(ctx, "a row is missing in the audit", "by", by.Name, "via", by.Via, "action", n.Action, "target", n.Target,
			"before", string(n.Before), "after", string(n.After), "error", err)
	}
}

// asJSON is a value for the audit.
func asJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil { // plain structs always marshal
		panic(err)
	}
	return b
}

// orEmpty is a list that is not nil, so that JSON shows [].
func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
