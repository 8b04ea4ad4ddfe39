package ari_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

func configOf(s *aritest.Server) ari.Config {
	return ari.Config{Name: "pbx", URL: s.URL(), App: s.App, User: s.User, Password: s.Password, Clock: clock}
}

// worst is the gravest finding of a check, or none.
func worst(findings []ari.Finding, check string) ari.Finding {
	rank := map[ari.Level]int{ari.Right: 1, ari.Warning: 2, ari.Wrong: 3}
	var w ari.Finding
	for _, f := range findings {
		if f.Check == check && rank[f.Level] > rank[w.Level] {
			w = f
		}
	}
	return w
}

func TestDiagnoseWhatIsRight(t *testing.T) {
	s := aritest.New(t, aritest.Options{Version: "22.11.0"})
	b := s.Bench(t) // adds a phone
	b.World.Phone(mediatest.Behaviour{})
	c := configOf(s)
	c.RecordingsDir = t.TempDir()
	findings := ari.Diagnose(t.Context(), c)
	for _, check := range []string{"reachable", "credentials", "version", "clock", "modules", "application", "event socket", "channelvars", "dialplan", "endpoints", "connections"} {
		if f := worst(findings, check); f.Level != ari.Right || f.Remedy != "" || f.What == "" {
			t.Errorf("%s: %+v, want it right", check, f)
		}
	}
	if f := worst(findings, "recordings"); f.Level == "" {
		t.Error("nothing is said of the recording folder")
	}
	if left := s.Channels(); len(left) > 0 {
		t.Errorf("the doctor left %v behind", left)
	}
	for _, q := range s.Requests("") {
		if strings.HasPrefix(q, "GET /events") && !strings.Contains(q, "app=huawu-doctor") {
			t.Errorf("the doctor took an application that is not its own: %s", q)
		}
	}
}

func TestDiagnoseWhatIsWrong(t *testing.T) {
	without := func(name string) []string {
		return slices.DeleteFunc(slices.Clone(ari.Modules), func(m string) bool { return m == name })
	}
	for _, c := range []struct {
		name    string
		options aritest.Options
		config  func(*ari.Config)
		fault   func(*http.Request) aritest.Fault
		check   string
		level   ari.Level
		says    []string // in what or remedy
	}{
		{name: "too old", options: aritest.Options{Version: "20.9.1"}, check: "version", level: ari.Wrong, says: []string{"20.9.1", "too old", "22.4"}},
		{name: "older point release", options: aritest.Options{Version: "22.3.0"}, check: "version", level: ari.Wrong, says: []string{"22.3.0"}},
		{name: "certified", options: aritest.Options{Version: "certified/22.8-cert1"}, check: "version", level: ari.Right, says: []string{"22.8"}},
		{name: "from the repository", options: aritest.Options{Version: "GIT-master-abc"}, check: "version", level: ari.Warning, says: []string{"GIT-master-abc"}},
		{name: "REFER", options: aritest.Options{Version: "22.10.1"}, check: "transfers", level: ari.Warning, says: []string{"blind or attended", "Refer-Sub", "22.11", "allow_transfer"}},
		{name: "module", options: aritest.Options{Modules: without("res_stasis_snoop")}, check: "modules", level: ari.Wrong, says: []string{"res_stasis_snoop", "modules.conf"}},
		{name: "optional module", options: aritest.Options{Modules: without("func_export")}, check: "prompts", level: ari.Warning, says: []string{"func_export"}},
		{name: "no volume", options: aritest.Options{Modules: without("func_volume")}, check: "volume", level: ari.Warning, says: []string{"func_volume"}},
		{name: "dialplan unknown", options: aritest.Options{Modules: without("func_dialplan")}, check: "dialplan", level: ari.Warning, says: []string{"huawu-in", "dialplan show"}},
		{name: "channelvars", options: aritest.Options{ChannelVars: []string{"HUAWU"}}, check: "channelvars", level: ari.Wrong, says: []string{"HUAWU_SINCE", "CHANNEL(hangupsource)", "channelvars = HUAWU,HUAWU_SINCE,HUAWU_HELD,CHANNEL(hangupsource)"}},
		{name: "password", config: func(c *ari.Config) { c.Password = "guessed" }, check: "credentials", level: ari.Wrong, says: []string{"ari.conf", `"huawu"`}},
		{name: "nobody", config: func(c *ari.Config) { c.URL = "http://127.0.0.1:1" }, check: "reachable", level: ari.Wrong, says: []string{"127.0.0.1:1", "http.conf"}},
		{name: "no ARI", fault: faultAt("/info", aritest.Fault{Status: 404, Body: "<html>"}), check: "reachable", level: ari.Wrong, says: []string{"res_ari", "enabled = yes"}},
		{name: "a proxy", fault: faultAt("/info", aritest.Fault{Status: 502, Body: "<html>"}), check: "reachable", level: ari.Wrong, says: []string{"502", "proxy"}},
		{name: "no socket", fault: faultAt("/events", aritest.Fault{Status: 400, Body: "no upgrade"}), check: "event socket", level: ari.Wrong, says: []string{"res_http_websocket"}},
		{name: "sessions", fault: faultAt("/ping", aritest.Fault{Status: 503, Body: ""}), check: "connections", level: ari.Wrong, says: []string{"sessionlimit"}},
		{name: "folder", config: func(c *ari.Config) { c.RecordingsDir = "/nonexistent/spool" }, check: "recordings", level: ari.Wrong, says: []string{"/nonexistent/spool", "astspooldir"}},
		{name: "no folder", check: "recordings", level: ari.Warning, says: []string{"not known here"}},
		{name: "no phone there", check: "endpoints", level: ari.Right, says: []string{"1 of 1"}},
		{name: "configuration", config: func(c *ari.Config) { c.App = "a b"; c.URL = "ftp://x" }, check: "configuration", level: ari.Wrong, says: []string{"App", `"a b"`, "URL"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := aritest.New(t, c.options)
			s.SetFault(c.fault)
			config := configOf(s)
			if c.config != nil {
				c.config(&config)
			}
			findings := ari.Diagnose(t.Context(), config)
			f := worst(findings, c.check)
			if f.Level != c.level || (f.Level == ari.Right) != (f.Remedy == "") {
				t.Fatalf("%+v, want %s %s; all: %+v", f, c.check, c.level, findings)
			}
			for _, says := range c.says {
				if !strings.Contains(f.What+f.Remedy, says) {
					t.Errorf("%+v: want it to say %q", f, says)
				}
			}
			for _, f := range findings {
				if strings.Contains(f.What+f.Remedy, "guessed") || strings.Contains(f.What+f.Remedy, s.Password) {
					t.Errorf("%+v shows a password", f)
				}
			}
		})
	}
}

func TestDiagnoseAHeldApplication(t *testing.T) {
	r := start(t, aritest.Options{})
	r.caller()
	f := worst(ari.Diagnose(t.Context(), configOf(r.server)), "application")
	if f.Level != ari.Warning || !strings.Contains(f.What, "legs in it: 1") {
		t.Errorf("%+v", f)
	}
	if n := count(r, func(media.Down) bool { return true }); n != 0 {
		t.Error("the doctor cost the controller its connection")
	}
}
