package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/store"
)

// configText is a configuration that is right.
const configText = `data_dir: DIR/data
listen: 127.0.0.1:0
switches:
  - {name: pbx, url: "http://127.0.0.1:1", password_env: HUAWU_TEST_PASSWORD}
prompts: {espeak: none}
`

func TestConfigurationsThatAreWrong(t *testing.T) {
	s := newShell(t)
	t.Setenv("HUAWU_TEST_PASSWORD", "secret")
	t.Setenv("HUAWU_TEST_DSN", "mysql://root:hunter2@db/x")
	right := strings.ReplaceAll(configText, "DIR", s.dir)
	if out := s.ok("config", "check", s.write("huawu.yaml", right)); !strings.Contains(out, "is right") {
		t.Errorf("a right one: %s", out)
	}
	for _, c := range []struct {
		old, new string
		code     int
		says     []string
	}{
		{"listen:", "lisen:", exitInvalid, []string{"huawu.yaml:2:1: lisen", `did you mean "listen"?`}},
		{"{name: pbx,", "{name: pbx, pasword_file: x,", exitInvalid, []string{"huawu.yaml:4:", "pasword_file", `did you mean "password_file"?`}},
		{"127.0.0.1:0", "8080", exitInvalid, []string{"huawu.yaml:2:9: listen", `"8080" is no address`, "127.0.0.1:8080"}},
		{"127.0.0.1:0", "[]", exitInvalid, []string{"huawu.yaml:2:9: listen", "a list"}},
		{"prompts:", "log: {level: loud, format: xml}\nprompts:", exitInvalid, []string{"log.level", `"loud"`, "debug, info", "log.format", `"xml"`}},
		{"prompts:", "store: {sqlite: x, postgres_env: Y}\nprompts:", exitInvalid, []string{"huawu.yaml:5:", "store", "2 databases", "exactly one"}},
		{"prompts:", "drain: 5\nprompts:", exitInvalid, []string{"drain", "5s"}},
		{"prompts:", "journal: {bytes: -1}\nprompts:", exitInvalid, []string{"huawu.yaml:5:18: journal.bytes", "-1 is below 0"}},
		{"url: \"http://127.0.0.1:1\",", "", exitInvalid, []string{"switches[0].url", "http://127.0.0.1:8088"}},
		{"{name: pbx,", "{type: freeswitch, name: pbx,", exitInvalid, []string{"switches[0].type", `"freeswitch"`, "asterisk"}},
		{", password_env: HUAWU_TEST_PASSWORD", "", exitInvalid, []string{"switches[0]", "password_file"}},
		{"HUAWU_TEST_PASSWORD", "HUAWU_TEST_NIX", exitFailed, []string{"switch pbx", "HUAWU_TEST_NIX is not set"}},
		{"password_env: HUAWU_TEST_PASSWORD", "password_file: /nix", exitInvalid, []string{"switch pbx", "/nix"}},
		{"prompts:", "store: {postgres_env: HUAWU_TEST_DSN}\nprompts:", exitFailed, []string{"the store's DSN", "postgres://"}},
		{"  - {name", "  - {name: pbx, url: \"http://x\", password_env: X}\n  - {name", exitInvalid, []string{"switches[1].name", "twice"}},
		{"switches:\n", "switches: []\nx_switches:\n", exitInvalid, []string{"x_switches"}},
		{"data_dir: ", "data_dir: \"", exitInvalid, []string{"huawu.yaml:"}},
	} {
		path := s.write("huawu.yaml", strings.Replace(right, c.old, c.new, 1))
		s.fails(c.code, c.says, "config", "check", path)
		_, errs, _ := s.run("config", "check", path)
		if strings.Contains(errs, "hunter2") {
			t.Errorf("%s: the password is told: %s", c.new, errs)
		}
	}
	s.fails(exitInvalid, []string{"no such file"}, "serve", "--config", filepath.Join(s.dir, "nix.yaml"))
	// Commands that ask huawu tell it too, rather than miss a token at the default place.
	s.fails(exitInvalid, []string{"nix.yaml", "no such file"}, "queue", "list", "--config", filepath.Join(s.dir, "nix.yaml"))
	s.fails(exitInvalid, []string{"lisen", "listen"}, "queue", "list", "--config", s.write("wrong.yaml", strings.Replace(right, "data_dir:", "lisen: x\ndata_dir:", 1)))
	t.Chdir(s.dir)
	if err := os.Remove("huawu.yaml"); err != nil {
		t.Fatal(err)
	}
	s.fails(exitInvalid, []string{"no configuration", "--config", "/etc/huawu/huawu.yaml"}, "serve")
}

