package norms

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
)

// Settings are what a tenant makes of the rules: the section "norms" of the
// centre's document.
type Settings []Setting

// Setting is what a tenant, or one queue, makes of a rule.
type Setting struct {
	Rule string `json:"rule" yaml:"rule"`
	// Queue is "" for the whole tenant.
	Queue fact.QueueID `json:"queue,omitempty" yaml:"queue"`
	// Mode is "" for the default, Values are those that are not the default.
	Mode   Mode               `json:"mode,omitempty" yaml:"mode"`
	Values map[string]Written `json:"values,omitempty" yaml:"values"`
}

// Plan is what the norms of a tenant are to be: its settings, the profiles of
// the phrases that tenant and queues speak by, and what other rooms already
// keep.
type Plan struct {
	Settings Settings       `json:"settings,omitempty"`
	Profile  string         `json:"profile,omitempty"`
	Queues   []QueueProfile `json:"queues,omitempty"`
	Kept     []Kept         `json:"kept,omitempty"`
}

// QueueProfile is the profile of a queue that does not speak by the tenant's.
type QueueProfile struct {
	Queue   fact.QueueID `json:"queue"`
	Profile string       `json:"profile"`
}

// Kept is a value that another field of the document says (Value.Where).
type Kept struct {
	Rule  string       `json:"rule"`
	Queue fact.QueueID `json:"queue,omitempty"` // "" for the tenant
	Value string       `json:"value"`
	Is    Written      `json:"is"`
}

// Finding is something in settings that is wrong.
type Finding struct {
	Field  string // within the settings, such as "[2].values.rings"
	What   string
	Remedy string
}

// Check is everything about settings that is wrong. queues are those of the
// centre; nil checks none. suggest says which of some words a wrong one may
// have been meant for.
func (s Settings) Check(queues []fact.QueueID, suggest func(word string, known []string) string) []Finding {
	var all []Finding
	wrong := func(field, what, remedy string) { all = append(all, Finding{field, what, remedy}) }
	type name struct {
		rule  string
		queue fact.QueueID
	}
	seen := map[name]bool{}
	for i, e := range s {
		field := fmt.Sprintf("[%d]", i)
		r := Find(e.Rule)
		if r == nil {
			wrong(field+".rule", fmt.Sprintf("there is no rule %q", e.Rule), suggest(e.Rule, IDs()))
			continue
		}
		if seen[name{e.Rule, e.Queue}] {
			wrong(field+".rule", fmt.Sprintf("%q comes twice", e.Rule), "keep one setting of a rule for the tenant, and one a queue")
		}
		seen[name{e.Rule, e.Queue}] = true
		if e.Queue != "" && queues != nil && !slices.Contains(queues, e.Queue) {
			wrong(field+".queue", fmt.Sprintf("there is no queue %q", e.Queue), "name one of the centre's queues, or none")
		}
		if e.Mode != "" && !slices.Contains(Modes, e.Mode) {
			wrong(field+".mode", fmt.Sprintf("there is no %q", string(e.Mode)), "write off, measure, warn or enforce")
		}
		for _, key := range slices.Sorted(maps.Keys(e.Values)) {
			at := field + ".values." + key
			j := r.value(key)
			if j < 0 {
				wrong(at, fmt.Sprintf("%s has no value %q", r.ID, key), suggest(key, r.valueNames()))
				continue
			}
			v := &r.Values[j]
			if v.Where != "" {
				wrong(at, key+" is not set here", "set "+v.Where+" of the document")
				continue
			}
			if _, err := v.read(e.Values[key]); err != nil {
				wrong(at, fmt.Sprintf("%q is wrong", clip(string(e.Values[key]))), err.Error())
			}
		}
	}
	return all
}

// Odd is what in settings has no effect: of rules that wait, and values by which
// nothing goes yet.
func (s Settings) Odd() []Finding {
	var all []Finding
	for i, e := range s {
		r, field := Find(e.Rule), fmt.Sprintf("[%d]", i)
		if r == nil {
			continue
		}
		why := "it waits for " + r.Waits
		if r.Status != Waits {
			why = "it is kept by " + r.By
		}
		if e.Mode != "" && !r.steers() {
			all = append(all, Finding{field + ".mode", fmt.Sprintf("the mode of %s makes no difference: %s", r.ID, why), "leave it out, or keep it for later"})
		}
		for _, name := range slices.Sorted(maps.Keys(e.Values)) {
			j := r.value(name)
			if j < 0 || !r.idle(&r.Values[j]) {
				continue
			}
			what := fmt.Sprintf("%s of %s has no effect yet", name, r.ID)
			if !r.steers() {
				what += ": " + why
			}
			all = append(all, Finding{field + ".values." + name, what, "leave it out, or keep it for later"})
		}
	}
	return all
}

// clip keeps messages short.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// IDs are the ids of all rules.
func IDs() []string {
	all := make([]string, len(Rules))
	for i, r := range Rules {
		all[i] = r.ID
	}
	return all
}

func (r *Rule) valueNames() []string {
	all := make([]string, len(r.Values))
	for i, v := range r.Values {
		all[i] = v.Name
	}
	return all
}

// Put puts a setting in the place of the one for its rule and queue, or takes
// that away if it says nothing.
func (s *Settings) Put(e Setting) {
	i := slices.IndexFunc(*s, func(o Setting) bool { return o.Rule == e.Rule && o.Queue == e.Queue })
	switch empty := e.Mode == "" && len(e.Values) == 0; {
	case i < 0 && empty:
	case i < 0:
		*s = append(slices.Clone(*s), e)
	case empty:
		*s = slices.Delete(slices.Clone(*s), i, i+1)
	default:
		*s = slices.Clone(*s)
		(*s)[i] = e
	}
	if len(*s) == 0 {
		*s = nil // and not an empty list in the document
	}
	slices.SortStableFunc(*s, func(a, b Setting) int {
		if a.Rule != b.Rule {
			return int(places[a.Rule] - places[b.Rule])
		}
		return strings.Compare(string(a.Queue), string(b.Queue))
	})
}
