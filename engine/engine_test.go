package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

func TestACallGoesThroughTheHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw, store := newFake("a"), &fakeStore{}
		b := start(t, t.TempDir(), func(o *Options) { o.Store = store }, sw)
		sw.arrives(1)
		sw.key(1, "5")
		sw.ends(1)
		b.settled()
		b.until("the record is stored", func() bool { _, n := store.counts(); return n == 1 })
		b.stop()
		if got := sw.commands(); len(got) != 1 || got[0] != (media.Answer{Leg: "a/1"}) {
			t.Errorf("commands %v, want one Answer", got)
		}
		store.inOrder(t)
		if len(store.kinds(fact.CallEnded)) != 1 || len(store.wrapups) != 1 || len(store.counted) != 1 {
			t.Errorf("stored %v, wrap-ups %v and counts %v", store.events, store.wrapups, store.counted)
		}
		if s := b.Stats(); s.Commands != 1 || s.CommandsFailed != 0 || s.JournalOK != true || s.Seq != s.Synced {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestTimersFireOnTimeAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), nil, sw)
		defer b.stop()
		sw.arrives(1)
		began := b.Clock().Now()
		b.events(func(e fact.Sequenced) bool {
			if e.Event.Kind != fact.NormBroken {
				return false
			}
			if late := e.Event.At.Sub(began) - toyTimer; late < 0 || late > 10*time.Millisecond {
				t.Errorf("the timer fired %v late", late)
			}
			return true
		})
		time.Sleep(time.Minute)
		if n := b.Stats().Ticks; n != 1 {
			t.Errorf("%d ticks, want 1", n)
		}
	})
}

func TestOperationsAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, t.TempDir(), nil, newFake("a"))
		defer b.stop()
		ctx := t.Context()
		c, err := b.Ask(ctx, "op", center.SignIn{Agent: "1001"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Await(ctx, c); err != nil {
			t.Fatal(err)
		}
		v, at := b.View()
		if at.Seq < c.Seq || len(v.Agents) != 1 || v.Agents[0].ID != "1001" {
			t.Errorf("view at %v: %+v, want agent 1001 at or after %v", at, v.Agents, c)
		}
		_, err = b.Ask(ctx, "op", center.SignIn{Agent: "1001"})
		if !errors.Is(err, center.ErrConflict) || !strings.Contains(err.Error(), "agent 1001 is signed in") {
			t.Errorf("second sign-in: %v, want ErrConflict with the centre's words", err)
		}
		if _, err := b.Ask(ctx, "op", nil); !errors.Is(err, center.ErrInvalid) {
			t.Errorf("no operation: %v, want ErrInvalid", err)
		}
		if err := b.Await(ctx, Cursor{Epoch: "other", Seq: 1}); !errors.Is(err, ErrCursor) {
			t.Errorf("await of another journal: %v, want ErrCursor", err)
		}
	})
}

func TestConfigurationEntersBeforeTheSwitchesAndOnlyWhenNew(t *testing.T) {
	dir := t.TempDir()
	run := func(version int64) (inputs uint64) {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, dir, func(o *Options) { o.Config = &center.Config{Version: version} }, newFake("a"))
			b.settled()
			if v, _ := b.View(); v.Version != version {
				t.Errorf("version %d, want %d", v.Version, version)
			}
			c, err := b.Configure(t.Context(), center.Config{Version: version + 1})
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Await(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if v, _ := b.View(); v.Version != version+1 {
				t.Errorf("version %d, want %d", v.Version, version+1)
			}
			b.stop()
			inputs = b.Stats().Inputs
		})
		return inputs
	}
	first := run(3)
	if again := run(4); again != first-1 {
		t.Errorf("%d inputs when the version is known, %d when not: want one less", again, first)
	}
}

// What is asked first, by what the machine holds, is answered before a switch
// speaks.
func TestFirstIsAskedBeforeTheSwitches(t *testing.T) {
	dir := t.TempDir()
	for _, want := range [][]fact.Kind{{fact.AgentState, fact.SwitchUp}, {fact.SwitchUp}} {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, dir, func(o *Options) {
				o.First = func(v *center.View) []center.Operation {
					if len(v.Agents) > 0 {
						return nil
					}
					return []center.Operation{center.SignIn{Agent: "1001"}}
				}
			}, newFake("a"))
			var got []fact.Kind
			b.events(func(e fact.Sequenced) bool {
				got = append(got, e.Event.Kind)
				return e.Event.Kind == fact.SwitchUp
			})
			if !slices.Equal(got, want) {
				t.Errorf("began with %v, want %v", got, want)
			}
			b.stop()
		})
	}
}