// TestTheConfigurationInTheDocsIsRight reads the example of docs/operations.md.
func TestTheConfigurationInTheDocsIsRight(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(docs), "```yaml\n")
	text, _, found := strings.Cut(text, "```")
	if !found {
		t.Fatal("no example in docs/operations.md")
	}
	s := newShell(t)
	c, err := loadConfig(s.write("huawu.yaml", text))
	if err != nil {
		t.Fatal(err)
	}
	if c.Switches[0].Timeout != 5*time.Second || c.Journal.Age != 7*24*time.Hour || c.Drain != 5*time.Minute {
		t.Errorf("%+v", c)
	}
}

func TestErrorsOfTheStoreKeepTheirWords(t *testing.T) {
	err := told(fmt.Errorf("save: %w: version 3", store.ErrConflict))
	if !errors.Is(err, api.ErrConflict) || !errors.Is(err, store.ErrConflict) || err.Error() != "save: conflict: version 3" {
		t.Errorf("%v", err)
	}
	if other := errors.New("x"); told(other) != other || told(nil) != nil {
		t.Error("other errors are as they were")
	}
}

func TestServeThatCannotStart(t *testing.T) {
	s := newShell(t)
	t.Setenv("HUAWU_TEST_PASSWORD", "secret")
	right := strings.ReplaceAll(configText, "DIR", s.dir)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := s.write("taken.yaml", strings.Replace(right, "127.0.0.1:0", l.Addr().String(), 1))
	s.fails(exitConflict, []string{l.Addr().String(), "address already in use"}, "serve", "--config", taken)

	centre := s.write("centre.yaml", strings.Replace(centreText, "flow: main", "flow: mian", 1))
	if out := s.ok("flow", "check", s.write("zone.yaml", "zone: Asia/Shanghai\n")); !strings.Contains(out, "zone.yaml is right") {
		t.Errorf("a centre without flows: %q", out)
	}
	broken := s.write("broken.yaml", right+"centre: "+centre+"\n")
	s.fails(exitInvalid, []string{centre + ":2:", `no flow "mian"`, "main"}, "serve", "--config", broken)

	tokens := s.write("tokens", "short\n")
	s.fails(exitInvalid, []string{tokens + ":1", "at least 16"}, "serve", "--config", s.write("t.yaml", right+"token_file: "+tokens+"\n"))
	s.fails(exitInvalid, []string{"switch pbx", "URL"}, "serve", "--config",
		s.write("u.yaml", strings.Replace(right, "http://127.0.0.1:1", "ftp://x", 1)))
	s.fails(exitDenied, []string{"store"}, "serve", "--config",
		s.write("s.yaml", right+"store: {sqlite: "+filepath.Join(s.dir, "no", "such", "folder.db")+"}\n"))
}

func TestTwoOnOneDataDirectory(t *testing.T) {
	r := boot(t, "")
	text, err := os.ReadFile(r.config.file)
	if err != nil {
		t.Fatal(err)
	}
	other := r.write("other.yaml", strings.Replace(string(text), r.config.Listen, freePort(t), 1))
	(&shell{t: t}).fails(exitConflict, []string{"in use"}, "serve", "--config", other)
}

