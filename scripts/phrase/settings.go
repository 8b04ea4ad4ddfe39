package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

// Settings are what a tenant makes of the catalogue: the section "phrases" of
// the centre's document. The zero Settings choose no profile.
type Settings struct {
	Manner `yaml:",inline"`
	// Queues may speak otherwise, Overrides replace single phrases.
	Queues    []QueueManner `json:"queues,omitempty" yaml:"queues"`
	Overrides []Override    `json:"overrides,omitempty" yaml:"overrides"`
}

// Manner is how a tenant or a queue speaks. Of a queue's, what is not set is
// the tenant's; of the tenant's, what is not set is the profile's.
type Manner struct {
	Profile  string `json:"profile,omitempty" yaml:"profile"`
	Language string `json:"language,omitempty" yaml:"language"`
	// HotlineName takes the place of the name that the profile gives the
	// hotline (AMB-33), Hotline is its number.
	HotlineName   string   `json:"hotline_name,omitempty" yaml:"hotline_name"`
	Hotline       string   `json:"hotline,omitempty" yaml:"hotline"`
	City          string   `json:"city,omitempty" yaml:"city"`
	ContactNumber string   `json:"contact_number,omitempty" yaml:"contact_number"`
	Honorifics    []string `json:"honorifics,omitempty" yaml:"honorifics"`
	// LongWait is 0 for the profile's.
	LongWait time.Duration `json:"long_wait,omitempty" yaml:"long_wait"`
	Day      Day           `json:"day,omitzero" yaml:"day"`
	// DayGreeting greets by the part of the day before the opening (AMB-19),
	// TraineeQuestion puts the question behind a trainee's opening (AMB-18),
	// ApplyTypoFixes takes the corrected wordings (AMB-42). All are off.
	DayGreeting     *bool `json:"day_greeting,omitempty" yaml:"day_greeting"`
	TraineeQuestion *bool `json:"trainee_question,omitempty" yaml:"trainee_question"`
	ApplyTypoFixes  *bool `json:"apply_typo_fixes,omitempty" yaml:"apply_typo_fixes"`
	// AutoPlay has huawu say what agent and system may both say (PHR-4). It is
	// off.
	AutoPlay *bool `json:"auto_play,omitempty" yaml:"auto_play"`
}

// QueueManner is how one queue speaks.
type QueueManner struct {
	Queue  fact.QueueID `json:"queue" yaml:"queue"`
	Manner `yaml:",inline"`
}

// Override is what a tenant, or one queue, says instead of a phrase (PHR-2).
type Override struct {
	Key string `json:"key" yaml:"key"`
	// Queue is "" for the whole tenant, Profile "" for the one that tenant or
	// queue speaks by, Language "" for Mandarin.
	Queue    fact.QueueID `json:"queue,omitempty" yaml:"queue"`
	Profile  string       `json:"profile,omitempty" yaml:"profile"`
	Language string       `json:"language,omitempty" yaml:"language"`
	Text     string       `json:"text" yaml:"text"`
	// By wrote it on the day Date, as "2026-03-05".
	By   string `json:"by,omitempty" yaml:"by"`
	Date string `json:"date,omitempty" yaml:"date"`
}

// MaxOverride is the longest wording, in characters: as long as a flow's
// prompt may be.
const MaxOverride = 500

// maxLongWait bounds LongWait.
const maxLongWait = time.Hour

// Finding is something about settings: what is wrong must be put right before
// they can be used, what is only odd may stay.
type Finding struct {
	Field  string // within the settings, such as "overrides[2].text"
	What   string
	Remedy string
	Odd    bool
}

// finder collects findings.
type finder struct {
	c   *Catalogue
	s   *Settings
	all []Finding
}

func (k *finder) wrong(field, what, remedy string) {
	k.all = append(k.all, Finding{Field: field, What: what, Remedy: remedy})
}

func (k *finder) odd(field, what, remedy string) {
	k.all = append(k.all, Finding{Field: field, What: what, Remedy: remedy, Odd: true})
}

func (k *finder) one(field, word string, known []string) bool {
	if slices.Contains(known, word) {
		return true
	}
	k.wrong(field, fmt.Sprintf("there is no %q", word), strict.Suggest(word, known))
	return false
}

