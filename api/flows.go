package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

// FlowItem is a flow of the document in a list.
type FlowItem struct {
	ID       fact.FlowID `json:"id"`
	Language string      `json:"language" doc:"what its prompts are spoken in unless they say otherwise"`
	Nodes    int         `json:"nodes" doc:"how many it has"`
	Numbers  []string    `json:"numbers" doc:"dialled from outside, that lead to it"`
	Codes    []string    `json:"codes" doc:"dialled from agents' phones, that lead to it"`
}

// FlowList are the flows of the document.
type FlowList struct {
	Version int64      `json:"version" doc:"of the document they are in"`
	Items   []FlowItem `json:"items"`
}

// FlowVersion is a version of the document in which a flow changed.
type FlowVersion struct {
	Version
	Change string `json:"change" enum:"made,changed,removed" doc:"what the version did with the flow"`
}

// FlowHistory is how a flow came to be what it is, the newest first.
type FlowHistory struct {
	ID       fact.FlowID   `json:"id"`
	Versions []FlowVersion `json:"versions"`
	Before   int64         `json:"before,omitempty" doc:"for ?before= to look at older versions of the document"`
}

// FlowDiff is what differs between two versions of a flow.
type FlowDiff struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Diff string `json:"diff" doc:"in the unified format; empty for none"`
}

// Rollback says what a flow is to be again.
type Rollback struct {
	To int64 `json:"to,omitempty" doc:"as it was in this version of the document; what it was before it changed last when absent" minimum:"1"`
}

// What a version did with a flow.
const (
	flowMade    = "made"
	flowChanged = "changed"
	flowRemoved = "removed"
)

// maxLooked is how many versions of the document one request looks at.
const maxLooked = 200

func (s *Server) flowRoutes() {
	type listOut struct{ Body FlowList }
	route(s, http.MethodGet, "/flows", "list-flows", "List the flows of the centre's document", func(ctx context.Context, _ *Scope) (*listOut, error) {
		d, v, err := s.document(ctx)
		if err != nil {
			return nil, err
		}
		return &listOut{FlowList{Version: v.Version, Items: d.flowItems()}}, nil
	})
	route(s, http.MethodGet, "/flows/{id}", "show-flow", "Show a flow as YAML", func(ctx context.Context, in *struct {
		Scope
		PartPath
		Version int64 `query:"version" doc:"as it was in this version of the document; the newest when absent" minimum:"1"`
	}) (*documentOut, error) {
		v, err := s.version(ctx, in.Version)
		if err != nil {
			return nil, err
		}
		src, err := sourceOf(v, in.ID)
		if err != nil {
			return nil, err
		}
		if src == nil {
			return nil, fmt.Errorf("flow %q in version %d: %w", in.ID, v.Version, ErrNotFound)
		}
		return &documentOut{ContentType: typeYAML, ETag: etag(v.Version), Body: src}, nil
	})
	type historyOut struct{ Body FlowHistory }
	route(s, http.MethodGet, "/flows/{id}/versions", "list-flow-versions", "List the versions of the document in which a flow changed, the newest first", func(ctx context.Context, in *struct {
		Scope
		PartPath
		Before int64 `query:"before" doc:"older than this version" minimum:"0"`
	}) (*historyOut, error) {
		out := FlowHistory{ID: fact.FlowID(in.ID), Versions: []FlowVersion{}}
		var err error
		out.Before, err = s.changes(ctx, flowSource(in.ID), in.Before, func(c partChange) bool {
			v := c.version
			v.Body = nil
			out.Versions = append(out.Versions, FlowVersion{Version: v, Change: c.kind()})
			return true
		})
		if err == nil && len(out.Versions) == 0 && out.Before == 0 && in.Before == 0 {
			err = fmt.Errorf("flow %q: %w", in.ID, ErrNotFound)
		}
		return &historyOut{out}, err
	})
	type diffOut struct{ Body FlowDiff }
	route(s, http.MethodGet, "/flows/{id}/diff", "diff-flow", "Show what differs between two versions of a flow", func(ctx context.Context, in *struct {
		Scope
		PartPath
		From int64 `query:"from" doc:"as it was in this version of the document; before it changed last when absent" minimum:"1"`
		To   int64 `query:"to" doc:"as it was in this version; the newest when absent" minimum:"1"`
	}) (*diffOut, error) {
		to, err := s.version(ctx, in.To)
		if err != nil {
			return nil, err
		}
		after, err := sourceOf(to, in.ID)
		if err != nil {
			return nil, err
		}
		from, before, err := s.earlier(ctx, in.ID, in.From, to.Version)
		if err != nil {
			return nil, err
		}
		if before == nil && after == nil {
			return nil, fmt.Errorf("flow %q in versions %d and %d: %w", in.ID, from, to.Version, ErrNotFound)
		}
		names := strings.NewReplacer("--- in effect\n", fmt.Sprintf("--- version %d\n", from), "+++ wanted\n", fmt.Sprintf("+++ version %d\n", to.Version))
		return &diffOut{FlowDiff{From: from, To: to.Version, Diff: names.Replace(Diff(before, after))}}, nil
	})
	route(s, http.MethodPost, "/flows/{id}/rollback", "roll-back-flow", "Make a flow again what it was; calls under way go on as they began", func(ctx context.Context, in *struct {
		Scope
		Match
		PartPath
		Body *Rollback
	}) (*changeOut, error) {
		var to int64
		if in.Body != nil {
			to = in.Body.To
		}
		return s.edit(ctx, in.IfMatch, func(d *Document) error { return s.rollBack(ctx, d, in.ID, to) })
	})
}

