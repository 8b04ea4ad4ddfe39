package pbx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
)

// PBX is one running Asterisk. Its methods may be called from any goroutine.
type PBX struct {
	options   Options
	program   Program
	provision ari.Provision
	block     *block
	dir       string

	mu   sync.Mutex
	proc *process
}

// process is one run of the program.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
	err  error         // how; valid after gone
}

const (
	// bootPatience is how long a busy machine may take to start Asterisk;
	// half a second is usual.
	bootPatience = 40 * time.Second
	stopPatience = 10 * time.Second
)

// Start configures and starts an Asterisk and returns when ARI answers. Errors
// wrap ErrNoAsterisk when there is none; others carry the end of its log. It
// ends with this process at the latest.
func Start(ctx context.Context, o Options) (*PBX, error) {
	program := o.Program
	if program.Path == "" {
		var err error
		if program, err = Find(); err != nil {
			return nil, err
		}
	}
	b, err := claimBlock()
	if err != nil {
		return nil, err
	}
	p := &PBX{options: o, program: program, block: b}
	for _, step := range []func() error{p.place, p.fill, p.configure, func() error { return p.Boot(ctx) }} {
		if err := step(); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// Open starts a PBX for the length of a test, which fails when it cannot. A
// test that has failed shows the end of the PBX's log.
func Open(t testing.TB, o Options) *PBX {
	t.Helper()
	p, err := Start(t.Context(), o)
	if err != nil {
		t.Fatalf("start a PBX: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("end of the PBX's log:\n%s", p.Log())
		}
		if err := p.Close(); err != nil {
			t.Errorf("stop the PBX: %v", err)
		}
	})
	return p
}

// place finds the folder. Its path is short: Asterisk cuts the name of its
// control socket at about a hundred characters.
func (p *PBX) place() error {
	if p.options.Dir == "" {
		dir, err := os.MkdirTemp("", "huawu-pbx-")
		p.dir = dir
		return err
	}
	dir, err := filepath.Abs(p.options.Dir)
	p.dir = dir
	return err
}

// fill completes what `huawu asterisk config` is told.
func (p *PBX) fill() error {
	v := p.options.Provision
	if v.SIPBind == "" {
		v.SIPBind = p.block.host(hostPBX)
	}
	var errSIP error
	if v.SIPPort == 0 {
		v.SIPPort, errSIP = freePort(v.SIPBind, "udp4", 5060)
	}
	http, errHTTP := p.block.port(hostPBX, "tcp4", 8088)
	outside, errOutside := p.block.port(hostOutside, "udp4", 5060)
	if err := errors.Join(errSIP, errHTTP, errOutside); err != nil {
		return err
	}
	v.HTTPBind, v.HTTPPort = p.block.host(hostPBX), http
	if v.User == "" {
		v.User = "huawu"
	}
	if v.Password == "" {
		v.Password = password()
	}
	if v.Qualify == 0 {
		v.Qualify = 2
	}
	for i := range p.options.Phones {
		v.Agents = append(v.Agents, ari.Phone{Name: fmt.Sprint(1001 + i), Password: password()})
	}
	if v.Trunk.Name == "" {
		v.Trunk = ari.Trunk{Name: "trunk", Qualify: v.Trunk.Qualify}
	}
	if v.Trunk.Host == "" {
		v.Trunk.Host = fmt.Sprintf("%s:%d", p.block.host(hostOutside), outside)
	}
	if v.Trunk.Match == "" {
		v.Trunk.Match = p.block.host(hostOutside)
	}
	p.provision = v
	return nil
}

// Boot starts the program again after Kill or Stop and returns when ARI answers.
func (p *PBX) Boot(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc != nil {
		return errors.New("boot: the PBX is running")
	}
	proc, err := p.spawn()
	if err != nil {
		return fmt.Errorf("boot: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, bootPatience)
	defer cancel()
	if err := p.await(ctx, proc); err != nil {
		log := p.Log()
		return fmt.Errorf("boot: %w; its log ends:\n%s", errors.Join(err, proc.end(syscall.SIGKILL)), log)
	}
	p.proc = proc
	return nil
}

func (p *PBX) spawn() (*process, error) {
	out, err := os.OpenFile(p.path("log/output"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(p.program.Path, "-C", p.path("etc/asterisk.conf"), "-f")
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, out, out
	// A group of its own: Ctrl-C is for us, who end it in good order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	proc := &process{cmd: cmd, gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(proc.gone)
		// The death signal is tied to the thread that starts the child, so
		// the thread is kept for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			proc.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return proc, nil
}

// await asks until ARI answers and every module is loaded.
func (p *PBX) await(ctx context.Context, proc *process) error {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 5 * time.Second}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ARI()+"/asterisk/ping", nil)
		if err != nil {
			return err
		}
		req.SetBasicAuth(p.User(), p.Password())
		if res, err := client.Do(req); err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if err == nil && res.StatusCode == http.StatusOK {
				_, err := p.CLI(ctx, "core waitfullybooted")
				return err
			}
		}
		select {
		case <-tick.C:
		case <-proc.gone:
			return fmt.Errorf("it ended at once: %v", proc.err)
		case <-ctx.Done():
			return fmt.Errorf("ARI does not answer: %w", ctx.Err())
		}
	}
}

// end signals the process, after stopPatience kills it, and reaps it.
func (r *process) end(sig syscall.Signal) error {
	// An error says that it is gone already.
	_ = r.cmd.Process.Signal(sig)
	select {
	case <-r.gone:
		return nil
	case <-time.After(stopPatience):
	}
	_ = r.cmd.Process.Kill()
	<-r.gone
	return fmt.Errorf("it did not end within %v of %v and was killed", stopPatience, sig)
}

// Stop ends the program in good order; everything on disk stays.
func (p *PBX) Stop() error { return p.halt(syscall.SIGTERM) }

// Gone is closed when the program that runs at present has ended; nil when none
// runs.
func (p *PBX) Gone() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil
	}
	return p.proc.gone
}

