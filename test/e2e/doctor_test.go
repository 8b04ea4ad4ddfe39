//go:build asterisk

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huawu/huawu/test/pbx"
)

// lineOf is the line that begins with a mark and a check, with its remedy.
func lineOf(out, mark, check string) (what, remedy string) {
	lines := strings.Split(out, "\n")
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(l), mark+" "+check+": "); ok {
			for _, next := range lines[i+1:] {
				next = strings.TrimSpace(next)
				if r, ok := strings.CutPrefix(next, "→ "); ok {
					return rest, r
				}
				if strings.HasPrefix(next, "✓") || strings.HasPrefix(next, "✗") || strings.HasPrefix(next, "!") {
					break
				}
			}
			return rest, ""
		}
	}
	return "", ""
}

// An Asterisk that was set up by what huawu prints is found to be right, while
// huawu works with it.
func TestDoctorFindsAllRight(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	code, out := runs(t, nil, "doctor", "--config", h.ConfigFile())
	if code != 0 || strings.Contains(out, "✗") || !strings.Contains(out, "✓") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	for _, check := range []string{"configuration", "reachable", "credentials", "version", "modules"} {
		if what, _ := lineOf(out, "✓", check); what == "" {
			t.Errorf("no ✓ %s in:\n%s", check, out)
		}
	}
	// It has left nothing behind and disturbed nobody.
	h.atRest()
	if err := h.Ready(h.ctx()); err != nil {
		t.Error(err)
	}
	c := h.calls(h.caller("13800000001"), direct)
	h.hears(c, pbx.MusicTone)
	if code, out := runs(t, nil, "doctor", "--config", h.ConfigFile()); code != 0 {
		t.Errorf("with a call: exit code %d:\n%s", code, out)
	}
	h.lines("sales", "13800000001")
	c.Hangup()
	h.atRest()
}

// What is wrong is named, with the line that mends it.
func TestDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := pbx.Open(t, pbx.Options{Files: map[string]string{"ari.conf": "\n[general](+)\nchannelvars = NOTHING\n"}})
	dir := t.TempDir()
	password := func(text string) string {
		path := filepath.Join(dir, "password-"+text[:4])
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	url, good := strings.TrimSuffix(p.ARI(), "/ari"), password(p.Password())
	doctor := func(url, passwordFile, check string, remedy ...string) {
		t.Helper()
		code, out := runs(t, nil, "doctor", "--url", url, "--password-file", passwordFile, "--recordings", p.Recordings())
		what, mend := lineOf(out, "✗", check)
		if code != exitFound || what == "" || mend == "" {
			t.Errorf("exit code %d, want %d; ✗ %s: %q → %q in:\n%s", code, exitFound, check, what, mend, out)
		}
		says(t, mend, remedy...)
	}
	doctor(url, good, "channelvars", "channelvars", "ari.conf", "HUAWU")
	doctor(url, password("wrong-one"), "credentials", "ari.conf")
	doctor("http://127.0.0.1:1", good, "reachable", "http.conf")
	doctor(aged(t, url, p.Program().Version), good, "version", "22.4")
}

// aged is the same Asterisk, said to be of another time.
func aged(t *testing.T, target, version string) string {
	t.Helper()
	u, err := url.Parse(target)
	must(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(u) },
		ModifyResponse: func(r *http.Response) error {
			if !strings.HasSuffix(r.Request.URL.Path, "/asterisk/info") {
				return nil
			}
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			text := strings.ReplaceAll(string(b), version, "20.5.1")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
			r.Header.Del("Content-Length")
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}
