package phrase

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/scripts/strict"
)

// Catalogue is everything that comes with huawu. It does not change.
type Catalogue struct {
	Profiles   []Profile
	Variables  []Variable
	Conditions []Condition
	Taboos     []Taboo

	phrases   map[name]*Phrase
	supplied  map[name]*Phrase // without a text
	variables map[string]*Variable
	holds     map[string]*Condition
}

// name is what a phrase is known by (PHR-1).
type name struct{ profile, language, key string }

//go:embed catalogue/*.yaml
var files embed.FS

// profiles are the files of the catalogue in the order of their profiles.
var profiles = []string{"cable", "gov12345", "cm10086"}

// Shipped reads the catalogue that comes with huawu. Keep it: reading takes
// milliseconds.
func Shipped() (*Catalogue, error) {
	c := new(Catalogue)
	for _, name := range append([]string{"variables", "conditions"}, profiles...) {
		file := "catalogue/" + name + ".yaml"
		src, err := files.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the phrases: %w", err)
		}
		if err := c.read(file, src); err != nil {
			return nil, fmt.Errorf("read the phrases: %w", err)
		}
	}
	const file = "catalogue/taboo.yaml"
	src, err := files.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the taboos: %w", err)
	}
	if err := c.readTaboos(file, src); err != nil {
		return nil, fmt.Errorf("read the taboos: %w", err)
	}
	return c, nil
}

// read adds a file to the catalogue and checks it. The error is a
// *strict.Errors.
func (c *Catalogue) read(file string, src []byte) error {
	var words struct {
		Variables  []Variable  `yaml:"variables"`
		Conditions []Condition `yaml:"conditions"`
	}
	if strings.HasSuffix(file, "variables.yaml") || strings.HasSuffix(file, "conditions.yaml") {
		if err := strict.Decode(file, src, &words); err != nil {
			return err
		}
		c.Variables = append(c.Variables, words.Variables...)
		c.Conditions = append(c.Conditions, words.Conditions...)
		c.index()
		return nil
	}
	var p Profile
	if err := strict.Decode(file, src, &p); err != nil {
		return err
	}
	p.complete()
	c.Profiles = append(c.Profiles, p)
	c.index()
	if problems := c.check(&c.Profiles[len(c.Profiles)-1]); len(problems) > 0 {
		return &strict.Errors{Problems: problems}
	}
	return nil
}

// complete fills in what a profile's file leaves out.
func (p *Profile) complete() {
	for i := range p.Scenes {
		s := &p.Scenes[i]
		if s.Direction == "" {
			s.Direction = p.Direction
		}
		for _, step := range s.Steps {
			if step.Supplied {
				p.supplied = append(p.supplied, Phrase{Key: step.Say, Profile: p.ID, Language: step.language(), Scene: s.ID, Direction: s.Direction,
					Speaker: SpeakerAgent, Delivery: DeliveryShow, When: step.When, OneOf: step.OneOf, Source: s.Source})
			}
		}
		for j := range s.Phrases {
			f := &s.Phrases[j]
			f.Profile, f.Scene, f.Direction = p.ID, s.ID, s.Direction
			f.Source = Source{Part: s.Source.Part, Article: s.Source.Article, Lines: fmt.Sprintf("L%d", f.Line)}
			if f.Language == "" {
				f.Language = Mandarin
			}
			if f.Speaker == "" {
				f.Speaker = SpeakerAgent
			}
			if f.Delivery == "" {
				f.Delivery = DeliveryShow
			}
			if f.Template == "" {
				f.Template = f.Text
			}
			f.Vars = parse(f.Template).vars()
			for _, step := range s.Steps {
				if step.Say == f.Key && step.language() == f.Language {
					f.When, f.OneOf = step.When, step.OneOf
				}
			}
		}
	}
}

func (s *Step) language() string {
	if s.Language == "" {
		return Mandarin
	}
	return s.Language
}

func (c *Catalogue) index() {
	c.supplied = map[name]*Phrase{}
	c.phrases, c.variables, c.holds = map[name]*Phrase{}, map[string]*Variable{}, map[string]*Condition{}
	for i := range c.Profiles {
		for j := range c.Profiles[i].Scenes {
			for k := range c.Profiles[i].Scenes[j].Phrases {
				f := &c.Profiles[i].Scenes[j].Phrases[k]
				if key := (name{f.Profile, f.Language, f.Key}); c.phrases[key] == nil {
					c.phrases[key] = f
				}
			}
		}
	}
	for i := range c.Profiles {
		for j := range c.Profiles[i].supplied {
			f := &c.Profiles[i].supplied[j]
			c.supplied[name{f.Profile, f.Language, f.Key}] = f
		}
	}
	for i := range c.Variables {
		c.variables[c.Variables[i].ID] = &c.Variables[i]
	}
	for i := range c.Conditions {
		c.holds[c.Conditions[i].ID] = &c.Conditions[i]
	}
}

// Profile is the profile of that id, nil for none.
func (c *Catalogue) Profile(id string) *Profile {
	if i := slices.IndexFunc(c.Profiles, func(p Profile) bool { return p.ID == id }); i >= 0 {
		return &c.Profiles[i]
	}
	return nil
}

// Scene is the profile's scene of that id, nil for none.
func (p *Profile) Scene(id string) *Scene {
	if i := slices.IndexFunc(p.Scenes, func(s Scene) bool { return s.ID == id }); i >= 0 {
		return &p.Scenes[i]
	}
	return nil
}

// Variable is the variable of that id, nil for none.
func (c *Catalogue) Variable(id string) *Variable { return c.variables[id] }

// Condition is the condition of that id, nil for none.
func (c *Catalogue) Condition(id string) *Condition { return c.holds[id] }

// keys are a profile's keys, in order, each once: what the norms leave out
// comes last.
func (c *Catalogue) keys(profile string) []string {
	var all []string
	if p := c.Profile(profile); p != nil {
		for _, s := range p.Scenes {
			for _, f := range s.Phrases {
				if !slices.Contains(all, f.Key) {
					all = append(all, f.Key)
				}
			}
		}
		for _, f := range p.supplied {
			all = append(all, f.Key)
		}
	}
	return all
}