type lookup func(ctx context.Context, agent fact.AgentID, pin string) (bool, error)

func (f lookup) CheckPIN(ctx context.Context, _ fact.TenantID, agent fact.AgentID, pin string) (bool, error) {
	return f(ctx, agent, pin)
}

func (f lookup) Take(ctx context.Context, _ fact.TenantID, q center.TakeQuestion) (center.Taken, error) {
	_, err := f(ctx, q.Agent, q.Phrase)
	return center.Taken{Path: "/take/" + q.File}, err
}

func (f lookup) Caller(ctx context.Context, _ fact.TenantID, q center.CallerQuestion) (center.CallerHistory, error) {
	known, err := f(ctx, "", q.Number)
	if !known {
		return center.CallerHistory{}, err
	}
	return center.CallerHistory{Calls: 2, Agent: "1001"}, err
}

type enquirer func(ctx context.Context, q center.Enquiry) (center.Fetched, error)

func (f enquirer) Enquire(ctx context.Context, _ fact.TenantID, q center.Enquiry) (center.Fetched, error) {
	return f(ctx, q)
}

func TestLooksAreAnsweredByTheirDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		b := start(t, t.TempDir(), func(o *Options) {
			o.Lookup = lookup(func(ctx context.Context, agent fact.AgentID, pin string) (bool, error) {
				switch pin {
				case "slow":
					<-ctx.Done()
					return false, ctx.Err()
				case "deaf": // minds no deadline
					<-deaf
					return true, nil
				case "broken":
					return true, errAway
				}
				return pin == "1234", nil
			})
		}, newFake("a"))
		ask := func(pin string) (time.Duration, error) {
			began := time.Now()
			_, err := b.Ask(t.Context(), "op", center.NotReady{Agent: "1", Reason: routingReason(pin)})
			return time.Since(began), err
		}
		if _, err := ask("1234"); err != nil {
			t.Errorf("right PIN: %v", err)
		}
		if _, err := ask("0000"); !errors.Is(err, center.ErrDenied) {
			t.Errorf("wrong PIN: %v, want ErrDenied", err)
		}
		if _, err := ask("broken"); !errors.Is(err, center.ErrDenied) || !strings.Contains(err.Error(), errAway.Error()) {
			t.Errorf("broken look-up: %v, want ErrDenied with %q", err, errAway)
		}
		for _, pin := range []string{"slow", "deaf"} {
			took, err := ask(pin)
			if !errors.Is(err, center.ErrDenied) || took < time.Second || took > time.Second+100*time.Millisecond {
				t.Errorf("%s look-up: %v after %v, want ErrDenied after the deadline of 1 s", pin, err, took)
			}
		}
		if late := b.Stats().LooksLate; late != 2 {
			t.Errorf("%d looks were late, want 2", late)
		}
		close(deaf)
		b.stop()
	})
}

func TestFailedCommandsComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		sw.do = func(ctx context.Context, cmd media.Command) error {
			if cmd.Ref().Legs[0] == "a/1" {
				return media.ErrNoLeg
			}
			<-ctx.Done()
			return ctx.Err()
		}
		b := start(t, t.TempDir(), nil, sw)
		defer b.stop()
		sw.arrives(1)
		sw.arrives(2)
		got := map[fact.LegID]string{}
		b.events(func(e fact.Sequenced) bool {
			if e.Event.Kind == fact.TransferDenied {
				got[e.Event.Leg] = e.Event.Name + " " + e.Event.Reason
			}
			return len(got) == 2
		})
		if got["a/1"] != "Answer no-leg" || got["a/2"] != "Answer unknown" {
			t.Errorf("failures %v", got)
		}
	})
}

