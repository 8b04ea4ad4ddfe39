package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
)

// ChangeDone is the answer to a change of the centre.
type ChangeDone struct {
	Version int64  `json:"version" doc:"the version that holds now; with dry_run the one that holds still"`
	Changed bool   `json:"changed" doc:"whether the document differs from the version before"`
	Diff    string `json:"diff,omitempty" doc:"what differs, as a unified diff of the documents"`
	PINs    int    `json:"pins,omitempty" doc:"how many PINs were set, or would be"`
	Cursor  string `json:"cursor,omitempty" doc:"for ?after= of a read that is to include it"`
	// Odd are found in wordings of phrases, and in flows and norms that change.
	Odd []Fault `json:"odd,omitempty" doc:"what is odd about the change, and may stay"`
}

// VersionList is versions of the centre, the newest first.
type VersionList struct {
	InEffect int64     `json:"in_effect" doc:"the version that the centre works by"`
	Versions []Version `json:"versions"`
}

type changeOut struct {
	ETag string `header:"ETag"`
	Body ChangeDone
}

type Match struct {
	IfMatch string `header:"If-Match" doc:"refuse unless this is the newest version" example:"\"7\"" maxLength:"40"`
}

// written is a document, or a section of it, that is to take the place of
// what holds.
type written struct {
	Scope
	Match
	DryRun  bool   `query:"dry_run" doc:"check it and show what would change"`
	Name    string `query:"name" doc:"its file name in messages" maxLength:"400"`
	RawBody []byte `contentType:"application/yaml" doc:"YAML or JSON"`
}

// source is what was written, to be kept, and its name in messages.
func (w *written) source(usual string) (name string, src []byte) {
	return cmp.Or(w.Name, usual), bytes.Clone(w.RawBody)
}

type documentOut struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

// documentTypes are the forms that a document is shown in.
const (
	typeYAML = "application/yaml"
	typeJSON = "application/json"
)

