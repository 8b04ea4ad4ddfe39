package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// Spoken is for whom phrases are asked for.
type Spoken struct {
	Scope
	Queue    string `query:"queue" doc:"as this queue speaks; as the tenant does when absent" maxLength:"64"`
	Profile  string `query:"profile" doc:"another profile than the settings name" maxLength:"64" example:"cable"`
	Language string `query:"language" doc:"another language than the settings name" enum:"zh,en"`
}

func (s Spoken) scope() phrase.Scope {
	return phrase.Scope{Queue: fact.QueueID(s.Queue), Profile: s.Profile, Language: s.Language}
}

// PhraseItem is a phrase in a list.
type PhraseItem struct {
	Key       string       `json:"key"`
	Number    int          `json:"number" doc:"that is keyed in to record it by phone"`
	Scene     string       `json:"scene"`
	SceneName phrase.Label `json:"scene_name"`
	Language  string       `json:"language" doc:"of the wording"`
	Level     string       `json:"level" doc:"where the wording comes from" enum:"queue,tenant,profile"`
	Text      string       `json:"text" doc:"the wording that is due, with its {variables}"`
	Variables []string     `json:"variables"`
	Speaker   string       `json:"speaker" doc:"agent, or either agent or system"`
	Delivery  string       `json:"delivery"`
	Direction string       `json:"direction"`
	When      string       `json:"when,omitempty" doc:"the condition that it needs"`
}

// PhraseList are the phrases of a profile.
type PhraseList struct {
	Version  int64        `json:"version" doc:"of the document that the settings are in"`
	Profile  string       `json:"profile" doc:"whose phrases they are"`
	Name     phrase.Label `json:"name" doc:"of the profile"`
	Profiles []string     `json:"profiles" doc:"that there are"`
	Items    []PhraseItem `json:"items"`
}

// PhraseShown is everything about one phrase.
type PhraseShown struct {
	phrase.Effective
	SceneName phrase.Label      `json:"scene_name"`
	Variables []phrase.Variable `json:"variables"`
}

// book is the catalogue with the settings of the newest document. ErrNotFound:
// the queue that is to speak is not there.
func (s *Server) book(ctx context.Context, in Spoken) (*phrase.Book, *Document, Version, error) {
	c, err := catalogue()
	if err != nil {
		return nil, nil, Version{}, err
	}
	d, v, err := s.document(ctx)
	if err != nil {
		return nil, nil, v, err
	}
	if in.Queue != "" && d.queue(fact.QueueID(in.Queue)) == nil {
		return nil, nil, v, fmt.Errorf("queue %q: %w", in.Queue, ErrNotFound)
	}
	return c.Book(d.Phrases), d, v, nil
}

func (s *Server) phraseRoutes() {
	type listOut struct {
		ETag string `header:"ETag"`
		Body PhraseList
	}
	route(s, http.MethodGet, "/phrases", "list-phrases", "List the standard phrases as they are worded for a queue or the tenant", func(ctx context.Context, in *struct {
		Spoken
		Scene string `query:"scene" doc:"only of this scene" maxLength:"64"`
		Query string `query:"q" doc:"only with these words: Chinese, English, or initials of pinyin" maxLength:"200" example:"qsd"`
		Level string `query:"level" doc:"only those that come from there" enum:"queue,tenant,profile"`
	}) (*listOut, error) {
		b, _, v, err := s.book(ctx, in.Spoken)
		if err != nil {
			return nil, err
		}
		list, err := listPhrases(b, in.scope(), in.Scene, in.Query, in.Level)
		list.Version = v.Version
		return &listOut{etag(v.Version), list}, err
	})
	type shownOut struct {
		ETag string `header:"ETag"`
		Body PhraseShown
	}
	route(s, http.MethodGet, "/phrases/{id}", "show-phrase", "Show one phrase: what is prescribed, and what is said", func(ctx context.Context, in *struct {
		Spoken
		PhrasePath
	}) (*shownOut, error) {
		b, _, v, err := s.book(ctx, in.Spoken)
		if err != nil {
			return nil, err
		}
		shown, err := showPhrase(b, in.scope(), in.ID)
		return &shownOut{etag(v.Version), shown}, err
	})
	type renderedOut struct{ Body phrase.Rendered }
	route(s, http.MethodGet, "/phrases/{id}/render", "render-phrase",
		"Fill in a phrase; where a variable has no value the answer names it and has only the agent's script", func(ctx context.Context, in *struct {
			Spoken
			PhrasePath
			Known
		}) (*renderedOut, error) {
			b, f, values, err := s.said(ctx, in.Spoken, in.Known)
			if err != nil {
				return nil, err
			}
			r, err := b.Render(in.scope(), in.ID, f, values)
			if err != nil && !errors.Is(err, phrase.ErrMissing) {
				return nil, err
			}
			return &renderedOut{r}, nil
		})
	s.sceneRoutes()
	s.wordingRoutes()
}

// PhrasePath names a phrase.
type PhrasePath struct {
	ID string `path:"id" doc:"its key" maxLength:"128" example:"greeting.opening"`
}

