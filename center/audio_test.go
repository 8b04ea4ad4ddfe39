package center

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
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

// What follows from the part of the day is so when the call is.
func TestAPhraseFollowsTheClock(t *testing.T) {
	said := flow.Prompt{Phrase: "closing.thanks", Language: "zh"}
	d := newDesk(t, func(c *Config) {
		tells(c)
		c.Zone = "Asia/Shanghai"
		c.Phrases = phrase.Settings{Manner: phrase.Manner{Profile: "cable"}}
		c.Flows[0].Nodes[0].Play.Prompts = []flow.Prompt{said}
		wishes := []string{"感谢您的来电", "祝您愉快", "祝您晚安"}
		c.Prompts = []PromptFile{{Key: said.Key(), Pieces: []PromptPiece{{Variable: "closing_wish", Kind: phrase.KindChoice, Choices: wishes, Language: "zh"}, {Path: "/p/bye"}}}}
		for _, w := range wishes {
			c.Prompts = append(c.Prompts, PromptFile{Key: "text/zh/" + w, Path: "/p/" + w})
		}
	})
	for hour, want := range map[int]string{2: "感谢您的来电 bye", 14: "祝您晚安 bye"} { // ten and twenty-two o'clock there
		d.now = fact.Instant(hour * 3_600_000)
		d.arrive("PJSIP/out", "", "4001")
		var heard []string
		for _, p := range d.c.audio([]flow.Prompt{said}) {
			heard = append(heard, strings.TrimPrefix(p.File, "/p/"))
		}
		if got := strings.Join(heard, " "); got != want {
			t.Errorf("at %d UTC: %s, want %s", hour, got, want)
		}
	}
	d.c.cfg.Festivals = []flow.Festival{{ID: "all", Dates: []string{"01-01..12-31"}}}
	d.now = fact.Instant(2 * 3_600_000)
	d.step(Tick{})
	if p := d.c.audio([]flow.Prompt{said}); len(p) != 2 || p[0].File != "/p/祝您愉快" {
		t.Errorf("on a festival: %+v", p)
	}
}
