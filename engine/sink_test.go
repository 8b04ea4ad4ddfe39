package engine

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/fact"
)

func TestAStoreThatWasAwayMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &fakeStore{}
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) {
			// The tape holds little and checkpoints and files are many, so
			// that the journal must be read again.
			o.Store, o.Ring, o.CheckpointInputs, o.Segment, o.Keep = store, 20, 25, 3000, Retention{Files: 1, Bytes: 1, Age: 1}
		}, sw)
		chance := rand.New(rand.NewPCG(1, 1))
		busy(b, sw, chance, 100)
		b.settled()
		b.until("the store is there", func() bool { _, seq, _ := store.Applied(t.Context()); return seq > 0 })
		store.set(errAway, nil)
		busy(b, sw, chance, 600)
		b.settled()
		time.Sleep(time.Minute)
		h := b.Health()
		if h.Store.OK || !h.Ready || h.Store.Behind == 0 || h.Store.For < time.Minute || !strings.Contains(h.Store.Error, errAway.Error()) {
			t.Errorf("health %+v, want ready, and the store's trouble", h)
		}
		if n := b.log.count("sink is away"); n != 1 {
			t.Errorf("said %d times, want once", n)
		}
		files := b.Stats().JournalFiles
		store.set(nil, errAway) // the first batch is taken in, and its answer lost
		b.until("the store has caught up", func() bool { return b.Stats().StoreBehind == 0 })
		if b.log.count("the journal is read again") == 0 {
			t.Error("the journal was not read again")
		}
		busy(b, sw, chance, 100)
		b.settled()
		time.Sleep(time.Minute)
		busy(b, sw, chance, 60)
		b.settled()
		time.Sleep(time.Minute)
		if left := b.Stats().JournalFiles; left > 4 || left >= files {
			t.Errorf("%d files left of %d, want only what recovery needs", left, files)
		}
		want := map[fact.Kind]int{}
		b.stop()
		if store.twice != 1 {
			t.Errorf("%d batches came twice, want one", store.twice)
		}
		store.inOrder(t)
		for _, e := range store.events {
			want[e.Event.Kind]++
		}
		if want[fact.CallOffered] == 0 || want[fact.CallEnded] != len(store.records) || len(store.records) != len(store.wrapups) || len(store.records) != len(store.counted) {
			t.Errorf("stored %v with %d records, %d wrap-ups and %d counts", want, len(store.records), len(store.wrapups), len(store.counted))
		}
		if h := b.Health(); !h.Store.OK || store.seq != b.Stats().Seq {
			t.Errorf("store at %d of %d: %+v", store.seq, b.Stats().Seq, h.Store)
		}
	})
}

// A batch is bounded, what is written a second is not: a store that answers at
// once is up to date soon after however much came.
func TestTheStoreKeepsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, sw := &fakeStore{}, newFake("a")
		b := start(t, t.TempDir(), func(o *Options) { o.Store = store }, sw)
		b.settled()
		const calls = 4 * batchFacts
		for i := range calls {
			sw.arrives(i)
			sw.ends(i)
		}
		time.Sleep(linger + followLinger + time.Second)
		if n := len(store.kinds(fact.CallEnded)); n != calls {
			t.Errorf("%d of %d calls are in the store", n, calls)
		}
		b.stop()
	})
}

// Who reads the store finds what has just happened, however long facts wait for
// each other otherwise; while the store is away nobody waits for it.
func TestReadersOfTheStoreFindWhatHasJustHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, sw := &fakeStore{}, newFake("a")
		b := start(t, t.TempDir(), func(o *Options) { o.Store = store }, sw)
		b.settled()
		ended := func() int { return len(store.kinds(fact.CallEnded)) }
		for i := range 5 {
			sw.arrives(i)
			sw.ends(i)
			synctest.Wait()
			began := time.Now()
			b.Stored(t.Context())
			if took := time.Since(began); ended() != i+1 || took > 50*time.Millisecond {
				t.Errorf("after %v %d calls are in the store, want %d at once", took, ended(), i+1)
			}
		}
		began := time.Now()
		b.Stored(t.Context())
		if took := time.Since(began); took > 50*time.Millisecond {
			t.Errorf("with nothing new it took %v", took)
		}
		store.set(errAway, nil)
		sw.arrives(9)
		sw.ends(9)
		synctest.Wait()
		began = time.Now()
		b.Stored(t.Context())
		if took := time.Since(began); took > 0 {
			t.Errorf("a store that is away kept its reader for %v", took)
		}
		b.stop()
	})
	synctest.Test(t, func(t *testing.T) {
		b := start(t, t.TempDir(), nil, newFake("a"))
		b.settled()
		b.Stored(t.Context()) // without a store
		b.stop()
	})
}

