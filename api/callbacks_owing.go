package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// NewCallback is the body of entering a callback.
type NewCallback struct {
	Number   string `json:"number" doc:"whom to call, as calls show it" minLength:"3" maxLength:"32"`
	Queue    string `json:"queue" doc:"whose agents make it" minLength:"1" maxLength:"64"`
	Agent    string `json:"agent,omitempty" doc:"who is to make it, if that one is there" maxLength:"64"`
	Name     string `json:"name,omitempty" maxLength:"128"`
	Customer string `json:"customer,omitempty" doc:"what other systems call who is called" maxLength:"128"`
	Case     string `json:"case,omitempty" doc:"what other systems call what it is about" maxLength:"128"`
	Reason   string `json:"reason,omitempty" doc:"for people" maxLength:"500"`
	Language string `json:"language,omitempty" maxLength:"32"`
	Priority int    `json:"priority,omitempty" doc:"as of a caller in line" minimum:"0" maximum:"100"`
	Zone     string `json:"zone,omitempty" doc:"IANA zone of who is called; the tenant's when absent" maxLength:"64"`
	CallbackTime
}

// CallbackTime says when a callback is to be made.
type CallbackTime struct {
	After     string             `json:"after,omitempty" doc:"not before this instant" maxLength:"40" example:"2026-12-01T09:00:00+08:00"`
	Due       string             `json:"due,omitempty" doc:"by this instant at the latest; one in a gap of the windows is pulled forward" maxLength:"40" example:"2026-12-01T18:00:00+08:00"`
	DueSource callback.DueSource `json:"due_source,omitempty" doc:"who has named it: at the customer's time it is called then, whatever the windows" enum:"agent,customer"`
	Override  bool               `json:"override,omitempty" doc:"let it be called outside the windows: kept with your name"`
}

// Callbacks is the body of entering many.
type Callbacks struct {
	Callbacks []NewCallback `json:"callbacks" minItems:"1" maxItems:"1000"`
}

// CallbacksDone is the answer to it.
type CallbacksDone struct {
	Callbacks []callback.Callback `json:"callbacks" doc:"in the order of the body"`
	Cursor    string              `json:"cursor,omitempty" doc:"for ?after= of a read that is to include them"`
}

// Attempted is the body of saying what came of an attempt.
type Attempted struct {
	Outcome callback.Outcome `json:"outcome" enum:"machine,wrong-number,not-convenient,no-answer,busy,rejected,unreachable,failed"`
}

// CallbackRun is the answer to what is asked of the centre.
type CallbackRun struct {
	Cursor string `json:"cursor" doc:"for ?after= of a read that is to include it"`
}

