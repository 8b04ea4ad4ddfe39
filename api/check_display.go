package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// The bounds of what phones show and are rung with, in characters.
const (
	maxDisplay = 80
	maxAlert   = 200
)

// braced is a word in braces, or a brace alone.
var braced = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

// display checks what agents' phones show and how they ring.
func (k *checker) display(c center.Config) {
	if utf8.RuneCountInString(c.Display) > maxDisplay || strings.ContainsFunc(c.Display, unicode.IsControl) {
		k.wrong("display", "it is too long or has control characters", fmt.Sprintf("write up to %d characters", maxDisplay))
	}
	for _, word := range braced.FindAllString(c.Display, -1) {
		if !slices.Contains(center.Displayed, strings.Trim(word, "{}")) {
			k.wrong("display", fmt.Sprintf("%q stands for nothing", word), "write {"+strings.Join(center.Displayed, "}, {")+"} and other text")
		}
	}
	for i, q := range c.ACD.Queues {
		k.whisper(fmt.Sprintf("queues[%d].whisper", i), q.Whisper)
		if len(q.Alert) > maxAlert || strings.ContainsFunc(q.Alert, unicode.IsControl) {
			k.wrong(fmt.Sprintf("queues[%d].alert", i), "it is too long or has control characters",
				fmt.Sprintf("write up to %d bytes, such as <http://127.0.0.1>;info=sales", maxAlert))
		}
	}
}

// maxWhisper is the most characters that are whispered: what takes longer than
// the time there is would be cut.
const maxWhisper = 40

// whisperFile is a name in the prompt folder.
var whisperFile = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`)

// whisper checks what agents hear who pick up.
func (k *checker) whisper(at string, w routing.Whisper) {
	if w.Text != "" && w.File != "" {
		k.wrong(at, "it has a text and a file", "write one of them")
	}
	if utf8.RuneCountInString(w.Text) > maxWhisper || strings.ContainsFunc(w.Text, unicode.IsControl) {
		k.wrong(at+".text", "it is too long or has control characters", fmt.Sprintf("write up to %d characters, such as the queue's name", maxWhisper))
	}
	if w.File != "" && !whisperFile.MatchString(w.File) {
		k.wrong(at+".file", fmt.Sprintf("%q is no name", w.File), "write a name in the prompt folder without extension, such as queues/sales")
	}
	if w.Language != "" && !slices.Contains(flow.Languages, w.Language) {
		k.wrong(at+".language", fmt.Sprintf("language %q is not spoken", w.Language), "write one of "+strings.Join(flow.Languages, ", "))
	}
	if w.Language != "" && w.Text == "" && w.File == "" && !w.Wait {
		k.wrong(at, "it whispers nothing", "write text, file or wait: true")
	}
}
