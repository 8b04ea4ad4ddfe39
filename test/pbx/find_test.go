package pbx

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	for said, want := range map[string]string{
		"Asterisk 22.10.1~dfsg+~cs6.17\n": "22.10.1",
		"Asterisk 22.4.0":                 "22.4.0",
		"Asterisk 23.0.0-rc1":             "23.0.0",
		"Asterisk certified-22.8-cert1":   "22.8",
		"Asterisk 22.3.1":                 "",
		"Asterisk 20.19.0":                "",
		"Asterisk 16.28.0~dfsg-0":         "",
		"Asterisk of unknown origin":      "",
	} {
		got, err := version(said)
		if got != want || (want == "") != errors.Is(err, ErrNoAsterisk) {
			t.Errorf("version(%q) = %q, %v; want %q", said, got, err, want)
		}
	}
}

// A named Asterisk that is too old is refused, and the reason names both.
func TestFindRefusesWhatIsTooOld(t *testing.T) {
	old := filepath.Join(t.TempDir(), "asterisk")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho Asterisk 18.1.0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HUAWU_ASTERISK", old)
	_, err := Find()
	if !errors.Is(err, ErrNoAsterisk) {
		t.Fatalf("Find with an Asterisk 18: %v", err)
	}
	for _, part := range []string{"HUAWU_ASTERISK", old, "18.1.0", "22.4"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not mention %s: %v", part, err)
		}
	}
}

func TestFindNamesWhatIsMissing(t *testing.T) {
	t.Setenv("HUAWU_ASTERISK", filepath.Join(t.TempDir(), "nowhere"))
	if _, err := Find(); !errors.Is(err, ErrNoAsterisk) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("Find of a path that is not there: %v", err)
	}
}

// Blocks do not overlap while they are held, and a taken port is evaded.
func TestBlocks(t *testing.T) {
	seen := map[string]bool{}
	for range 50 {
		b, err := claimBlock()
		if err != nil {
			t.Fatal(err)
		}
		defer b.claim.Close()
		if seen[b.prefix] {
			t.Fatalf("%s was given out twice", b.prefix)
		}
		seen[b.prefix] = true
	}
	b, err := claimBlock()
	if err != nil {
		t.Fatal(err)
	}
	defer b.claim.Close()
	free, err := b.port(hostPBX, "tcp4", 0)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", net.JoinHostPort(b.host(hostPBX), "8088"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other, err := b.port(hostPBX, "tcp4", 8088)
	if err != nil || other == 8088 || free == 0 {
		t.Errorf("port with 8088 taken = %d, %v", other, err)
	}
}
