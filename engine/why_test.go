package engine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// moment is what was said of a call at an instant.
type moment struct {
	at   time.Time
	said string
}

// TestWhyOfThePast asks about a call at every moment that there was, over
// several journal files, starts and a kill -9: the answer is the one that was
// given then.
func TestWhyOfThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, store := t.TempDir(), &fakeStore{}
		var q center.Question
		var moments []moment
		for run := range 3 {
			sw := newFake("a")
			b := start(t, dir, func(o *Options) {
				o.Store, o.CheckpointInputs, o.CheckpointEvery, o.Segment = store, 7, time.Hour, 3000
			}, sw)
			for i := range 12 {
				sw.arrives(run*100 + i)
				b.settled()
				if q.Call == "" {
					b.until("the store knows the call", func() bool { return len(store.kinds(fact.CallOffered)) > 0 })
					q.Call = store.kinds(fact.CallOffered)[0].Call
				}
				synctest.Wait()
				a, err := b.Why(t.Context(), q, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				if a.At != b.Clock().Now() || a.Wall != time.Now().UnixMilli() {
					t.Errorf("answered as of %d, %d, want the present", a.At, a.Wall)
				}
				moments = append(moments, moment{time.Now(), a.Call.Node})
				time.Sleep(1500 * time.Millisecond) // of the bubble's clock: the next moment to ask about
				synctest.Wait()
			}
			for _, m := range moments {
				a, err := b.Why(t.Context(), q, m.at)
				if err != nil || a.Call.Node != m.said || a.Wall != m.at.UnixMilli() {
					t.Errorf("run %d: of %s: %+v, %v, want %s", run, m.at, a, err, m.said)
				}
			}
			// Between two inputs nothing has changed but how long it lasts.
			last := moments[len(moments)-1]
			a, err := b.Why(t.Context(), q, last.at.Add(300*time.Millisecond))
			if err != nil || a.Call.Node != last.said || a.Call.Lasted < 300 {
				t.Errorf("a moment later: %+v, %v", a.Call, err)
			}
			if _, err := b.Why(t.Context(), q, time.Now().Add(time.Minute)); !errors.Is(err, center.ErrInvalid) {
				t.Errorf("of the future: %v", err)
			}
			if _, err := b.Why(t.Context(), center.Question{Call: "nobody"}, moments[0].at); !errors.Is(err, center.ErrNotFound) {
				t.Errorf("of nobody: %v", err)
			}
			if run == 1 {
				copied := filepath.Join(t.TempDir(), "copy")
				copyDir(t, dir, copied)
				b.stop()
				dir = copied
			} else {
				b.stop()
			}
			if _, err := b.Why(t.Context(), q, time.Time{}); !errors.Is(err, ErrStopped) {
				t.Errorf("of an engine that has stopped: %v", err)
			}
			time.Sleep(10 * time.Second) // of the bubble's clock: huawu is away for so long
		}
	})
}

func TestPastBeforeTheJournalIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) {
			o.CheckpointInputs, o.CheckpointEvery, o.Segment, o.Keep = 5, time.Hour, 2000, Retention{Files: 2}
		}, sw)
		defer b.stop()
		q := center.Question{Call: "c"}
		b.settled()
		began := time.Now()
		if _, err := b.Why(t.Context(), q, began.Add(-time.Hour)); !errors.Is(err, ErrGone) {
			t.Errorf("before the first input: %v, want ErrGone", err)
		} else if want := "why at " + began.Add(-time.Hour).Format(time.RFC3339) + ": "; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("says %v, want %q first", err, want)
		}
		if _, err := b.Why(t.Context(), q, began); !errors.Is(err, center.ErrNotFound) {
			t.Errorf("of a call that nobody knows: %v", err)
		}
		for i := range 60 {
			sw.arrives(i)
			time.Sleep(time.Second) // of the bubble's clock: calls come one a second
			b.settled()
		}
		if len(b.journal.listed(0)) > 3 {
			t.Fatalf("%d files are kept", len(b.journal.listed(0)))
		}
		if _, err := b.Why(t.Context(), q, began); !errors.Is(err, ErrGone) {
			t.Errorf("before the journal: %v, want ErrGone", err)
		}
		// One question about the past at a time; the present is answered still.
		b.past <- struct{}{}
		if _, err := b.Why(t.Context(), q, time.Now()); !errors.Is(err, ErrBusy) {
			t.Errorf("two at a time: %v, want ErrBusy", err)
		}
		<-b.past
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, at := range []time.Time{{}, time.Now()} {
			if _, err := b.Why(ctx, q, at); !errors.Is(err, context.Canceled) {
				t.Errorf("when nobody waits any more: %v", err)
			}
		}
	})
}

// TestCheckpointsAreKeptPerFile goes through several files of a journal: each
// that is kept has a checkpoint to reach its inputs by.
func TestCheckpointsAreKeptPerFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, sw := t.TempDir(), newFake("a")
		b := start(t, dir, func(o *Options) {
			o.CheckpointInputs, o.CheckpointEvery, o.Segment, o.Keep = 4, time.Hour, 4000, Retention{Files: 5}
		}, sw)
		for i := range 120 {
			sw.arrives(i)
			b.settled()
		}
		b.stop()
		files := b.journal.listed(0)
		list, err := checkpoints(dir)
		if err != nil || len(files) < 5 || len(files) > 6 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, s := range files {
			if s.last > s.head.After && !slices.ContainsFunc(list, func(seq uint64) bool { return seq > s.head.After && seq <= s.last }) {
				t.Errorf("inputs %d to %d have none of checkpoints %v", s.head.First, s.last, list)
			}
		}
		if len(list) > len(files)+checkpointsKept {
			t.Errorf("%d checkpoints of %d files", len(list), len(files))
		}
		// They give way where they would take more than the journal may.
		if kept := history(dir, list, files); len(kept) == 0 {
			t.Error("no history")
		}
		big := checkpointPath(dir, list[0])
		if err := os.Truncate(big, historyBytes+1<<20); err != nil {
			t.Fatal(err)
		}
		if kept := history(dir, list, files); slices.Contains(kept, list[0]) || len(kept) == 0 {
			t.Errorf("of checkpoints %v, the first a giant, %v are kept", list, kept)
		}
	})
}

func TestCheckpointsAreCompressed(t *testing.T) {
	dir := t.TempDir()
	seal, err := openSealer(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	state := bytes.Repeat([]byte(`{"agent":"1001"}`), 1000)
	want := checkpoint{seq: 9, at: 7, epoch: "e", state: state}
	if err := saveCheckpoint(dir, seal, want); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(checkpointPath(dir, 9))
	if err != nil || len(text) > len(state)/10 {
		t.Errorf("%d bytes of %d: %v", len(text), len(state), err)
	}
	if got, err := loadCheckpoint(dir, seal, 9); err != nil || got.seq != 9 || got.at != 7 || !bytes.Equal(got.state, state) {
		t.Errorf("loaded %d bytes, %v", len(got.state), err)
	}
	// Those that an earlier version wrote are not compressed.
	head, err := appendHeader(nil, checkpointMagic, checkpointHeader{Version: checkpointVersion, Epoch: "e", Seq: 10, At: 8})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, checkpointPath(dir, 10), append(head, seal.seal(state, head)...))
	if got, err := loadCheckpoint(dir, seal, 10); err != nil || !bytes.Equal(got.state, state) {
		t.Errorf("loaded %d bytes, %v", len(got.state), err)
	}
}
