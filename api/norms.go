package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/norms"
	"github.com/huawu/huawu/scripts/strict"
)

// NormList are the service norms as they hold for the tenant, or in a queue.
type NormList struct {
	Version int64             `json:"version" doc:"of the document that the settings are in"`
	Items   []norms.Effective `json:"items"`
}

// NormShown is everything about one service norm.
type NormShown struct {
	norms.Effective
	Own    *NormSetting    `json:"own,omitempty" doc:"what the tenant, or the queue asked for, makes of it: for a change by PUT"`
	Queues []norms.Setting `json:"queues,omitempty" doc:"the queues that make something else of it"`
}

// NormSetting is what a tenant, or a queue, makes of a norm.
type NormSetting struct {
	Mode   norms.Mode               `json:"mode,omitempty" doc:"off, measure, warn or enforce; the default when absent" enum:"off,measure,warn,enforce"`
	Values map[string]norms.Written `json:"values,omitempty" doc:"values by name, as they are written (15s, 3, true); the defaults when absent" maxProperties:"20"`
}

// BrokenNorms is the board of what is broken right now.
type BrokenNorms struct {
	Cursor string              `json:"cursor" doc:"how far the snapshot reaches"`
	Items  []center.BrokenNorm `json:"items"`
}

// NormPath names a norm.
type NormPath struct {
	ID string `path:"id" doc:"the rule's id" maxLength:"20" example:"RUL-HLD-2"`
}

// OfQueue is for which queue something is asked or set.
type OfQueue struct {
	Queue string `query:"queue" doc:"for this queue; for the whole tenant when absent" maxLength:"64"`
}

// norm is the rule of a path. ErrNotFound: there is none.
func (p NormPath) norm() (*norms.Rule, error) {
	r := norms.Find(p.ID)
	if r == nil {
		return nil, fmt.Errorf("norm %q: %w: %s", p.ID, ErrNotFound, strict.Suggest(p.ID, norms.IDs()))
	}
	return r, nil
}

// plan is what the norms are by the newest document. ErrNotFound: the queue is
// not there.
func (s *Server) plan(ctx context.Context, in OfQueue) (*Document, norms.Plan, Version, error) {
	d, v, err := s.document(ctx)
	if err != nil {
		return nil, norms.Plan{}, v, err
	}
	if in.Queue != "" && d.queue(fact.QueueID(in.Queue)) == nil {
		return nil, norms.Plan{}, v, fmt.Errorf("queue %q: %w", in.Queue, ErrNotFound)
	}
	return d, d.NormPlan(), v, nil
}

