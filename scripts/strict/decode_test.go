package strict

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type level int

func (l *level) UnmarshalText(b []byte) error {
	for i, name := range []string{"debug", "info"} {
		if string(b) == name {
			*l = level(i)
			return nil
		}
	}
	return errors.New("write debug or info")
}

type speech struct {
	Text string `yaml:"text"`
	File string `yaml:"file"`
}

func (s *speech) SetScalar(text string) error {
	if text == "" {
		return errors.New("say something")
	}
	s.Text = text
	return nil
}

type line struct {
	ID   string        `yaml:"id"`
	Ring time.Duration `yaml:"ring"`

	Place string `yaml:"-"`
}

func (l *line) SetPosition(file string, row, column int) {
	l.Place = fmt.Sprintf("%s:%d:%d", file, row, column)
}

type Common struct {
	Name string `yaml:"name"`
}

type document struct {
	Common `yaml:",inline"`
	Queues []line            `yaml:"queues"`
	Says   []speech          `yaml:"says"`
	Level  level             `yaml:"level"`
	On     *bool             `yaml:"on"`
	Off    bool              `yaml:"off"`
	Small  int8              `yaml:"small"`
	Port   uint16            `yaml:"port"`
	Rate   float64           `yaml:"rate"`
	Env    map[string]string `yaml:"env"`
	Dates  []string          `yaml:"dates"`
	Inner  *Common           `yaml:"inner"`
	Secret string            `yaml:"-"`
}

const good = `
name: 嘉定
queues:
  - id: 4001
    ring: 15s
  - {id: "b", ring: 1m30s}
says: [您好, {file: welcome}]
level: info
on: false
off: true
small: -0x10
port: 5060
rate: 0.5
env: {A: "1", B: two}
dates: [2026-10-01, 08:00]
inner:
`

