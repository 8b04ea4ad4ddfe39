package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/strict"
)

// NormCount is how often a norm was kept and broken in one half-hour, by an agent
// in a queue.
type NormCount struct {
	From  int64        `json:"from" doc:"the half-hour's beginning, in milliseconds of the epoch"`
	Rule  string       `json:"rule"`
	Queue fact.QueueID `json:"queue,omitempty"`
	Agent fact.AgentID `json:"agent,omitempty"`
	fact.NormTally
}

// NormCounts is how often a norm was kept and broken.
type NormCounts struct {
	Items []NormCount `json:"items" doc:"by half-hour, queue and agent, the latest first"`
	Next  string      `json:"next,omitempty" doc:"for ?page= of the next page; absent at the end"`
}

// NormFigure is how often a norm, or those of a queue or an agent, were kept and
// broken.
type NormFigure struct {
	Of string `json:"of" doc:"the rule, the queue or the agent"`
	fact.NormTally
}

// NormFigures is sums over a span of time.
type NormFigures struct {
	Figures []NormFigure `json:"figures" doc:"by id"`
}

// NormFilter chooses counts of norms; zero fields choose all.
type NormFilter struct {
	Tenant   fact.TenantID
	Rule     string
	Queue    fact.QueueID
	Agent    fact.AgentID
	From, To time.Time // when the half-hour began: from From on, before To
	Limit    int
	After    *NormCursor
}

// NormCursor is a place in a list of counts.
type NormCursor struct {
	From  int64        `json:"from"`
	Rule  string       `json:"rule"`
	Queue fact.QueueID `json:"queue"`
	Agent fact.AgentID `json:"agent"`
}

// NormSpan chooses counts in a request.
type NormSpan struct {
	Scope
	OfQueue
	Agent string    `query:"agent" doc:"only by this agent" maxLength:"64"`
	From  time.Time `query:"from" doc:"half-hours that began at this instant or later"`
	To    time.Time `query:"to" doc:"half-hours that began before this instant"`
}

func (in *NormSpan) filter(s *Server, rule string) NormFilter {
	return NormFilter{Tenant: s.tenant, Rule: rule, Queue: fact.QueueID(in.Queue), Agent: fact.AgentID(in.Agent), From: in.From, To: in.To}
}

func (s *Server) normCountRoutes() {
	type countsOut struct{ Body NormCounts }
	route(s, http.MethodGet, "/norms/{id}/counts", "count-norm", "Say how often a norm was kept and broken, by half-hour, queue and agent",
		func(ctx context.Context, in *struct {
			NormSpan
			NormPath
			Limit int    `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"1000"`
			Page  string `query:"page" doc:"next of the page before" maxLength:"600"`
		}) (*countsOut, error) {
			r, err := in.norm()
			if err != nil {
				return nil, err
			}
			f := in.filter(s, r.ID)
			f.Limit = in.Limit
			if f.After, err = placeOf[NormCursor](in.Page); err != nil {
				return nil, err
			}
			limit, cancel := context.WithTimeout(ctx, storeLimit)
			defer cancel()
			s.engine.Stored(limit)
			all, err := s.store.NormCounts(limit, f)
			if err != nil {
				return nil, err
			}
			out := &countsOut{NormCounts{Items: []NormCount{}}}
			for _, c := range all {
				out.Body.Items = append(out.Body.Items, NormCount{c.From, c.Rule, c.Queue, c.Agent, c.NormTally})
			}
			out.Body.Next = nextPage(all, in.Limit, func(c fact.NormCount) NormCursor { return NormCursor{c.From, c.Rule, c.Queue, c.Agent} })
			return out, nil
		})
	type figuresOut struct{ Body NormFigures }
	route(s, http.MethodGet, "/norms/figures", "sum-norms", "Sum how often norms were kept and broken, by rule, queue or agent",
		func(ctx context.Context, in *struct {
			NormSpan
			By   string `query:"by" doc:"what figures are told apart by" enum:"rule,queue,agent" default:"rule"`
			Rule string `query:"rule" doc:"only of this rule" maxLength:"20"`
		}) (*figuresOut, error) {
			if in.Rule != "" && norms.Find(in.Rule) == nil {
				return nil, fmt.Errorf("norm %q: %w: %s", in.Rule, ErrNotFound, strict.Suggest(in.Rule, norms.IDs()))
			}
			limit, cancel := context.WithTimeout(ctx, storeLimit)
			defer cancel()
			s.engine.Stored(limit)
			all, err := s.store.NormFigures(limit, in.By, in.filter(s, in.Rule))
			if err != nil {
				return nil, err
			}
			return &figuresOut{NormFigures{orEmpty(all)}}, nil
		})
}
