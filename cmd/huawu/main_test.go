package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

func TestMain(m *testing.M) {
	for _, name := range []string{"HUAWU_CONFIG", "HUAWU_SERVER", "HUAWU_TOKEN_FILE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		os.Unsetenv(name)
	}
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// shell runs command lines in this process.
type shell struct {
	t   *testing.T
	dir string
	env []string // flags that every command gets
	in  string
}

// run carries out one command line.
func (s *shell) run(args ...string) (out, errs string, code int) {
	s.t.Helper()
	var o, e bytes.Buffer
	a := &app{in: strings.NewReader(s.in), out: &o, err: &e, exit: func(int) {}, drivers: (*Config).switches}
	code = a.run(s.t.Context(), append(args, s.env...))
	return o.String(), e.String(), code
}

// ok carries out a command line that must work, and gives what it prints.
func (s *shell) ok(args ...string) string {
	s.t.Helper()
	out, errs, code := s.run(args...)
	if code != 0 {
		s.t.Fatalf("huawu %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// fails carries out a command line that must end with a code, and words on
// standard error.
func (s *shell) fails(code int, words []string, args ...string) {
	s.t.Helper()
	out, errs, got := s.run(args...)
	if got != code {
		s.t.Errorf("huawu %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, out, errs)
	}
	for _, w := range words {
		if !strings.Contains(errs, w) {
			s.t.Errorf("huawu %s says %q, want %q in it", strings.Join(args, " "), errs, w)
		}
	}
}

// json carries out a command line with -o json and reads what it prints.
func (s *shell) json(into any, args ...string) {
	s.t.Helper()
	out := s.ok(append(args, "-o", "json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		s.t.Fatalf("huawu %s -o json: %v in %s", strings.Join(args, " "), err, out)
	}
}

// write puts a file into the shell's folder and gives its path.
func (s *shell) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func newShell(t *testing.T) *shell { return &shell{t: t, dir: t.TempDir()} }

// centreText is a centre on the phones of the fake switch.
const centreText = `zone: Asia/Shanghai
numbers: [{number: "4001", flow: main}]
seats: [{endpoint: SIP/phone-1, extension: "8001"}, {endpoint: SIP/phone-2}]
queues: [{id: sales, name: 销售, ring: 15s}]
agents:
  - {id: "1001", name: 王芳, queues: [sales]}
  - {id: "1002", name: 李雷, queues: [sales]}
pins: [{agent: "1001", pin: "471147114711"}]
flows:
  - id: main
    nodes:
      - {id: line, enqueue: {queue: sales, next: bye, else: bye}}
      - {id: bye, hangup: {}}
`

// running is "huawu serve" in this process, on a switch in memory.
type running struct {
	*shell
	pbx     *mediatest.Fake
	world   mediatest.World
	signals chan os.Signal
	log     *lockedBuffer
	killed  chan int
	ended   chan error
	config  *Config
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// freePort is an address that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// boot starts huawu and waits until it is ready. more is added to the
// configuration.
func boot(t *testing.T, more string) *running {
	t.Helper()
	s := newShell(t)
	t.Setenv("HUAWU_TEST_PASSWORD", "secret")
	centre := s.write("centre.yaml", centreText)
	if !strings.Contains(more, "prompts:") {
		more += "\nprompts: {espeak: none}\n"
	}
	config := s.write("huawu.yaml", fmt.Sprintf(`data_dir: %s
listen: %s
centre: %s
switches: [{name: fake, url: "http://127.0.0.1:1", password_env: HUAWU_TEST_PASSWORD}]
journal: {effects: true}
%s`, filepath.Join(s.dir, "data"), freePort(t), centre, more))
	r := &running{shell: s}
	r.env = []string{"--config", config}
	r.pbx = mediatest.NewFake("fake", mediatest.Options{})
	r.world = r.pbx.World(t, patience)
	var err error
	if r.config, err = loadConfig(config); err != nil {
		t.Fatal(err)
	}
	r.start()
	t.Cleanup(r.stop)
	r.until("ready", func() bool { return alive(t.Context(), "http://"+r.config.Listen) && r.ready() })
	return r
}

// start runs serve in the background.
func (r *running) start() {
	r.signals, r.killed, r.ended, r.log = make(chan os.Signal, 4), make(chan int, 4), make(chan error, 1), new(lockedBuffer)
	a := &app{in: strings.NewReader(""), out: r.log, err: r.log, exit: func(code int) { r.killed <- code }, say: printer("en"),
		drivers: func(*Config, *engine.Clock, *slog.Logger) ([]media.Switch, []prometheus.Collector, error) {
			return []media.Switch{r.pbx}, nil, nil
		}}
	go func() { r.ended <- a.serve(context.Background(), r.config, r.signals) }()
}

// stop ends serve if it still runs.
func (r *running) stop() {
	select {
	case r.signals <- syscall.SIGINT:
	default:
	}
	r.gone()
}

// gone waits until serve has returned.
func (r *running) gone() {
	r.t.Helper()
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Errorf("serve: %v\n%s", err, r.log)
		}
		r.ended <- nil
	case <-time.After(patience):
		r.t.Fatalf("serve does not end:\n%s", r.log)
	}
}

func (r *running) ready() bool { return r.probe("/readyz") == 200 }

// until waits for something to become so.
func (r *running) until(what string, so func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain until %s:\n%s", what, r.log)
		}
	}
}
