package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What goes on around a talk is seen by operators, in both languages.
func TestCallsShowParkHoldAndConsult(t *testing.T) {
	const calls = `{"id": "c1", "state": "parked", "parked": {"slot": 701, "by": "1001", "since": 1000, "until": 2000}},
		{"id": "c2", "state": "held", "held": 1000, "held_long": true, "query": 2000, "consult": {"by": "1001", "to": {"queue": "support"}, "state": "waiting"}}`
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/calls") {
			_, _ = io.WriteString(w, `{"calls": [`+calls+`]}`)
			return
		}
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		one := strings.Split(calls, "},\n\t\t")
		body := one[0] + "}"
		if id == "c2" {
			body = one[1]
		}
		_, _ = io.WriteString(w, `{"live": `+body+`}`)
	}))
	defer answers.Close()
	defer http.DefaultClient.CloseIdleConnections()
	s := newShell(t)
	token := s.write("token", "ops secret admin\n")
	for _, c := range []struct {
		line  string
		shows []string
	}{
		{"call list", []string{"parked 701", "held · too long"}},
		{"call list --lang zh", []string{"驻留 701", "保持 · 过久"}},
		{"call show c1", []string{"Slot", "701", "Parked by", "1001", "Until"}},
		{"call show c2", []string{"On hold since", "Too long", "yes", "Looks up since", "queue support", "waiting"}},
		{"call show c1 --lang zh", []string{"驻留位", "驻留人"}},
	} {
		out, errs, code := s.run(append(strings.Fields(c.line), "--server", answers.URL, "--token-file", token)...)
		for _, want := range c.shows {
			if code != exitOK || !strings.Contains(out, want) {
				t.Errorf("huawu %s: exit %d, no %q in\n%s%s", c.line, code, want, out, errs)
			}
		}
	}
}
