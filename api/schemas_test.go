package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Editors get the schemas without a token, and the documents that the
// documentation shows fit the centre's.
func TestSchemas(t *testing.T) {
	s := serve(t)
	for _, name := range []string{"flow", "centre"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/schemas/"+name+".json", nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/schema+json" || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %s", name, w.Code, w.Header().Get("Content-Type"))
		}
	}
	text, err := CentreSchema()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("centre.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("centre.json")
	if err != nil {
		t.Fatal(err)
	}
	valid := func(src string) error {
		d, err := ParseDocument("d.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		blob, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(blob))
		if err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(tree)
	}
	doc, err := os.ReadFile("../docs/phrases.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	phrases, _, _ := strings.Cut(rest, "```")
	const centre = `
zone: Asia/Shanghai
numbers: [{number: "100", flow: main}]
queues: [{id: sales, ring: 15s}]
hours: [{id: office, week: ["mon-fri 09:00-18:00"]}]
flows:
  - id: main
    nodes:
      - {id: line, enqueue: {queue: sales, next: bye, else: bye}}
      - {id: bye, hangup: {}}
`
	for _, src := range []string{phrases, centre} {
		if err := valid(src); err != nil {
			t.Error(err)
		}
	}
	if valid(strings.Replace(centre, "else: bye}}", "}}", 1)) == nil {
		t.Error("a line without else fits")
	}
}
