package center

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

// tells has the number 4001 tell callers their number.
func tells(c *Config) {
	said := flow.Prompt{Phrase: "phone_number_wrong.repeat", Language: "zh", Else: &flow.Prompt{Text: "请再说一次。", Language: "zh"},
		With: map[string]flow.Value{"phone": {From: "caller_number"}}}
	c.Numbers = []Number{{Number: "4001", Flow: "f"}}
	c.Flows = []*flow.Flow{{ID: "f", Nodes: []flow.Node{
		{ID: "tell", Play: &flow.PlayNode{Prompts: []flow.Prompt{said, {Phrase: "closing.bye", Language: "zh"}}, Next: "end"}},
		{ID: "end", Hangup: &flow.HangupNode{}},
	}}}
	c.Prompts = []PromptFile{
		{Key: said.Key(), Pieces: []PromptPiece{{Path: "/p/before"}, {Variable: "phone", Kind: phrase.KindPhone, Language: "zh"}, {Path: "/p/after"}}},
		{Key: "phrase/zh//closing.bye", Path: "/p/bye"}, {Key: "text/zh/请再说一次。", Path: "/p/else"},
	}
	for at, word := range strings.Split("零幺二三四五六七八", "") { // nobody can say 9
		c.Prompts = append(c.Prompts, PromptFile{Key: "text/zh/" + word, Path: "/p/" + string(rune('0'+at))})
	}
}

// A phrase is heard in the order of its wording with the call's own number in
// it, or not at all: never half a sentence.
func TestAPhraseIsHeardWholeOrNotAtAll(t *testing.T) {
	for from, want := range map[string]string{
		"13800138000": "before 1 3 8 0 0 1 3 8 0 0 0 after bye",
		"":            "else bye", // withheld
		"alice":       "else bye", // no number
		"13900138000": "else bye", // a digit that was never made
	} {
		d := newDesk(t, tells)
		leg := d.arrive("PJSIP/out", from, "4001")
		out := d.out
		d.hear(media.LegAnswered{Leg: leg})
		var heard []string
		for _, e := range append(out, d.out...) {
			if s, ok := e.(Send); ok {
				if p, ok := s.Command.(media.Play); ok {
					for _, prompt := range p.Prompts {
						heard = append(heard, strings.TrimPrefix(prompt.File, "/p/"))
					}
				}
			}
		}
		if got := strings.Join(heard, " "); got != want {
			t.Errorf("%q hears %q, want %q", from, got, want)
		}
	}
}
