package flow

import (
	"fmt"
	"slices"
	"strings"
)

// Dialects are languages that recordings may be in; a text in one of them is
// spoken as Mandarin.
var Dialects = []string{"wuu", "yue", "nan", "hak"}

// Spoken are all languages that a caller may choose.
func Spoken() []string { return slices.Concat(Languages, Dialects) }

// LanguageNode has everything from here on in another language, whatever flow
// the call is in, and asks for agents who speak it.
type LanguageNode struct {
	// Speak is one of Spoken; or From is a variable that has one, such as
	// caller_language. A variable with anything else changes nothing.
	Speak string `json:"speak,omitempty" yaml:"speak"`
	From  string `json:"from,omitempty" yaml:"from"`
	// Needs are asked for besides a line's own.
	Needs string `json:"needs,omitempty" yaml:"needs"`
	Next  string `json:"next" yaml:"next"`
}

// Wording is a text in another language.
type Wording struct {
	Language string `json:"language" yaml:"language"`
	Text     string `json:"text" yaml:"text"`
}

func (n *LanguageNode) Names() Names {
	return Names{Exits: []Exit{{Name: "next", To: n.Next}}, Reads: []string{n.From}}
}

func (n *LanguageNode) check(c *checker) {
	switch {
	case (n.Speak == "") == (n.From == ""):
		c.wrong("it is not said which language, or twice", "write speak: with one of "+strings.Join(Spoken(), ", ")+", or from: with a variable")
	case n.Speak != "" && !slices.Contains(Spoken(), n.Speak):
		c.wrong(fmt.Sprintf("language %q is not spoken", n.Speak), "write one of "+strings.Join(Spoken(), ", "))
	}
	c.comes(n.From)
	if c.refs.Needs != nil && n.Needs != "" {
		if err := c.refs.Needs(n.Needs); err != nil {
			c.wrong(fmt.Sprintf("needs %q: %v", n.Needs, err), "write skills and levels, such as english>=50")
		}
	}
}

func (n *LanguageNode) enter(s *Session, _ *Node) (string, bool) {
	speak := n.Speak
	if n.From != "" {
		speak = s.variable(n.From)
	}
	if slices.Contains(Spoken(), speak) {
		s.s.Language, s.s.Needs = speak, n.Needs
	}
	return n.Next, true
}

// language is what the caller hears from now on.
func (s *Session) language() string {
	if s.s.Language != "" {
		return s.s.Language
	}
	return s.flow.language()
}

// textual is the language in which texts are spoken to who is spoken to in one.
func textual(language string) string {
	if slices.Contains(Languages, language) {
		return language
	}
	return DefaultLanguage
}

// in is a prompt for a caller who is spoken to in a language: the wording of it
// that there is, otherwise as it is written in the flow's own.
func (p Prompt) in(language, own string) Prompt {
	others := p.Others
	p.Others = nil
	switch {
	case p.Language != "":
	case p.Text == "":
		p.Language = language
		if p.File == "" { // only recordings are in dialects
			p.Language = textual(language)
		}
	default: // a text
		p.Language = own
		for _, o := range others {
			if o.Language == language {
				p.Text, p.Language = o.Text, textual(language)
			}
		}
	}
	return p
}

// languages are all that the flow may be heard in: its own, and those that it or
// one of its version may choose.
func (f *Flow) languages() []string {
	all := []string{f.language()}
	add := func(language string) {
		if !slices.Contains(all, language) {
			all = append(all, language)
		}
	}
	for _, one := range f.relatives() {
		for i := range one.Nodes {
			switch n := one.Nodes[i].Language; {
			case n == nil:
			case n.From != "":
				for _, language := range Spoken() {
					add(language)
				}
			default:
				add(n.Speak)
			}
		}
	}
	return all
}

// Texts are the languages that texts and phrases of the flow may be heard in.
func (f *Flow) Texts() []string {
	var all []string
	for _, language := range f.languages() {
		if language = textual(language); !slices.Contains(all, language) {
			all = append(all, language)
		}
	}
	return all
}

// relatives are the flows that a call may be in which is in this one.
func (f *Flow) relatives() []*Flow {
	if f.family == nil {
		return []*Flow{f}
	}
	return f.family
}

// wordings checks the other languages of a prompt.
func (c *checker) wordings(i int, p Prompt) {
	if len(p.Others) > 0 && (p.Text == "" || p.Language != "") {
		c.wrong(fmt.Sprintf("prompt %d has others without a text, or beside a language", i+1), "write others beside text alone")
	}
	for j, o := range p.Others {
		switch {
		case !slices.Contains(Spoken(), o.Language) || o.Language == c.flow.language():
			c.wrong(fmt.Sprintf("prompt %d: other language %q", i+1, o.Language), "write another than the flow's, one of "+strings.Join(Spoken(), ", "))
		case slices.ContainsFunc(p.Others[:j], func(b Wording) bool { return b.Language == o.Language }):
			c.wrong(fmt.Sprintf("prompt %d: language %q comes twice", i+1, o.Language), "keep one of them")
		case o.Text == "" || len([]rune(o.Text)) > MaxText:
			c.wrong(fmt.Sprintf("prompt %d: the text in %q is empty or has more than %d characters", i+1, o.Language, MaxText), "write it, or split it")
		}
	}
}