// Check is everything about settings that is wrong or odd (PHR-8), in their
// order. queues are those of the centre; nil checks none.
func (c *Catalogue) Check(s Settings, queues []fact.QueueID) []Finding {
	k := &finder{c: c, s: &s}
	k.manner("", s.Manner)
	if s.Profile == "" && (len(s.Queues) > 0 || len(s.Overrides) > 0) && !s.named() {
		k.wrong("profile", "there is none", "name one of "+strings.Join(c.profiles(), ", "))
	}
	var seen []fact.QueueID
	for i, q := range s.Queues {
		field := fmt.Sprintf("queues[%d]", i)
		switch {
		case queues != nil && !slices.Contains(queues, q.Queue):
			k.wrong(field+".queue", fmt.Sprintf("there is no queue %q", q.Queue), "name one of the centre's queues")
		case q.Queue == "" || slices.Contains(seen, q.Queue):
			k.wrong(field+".queue", fmt.Sprintf("%q is empty or comes twice", q.Queue), "keep one entry a queue")
		}
		seen = append(seen, q.Queue)
		k.manner(field+".", q.Manner)
	}
	written := map[named]bool{}
	for i, o := range s.Overrides {
		field := fmt.Sprintf("overrides[%d]", i)
		if queues != nil && o.Queue != "" && !slices.Contains(queues, o.Queue) {
			k.wrong(field+".queue", fmt.Sprintf("there is no queue %q", o.Queue), "name one of the centre's queues, or none")
		}
		id := s.name(o)
		if written[id] {
			k.wrong(field+".key", fmt.Sprintf("%q comes twice", o.Key), "keep one wording")
		}
		written[id] = true
		k.override(field, o, id.profile)
	}
	return k.all
}

// named says that every queue and override names its own profile.
func (s *Settings) named() bool {
	for _, q := range s.Queues {
		if q.Profile == "" {
			return false
		}
	}
	for _, o := range s.Overrides {
		if s.name(o).profile == "" {
			return false
		}
	}
	return true
}

func (c *Catalogue) profiles() []string {
	var all []string
	for _, p := range c.Profiles {
		all = append(all, p.ID)
	}
	return all
}

func (k *finder) manner(at string, m Manner) {
	if m.Profile != "" {
		k.one(at+"profile", m.Profile, k.c.profiles())
	}
	if m.Language != "" {
		k.one(at+"language", m.Language, []string{Mandarin, English})
	}
	for _, f := range []struct{ field, variable, value string }{
		{"hotline_name", "hotline_name", m.HotlineName}, {"hotline", "hotline", m.Hotline}, {"city", "city", m.City},
		{"contact_number", "contact_number", m.ContactNumber},
	} {
		if f.value == "" {
			continue
		}
		if _, err := k.c.Variable(f.variable).words(f.value, Mandarin, nil); err != nil {
			k.wrong(at+f.field, fmt.Sprintf("%q is wrong", clip(f.value)), err.Error())
		}
	}
	for i, h := range m.Honorifics {
		if _, err := bounded(h, MaxName); err != nil || strings.TrimSpace(h) != h || h == "" || slices.Contains(m.Honorifics[:i], h) {
			k.wrong(fmt.Sprintf("%shonorifics[%d]", at, i), fmt.Sprintf("%q is empty, too long or comes twice", clip(h)), "write forms of address, such as 先生")
		}
	}
	if m.LongWait < 0 || m.LongWait > maxLongWait {
		k.wrong(at+"long_wait", fmt.Sprintf("%s is out of range", m.LongWait), "write up to 1h")
	}
	if m.Day != (Day{}) {
		if what, remedy := m.Day.wrong(); what != "" {
			k.wrong(at+"day", what, remedy)
		}
	}
}

func (k *finder) override(field string, o Override, profile string) {
	if o.Language != "" && !k.one(field+".language", o.Language, []string{Mandarin, English}) {
		return
	}
	if o.Profile != "" && !k.one(field+".profile", o.Profile, k.c.profiles()) {
		return
	}
	if profile != "" && k.c.Profile(profile) != nil {
		k.one(field+".key", o.Key, k.c.keys(profile))
	}
	switch n := utf8.RuneCountInString(o.Text); {
	case n == 0 || strings.TrimSpace(o.Text) != o.Text || strings.ContainsFunc(o.Text, unicode.IsControl):
		k.wrong(field+".text", "it is empty, or has control characters or spaces around it", "write what is to be said; remove the override to say what is prescribed")
	case n > MaxOverride:
		k.wrong(field+".text", fmt.Sprintf("it has %d characters", n), fmt.Sprintf("%d are the most", MaxOverride))
	}
	for _, f := range k.c.unknown(o.Text) {
		k.wrong(field+".text", f.what, f.remedy)
	}
	for _, p := range k.c.Profiles {
		for _, mark := range p.Marks {
			if p.ID != profile && strings.Contains(o.Text, mark) {
				k.odd(field+".text", fmt.Sprintf("it names %s, which is of the profile %s", mark, p.ID), "see whether callers are to be sent there")
			}
		}
	}
	if o.Date != "" {
		if _, err := time.Parse(time.DateOnly, o.Date); err != nil {
			k.wrong(field+".date", fmt.Sprintf("%q is no day", clip(o.Date)), "write it as 2026-03-05")
		}
	}
	k.style(field, o, profile)
}