func listPhrases(b *phrase.Book, scope phrase.Scope, scene, query, level string) (PhraseList, error) {
	var out PhraseList
	p, err := b.Profile(scope)
	if err != nil {
		return out, err
	}
	all, err := b.List(scope)
	if err != nil {
		return out, err
	}
	c, err := catalogue()
	if err != nil {
		return out, err
	}
	out.Profile, out.Name, out.Items = p.ID, p.Name, []PhraseItem{}
	for _, p := range c.Profiles {
		out.Profiles = append(out.Profiles, p.ID)
	}
	finder := phrase.Find(query)
	for _, e := range all {
		f := e.Phrase
		name := p.Scene(f.Scene).Name
		if scene != "" && f.Scene != scene || level != "" && e.Level != level || !finder.Match(e, name) {
			continue
		}
		out.Items = append(out.Items, PhraseItem{Key: f.Key, Number: b.Number(p.ID, f.Key), Scene: f.Scene, SceneName: name, Language: e.Language, Level: e.Level,
			Text: e.Template, Variables: orEmpty(e.Variables()), Speaker: f.Speaker, Delivery: f.Delivery, Direction: f.Direction, When: f.When})
	}
	return out, nil
}

func showPhrase(b *phrase.Book, scope phrase.Scope, key string) (PhraseShown, error) {
	e, err := b.Resolve(scope, key)
	if err != nil {
		return PhraseShown{}, err
	}
	p, err := b.Profile(scope)
	if err != nil {
		return PhraseShown{}, err
	}
	c, err := catalogue()
	if err != nil {
		return PhraseShown{}, err
	}
	out := PhraseShown{Effective: e, SceneName: p.Scene(e.Phrase.Scene).Name, Variables: []phrase.Variable{}}
	for _, id := range e.Variables() {
		if v := c.Variable(id); v != nil {
			shown := *v
			shown.Values = e.Choices(v)
			out.Variables = append(out.Variables, shown)
		}
	}
	return out, nil
}

// Known is what is known of a call when something is said.
type Known struct {
	Value        []string  `query:"value,explode" doc:"of a variable, as name=value" maxItems:"64" example:"agent_no=1001"`
	At           time.Time `query:"at" doc:"the wall time; now when absent"`
	Festival     bool      `query:"festival" doc:"today is one, as on the festivals of the document"`
	Birthday     bool      `query:"birthday" doc:"today is the customer's"`
	Trainee      bool      `query:"trainee" doc:"the agent is one"`
	FirstContact bool      `query:"first_contact" doc:"the customer was never called before"`
	Queued       int       `query:"queued" doc:"seconds that the caller waited in line" minimum:"0" maximum:"86400"`
	Hold         int       `query:"hold" doc:"seconds that a wait within the talk is going to take" minimum:"0" maximum:"86400"`
	Held         int       `query:"held" doc:"seconds that one has taken" minimum:"0" maximum:"86400"`
	Terminal     string    `query:"terminal" doc:"what the customer calls from" enum:"mobile,fixed"`
	Sex          string    `query:"sex" doc:"of the customer" enum:"male,female"`
	Title        string    `query:"title" doc:"a form of address that is known" maxLength:"64"`
	Tier         string    `query:"tier" doc:"of the customer's contract" maxLength:"64" example:"vip_silver"`
	Told         []string  `query:"told,explode" doc:"conditions that an event or the agent has told" maxItems:"64" example:"still_silent"`
	Turn         int       `query:"turn" doc:"which of wordings that are as good, from 0 and round" minimum:"0" maximum:"1000000"`
}

// said is what a phrase is filled in by: the book, and what is known of a call.
func (s *Server) said(ctx context.Context, in Spoken, k Known) (*phrase.Book, phrase.Facts, map[string]string, error) {
	b, d, _, err := s.book(ctx, in)
	if err != nil {
		return nil, phrase.Facts{}, nil, err
	}
	f, values, err := k.facts(s.now(), d.Zone)
	f.Festival = f.Festival || flow.FestivalOn(d.Festivals, f.At) != nil
	return b, f, values, err
}

// facts are what is known, in the zone of the centre.
func (k Known) facts(now time.Time, zone string) (phrase.Facts, map[string]string, error) {
	if !k.At.IsZero() {
		now = k.At
	}
	values := make(map[string]string, len(k.Value))
	for _, v := range k.Value {
		id, value, ok := strings.Cut(v, "=")
		if _, twice := values[id]; !ok || twice {
			return phrase.Facts{}, nil, fmt.Errorf("value=%s: %w: want name=value, each name once", v, ErrInvalid)
		}
		values[id] = value
	}
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return phrase.Facts{At: now.In(zoneOf(zone)), Festival: k.Festival, Birthday: k.Birthday, Trainee: k.Trainee, FirstContact: k.FirstContact,
		Queued: seconds(k.Queued), Hold: seconds(k.Hold), Held: seconds(k.Held), Terminal: k.Terminal, Sex: k.Sex, Title: k.Title,
		Tier: k.Tier, Told: k.Told, Turn: k.Turn}, values, nil
}
