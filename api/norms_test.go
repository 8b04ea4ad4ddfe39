package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/norms"
)

func init() {
	samples["PUT /api/v1/norms/:id"] = sample{"/api/v1/norms/RUL-HLD-4", `{"mode": "measure", "values": {"hard": "40s"}}`, 1}
}

func TestNormsAreListedAndShown(t *testing.T) {
	b := applied(t)
	var all NormList
	res := b.do("GET", "/api/v1/norms", "", &all)
	if len(all.Items) != 97 || all.Version != 1 || res.Header.Get("ETag") != `"1"` {
		t.Errorf("%d norms, version %d", len(all.Items), all.Version)
	}
	for query, want := range map[string]int{"chapter=HLD": 9, "chapter=HLD&queue=sales": 9, "status=waits&chapter=SHF": 11, "mode=off": 5, "chapter=NIX": 0} {
		if b.do("GET", "/api/v1/norms?"+query, "", &all); len(all.Items) != want {
			t.Errorf("%s: %d norms, want %d", query, len(all.Items), want)
		}
	}
	// What other fields of the document say is shown where they say it.
	var one NormShown
	b.do("GET", "/api/v1/norms/RUL-ANS-1?queue=sales", "", &one)
	if one.Mode != norms.Enforce || one.ModeFrom != norms.OfRule || one.By != "routing" || len(one.Values) != 4 {
		t.Errorf("%+v", one)
	}
	if limit := one.Values[3]; limit.Name != "ring_limit" || limit.Is != "15s" || limit.From != norms.OfRoom || limit.Where != "queues[].ring" {
		t.Errorf("%+v", limit)
	}
	if p := b.problem("GET", "/api/v1/norms/RUL-ANS-11", "", http.StatusNotFound, "not-found"); !strings.Contains(p.Detail, "known here are 97") {
		t.Error(p.Detail)
	}
	b.problem("GET", "/api/v1/norms?queue=nix", "", http.StatusNotFound, "not-found")
	b.problem("GET", "/api/v1/norms?status=nix", "", http.StatusUnprocessableEntity, "invalid")
}

// What makes no difference yet is saved, and nobody is left to think that it does.
func TestNormsThatMakeNoDifference(t *testing.T) {
	b := applied(t)
	for _, c := range []struct{ id, body, want string }{
		{"RUL-OUT-9", `{"mode": "warn", "values": {"within": "20s", "attempts": "3"}}`, "norms[0].values.attempts: attempts of RUL-OUT-9 has no effect yet"},
		{"RUL-TRF-4", `{"mode": "warn", "values": {"timeout": "20s"}}`, "norms[1].mode: the mode of RUL-TRF-4 makes no difference: it waits for console\n" +
			"norms[1].values.timeout: timeout of RUL-TRF-4 has no effect yet: it waits for console"},
		{"RUL-ESC-2", `{"mode": "off"}`, "norms[2].mode: the mode of RUL-ESC-2 makes no difference: it is kept by scenes"},
		{"RUL-HLD-4", `{"mode": "warn", "values": {"soft": "5s"}}`, ""}, // and the others are not told again
	} {
		var done ChangeDone
		b.do("PUT", "/api/v1/norms/"+c.id, c.body, &done)
		var got []string
		for _, f := range done.Odd {
			got = append(got, f.Location+": "+f.Message)
		}
		if strings.Join(got, "\n") != c.want || !done.Changed {
			t.Errorf("%s: %q, want %q", c.id, got, c.want)
		}
	}
	for id, want := range map[string][]bool{"RUL-OUT-9": {false, false, true}, "RUL-TRF-4": {true, true}, "RUL-ESC-2": {true, true, true, false, false}, "RUL-ANS-2": {true, false}} {
		var one NormShown
		b.do("GET", "/api/v1/norms/"+id, "", &one)
		got := []bool{one.ModeIdle}
		for _, v := range one.Values {
			got = append(got, v.Idle)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: idle %v, want %v", id, got, want)
		}
	}
}