func (s *Server) centreRoutes() {
	route(s, http.MethodGet, "/centre", "show-centre", "Show the centre's document as YAML, or JSON if that is what is accepted", func(ctx context.Context, in *struct {
		Scope
		Accept  string `header:"Accept" doc:"application/json for JSON"`
		Format  string `query:"format" doc:"wins over Accept" enum:"yaml,json"`
		Version int64  `query:"version" doc:"this version; the newest when absent" minimum:"1"`
	}) (*documentOut, error) {
		v, err := s.version(ctx, in.Version)
		if err != nil {
			return nil, err
		}
		out := &documentOut{ContentType: typeYAML, ETag: etag(v.Version), Body: v.Body}
		if in.Format == "json" || in.Format == "" && strings.Contains(in.Accept, typeJSON) {
			d, err := ParseDocument("centre", v.Body)
			if err != nil {
				return nil, fmt.Errorf("version %d: %w", v.Version, err)
			}
			out.ContentType = typeJSON
			if out.Body, err = d.JSON(); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	route(s, http.MethodPut, "/centre", "apply-centre", "Make a document the centre's next version", func(ctx context.Context, in *written) (*changeOut, error) {
		name, src := in.source("centre")
		return s.change(ctx, in.IfMatch, in.DryRun, func(*Document) (draft, error) {
			d, err := ParseDocument(name, src)
			return draft{d, name, src}, err
		})
	})
	type versionsOut struct{ Body VersionList }
	route(s, http.MethodGet, "/centre/versions", "list-versions", "List the versions of the centre, the newest first", func(ctx context.Context, in *struct {
		Scope
		Before int64 `query:"before" doc:"older than this version" minimum:"0"`
		Limit  int   `query:"limit" doc:"how many at most" minimum:"1" maximum:"1000" default:"100"`
	}) (*versionsOut, error) {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		defer cancel()
		all, err := s.store.CentreVersions(limit, s.tenant, in.Before, in.Limit)
		if err != nil {
			return nil, err
		}
		v, _ := s.engine.View()
		return &versionsOut{VersionList{InEffect: v.Version, Versions: orEmpty(all)}}, nil
	})
}

// version is one version of the centre, 0 for the newest.
func (s *Server) version(ctx context.Context, number int64) (Version, error) {
	limit, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	if number > 0 {
		v, err := s.store.CentreVersion(limit, s.tenant, number)
		if errors.Is(err, ErrNotFound) {
			err = fmt.Errorf("version %d of the centre: %w", number, ErrNotFound)
		}
		return v, err
	}
	v, err := s.store.Centre(limit, s.tenant)
	if errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("the centre has no document yet, apply one: %w", ErrNotFound)
	}
	return v, err
}

// document is the newest document; an empty one of version 0 when there is
// none.
func (s *Server) document(ctx context.Context) (*Document, Version, error) {
	v, err := s.version(ctx, 0)
	if errors.Is(err, ErrNotFound) {
		return &Document{}, Version{}, nil
	}
	if err != nil {
		return nil, v, err
	}
	d, err := ParseDocument("centre", v.Body)
	if err != nil {
		return nil, v, fmt.Errorf("version %d of the centre: %w", v.Version, err)
	}
	return d, v, nil
}

// draft is a document that may become the next version, and what it was
// written as.
type draft struct {
	document *Document
	name     string
	src      []byte
}

// change makes the next version of the centre: drafted from the newest one,
// checked, saved and only then given to the engine. One change at a time.
func (s *Server) change(ctx context.Context, ifMatch string, dry bool, write func(*Document) (draft, error)) (*changeOut, error) {
	ctx, cancel := context.WithTimeout(ctx, changeLimit)
	defer cancel()
	select {
	case s.changing <- struct{}{}:
		defer func() { <-s.changing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	old, newest, err := s.document(ctx)
	if err != nil {
		return nil, err
	}
	if err := matches(ifMatch, newest.Version); err != nil {
		return nil, err
	}
	flows, settings := slices.Clone(old.Flows), slices.Clone(old.Norms) // of before: what is written may be this very document
	next, err := write(old)
	if err != nil {
		return nil, err
	}
	config, err := s.compiler.Compile(ctx, next.name, next.src, next.document)
	if err != nil {
		return nil, err
	}
	source, err := next.document.Source()
	if err != nil {
		return nil, err
	}
	pins, err := s.newPINs(ctx, next.document.PINs)
	if err != nil {
		return nil, err
	}
	done := ChangeDone{Version: newest.Version, Diff: Diff(newest.Body, source), PINs: len(pins)}
	if done.Odd, err = s.oddFlows(flows, next.document); err != nil {
		return nil, err
	}
	done.Odd = append(done.Odd, oddNorms(settings, next.document.Norms)...)
	done.Changed = done.Diff != ""
	if !dry {
		if err := s.apply(ctx, &done, config, source, pins); err != nil {
			return nil, err
		}
	}
	return &changeOut{ETag: etag(done.Version), Body: done}, nil
}

// apply saves a change and puts it into effect. A version that is saved and not
// in effect, for the engine refused it, comes into effect when it is applied
// again and when huawu starts.
func (s *Server) apply(ctx context.Context, done *ChangeDone, config center.Config, source []byte, pins []PIN) error {
	by := actorOf(ctx)
	if done.Changed {
		version, err := s.store.SaveCentre(ctx, by, s.tenant, done.Version, source)
		if err != nil {
			return err
		}
		done.Version = version
	}
	config.Version = done.Version
	v, cursor := s.engine.View()
	if v.Version != done.Version {
		var err error
		if cursor, err = s.engine.Configure(ctx, config); err != nil {
			return fmt.Errorf("version %d is %w: %w", done.Version, ErrNotInEffect, err)
		}
		// Who looks next is to see it. It is in effect all the same.
		limit, cancel := context.WithTimeout(ctx, awaitLimit)
		defer cancel()
		_ = s.engine.Await(limit, cursor)
	}
	if cursor != (engine.Cursor{}) {
		done.Cursor = cursor.String()
	}
	for _, p := range pins {
		if err := s.store.SetPIN(ctx, by, s.tenant, p.Agent, p.PIN); err != nil {
			return fmt.Errorf("version %d is in effect; %w", done.Version, err)
		}
	}
	return nil
}

// newPINs are the PINs that are not the agents' already, so that applying a
// document again changes nothing.
func (s *Server) newPINs(ctx context.Context, pins []PIN) ([]PIN, error) {
	var changed []PIN
	for _, p := range pins {
		same, err := s.store.CheckPIN(ctx, s.tenant, p.Agent, p.PIN)
		if err != nil {
			return nil, err
		}
		if !same {
			changed = append(changed, p)
		}
	}
	return changed, nil
}

func etag(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// matches refuses a change made from another version than the newest.
func matches(ifMatch string, newest int64) error {
	wanted := strings.Trim(strings.TrimPrefix(strings.TrimSpace(ifMatch), "W/"), `"`)
	if wanted == "" || wanted == "*" || wanted == strconv.FormatInt(newest, 10) {
		return nil
	}
	return fmt.Errorf("If-Match is %s, the newest version is %d: %w", ifMatch, newest, ErrPrecondition)
}
