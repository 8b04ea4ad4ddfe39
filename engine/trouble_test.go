package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// brokenDisk makes journal files that can be made to fail.
type brokenDisk struct {
	write, sync, create atomic.Bool
}

type brokenFile struct {
	segmentFile
	disk *brokenDisk
}

func (d *brokenDisk) open(path string) (segmentFile, error) {
	if d.create.Load() {
		return nil, &fsError{"open", path}
	}
	f, err := createSegment(path)
	return &brokenFile{f, d}, err
}

// Write on a full disk writes a part.
func (f *brokenFile) Write(b []byte) (int, error) {
	if !f.disk.write.Load() {
		return f.segmentFile.Write(b)
	}
	n, err := f.segmentFile.Write(b[:len(b)/2])
	return n, errors.Join(err, &fsError{"write", "journal"})
}

func (f *brokenFile) Sync() error {
	if f.disk.sync.Load() {
		return &fsError{"fsync", "journal"}
	}
	return f.segmentFile.Sync()
}

type fsError struct{ op, path string }

func (e *fsError) Error() string { return e.op + " " + e.path + ": " + syscall.ENOSPC.Error() }

func TestAFullDiskStopsNoCallAndLosesNothing(t *testing.T) {
	for _, fault := range []string{"write", "create", "sync"} {
		t.Run(fault, func(t *testing.T) {
			dir, store := t.TempDir(), &fakeStore{}
			var live uint64
			synctest.Test(t, func(t *testing.T) {
				disk := &brokenDisk{}
				flag := map[string]*atomic.Bool{"write": &disk.write, "create": &disk.create, "sync": &disk.sync}[fault]
				sw := newFake("a")
				b := start(t, dir, func(o *Options) { o.create, o.Store, o.Segment = disk.open, store, 600 }, sw)
				sw.arrives(1)
				b.settled()
				if h := b.Health(); !h.Journal.OK {
					t.Fatalf("health %+v before the fault", h)
				}
				flag.Store(true)
				// A call that is there goes on; its key is answered to.
				for range 5 {
					sw.key(1, "5")
					time.Sleep(time.Second)
				}
				h := b.Health()
				if h.Ready || h.Journal.OK || !strings.Contains(h.Journal.Error, syscall.ENOSPC.Error()) {
					t.Errorf("health %+v, want unready and the disk's words", h)
				}
				sw.arrives(2)
				c, err := b.Ask(t.Context(), "op", center.SignIn{Agent: "1"})
				if err != nil {
					t.Errorf("operation while the journal fails: %v", err)
				}
				if fault != "sync" { // what is only not synced can be read
					if err := b.Await(t.Context(), c); !errors.Is(err, ErrJournal) {
						t.Errorf("Await: %v, want ErrJournal", err)
					}
				}
				if _, err := b.Configure(t.Context(), center.Config{Version: 9}); !errors.Is(err, ErrJournal) {
					t.Errorf("Configure: %v, want ErrJournal", err)
				}
				synctest.Wait()
				if got := sw.commands(); len(got) != 2 || got[1] != (media.Deflect{Leg: "a/2", To: media.ExitFallback}) {
					t.Errorf("commands %v, want the second leg sent to the fallback", got)
				}
				if n := b.log.count("the journal cannot be written"); n != 1 {
					t.Errorf("said %d times, want once", n)
				}
				flag.Store(false)
				b.until("the journal works again", func() bool { return b.Health().Ready })
				sw.arrives(3)
				b.settled()
				live = b.Stats().Seq
				b.until("the store has it all", func() bool { return len(store.kinds(fact.CallOffered)) == 2 })
				if n := b.log.count("the journal can be written again"); n != 1 {
					t.Errorf("said %d times, want once", n)
				}
				b.stop()
				store.inOrder(t)
				if got := store.kinds(fact.FlowNode); len(got) != 5 {
					t.Errorf("%d keys in the store, want 5", len(got))
				}
			})
			o, _ := options(t, dir)
			e := open(t, o)
			defer e.Close()
			m := e.machine.(*toy)
			if e.seq < live || m.leg("a/1") == nil || m.leg("a/1").Keys != "55555" || m.leg("a/3") == nil || len(m.Agents) != 1 {
				t.Errorf("recovered to %d of %d: %+v", e.seq, live, m)
			}
		})
	}
}

func TestWhatOutgrowsTheMemoryIsStoodInForByACheckpoint(t *testing.T) {
	dir, store := t.TempDir(), &fakeStore{}
	synctest.Test(t, func(t *testing.T) {
		disk := &brokenDisk{}
		sw := newFake("a")
		b := start(t, dir, func(o *Options) { o.create, o.Store, o.pending = disk.open, store, 2000 }, sw)
		sw.arrives(1)
		b.settled()
		feed := b.Feed(Cursor{})
		disk.write.Store(true)
		for range 100 {
			sw.key(1, "5")
		}
		time.Sleep(time.Second)
		disk.write.Store(false)
		b.until("the journal works again", func() bool { return b.Health().Journal.OK })
		sw.key(1, "6")
		b.settled()
		b.until("the store goes on", func() bool {
			nodes := store.kinds(fact.FlowNode)
			return len(nodes) > 0 && nodes[len(nodes)-1].Position == 101
		})
		if _, err := feed.Next(t.Context()); !errors.Is(err, ErrGap) {
			t.Errorf("feed over the loss: %v, want ErrGap", err)
		}
		if b.log.count("facts are lost to the sink") != 1 {
			t.Error("nothing was said of the facts that are lost")
		}
		b.stop()
		store.inOrder(t)
	})
	o, _ := options(t, dir)
	e := open(t, o)
	defer e.Close()
	if l := e.machine.(*toy).leg("a/1"); l == nil || len(l.Keys) != 101 {
		t.Errorf("recovered leg %+v, want all 101 keys", l)
	}
}

