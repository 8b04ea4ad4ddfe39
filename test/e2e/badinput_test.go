//go:build asterisk

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
)

// The exit codes of huawu that these tests see.
const (
	exitFound    = 1
	exitInvalid  = 3
	exitConflict = 7
)

// runs runs huawu to its end and returns its exit code and all that it said.
func runs(t *testing.T, env []string, args ...string) (int, string) {
	t.Helper()
	binary, err := rig.Binary(t.Context())
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append(os.Environ(), append(env, "HUAWU_ARI_PASSWORD=secret", "LANG=C")...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("huawu %s: %v", strings.Join(args, " "), err)
	}
	if ctx.Err() != nil {
		t.Fatalf("huawu %s does not end:\n%s", strings.Join(args, " "), out.String())
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// says holds a text to words that must be in it.
func says(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in:\n%s", w, text)
		}
	}
}

// A start that cannot succeed ends at once, and says which line, which address
// or which file is to blame.
func TestStartFails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for _, k := range []struct {
		name   string
		config func(dir string) string
		code   int
		words  []string
	}{
		{"wrong key", func(string) string { return "lissten: 127.0.0.1:8080\n" }, exitInvalid, []string{"huawu.yaml:", "lissten", "listen"}},
		{"wrong value", func(string) string { return "drain: soon\n" }, exitInvalid, []string{"huawu.yaml:", "drain", "soon"}},
		{"port in use", func(string) string { return "listen: " + taken.Addr().String() + "\n" }, exitConflict,
			[]string{taken.Addr().String(), "address already in use"}},
		{"journal that is no folder", func(dir string) string {
			must(t, os.WriteFile(filepath.Join(dir, "journal"), nil, 0o600))
			return ""
		}, -1, []string{filepath.Join("data", "journal"), "not a directory"}},
		{"no password", func(string) string {
			return "switches:\n  - {name: other, url: http://127.0.0.1:1, password_env: HUAWU_NOT_SET}\n"
		}, exitFound, []string{"other", "HUAWU_NOT_SET", "not set"}},
	} {
		t.Run(k.name, func(t *testing.T) {
			dir := t.TempDir()
			data := filepath.Join(dir, "data")
			must(t, os.Mkdir(data, 0o755))
			config := "data_dir: " + data + "\n" + k.config(data)
			if !strings.Contains(config, "listen: ") {
				config += "listen: 127.0.0.1:0\n"
			}
			if !strings.Contains(config, "switches:") {
				config += "switches:\n  - {name: ast, url: http://127.0.0.1:1, password_env: HUAWU_ARI_PASSWORD}\n"
			}
			path := filepath.Join(dir, "huawu.yaml")
			must(t, os.WriteFile(path, []byte(config), 0o600))
			code, out := runs(t, nil, "serve", "--config", path)
			if code == 0 || k.code > 0 && code != k.code {
				t.Errorf("exit code %d, want %d", code, k.code)
			}
			says(t, out, k.words...)
			if strings.Contains(out, "panic") || strings.Contains(out, "goroutine ") {
				t.Errorf("it broke down:\n%s", out)
			}
		})
	}
}

// A second huawu on the same data is refused, and the first is not disturbed.
func TestTwoOnOneFolder(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	c := h.calls(h.caller("13800000001"), direct)
	h.hears(c, pbx.MusicTone)
	config, err := os.ReadFile(h.ConfigFile())
	must(t, err)
	other := filepath.Join(t.TempDir(), "huawu.yaml")
	must(t, os.WriteFile(other, []byte(strings.Replace(string(config), "listen: ", "listen: 127.0.0.1:0 # ", 1)), 0o600))
	code, out := runs(t, nil, "serve", "--config", other)
	if code != exitConflict {
		t.Errorf("exit code %d, want %d", code, exitConflict)
	}
	says(t, out, h.Data())
	h.lines("sales", "13800000001")
	h.hears(c, pbx.MusicTone)
	c.Hangup()
	h.atRest()
}

// unready waits until readiness says all of these words.
func (h *house) unready(words ...string) {
	h.t.Helper()
	var last error
	err := rig.Until(h.t.Context(), patience, fmt.Sprintf("readiness to say %q", words), func() (bool, error) {
		last = h.Get(h.ctx(), "/readyz", nil)
		var r *rig.Refusal
		return errors.As(last, &r) && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(r.Body, w) }), nil
	})
	if err != nil {
		h.t.Fatalf("%v; it says %v", err, last)
	}
}

// A switch that is away, from the start or later, is said to be; huawu waits
// for it, goes on when it is back, and ends when it is told to.
func TestUnreachableSwitch(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	must(t, h.PBX.Kill())
	h.unready("switch ast is not up")
	must(t, h.Signal(syscall.SIGINT, 10*time.Second))

	must(t, h.Spawn())
	h.unready("switch ast is not up", "connection refused")
	refused := func() int { return strings.Count(h.Log(), "connection refused") }
	must(t, rig.Until(t.Context(), patience, "the log to say that the connection is refused", func() (bool, error) { return refused() > 0, nil }))
	if n := refused(); n > 20 {
		t.Errorf("the log says %d times that the connection is refused:\n%s", n, h.Log())
	}
	began := time.Now()
	must(t, h.Signal(syscall.SIGTERM, 10*time.Second))
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the end of a huawu without calls took %v", took)
	}

	must(t, h.Spawn())
	must(t, h.PBX.Boot(t.Context()))
	must(t, h.Ready(t.Context()))
	must(t, h.agents[0].Register(h.ctx()))
	h.ready("1001")
	c := h.calls(h.caller("13800000001"), direct)
	a := h.rung(h.agents[0])
	a.Answer()
	h.talk(c, a, callerTone, agentTone)
	c.Hangup()
	h.atRest("1001")
}

