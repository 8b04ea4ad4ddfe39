package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/norms"
)

// Who lists versions is told how to see older ones.
func TestOlderVersionsAreNamed(t *testing.T) {
	s := newShell(t)
	tokens := s.write("token", "0123456789abcdef\n")
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id": "x", "versions": [], "before": 251}`)
	}))
	defer answers.Close()
	for _, line := range [][]string{{"norm", "versions", "hld-7"}, {"flow", "history", "main"}} {
		if out := s.ok(append(line, "--server", answers.URL, "--token-file", tokens)...); !strings.Contains(out, "older ones: --before 251") {
			t.Errorf("%v:\n%s", line, out)
		}
	}
}

func TestNorms(t *testing.T) {
	r := boot(t, "")
	for _, c := range []struct {
		line []string
		want string
	}{
		{[]string{"norm", "list"}, "RUL-ANS-1   Inbound answered within 3 rings"},
		{[]string{"norm", "list", "--lang", "zh"}, "RUL-ANS-1   来电三声内接听"},
		{[]string{"norm", "list", "--lang", "zh", "--status", "waits"}, "待 质检"},
		{[]string{"norm", "list", "--chapter", "trf", "--full"}, "blind=deny agents=false"},
		{[]string{"norm", "show", "hld-7"}, "apology   2m"},
		{[]string{"norm", "show", "RUL-ANS-1", "--lang", "zh"}, "默认 queues[].ring"},
		{[]string{"norm", "set", "hld-7", "--mode", "measure", "--value", "apology=90s", "--value", "warn=80s"}, "+    apology: 90s"},
		{[]string{"norm", "set", "RUL-HLD-7", "--queue", "sales", "--value", "warn=1m"}, "+  queue: sales"},
		{[]string{"norm", "show", "hld-7", "--queue", "sales"}, "measure (tenant)"},
		{[]string{"norm", "show", "hld-7"}, "Otherwise in  sales"},
		{[]string{"norm", "set", "hld-7", "--value", "warn=70s"}, "version 4 is in effect"},
		{[]string{"norm", "set", "hld-7", "--queue", "sales", "--reset"}, "-  queue: sales"},
		{[]string{"norm", "versions", "hld-7", "--lang", "zh"}, "统计 apology=90s warn=70s; sales: warn=1m"},
		{[]string{"norm", "set", "out-9", "--value", "attempts=3"}, "odd: attempts of RUL-OUT-9 has no effect yet"},
		{[]string{"norm", "show", "out-9"}, "tenant, no effect"},
		{[]string{"norm", "show", "trf-4", "--lang", "zh"}, "强制 (默认, 不起作用)"},
		{[]string{"norm", "broken"}, "Norm"},
		{[]string{"norm", "counts", "ans-1", "--from", "24h"}, "Half-hour"},
		{[]string{"norm", "figures", "--norm", "ans-1", "--to", "2026-11-22"}, "Kept %"},
		{[]string{"norm", "figures", "--by", "agent", "--lang", "zh"}, "遵守率 %"},
	} {
		if out := r.ok(c.line...); !strings.Contains(out, c.want) {
			t.Errorf("%s lacks %q:\n%s", strings.Join(c.line, " "), c.want, out)
		}
	}
	var one api.NormShown
	if r.json(&one, "norm", "show", "hld-7"); one.Mode != norms.Measure || one.Own.Values["apology"] != "90s" || one.Own.Values["warn"] != "70s" {
		t.Errorf("%+v", one)
	}
	r.fails(exitUsage, []string{"--mode"}, "norm", "set", "hld-7")
	r.fails(exitUsage, []string{"--value name=value"}, "norm", "set", "hld-7", "--value", "warn")
	r.fails(exitUsage, []string{"each name once"}, "norm", "set", "hld-7", "--value", "warn=1m", "--value", "warn=2m")
	r.fails(exitInvalid, []string{"write a duration from 1s to 1h"}, "norm", "set", "hld-7", "--value", "apology=100ms")
	r.fails(exitNotFound, []string{"RUL-HLD-77"}, "norm", "show", "hld-77")
}
