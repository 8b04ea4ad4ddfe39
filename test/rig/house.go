package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/test/pbx"
)

// Options say what house is wanted.
type Options struct {
	PBX pbx.Options
	// Centre is the document that huawu begins with.
	Centre string
	// Config is more of huawu.yaml.
	Config string
	// Prompts is a folder of recorded prompts, "" for none.
	Prompts string
	// Espeak is a command in the place of espeak-ng, "" for that.
	Espeak string
	// Binary is huawu; "" means HUAWU_BIN, else it is built.
	Binary string
	// Dir keeps everything; "" means a temporary folder, removed by Close.
	Dir string
	// Listen is the API's address; "" means a free port.
	Listen string
	// Log also gets what huawu writes, line by line or in parts; nil for none.
	Log io.Writer
	// Say is told what is begun next, for people who wait; nil for nobody.
	Say func(step string)
}

// House is a running Asterisk and a huawu that may be running.
type House struct {
	*Client
	PBX *pbx.PBX

	dir    string
	keep   bool
	binary string

	mu   sync.Mutex
	proc *process
	log  *tail
	also io.Writer
	say  func(step string)
}

type process struct {
	cmd  *exec.Cmd
	gone chan struct{}
	err  error
}

// patience is how long huawu may take to become ready on a busy machine.
const patience = 60 * time.Second

// Open brings up Asterisk and huawu and waits until huawu is ready.
func Open(ctx context.Context, o Options) (*House, error) {
	h := &House{dir: o.Dir, keep: o.Dir != "", binary: o.Binary, log: &tail{}, also: o.Log, say: o.Say}
	if h.also == nil {
		h.also = io.Discard
	}
	if h.say == nil {
		h.say = func(string) {}
	}
	if err := h.open(ctx, o); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// Test is Open for a test: the house is closed at its end, and its logs are
// shown when it failed.
func Test(t testing.TB, o Options) *House {
	t.Helper()
	h, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("huawu's log:\n%s\nAsterisk's log:\n%s", h.Log(), h.PBX.Log())
		}
		if err := h.Close(); err != nil {
			t.Errorf("close the house: %v", err)
		}
	})
	return h
}

func (h *House) open(ctx context.Context, o Options) error {
	var err error
	if h.dir == "" {
		if h.dir, err = os.MkdirTemp("", "huawu-house-"); err != nil {
			return fmt.Errorf("open a house: %w", err)
		}
	}
	if h.dir, err = filepath.Abs(h.dir); err != nil {
		return fmt.Errorf("open a house: %w", err)
	}
	// Asterisk may run as somebody else and must read the prompts.
	if err := os.MkdirAll(h.path("data"), 0o755); err != nil {
		return fmt.Errorf("open a house: %w", err)
	}
	if h.binary == "" {
		h.say("building huawu")
		if h.binary, err = Binary(ctx); err != nil {
			return err
		}
	}
	if o.PBX.Dir == "" && h.keep {
		o.PBX.Dir = h.path("asterisk")
	}
	h.say("starting Asterisk")
	if h.PBX, err = pbx.Start(ctx, o.PBX); err != nil {
		return err
	}
	listen := o.Listen
	if listen == "" {
		if listen, err = freePort(); err != nil {
			return err
		}
	}
	if err := h.write(o, listen); err != nil {
		return fmt.Errorf("open a house: %w", err)
	}
	h.Client = &Client{Base: "http://" + listen, TokenFile: h.path("data/token")}
	h.say("starting huawu, which first makes the audio of its prompts")
	return h.Boot(ctx)
}

