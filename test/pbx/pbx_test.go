//go:build asterisk

package pbx_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/test/pbx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ask(t *testing.T, p *pbx.PBX) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.ARI()+"/endpoints", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(p.User(), p.Password())
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}

// Two PBXes run at once, each answers at its own address, and the
// configuration that huawu prints loads without a complaint.
func TestSeveralAtOnce(t *testing.T) {
	var both [2]*pbx.PBX
	var wg sync.WaitGroup
	for i := range both {
		wg.Go(func() {
			p, err := pbx.Start(t.Context(), pbx.Options{Phones: 3, Standing: []pbx.Standing{{Name: "2001", Contact: "127.0.0.9:5060"}}})
			if err != nil {
				t.Error(err)
				return
			}
			both[i] = p
		})
	}
	wg.Wait()
	for _, p := range both {
		if p == nil {
			continue
		}
		defer func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(p.Dir()); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left behind: %v", p.Dir(), err)
			}
		}()
		if got := ask(t, p); got != http.StatusOK {
			t.Errorf("ARI at %s answers %d", p.ARI(), got)
		}
		out, err := p.CLI(t.Context(), "pjsip show endpoints")
		if err != nil || !strings.Contains(out, "1003") || !strings.Contains(out, "2001") || !strings.Contains(out, "trunk") {
			t.Errorf("endpoints: %v\n%s", err, out)
		}
		if log := p.Log(); strings.Contains(log, " WARNING[") || strings.Contains(log, " ERROR[") {
			t.Errorf("the log complains:\n%s", log)
		}
	}
	if both[0] != nil && both[1] != nil && both[0].SIP() == both[1].SIP() {
		t.Errorf("both are at %s", both[0].SIP())
	}
}

// What stands on disk and the addresses outlive the program.
func TestKillAndBoot(t *testing.T) {
	p := pbx.Open(t, pbx.Options{})
	before := p.PID()
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, p); got != 0 || p.PID() != 0 {
		t.Fatalf("after Kill: ARI answers %d, pid %d", got, p.PID())
	}
	if err := p.Boot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, p); got != http.StatusOK || p.PID() == before || p.PID() == 0 {
		t.Errorf("after Boot: ARI answers %d, pid %d, was %d", got, p.PID(), before)
	}
}

// A failure to start is told with what Asterisk said, and nothing stays behind.
func TestStartFails(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	program, err := pbx.Find()
	if err != nil {
		t.Fatal(err)
	}
	program.Path = filepath.Join(temp, "broken")
	if err := os.WriteFile(program.Path, []byte("#!/bin/sh\necho the disk is on fire\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = pbx.Start(t.Context(), pbx.Options{Program: program})
	if err == nil || !strings.Contains(err.Error(), "the disk is on fire") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("start a broken program: %v", err)
	}
	_, err = pbx.Start(t.Context(), pbx.Options{Provision: ari.Provision{Prefix: "not a name"}})
	if err == nil || !strings.Contains(err.Error(), "Prefix") {
		t.Errorf("start with a bad provision: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "huawu-pbx-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pbx.Start(ctx, pbx.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("start with a cancelled context: %v", err)
	}
}
