package phrase

import "slices"

// Put puts an override in the place of the one for the same phrase, or at the
// end. One that says the same stays as it was written. Without a language it is
// in the one that its tenant or queue speaks.
func (s *Settings) Put(o Override) {
	i := s.find(&o)
	switch {
	case i < 0:
		s.Overrides = append(slices.Clip(s.Overrides), o)
	case s.Overrides[i].Text != o.Text:
		s.Overrides = slices.Clone(s.Overrides)
		s.Overrides[i] = o
	}
}

// Drop removes the override for the phrase that o names, and says whether there
// was one.
func (s *Settings) Drop(o Override) bool {
	i := s.find(&o)
	if i < 0 {
		return false
	}
	s.Overrides = slices.Delete(slices.Clone(s.Overrides), i, i+1)
	if len(s.Overrides) == 0 {
		s.Overrides = nil // as settings without any are written
	}
	return true
}

// find is where the override for the same phrase stands, -1 for nowhere. It
// gives o its language.
func (s *Settings) find(o *Override) int {
	if o.Language == "" {
		o.Language = s.manner(o.Queue).Language
	}
	if o.Language == Mandarin {
		o.Language = ""
	}
	wanted := s.name(*o)
	return slices.IndexFunc(s.Overrides, func(old Override) bool { return s.name(old) == wanted })
}

// Every is settings with each phrase of a scope that they do not word
// otherwise written down as an override, to be changed.
func (c *Catalogue) Every(s Settings, scope Scope) (Settings, error) {
	all, err := c.Book(s.nameless()).List(scope)
	if err != nil {
		return s, err
	}
	s.Overrides = slices.Clip(s.Overrides)
	for _, e := range all {
		if e.Level == LevelProfile {
			o := Override{Key: e.Phrase.Key, Queue: scope.Queue, Profile: e.Phrase.Profile, Language: e.Language, Text: e.Template}
			s.Overrides = append(s.Overrides, o)
		}
	}
	return s, nil
}

// Trim leaves out of checked settings the overrides that say what would be
// said without them.
func (c *Catalogue) Trim(s Settings) Settings {
	b := c.Book(s.nameless())
	out := s
	out.Overrides = nil
	for i := len(s.Overrides) - 1; i >= 0; i-- {
		o := &s.Overrides[i]
		n := s.name(*o)
		delete(b.overrides, n)
		e, err := b.Resolve(Scope{Queue: o.Queue, Profile: n.profile, Language: n.language}, o.Key)
		if err == nil && e.Language == n.language && e.Template == o.Text {
			continue
		}
		b.overrides[n] = o
		out.Overrides = append(out.Overrides, *o)
	}
	slices.Reverse(out.Overrides)
	return out
}

// nameless is settings without the tenant's names for its hotline, by which
// phrases are worded as they are prescribed.
func (s Settings) nameless() Settings {
	s.HotlineName = ""
	s.Queues = slices.Clone(s.Queues)
	for i := range s.Queues {
		s.Queues[i].HotlineName = ""
	}
	return s
}