func (h *House) write(o Options, listen string) error {
	config := "data_dir: " + h.path("data") + "\n" +
		"listen: " + listen + "\n" +
		"centre: " + h.path("centre.yaml") + "\n" +
		"switches:\n" +
		"  - name: ast\n" +
		"    url: " + h.PBX.ARI() + "\n" +
		"    user: " + h.PBX.User() + "\n" +
		"    password_file: " + h.path("ari-password") + "\n" +
		"    recordings: " + h.PBX.Recordings() + "\n"
	config += "prompts:\n  dir: " + strconv.Quote(o.Prompts) + "\n"
	if o.Espeak != "" {
		config += "  espeak: " + o.Espeak + "\n"
	} else if espeak, err := pbx.Tool("espeak-ng"); err == nil {
		config += "  espeak: " + espeak + "\n"
	}
	for name, text := range map[string]string{
		"huawu.yaml": config + o.Config, "centre.yaml": o.Centre, "ari-password": h.PBX.Password(),
	} {
		if err := os.WriteFile(h.path(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (h *House) path(name string) string { return filepath.Join(h.dir, name) }

// Dir is the house's folder; Data is huawu's data folder in it.
func (h *House) Dir() string { return h.dir }

// Data is huawu's data folder.
func (h *House) Data() string { return h.path("data") }

// ConfigFile is huawu's configuration.
func (h *House) ConfigFile() string { return h.path("huawu.yaml") }

// Spawn starts huawu without waiting for anything.
func (h *House) Spawn() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.proc != nil {
		return errors.New("huawu runs already")
	}
	cmd := exec.Command(h.binary, "serve", "--config", h.ConfigFile())
	out := io.MultiWriter(h.log, h.also)
	cmd.Stdout, cmd.Stderr = out, out
	// A group of its own: Ctrl-C is for us, who end it in good order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	p := &process{cmd: cmd, gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		// Pdeathsig speaks of the thread that started the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.gone)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start huawu: %w", err)
	}
	h.proc = p
	return nil
}

// Boot starts huawu and waits until it says that it is ready.
func (h *House) Boot(ctx context.Context) error {
	if err := h.Spawn(); err != nil {
		return err
	}
	return h.Ready(ctx)
}

// Ready waits until huawu says that it is ready.
func (h *House) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h.mu.Lock()
	p := h.proc
	h.mu.Unlock()
	if p == nil {
		return errors.New("huawu does not run")
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		if last = h.Get(ctx, "/readyz", nil); last == nil {
			return nil
		}
		select {
		case <-p.gone:
			return fmt.Errorf("huawu ended (%v) before it was ready:\n%s", p.err, h.Log())
		case <-ctx.Done():
			return fmt.Errorf("huawu is not ready: %w\n%s", last, h.Log())
		case <-tick.C:
		}
	}
}

// Signal sends huawu a signal and waits up to limit for its end, whose error
// it returns.
func (h *House) Signal(sig syscall.Signal, limit time.Duration) error {
	h.mu.Lock()
	p := h.proc
	h.mu.Unlock()
	if p == nil {
		return nil
	}
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal huawu: %w", err)
	}
	select {
	case <-p.gone:
	case <-time.After(limit):
		return fmt.Errorf("huawu did not end within %v of %v", limit, sig)
	}
	h.mu.Lock()
	h.proc = nil
	h.mu.Unlock()
	return p.err
}

// Kill is kill -9.
func (h *House) Kill() error {
	err := h.Signal(syscall.SIGKILL, 10*time.Second)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

// Gone is closed when the huawu that runs at present has ended; nil when none
// runs.
func (h *House) Gone() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.proc == nil {
		return nil
	}
	return h.proc.gone
}

// PID is huawu's process id, 0 when it does not run.
func (h *House) PID() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.proc == nil {
		return 0
	}
	return h.proc.cmd.Process.Pid
}

// CLI runs huawu's command line against the house.
func (h *House) CLI(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, h.binary, args...)
	cmd.Env = append(os.Environ(), "HUAWU_SERVER="+h.Base, "HUAWU_TOKEN_FILE="+h.TokenFile)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("huawu %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return string(out), nil
}

// Log is the end of what huawu has written.
func (h *House) Log() string { return h.log.String() }

// Close ends huawu and Asterisk and removes a temporary folder.
func (h *House) Close() error {
	errs := []error{h.Kill()}
	if h.PBX != nil {
		errs = append(errs, h.PBX.Close())
	}
	if !h.keep && h.dir != "" {
		errs = append(errs, os.RemoveAll(h.dir))
	}
	return errors.Join(errs...)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailSize = 256 << 10

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if len(t.b) > 2*tailSize {
		t.b = append([]byte(nil), t.b[len(t.b)-tailSize:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
