package phrase

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/scripts/strict"
)

// Choice is a wording that is due, and why: the condition that holds, "" for
// one that needs none.
type Choice struct {
	Effective
	When string `json:"when,omitempty"`
}

// Say is what is to be said in a scene, in order, as the facts stand. Of
// alternatives one is taken: those whose condition holds go before those that
// need none, and among equals the Turn-th. A scene with steps in the scope's
// language keeps to them. Errors wrap ErrUnknown, ErrNoProfile, or ErrValue for a
// condition that there is not.
func (b *Book) Say(s Scope, scene string, f Facts) ([]Choice, error) {
	m, err := b.speaks(s)
	if err != nil {
		return nil, err
	}
	if err := b.c.told(f); err != nil {
		return nil, err
	}
	return b.say(m, s, scene, f)
}

func (b *Book) say(m manner, s Scope, id string, f Facts) ([]Choice, error) {
	scene, language, err := m.scene(id)
	if err != nil {
		return nil, err
	}
	var all []Choice
	taken := map[string]bool{} // groups of alternatives
	for i := range scene.Steps {
		step := &scene.Steps[i]
		if step.Say == "" || step.language() != language || taken[step.OneOf] {
			continue
		}
		if step.OneOf != "" {
			taken[step.OneOf] = true
			if step = alternative(scene, step.OneOf, language, f, m); step == nil {
				continue
			}
		}
		if !holds(step.When, f, m) {
			continue
		}
		e, err := b.resolve(m, s.Queue, step.Say)
		if err != nil && step.Supplied {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, Choice{e, step.When})
	}
	return all, nil
}

// told checks what events and agents have told.
func (c *Catalogue) told(f Facts) error {
	for _, id := range f.Told {
		if c.holds[id] == nil {
			var known []string
			for _, k := range c.Conditions {
				known = append(known, k.ID)
			}
			return fmt.Errorf("condition %q: %w: there is none: %s", clip(id), ErrValue, strict.Suggest(id, known))
		}
	}
	return nil
}

// alternative is the step of a group that is taken, nil for none.
func alternative(scene *Scene, group, language string, f Facts, m manner) *Step {
	var special, plain []*Step
	for i := range scene.Steps {
		switch t := &scene.Steps[i]; {
		case t.OneOf != group || t.Say == "" || t.language() != language || !holds(t.When, f, m):
		case t.When != "":
			special = append(special, t)
		default:
			plain = append(plain, t)
		}
	}
	if len(special) == 0 {
		special = plain
	}
	if len(special) == 0 {
		return nil
	}
	return special[max(f.Turn, 0)%len(special)]
}

// holds says whether a condition holds.
func holds(when string, f Facts, m manner) bool {
	if rule := rules[when]; rule != nil {
		return rule(f, m)
	}
	return when == "" || slices.Contains(f.Told, when)
}

// Opening is what a talk begins with: the first of the profile's openings that
// holds, after a greeting by the part of the day where the settings want one.
// A caller who has waited long is asked pardon in place of the opening, and a
// festival or a trainee has a wording of its own.
func (b *Book) Opening(s Scope, f Facts) ([]Choice, error) {
	m, err := b.speaks(s)
	if err != nil {
		return nil, err
	}
	if err := b.c.told(f); err != nil {
		return nil, err
	}
	var all []Choice
	if m.profile.DayGreeting != "" && m.is(m.DayGreeting) {
		if all, err = b.say(m, s, m.profile.DayGreeting, f); err != nil {
			return nil, err
		}
	}
	for _, o := range m.profile.Openings {
		if !holds(o.When, f, m) {
			continue
		}
		said, err := b.say(m, s, o.Scene, f)
		if err != nil {
			return nil, err
		}
		for i := range said {
			if said[i].When == "" {
				said[i].When = o.When
			}
		}
		return append(all, said...), nil
	}
	return all, nil
}