func TestTheWallClockIsToldOnceItStrays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jump atomic.Int64
		m := &toy{Up: map[string]bool{}}
		var offsets []int64
		m.onStep = func(in center.Input) {
			switch in := in.(type) {
			case center.Booted:
				offsets = append(offsets, in.Offset)
			case center.ClockSet:
				offsets = append(offsets, in.Offset)
			}
		}
		first := true
		b := start(t, t.TempDir(), func(o *Options) {
			o.Wall = func() time.Time { return time.Now().Add(time.Duration(jump.Load())) }
			o.New = func() Machine {
				if first {
					first = false
					return m
				}
				return newToy()
			}
		}, newFake("a"))
		b.settled()
		before := b.Clock().Now()
		jump.Store(int64(49 * time.Millisecond))
		time.Sleep(3 * time.Second)
		jump.Store(int64(-time.Hour))
		time.Sleep(3 * time.Second)
		if got := b.Clock().Now().Sub(before); got != 6*time.Second {
			t.Errorf("steady time went on by %v in 6 s", got)
		}
		b.settled()
		b.stop()
		if len(offsets) != 2 || offsets[0] != 0 || offsets[1] != -time.Hour.Milliseconds() {
			t.Errorf("offsets told: %v, want 0 and minus an hour", offsets)
		}
	})
}

func TestSteadyTimeNeverGoesBackOverAStart(t *testing.T) {
	dir := t.TempDir()
	var last fact.Instant
	synctest.Test(t, func(t *testing.T) {
		b := start(t, dir, func(o *Options) { o.Wall = func() time.Time { return time.Now().AddDate(1, 0, 0) } }, newFake("a"))
		b.settled()
		b.stop()
		last = b.journal.state().at
	})
	synctest.Test(t, func(t *testing.T) {
		b := start(t, dir, nil, newFake("a"))
		defer b.stop()
		b.settled() // the toy panics when time goes back
		if now := b.Clock().Now(); now < last {
			t.Errorf("the clock says %d after %d", now, last)
		}
		if off := b.Clock().Offset(); off > -time.Hour.Milliseconds() {
			t.Errorf("offset %d, want about minus a year", off)
		}
	})
}

// The offset turns instants of the journal into times that people see: over a
// restart they must stay the same to the millisecond.
func TestTheOffsetIsTheSameAtEveryStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := NewClock(0, time.Now)
		for range 50 {
			time.Sleep(1300*time.Microsecond + 77*time.Nanosecond)
			if c := NewClock(first.Now(), time.Now); c.Offset() != first.Offset() || c.Now() != first.Now() {
				t.Fatalf("the offset was %d and is %d, the instants are %d and %d", first.Offset(), c.Offset(), first.Now(), c.Now())
			}
		}
	})
}

func TestAnEngineThatStoppedSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, t.TempDir(), nil, newFake("a"))
		b.settled()
		feed := b.Feed(Cursor{})
		b.stop()
		ctx := t.Context()
		if _, err := b.Ask(ctx, "op", center.Ready{}); !errors.Is(err, ErrStopped) {
			t.Errorf("Ask: %v", err)
		}
		if _, err := b.Configure(ctx, center.Config{}); !errors.Is(err, ErrStopped) {
			t.Errorf("Configure: %v", err)
		}
		if err := b.Await(ctx, Cursor{Epoch: b.Epoch(), Seq: 1 << 60}); !errors.Is(err, ErrStopped) {
			t.Errorf("Await: %v", err)
		}
		if _, err := feed.Next(ctx); !errors.Is(err, ErrStopped) {
			t.Errorf("Next: %v", err)
		}
		if err := b.Run(ctx); !errors.Is(err, ErrStopped) {
			t.Errorf("Run again: %v", err)
		}
		if h := b.Health(); h.Ready {
			t.Errorf("health %+v, want not ready", h)
		}
	})
}

func TestAMachineThatFailsNamesTheInput(t *testing.T) {
	o, log := options(t, t.TempDir())
	e := open(t, o)
	defer e.Close()
	m := newToy().(*toy)
	m.onStep = func(center.Input) { panic("a broken invariant") }
	l := &loop{e: e, m: m}
	defer func() {
		if r := recover(); r != "a broken invariant" || log.count("seq=7") != 1 || log.count("input=Tick") != 1 {
			t.Errorf("panic %v, want the machine's own, and its input named", r)
		}
	}()
	l.stepMachine(7, center.Tick{})
}
