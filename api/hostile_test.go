package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/strict"
)

// Thousands of mistakes must not keep a core busy, and all other changes
// waiting, for minutes.
func TestDocumentFullOfMistakesIsRefusedSoon(t *testing.T) {
	for name, document := range map[string]string{
		"the same agent again and again": "queues: [{id: q}]\nagents:\n" + strings.Repeat("  - {id: \"1\", queues: [q]}\n", 10_000),
		"seats that are none":            "seats:\n" + strings.Repeat("  - {endpoint: x}\n", 10_000),
		"flows without nodes":            "flows:\n" + strings.Repeat("  - {id: f, nodes: []}\n", 5_000),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ParseDocument("centre", []byte(document))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err = Compiler{}.Compile(t.Context(), "centre", []byte(document), d)
			var all *strict.Errors
			if !errors.As(err, &all) || len(all.Problems) == 0 || len(all.Problems) > strict.MaxProblems {
				t.Errorf("%.200v", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestLargeDocumentsAreComparedSoon(t *testing.T) {
	large := func(format string) []byte {
		var b strings.Builder
		for n := range 40_000 {
			fmt.Fprintf(&b, format, n)
		}
		return []byte(b.String())
	}
	began := time.Now()
	if Diff(large("- id: %d\n"), large("- number: %d\n")) == "" {
		t.Error("no difference")
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// A code or an extension must not take an emergency number's place.
func TestEmergencyNumbersAreNobodysCodes(t *testing.T) {
	b := setup(t)
	for _, document := range []string{
		`{"codes": [{"code": "110", "flow": "agent-ready"}]}`,
		`{"seats": [{"endpoint": "PJSIP/1", "extension": "120"}]}`,
		`{"seats": [{"endpoint": "PJSIP/1", "extension": "911"}], "emergency": ["911"]}`,
	} {
		b.problem("PUT", "/api/v1/centre", document, http.StatusUnprocessableEntity, "invalid-document")
	}
	if c := (&center.Config{Emergency: []string{}}); c.Urgent("110") {
		t.Error("110 is urgent in a centre that has no emergency numbers")
	}
}