func TestTheHighWaterMarkTurnsNewLegsAwayBeforeAnythingIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		sw := newFake("a")
		var stalled atomic.Bool
		b := start(t, t.TempDir(), func(o *Options) {
			o.Inbox = 40
			o.New = func() Machine {
				m := newToy().(*toy)
				m.onStep = func(in center.Input) {
					if stalled.Load() {
						<-hold
					}
				}
				return m
			}
		}, sw)
		sw.arrives(1)
		b.settled()
		stalled.Store(true)
		sw.key(1, "1") // the loop stands in this one, the follower before it
		synctest.Wait()
		for range 30 {
			sw.key(1, "2")
		}
		sw.arrives(2)
		synctest.Wait()
		if got := sw.commands(); len(got) != 2 || got[1] != (media.Deflect{Leg: "a/2", To: media.ExitBusy}) {
			t.Errorf("commands %v, want the second leg sent to busy", got)
		}
		if _, err := b.Ask(t.Context(), "op", center.Ready{}); !errors.Is(err, ErrBusy) {
			t.Errorf("Ask: %v, want ErrBusy", err)
		}
		if sw.connections() != 1 || b.Stats().Overflows != 0 {
			t.Errorf("%d connections, %+v: want nothing dropped", sw.connections(), b.Stats())
		}
		for range 10 {
			sw.key(1, "3")
		}
		sw.key(1, "4") // does not fit any more
		synctest.Wait()
		if s := b.Stats(); s.Overflows != 1 || s.InboxPeak < 40 || s.DeflectedBusy != 1 {
			t.Errorf("stats %+v, want one overflow at 40", s)
		}
		stalled.Store(false)
		close(hold)
		b.until("connected again", func() bool { return sw.connections() == 2 && b.Health().Switches[0].Up })
		b.settled()
		b.stop()
		if n := b.log.count("the inbox is full"); n != 1 {
			t.Errorf("said %d times, want once", n)
		}
	})
}

func TestOverflowsReconnectAtMostEveryTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), nil, sw)
		b.settled()
		r := b.order[0]
		var at []time.Time
		for range 4 {
			n := sw.connections()
			r.overflow()
			b.until("connected again", func() bool { return sw.connections() == n+1 && b.Health().Switches[0].Up })
			at = append(at, time.Now())
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < resyncEvery-time.Second {
				t.Errorf("connected again after %v, want %v", gap, resyncEvery)
			}
		}
		if r.renew("test") {
			t.Error("renewed at once after a reconnection")
		}
		b.stop()
	})
}

func TestALegThatCannotBeTurnedAwayIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		sw.do = func(_ context.Context, cmd media.Command) error {
			if _, ok := cmd.(media.Deflect); ok {
				return media.ErrRefused
			}
			return nil
		}
		b := start(t, t.TempDir(), nil, sw)
		defer b.stop()
		b.draining.Store(true)
		sw.arrives(1)
		b.settled()
		if v, _ := b.View(); len(v.Calls) != 1 {
			t.Errorf("calls %+v, want the leg that could not be turned away", v.Calls)
		}
		sw.caps.Deflect = false
		sw.arrives(2)
		synctest.Wait()
		got := sw.commands()
		if last := got[len(got)-1]; last != (media.Hangup{Leg: "a/2", Cause: causeCongestion}) {
			t.Errorf("last command %v, want a Hangup where the switch cannot deflect", last)
		}
	})
}

// crashingSwitch gives up at once.
type crashingSwitch struct{ *fakeSwitch }

var errPassword = errors.New("401: wrong password")

func (s crashingSwitch) Run(context.Context, func(media.Event)) error {
	s.mu.Lock()
	s.runs++
	s.mu.Unlock()
	return errPassword
}

func TestADriverThatGivesUpIsTriedAgainAndSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := crashingSwitch{newFake("b")}
		b := start(t, t.TempDir(), nil, newFake("a"), sw)
		time.Sleep(time.Minute)
		if n := sw.connections(); n < 5 || n > 7 {
			t.Errorf("%d attempts in a minute, want about 6", n)
		}
		if n := b.log.count("switch cannot be run"); n != 1 {
			t.Errorf("said %d times, want once", n)
		}
		h := b.Health()
		if !h.Ready || len(h.Switches) != 2 || h.Switches[1].Up || h.Switches[1].Reason != errPassword.Error() {
			t.Errorf("health %+v, want ready by a, and b's reason", h)
		}
		b.stop()
	})
}

func TestAnUnknownSwitchIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, t.TempDir(), nil, newFake("a"))
		defer b.stop()
		b.settled()
		if err := b.do(t.Context(), media.Answer{Leg: "z/1"}); !errors.Is(err, media.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), `"z"`) {
			t.Errorf("do: %v, want ErrUnavailable that names the switch", err)
		}
	})
}
