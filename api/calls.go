package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// CallList is calls: those in progress, or those that have ended.
type CallList struct {
	Cursor string            `json:"cursor,omitempty" doc:"how far the snapshot reaches"`
	Calls  []center.CallView `json:"calls" doc:"in progress"`
	Ended  []fact.Record     `json:"ended" doc:"ended, the latest first; with ended=true"`
	Next   string            `json:"next,omitempty" doc:"for page= to go on with the list of ended calls"`
}

// CallDetail is all that is known of one call.
type CallDetail struct {
	Live   *center.CallView `json:"live,omitempty" doc:"the call while it goes on"`
	Record *fact.Record     `json:"record,omitempty" doc:"the call once it has ended, with its recordings"`
	Events []EventItem      `json:"events" doc:"in order"`
	Rings  int              `json:"rings,omitempty" doc:"how often whom was dialled heard it ring, by the cadence of the call's trunk"`
	// Incomplete says why record and events may be missing.
	Incomplete string `json:"incomplete,omitempty" doc:"why record and events are missing, when they are"`
}

// CallDone is the answer to a command to a call.
type CallDone struct {
	Cursor string `json:"cursor" doc:"for ?after= of a read that is to include it"`
	// Call is set when ?wait=true was asked and the call goes on.
	Call *center.CallView `json:"call,omitempty" doc:"the call afterwards, with wait"`
}

type callsOut struct{ Body CallList }
type callOut struct{ Body CallDetail }
type callDoneOut struct{ Body CallDone }

type callsIn struct {
	Fresh
	Ended  bool      `query:"ended" doc:"list calls that have ended"`
	From   time.Time `query:"from" doc:"ended calls: began at this instant or later"`
	To     time.Time `query:"to" doc:"ended calls: began before this instant"`
	Queue  string    `query:"queue" doc:"only of this queue" maxLength:"64"`
	Agent  string    `query:"agent" doc:"only of this agent" maxLength:"64"`
	Number string    `query:"number" doc:"only from or to this number" maxLength:"64"`
	Limit  int       `query:"limit" doc:"ended calls: how many at most" minimum:"1" maximum:"1000" default:"100"`
	Page   string    `query:"page" doc:"ended calls: the next of the page before" maxLength:"600"`
}

// HangingUp is the body of a hang-up.
type HangingUp struct {
	Reason string `json:"reason,omitempty" doc:"lets a call outside be given up before it has rung for long enough (RUL-OUT-1)" enum:"wrong-number"`
}

func (s *Server) callRoutes() {
	route(s, http.MethodGet, "/calls", "list-calls", "List calls in progress, or calls that have ended", func(ctx context.Context, in *callsIn) (*callsOut, error) {
		if in.Ended {
			return s.endedCalls(ctx, in)
		}
		v, cursor, err := s.view(ctx, in.After)
		if err != nil {
			return nil, err
		}
		out := &callsOut{CallList{Cursor: cursor.String(), Calls: []center.CallView{}, Ended: []fact.Record{}}}
		for _, c := range v.Calls {
			if (in.Queue == "" || string(c.Queue) == in.Queue) && (in.Agent == "" || string(c.Agent) == in.Agent) &&
				(in.Number == "" || c.From == in.Number || c.To == in.Number) {
				c.Legs = orEmpty(c.Legs)
				out.Body.Calls = append(out.Body.Calls, c)
			}
		}
		return out, nil
	})
	route(s, http.MethodGet, "/calls/{id}", "show-call", "Show one call: live, its record, its events, its recordings", func(ctx context.Context, in *struct {
		Fresh
		ID string `path:"id" doc:"the call's id" maxLength:"200"`
	}) (*callOut, error) {
		return s.showCall(ctx, in.After, fact.CallID(in.ID))
	})
	route(s, http.MethodPost, "/calls/{id}/hangup", "hang-up", "End a call and all its legs", func(ctx context.Context, in *struct {
		Waited
		ID   string `path:"id" doc:"the call's id" maxLength:"200"`
		Body *HangingUp
	}) (*callDoneOut, error) {
		n := Note{Action: "call.hangup", Target: "call/" + in.ID, After: asJSON(map[string]any{"state": "ended"})}
		v, _ := s.engine.View()
		if c := callIn(v, fact.CallID(in.ID)); c != nil {
			n.Before = asJSON(map[string]any{"state": c.State, "from": c.From, "to": c.To, "queue": c.Queue, "agent": c.Agent})
		}
		op := center.HangUp{Call: fact.CallID(in.ID)}
		if in.Body != nil {
			op.Reason = in.Body.Reason
		}
		cursor, _, err := s.command(ctx, in.Wait, op, n)
		if err != nil {
			return nil, err
		}
		return &callDoneOut{CallDone{Cursor: cursor.String()}}, nil
	})
}

func (s *Server) endedCalls(ctx context.Context, in *callsIn) (*callsOut, error) {
	f := CallFilter{Tenant: s.tenant, From: in.From, To: in.To, Queue: fact.QueueID(in.Queue), Agent: fact.AgentID(in.Agent),
		Number: in.Number, Limit: in.Limit}
	if in.Page != "" {
		began, call, _ := strings.Cut(in.Page, ".")
		ms, err := strconv.ParseInt(began, 10, 64)
		if err != nil || call == "" {
			return nil, fmt.Errorf("page %q: want the next of the page before: %w", in.Page, ErrInvalid)
		}
		f.After = &CallCursor{Began: ms, Call: fact.CallID(call)}
	}
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	s.engine.Stored(limit)
	page, err := s.store.Calls(limit, f)
	if err != nil {
		return nil, err
	}
	out := &callsOut{CallList{Calls: []center.CallView{}, Ended: orEmpty(page.Records)}}
	if page.Next != nil {
		out.Body.Next = strconv.FormatInt(page.Next.Began, 10) + "." + string(page.Next.Call)
	}
	return out, nil
}

func (s *Server) showCall(ctx context.Context, after string, id fact.CallID) (*callOut, error) {
	v, _, err := s.view(ctx, after)
	if err != nil {
		return nil, err
	}
	out := &callOut{CallDetail{Live: callIn(v, id), Events: []EventItem{}}}
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	s.engine.Stored(limit)
	history, err := s.store.Call(limit, s.tenant, id)
	switch {
	case err == nil:
	case out.Body.Live == nil && errors.Is(err, ErrNotFound):
		return nil, fmt.Errorf("call %q: %w", id, ErrNotFound)
	case out.Body.Live == nil:
		return nil, err
	case !errors.Is(err, ErrNotFound):
		out.Body.Incomplete = err.Error()
	}
	out.Body.Record = history.Record
	out.Body.Rings = ringsOf(v, history.Record)
	for _, e := range history.Events {
		out.Body.Events = append(out.Body.Events, itemOf(e.Cursor, e.Event))
	}
	return out, nil
}

// ringsOf is how often a call that went out by a trunk has rung.
func ringsOf(v *center.View, r *fact.Record) int {
	if r == nil || r.Direction == fact.Inbound || r.Trunk == "" {
		return 0
	}
	cadence := int64(0)
	for _, t := range v.Trunks {
		if t.ID == r.Trunk {
			cadence = t.Cadence
		}
	}
	return center.Rings(time.Duration(r.Ring)*time.Millisecond, time.Duration(cadence)*time.Millisecond)
}

func callIn(v *center.View, id fact.CallID) *center.CallView {
	for i := range v.Calls {
		if v.Calls[i].ID == id {
			c := v.Calls[i]
			c.Legs = orEmpty(c.Legs)
			return &c
		}
	}
	return nil
}
