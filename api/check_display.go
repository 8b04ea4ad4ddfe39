package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huawu/huawu/center"
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
		if len(q.Alert) > maxAlert || strings.ContainsFunc(q.Alert, unicode.IsControl) {
			k.wrong(fmt.Sprintf("queues[%d].alert", i), "it is too long or has control characters",
				fmt.Sprintf("write up to %d bytes, such as <http://127.0.0.1>;info=sales", maxAlert))
		}
	}
}
