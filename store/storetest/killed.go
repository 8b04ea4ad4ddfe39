package storetest

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/store"
)

// projectorDSN names the database of a process that is to be killed.
const projectorDSN = "HUAWU_STORETEST_PROJECTOR"

// Main is the TestMain of a package that calls Exercise: the suite starts the
// test's own program once more to have a projector that it can kill. It also
// checks that no goroutine is left.
func Main(m *testing.M) {
	if dsn := os.Getenv(projectorDSN); dsn != "" {
		fmt.Fprintln(os.Stderr, project(dsn))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// project applies one input after the other, telling each when it is in, until
// it is killed.
func project(dsn string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, seq, err := s.Applied(ctx)
	for ; err == nil; seq++ {
		if err = s.Apply(ctx, inputAt("e", seq+1)); err == nil {
			fmt.Println(seq + 1)
		}
	}
	return err
}

func projectorKilled(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	program, err := os.Executable()
	must(t, err)
	s := open(t, dsn)
	var told uint64
	for _, inputs := range []int{1, 7, 30} {
		child := exec.Command(program, "-test.run=^$")
		child.Env = append(os.Environ(), projectorDSN+"="+dsn)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		lines := bufio.NewScanner(out)
		for range inputs {
			if !lines.Scan() {
				t.Fatalf("the projector ended by itself: %v", child.Wait())
			}
		}
		must(t, child.Process.Signal(syscall.SIGKILL))
		told, err = strconv.ParseUint(lines.Text(), 10, 64)
		must(t, err)
		for lines.Scan() { // what it had told before it died
			told, err = strconv.ParseUint(lines.Text(), 10, 64)
			must(t, err)
		}
		_ = child.Wait() // "signal: killed"
		// Sent again, as a projector would that has had no answer; it also waits
		// for what a server may still be doing for the dead.
		must(t, s.Apply(t.Context(), inputAt("e", told)))
		_, seq, err := s.Applied(t.Context())
		must(t, err)
		if seq != told && seq != told+1 {
			t.Fatalf("the cursor is at %d after the projector told %d", seq, told)
		}
		wholeHistory(t, t.Context(), s, "e", seq)
	}
}
