package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

func (b *bench) apply(document string, headers ...string) (ChangeDone, *http.Response) {
	b.t.Helper()
	var done ChangeDone
	res := b.do("PUT", "/api/v1/centre", document, &done, append([]string{"Content-Type", "application/yaml"}, headers...)...)
	return done, res
}

func TestApplyingADocument(t *testing.T) {
	b := setup(t)
	b.compiler.Resolve = func(_ context.Context, tenant fact.TenantID, p flow.Prompt) (string, error) {
		return "/prompts/" + string(tenant) + "/" + p.Text, nil
	}
	b.problem("GET", "/api/v1/centre", "", http.StatusNotFound, "not-found")

	// A dry run checks, shows and changes nothing.
	var dry ChangeDone
	b.do("PUT", "/api/v1/centre?dry_run=true", centreDocument, &dry, "Content-Type", "application/yaml")
	if dry.Version != 0 || !dry.Changed || dry.PINs != 1 || !strings.Contains(dry.Diff, "+  name: 销售\n") {
		t.Errorf("dry run: %+v", dry)
	}
	if len(b.store.versions)+len(b.store.audit)+len(b.store.pins)+len(b.engine.configs) != 0 {
		t.Errorf("the dry run changed something: %+v", b.store)
	}

	done, res := b.apply(centreDocument)
	if done.Version != 1 || !done.Changed || done.PINs != 1 || done.Cursor == "" || res.Header.Get("ETag") != `"1"` {
		t.Errorf("apply: %+v, ETag %s", done, res.Header.Get("ETag"))
	}
	if b.store.pins["1001"] != "4711" || strings.Contains(string(b.store.versions[0].Body), "4711") || strings.Contains(done.Diff, "4711") {
		t.Errorf("the PIN belongs to the agent and to nobody else: %v\n%s", b.store.pins, b.store.versions[0].Body)
	}
	c := b.engine.configs[0]
	if c.Version != 1 || c.Tenant != fact.DefaultTenant || c.ACD.Queues[0].Name != "销售" || c.Hours[0].Zone != "Asia/Shanghai" {
		t.Errorf("configuration: %+v", c)
	}
	if !slices.ContainsFunc(c.Flows, func(f *flow.Flow) bool { return f.ID == "agent-ready" }) {
		t.Error("huawu's own flow that a code names is missing")
	}
	if !slices.ContainsFunc(c.Prompts, func(p center.PromptFile) bool {
		return p.Key == "text/zh/您好" && p.Path == "/prompts/default/您好"
	}) || len(c.Prompts) < 2 {
		t.Errorf("prompts: %+v", c.Prompts)
	}

	// Again: nothing changes.
	rows := len(b.store.audit)
	done, _ = b.apply(centreDocument)
	if done.Version != 1 || done.Changed || done.Diff != "" || done.PINs != 0 || len(b.engine.configs) != 1 || len(b.store.audit) != rows {
		t.Errorf("again: %+v, %d configurations", done, len(b.engine.configs))
	}

	// What is shown can be applied: as YAML and as JSON.
	for _, format := range []string{"yaml", "json"} {
		var text string
		b.do("GET", "/api/v1/centre?format="+format, "", &text)
		if done, _ := b.apply(text); done.Changed || done.Version != 1 {
			t.Errorf("%s: %+v\n%s", format, done, text)
		}
	}
	var asJSON struct{ Queues []struct{ Ring string } }
	if res := b.do("GET", "/api/v1/centre", "", &asJSON, "Accept", "application/json"); asJSON.Queues[0].Ring != "15s" ||
		res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("JSON: %+v", asJSON)
	}

	done, _ = b.apply(strings.Replace(centreDocument, "15s", "20s", 1))
	if done.Version != 2 || !strings.Contains(done.Diff, "-  ring: 15s\n+  ring: 20s\n") || b.engine.configs[1].Version != 2 {
		t.Errorf("a change: %+v", done)
	}
	var versions VersionList
	b.do("GET", "/api/v1/centre/versions", "", &versions)
	if versions.InEffect != 2 || len(versions.Versions) != 2 || versions.Versions[0].Version != 2 || versions.Versions[0].By != "chen" {
		t.Errorf("versions: %+v", versions)
	}
	var old string
	if res := b.do("GET", "/api/v1/centre?version=1", "", &old); !strings.Contains(old, "ring: 15s") || res.Header.Get("ETag") != `"1"` {
		t.Errorf("version 1: %s", old)
	}
	b.problem("GET", "/api/v1/centre?version=9", "", http.StatusNotFound, "not-found")
}

