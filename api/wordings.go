package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// Wording is what is said instead of a phrase.
type Wording struct {
	Text string `json:"text" doc:"with {variables}" minLength:"1" maxLength:"4000"`
}

func (s *Server) wordingRoutes() {
	route(s, http.MethodGet, "/phrases/settings", "show-phrase-settings", "Show the document's section of phrases as YAML, or JSON", func(ctx context.Context, in *struct {
		Scope
		Format string `query:"format" doc:"yaml when absent" enum:"yaml,json"`
	}) (*documentOut, error) {
		d, v, err := s.document(ctx)
		if err != nil {
			return nil, err
		}
		out := &documentOut{ContentType: typeYAML, ETag: etag(v.Version)}
		if in.Format == "json" {
			out.ContentType = typeJSON
			out.Body, err = strict.EncodeJSON(PhraseSettings{d.Phrases})
		} else {
			out.Body, err = strict.Encode(PhraseSettings{d.Phrases})
		}
		return out, err
	})
	route(s, http.MethodPut, "/phrases/settings", "put-phrase-settings", "Replace the document's section of phrases", func(ctx context.Context, in *written) (*changeOut, error) {
		name, src := in.source("phrases")
		var odd []Fault
		done, err := s.change(ctx, in.IfMatch, in.DryRun, func(d *Document) (draft, error) {
			set, err := ParsePhrases(name, src)
			if err != nil {
				return draft{}, err
			}
			d.Phrases = set
			wrong, strange, err := CheckPhrases(name, src, "", set, d.queues())
			if err != nil || len(wrong) > 0 {
				return draft{}, errors.Join(err, refused(wrong))
			}
			odd = faults(strange)
			whole, err := d.Source()
			return draft{d, "centre", whole}, err
		})
		if err == nil {
			done.Body.Odd = odd
		}
		return done, err
	})
	route(s, http.MethodPut, "/phrases/{id}/wording", "put-wording", "Say something else instead of a phrase, in the tenant or in one queue", func(ctx context.Context, in *struct {
		Spoken
		Match
		PhrasePath
		Body Wording
	}) (*changeOut, error) {
		by := actorOf(ctx).Name
		var odd []Fault
		done, err := s.edit(ctx, in.IfMatch, func(d *Document) error {
			o := phrase.Override{Key: in.ID, Queue: fact.QueueID(in.Queue), Profile: in.Profile, Language: in.Language,
				Text: in.Body.Text, By: by, Date: s.now().In(zoneOf(d.Zone)).Format(time.DateOnly)}
			d.Phrases.Put(o)
			_, strange, err := CheckPhrases("centre", nil, "", d.Phrases, nil)
			// What is odd about the others is not told again.
			at := slices.IndexFunc(d.Phrases.Overrides, func(w phrase.Override) bool {
				return w.Key == o.Key && w.Queue == o.Queue && w.Text == o.Text
			})
			odd = faults(slices.DeleteFunc(strange, func(p strict.Problem) bool { return !strings.HasPrefix(p.Field, fmt.Sprintf("overrides[%d].", at)) }))
			return err
		})
		if err == nil {
			done.Body.Odd = odd
		}
		return done, err
	})
	route(s, http.MethodDelete, "/phrases/{id}/wording", "delete-wording", "Say what is prescribed again", func(ctx context.Context, in *struct {
		Spoken
		Match
		PhrasePath
	}) (*changeOut, error) {
		return s.edit(ctx, in.IfMatch, func(d *Document) error {
			if !d.Phrases.Drop(phrase.Override{Key: in.ID, Queue: fact.QueueID(in.Queue), Profile: in.Profile, Language: in.Language}) {
				return fmt.Errorf("a wording of its own for the phrase %q: %w", in.ID, ErrNotFound)
			}
			return nil
		})
	})
}

// refused are problems as an error, nil for none.
func refused(wrong []strict.Problem) error {
	if len(wrong) == 0 {
		return nil
	}
	return &strict.Errors{Problems: wrong}
}