// placeholders are what the norms print where something is to be filled in.
var placeholders = []string{"XX", "××", "**", "„„", "……"}

// style is what is odd about a wording.
func (k *finder) style(field string, o Override, profile string) {
	original := k.c.phrases[name{profile, o.language(), o.Key}]
	if o.language() == Mandarin {
		for _, s := range parse(o.Text) {
			if s.words != "" && widen(s.words) != s.words {
				k.odd(field+".text", "it has punctuation marks of ASCII", "write ，：；？！（）")
				break
			}
		}
		if strings.Contains(o.Text, "你") {
			k.odd(field+".text", "it says 你", "write 您")
		}
		k.taboo(field+".text", o.Text, profile)
		if english := (name{profile, English, o.Key}); k.c.phrases[english] != nil && !k.worded(o, english) {
			k.odd(field+".key", "its English form is still the one prescribed", "word "+o.Key+" in English (language: en), too")
		}
	}
	for _, p := range placeholders {
		if strings.Contains(o.Text, p) {
			k.odd(field+".text", fmt.Sprintf("%s is read out as it stands", p), "write a {variable}")
			break
		}
	}
	if original == nil {
		return
	}
	vars := parse(o.Text).vars()
	for _, v := range original.Vars {
		if !slices.Contains(vars, v) {
			k.odd(field+".text", fmt.Sprintf("it leaves out {%s}", v), "see whether the caller misses it")
		}
	}
}

// worded says whether the phrase has an override for the same queue, or for the
// tenant.
func (k *finder) worded(o Override, as name) bool {
	return slices.ContainsFunc(k.s.Overrides, func(other Override) bool {
		n := k.s.name(other)
		return n.name == as && (n.queue == o.Queue || n.queue == "")
	})
}

func (o Override) language() string {
	if o.Language == "" {
		return Mandarin
	}
	return o.Language
}

// named is what an override is known by.
type named struct {
	queue fact.QueueID
	name
}

// name is what an override is known by, its profile filled in.
func (s *Settings) name(o Override) named {
	profile := o.Profile
	if profile == "" {
		profile = s.manner(o.Queue).Profile
	}
	return named{o.Queue, name{profile, o.language(), o.Key}}
}

// manner is how a queue speaks, or the tenant for "".
func (s *Settings) manner(queue fact.QueueID) Manner {
	m := s.Manner
	i := slices.IndexFunc(s.Queues, func(q QueueManner) bool { return q.Queue == queue })
	if queue == "" || i < 0 {
		return m
	}
	q := s.Queues[i].Manner
	for _, f := range []struct {
		set  bool
		take func()
	}{
		{q.Profile != "", func() { m.Profile = q.Profile }},
		{q.Language != "", func() { m.Language = q.Language }},
		{q.HotlineName != "", func() { m.HotlineName = q.HotlineName }},
		{q.Hotline != "", func() { m.Hotline = q.Hotline }},
		{q.City != "", func() { m.City = q.City }},
		{q.ContactNumber != "", func() { m.ContactNumber = q.ContactNumber }},
		{q.Honorifics != nil, func() { m.Honorifics = q.Honorifics }},
		{q.LongWait != 0, func() { m.LongWait = q.LongWait }},
		{q.Day != (Day{}), func() { m.Day = q.Day }},
		{q.DayGreeting != nil, func() { m.DayGreeting = q.DayGreeting }},
		{q.TraineeQuestion != nil, func() { m.TraineeQuestion = q.TraineeQuestion }},
		{q.ApplyTypoFixes != nil, func() { m.ApplyTypoFixes = q.ApplyTypoFixes }},
		{q.AutoPlay != nil, func() { m.AutoPlay = q.AutoPlay }},
	} {
		if f.set {
			f.take()
		}
	}
	return m
}

// ProfileOf is the profile that a queue speaks by, or the tenant for "".
func (s *Settings) ProfileOf(queue fact.QueueID) string { return s.manner(queue).Profile }
