package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// SceneStart is the body of a scene's begin.
type SceneStart struct {
	CallAct
	Scene  string            `json:"scene" doc:"of the profile that the call's queue speaks by" example:"silent_call" minLength:"1" maxLength:"64"`
	Values map[string]string `json:"values,omitempty" doc:"what variables of its phrases are filled in with"`
	Holds  []string          `json:"holds,omitempty" doc:"conditions that hold, such as festival" maxItems:"50"`
	Hold   string            `json:"hold,omitempty" doc:"how long a wait of the caller's is going to take" example:"20s" maxLength:"20"`
	Shown  bool              `json:"shown,omitempty" doc:"the agent says everything, also what huawu may say"`
}

// SceneTick is the body of a tick.
type SceneTick struct {
	Line   string            `json:"line,omitempty" doc:"the phrase that was said, of several" maxLength:"200"`
	Values map[string]string `json:"values,omitempty" doc:"what variables of its phrases are filled in with from now on; an empty one is forgotten"`
}

// CallScenes are the scenes of a call's profile.
type CallScenes struct {
	Profile string      `json:"profile"`
	Items   []CallScene `json:"items"`
}

// CallScene is a scene that may begin in a call.
type CallScene struct {
	SceneItem
	// Fits says that it is for calls of the call's direction.
	Fits bool `json:"fits" doc:"it is for calls of this direction"`
}

type sceneIn struct {
	Fresh
	CallPath
}

// phraseValues are values in the order of their names.
func phraseValues(of map[string]string) []center.PhraseValue {
	var all []center.PhraseValue
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, center.PhraseValue{Name: name, Value: of[name]})
	}
	return all
}

// callSceneRoutes go through scenes with callers.
func (s *Server) callSceneRoutes() {
	type sceneOut struct{ Body center.SceneView }
	route(s, http.MethodGet, "/calls/{id}/scene", "show-call-scene", "Show the scene of a call: what is to be said, how far it has come, what it waits for",
		func(ctx context.Context, in *sceneIn) (*sceneOut, error) {
			c, err := s.liveCall(ctx, in)
			if err != nil {
				return nil, err
			}
			if c.Scene == nil {
				return nil, fmt.Errorf("call %s: scene: %w: none has begun in it", in.ID, ErrNotFound)
			}
			return &sceneOut{*c.Scene}, nil
		})
	type listOut struct{ Body CallScenes }
	route(s, http.MethodGet, "/calls/{id}/scenes", "list-call-scenes", "List the scenes that may begin in a call", func(ctx context.Context, in *sceneIn) (*listOut, error) {
		c, err := s.liveCall(ctx, in)
		if err != nil {
			return nil, err
		}
		spoken := Spoken{Queue: string(c.Queue)}
		b, _, _, err := s.book(ctx, spoken)
		if err != nil {
			return nil, err
		}
		p, err := b.Profile(spoken.scope())
		if err != nil {
			return nil, err
		}
		return &listOut{callScenes(p, c.Direction)}, nil
	})
	route(s, http.MethodPost, "/calls/{id}/scene/start", "start-scene", "Begin a scene in a talk", func(ctx context.Context, in *struct {
		Waited
		CallPath
		Body SceneStart
	}) (*callDoneOut, error) {
		op := center.StartScene{Call: fact.CallID(in.ID), Agent: in.Body.Agent, Scene: in.Body.Scene, Values: phraseValues(in.Body.Values),
			Holds: in.Body.Holds, Shown: in.Body.Shown}
		if in.Body.Hold != "" {
			var err error
			if op.Hold, err = time.ParseDuration(in.Body.Hold); err != nil {
				return nil, fmt.Errorf("hold %q: want a time such as 20s or 2m: %w", in.Body.Hold, ErrInvalid)
			}
		}
		return s.sceneCommand(ctx, in.Waited, in.ID, "start", op)
	})
	route(s, http.MethodPost, "/calls/{id}/scene/next", "next-step", "Tick the present step off: it was said, is to be done, or its condition holds",
		func(ctx context.Context, in *struct {
			Waited
			CallPath
			Body *SceneTick
		}) (*callDoneOut, error) {
			op := center.NextStep{Call: fact.CallID(in.ID)}
			if in.Body != nil {
				op.Line, op.Values = in.Body.Line, phraseValues(in.Body.Values)
			}
			return s.sceneCommand(ctx, in.Waited, in.ID, "next", op)
		})
	for _, verb := range []struct {
		word, id, summary string
		op                func(fact.CallID) center.Operation
	}{
		{"skip", "skip-step", "Pass the present step over", func(id fact.CallID) center.Operation { return center.SkipStep{Call: id} }},
		{"repeat", "repeat-step", "Say the last phrase once more", func(id fact.CallID) center.Operation { return center.RepeatStep{Call: id} }},
		{"stop", "stop-scene", "End the scene", func(id fact.CallID) center.Operation { return center.StopScene{Call: id} }},
	} {
		route(s, http.MethodPost, "/calls/{id}/scene/"+verb.word, verb.id, verb.summary, func(ctx context.Context, in *struct {
			Waited
			CallPath
		}) (*callDoneOut, error) {
			return s.sceneCommand(ctx, in.Waited, in.ID, verb.word, verb.op(fact.CallID(in.ID)))
		})
	}
}

// liveCall is a call that goes on.
func (s *Server) liveCall(ctx context.Context, in *sceneIn) (*center.CallView, error) {
	v, _, err := s.view(ctx, in.After)
	if err != nil {
		return nil, err
	}
	if c := callIn(v, fact.CallID(in.ID)); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("call %q: %w: it does not go on", in.ID, ErrNotFound)
}

func callScenes(p *phrase.Profile, d fact.Direction) CallScenes {
	out := CallScenes{Profile: p.ID, Items: []CallScene{}}
	for _, c := range p.Scenes {
		fits := c.Direction == "both" || c.Direction == string(d)
		out.Items = append(out.Items, CallScene{SceneItem{c.ID, c.Name, c.Direction, len(c.Steps), len(c.Phrases)}, fits})
	}
	return out
}

// sceneCommand asks for something in the scene of a call.
func (s *Server) sceneCommand(ctx context.Context, wait Waited, id, verb string, op center.Operation) (*callDoneOut, error) {
	n := Note{Action: "scene." + verb, Target: "call/" + id, After: asJSON(op)}
	v, _ := s.engine.View()
	if c := callIn(v, fact.CallID(id)); c != nil {
		before := map[string]any{"state": c.State, "queue": c.Queue, "agent": c.Agent}
		if c.Scene != nil {
			before["scene"], before["step"], before["over"] = c.Scene.Scene, c.Scene.Step, c.Scene.Over
		}
		n.Before = asJSON(before)
	}
	cursor, seen, err := s.command(ctx, wait.Wait, op, n)
	if err != nil {
		return nil, err
	}
	out := &callDoneOut{CallDone{Cursor: cursor.String()}}
	if seen {
		v, _ := s.engine.View()
		out.Body.Call = callIn(v, fact.CallID(id))
	}
	return out, nil
}
