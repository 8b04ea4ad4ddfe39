package api

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// CheckScene says what is wrong with a scene that a flow begins. One that the
// tenant's profile does not have is passed by, and no mistake: shipped flows do for
// all.
func CheckScene(n *flow.SceneNode) error {
	all, err := catalogue()
	if err != nil {
		return fmt.Errorf("check the scenes of flows: %w", err)
	}
	if !slices.ContainsFunc(all.Profiles, func(p phrase.Profile) bool { return p.Scene(n.Key) != nil }) {
		return fmt.Errorf("no profile has a scene %.60q; \"huawu phrase scenes\" has them", n.Key)
	}
	for _, when := range n.Holds {
		if all.Condition(when) == nil {
			return fmt.Errorf("there is no condition %.60q; \"huawu phrase scenes %s\" shows those of the scene", when, n.Key)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(n.With)) {
		if all.Variable(id) == nil {
			return fmt.Errorf("no phrase has a variable %.60q; \"huawu phrase show\" tells what each leaves open", id)
		}
	}
	return nil
}

// OddScenes is what flows would have said in scenes and what will be passed by: for
// the tenant has no such scene, or a phrase has gaps that nothing fills in.
func OddScenes(flows []*flow.Flow, s phrase.Settings) ([]strict.Problem, error) {
	all, err := catalogue()
	if err != nil {
		return nil, fmt.Errorf("check the scenes of flows: %w", err)
	}
	book := all.Book(s)
	var odd []strict.Problem
	for _, f := range flows {
		for i := range f.Nodes {
			n := &f.Nodes[i]
			if n.Scene == nil {
				continue
			}
			for _, what := range oddScene(book, n.Scene) {
				odd = append(odd, strict.Problem{File: f.File, Line: n.Line, Field: string(f.ID) + "." + n.ID, What: what,
					Remedy: "\"huawu phrase scenes " + n.Scene.Key + "\" shows what it says"})
			}
		}
	}
	return odd, nil
}

func oddScene(b *phrase.Book, n *flow.SceneNode) []string {
	in := phrase.Scope{Queue: n.Queue}
	scene, err := flow.Compile(b, in, n.Key, 0)
	if err != nil {
		return []string{fmt.Sprintf("the caller hears nothing of the scene, and goes on at else: %v", err)}
	}
	var all []string
	for _, q := range scene.Scene.Cues {
		for _, l := range q.Say {
			if l.Listed || q.Again > 0 {
				continue
			}
			r, err := b.Render(in, l.Key, phrase.Facts{At: noon}, nil)
			if err != nil && !errors.Is(err, phrase.ErrMissing) {
				continue
			}
			var gaps []string
			p := flow.Prompt{Phrase: l.Key, Queue: n.Queue, With: map[string]flow.Value{}}
			for _, id := range r.Missing {
				if _, given := n.With[id]; given || id == callersNumber {
					p.With[id] = flow.Value{From: id}
				} else {
					gaps = append(gaps, id)
				}
			}
			if len(gaps) > 0 {
				all = append(all, fmt.Sprintf("%s is passed by unless the list of numbers has {%s} of the caller", l.Key, strings.Join(gaps, "}, {")))
				continue
			}
			if _, _, err := pieces(b, p); err != nil {
				all = append(all, fmt.Sprintf("%s is passed by: %v", l.Key, err))
			}
		}
	}
	return all
}

// callersNumber is the variable of phrases that a call fills in by itself.
const callersNumber = "phone"
