package flow

import (
	"os"
	"strings"
	"testing"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/scripts/strict"
)

// What the documentation shows is read and has no problem.
func TestDocumentedExamples(t *testing.T) {
	doc, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for i, part := range strings.Split(string(doc), "```") {
		// One with "…" in it shows where things stand, not what they are.
		if src, ok := strings.CutPrefix(part, "yaml\n"); ok && i%2 == 1 && !strings.Contains(src, "…") {
			blocks = append(blocks, src)
		}
	}
	if len(blocks) != 2 {
		t.Fatalf("%d examples, want a flow and hours", len(blocks))
	}
	f, err := Parse("docs/flows.md", []byte(blocks[0]))
	if err != nil {
		t.Fatal(err)
	}
	var tables struct {
		Hours []calendar.Hours `yaml:"hours"`
	}
	if err := strict.Decode("docs/flows.md", []byte(blocks[1]), &tables); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range tables.Hours {
		if _, err := calendar.Compile(h); err != nil {
			t.Error(err)
		}
		ids = append(ids, h.ID)
	}
	for _, p := range f.Check(Refs{Queues: ShippedQueues, Hours: ids}) {
		t.Error(p)
	}
}