func TestNormsAreSet(t *testing.T) {
	b := applied(t)
	var done ChangeDone
	b.do("PUT", "/api/v1/norms/RUL-HLD-4", `{"mode": "measure", "values": {"hard": "40s"}}`, &done)
	if done.Version != 2 || !strings.Contains(done.Diff, "hard: 40s") {
		t.Errorf("%+v", done)
	}
	b.do("PUT", "/api/v1/norms/RUL-HLD-4?queue=sales", `{"values": {"soft": "5s"}}`, &done)
	var one NormShown
	b.do("GET", "/api/v1/norms/RUL-HLD-4?queue=sales", "", &one)
	if one.Mode != norms.Measure || one.ModeFrom != norms.OfTenant || one.Values[0].Is != "5s" || one.Values[0].From != norms.OfQueue || one.Values[1].Is != "40s" || one.Own.Values["soft"] != "5s" {
		t.Errorf("%+v", one)
	}
	one = NormShown{}
	if b.do("GET", "/api/v1/norms/RUL-HLD-4", "", &one); one.Own.Mode != norms.Measure || len(one.Queues) != 1 || one.Queues[0].Queue != "sales" {
		t.Errorf("%+v", one)
	}
	if c := b.engine.configs[len(b.engine.configs)-1]; len(c.Norms) != 2 {
		t.Errorf("%+v", c.Norms)
	}
	var history NormHistory
	b.do("GET", "/api/v1/norms/RUL-HLD-4/versions", "", &history)
	if len(history.Versions) != 2 || history.Versions[0].Version.Version != 3 || len(history.Versions[0].Settings) != 2 || history.Versions[1].Settings[0].Mode != norms.Measure || history.Versions[1].By != "chen" {
		t.Errorf("%+v", history)
	}
	// What says nothing is taken away.
	b.do("PUT", "/api/v1/norms/RUL-HLD-4?queue=sales", `{}`, &done)
	b.do("PUT", "/api/v1/norms/RUL-HLD-4", `{}`, &done)
	history = NormHistory{}
	if b.do("GET", "/api/v1/norms/RUL-HLD-4/versions", "", &history); len(history.Versions) != 4 || len(history.Versions[0].Settings) != 0 {
		t.Errorf("%+v", history)
	}
	b.problem("GET", "/api/v1/norms/RUL-HLD-44/versions", "", http.StatusNotFound, "not-found")
	var text string
	if b.do("GET", "/api/v1/centre?format=yaml", "", &text); strings.Contains(text, "norms") {
		t.Error(text)
	}
	b.problem("PUT", "/api/v1/norms/RUL-HLD-4?queue=nix", `{}`, http.StatusNotFound, "not-found")
	b.problem("PUT", "/api/v1/norms/RUL-HLD-44", `{}`, http.StatusNotFound, "not-found")
	b.problem("PUT", "/api/v1/norms/RUL-HLD-4", `{"mode": "on"}`, http.StatusUnprocessableEntity, "invalid")
	b.problem("PUT", "/api/v1/norms/RUL-HLD-4", `{}`, http.StatusPreconditionFailed, "precondition-failed", "If-Match", `"1"`)
	if p := b.problem("PUT", "/api/v1/norms/RUL-HLD-4", `{"values": {"hard": "1h"}}`, http.StatusUnprocessableEntity, "invalid"); p.Detail != `"1h" is wrong: write a duration from 2s to 5m` || p.Errors[0].Location != "body.values.hard" {
		t.Errorf("%+v", p)
	}
	if p := b.problem("PUT", "/api/v1/norms/RUL-ANS-1", `{"values": {"ring_limit": "20s"}}`, http.StatusUnprocessableEntity, "invalid"); !strings.Contains(p.Detail, "set queues[].ring of the document") {
		t.Error(p.Detail)
	}
}

// In the document they are checked with line and remedy.
func TestNormsOfADocumentAreChecked(t *testing.T) {
	b := setup(t)
	p := b.problem("PUT", "/api/v1/centre", centreDocument+"norms:\n- {rule: RUL-HLD-2, mode: warn}\n- {rule: RUL-HLD-3, queue: nix, mode: quiet, values: {offer_callback: 180}}\n",
		http.StatusUnprocessableEntity, "invalid-document", "Content-Type", "application/yaml")
	var got []string
	for _, f := range p.Errors {
		got = append(got, f.Location+" "+f.Remedy)
	}
	for _, want := range []string{"name one of the centre's queues, or none", "write off, measure, warn or enforce", "write a duration from 10s to 1h"} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func TestTheBoardOfBrokenNorms(t *testing.T) {
	b := applied(t)
	b.engine.view.Broken = []center.BrokenNorm{
		{Breach: norms.Breach{Subject: norms.Subject{Rule: "RUL-HLD-7", Call: "c1", Queue: "sales", Agent: "1001"}, Amounts: norms.Amounts{Value: 120_000, Limit: 120_000}, Mode: norms.Warn}, Lasted: 500},
		{Breach: norms.Breach{Subject: norms.Subject{Rule: "RUL-LEV-1", Agent: "1002"}}},
	}
	for query, want := range map[string]int{"": 2, "?agent=1001": 1, "?queue=sales": 1, "?rule=RUL-LEV-1": 1, "?agent=1009": 0} {
		var all BrokenNorms
		if b.do("GET", "/api/v1/norms/broken"+query, "", &all); len(all.Items) != want || all.Cursor == "" {
			t.Errorf("%s: %+v", query, all)
		}
	}
	var text string
	if b.do("GET", "/metrics", "", &text); !strings.Contains(text, `huawu_norms_broken{rule="RUL-HLD-7",tenant="default"} 1`) {
		t.Error("no huawu_norms_broken")
	}
}