// flowItems are the flows as they are listed.
func (d *Document) flowItems() []FlowItem {
	all := make([]FlowItem, len(d.Flows))
	for i, f := range d.Flows {
		all[i] = FlowItem{ID: f.ID, Language: f.Language, Nodes: len(f.Nodes), Numbers: []string{}, Codes: []string{}}
		if f.Language == "" {
			all[i].Language = flow.DefaultLanguage
		}
		for _, n := range d.Numbers {
			if n.Flow == f.ID {
				all[i].Numbers = append(all[i].Numbers, n.Number)
			}
		}
		for _, c := range d.Codes {
			if c.Flow == f.ID {
				all[i].Codes = append(all[i].Codes, c.Code)
			}
		}
	}
	return all
}

// flowOf is a flow of a version of the document, nil when it has none of that
// id.
func flowOf(v Version, id string) (*flow.Flow, error) {
	d, err := ParseDocument(fmt.Sprintf("version %d", v.Version), v.Body)
	if err != nil {
		return nil, fmt.Errorf("version %d of the centre: %w", v.Version, err)
	}
	if i := slices.IndexFunc(d.Flows, func(f *flow.Flow) bool { return string(f.ID) == id }); i >= 0 {
		return d.Flows[i], nil
	}
	return nil, nil
}

// sourceOf is a flow of a version as YAML, nil for none. Equal flows have equal
// sources.
func sourceOf(v Version, id string) ([]byte, error) {
	f, err := flowOf(v, id)
	if err != nil || f == nil {
		return nil, err
	}
	return strict.Encode(*f)
}

// flowSource is sourceOf for one flow.
func flowSource(id string) func(Version) ([]byte, error) {
	return func(v Version) ([]byte, error) { return sourceOf(v, id) }
}

// partChange is a version of the document in which a part of it is another than
// in the one before.
type partChange struct {
	version       Version
	earlier       Version // the one before, of number 0 for none
	before, after []byte
}

func (c *partChange) kind() string {
	switch {
	case c.before == nil:
		return flowMade
	case c.after == nil:
		return flowRemoved
	}
	return flowChanged
}