func (s *Server) normRoutes() {
	type listOut struct {
		ETag string `header:"ETag"`
		Body NormList
	}
	route(s, http.MethodGet, "/norms", "list-norms", "List the service norms: what is done about each, and by which values", func(ctx context.Context, in *struct {
		Scope
		OfQueue
		Chapter string `query:"chapter" doc:"only of this part of the ids" example:"HLD" maxLength:"8"`
		Status  string `query:"status" doc:"only those that are so" enum:"enforced,measured,waits"`
		Mode    string `query:"mode" doc:"only those about which this is done" enum:"off,measure,warn,enforce"`
	}) (*listOut, error) {
		_, plan, v, err := s.plan(ctx, in.OfQueue)
		if err != nil {
			return nil, err
		}
		list := NormList{Version: v.Version, Items: []norms.Effective{}}
		for _, e := range plan.Effective(fact.QueueID(in.Queue)) {
			if (in.Chapter == "" || norms.Find(e.ID).Chapter() == in.Chapter) && (in.Status == "" || string(e.Status) == in.Status) && (in.Mode == "" || string(e.Mode) == in.Mode) {
				list.Items = append(list.Items, e)
			}
		}
		return &listOut{etag(v.Version), list}, nil
	})
	type brokenOut struct{ Body BrokenNorms }
	route(s, http.MethodGet, "/norms/broken", "list-broken-norms", "List the norms that are broken right now: which, by whom, since when, by how much",
		func(ctx context.Context, in *struct {
			Fresh
			OfQueue
			Agent string `query:"agent" doc:"only by this agent" maxLength:"64"`
			Rule  string `query:"rule" doc:"only of this rule" maxLength:"20"`
		}) (*brokenOut, error) {
			v, cursor, err := s.view(ctx, in.After)
			if err != nil {
				return nil, err
			}
			out := &brokenOut{BrokenNorms{Cursor: cursor.String(), Items: []center.BrokenNorm{}}}
			for _, b := range v.Broken {
				if (in.Queue == "" || string(b.Queue) == in.Queue) && (in.Agent == "" || string(b.Agent) == in.Agent) && (in.Rule == "" || b.Rule == in.Rule) {
					out.Body.Items = append(out.Body.Items, b)
				}
			}
			return out, nil
		})
	type shownOut struct {
		ETag string `header:"ETag"`
		Body NormShown
	}
	route(s, http.MethodGet, "/norms/{id}", "show-norm", "Show one service norm, with every value and who sets it", func(ctx context.Context, in *struct {
		Scope
		NormPath
		OfQueue
	}) (*shownOut, error) {
		r, err := in.norm()
		if err != nil {
			return nil, err
		}
		d, plan, v, err := s.plan(ctx, in.OfQueue)
		if err != nil {
			return nil, err
		}
		return &shownOut{etag(v.Version), showNorm(d.Norms, plan, r, fact.QueueID(in.Queue))}, nil
	})
	s.normCountRoutes()
	s.normVersionRoutes()
	route(s, http.MethodPut, "/norms/{id}", "put-norm", "Say what is done about a norm and by which values, for the tenant or for one queue", func(ctx context.Context, in *struct {
		Scope
		Match
		NormPath
		OfQueue
		Body NormSetting
	}) (*changeOut, error) {
		if _, err := in.norm(); err != nil {
			return nil, err
		}
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			e := norms.Setting{Rule: in.ID, Queue: fact.QueueID(in.Queue), Mode: in.Body.Mode, Values: in.Body.Values}
			if e.Queue != "" && d.queue(e.Queue) == nil {
				return fmt.Errorf("queue %q: %w", in.Queue, ErrNotFound)
			}
			if wrong := (norms.Settings{e}).Check(nil, strict.Suggest); len(wrong) > 0 {
				return wrongNorm(wrong)
			}
			d.Norms.Put(e)
			return nil
		})
	})
}

// wrongNorm tells what is wrong in the body of a norm's setting.
func wrongNorm(all []norms.Finding) error {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", all[0].What+": "+all[0].Remedy)
	for _, f := range all {
		p.Errors = append(p.Errors, Fault{Message: f.What, Location: "body" + f.Field[len("[0]"):], Remedy: f.Remedy})
	}
	return p
}

func showNorm(settings norms.Settings, plan norms.Plan, r *norms.Rule, queue fact.QueueID) NormShown {
	var out NormShown
	for _, e := range plan.Effective(queue) {
		if e.ID == r.ID {
			out.Effective = e
		}
	}
	for _, e := range settings {
		switch {
		case e.Rule != r.ID:
		case e.Queue == queue:
			out.Own = &NormSetting{e.Mode, e.Values}
		case e.Queue != "":
			out.Queues = append(out.Queues, e)
		}
	}
	return out
}

// broken shows how often each norm is broken right now.
func (c *centreCollector) broken(v *center.View, out chan<- prometheus.Metric) {
	times := map[string]int{}
	for _, b := range v.Broken {
		times[b.Rule]++
	}
	for _, rule := range slices.Sorted(maps.Keys(times)) {
		out <- prometheus.MustNewConstMetric(c.gauges["norms_broken"], prometheus.GaugeValue, float64(times[rule]), rule)
	}
}
