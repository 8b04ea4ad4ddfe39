package flow

import "github.com/huawu/huawu/scripts/say"

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
	}
	return all
}()

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
	for _, p := range s.flow.spoken(s.flow.node(s.s.Node), lists...) {
		if p.Digits == "" {
			all = append(all, s.filled(p))
			continue
		}
		words, left := digits[p.Language], maxSpelled
		for _, r := range s.variable(p.Digits) {
			if r >= '0' && r <= '9' && left > 0 {
				all = append(all, Prompt{Text: words[r-'0'], Language: p.Language})
				left--
			}
		}
	}
	return all
}