// changes goes through the versions in which a part of the document changed, the
// newest first, from those older than before on (0 for all), until told to stop.
// source is the part as a version has it, nil for none. It answers where to go on
// when there were too many versions to look at, 0 when not.
func (s *Server) changes(ctx context.Context, source func(Version) ([]byte, error), before int64, each func(partChange) bool) (int64, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	all, err := s.store.CentreVersions(limit, s.tenant, before, maxLooked+1)
	if err != nil {
		return 0, err
	}
	read := func(number int64) (Version, []byte, error) {
		v, err := s.store.CentreVersion(limit, s.tenant, number)
		if err != nil {
			return v, nil, err
		}
		src, err := source(v)
		return v, src, err
	}
	if len(all) == 0 {
		return 0, nil
	}
	at, after, err := read(all[0].Version)
	if err != nil {
		return 0, err
	}
	for i := range all {
		if i == maxLooked {
			return all[i].Version + 1, nil
		}
		c := partChange{version: at, after: after}
		if i+1 < len(all) {
			if c.earlier, c.before, err = read(all[i+1].Version); err != nil {
				return 0, err
			}
		}
		if !bytes.Equal(c.before, c.after) && !each(c) {
			return 0, nil
		}
		at, after = c.earlier, c.before
	}
	return 0, nil
}

// earlier is a flow as it was in a version, 0 for the last in which it was
// another than in the version to.
func (s *Server) earlier(ctx context.Context, id string, number, to int64) (int64, []byte, error) {
	if number > 0 {
		v, err := s.version(ctx, number)
		if err != nil {
			return 0, nil, err
		}
		src, err := sourceOf(v, id)
		return number, src, err
	}
	var found partChange
	for before := to + 1; before > 0; {
		var err error
		if before, err = s.changes(ctx, flowSource(id), before, func(c partChange) bool { found = c; return false }); err != nil {
			return 0, nil, err
		}
	}
	return found.earlier.Version, found.before, nil
}

// oddFlows is what is odd about the flows of a document that are others than
// before: conditions that can never hold, hours that never change, words.
func (s *Server) oddFlows(before []*flow.Flow, d *Document) ([]Fault, error) {
	tables := map[string]*calendar.Table{}
	for _, h := range d.Hours {
		h.Zone = cmp.Or(h.Zone, d.Zone)
		if table, err := calendar.Compile(h); err == nil {
			tables[h.ID] = table
		}
	}
	var all []strict.Problem
	var changed []*flow.Flow
	for _, f := range d.Flows {
		if slices.ContainsFunc(before, func(old *flow.Flow) bool { return old.ID == f.ID && sameFlow(old, f) }) {
			continue
		}
		changed = append(changed, f)
		for _, p := range f.Odd(tables, s.now()) {
			all = append(all, strict.Problem{File: p.File, Line: p.Line, Field: string(f.ID) + "." + p.Node, What: p.What, Remedy: p.Remedy})
		}
	}
	words, err := OddWords(changed, d.Phrases.Profile)
	if err != nil {
		return nil, err
	}
	scenes, err := OddScenes(changed, d.Phrases)
	return faults(slices.Concat(all, words, scenes)), err
}

func sameFlow(a, b *flow.Flow) bool {
	one, err := strict.Encode(*a)
	two, wrong := strict.Encode(*b)
	return err == nil && wrong == nil && bytes.Equal(one, two)
}

// rollBack makes a flow of a document again what it was in a version, 0 for what
// it was before it changed last.
func (s *Server) rollBack(ctx context.Context, d *Document, id string, to int64) error {
	if to == 0 {
		newest, err := s.version(ctx, 0)
		if err != nil {
			return err
		}
		if to, _, err = s.earlier(ctx, id, 0, newest.Version); err != nil {
			return err
		}
		if to == 0 {
			return fmt.Errorf("flow %q was never another: %w", id, ErrNotFound)
		}
	}
	v, err := s.version(ctx, to)
	if err != nil {
		return err
	}
	f, err := flowOf(v, id)
	if err != nil {
		return err
	}
	if f == nil {
		return fmt.Errorf("flow %q in version %d: %w", id, to, ErrNotFound)
	}
	d.Flows = slices.Clone(d.Flows)
	if i := slices.IndexFunc(d.Flows, func(old *flow.Flow) bool { return old.ID == f.ID }); i >= 0 {
		d.Flows[i] = f
	} else {
		d.Flows = append(d.Flows, f)
	}
	return nil
}