func (s *Server) owingRoutes() {
	type manyOut struct{ Body CallbacksDone }
	type runOut struct{ Body CallbackRun }
	type forecastOut struct{ Body callback.Forecast }
	route(s, http.MethodPost, "/callbacks", "create-callback", "Enter a call that is owed", func(ctx context.Context, in *struct {
		Scope
		Body NewCallback
	}) (*callbackDoneOut, error) {
		made, cursor, err := s.createCallbacks(ctx, []NewCallback{in.Body})
		if err != nil {
			return nil, err
		}
		return &callbackDoneOut{CallbackDone{Callback: made[0], Cursor: cursor}}, nil
	})
	route(s, http.MethodPost, "/callbacks/import", "import-callbacks", "Enter many calls that are owed: all are checked before the first is kept", func(ctx context.Context, in *struct {
		Scope
		Body Callbacks
	}) (*manyOut, error) {
		made, cursor, err := s.createCallbacks(ctx, in.Body.Callbacks)
		if err != nil {
			return nil, err
		}
		return &manyOut{CallbacksDone{Callbacks: made, Cursor: cursor}}, nil
	})
	route(s, http.MethodGet, "/callbacks/forecast", "forecast-callbacks", "Say which promises would be broken with so many agents", func(ctx context.Context, in *struct {
		Scope
		Queue  string `query:"queue" doc:"only of this queue" maxLength:"64"`
		Agents int    `query:"agents" doc:"who do nothing else; those of the queue, or of all, who are signed in when absent" minimum:"0" maximum:"10000"`
		Each   int    `query:"each" doc:"seconds of one callback" minimum:"1" maximum:"14400" default:"300"`
	}) (*forecastOut, error) {
		f, err := s.forecast(ctx, fact.QueueID(in.Queue), in.Agents, time.Duration(in.Each)*time.Second)
		if err != nil {
			return nil, err
		}
		return &forecastOut{f}, nil
	})
	route(s, http.MethodPost, "/callbacks/{id}/reschedule", "reschedule-callback", "Give a callback another time; what was tried counts no more", func(ctx context.Context, in *struct {
		Scope
		CallbackPath
		Body CallbackTime
	}) (*callbackDoneOut, error) {
		m, err := in.Body.moving(actorOf(ctx).Name)
		if err != nil {
			return nil, err
		}
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		c, err := s.store.MoveCallback(limit, actorOf(ctx), s.tenant, fact.CallbackID(in.ID), m)
		cancel()
		if err != nil {
			return nil, err
		}
		cursor, err := s.tellCallbacks(ctx, []callback.Callback{c})
		if err != nil {
			return nil, err
		}
		return &callbackDoneOut{CallbackDone{Callback: c, Cursor: cursor}}, nil
	})
	route(s, http.MethodPost, "/callbacks/{id}/run", "run-callback", "Have a callback made now, whatever its time; the windows still count", func(ctx context.Context, in *struct {
		Waited
		CallbackPath
	}) (*runOut, error) {
		cursor, _, err := s.command(ctx, in.Wait, center.RunCallback{Callback: fact.CallbackID(in.ID)}, Note{Action: "callback.run", Target: "callback/" + in.ID})
		if err != nil {
			return nil, err
		}
		return &runOut{CallbackRun{cursor.String()}}, nil
	})
	route(s, http.MethodPost, "/callbacks/{id}/outcome", "mark-callback", "Say of the attempt under way what the line cannot tell", func(ctx context.Context, in *struct {
		Waited
		CallbackPath
		Body Attempted
	}) (*runOut, error) {
		op := center.MarkCallback{Callback: fact.CallbackID(in.ID), Outcome: in.Body.Outcome}
		cursor, _, err := s.command(ctx, in.Wait, op, Note{Action: "callback.outcome", Target: "callback/" + in.ID, After: asJSON(in.Body)})
		if err != nil {
			return nil, err
		}
		return &runOut{CallbackRun{cursor.String()}}, nil
	})
}

// instant reads a time, 0 for none.
func instant(field, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("%s %q: %w: want an instant, such as 2026-12-31T18:00:00+08:00", field, text, ErrInvalid)
	}
	return at.UnixMilli(), nil
}

// moving reads when, by whose word.
func (t CallbackTime) moving(by string) (callback.Moving, error) {
	after, err := instant("after", t.After)
	if err != nil {
		return callback.Moving{}, err
	}
	due, err := instant("due", t.Due)
	if err != nil {
		return callback.Moving{}, err
	}
	m := callback.Moving{After: after, Due: due, DueSource: t.DueSource}
	if t.Override {
		m.Override = by
	}
	return m, m.Check()
}

// createCallbacks enters callbacks: first all in the store, then in the centre.
func (s *Server) createCallbacks(ctx context.Context, all []NewCallback) ([]callback.Callback, string, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	d, _, err := s.document(limit)
	if err != nil {
		return nil, "", err
	}
	made := make([]callback.Callback, len(all))
	var wrong []error
	for i, n := range all {
		if made[i], err = s.entered(ctx, d, n); err != nil {
			if len(all) > 1 {
				err = fmt.Errorf("callback %d: %w", i+1, err)
			}
			wrong = append(wrong, err)
		}
	}
	if len(wrong) > 0 {
		return nil, "", errors.Join(wrong...)
	}
	for i := range made {
		if made[i], err = s.store.CreateCallback(limit, actorOf(ctx), s.tenant, made[i]); err != nil {
			return nil, "", fmt.Errorf("%d of %d are entered: %w", i, len(made), err)
		}
	}
	cursor, err := s.tellCallbacks(ctx, made)
	return made, cursor, err
}

