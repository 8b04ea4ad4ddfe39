package api

import (
	"context"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

func TestDocumentsWithWrongKeys(t *testing.T) {
	const right = "keys: {standard: true, timeout: 3s, codes: [{keys: \"*80\", does: hold}, {keys: \"##\", does: end}]}\n"
	c := Compiler{Tenant: "default", Resolve: func(context.Context, fact.TenantID, flow.Prompt) (string, error) { return "", nil }}
	check := func(text string) error {
		d, err := ParseDocument("x", []byte(text))
		if err != nil {
			return err
		}
		_, err = c.Compile(t.Context(), "x", []byte(text), d)
		return err
	}
	if err := check(right); err != nil {
		t.Fatalf("a right one: %v", err)
	}
	for _, k := range []struct{ old, new, says string }{
		{"timeout: 3s", "timeout: 3m", "keys.timeout: 3m0s from key to key"},
		{`"*80"`, `"70"`, `keys.codes[0].keys: "70" is no code`},
		{`"*80"`, `"*"`, `keys.codes[0].keys: "*" is no code`},
		{`"*80"`, `"*51"`, `keys.codes[0].keys: "*51" begins with "*5", which is complete`},
		{`"##"`, `"*80"`, `keys.codes[0].keys: "*80" begins with "*80"`},
		{"does: end", "does: finish", `keys.codes[1].does: "finish" is nothing that keys do`},
		{"standard", "usual", "usual"},
	} {
		err := check(strings.Replace(right, k.old, k.new, 1))
		if err == nil || !strings.Contains(err.Error(), k.says) {
			t.Errorf("%s: %v, want %q in it", k.new, err, k.says)
		}
	}
}

// A code of the document takes the standard one's place.
func TestStandardKeysGiveWay(t *testing.T) {
	keys := center.TalkKeys{Standard: true, Codes: []center.TalkKey{{Keys: "*8", Does: center.KeyHold}}}
	for _, k := range keys.All() {
		if k.Keys == "*1" {
			t.Errorf("%+v has the standard code of an act that has its own", keys.All())
		}
	}
}
