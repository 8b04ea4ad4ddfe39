package strict_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/scripts/strict"
)

type inner struct {
	Name string   `yaml:"name"`
	On   *bool    `yaml:"on"`
	List []string `yaml:"list"`
}

type shared struct {
	Skills []string `yaml:"skills"`
}

type outer struct {
	Text   string        `yaml:"text"`
	Wait   time.Duration `yaml:"wait"`
	Count  int           `yaml:"count"`
	Share  float64       `yaml:"share"`
	Yes    bool          `yaml:"yes"`
	Hidden string        `yaml:"-"`
	shared `yaml:",inline"`
	Empty  []string          `yaml:"empty"`
	Absent []string          `yaml:"absent"`
	Inner  *inner            `yaml:"inner"`
	All    []inner           `yaml:"all"`
	Shared shared            `yaml:"more"`
	Table  map[string]string `yaml:"table"`
}

func TestEncodeIsReadBack(t *testing.T) {
	no := false
	for _, text := range []string{"plain", "123", "0x10", "true", "null", "~", "", "- a", "a: b", "# no", "2026-10-01", "12:30", "*70",
		"&a", "!x", "%", "@", "1e3", "yes", "多行\n文字\n", " lead", "trail ", "\t", "\"quoted\"", "it's", "0123", "+8613800000000",
		strings.Repeat("很长的一句话，", 40), "{a}", "[b]", "a,b", "|", ">", "=", "<<", "\u2028", "\u0085", "e\u0301"} {
		want := outer{Text: text, Wait: 90 * time.Second, Count: -3, Share: 0.25, Yes: true, Empty: []string{},
			Inner: &inner{On: &no, List: []string{text, "x"}}, All: []inner{{Name: text}, {}}, Shared: shared{Skills: []string{text}}, Table: map[string]string{"b": text, "a": "1"}}
		for name, encode := range map[string]func(any) ([]byte, error){"YAML": strict.Encode, "JSON": strict.EncodeJSON} {
			src, err := encode(want)
			if err != nil {
				t.Fatalf("%s of %q: %v", name, text, err)
			}
			var got outer
			if err := strict.Decode("x", src, &got); err != nil {
				t.Errorf("%s of %q is not read back: %v\n%s", name, text, err, src)
				continue
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(outer{})); diff != "" {
				t.Errorf("%s of %q: %s\n%s", name, text, diff, src)
			}
		}
	}
}

func TestEncodeLooksAsPeopleWrite(t *testing.T) {
	got, err := strict.Encode(outer{Text: "123", Wait: 15 * time.Second, Empty: []string{}, All: []inner{{Name: "客服"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := "text: '123'\nwait: 15s\nempty: []\nall:\n- name: 客服\n"
	if string(got) != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}
