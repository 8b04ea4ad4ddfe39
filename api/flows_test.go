package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func init() {
	samples["POST /api/v1/flows/:id/rollback"] = sample{"/api/v1/flows/main/rollback", `{"to": 1}`, 1}
	readied["POST /api/v1/flows/:id/rollback"] = func(b *bench) {
		b.do("PUT", "/api/v1/centre", strings.Replace(centreDocument, "您好", "早上好", 1), nil, "Content-Type", "application/yaml")
	}
}

func TestFlowsHaveVersions(t *testing.T) {
	b := applied(t)
	var list FlowList
	if b.do("GET", "/api/v1/flows", "", &list); len(list.Items) != 1 || list.Items[0].ID != "main" || list.Items[0].Nodes != 4 || !slices.Equal(list.Items[0].Numbers, []string{"4001"}) || list.Version != 1 {
		t.Errorf("%+v", list)
	}
	apply := func(from, to string) {
		t.Helper()
		var done ChangeDone
		if b.do("PUT", "/api/v1/centre", strings.Replace(centreDocument, from, to, 1), &done, "Content-Type", "application/yaml"); !done.Changed {
			t.Fatalf("%q changes nothing", to)
		}
	}
	apply("15s", "16s")                                // 2: another thing
	apply("您好", "早上好")                                 // 3
	apply("您好", "晚上好")                                 // 4
	b.do("POST", "/api/v1/queues", `{"id": "x"}`, nil) // 5: another thing
	var history FlowHistory
	b.do("GET", "/api/v1/flows/main/versions", "", &history)
	var told []string
	for _, v := range history.Versions {
		told = append(told, v.Change+" "+v.By)
	}
	if len(history.Versions) != 3 || history.Versions[0].Version.Version != 4 || history.Versions[2].Version.Version != 1 || !slices.Equal(told, []string{"changed chen", "changed chen", "made chen"}) {
		t.Errorf("%+v", history)
	}
	var diff FlowDiff
	if b.do("GET", "/api/v1/flows/main/diff", "", &diff); diff.From != 3 || diff.To != 5 || !strings.Contains(diff.Diff, "--- version 3\n+++ version 5\n") || !strings.Contains(diff.Diff, "早上好") {
		t.Errorf("%+v", diff)
	}
	if b.do("GET", "/api/v1/flows/main/diff?from=1&to=3", "", &diff); diff.From != 1 || !strings.Contains(diff.Diff, "您好") {
		t.Errorf("%+v", diff)
	}
	var src string
	if b.do("GET", "/api/v1/flows/main?version=1", "", &src); !strings.HasPrefix(src, "id: main\n") || !strings.Contains(src, "您好") {
		t.Error(src)
	}

	// One command back, then to a named version; everything else stays.
	for _, c := range []struct{ body, want string }{{"", "早上好"}, {`{"to": 1}`, "您好"}} {
		var done ChangeDone
		b.do("POST", "/api/v1/flows/main/rollback", c.body, &done)
		newest := string(b.store.versions[len(b.store.versions)-1].Body)
		if !done.Changed || !strings.Contains(newest, c.want) || !strings.Contains(newest, "id: x") {
			t.Errorf("%s: %+v\n%s", c.body, done, newest)
		}
	}
	if row := b.store.audit[len(b.store.audit)-1]; row.Action != "centre.save" || row.By != "chen" {
		t.Errorf("audited as %+v", row)
	}
	if f := b.engine.configs[len(b.engine.configs)-1].Flows[0]; f.ID != "main" || f.Nodes[0].Play.Prompts[0].Text != "您好" {
		t.Errorf("in effect: %+v", f)
	}

	b.problem("GET", "/api/v1/flows/mian", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/flows/mian/versions", "", http.StatusNotFound, "not-found")
	b.problem("POST", "/api/v1/flows/main/rollback", `{"to": 99}`, http.StatusNotFound, "not-found")
	b.problem("POST", "/api/v1/flows/mian/rollback", "", http.StatusNotFound, "not-found")
	b.problem("POST", "/api/v1/flows/main/rollback", "", http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"3"`)
}

// A flow that was removed comes back, and one that needs what is gone is refused.
func TestRollBackOfARemovedFlow(t *testing.T) {
	b := applied(t)
	other := strings.Replace(centreDocument, "flows:\n", "flows:\n  - {id: other, nodes: [{id: bye, hangup: {}}]}\n  - {id: odd, nodes: [{id: line, enqueue: {queue: sales, next: bye, else: bye}}, {id: bye, hangup: {}}]}\n", 1)
	for _, doc := range []string{other, centreDocument} {
		b.do("PUT", "/api/v1/centre", doc, nil, "Content-Type", "application/yaml")
	}
	var history FlowHistory
	if b.do("GET", "/api/v1/flows/other/versions", "", &history); len(history.Versions) != 2 || history.Versions[0].Change != flowRemoved || history.Versions[1].Change != flowMade {
		t.Errorf("%+v", history)
	}
	var done ChangeDone
	if b.do("POST", "/api/v1/flows/other/rollback", "", &done); !done.Changed || !strings.Contains(done.Diff, "other") {
		t.Errorf("%+v", done)
	}
	var list FlowList
	if b.do("GET", "/api/v1/flows", "", &list); !slices.ContainsFunc(list.Items, func(f FlowItem) bool { return f.ID == fact.FlowID("other") }) {
		t.Errorf("%+v", list)
	}
}

// A flow that changed last long ago is found all the same, over more versions of
// the document than one look takes.
func TestRollBackOverManyVersions(t *testing.T) {
	b := applied(t)
	b.do("PUT", "/api/v1/centre", strings.Replace(centreDocument, "您好", "早上好", 1), nil, "Content-Type", "application/yaml")
	for len(b.store.versions) < 2*maxLooked+50 {
		v := b.store.versions[1]
		v.Version = int64(len(b.store.versions) + 1)
		b.store.versions = append(b.store.versions, v)
	}
	var told []int64
	for before, pages := int64(0), 0; pages == 0 || before > 0; pages++ {
		var page FlowHistory
		b.do("GET", "/api/v1/flows/main/versions?before="+strconv.FormatInt(before, 10), "", &page)
		for _, v := range page.Versions {
			told = append(told, v.Version.Version)
		}
		if before = page.Before; pages > 3 {
			t.Fatalf("page after page: %+v", page)
		}
	}
	if !slices.Equal(told, []int64{2, 1}) {
		t.Errorf("changed in %v", told)
	}
	var diff FlowDiff
	if b.do("GET", "/api/v1/flows/main/diff", "", &diff); diff.From != 1 || !strings.Contains(diff.Diff, "您好") {
		t.Errorf("%+v", diff)
	}
	var done ChangeDone
	if b.do("POST", "/api/v1/flows/main/rollback", "", &done); !done.Changed || !strings.Contains(done.Diff, "您好") {
		t.Errorf("%+v", done)
	}
}

// What is odd about a flow is told with the change that makes it so, and not
// with others.
func TestChangesTellOfOddFlows(t *testing.T) {
	b := applied(t)
	odd := strings.Replace(centreDocument, "您好", "您好，这个没办法。", 1)
	var done ChangeDone
	if b.do("PUT", "/api/v1/centre?dry_run=true", odd, &done, "Content-Type", "application/yaml"); len(done.Odd) != 2 || !strings.Contains(done.Odd[0].Message, "TAB-") || done.Odd[0].Location != "main.hello.prompts[0]" {
		t.Errorf("%+v", done.Odd)
	}
	b.do("PUT", "/api/v1/centre", odd, &done, "Content-Type", "application/yaml")
	done = ChangeDone{}
	if b.do("POST", "/api/v1/queues", `{"id": "x"}`, &done); len(done.Odd) != 0 {
		t.Errorf("%+v", done.Odd)
	}
}
