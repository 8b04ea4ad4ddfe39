package replay

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

// The files of testdata were written by the first huawu: old.journal is the day of
// TestReplayGivesTheSameEffects with its two deaths, effects.log what came of
// it, and old.checkpoint the centre after oldSteps of its inputs, when one
// caller talks and a phone rings for another. What huawu once wrote it reads
// for ever, and makes the same of it; later ones tell more: the direction of a
// call that arrives, and the norms.
const oldSteps = 99

func TestOldJournalGivesTheSameEffects(t *testing.T) {
	want := read(t, "testdata/old.journal/effects.log")
	for _, c := range []struct {
		name  string
		fresh func() engine.Machine
		norms bool
	}{
		{"whole", newMachine, true},
		// The norms know no call that began before them.
		{"from the old checkpoint", func() engine.Machine {
			return &relieved{Machine: newMachine(), t: t, after: oldSteps, checkpoint: read(t, "testdata/old.checkpoint")}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := oldDirectory(t)
			var got bytes.Buffer
			done, err := engine.Replay(engine.ReplayOptions{Dir: dir, New: c.fresh, Restore: restore, Log: slog.New(slog.DiscardHandler)}, &got)
			if err != nil {
				t.Fatal(err)
			}
			if done.Checkpoint != 0 || done.Inputs <= oldSteps {
				t.Errorf("replayed %+v: want the journal from its beginning, and more than %d inputs", done, oldSteps)
			}
			lines, wanted := linesOf(got.Bytes(), c.norms), linesOf(want, c.norms)
			for i := range wanted {
				if i >= len(lines) || !bytes.Equal(lines[i], wanted[i]) {
					t.Fatalf("%d lines of effects, want %d; the first that differs is %d:\n%s\nwant\n%s", len(lines), len(wanted), i+1, lines[min(i, len(lines)-1)], wanted[i])
				}
			}
			if len(lines) != len(wanted) {
				t.Fatalf("%d lines of effects, want %d", len(lines), len(wanted))
			}
		})
	}
}

// linesOf are the effects, one a line, with those of norms, or without them and
// then without the place of each among the effects of its step, too.
func linesOf(log []byte, norms bool) [][]byte {
	lines := bytes.Split(log, []byte("\n"))
	if norms {
		return lines
	}
	lines = slices.DeleteFunc(lines, func(line []byte) bool {
		return bytes.Contains(line, []byte(`"kind":"norm.`)) || bytes.Contains(line, []byte(`{"AddCount":`))
	})
	for i, line := range lines {
		if f := bytes.SplitN(line, []byte(" "), 3); len(f) == 3 {
			lines[i] = bytes.Join([][]byte{f[0], f[2]}, []byte(" "))
		}
	}
	return lines
}

// oldDirectory is the old journal as a data directory, its key readable by its
// owner alone.
func oldDirectory(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "old")
	if err := os.CopyFS(dir, os.DirFS("testdata/old.journal")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// relieved is a machine that another takes over from after some steps, by a
// checkpoint.
type relieved struct {
	engine.Machine
	t          *testing.T
	after      int
	checkpoint []byte
}

func (r *relieved) Step(at fact.Instant, in center.Input) []center.Effect {
	out := r.Machine.Step(at, in)
	if r.after--; r.after == 0 {
		next, err := restore(r.checkpoint)
		if err != nil {
			r.t.Error(err)
			return out
		}
		r.Machine = next
	}
	return out
}