func TestChangesMadeFromAnOldVersionAreRefused(t *testing.T) {
	b := applied(t)
	next := strings.Replace(centreDocument, "15s", "20s", 1)
	b.problem("PUT", "/api/v1/centre", next, http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"7"`, "Content-Type", "application/yaml")
	b.problem("PUT", "/api/v1/queues/sales", `{}`, http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"7"`)
	if done, _ := b.apply(next, "If-Match", `"1"`); done.Version != 2 {
		t.Errorf("with the newest version: %+v", done)
	}
	// Another process saved in between.
	b.store.versions = append(b.store.versions, Version{Version: 3, Body: b.store.versions[0].Body})
	b.compiler.Resolve = func(context.Context, fact.TenantID, flow.Prompt) (string, error) {
		b.store.mu.Lock()
		defer b.store.mu.Unlock()
		if len(b.store.versions) == 3 {
			b.store.versions = append(b.store.versions, Version{Version: 4, Body: b.store.versions[0].Body})
		}
		return "x", nil
	}
	b.problem("PUT", "/api/v1/centre", next, http.StatusConflict, "conflict", "Content-Type", "application/yaml")
}

func TestAVersionThatTheEngineRefusesComesIntoEffectLater(t *testing.T) {
	b := setup(t)
	b.engine.fail = engine.ErrBusy
	p := b.problem("PUT", "/api/v1/centre", centreDocument, http.StatusServiceUnavailable, "not-in-effect", "Content-Type", "application/yaml")
	if !strings.Contains(p.Detail, "version 1 is saved, not in effect") {
		t.Errorf("detail: %q", p.Detail)
	}
	b.engine.fail = nil
	if done, _ := b.apply(centreDocument); done.Version != 1 || done.Changed || len(b.engine.configs) != 1 || b.store.pins["1001"] != "4711" {
		t.Errorf("again: %+v, %d configurations", done, len(b.engine.configs))
	}
}

func TestQueuesAndAgentsAreResourcesOfTheDocument(t *testing.T) {
	b := applied(t)
	var done ChangeDone
	for i, c := range []struct{ method, path, body, diff string }{
		{"POST", "/api/v1/queues", `{"id": "service", "name": "客服", "wrap_up": "10s"}`, "+- id: service\n"},
		{"PUT", "/api/v1/queues/service", `{"ring": "30s"}`, "-  name: 客服\n-  wrap_up: 10s\n+  ring: 30s\n"},
		{"POST", "/api/v1/agents", `{"id": "1003", "queues": ["service"], "skills": [{"id": "english", "level": 90}]}`, "+- id: '1003'\n"},
		{"PUT", "/api/v1/agents/1003", `{"name": "韩梅梅", "queues": ["sales"]}`, "+  name: 韩梅梅\n"},
		{"PUT", "/api/v1/queues/vip", `{}`, "+- id: vip\n"},
		{"DELETE", "/api/v1/queues/service", "", "-- id: service\n"},
		{"DELETE", "/api/v1/agents/1003", "", "-- id: '1003'\n"},
	} {
		if res := b.do(c.method, c.path, c.body, &done); res.StatusCode != http.StatusOK || done.Version != int64(i+2) ||
			!strings.Contains(done.Diff, c.diff) {
			t.Errorf("%s %s: %d %+v", c.method, c.path, res.StatusCode, done)
		}
	}
	if got := b.engine.configs[4].ACD.Agents; got[2].ID != "1003" || got[2].Name != "韩梅梅" || got[2].Queues[0] != "sales" {
		t.Errorf("agents: %+v", got)
	}
	// The rest of the document is as it was, so the first one differs by
	// what is left over.
	if done, _ := b.apply(centreDocument); strings.Count(done.Diff, "\n-") != 1 || !strings.Contains(done.Diff, "-- id: vip") {
		t.Errorf("diff to the first document:\n%s", done.Diff)
	}
	// A removed agent's PIN goes too.
	b.do("PUT", "/api/v1/agents/1001", `{}`, nil)
	if res := b.do("DELETE", "/api/v1/agents/1001", "", &done); res.StatusCode != http.StatusOK || len(b.store.pins) != 0 {
		t.Errorf("%d, pins %v", res.StatusCode, b.store.pins)
	}
}

