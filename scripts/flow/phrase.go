package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Value is what a phrase is filled in with: a fixed value, or what a variable
// has in the call. Written as a bare word it is a fixed one.
type Value struct {
	From  string `json:"from,omitempty" yaml:"from"`
	Value string `json:"value,omitempty" yaml:"value"`
}

// SetScalar reads a bare word as a fixed value (strict.Shorthand).
func (v *Value) SetScalar(text string) error {
	*v = Value{Value: text}
	return nil
}

// Fixed are the values of a phrase that are known before the call.
func (p Prompt) Fixed() map[string]string {
	all := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		if v := p.With[id]; v.From == "" {
			all[id] = v.Value
		}
	}
	return all
}

// Open are the variables of a phrase whose values only the call knows, sorted.
func (p Prompt) Open() []string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		if p.With[id].From != "" {
			all = append(all, id)
		}
	}
	return all
}

// phraseKey names a phrase prompt: what is open sounds alike whichever variable
// fills it in.
func (p Prompt) phraseKey() string {
	var b strings.Builder
	fmt.Fprintf(&b, "phrase/%s/%s/%s", p.Language, p.Queue, p.Phrase)
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		if v := p.With[id]; v.From != "" {
			fmt.Fprintf(&b, "\x00%s", id)
		} else {
			fmt.Fprintf(&b, "\x00%s=%s", id, v.Value)
		}
	}
	return b.String()
}

// open is a phrase of a node that variables fill in.
type open struct {
	node   *Node
	prompt Prompt
}

// opened are the phrases of a flow that variables fill in.
func (f *Flow) opened() []open {
	var all []open
	for i := range f.Nodes {
		for _, list := range f.Nodes[i].Names().Prompts {
			for _, p := range list.Prompts {
				if p.Phrase != "" && len(p.Open()) > 0 {
					all = append(all, open{&f.Nodes[i], p})
				}
			}
		}
	}
	return all
}

// Open are the phrases of the present flow that variables fill in, as they would
// be heard now, those of which every variable has a value.
func (s *Session) Open() []Prompt {
	var all []Prompt
	for _, o := range s.flow.open {
		p := s.filled(s.flow.spoken(o.node, s.language(), []Prompt{o.prompt})[0])
		if !slices.ContainsFunc(p.Open(), func(id string) bool { return p.With[id].Value == "" }) {
			all = append(all, p)
		}
	}
	return all
}

// filled is a phrase with what its variables have now.
func (s *Session) filled(p Prompt) Prompt {
	if len(p.Open()) == 0 {
		return p
	}
	with := make(map[string]Value, len(p.With))
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		v := p.With[id]
		if v.From != "" {
			v.Value = s.variable(v.From)
		}
		with[id] = v
	}
	p.With = with
	return p
}

// phrase checks the nth prompt of a list, which has what only phrases have.
func (c *checker) phrase(n int, p Prompt) {
	if p.Phrase == "" {
		if len(p.With) > 0 || p.Queue != "" || p.Else != nil {
			c.wrong(fmt.Sprintf("prompt %d has with, queue or else", n), "they belong to a phrase: write phrase: with its key")
		}
		return
	}
	if p.Queue != "" && !slices.Contains(c.refs.Queues, p.Queue) {
		c.wrong(fmt.Sprintf("prompt %d: queue %q is not there", n, p.Queue), "name one of: "+list(c.refs.Queues))
		return
	}
	for _, id := range slices.Sorted(maps.Keys(p.With)) {
		v := p.With[id]
		if (v.From == "") == (v.Value == "") {
			c.wrong(fmt.Sprintf("prompt %d: %s must have a variable or a value", n, id), "write the value, or {from: …} with a variable")
			return
		}
	}
	switch open := p.Open(); {
	case len(open) > 0 && p.Else == nil:
		c.wrong(fmt.Sprintf("prompt %d: nothing is said when %s has no value that can be spoken", n, strings.Join(open, " or ")),
			"write else: with a text or a phrase that needs no variable")
	case p.Else != nil && len(open) == 0:
		c.wrong(fmt.Sprintf("prompt %d: else is never heard", n), "leave it out: every value is fixed")
	case p.Else != nil && (p.Else.Else != nil || len(p.Else.Open()) > 0 || p.Else.Digits != ""):
		c.wrong(fmt.Sprintf("prompt %d: else needs a variable, too", n), "write a text or a phrase that needs none")
	case p.Else != nil:
		c.prompts([]Prompt{*p.Else})
	}
	if c.refs.Phrase == nil {
		return
	}
	var told []string
	for _, language := range c.flow.languages() {
		for _, said := range c.flow.spoken(c.at, language, []Prompt{p}) {
			if err := c.refs.Phrase(said); err != nil && !slices.Contains(told, err.Error()) {
				told = append(told, err.Error())
				what, remedy, _ := strings.Cut(err.Error(), "; ")
				c.wrong(fmt.Sprintf("prompt %d: %s", n, what), remedy)
			}
		}
	}
}
