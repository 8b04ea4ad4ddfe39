package api

import (
	"os"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

// The settings that the documentation shows are read and have no problem.
func TestDocumentedPhraseSettings(t *testing.T) {
	doc, err := os.ReadFile("../docs/phrases.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	src, _, _ := strings.Cut(rest, "```")
	d, err := ParseDocument("docs/phrases.md", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	wrong, odd, err := CheckPhrases("docs/phrases.md", []byte(src), "phrases", d.Phrases, []fact.QueueID{"support", "sales"})
	if err != nil || len(wrong)+len(odd) > 0 || len(d.Phrases.Overrides) != 3 {
		t.Errorf("%v %v %v", wrong, odd, err)
	}
}
