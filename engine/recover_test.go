package engine

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func state(t testing.TB, m Machine) string {
	t.Helper()
	b, err := m.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// busy has things happen on a switch, as chance will have it.
func busy(b *bench, sw *fakeSwitch, chance *rand.Rand, steps int) {
	for range steps {
		n := chance.IntN(12)
		switch chance.IntN(5) {
		case 0, 1:
			sw.arrives(n)
		case 2:
			sw.key(n, []string{"1", "*", "7"}[chance.IntN(3)])
		case 3:
			sw.ends(n)
		default:
			time.Sleep(time.Duration(chance.IntN(900)) * time.Millisecond)
		}
	}
}

// TestAKillAtAnyMomentLosesNothing copies the directory of a running engine, as
// a kill -9 would leave it, and starts another on the copy.
func TestAKillAtAnyMomentLosesNothing(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			dir, store := t.TempDir(), &fakeStore{}
			sw := newFake("a")
			change := func(o *Options) {
				o.Store, o.Segment, o.CheckpointInputs = store, 4000, 15
			}
			b := start(t, dir, change, sw)
			for round := range 4 {
				b.settled()
				busy(b, sw, rand.New(rand.NewPCG(seed, uint64(round))), 60)
				b.until("the inbox is empty", func() bool { n, _ := b.inbox.load(); return n == 0 })
				synctest.Wait()
				copied := filepath.Join(t.TempDir(), "copy")
				copyDir(t, dir, copied)
				at := b.Stats().Seq
				b.stop()

				o, _ := options(t, copied)
				change(&o)
				again := open(t, o)
				live := state(t, again.machine)
				fromScratch := newToy()
				r := newReader(again.seal, again.journal.listed, 0)
				for {
					entries, err := r.read(100)
					if err != nil && again.journal.segments[0].head.After == 0 {
						t.Fatal(err)
					}
					if len(entries) == 0 {
						break
					}
					for _, e := range entries {
						fromScratch.Step(e.at, e.in)
					}
				}
				if err := r.close(); err != nil {
					t.Error(err)
				}
				if again.seq != at+bootSkip {
					t.Errorf("seed %d: goes on after input %d, want %d", seed, again.seq, at+bootSkip)
				}
				if again.journal.segments[0].head.After == 0 && state(t, fromScratch) != live {
					t.Errorf("seed %d: recovered\n%s\nreplayed\n%s", seed, live, state(t, fromScratch))
				}
				if err := again.Close(); err != nil {
					t.Error(err)
				}
				// Go on from the copy: what the store has must still fit.
				dir = copied
				sw = newFake("a")
				b = start(t, dir, change, sw)
			}
			b.settled()
			b.stop()
			store.inOrder(t)
			ended := map[fact.CallID]int{}
			for _, r := range store.records {
				ended[r.Call]++
			}
			for call, n := range ended {
				if n != 1 {
					t.Errorf("seed %d: call %s has %d records", seed, call, n)
				}
			}
			if store.seq != b.Stats().Seq {
				t.Errorf("seed %d: store is at %d, journal at %d", seed, store.seq, b.Stats().Seq)
			}
		})
	}
}

func TestNoTimerFiresBeforeTheSwitchesAreHeard(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, nil, sw)
		sw.arrives(1)
		b.settled()
		b.stop()
	})
	// The timer of leg 1 is long due at the next start.
	first := func(t *testing.T, sw *fakeSwitch) (kinds []fact.Kind, after time.Duration) {
		copied := filepath.Join(t.TempDir(), "copy")
		copyDir(t, dir, copied)
		b := start(t, copied, func(o *Options) {
			o.Wall = func() time.Time { return time.Now().Add(time.Hour) }
		}, sw)
		defer b.stop()
		began := time.Now()
		b.events(func(e fact.Sequenced) bool {
			kinds = append(kinds, e.Event.Kind)
			after = time.Since(began)
			return e.Event.Kind == fact.NormBroken
		})
		if h := b.Health(); !h.Recovered {
			t.Errorf("timers run, and health says %+v", h)
		}
		return kinds, after
	}
	synctest.Test(t, func(t *testing.T) {
		kinds, after := first(t, newFake("a"))
		if len(kinds) != 2 || kinds[0] != fact.SwitchUp || after > time.Second {
			t.Errorf("switch up: %v after %v, want the Up and then the timer at once", kinds, after)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		sw.silent = true
		kinds, after := first(t, sw)
		if len(kinds) != 2 || kinds[0] != fact.SwitchDown || after < upLimit || after > upLimit+time.Second {
			t.Errorf("switch silent: %v after %v, want Down after %v and then the timer", kinds, after, upLimit)
		}
	})
}