// Kill ends the program as a crash would.
func (p *PBX) Kill() error { return p.halt(syscall.SIGKILL) }

func (p *PBX) halt(sig syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil
	}
	err := p.proc.end(sig)
	p.proc = nil
	return err
}

// Freeze stops the program from running, with its connections open, until thaw
// is called.
func (p *PBX) Freeze() (thaw func() error, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return nil, errors.New("freeze: the PBX is not running")
	}
	process := p.proc.cmd.Process
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		return nil, fmt.Errorf("freeze: %w", err)
	}
	return func() error { return process.Signal(syscall.SIGCONT) }, nil
}

// Close stops the program, gives the addresses back and removes a temporary
// folder.
func (p *PBX) Close() error {
	err := errors.Join(p.Stop(), p.block.claim.Close())
	if p.options.Dir == "" && p.dir != "" {
		err = errors.Join(err, os.RemoveAll(p.dir))
	}
	return err
}

// CLI runs one command of Asterisk's own command line and returns what it says.
func (p *PBX) CLI(ctx context.Context, command string) (string, error) {
	out, err := exec.CommandContext(ctx, p.program.Path, "-C", p.path("etc/asterisk.conf"), "-rx", command).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("asterisk -rx %q: %w: %s", command, err, bytes.TrimSpace(out))
	}
	return string(out), nil
}

// Log is the end of what Asterisk wrote to its log and its output.
func (p *PBX) Log() string {
	const most = 8000
	var b strings.Builder
	for _, f := range []string{"log/output", "log/messages"} {
		text, err := os.ReadFile(p.path(f))
		if err != nil {
			continue
		}
		if len(text) > most {
			text = text[len(text)-most:]
		}
		b.Write(text)
	}
	return b.String()
}

func (p *PBX) path(name string) string { return filepath.Join(p.dir, name) }

// Program is the Asterisk in use.
func (p *PBX) Program() Program { return p.program }

// Dir is the folder that holds everything.
func (p *PBX) Dir() string { return p.dir }

// Recordings is the folder that recordings land in.
func (p *PBX) Recordings() string { return p.path("spool/recording") }

// Provision is what the configuration was printed from: application, contexts,
// accounts, trunk.
func (p *PBX) Provision() ari.Provision { return p.provision }

// ARI is the URL of the REST interface, without a slash at its end.
func (p *PBX) ARI() string {
	return fmt.Sprintf("http://%s:%d/ari", p.provision.HTTPBind, p.provision.HTTPPort)
}

// User and Password are ARI's.
func (p *PBX) User() string     { return p.provision.User }
func (p *PBX) Password() string { return p.provision.Password }

// SIP is the address, host:port, that phones register with and callers call.
func (p *PBX) SIP() string {
	return fmt.Sprintf("%s:%d", p.provision.SIPBind, p.provision.SIPPort)
}

// RTP is the range of UDP ports for audio, "first-last".
func (p *PBX) RTP() string { return fmt.Sprintf("%d-%d", firstRTP, firstRTP+p.rtpPorts()-1) }

// Phones are the accounts of agents' phones.
func (p *PBX) Phones() []ari.Phone { return p.provision.Agents }

// PhoneHost is the address that agents' phones live on.
func (p *PBX) PhoneHost() string { return p.block.host(hostPhones) }

// OutsideHost is the address that the outside world lives on: what comes from
// there is the trunk's.
func (p *PBX) OutsideHost() string { return p.block.host(hostOutside) }

// Outside is the address, host:port, to which the trunk sends calls.
func (p *PBX) Outside() string { return p.provision.Trunk.Host }

// PID is the process id, 0 when the program does not run.
func (p *PBX) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		return 0
	}
	return p.proc.cmd.Process.Pid
}
