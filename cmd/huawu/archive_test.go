package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/recording"
	"github.com/huawu/huawu/store"
)

// A recording whose call has a record in the store is collected, and the chain is
// verified by command; a byte that was changed is found by its exit code.
func TestAnArchiveIsFilledAndVerified(t *testing.T) {
	s := newShell(t)
	log := slog.New(slog.DiscardHandler)
	db, err := openStore(t.Context(), store.Options{DSN: filepath.Join(t.TempDir(), "huawu.db")}, log, func() func() { return func() {} })
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	batch := fact.Batch{Epoch: "e", Seq: 1, Records: []fact.Record{{Tenant: fact.DefaultTenant, Call: "c-e-1", Direction: fact.Inbound, Began: 1, Ended: 2}}}
	if err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	folder, dir := t.TempDir(), filepath.Join(t.TempDir(), "archive")
	audio := "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x04\x00\x00\x00\x01\x00\x02\x00"
	aged := time.Now().Add(-time.Minute)
	for _, name := range []string{"c-e-1-1-in.wav", "c-e-2-1-in.wav"} { // nobody knows the second call
		path := filepath.Join(folder, "2026/11/30", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(audio), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, aged, aged); err != nil {
			t.Fatal(err)
		}
	}
	c := &Config{Recordings: RecordingsConfig{Dir: dir}, Switches: []SwitchConfig{{Name: "pbx", Recordings: folder}}}
	tapes := c.openArchive(db, log)
	defer tapes.close()
	if err := tapes.Pass(t.Context()); err != nil || tapes.archive.Count() != 1 || tapes.Waiting() != 1 {
		t.Fatalf("%d kept, %d waiting, %v", tapes.archive.Count(), tapes.Waiting(), err)
	}
	f, err := tapes.Open("2026/11/30/c-e-1-1")
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	out, _, code := s.run("recording", "verify", "--dir", dir)
	if code != exitOK || !strings.Contains(out, "1 entries, 1 files, 0 things wrong") {
		t.Errorf("%d %s", code, out)
	}
	path := filepath.Join(dir, "2026/11/30/c-e-1-1.wav")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, code := s.run("recording", "verify", "--dir", dir); code != exitFailed || !strings.Contains(out, "2026/11/30/c-e-1-1.wav: its content is another one") {
		t.Errorf("%d %s", code, out)
	}
	if _, told, code := s.run("recording", "verify", "--dir", folder); code == exitOK || !strings.Contains(told, "holds no archive") {
		t.Errorf("%d %s", code, told)
	}
	if _, err := recording.Verify(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

// What is kept is listed, fetched, protected and looked through by command.
func TestKeptRecordingsByCommand(t *testing.T) {
	var got []string
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		path := strings.TrimPrefix(r.URL.Path, "/api/v1")
		got = append(got, r.Method+" "+path+" "+string(body))
		w.Header().Set("Content-Type", "application/json")
		text := `{"call": "c1", "protected": true, "recordings": [{"n": 1, "ms": 61000, "kind": "call", "kept": true}]}`
		switch {
		case strings.HasSuffix(path, "/recordings/2"):
			text = "audio"
		case strings.HasSuffix(path, "/gaps"):
			text = `{"calls": 3, "whole": 2, "coverage": 99.5, "gaps": [{"call": "c2", "talk_ms": 9000, "recorded_ms": 4000, "reason": "short"}]}`
		}
		_, _ = io.WriteString(w, text)
	}))
	defer answers.Close()
	defer http.DefaultClient.CloseIdleConnections()
	s := newShell(t)
	token := s.write("token", "ops secret admin\n")
	file := filepath.Join(t.TempDir(), "talk.wav")
	for _, c := range []struct {
		line, want, shows string
		code              int
	}{
		{"recording list c1", "GET /calls/c1/recordings ", "call", exitOK},
		{"recording get c1 2 -f " + file, "GET /calls/c1/recordings/2 ", "", exitOK},
		{"recording get c1 2 -f -", "GET /calls/c1/recordings/2 ", "audio", exitOK},
		{"recording protect c1 --note 投诉", `POST /calls/c1/protect {"note":"投诉"}`, "are protected", exitOK},
		{"recording unprotect c1 --note 结案", `POST /calls/c1/unprotect {"note":"结案"}`, "protected", exitOK},
		{"recording gaps --from 2h", "GET /recordings/gaps ", "2 of 3 calls are recorded whole, 99.500 % of the talk", exitFailed},
		{"recording get c1 x -f -", "", "", exitUsage},
		{"recording get c1", "", "", exitUsage},
		{"recording protect c1", "", "", exitUsage},
	} {
		got = nil
		out, told, code := s.run(append(strings.Fields(c.line), "--server", answers.URL, "--token-file", token)...)
		if code != c.code || strings.Join(got, "") != c.want || !strings.Contains(out, c.shows) {
			t.Errorf("%s: %d %q %q %s, want %d %q", c.line, code, got, out, told, c.code, c.want)
		}
	}
	if b, err := os.ReadFile(file); string(b) != "audio" || err != nil {
		t.Errorf("written %q, %v", b, err)
	}
}

func TestWhereRecordingsMayBeKept(t *testing.T) {
	pbx := []SwitchConfig{{Name: "pbx", Recordings: "/var/spool/asterisk/recording"}}
	for _, c := range []struct {
		is       RecordingsConfig
		switches []SwitchConfig
		wrong    int
	}{
		{RecordingsConfig{}, nil, 0},
		{RecordingsConfig{Dir: "/var/lib/huawu/archive", Keep: 180 * day}, pbx, 0},
		{RecordingsConfig{Dir: "/var/lib/huawu/archive"}, []SwitchConfig{{Name: "pbx"}}, 1},
		{RecordingsConfig{Dir: "/var/spool/asterisk/recording/kept"}, pbx, 1},
		{RecordingsConfig{Dir: "/var/spool/asterisk"}, pbx, 1},
		{RecordingsConfig{Dir: "/a", Keep: time.Hour}, pbx, 1},
		{RecordingsConfig{Keep: 180 * day}, pbx, 1},
	} {
		wrong := 0
		c.is.validate(c.switches, func(field, what, remedy string) { wrong++ })
		if wrong != c.wrong {
			t.Errorf("%+v: %d things wrong, want %d", c.is, wrong, c.wrong)
		}
	}
}

// TestABrokenArchiveKeepsNobodyFromCalling: calls are served without it, and
// readiness says what is to be mended.
func TestABrokenArchiveKeepsNobodyFromCalling(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chain.jsonl"), []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &Config{Recordings: RecordingsConfig{Dir: dir}}
	tapes := c.openArchive(nil, slog.New(slog.DiscardHandler))
	archive, gauges, troubles := tapes.options()
	if got := troubles(); archive != nil || gauges != nil || len(got) != 1 || !strings.Contains(got[0], "entry 1") {
		t.Errorf("%v %v %q", archive, gauges, got)
	}
	tapes.run(t.Context()) // there is nothing to do
	if err := tapes.close(); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "chain.jsonl")); err != nil || string(b) != "{}\n" {
		t.Errorf("the chain was touched: %q %v", b, err)
	}
}
