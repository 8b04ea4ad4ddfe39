package strict

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What Decode reads the schema accepts, what it refuses for a key or a type the
// schema refuses.
func TestSchemaSaysWhatDecodeReads(t *testing.T) {
	text, err := Schema("a document", document{}, map[reflect.Type]Rule{
		reflect.TypeFor[Common](): {Fields: map[string]Bounds{"name": {MaxLength: 10}}},
		reflect.TypeFor[speech](): {Just: [][]string{{"text", "file"}}, Scalar: "text", Fields: map[string]Bounds{"text": {Pattern: "^[^ ]+$"}}},
		reflect.TypeFor[line]():   {Required: []string{"id"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("d.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("d.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		src   string
		right bool
	}{
		{`{}`, true},
		{`{"name": "x", "queues": [{"id": 4001, "ring": "1m30s"}], "says": ["hi", {"file": "a"}], "level": "info", "on": true, "small": -128, "rate": 0.5}`, true},
		{`{"queues": null, "env": {"A": "1"}, "inner": {"name": "x"}}`, true},
		{`{"nmae": "x"}`, false},
		{`{"name": "longer than that"}`, false},
		{`{"inner": {"name": "longer than that"}}`, false},
		{`{"queues": [{"ring": "1s"}]}`, false},
		{`{"queues": [{"id": "a", "ring": 15}]}`, false},
		{`{"queues": [{"id": "a", "ring": "soon"}]}`, false},
		{`{"queues": {"id": "a"}}`, false},
		{`{"says": [{"text": "a", "file": "b"}]}`, false},
		{`{"says": ["a b"]}`, false},
		{`{"off": "yes"}`, false},
		{`{"small": 200}`, false},
		{`{"port": -1}`, false},
		{`{"Secret": "x"}`, false},
	} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(c.src)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); (err == nil) != c.right {
			t.Errorf("%s: %v", c.src, err)
		}
	}
	if !json.Valid(text) {
		t.Error("the schema is no JSON")
	}
}