func TestEffectsOfReplayedInputsAreNotSentAgain(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, nil, sw)
		sw.arrives(1)
		b.settled()
		b.stop()
	})
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, nil, sw)
		b.settled()
		sw.arrives(2)
		b.settled()
		b.stop()
		if got := sw.commands(); len(got) != 1 || got[0] != (media.Answer{Leg: "a/2"}) {
			t.Errorf("sent %v, want the Answer of leg 2 alone", got)
		}
		v, _ := b.View()
		if len(v.Calls) != 2 || v.Calls[0].ID == v.Calls[1].ID {
			t.Errorf("calls %+v, want the old and the new one, with ids of their own", v.Calls)
		}
	})
}

func TestSensitiveKeysAreSealed(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, func(o *Options) { o.CheckpointInputs = 1 }, sw)
		sw.arrives(1)
		for _, k := range []string{"1", "*", "D", "C", "*", "2"} {
			sw.key(1, k)
		}
		b.settled()
		b.stop()
		if n := b.Stats().Checkpoints; n == 0 {
			t.Error("no checkpoint was written")
		}
	})
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() != keyName && (bytes.Contains(text, []byte(`"key":"D"`)) || bytes.Contains(text, []byte("1*DC"))) {
			t.Errorf("%s holds the secret in the clear", f.Name())
		}
		if strings.HasPrefix(f.Name(), "journal-") && bytes.Count(text, []byte(`"key":"`)) != 3 && bytes.Count(text, []byte(`"key":"`)) != 0 {
			t.Errorf("%s shows %d keys, want the three that are no secret", f.Name(), bytes.Count(text, []byte(`"key":"`)))
		}
	}
	o, _ := options(t, dir)
	e := open(t, o)
	defer e.Close()
	if l := e.machine.(*toy).leg("a/1"); l == nil || l.Keys != "1*DC*2" {
		t.Errorf("recovered leg %+v, want the keys 1*DC*2", l)
	}
}

func TestADamagedCheckpointIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	var want string
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, func(o *Options) { o.CheckpointInputs, o.CheckpointEvery = 5, time.Hour }, sw)
		for i := range 30 {
			sw.arrives(i)
			b.settled()
		}
		b.stop()
		o, _ := options(t, dir)
		e := open(t, o)
		want = state(t, e.machine)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	})
	list, err := checkpoints(dir)
	if err != nil || len(list) != checkpointsKept {
		t.Fatalf("checkpoints %v (%v), want %d", list, err, checkpointsKept)
	}
	newestPath := checkpointPath(dir, list[1])
	text, err := os.ReadFile(newestPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range [][]byte{text[:10], text[:len(text)-1], append(bytes.Clone(text), 0), {}} {
		writeFile(t, newestPath, damage)
		o, log := options(t, dir)
		e := open(t, o)
		if got := state(t, e.machine); got != want {
			t.Errorf("recovered %s, want %s", got, want)
		}
		if log.count("checkpoint cannot be used") != 1 {
			t.Error("nothing was said of the damaged checkpoint")
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, seq := range list {
		writeFile(t, checkpointPath(dir, seq), nil)
	}
	if err := os.Remove(journalFiles(t, dir)[0]); err != nil {
		t.Fatal(err)
	}
	o, _ := options(t, dir)
	if _, err := New(o); !errors.Is(err, errMissing) {
		t.Errorf("no checkpoint and no beginning: %v, want errMissing", err)
	}
}

func TestACleanEndSkipsNoNumbers(t *testing.T) {
	dir := t.TempDir()
	var last uint64
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, dir, nil, newFake("a"))
			b.settled()
			b.stop()
			if last > 0 && b.journal.segments[len(b.journal.segments)-1].head.First != last+1 {
				t.Errorf("began with %d after %d", b.journal.segments[len(b.journal.segments)-1].head.First, last)
			}
			last = b.Stats().Seq
		})
	}
}

