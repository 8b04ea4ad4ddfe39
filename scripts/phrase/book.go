package phrase

import (
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

// Book is the catalogue with a tenant's settings. It does not change.
type Book struct {
	c         *Catalogue
	s         Settings
	overrides map[named]*Override
}

// Book puts settings on the catalogue. They must have been checked: of two that
// say the same the first counts.
func (c *Catalogue) Book(s Settings) *Book {
	b := &Book{c: c, s: s, overrides: make(map[named]*Override)}
	for i := range s.Overrides {
		if n := s.name(s.Overrides[i]); b.overrides[n] == nil {
			b.overrides[n] = &s.Overrides[i]
		}
	}
	return b
}

// Scope is for whom something is said. Profile and Language, where they are
// not "", go before what the settings say.
type Scope struct {
	Queue    fact.QueueID
	Profile  string
	Language string
}

// The levels that a wording comes from.
const (
	LevelQueue   = "queue"
	LevelTenant  = "tenant"
	LevelProfile = "profile"
)

// Effective is the wording that is due for a scope.
type Effective struct {
	// Phrase is the prescribed one. In a language that has none it is the
	// Mandarin one.
	Phrase *Phrase `json:"phrase"`
	// Language is that of the wording, Level where it comes from.
	Language string    `json:"language"`
	Level    string    `json:"level"`
	Override *Override `json:"override,omitempty"`
	// Template is the wording with its {variables}.
	Template string `json:"template"`

	parts  template
	manner manner
}

// Variables are those of the wording, each once, in order.
func (e Effective) Variables() []string { return e.parts.vars() }

// manner is how something is spoken, with the profile's where settings say
// nothing.
type manner struct {
	profile *Profile
	Manner
}

// speaks is how a scope speaks.
func (b *Book) speaks(s Scope) (manner, error) {
	m := b.s.manner(s.Queue)
	if s.Profile != "" {
		m.Profile = s.Profile
	}
	if s.Language != "" {
		m.Language = s.Language
	}
	if m.Language == "" {
		m.Language = Mandarin
	}
	if m.Language != Mandarin && m.Language != English {
		return manner{}, fmt.Errorf("language %q: %w: want zh or en", m.Language, ErrUnknown)
	}
	if m.Profile == "" {
		return manner{}, fmt.Errorf("%w: name one of %s, or set one as phrases.profile of the document", ErrNoProfile, strings.Join(b.c.profiles(), ", "))
	}
	p := b.c.Profile(m.Profile)
	if p == nil {
		return manner{}, fmt.Errorf("profile %q: %w: %s", m.Profile, ErrUnknown, strict.Suggest(m.Profile, b.c.profiles()))
	}
	if m.Honorifics == nil {
		m.Honorifics = p.Honorifics
	}
	if m.LongWait == 0 {
		m.LongWait = p.LongWait
	}
	if m.Day == (Day{}) {
		m.Day = p.Day
	}
	return manner{p, m}, nil
}

func (m manner) is(setting *bool) bool { return setting != nil && *setting }

// Resolve is the wording of a phrase that is due for a scope: the queue's, else
// the tenant's, else the profile's (PHR-1), first in the scope's language and
// then in Mandarin (PHR-9). Errors wrap ErrUnknown or ErrNoProfile.
func (b *Book) Resolve(s Scope, key string) (Effective, error) {
	m, err := b.speaks(s)
	if err != nil {
		return Effective{}, err
	}
	return b.resolve(m, s.Queue, key)
}

func (b *Book) resolve(m manner, queue fact.QueueID, key string) (Effective, error) {
	supplied := b.c.supplied[name{m.Profile, Mandarin, key}]
	prescribed := supplied
	for _, language := range []string{Mandarin, m.Language} {
		if f := b.c.phrases[name{m.Profile, language, key}]; f != nil {
			prescribed = f
		}
	}
	for _, language := range []string{m.Language, Mandarin} {
		n := name{m.Profile, language, key}
		for _, level := range []struct {
			name  string
			queue fact.QueueID
		}{{LevelQueue, queue}, {LevelTenant, ""}} {
			o := b.overrides[named{level.queue, n}]
			if o == nil || level.name == LevelQueue && queue == "" {
				continue
			}
			if prescribed == nil { // of a phrase that there is in English only
				prescribed = b.c.phrases[name{m.Profile, English, key}]
			}
			if prescribed != nil {
				return Effective{Phrase: prescribed, Language: language, Level: level.name, Override: o, Template: o.Text,
					parts: parse(o.Text), manner: m}, nil
			}
		}
		if f := b.c.phrases[n]; f != nil {
			e := Effective{Phrase: f, Language: language, Level: LevelProfile, Template: f.Template, manner: m}
			if f.Corrected != "" && m.is(m.ApplyTypoFixes) {
				e.Template = f.Corrected
			}
			if f.Question != "" && m.is(m.TraineeQuestion) {
				e.Template += f.Question
			}
			if e.parts = parse(e.Template); m.HotlineName != "" {
				e.parts = e.parts.rename(m.profile.Names, m.HotlineName)
				e.Template = e.parts.String()
			}
			return e, nil
		}
	}
	if supplied != nil {
		return Effective{}, fmt.Errorf("phrase %q of %s: %w: the norms leave it out, and the tenant has no wording for it", key, m.Profile, ErrUnknown)
	}
	return Effective{}, fmt.Errorf("phrase %q of %s: %w: %s", clip(key), m.Profile, ErrUnknown, strict.Suggest(key, b.c.keys(m.Profile)))
}

// List are the wordings of all phrases of a scope, in the order of the
// catalogue. A phrase that there is in a second language only stands there in
// that.
func (b *Book) List(s Scope) ([]Effective, error) {
	m, err := b.speaks(s)
	if err != nil {
		return nil, err
	}
	var all []Effective
	for _, key := range b.c.keys(m.Profile) {
		e, err := b.resolve(m, s.Queue, key)
		if err != nil {
			continue // in another language only, or to be supplied
		}
		all = append(all, e)
	}
	return all, nil
}

// Profile is the profile that a scope speaks by.
func (b *Book) Profile(s Scope) (*Profile, error) {
	m, err := b.speaks(s)
	return m.profile, err
}

// Choices are what a variable of the wording may be, nil for one that is no
// choice.
func (e Effective) Choices(v *Variable) []string {
	if v.ID == "honorific" {
		return e.manner.Honorifics
	}
	return v.Values
}

// Number is the number of a phrase in its profile, from 1, for phones; 0 for
// none. Numbered is the key of a number. ErrUnknown: there is none.
func (b *Book) Number(profile, key string) int {
	return slices.Index(b.c.keys(profile), key) + 1
}

// Numbered is the key that a number of a scope's profile stands for.
func (b *Book) Numbered(s Scope, number int) (string, error) {
	m, err := b.speaks(s)
	if err != nil {
		return "", err
	}
	keys := b.c.keys(m.Profile)
	if number < 1 || number > len(keys) {
		return "", fmt.Errorf("phrase number %d of %s: %w: want 1 to %d", number, m.Profile, ErrUnknown, len(keys))
	}
	return keys[number-1], nil
}
