package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/huawu/huawu/test/pbx"
)

//go:embed sipp/caller.xml
var callerScenario string

//go:embed sipp/agent.xml
var agentScenario string

// sipp runs a SIPp; it ends with ctx.
func (s *stage) sipp(ctx context.Context, scenario, host string, port int, args ...string) (*exec.Cmd, error) {
	program, err := pbx.Tool("sipp")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(s.Dir(), fmt.Sprintf("sipp-%d.xml", port))
	if err := os.WriteFile(file, []byte(scenario), 0o644); err != nil {
		return nil, fmt.Errorf("run sipp: %w", err)
	}
	args = append(append([]string{}, args...), "-sf", file, "-i", host, "-p", strconv.Itoa(port), "-nostdin",
		"-trace_msg", "-message_file", s.messages(port), "-trace_err", "-error_file", file+".err", "-timeout", "300")
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = s.Dir()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("run sipp: %w", err)
	}
	return cmd, nil
}

// messages is where the SIPp of a port logs what it sends and hears.
func (s *stage) messages(port int) string {
	return filepath.Join(s.Dir(), fmt.Sprintf("sipp-%d.msg", port))
}

// staff starts the agents' phones; stop ends them.
func (s *stage) staff(ctx context.Context, talkMin, talkMax time.Duration) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	text := strings.NewReplacer("TALKMIN", strconv.FormatInt(talkMin.Milliseconds(), 10),
		"TALKMAX", strconv.FormatInt(talkMax.Milliseconds(), 10)).Replace(agentScenario)
	cmd, err := s.sipp(ctx, text, s.PBX.PhoneHost(), agentPort, "-min_rtp_port", "20000", "-max_rtp_port", "29998")
	if err != nil {
		cancel()
		return nil, err
	}
	return func() { cancel(); _ = cmd.Wait() }, nil
}

// callerPort is where SIPp's callers send from.
const callerPort = 5070

// call has n callers dial, at most at once of them at a time.
func (s *stage) call(ctx context.Context, number string, n, atOnce int, rate float64) (failed int, err error) {
	cmd, err := s.sipp(ctx, callerScenario, s.PBX.OutsideHost(), callerPort, s.PBX.SIP(), "-s", number,
		"-m", strconv.Itoa(n), "-l", strconv.Itoa(atOnce), "-r", strconv.FormatFloat(rate, 'f', 2, 64),
		"-min_rtp_port", "30000", "-max_rtp_port", "39998")
	if err != nil {
		return 0, err
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return 0, nil // called off
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 { // SIPp: at least one call failed
		b, _ := os.ReadFile(filepath.Join(s.Dir(), fmt.Sprintf("sipp-%d.xml.err", callerPort)))
		fmt.Fprintf(os.Stderr, "%.2000s\n", b)
		return max(strings.Count(string(b), "Aborting call"), 1), nil
	}
	if err != nil {
		return 0, fmt.Errorf("sipp's callers: %w", err)
	}
	return 0, nil
}
