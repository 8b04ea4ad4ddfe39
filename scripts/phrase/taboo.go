package phrase

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/huawu/huawu/scripts/strict"
)

// Taboo is an expression that agents must not use, or behaviour that is taboo
// (SPEC part D).
type Taboo struct {
	ID         string `yaml:"id"`
	Kind       string `yaml:"kind"` // TabooLexical or TabooBehaviour
	Category   string `yaml:"category"`
	CategoryZH string `yaml:"category_zh"`
	Text       string `yaml:"text"`
	// Origin is the profile whose norms have it, AppliesTo those that it is
	// for.
	Origin    string   `yaml:"profile_origin"`
	AppliesTo []string `yaml:"applies_to"`
	// Severity is 1 to be reported, 2 to be scored, 3 to be told at once.
	Severity int        `yaml:"severity"`
	Speaker  string     `yaml:"speaker"`
	Channels []string   `yaml:"channels"`
	Match    TabooMatch `yaml:"match"`
	// Detect and Enforce say how behaviour is found and what comes of it.
	Detect  string      `yaml:"detect"`
	Enforce string      `yaml:"enforce"`
	Source  TabooSource `yaml:"source"`
	Note    string      `yaml:"note"`

	pattern *regexp.Regexp
}

// TabooMatch is how an expression is found in a sentence of letters and digits
// alone: Regex anywhere in it (contains), as the whole of it (utterance), or at
// its end (utterance_end). Samples are sentences that it finds.
type TabooMatch struct {
	Scope   string   `yaml:"scope"`
	Regex   string   `yaml:"regex"`
	Samples []string `yaml:"samples"`
}

// TabooSource is where the norms say so.
type TabooSource struct {
	Part    int    `yaml:"part"`
	Article string `yaml:"article"`
	Line    int    `yaml:"line"`
}

// The kinds of taboos.
const (
	TabooLexical   = "lexical"
	TabooBehaviour = "behaviour"
)

// readTaboos adds the taboos to the catalogue.
func (c *Catalogue) readTaboos(file string, src []byte) error {
	var all struct {
		Items []Taboo `yaml:"items"`
	}
	if err := strict.Decode(file, src, &all); err != nil {
		return err
	}
	var wrong []error
	for i := range all.Items {
		t := &all.Items[i]
		if t.Kind != TabooLexical {
			continue
		}
		pattern := t.Match.Regex
		switch t.Match.Scope {
		case "contains", "utterance_end":
		case "utterance":
			pattern = "^(?:" + pattern + ")$"
		default:
			wrong = append(wrong, fmt.Errorf("%s: %s: there is no scope %q", file, t.ID, t.Match.Scope))
		}
		var err error
		if t.pattern, err = regexp.Compile(pattern); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s: %w", file, t.ID, err))
		}
	}
	c.Taboos = all.Items
	return errors.Join(wrong...)
}

// TabooHit is a taboo in a sentence.
type TabooHit struct {
	Taboo    *Taboo
	Sentence string
}

// Taboo finds the taboo expressions of a profile in a text, "" for all profiles,
// in the order of the text. Variables count for nothing. Where the norms forbid
// and prescribe nearly the same, the patterns take the narrow side: 不好意思 with
// 让您久等 and not the pardon alone (AMB-10), 嗯 and 哦 as the whole of what is
// said (AMB-11), 这是规定 and not every 规定 (AMB-12).
func (c *Catalogue) Taboo(text, profile string) []TabooHit {
	var all []TabooHit
	var words strings.Builder
	for _, s := range parse(text) {
		words.WriteString(s.words)
	}
	for _, sentence := range sentences(words.String()) {
		bare := bare(sentence)
		for i := range c.Taboos {
			t := &c.Taboos[i]
			if t.pattern != nil && bare != "" && (profile == "" || slices.Contains(t.AppliesTo, profile)) && t.pattern.MatchString(bare) {
				all = append(all, TabooHit{Taboo: t, Sentence: strings.TrimSpace(sentence)})
			}
		}
	}
	return all
}

// sentences are the parts of a text that end with a full stop, a question or an
// exclamation.
func sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。！？!?；;\n", r) })
}

// bare is a sentence without punctuation and spaces, its forms of compatibility
// (NFKC) made one.
func bare(sentence string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKC.String(sentence))
}

// OddWords is what is odd about words that are spoken or shown in Mandarin but
// are no wording of a phrase, such as a flow's: what and what would be right.
func (c *Catalogue) OddWords(text, profile string) []Finding {
	k := &finder{c: c}
	k.taboo("", text, profile)
	for _, s := range parse(text) {
		if s.words != "" && widen(s.words) != s.words {
			k.odd("", "it has punctuation marks of ASCII", "write ，：；？！（）")
			break
		}
	}
	return k.all
}

func (k *finder) taboo(field, text, profile string) {
	for _, hit := range k.c.Taboo(text, profile) {
		k.odd(field, fmt.Sprintf("%q is taboo (%s %s: %s)", clip(hit.Sentence), hit.Taboo.ID, hit.Taboo.CategoryZH, hit.Taboo.Text), "say it otherwise")
	}
}
