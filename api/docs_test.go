package api

import (
	"os"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
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

func TestDocumentedNormSettings(t *testing.T) {
	doc, err := os.ReadFile("../docs/norms.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	src, _, _ := strings.Cut(rest, "```")
	d, err := ParseDocument("docs/norms.md", []byte(src))
	if err != nil || len(d.Norms) != 2 {
		t.Fatal(err, d.Norms)
	}
	if wrong := d.Norms.Check([]fact.QueueID{"sales"}, strict.Suggest); len(wrong) > 0 {
		t.Errorf("%+v", wrong)
	}
}
