package flow

import (
	"strings"

	"github.com/huawu/huawu/scripts/say"
)

// digits are how the keys of a number are read out, each a prompt of its own:
// numbers are only known in the call, and prompts are made before it.
var digits = func() map[string][]string {
	all := map[string][]string{}
	for _, language := range Languages {
		for _, key := range "0123456789" {
			word, err := say.Phone(say.Language(language), string(key))
			if err != nil { // a language of flows that numbers are not put into
				panic(err)
			}
			all[language] = append(all[language], word)
		}
		all[language] = append(all[language], beyond[language]...)
	}
	return all
}()

// spelling is what can be read out, in the order of digits; beyond are the words
// for the point of an amount and the X of a citizen's number.
const spelling = "0123456789.X"

var beyond = map[string][]string{"zh": {"点", "艾克斯"}, "en": {"point", "X"}}

// maxSpelled is the most digits that are read out.
const maxSpelled = 20

// spelled are all prompts that a prompt may become: itself and what is said
// instead, or the digits.
func (p Prompt) spelled() []Prompt {
	if p.Else != nil {
		return []Prompt{p, *p.Else}
	}
	if p.Digits == "" {
		return []Prompt{p}
	}
	var all []Prompt
	for _, word := range digits[p.Language] {
		all = append(all, Prompt{Text: word, Language: p.Language})
	}
	return all
}

// says is what prompts have the caller hear now.
func (s *Session) says(lists ...[]Prompt) []Prompt {
	var all []Prompt
	for _, p := range s.flow.spoken(s.flow.node(s.s.Node), s.language(), lists...) {
		if p.Digits == "" {
			all = append(all, s.filled(p))
			continue
		}
		words, left := digits[p.Language], maxSpelled
		for _, r := range s.variable(p.Digits) {
			if at := strings.IndexRune(spelling, r); at >= 0 && left > 0 {
				all = append(all, Prompt{Text: words[at], Language: p.Language})
				left--
			}
		}
	}
	return all
}
