package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/rig"
)

// No two who may be heard together sound alike.
func TestTonesApart(t *testing.T) {
	all := []float64{pbx.MusicTone}
	for _, g := range guests() {
		all = append(all, g.tone)
	}
	for _, a := range staff() {
		all = append(all, a.tone)
	}
	slices.Sort(all)
	for i := 1; i < len(all); i++ {
		if all[i]-all[i-1] < 50 {
			t.Errorf("%g Hz and %g Hz are too close", all[i-1], all[i])
		}
	}
}

func TestFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	seen := map[string]bool{}
	for range 4 {
		path, err := folder("", "demo")
		if err != nil || seen[path] {
			t.Fatalf("folder %q, %v: it was given out before, or cannot be had", path, err)
		}
		seen[path] = true
		defer os.RemoveAll(path) // it may be among the temporary files
	}
	if _, err := folder(strings.Repeat("x", 100), "demo"); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a folder too long for Asterisk: %v", err)
	}
	// Where run/ does not do, there is another place.
	t.Chdir(t.TempDir())
	if err := os.WriteFile("run", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := folder("", "demo")
	if err != nil || !strings.HasPrefix(path, os.TempDir()) {
		t.Errorf("folder %q, %v", path, err)
	}
	os.RemoveAll(path)
}

// The accounts stay what they are, so that softphones go on working.
func TestSoftphones(t *testing.T) {
	path := filepath.Join(t.TempDir(), "softphones.json")
	one, err := softphones(path)
	if err != nil {
		t.Fatal(err)
	}
	two, err := softphones(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1001", "1002", "1003", "9001", "9002"} {
		if one[name].Password == "" || one[name] != two[name] {
			t.Errorf("%s has %+v, then %+v", name, one[name], two[name])
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of passwords: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := softphones(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken file: %v", err)
	}
}

func TestPlace(t *testing.T) {
	if a, err := place(loopback); err != nil || a != (address{loopback, 0}) {
		t.Errorf("%+v, %v", a, err)
	}
	for host, api := range map[string]string{loopback: "127.0.0.1:8080", "127.0.0.7": "127.0.0.7:8080", "192.0.2.2": "127.0.0.1:8080", "0.0.0.0": "127.0.0.1:8080"} {
		if got := (address{host: host}).api(); got != api {
			t.Errorf("the API beside %s is at %s", host, got)
		}
	}
	for text, part := range map[string]string{
		"nonsense": "want an IPv4 address", "::1": "want an IPv4 address", "203.0.113.9": "not an address of this machine",
		"127.0.0.1:0": "from 1 to 65535", "127.0.0.1:x": "from 1 to 65535", "": "want an IPv4 address",
	} {
		if _, err := place(text); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("place(%q): %v, want %q", text, err, part)
		}
	}
}

// Waiting takes up what was told before and what comes, and ends with the
// stream.
func TestAwait(t *testing.T) {
	s := newStory(func(rig.Event) {})
	is := func(k fact.Kind) func(rig.Event) bool { return func(e rig.Event) bool { return e.Kind == k } }
	s.events = mainRoad()[:1]
	if e, err := s.await(t.Context(), "a call", is(fact.CallOffered)); err != nil || e.From != "138" {
		t.Errorf("what was told before: %+v, %v", e, err)
	}
	found := make(chan error)
	go func() {
		_, err := s.await(t.Context(), "the end", is(fact.CallEnded))
		found <- err
	}()
	s.mu.Lock()
	s.events = append(s.events, mainRoad()[1:]...)
	s.wake()
	s.mu.Unlock()
	if err := <-found; err != nil {
		t.Errorf("what comes: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.await(ctx, "nothing", is("never")); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
	s.over = errStream
	if _, err := s.await(t.Context(), "nothing", is("never")); !errors.Is(err, errStream) {
		t.Errorf("after the stream's end: %v", err)
	}
	if calls := s.calls(); !slices.Equal(calls, []fact.CallID{"c-1"}) {
		t.Errorf("calls %v", calls)
	}
}

func TestUsage(t *testing.T) {
	for _, k := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-help"}, 0, "-stay"},
		{[]string{"-nonsense"}, exitUsage, "nonsense"},
		{[]string{"calls"}, exitUsage, `"calls" is not understood`},
		{[]string{"-stay", "-host", "nowhere"}, exitMissing, `host "nowhere"`},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), k.args, &out, &errs); code != k.code || !strings.Contains(errs.String(), k.says) {
			t.Errorf("%q: exit code %d, %s", k.args, code, errs.String())
		}
	}
	t.Setenv("HUAWU_ASTERISK", filepath.Join(t.TempDir(), "nowhere"))
	var out, errs bytes.Buffer
	if code := run(t.Context(), nil, &out, &errs); code != exitMissing || !strings.Contains(errs.String(), "no usable Asterisk") {
		t.Errorf("without an Asterisk: exit code %d, %s", code, errs.String())
	}
}
