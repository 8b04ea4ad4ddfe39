package api

import (
	"context"
	"net/http"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// CallbackList is callbacks, those that were asked for first at the top.
type CallbackList struct {
	Callbacks []callback.Callback `json:"callbacks"`
	Next      string              `json:"next,omitempty" doc:"for ?page= of the next page; absent at the end"`
}

// CallbackDetail is a callback with what was tried, and while it is open when it
// may be called.
type CallbackDetail struct {
	callback.Callback
	Plan  *callback.Plan     `json:"plan,omitempty"`
	Tries []callback.Attempt `json:"tries"`
}

// CallbackDone is the answer to closing a callback.
type CallbackDone struct {
	Callback callback.Callback `json:"callback"`
	Cursor   string            `json:"cursor,omitempty" doc:"for ?after= of a read that is to include the event"`
}

// Outcome is the body of closing a callback.
type Outcome struct {
	Note string `json:"note,omitempty" doc:"what came of it" maxLength:"1500"`
}

// CallbackFilter chooses callbacks; zero fields choose all.
type CallbackFilter struct {
	Tenant fact.TenantID
	State  callback.State
	Queue  fact.QueueID
	Agent  fact.AgentID
	Number string
	Stage  callback.Stage
	// DueBefore is in wall-clock milliseconds of the epoch, 0 for all.
	DueBefore int64
	Limit     int
	After     *CallbackCursor
}

// CallbackCursor is a place in a list of callbacks.
type CallbackCursor struct {
	Asked int64           `json:"asked"`
	ID    fact.CallbackID `json:"id"`
}

// CallbackPath names a callback.
type CallbackPath struct {
	ID string `path:"id" doc:"the callback's id" maxLength:"200"`
}

type callbackDoneOut struct{ Body CallbackDone }

func (s *Server) callbackRoutes() {
	type listOut struct{ Body CallbackList }
	type oneOut struct{ Body CallbackDetail }
	route(s, http.MethodGet, "/callbacks", "list-callbacks", "List calls that are owed, and messages to answer", func(ctx context.Context, in *struct {
		Scope
		State  callback.State `query:"state" doc:"only in this state; all when absent" enum:"open,done,cancelled"`
		Queue  string         `query:"queue" doc:"only of this queue" maxLength:"64"`
		Agent  string         `query:"agent" doc:"only for this agent" maxLength:"64"`
		Number string         `query:"number" doc:"only to this number" maxLength:"64"`
		Stage  callback.Stage `query:"stage" doc:"only those being called, or for which somebody must decide" enum:"calling,review"`
		Due    string         `query:"due_before" doc:"only those due before this instant" maxLength:"40" example:"2026-12-01T09:00:00+08:00"`
		Limit  int            `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"100"`
		Page   string         `query:"page" doc:"next of the page before" maxLength:"400"`
	}) (*listOut, error) {
		f := CallbackFilter{Tenant: s.tenant, State: in.State, Queue: fact.QueueID(in.Queue), Agent: fact.AgentID(in.Agent), Number: in.Number, Stage: in.Stage, Limit: in.Limit}
		var err error
		if f.DueBefore, err = instant("due_before", in.Due); err != nil {
			return nil, err
		}
		if f.After, err = placeOf[CallbackCursor](in.Page); err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		all, err := s.store.Callbacks(limit, f)
		if err != nil {
			return nil, err
		}
		out := &listOut{CallbackList{Callbacks: orEmpty(all)}}
		out.Body.Next = nextPage(all, in.Limit, func(c callback.Callback) CallbackCursor { return CallbackCursor{Asked: c.Asked, ID: c.ID} })
		return out, nil
	})
	route(s, http.MethodGet, "/callbacks/{id}", "show-callback", "Show one call that is owed", func(ctx context.Context, in *struct {
		Scope
		CallbackPath
	}) (*oneOut, error) {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		c, err := s.store.Callback(limit, s.tenant, fact.CallbackID(in.ID))
		if err != nil {
			return nil, err
		}
		out := &oneOut{CallbackDetail{Callback: c}}
		tries, err := s.store.CallbackAttempts(limit, s.tenant, c.ID)
		if err != nil {
			return nil, err
		}
		out.Body.Tries = orEmpty(tries)
		if c.State == callback.Open && c.Number != "" {
			d, _, err := s.document(limit)
			if err != nil {
				return nil, err
			}
			p := d.Callbacks.Plan(c, d.Zone, s.now().UnixMilli())
			out.Body.Plan = &p
		}
		return out, nil
	})
	s.owingRoutes()
	for _, verb := range []struct {
		name, id, summary string
		to                callback.State
	}{
		{"done", "finish-callback", "Say that a call was made, or a message answered", callback.Done},
		{"cancel", "cancel-callback", "Say that a call is owed no more", callback.Cancelled},
	} {
		route(s, http.MethodPost, "/callbacks/{id}/"+verb.name, verb.id, verb.summary, func(ctx context.Context, in *struct {
			Scope
			CallbackPath
			Body *Outcome
		}) (*callbackDoneOut, error) {
			note := ""
			if in.Body != nil {
				note = in.Body.Note
			}
			return s.closeCallback(ctx, fact.CallbackID(in.ID), verb.to, note)
		})
	}
}

// closeCallback says what came of a callback, first in the store, then as an
// event.
func (s *Server) closeCallback(ctx context.Context, id fact.CallbackID, to callback.State, note string) (*callbackDoneOut, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	c, err := s.store.CloseCallback(limit, actorOf(ctx), s.tenant, id, to, note)
	cancel()
	if err != nil {
		return nil, err
	}
	out := &callbackDoneOut{CallbackDone{Callback: c}}
	ask, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	cursor, err := s.engine.Ask(ask, actorOf(ctx).Name, center.ReportCallback{Callback: id, State: to, Call: c.Call, Queue: c.Queue,
		Agent: c.Agent, By: c.By, Note: c.Note, Revision: c.Revision})
	if err != nil {
		s.log.WarnContext(ctx, "a callback is closed and not told as an event", "callback", id, "error", err)
		return out, nil
	}
	out.Body.Cursor = cursor.String()
	return out, nil
}