// entered is a callback as somebody has written it.
func (s *Server) entered(ctx context.Context, d *Document, n NewCallback) (callback.Callback, error) {
	_, shown, _ := center.Normalise(d.Country, n.Number)
	digits := strings.TrimPrefix(shown, "+")
	switch {
	case len(digits) < 3 || len(digits) > 20 || strings.Trim(digits, "0123456789") != "" || d.Urgent(shown):
		return callback.Callback{}, fmt.Errorf("number %q: %w: want one that can be called, as calls show it", n.Number, ErrInvalid)
	case d.queue(fact.QueueID(n.Queue)) == nil:
		return callback.Callback{}, fmt.Errorf("queue %q: %w: want one of %v", n.Queue, ErrInvalid, d.queues())
	case n.Agent != "" && d.agent(fact.AgentID(n.Agent)) == nil:
		return callback.Callback{}, fmt.Errorf("agent %q: %w: want an agent of the centre", n.Agent, ErrInvalid)
	}
	if n.Zone != "" {
		if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "Local" {
			return callback.Callback{}, fmt.Errorf("zone %q: %w: want an IANA zone, such as Asia/Shanghai", n.Zone, ErrInvalid)
		}
	}
	m, err := n.moving(actorOf(ctx).Name)
	if err != nil {
		return callback.Callback{}, err
	}
	return callback.Callback{
		ID: fact.CallbackID("cb-" + strings.ToLower(rand.Text())), Tenant: s.tenant, State: callback.Open, Source: callback.FromPeople, Number: shown, Name: n.Name,
		Customer: n.Customer, Case: n.Case, Queue: fact.QueueID(n.Queue), Agent: fact.AgentID(n.Agent), Reason: n.Reason, Language: n.Language,
		Priority: n.Priority, Zone: n.Zone, Asked: s.now().UnixMilli(), Promised: m.Due, Due: m.Due, DueSource: m.DueSource, After: m.After, Override: m.Override,
	}, nil
}

// tellCallbacks brings what the store has into effect.
func (s *Server) tellCallbacks(ctx context.Context, all []callback.Callback) (string, error) {
	ask, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	cursor, err := s.engine.Ask(ask, actorOf(ctx).Name, center.TellCallbacks{Callbacks: all})
	if err != nil {
		return "", fmt.Errorf("callback %s is %w: %w", all[0].ID, ErrNotInEffect, err)
	}
	return cursor.String(), nil
}

// maxForecast is how many open callbacks a forecast looks at.
const maxForecast = 20_000

func (s *Server) forecast(ctx context.Context, queue fact.QueueID, agents int, each time.Duration) (callback.Forecast, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	d, _, err := s.document(limit)
	if err != nil {
		return callback.Forecast{}, err
	}
	if agents == 0 {
		agents = s.staff(queue)
	}
	f := CallbackFilter{Tenant: s.tenant, State: callback.Open, Queue: queue, Limit: 1000}
	var all []callback.Callback
	for len(all) < maxForecast {
		page, err := s.store.Callbacks(limit, f)
		if err != nil {
			return callback.Forecast{}, err
		}
		if all = append(all, page...); len(page) < f.Limit {
			break
		}
		last := page[len(page)-1]
		f.After = &CallbackCursor{Asked: last.Asked, ID: last.ID}
	}
	return d.Callbacks.Forecast(all, d.Zone, agents, each, s.now().UnixMilli())
}

// staff is how many agents of a queue are signed in, or for "" of all.
func (s *Server) staff(queue fact.QueueID) int {
	v, _ := s.engine.View()
	if queue == "" {
		n := 0
		for _, a := range v.Agents {
			if a.Endpoint != "" {
				n++
			}
		}
		return n
	}
	for _, q := range v.Queues {
		if q.ID == queue {
			return q.Staff
		}
	}
	return 0
}
