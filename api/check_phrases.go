package api

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// catalogue are the phrases that come with huawu, read when they are first
// asked for.
var catalogue = sync.OnceValues(phrase.Shipped)

// phrases checks what the tenant makes of the standard phrases.
func (k *checker) phrases(c center.Config) {
	book, err := catalogue()
	if err != nil { // it comes with huawu and is tested
		k.wrong("phrases", err.Error(), "")
		return
	}
	for _, f := range book.Check(c.Phrases, (&Document{Config: c}).queues()) {
		if !f.Odd {
			k.wrong("phrases."+f.Field, f.What, f.Remedy)
		}
	}
}

// PhraseSettings is a document of its own that holds what a tenant makes of the
// standard phrases: the section "phrases" of the centre's.
type PhraseSettings struct {
	phrase.Settings `yaml:",inline"`
}

// ParsePhrases reads phrase settings from YAML or JSON. The error is a
// *strict.Errors; the settings must still be checked.
func ParsePhrases(name string, src []byte) (phrase.Settings, error) {
	var s PhraseSettings
	err := strict.Decode(name, src, &s)
	return s.Settings, err
}

// OddWords is what is odd about the texts of flows that are spoken in Mandarin
// (PHR-8): expressions that are taboo, punctuation marks of ASCII.
func OddWords(flows []*flow.Flow, profile string) ([]strict.Problem, error) {
	book, err := catalogue()
	if err != nil {
		return nil, fmt.Errorf("check the words of flows: %w", err)
	}
	var all []strict.Problem
	for _, f := range flows {
		for i := range f.Nodes {
			n := &f.Nodes[i]
			for _, h := range n.Names().Prompts {
				for j, p := range h.Prompts {
					if p.Text == "" || cmp.Or(p.Language, f.Language, flow.DefaultLanguage) != phrase.Mandarin {
						continue
					}
					for _, odd := range book.OddWords(p.Text, profile) {
						all = append(all, strict.Problem{File: f.File, Line: n.Line, Field: fmt.Sprintf("%s.%s.%s[%d]", f.ID, n.ID, h.Name, j), What: odd.What, Remedy: odd.Remedy})
					}
				}
			}
		}
	}
	return all, nil
}

// CheckPhrases is everything about phrase settings that is wrong, and what is
// only odd (PHR-8), with the lines of src. within is the key of src under which
// they stand, "" for all of it. A nil queues checks none.
func CheckPhrases(name string, src []byte, within string, s phrase.Settings, queues []fact.QueueID) (wrong, odd []strict.Problem, err error) {
	book, err := catalogue()
	if err != nil {
		return nil, nil, fmt.Errorf("check phrases: %w", err)
	}
	if within != "" {
		within += "."
	}
	locate := strict.Locator(src)
	for _, f := range book.Check(s, queues) {
		p := strict.Problem{File: name, Field: within + f.Field, What: f.What, Remedy: f.Remedy}
		p.Line, p.Column = locate(p.Field)
		if f.Odd {
			odd = append(odd, p)
		} else {
			wrong = append(wrong, p)
		}
	}
	return wrong[:min(len(wrong), strict.MaxProblems)], odd, nil
}