func TestEverythingWrongWithADocumentIsToldAtOnceWithItsLine(t *testing.T) {
	b := setup(t)
	const document = `zone: Moon/Base
numbers:
  - {number: "4001", flow: mian}
  - {number: "4001", flow: main}
  - {number: "call us", flow: main}
codes:
  - {code: "8001", flow: nix}
trunks:
  - {id: out, endpoint: PJSIP/carrier, number: x}
seats:
  - {endpoint: "1001", extension: "8001"}
  - {endpoint: PJSIP/2, extension: "*"}
  - {endpoint: PJSIP/2}
emergency: ["110", "110"]
hours:
  - {id: day, zone: Asia/Shanghai, week: ["someday"]}
queues:
  - {id: sales, ring: 15m}
agents:
  - {id: "1001", queues: [sale]}
pins:
  - {agent: "1009", pin: "1234"}
  - {agent: "1001", pin: "12"}
flows:
  - id: main
    nodes:
      - id: line
        enqueue: {queue: sales, needs: "klingon>=1", next: nowhere, else: line}
`
	p := b.problem("PUT", "/api/v1/centre?name=centre.yaml", document, http.StatusUnprocessableEntity, "invalid-document", "Content-Type", "application/yaml")
	var got []string
	for _, f := range p.Errors {
		if f.File != "centre.yaml" || f.Message == "" {
			t.Errorf("%+v", f)
		}
		got = append(got, fmt.Sprintf("%d %s: %s; %s", f.Line, f.Location, f.Message, f.Remedy))
	}
	for _, want := range []string{
		`1 zone: "Moon/Base"`, `3 numbers[0].flow: there is no flow "mian"; name one of main`, `4 numbers[1]: "4001" comes twice`,
		`5 numbers[2]: "call us" cannot be dialled`, `7 codes[0].flow: there is no flow "nix"`, `9 trunks[0].endpoint: "PJSIP/carrier"`,
		`9 trunks[0].number: "x" is no number`, `11 seats[0].endpoint: "1001" is no endpoint`, `11 seats[0]: "8001" comes twice`,
		`13 seats[2].endpoint: "PJSIP/2" comes twice`, `14 emergency[1]: "110" comes twice`, `16 hours[0]: `,
		`18 queues[0].ring: "15m0s"; want 0 or 1s to 2m0s`, `20 agents[0].queues[0]: "sale"`, `22 pins[0].agent: there is no agent "1009"`,
		`23 pins[1].pin: the PIN has another form; write 4 to 12 digits`, `flow main, node line: next leads to "nowhere"`, `klingon`,
	} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("not told: %s\n in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if len(b.store.versions) != 0 || len(b.engine.configs) != 0 {
		t.Error("a wrong document changed something")
	}
	p = b.problem("PUT", "/api/v1/centre?name=centre.yaml", "queus: []\nagents: 7\n", http.StatusUnprocessableEntity, "invalid-document", "Content-Type", "application/yaml")
	if len(p.Errors) != 2 || p.Errors[0].Line != 1 || !strings.Contains(p.Errors[0].Remedy, `"queues"`) || p.Errors[1].Line != 2 {
		t.Errorf("%+v", p.Errors)
	}
}

