package api

import (
	"testing"

	"github.com/huawu/huawu/center"
)

func TestDocumentsWithWrongKeys(t *testing.T) {
	const right = "keys: {standard: true, timeout: 3s, codes: [{keys: \"*80\", does: hold}, {keys: \"##\", does: end}, {keys: \"#51\", does: scene, scene: harassment}]}\nphrases: {profile: cm10086}\n"
	noticed(t, right, []slip{
		{"timeout: 3s", "timeout: 3m", "keys.timeout: 3m0s from key to key"},
		{`"*80"`, `"70"`, `keys.codes[0].keys: "70" is no code`},
		{`"*80"`, `"*"`, `keys.codes[0].keys: "*" is no code`},
		{`"*80"`, `"*51"`, `keys.codes[0].keys: "*51" begins with "*5", which is complete`},
		{`"##"`, `"*80"`, `keys.codes[0].keys: "*80" begins with "*80"`},
		{"does: end", "does: finish", `keys.codes[1].does: "finish" is nothing that keys do`},
		{"standard", "usual", "usual"},
		{"scene: harassment", "scene: abuse", `keys.codes[2].scene: "abuse" is no scene of the tenant's profile`},
		{", scene: harassment", "", `keys.codes[2].scene: "" is no scene`},
		{"does: scene", "does: query", "keys.codes[2].scene: query begins no scene"},
		{"phrases: {profile: cm10086}", "", `keys.codes[2].scene: "harassment" is no scene`},
	})
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
