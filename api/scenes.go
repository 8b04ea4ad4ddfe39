package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// SceneItem is a scene in a list.
type SceneItem struct {
	ID        string       `json:"id"`
	Name      phrase.Label `json:"name"`
	Direction string       `json:"direction"`
	Steps     int          `json:"steps"`
	Phrases   int          `json:"phrases"`
}

// SceneList are the scenes of a profile.
type SceneList struct {
	Profile string      `json:"profile"`
	Items   []SceneItem `json:"items"`
}

// SceneShown is everything about a scene.
type SceneShown struct {
	phrase.Scene
	Steps []StepShown `json:"steps"`
	// Conditions are those of the steps, each once, in order.
	Conditions []phrase.Condition `json:"conditions"`
}

// StepShown is one step of a scene.
type StepShown struct {
	phrase.Step
	Wait    string `json:"wait,omitempty" doc:"a pause" example:"3s"`
	WaitMax string `json:"wait_max,omitempty" doc:"the longest it may be"`
}

// SceneSaid is what is said in a scene, in order.
type SceneSaid struct {
	Items []SceneLine `json:"items"`
}

// SceneLine is one thing that is said, and the condition that called for it.
type SceneLine struct {
	When string `json:"when,omitempty"`
	phrase.Rendered
}

// opening stands for the scene that a call begins with.
const opening = "opening"

func (s *Server) sceneRoutes() {
	type listOut struct{ Body SceneList }
	route(s, http.MethodGet, "/scenes", "list-scenes", "List the scenes of a profile", func(ctx context.Context, in *Spoken) (*listOut, error) {
		b, _, _, err := s.book(ctx, *in)
		if err != nil {
			return nil, err
		}
		p, err := b.Profile(in.scope())
		if err != nil {
			return nil, err
		}
		out := SceneList{Profile: p.ID, Items: []SceneItem{}}
		for _, c := range p.Scenes {
			out.Items = append(out.Items, SceneItem{c.ID, c.Name, c.Direction, len(c.Steps), len(c.Phrases)})
		}
		return &listOut{out}, nil
	})
	type sceneOut struct{ Body SceneShown }
	route(s, http.MethodGet, "/scenes/{id}", "show-scene", "Show a scene: its steps, and what calls for it", func(ctx context.Context, in *struct {
		Spoken
		PartPath
	}) (*sceneOut, error) {
		b, _, _, err := s.book(ctx, in.Spoken)
		if err != nil {
			return nil, err
		}
		p, err := b.Profile(in.scope())
		if err != nil {
			return nil, err
		}
		if c := p.Scene(in.ID); c != nil {
			shown, err := showScene(*c)
			return &sceneOut{shown}, err
		}
		var known []string
		for _, c := range p.Scenes {
			known = append(known, c.ID)
		}
		return nil, fmt.Errorf("scene %q of %s: %w: %s", in.ID, p.ID, ErrNotFound, strict.Suggest(in.ID, known))
	})
	type saidOut struct{ Body SceneSaid }
	route(s, http.MethodGet, "/scenes/{id}/render", "render-scene",
		"Choose and fill in what is said in a scene as things stand; \"opening\" is what a call begins with", func(ctx context.Context, in *struct {
			Spoken
			PartPath
			Known
		}) (*saidOut, error) {
			b, f, values, err := s.said(ctx, in.Spoken, in.Known)
			if err != nil {
				return nil, err
			}
			said, err := b.Opening(in.scope(), f)
			if in.ID != opening {
				said, err = b.Say(in.scope(), in.ID, f)
			}
			if err != nil {
				return nil, err
			}
			out := SceneSaid{Items: []SceneLine{}}
			for _, c := range said {
				r, err := b.Fill(c.Effective, f, values)
				if err != nil && !errors.Is(err, phrase.ErrMissing) {
					return nil, err
				}
				out.Items = append(out.Items, SceneLine{c.When, r})
			}
			return &saidOut{out}, nil
		})
}

// showScene is a scene with its waits as people write them.
func showScene(c phrase.Scene) (SceneShown, error) {
	out := SceneShown{Scene: c, Conditions: []phrase.Condition{}}
	book, err := catalogue()
	if err != nil {
		return out, err
	}
	for _, step := range c.Steps {
		shown := StepShown{Step: step}
		if step.Wait > 0 {
			shown.Wait = step.Wait.String()
		}
		if step.WaitMax > 0 {
			shown.WaitMax = step.WaitMax.String()
		}
		out.Steps = append(out.Steps, shown)
		if when := book.Condition(step.When); when != nil && !slices.Contains(out.Conditions, *when) {
			out.Conditions = append(out.Conditions, *when)
		}
	}
	return out, nil
}
