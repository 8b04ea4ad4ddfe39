package flow

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Schema(); err != nil || !bytes.Equal(text, again) {
		t.Errorf("two schemas differ, %v", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("flow.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("flow.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate reads YAML as an editor does and holds it to the schema.
func validate(t testing.TB, s *jsonschema.Schema, src string) error {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal([]byte(src), &tree); err != nil {
		t.Fatal(err)
	}
	blob, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(blob))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestShippedFlowsAndExamplesFitTheSchema(t *testing.T) {
	s := schema(t)
	entries, err := flows.ReadDir("flows")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{"sound": sound, "branching": branching}
	for _, e := range entries {
		src, err := flows.ReadFile("flows/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sources[e.Name()] = string(src)
	}
	doc, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	for _, part := range strings.Split(string(doc), "```") {
		if src, ok := strings.CutPrefix(part, "yaml\n"); ok && strings.Contains(src, "\nnodes:") && strings.HasPrefix(src, "id:") {
			sources["example in docs/flows.md"] = src
			examples++
		}
	}
	if examples == 0 {
		t.Error("docs/flows.md shows no flow")
	}
	for name, src := range sources {
		if err := validate(t, s, src); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the schema refuses is wrong, and what is wrong with words or shapes it
// refuses.
func TestTheSchemaRefusesWhatIsBroken(t *testing.T) {
	s := schema(t)
	for _, c := range []struct{ name, from, to string }{
		{"unknown key", "id: f\n", "id: f\nlanguag: zh\n"},
		{"no id", "id: f\n", ""},
		{"flow id", "id: f\n", "id: F!\n"},
		{"language", "id: f\n", "id: f\nlanguage: fr\n"},
		{"duration without a unit", "id: f\n", "id: f\nplay_limit: 5\n"},
		{"no kind", "    hangup: {cause: 16}\n", ""},
		{"two kinds", "    hangup: {cause: 16}\n", "    hangup: {cause: 16}\n    play: {prompts: [x], next: end}\n"},
		{"unknown kind", "    hangup: {cause: 16}\n", "    hang_up: {}\n"},
		{"exit left out", ", closed: end", ""},
		{"else left out", ", next: pin, else: end", ", next: pin"},
		{"no keys", "keys: [{key: 1, next: line}, {key: 2, next: when}, {key: 3, next: code}]", "keys: []"},
		{"wrong key", "{key: 1,", "{key: 10,"},
		{"letter that is no key", "{key: 1,", "{key: E,"},
		{"key without a way", "{key: 1, next: line}", "{key: 1}"},
		{"no prompts", "prompts: [二], ", ""},
		{"prompt of two things", "[二]", "[{text: x, file: y}]"},
		{"prompt of nothing", "[二]", "[{}]"},
		{"file", "[二]", "[{file: ../etc/passwd}]"},
		{"silence", "[二]", "[{silence: 70000}]"},
		{"text", "[二]", "[" + strings.Repeat("二", 501) + "]"},
		{"prompt language", "[二]", "[{text: x, language: la}]"},
		{"many prompts", "[二]", "[" + strings.Repeat("二,", 33) + "]"},
		{"retries", "prompts: [二], ", "prompts: [二], retries: 11, "},
		{"retries in words", "prompts: [二], ", "prompts: [二], retries: many, "},
		{"max", "variable: agent, max: 4", "variable: agent, max: 40"},
		{"terminator", "variable: agent, max: 4", "variable: agent, max: 4, terminator: 9"},
		{"variable", "variable: agent, max: 4", "variable: Agent, max: 4"},
		{"verb", "verb: agent.sign-in", "verb: agent.sing-in"},
		{"argument of two kinds", "args: [agent, pin]", "args: [agent, {name: pin, from: pin, value: x}]"},
		{"branch", "queue: sales", "queue: sales, branches: [{on: fool, next: end}]"},
		{"announce how often", "queue: sales", "queue: sales, announce: {position: true}"},
		{"flag", "queue: sales", "queue: sales, named: sure"},
		{"rule's priority", "queue: sales", "queue: sales, rules: [{variable: caller_level, equals: vip, priority: 101}]"},
		{"cause", "cause: 16", "cause: 200"},
	} {
		broken := strings.Replace(sound, c.from, c.to, 1)
		if broken == sound {
			t.Fatalf("%s: %q is not in the flow", c.name, c.from)
		}
		if validate(t, s, broken) == nil {
			t.Errorf("%s: the schema lets it pass", c.name)
		}
		if f, err := Parse("f.yaml", []byte(broken)); err == nil && len(f.Check(Refs{Queues: []fact.QueueID{"sales"}, Hours: []string{"office"}})) == 0 {
			t.Errorf("%s: the schema refuses what is right", c.name)
		}
	}
}

// What Check accepts the schema accepts.
func TestCheckedFlowsFitTheSchema(t *testing.T) {
	s := schema(t)
	fitted := 0
	rapid.Check(t, func(t *rapid.T) {
		f := anyFlow(t)
		if len(f.Check(Refs{Queues: []fact.QueueID{"sales"}, Hours: []string{"office", "gone"}})) > 0 {
			return
		}
		fitted++
		text, err := strict.EncodeJSON(*f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
	t.Logf("%d drawn flows fitted", fitted)
}