// TestAllFactsReachTheStore compares a store that was away now and then, and
// over restarts, with what the journal says.
func TestAllFactsReachTheStore(t *testing.T) {
	store, dir := &fakeStore{}, t.TempDir()
	for round := range 5 {
		synctest.Test(t, func(t *testing.T) {
			sw := newFake("a")
			b := start(t, dir, func(o *Options) {
				o.Store, o.Ring, o.CheckpointInputs, o.Segment = store, 15, 20, 3000
			}, sw)
			chance := rand.New(rand.NewPCG(3, uint64(round)))
			b.settled()
			for i := range 10 {
				store.set([]error{nil, errAway}[(i+round)%2], []error{nil, nil, errAway}[i%3])
				busy(b, sw, chance, 25)
			}
			b.settled()
			if round == 4 {
				store.set(nil, nil)
				b.until("the store has caught up", func() bool { return b.Stats().StoreBehind == 0 })
			}
			b.stop()
		})
	}
	store.inOrder(t)
	var want []fact.Sequenced
	records := 0
	o, _ := options(t, dir)
	e := open(t, o)
	defer e.Close()
	m, r := newToy(), newReader(e.seal, e.journal.listed, 0)
	defer r.close()
	for {
		entries, err := r.read(1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			break
		}
		for _, in := range entries {
			f, _ := factsOf(in.seq, in.at, m.Step(in.at, in.in))
			want = append(want, batchOf("", 0, []facts{f}).Events...)
			records += len(f.records)
		}
	}
	if len(want) < 500 || len(want) != len(store.events) || records != len(store.records) {
		t.Fatalf("%d events and %d records, want %d and %d", len(store.events), len(store.records), len(want), records)
	}
	for i := range want {
		if want[i] != store.events[i] {
			t.Fatalf("event %d is %+v, want %+v", i, store.events[i], want[i])
		}
	}
}

// Who speaks is for who listens now; the others keep their numbers.
func TestFleetingEventsAreNotForTheStore(t *testing.T) {
	ended := fact.Event{Kind: fact.CallEnded, Call: "c-1"}
	b := batchOf("e", 7, []facts{{seq: 7, events: []fact.Event{{Kind: fact.TalkStarted}, ended, {Kind: fact.TalkStopped}}}})
	if want := []fact.Sequenced{{Seq: 7, N: 2, Event: ended}}; !slices.Equal(b.Events, want) {
		t.Errorf("%+v, want %+v", b.Events, want)
	}
}

func TestFeedsGoOnFromTheirCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) { o.Ring = 50 }, sw)
		defer b.stop()
		b.settled()
		sw.arrives(1)
		sw.ends(1)
		sw.arrives(2)
		b.settled()
		all := b.Feed(Cursor{Epoch: b.Epoch()})
		events, err := all.Next(t.Context())
		if err != nil || len(events) != 4 {
			t.Fatalf("events %+v (%v), want Up, offered, ended, offered", events, err)
		}
		for i, e := range events {
			rest := events[i+1:]
			f := b.Feed(b.Cursor(e))
			sw.key(2, "1")
			b.settled()
			got, err := f.Next(t.Context())
			if err != nil || len(got) < len(rest)+1 {
				t.Fatalf("after %v: %+v (%v), want %d and one", b.Cursor(e), got, err, len(rest))
			}
			for k, want := range rest {
				if got[k] != want {
					t.Errorf("after %v: %+v, want %+v", b.Cursor(e), got[k], want)
				}
			}
			if last := got[len(got)-1]; f.Cursor() != b.Cursor(last) {
				t.Errorf("cursor %v, want %v", f.Cursor(), b.Cursor(last))
			}
		}
		slow := b.Feed(b.Cursor(events[0]))
		for range 100 {
			sw.key(2, "1")
		}
		b.settled()
		if _, err := slow.Next(t.Context()); !errors.Is(err, ErrGap) {
			t.Errorf("too slow: %v, want ErrGap", err)
		}
		if _, err := b.Feed(Cursor{Epoch: "other", Seq: 1}).Next(t.Context()); !errors.Is(err, ErrGap) {
			t.Errorf("another journal: %v, want ErrGap", err)
		}
	})
}

func TestFeedsResumeWithinAnInput(t *testing.T) {
	e := &Engine{over: make(chan struct{}), journal: &journal{epoch: "e"}, tape: newTape(100, 0)}
	ev := func(k fact.Kind) fact.Event { return fact.Event{Kind: k} }
	e.tape.append([]facts{{seq: 3, events: []fact.Event{ev("a"), ev("b"), ev("c")}}, {seq: 5, events: []fact.Event{ev("d")}}}, 7)
	for _, c := range []struct {
		after Cursor
		want  string
	}{
		{Cursor{"e", 0, 0}, "abcd"}, {Cursor{"e", 3, 0}, "abcd"}, {Cursor{"e", 3, 1}, "bcd"}, {Cursor{"e", 3, 2}, "cd"},
		{Cursor{"e", 3, 3}, "d"}, {Cursor{"e", 4, 0}, "d"}, {Cursor{"e", 5, 0}, "d"},
	} {
		events, err := e.Feed(c.after).Next(t.Context())
		got := ""
		for _, s := range events {
			got += string(s.Event.Kind)
		}
		if err != nil || got != c.want {
			t.Errorf("after %v: %q (%v), want %q", c.after, got, err, c.want)
		}
	}
}
