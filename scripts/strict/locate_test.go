package strict_test

import (
	"testing"

	"github.com/huawu/huawu/scripts/strict"
)

func TestLocate(t *testing.T) {
	const doc = "queues:\n  - id: a\n    ring: 5s\n  - id: b\n    ring: 900s\n"
	for field, want := range map[string]int{
		"queues[1].ring":    5,
		"queues[0].id":      2,
		"queues[1].missing": 4,
		"queues[9].ring":    2,
		"queues[x]":         2,
		"agents[0]":         1,
		"":                  1,
	} {
		if line, _ := strict.Locate([]byte(doc), field); line != want {
			t.Errorf("%q is at line %d, want %d", field, line, want)
		}
	}
	if line, column := strict.Locate([]byte(`{"queues": [{"ring": 1}]}`), "queues[0].ring"); line != 1 || column != 22 {
		t.Errorf("in JSON: %d:%d, want 1:22", line, column)
	}
	if line, _ := strict.Locate([]byte("a: ["), "a"); line != 0 {
		t.Errorf("in a broken document: line %d, want 0", line)
	}
}