func TestASwitchThatDoesNotAnswerOrDoesNotLetUsIn(t *testing.T) {
	denies := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"message": "Authentication required"}`, http.StatusUnauthorized)
	}))
	defer denies.Close()
	for name, c := range map[string]struct{ url, says string }{
		"unreachable": {"http://127.0.0.1:1", "connection refused"},
		"denied":      {denies.URL, "user or password refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			t.Setenv("HUAWU_TEST_PASSWORD", "secret")
			text := strings.ReplaceAll(configText, "DIR", s.dir)
			listen := freePort(t)
			text = strings.Replace(strings.Replace(text, "127.0.0.1:0", listen, 1), "http://127.0.0.1:1", c.url, 1)
			config, err := loadConfig(s.write("huawu.yaml", text))
			if err != nil {
				t.Fatal(err)
			}
			log, ended := new(lockedBuffer), make(chan error, 1)
			ctx, cancel := context.WithCancel(context.Background())
			a := &app{err: log, out: log, exit: func(int) {}, drivers: (*Config).switches, say: printer("en")}
			go func() { ended <- a.serve(ctx, config, nil) }()
			r := &running{shell: s, log: log, config: config}
			r.until("the switch's trouble is told", func() bool {
				return r.probe("/readyz") == http.StatusServiceUnavailable && strings.Contains(log.String(), c.says)
			})
			if strings.Contains(log.String(), "secret") {
				t.Errorf("the password is told:\n%s", log)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("serve: %v", err)
			}
		})
	}
}

func TestAStoreThatIsAwayDoesNotKeepCallsWaiting(t *testing.T) {
	t.Setenv("HUAWU_TEST_DSN", "postgres://huawu:hunter2@127.0.0.1:1/huawu?connect_timeout=1")
	s := newShell(t)
	t.Setenv("HUAWU_TEST_PASSWORD", "secret")
	listen := freePort(t)
	text := strings.Replace(strings.ReplaceAll(configText, "DIR", s.dir), "127.0.0.1:0", listen, 1)
	config, err := loadConfig(s.write("huawu.yaml", text+"store: {postgres_env: HUAWU_TEST_DSN}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{shell: s, config: config}
	r.env = []string{"--config", config.file}
	r.pbx = mediatest.NewFake("pbx", mediatest.Options{})
	r.start()
	defer r.stop()
	r.until("huawu serves", func() bool { return r.probe("/healthz") == http.StatusOK })
	r.ok("queue", "list")
	r.fails(exitBusy, []string{"away"}, "call", "list", "--ended")
	r.fails(exitBusy, []string{"away"}, "apply", "-f", r.write("centre.yaml", centreText))
	if !strings.Contains(r.log.String(), "the store is away") || strings.Contains(r.log.String(), "hunter2") {
		t.Errorf("log:\n%s", r.log)
	}
}

func TestFlowsAreChecked(t *testing.T) {
	s := newShell(t)
	flow := s.write("main.yaml", "id: main\nnodes:\n  - {id: line, enqueue: {queue: sales, next: bye, else: bye}}\n  - {id: bye, hangup: {}}\n")
	if out := s.ok("flow", "check", flow); !strings.Contains(out, "main in "+flow+" is right") {
		t.Errorf("a right one: %s", out)
	}
	if out := s.ok("flow", "check", s.write("centre.yaml", centreText)); !strings.Contains(out, "the centre in ") || !strings.Contains(out, "main") {
		t.Errorf("a centre: %s", out)
	}
	broken := s.write("broken.yaml", "id: main\nnodes:\n  - id: line\n    enqueue: {queue: sales, next: by, else: bye}\n  - {id: bye, hangup: {}}\n")
	s.fails(exitInvalid, []string{broken + ":3", "line", `"by"`, "bye"}, "flow", "check", flow, broken)
	s.fails(exitInvalid, []string{":2:", "menue", `did you mean "menu"?`}, "flow", "check",
		s.write("typo.yaml", "nodes:\n  - {id: a, menue: {}}\nid: main\n"))
	s.fails(exitInvalid, []string{"no such file"}, "flow", "check", filepath.Join(s.dir, "nix"))
	s.fails(exitUsage, []string{"needs a file"}, "flow", "check")
}

func TestWithoutAServerOrAToken(t *testing.T) {
	s := newShell(t)
	tokens := s.write("token", "0123456789abcdef\n")
	nobody := freePort(t)
	s.fails(exitUnreachable, []string{"no huawu answers at http://" + nobody, "huawu serve", "HUAWU_SERVER"}, "queue", "list", "--server", nobody, "--token-file", tokens)
	s.fails(exitUnreachable, []string{"没有应答", nobody}, "queue", "list", "--server", nobody, "--token-file", tokens, "--lang", "zh")
	s.fails(exitInvalid, []string{"no token", "HUAWU_TOKEN_FILE"}, "queue", "list", "--token-file", filepath.Join(s.dir, "nix"))
	s.fails(exitInvalid, []string{"令牌"}, "queue", "list", "--token-file", filepath.Join(s.dir, "nix"), "--lang", "zh")
	s.fails(exitUsage, []string{"http://host:port"}, "queue", "list", "--server", "ftp://x", "--token-file", tokens)

	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }))
	defer other.Close()
	s.fails(exitFailed, []string{"no huawu's"}, "queue", "list", "--server", other.URL, "--token-file", tokens)

	r := boot(t, "")
	t.Setenv("HUAWU_SERVER", r.config.Listen)
	t.Setenv("HUAWU_TOKEN_FILE", tokens)
	s.fails(exitDenied, []string{"does not know the token of", "--token-file"}, "queue", "list")
	s.fails(exitDenied, []string{"未通过认证"}, "queue", "list", "--lang", "zh")
	t.Setenv("HUAWU_TOKEN_FILE", r.config.TokenFile)
	s.ok("queue", "list")
}

func TestCommandLinesThatCannotBeUnderstood(t *testing.T) {
	s := newShell(t)
	for _, c := range []struct {
		line string
		says []string
	}{
		{"quue", []string{`"quue"`, "did you mean queue?"}},
		{"queue lst", []string{`"lst"`, "did you mean list?"}},
		{"queue show", []string{"huawu queue show takes QUEUE", "--help"}},
		{"queue list x", []string{"no arguments"}},
		{"queue list --outptu json", []string{"--outptu", "huawu queue list --help"}},
		{"queue list -o xml", []string{"xml", "table or json"}},
		{"queue list --lang fr", []string{"fr", "zh or en"}},
		{"call list --ended --from noon", []string{"--from", "noon", "2026-11-22"}},
		{"call list --from 2h", []string{"--from", "--ended"}},
		{"call list --limit 5", []string{"--limit", "--ended"}},
		{"asterisk config --trunk-host sip.example.net", []string{"--trunk-host", "want --trunk"}},
		{"config check a b", []string{"one file"}},
		{"serve now", []string{"no arguments"}},
	} {
		s.fails(exitUsage, c.says, strings.Fields(c.line)...)
	}
	s.fails(exitUsage, []string{"用法有误"}, "queue", "show", "--lang", "zh")
}

func TestWhatAnAsteriskNeedsIsPrinted(t *testing.T) {
	s := newShell(t)
	out := s.ok("asterisk", "config", "--app", "centre")
	for _, word := range []string{"; ---- ari.conf ----", "; ---- extensions.conf ----", "channelvars", "Stasis(centre", "huawu-fallback"} {
		if !strings.Contains(out, word) {
			t.Errorf("all sections lack %q:\n%s", word, out)
		}
	}
	out = s.ok("asterisk", "config", "--section", "pjsip.conf", "--phone", "1001", "--phone", "1002")
	if !strings.Contains(out, "[1002]") || strings.Contains(out, "channelvars") {
		t.Errorf("pjsip.conf:\n%s", out)
	}
	for _, c := range []struct{ match, want string }{{"", "\n;match = 192.0.2.1\n"}, {"192.0.2.7", "\nmatch = 192.0.2.7\n"}} {
		out = s.ok("asterisk", "config", "--section", "pjsip.conf", "--trunk", "carrier", "--trunk-match", c.match)
		if !strings.Contains(out, c.want) {
			t.Errorf("a trunk that calls from %q lacks %q:\n%s", c.match, c.want, out)
		}
	}
	s.fails(exitInvalid, []string{"sip.conf", "pjsip.conf"}, "asterisk", "config", "--section", "sip.conf")
	s.fails(exitInvalid, []string{"App", "a b"}, "asterisk", "config", "--app", "a b")
	t.Chdir(s.dir)
	s.write("huawu.yaml", strings.Replace(configText, "{name: pbx,", "{name: pbx, app: hotline,", 1))
	if out := s.ok("asterisk", "config", "--section", "extensions.conf"); !strings.Contains(out, "Stasis(hotline") {
		t.Errorf("the configuration's application:\n%s", out)
	}
}

func TestEventsAreFollowedThroughARestart(t *testing.T) {
	r := boot(t, "")
	ctx, cancel := context.WithCancel(context.Background())
	out, errs, done := new(lockedBuffer), new(lockedBuffer), make(chan int)
	a := &app{in: strings.NewReader(""), out: out, err: errs, exit: func(int) {}, drivers: (*Config).switches}
	go func() { done <- a.run(ctx, append([]string{"event", "follow", "--kind", "call.*,queue.*"}, r.env...)) }()
	r.until("the stream stands", func() bool { return strings.Contains(r.metrics(), `huawu_api_event_streams 1`) })
	r.world.Call("13800000001", "4001")
	r.until("the first caller is told", func() bool { return strings.Contains(out.String(), "from=13800000001") })
	r.signals <- syscall.SIGINT
	r.gone()
	r.start()
	r.until("ready again", r.ready)
	r.world.Call("13800000002", "4001")
	r.until("the second caller is told", func() bool { return strings.Contains(out.String(), "from=13800000002") })
	cancel()
	if code := <-done; code != exitOK {
		t.Errorf("exit code %d: %s", code, errs)
	}
	if n := strings.Count(out.String(), "call.offered"); n != 2 || strings.Count(out.String(), "queue.joined") != 2 || strings.Contains(out.String(), "leg.") {
		t.Errorf("events:\n%s", out)
	}
	r.fails(exitInvalid, []string{"cursor"}, "event", "follow", "--after", "x")
}

func TestTimesAreReadAsPeopleWriteThem(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	for text, want := range map[string]time.Time{
		"2h":                   now.Add(-2 * time.Hour),
		"2026-11-21":           time.Date(2026, 11, 21, 0, 0, 0, 0, time.Local),
		"2026-11-21 08:30":     time.Date(2026, 11, 21, 8, 30, 0, 0, time.Local),
		"2026-11-21T08:30:00Z": time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC),
	} {
		if got, err := instant(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for ms, want := range map[int64]string{0: "0s", 450: "450ms", 9200: "9.2s", 42_000: "42s", 65_000: "1m05s", 7_380_000: "2h03m"} {
		if got := span(ms); got != want {
			t.Errorf("%d ms: %s, want %s", ms, got, want)
		}
	}
}
