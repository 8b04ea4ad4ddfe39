//go:build asterisk

package machines

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit is how long the tests may take on one machine, built and run.
const limit = 4 * time.Minute

// The tests that hold decisions to bytes: journals that were written elsewhere
// and long ago, transcripts of the whole centre and of the ACD alone, and days
// of trouble, of which the digests are compared.
var suites = []struct{ pkg, run string }{
	{"./test/sim", "^(TestTranscripts|TestDigest)$"},
	{"./test/replay", "^TestOld"},
	{"./routing", "Transcript"},
	{"./scripts/flow", "Transcript"},
}

var digests = regexp.MustCompile(`digest \d+ [0-9a-f]{64}`)

// TestDecisionsAreTheSameOnEveryMachine runs them on amd64, arm64 (under qemu's
// user-mode emulation where this machine is none) and 386.
func TestDecisionsAreTheSameOnEveryMachine(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, arch := range []string{"amd64", "arm64", "386"} {
		t.Run(arch, func(t *testing.T) {
			runner := runner(t, arch) // before what takes long
			var got []string
			for _, s := range suites {
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				program := filepath.Join(t.TempDir(), "suite.test")
				build := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, s.pkg)
				build.Dir = root
				build.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=")
				if out, err := build.CombinedOutput(); err != nil {
					t.Fatalf("build %s: %v\n%s", s.pkg, err, out)
				}
				line := append(slices.Clone(runner), program, "-test.v", "-test.run="+s.run)
				run := exec.CommandContext(ctx, line[0], line[1:]...)
				run.Dir = filepath.Join(root, s.pkg)
				out, err := run.CombinedOutput()
				if err != nil || !strings.Contains(string(out), "--- PASS") {
					t.Fatalf("%s on %s: %v\n%s", s.pkg, arch, err, out)
				}
				got = append(got, digests.FindAllString(string(out), -1)...)
			}
			switch {
			case len(got) == 0:
				t.Error("no digest was told")
			case want == nil:
				want = got
			case fmt.Sprint(got) != fmt.Sprint(want):
				t.Errorf("decided\n%s\nwant, as on amd64,\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// runner is what runs a program of that machine here: itself, or qemu.
func runner(t *testing.T, arch string) []string {
	t.Helper()
	switch {
	case arch == runtime.GOARCH, arch == "386" && runtime.GOARCH == "amd64":
		return nil
	}
	name := map[string]string{"arm64": "qemu-aarch64", "amd64": "qemu-x86_64", "386": "qemu-i386"}[arch]
	for _, n := range []string{name, name + "-static"} {
		if path, err := exec.LookPath(n); err == nil {
			return []string{path}
		}
	}
	t.Fatalf("no %s on PATH: run deploy/qemu.sh, or install qemu's user-mode emulation", name)
	return nil
}
