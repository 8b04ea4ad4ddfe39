package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/ari"
)

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	s := newShell(t)
	t.Setenv("HUAWU_TEST_PASSWORD", "secret")
	denies := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"message": "Authentication required"}`, http.StatusUnauthorized)
	}))
	defer denies.Close()
	config := s.write("huawu.yaml", strings.Replace(strings.ReplaceAll(configText, "DIR", s.dir), "  - {name", `  - {name: strict, url: "`+denies.URL+`", password_env: HUAWU_TEST_PASSWORD}
  - {name`, 1))
	out, errs, code := s.run("doctor", "--config", config)
	if code != exitFailed || errs != "" {
		t.Errorf("exit %d, %q", code, errs)
	}
	for _, line := range []string{
		"huawu\n  ✓ configuration: " + config, "! tokens: ", "! speech: ", "no huawu runs at 127.0.0.1:0",
		"switch strict\n  ✓ reachable", "✗ credentials: ", "switch pbx\n  ✗ reachable: ", "      → start Asterisk", " 2 wrong",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("doctor lacks %q:\n%s", line, out)
		}
	}
	if strings.Contains(out, "secret") {
		t.Errorf("the password is told:\n%s", out)
	}
	var found []finding
	out, _, code = s.run("doctor", "--config", config, "-o", "json")
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != exitFailed {
		t.Fatalf("exit %d, %v", code, err)
	}
	if !slices.ContainsFunc(found, func(f finding) bool { return f.Subject == "switch pbx" && f.Level == ari.Wrong && f.Remedy != "" }) {
		t.Errorf("findings: %+v", found)
	}
	password := s.write("password", "secret")
	if out, _, code = s.run("doctor", "--url", denies.URL, "--password-file", password, "--lang", "zh"); code != exitFailed ||
		!strings.Contains(out, "switch asterisk") || !strings.Contains(out, "错误 1 项") || strings.Contains(out, "configuration") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if out, _, code = s.run("doctor", "--config", s.write("wrong.yaml", "lisen: x\n")); code != exitFailed || !strings.Contains(out, "✗ configuration: ") {
		t.Errorf("exit %d:\n%s", code, out)
	}

	for _, c := range []struct{ text, want string }{
		{"", "! centre: open "}, {"zone: Asia/Shanghai\n", "✓ centre: "}, {"zone: Nowhere\n", `"Nowhere" is no time zone`},
	} {
		path := filepath.Join(s.dir, "first.yaml")
		if c.text != "" {
			s.write("first.yaml", c.text)
		}
		config := s.write("huawu.yaml", strings.ReplaceAll(configText, "DIR", s.dir)+"centre: "+path+"\n")
		if out, _, _ = s.run("doctor", "--config", config); !strings.Contains(out, c.want) {
			t.Errorf("a centre %q: doctor lacks %q:\n%s", c.text, c.want, out)
		}
	}

	r := boot(t, "")
	out, _, _ = r.run("doctor")
	for _, line := range []string{"✓ service: huawu at " + r.config.Listen + " is ready", "✓ data directory", "✓ tokens: 1 in"} {
		if !strings.Contains(out, line) {
			t.Errorf("doctor lacks %q:\n%s", line, out)
		}
	}
}