// A password that Asterisk does not take is said to be the fault, and never
// shown.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	must(t, h.Signal(syscall.SIGINT, 10*time.Second))
	file := filepath.Join(h.Dir(), "ari-password")
	const wrong = "letmein-5f2c"
	must(t, os.WriteFile(file, []byte(wrong+"\n"), 0o600))
	must(t, h.Spawn())
	h.unready("switch ast is not up", "user or password refused")
	must(t, h.Signal(syscall.SIGINT, 10*time.Second))
	says(t, h.Log(), "user or password refused by Asterisk")
	if strings.Contains(h.Log(), wrong) || strings.Contains(h.Log(), h.PBX.Password()) {
		t.Error("the log tells a password")
	}
	must(t, os.WriteFile(file, []byte(h.PBX.Password()+"\n"), 0o600))
	must(t, h.Boot(t.Context()))
}

// What cannot work is refused with the line that is wrong, and nothing changes,
// neither for live calls nor for new ones.
func TestBrokenCentre(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	c := h.calls(h.caller("13800000001"), hotline)
	h.hears(c, menuTone)
	before, err := h.CLI(h.ctx(), "centre", "show")
	must(t, err)

	broken := centre(1)
	broken.Flows[0].Nodes[2].Enqueue.Queue = "nowhere"
	broken.Numbers = append(broken.Numbers, center.Number{Number: "4009", Flow: "missing"})
	text := document(t, broken)
	line := func(what string) string {
		for i, l := range strings.Split(text, "\n") {
			if strings.Contains(l, what) {
				return fmt.Sprint(i + 1)
			}
		}
		t.Fatalf("no %q in\n%s", what, text)
		return ""
	}
	file := filepath.Join(t.TempDir(), "centre.yaml")
	must(t, os.WriteFile(file, []byte(text), 0o600))
	env := []string{"HUAWU_SERVER=" + h.Base, "HUAWU_TOKEN_FILE=" + h.TokenFile}
	for _, args := range [][]string{{"apply", "-f", file}, {"apply", "-f", file, "--dry-run"}} {
		code, out := runs(t, env, args...)
		if code != exitInvalid {
			t.Errorf("%v: exit code %d, want %d", args, code, exitInvalid)
		}
		says(t, out, "centre.yaml:"+line("flow: missing")+":", `"missing"`, `"nowhere"`, "node sales", "name one of")
	}
	garbled := filepath.Join(t.TempDir(), "garbled.yaml")
	must(t, os.WriteFile(garbled, []byte("queues:\n  - {id: sales, rings: 3s}\n"), 0o600))
	code, out := runs(t, env, "apply", "-f", garbled)
	if code != exitInvalid {
		t.Errorf("exit code %d, want %d", code, exitInvalid)
	}
	says(t, out, "garbled.yaml:2:", "rings", "ring")

	after, err := h.CLI(h.ctx(), "centre", "show")
	must(t, err)
	if after != before {
		t.Errorf("the centre has changed:\n%s", after)
	}
	must(t, c.Press(h.ctx(), "1"))
	h.lines("sales", "13800000001")
	c.Hangup()
	h.atRest()
}

// A change of the centre holds for calls that begin afterwards; live ones keep
// the flow that they began with.
func TestChangedCentre(t *testing.T) {
	t.Parallel()
	h := open(t, plan{})
	one := h.calls(h.caller("13800000001"), hotline)
	h.hears(one, menuTone)
	changed := centre(1)
	changed.Flows[0].Nodes = slices.DeleteFunc(changed.Flows[0].Nodes, func(n flow.Node) bool { return n.ID == "greeting" })
	file := filepath.Join(t.TempDir(), "centre.yaml")
	must(t, os.WriteFile(file, []byte(document(t, changed)), 0o600))
	if out, err := h.CLI(h.ctx(), "apply", "-f", file); err != nil || !strings.Contains(out, "greeting") {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	two := h.calls(h.caller("13800000002"), hotline)
	h.hears(two, menuTone) // without a greeting
	must(t, one.Press(h.ctx(), "1"))
	h.lines("sales", "13800000001")
	one.Hangup()
	two.Hangup()
	h.atRest()
	for _, k := range []struct {
		from    string
		greeted bool
	}{{"13800000001", true}, {"13800000002", false}} {
		r := h.records(k.from, 1)[0]
		if greeted := slices.ContainsFunc(h.history(r.Call), func(e fact.Event) bool { return e.Name == "hotline/greeting" }); greeted != k.greeted {
			t.Errorf("%s was greeted: %v", k.from, greeted)
		}
	}
}
