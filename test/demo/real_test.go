//go:build asterisk

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

func TestMain(m *testing.M) {
	// Connections that are kept for the next request have goroutines.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

// page is what a run writes, to be read while it is written.
type page struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// shows waits until a run has written part.
func (p *page) shows(t *testing.T, part string) {
	t.Helper()
	err := rig.Until(t.Context(), 30*time.Second, part, func() (bool, error) { return strings.Contains(p.String(), part), nil })
	if err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
}

func binary(t *testing.T) string {
	t.Helper()
	path, err := rig.Binary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// What `make demo` shows holds, its recordings lie where it says, and nothing
// goes on afterwards.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, errs page
	if code := run(t.Context(), []string{"-huawu", binary(t), "-dir", dir}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", code, &errs, &out)
	}
	text := out.String()
	for _, g := range guests() {
		if !strings.Contains(text, g.number+" → "+hotline) || !strings.Contains(text, g.title.zh) || !strings.Contains(text, g.title.en) {
			t.Errorf("the call from %s is not told", g.number)
		}
	}
	recordings := regexp.MustCompile(`(?m)^ +(/.*\.wav)$`).FindAllStringSubmatch(text, -1)
	if len(recordings) != 2*len(guests()) {
		t.Errorf("%d recordings are told of", len(recordings))
	}
	for _, r := range recordings {
		if s, err := read(r[1]); err != nil || s.Lasts() < time.Second {
			t.Errorf("%s lasts %v: %v", r[1], s.Lasts(), err)
		}
	}
	if n := strings.Count(text, "✓"); n < 50 || strings.Contains(text, "✗") {
		t.Errorf("%d checks were passed", n)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "demo.txt"))
	if err != nil || !strings.Contains(string(kept), "演示通过") {
		t.Errorf("the text is not kept: %v", err)
	}
	if t.Failed() {
		t.Log(text)
	}
}

// Ctrl-C in the middle of calls ends everything.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs page
	code := make(chan int, 1)
	go func() { code <- run(ctx, []string{"-huawu", binary(t), "-dir", dir}, &out, &errs) }()
	out.shows(t, "joins the queue")
	cancel()
	if got := <-code; got != exitInterrupted || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("exit code %d, %s", got, &errs)
	}
	nothingRuns(t, dir)
	if log, err := os.ReadFile(filepath.Join(dir, "huawu.log")); err != nil || !strings.Contains(string(log), "huawu has stopped") {
		t.Errorf("huawu did not leave in good order: %v\n%s", err, log)
	}
}

// nothingRuns wants no process that was started with anything in a folder.
func nothingRuns(t *testing.T, dir string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Fatalf("no processes are found: %v", err)
	}
	for _, l := range lines {
		// Processes come and go meanwhile.
		if b, _ := os.ReadFile(l); strings.Contains(string(b), dir) {
			t.Errorf("%s goes on: %q", filepath.Dir(l), b)
		}
	}
}

// A huawu that does not start is told of with what it said.
func TestBroken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\necho the disk is on fire >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	var out, errs page
	if code := run(t.Context(), []string{"-huawu", broken, "-dir", dir}, &out, &errs); code != exitMissing || !strings.Contains(errs.String(), "the disk is on fire") {
		t.Errorf("exit code %d, %s", code, &errs)
	}
	nothingRuns(t, dir)
}

// With -stay two softphones that are set up as it says can call each other
// through the hotline, and a signal ends it in good order.
func TestStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// Others may run this test on this machine at the same moment.
	host := fmt.Sprintf("127.0.%d.%d", 1+rand.IntN(255), 1+rand.IntN(254))
	var out, errs page
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"-stay", "-host", host, "-huawu", binary(t), "-dir", dir}, &out, &errs)
	}()
	out.shows(t, "Ctrl-C")
	server := regexp.MustCompile(`register softphones at ([0-9.:]+),`).FindStringSubmatch(out.String())
	accounts := regexp.MustCompile(`(?m)^ +(\d{4})  ([A-Z2-7]{12})  (\d*)`).FindAllStringSubmatch(out.String(), -1)
	if server == nil || len(accounts) != 5 || accounts[0][1] != "1001" || accounts[3][1] != "9001" {
		t.Fatalf("server %q, accounts %q in\n%s", server, accounts, &out)
	}
	softphone := func(i int, tone float64) *phone.Phone {
		p, err := phone.Open(phone.Config{Host: host, Server: server[1], User: accounts[i][1], Password: accounts[i][2], Tone: tone})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		if err := p.Register(t.Context()); err != nil {
			t.Fatal(err)
		}
		return p
	}
	desk, outside := softphone(0, 1560), softphone(3, 540)
	call := func(p *phone.Phone, number string) *party {
		c, err := p.Dial(number, phone.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		limit, done := context.WithTimeout(t.Context(), patience)
		defer done()
		if err := c.Answered(limit); err != nil {
			t.Fatalf("%s: %v\n%s", number, err, p.Trace())
		}
		return &party{Call: c, story: newStory(func(rig.Event) {}), name: p.User(), tone: p.Tone()}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, &out)
		}
	}
	signIn := call(desk, "*11")
	for _, keys := range []string{"1001#", accounts[0][3] + "#"} {
		must(signIn.hearsSpeech(t.Context(), prompt))
		must(signIn.press(t.Context(), keys, false))
	}
	must(signIn.ended(t.Context()))
	out.shows(t, "OFFLINE → NOT_READY signed-in")
	must(call(desk, "*12").ended(t.Context()))
	caller := call(outside, hotline)
	must(caller.hearsSpeech(t.Context(), greeting))
	must(caller.press(t.Context(), "2", false))
	rang, err := desk.Rung(t.Context())
	must(err)
	rang.Answer()
	must(talk(t.Context(), caller, &party{Call: rang, story: caller.story, name: "1001", tone: desk.Tone()}, 0))
	rang.Hangup()
	must(caller.ended(t.Context()))
	out.shows(t, "completed, fault none")
	cancel()
	if got := <-code; got != 0 || !strings.Contains(out.String(), "stopped") {
		t.Errorf("exit code %d, %s\n%s", got, &errs, &out)
	}
	nothingRuns(t, dir)
}