func TestPromptsAreMadeAFewAtOnceAndEachOnce(t *testing.T) {
	var nodes strings.Builder
	for i := range 40 {
		fmt.Fprintf(&nodes, "      - {id: n%d, play: {prompts: [text %d, {file: same}], next: n%d}}\n", i, i, i+1)
	}
	document := "flows:\n  - id: main\n    nodes:\n" + nodes.String() + "      - {id: n40, hangup: {}}\n"
	var under, most, made atomic.Int32
	var progress []int
	c := Compiler{Parallel: 3, Tenant: "acme", Progress: func(done, total int) {
		progress = append(progress, done)
		if total != 41 {
			t.Errorf("of %d", total)
		}
	}, Resolve: func(_ context.Context, tenant fact.TenantID, p flow.Prompt) (string, error) {
		n := under.Add(1)
		defer under.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		made.Add(1)
		if tenant != "acme" {
			t.Errorf("tenant %q", tenant)
		}
		return "/p/" + p.Key(), nil
	}}
	d, err := ParseDocument("d", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	config, err := c.Compile(t.Context(), "d", []byte(document), d)
	if err != nil {
		t.Fatal(err)
	}
	if len(config.Prompts) != 41 || made.Load() != 41 || most.Load() > 3 || len(progress) != 41 || !slices.IsSorted(progress) {
		t.Errorf("%d prompts, %d made, %d at once, progress %v", len(config.Prompts), made.Load(), most.Load(), progress)
	}
	if config.Prompts[0].Key != "text/zh/text 0" || config.Prompts[1].Path != "/p/file/zh/same" {
		t.Errorf("prompts: %+v", config.Prompts[:2])
	}

	// All that cannot be made is told, not just the first.
	c.Progress = nil
	c.Resolve = func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		if p.Text != "" {
			return "", errors.New("no voice")
		}
		return "x", nil
	}
	_, err = c.Compile(t.Context(), "d", []byte(document), d)
	wrong := (*strict.Errors)(nil)
	if !errors.As(err, &wrong) || len(wrong.Problems) != 40 || !strings.Contains(wrong.Problems[0].What, "no voice") {
		t.Errorf("error: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	c.Resolve = func(ctx context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		cancel()
		return "", ctx.Err()
	}
	if _, err = c.Compile(ctx, "d", []byte(document), d); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// TestTheCentreKnowsWhatFlowsAskFor: each requirement of a flow's lines once.
func TestTheCentreKnowsWhatFlowsAskFor(t *testing.T) {
	const document = `skills: [english]
queues:
  - id: sales
  - id: support
flows:
  - id: main
    nodes:
      - {id: a, enqueue: {queue: sales, needs: english>=50, next: b, else: b}}
      - {id: b, enqueue: {queue: support, next: c, else: c}}
      - {id: c, enqueue: {queue: support, needs: english, next: d, else: d}}
      - {id: d, enqueue: {queue: sales, needs: english>=50, next: e, else: e}}
      - {id: e, hangup: {}}
`
	d, err := ParseDocument("d", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	config, err := Compiler{}.Compile(t.Context(), "d", []byte(document), d)
	if err != nil {
		t.Fatal(err)
	}
	want := []routing.Known{{Queue: "sales", Needs: "english>=50"}, {Queue: "support", Needs: "english"}}
	if !slices.Equal(config.ACD.Known, want) || d.ACD.Known != nil {
		t.Errorf("known %v, of the document %v", config.ACD.Known, d.ACD.Known)
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"a\nb\n", "a\nb\n", ""},
		{"", "a\n", "--- in effect\n+++ wanted\n@@ -1,0 +1,1 @@\n+a\n"},
		{"a\n", "", "--- in effect\n+++ wanted\n@@ -1,1 +1,0 @@\n-a\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
			"--- in effect\n+++ wanted\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
		{"a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\n8\nB\n",
			"--- in effect\n+++ wanted\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-b\n+B\n"},
	} {
		if got := Diff([]byte(c.from), []byte(c.to)); got != c.want {
			t.Errorf("%q to %q:\n%swant\n%s", c.from, c.to, got, c.want)
		}
	}
}

func TestEditsLeadFromOneTextToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 20)
		from, to := text.Draw(t, "from"), text.Draw(t, "to")
		var before, after []string
		for _, e := range edit(from, to) {
			if e.op != '+' {
				before = append(before, e.text)
			}
			if e.op != '-' {
				after = append(after, e.text)
			}
		}
		if !slices.Equal(before, from) || !slices.Equal(after, to) {
			t.Fatalf("edits of %v to %v: %v, %v", from, to, before, after)
		}
	})
}

func TestALargeRewriteIsDiffedInBoundedMemory(t *testing.T) {
	var from, to strings.Builder
	for i := range 3 * maxDiff {
		fmt.Fprintf(&from, "from %d\n", i)
		fmt.Fprintf(&to, "to %d\n", i)
	}
	d := Diff([]byte(from.String()), []byte(to.String()))
	if strings.Count(d, "\n-from") != 3*maxDiff || strings.Count(d, "\n+to") != 3*maxDiff {
		t.Errorf("%d lines", strings.Count(d, "\n"))
	}
}