func TestDecode(t *testing.T) {
	no := false
	want := document{
		Common: Common{"嘉定"},
		Queues: []line{{ID: "4001", Ring: 15 * time.Second, Place: "d.yaml:4:5"}, {ID: "b", Ring: 90 * time.Second, Place: "d.yaml:6:5"}},
		Says:   []speech{{Text: "您好"}, {File: "welcome"}}, Level: 1, On: &no, Off: true, Small: -16, Port: 5060, Rate: 0.5,
		Env: map[string]string{"A": "1", "B": "two"}, Dates: []string{"2026-10-01", "08:00"},
	}
	var got document
	if err := Decode("d.yaml", []byte(good), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeOfJSON(t *testing.T) {
	// Tabs and a surrogate pair, which YAML readers refuse.
	const src = "\ufeff{\n\t\"name\": \"a\\ud83d\\ude00\\/\",\n\t\"queues\": [{\"id\": \"x\", \"ring\": \"2s\"}],\n\t\"small\": 7, \"rate\": 1e3, \"off\": true, \"inner\": null\n}\n"
	var got document
	if err := Decode("d.json", []byte(src), &got); err != nil {
		t.Fatal(err)
	}
	want := document{Common: Common{"a😀/"}, Queues: []line{{ID: "x", Ring: 2 * time.Second, Place: "d.json:3:13"}}, Small: 7, Rate: 1000, Off: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	err := Decode("d.json", []byte("{\n\t\"queues\": [{\"ring\": 15,\n\t\t\"rnig\": 1}]}"), &got)
	const said = `d.json:2:22: queues[0].ring: "15" is no duration; write the unit with it, such as 15s or 15ms
d.json:3:3: queues[0].rnig: the key "rnig" is not known; did you mean "ring"?`
	if err == nil || err.Error() != said {
		t.Errorf("got %v, want %s", err, said)
	}
}

func TestAnEmptyDocumentChangesNothing(t *testing.T) {
	for _, src := range []string{"", "# nothing yet\n", "---\n", "null"} {
		got := document{Off: true}
		if err := Decode("d.yaml", []byte(src), &got); err != nil || !reflect.DeepEqual(got, document{Off: true}) {
			t.Errorf("%q: %+v, %v", src, got, err)
		}
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"nmae: x", `d.yaml:1:1: nmae: the key "nmae" is not known; did you mean "name"?`},
		{"queues:\n  - id: a\n    rign: 3s", `d.yaml:3:5: queues[0].rign: the key "rign" is not known; did you mean "ring"?`},
		{"inner: {zzzzzzzz: 1}", `d.yaml:1:9: inner.zzzzzzzz: the key "zzzzzzzz" is not known; known here: name`},
		{"Name: x", `did you mean "name"?`},
		{"Secret: x", `the key "Secret" is not known`},
		{"name: a\nname: b", `"name" comes twice`},
		{`{"name": "a", "name": "b"}`, `d.yaml:1:15: name: the key "name" comes twice; keep one of them`},
		{"name: [a]", `d.yaml:1:7: name: a list is no text; write a text, in quotes if it reads like something else`},
		{"name: true", `name: "true" is no text`},
		{"name:", `name: no value is no text`},
		{"queues: a", `d.yaml:1:9: queues: "a" cannot stand here; write a list`},
		{"queues: {id: a}", `queues: a mapping cannot stand here; write a list`},
		{"queues:\n  - a", `queues[0]: "a" cannot stand here; write keys and values: id, ring`},
		{"queues:\n  -\n  - id: a", `queues[0]: the entry is empty; give it a value or remove it`},
		{"queues: [{ring: 15}]", `queues[0].ring: "15" is no duration; write the unit with it, such as 15s or 15ms`},
		{"queues: [{ring: soon}]", `"soon" is no duration; write a number with its unit, such as 15s, 1m30s or 500ms`},
		{"queues: [{ring: -5s}]", `"-5s" is no duration`},
		{"off: yes", `off: "yes" is neither true nor false; write true or false`},
		{"off: 1", `off: "1" is neither true nor false`},
		{"small: 300", `small: 300 is out of range; write a number from -128 to 127`},
		{"small: 99999999999999999999999999999999999999", `is out of range; write a number from -128 to 127`},
		{"port: -1", `port: -1 is out of range; write a number from 0 to 65535`},
		{"port: 1.5", `port: "1.5" is no whole number; write one, such as 10`},
		{"port: many", `port: "many" is no whole number`},
		{"rate: .inf", `rate: ".inf" is no number`},
		{"rate: much", `rate: "much" is no number; write one, such as 0.5`},
		{"env: [a]", `env: a list cannot stand here; write keys and values`},
		{`{"env": {"a": "1", "a": "2"}}`, `env.a: the key "a" comes twice`},
		{"level: loud", `level: "loud" is wrong; write debug or info`},
		{`says: [""]`, `says[0]: "" is wrong; say something`},
		{"[a]: b", `a key must be a word`},
		{"- a", `d.yaml:1:1: a list cannot stand here`},
		{"name: &a x\nqueues: [{id: *a}]", `d.yaml:1:7: anchors and aliases are not read; write the value out`},
		{"name: !!str 5", `tags such as !!str are not read; leave the tag out`},
		{"name: a\n---\nname: b", `a second document begins here; keep one document in a file`},
		{"name: a\n  b: c", `d.yaml:2:4: this is not YAML`},
		{"name: \"a", `this is not YAML`},
		{"name: \xff", `the document is not UTF-8; save it as UTF-8`},
		{"name: " + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), `more than 32 levels`},
		{`{"name": ` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth) + "}", `more than 32 levels; write it flatter`},
		{strings.Repeat("#", MaxSize+1), `the document has 8388609 bytes, 8388608 are the most`},
		{"name: " + strings.Repeat("[", 100_000), `this is not YAML`},
	} {
		var got document
		err := Decode("d.yaml", []byte(c.src), &got)
		var all *Errors
		if !errors.As(err, &all) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: got %.200v, want %s", c.src, err, c.want)
			continue
		}
		if len(all.Problems) != 1 {
			t.Errorf("%.60q: %d problems, want 1: %v", c.src, len(all.Problems), err)
		}
	}
}

func TestAllProblemsAreToldUpToABound(t *testing.T) {
	var got document
	err := Decode("d.yaml", []byte("a: 1\nb: 2\noff: 3\n"), &got)
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d problems, want 3:\n%v", n, err)
	}
	err = Decode("d.yaml", []byte("queues: ["+strings.Repeat("{x: 1},", 200)+"]"), &got)
	if n := strings.Count(err.Error(), "\n") + 1; n != MaxProblems {
		t.Errorf("%d problems, want %d", n, MaxProblems)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("{\n\t\"name\": \"a\\ud83d\\ude00\"}"))
	f.Add([]byte("a: &a [*a]\n? [x]\n: y\n"))
	f.Add([]byte("%YAML 1.2\n---\n!!map {? a : <<}\n...\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var got document
		if err := Decode("d", src, &got); err != nil {
			var all *Errors
			if !errors.As(err, &all) || len(all.Problems) == 0 || len(all.Problems) > MaxProblems {
				t.Fatalf("%T with %v", err, err)
			}
			for _, p := range all.Problems {
				if p.What == "" || p.Line < 0 || p.Column < 0 {
					t.Errorf("problem %+v", p)
				}
			}
			return
		}
		again, err := EncodeJSON(struct {
			Queues []line   `yaml:"queues"`
			Says   []speech `yaml:"says"`
		}{got.Queues, got.Says})
		if err != nil {
			t.Fatal(err)
		}
		var back document
		if err := Decode("d", again, &back); err != nil {
			t.Fatalf("not read back: %v\n%s", err, again)
		}
		if diff := cmp.Diff(got.Says, back.Says); diff != "" && len(got.Says)+len(back.Says) > 0 {
			t.Error(diff)
		}
	})
}