func TestAStoreAheadOfTheJournalMissesNothingNew(t *testing.T) {
	dir := t.TempDir()
	store := &fakeStore{}
	synctest.Test(t, func(t *testing.T) {
		b := start(t, dir, func(o *Options) { o.Store = store }, newFake("a"))
		b.settled()
		b.stop()
		store.epoch, store.seq = b.Epoch(), 5_000_000 // the directory is an old backup
	})
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, dir, func(o *Options) { o.Store = store }, sw)
		before := len(store.kinds(fact.CallOffered))
		sw.arrives(1)
		b.settled()
		b.until("the call is stored", func() bool { return len(store.kinds(fact.CallOffered)) == before+1 })
		b.stop()
		if b.log.count("store is ahead") != 1 {
			t.Error("nothing was said of the store that is ahead")
		}
	})
}

func TestReplayGivesTheSameEffects(t *testing.T) {
	dir := t.TempDir()
	const url, known = "https://crm.example.com/of/wang", "wang owes 12.50"
	for round := range 4 {
		synctest.Test(t, func(t *testing.T) {
			sw := newFake("a")
			b := start(t, dir, func(o *Options) {
				o.EffectLog, o.CheckpointInputs, o.Segment = true, 20, 5000
				o.Lookup = lookup(func(_ context.Context, _ fact.AgentID, pin string) (bool, error) { return pin == "4711", nil })
				o.Enquirer = enquirer(func(_ context.Context, q center.Enquiry) (center.Fetched, error) {
					if q.URL != url || q.Body[0].Value != url {
						t.Errorf("asked %+v", q)
					}
					return center.Fetched{Values: []string{known}}, nil
				})
			}, sw)
			busy(b, sw, rand.New(rand.NewPCG(9, uint64(round))), 80)
			for _, reason := range []string{"4711", url} {
				if _, err := b.Ask(t.Context(), "op", center.NotReady{Agent: "1", Reason: routingReason(reason)}); err != nil {
					t.Error(err)
				}
			}
			b.settled()
			b.stop()
		})
		if round == 1 { // as if the process had died while it wrote its effects
			path := filepath.Join(dir, effectLogName)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, path, text[:len(text)-len(text)/5])
		}
	}
	want, err := os.ReadFile(filepath.Join(dir, effectLogName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(want, []byte("4711")) || !bytes.Contains(want, []byte("hmac:")) {
		t.Error("the effect log shows a PIN")
	}
	if bytes.Contains(want, []byte("wang")) || !bytes.Contains(want, []byte(`"enquiry"`)) {
		t.Error("the effect log shows of whom another system was asked")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(filepath.Join(dir, f.Name())); err != nil || bytes.Contains(text, []byte(known)) {
			t.Errorf("%s shows what another system knows, %v", f.Name(), err)
		}
	}
	var got bytes.Buffer
	done, err := Replay(ReplayOptions{Dir: dir, New: newToy, Restore: restoreToy, Log: quiet}, &got)
	if err != nil {
		t.Fatal(err)
	}
	if done.First != 1 || done.Inputs < 100 || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("replayed %+v to %d bytes, the run wrote %d: want the same", done, got.Len(), len(want))
	}
}
