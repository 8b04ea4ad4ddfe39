package api

import (
	"context"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// compiled is what is wrong with a document whose prompts all have audio.
func compiled(t *testing.T, text string) error {
	t.Helper()
	c := Compiler{Tenant: "default", Resolve: func(context.Context, fact.TenantID, flow.Prompt) (string, error) { return "", nil }}
	d, err := ParseDocument("x", []byte(text))
	if err != nil {
		return err
	}
	_, err = c.Compile(t.Context(), "x", []byte(text), d)
	return err
}

// slip is a mistake in a document, and what is said of it.
type slip struct{ old, new, says string }

// noticed fails unless a document is right, and wrong with each slip.
func noticed(t *testing.T, right string, slips []slip) {
	t.Helper()
	if err := compiled(t, right); err != nil {
		t.Fatalf("a right one: %v", err)
	}
	for _, k := range slips {
		err := compiled(t, strings.Replace(right, k.old, k.new, 1))
		if err == nil || !strings.Contains(err.Error(), k.says) {
			t.Errorf("%s: %v, want %q in it", k.new, err, k.says)
		}
	}
}
