package engine

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/media"
)

func TestAStalledLoopIsNotAStalledProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		var stall atomic.Int64
		b := start(t, t.TempDir(), func(o *Options) {
			o.New = func() Machine {
				m := newToy().(*toy)
				m.onStep = func(in center.Input) { time.Sleep(time.Duration(stall.Swap(0))) }
				return m
			}
		}, sw)
		b.settled()
		stall.Store(int64(3 * time.Second))
		sw.key(1, "1")
		time.Sleep(5 * time.Second)
		if s := b.Stats(); s.Aways != 1 || s.Resyncs != 0 || s.StepMax < 3*time.Second {
			t.Errorf("stats %+v, want one absence and no resync", s)
		}
		// The watch was kept from beating too: now it is the process.
		for i := range 3 {
			b.pulse.mu.Lock()
			b.pulse.turn = b.pulse.turn.Add(-2 * time.Second)
			b.pulse.beat = b.pulse.turn
			b.pulse.mu.Unlock()
			sw.key(1, "1")
			synctest.Wait()
			if s := b.Stats(); s.Aways != uint64(2+i) || s.Resyncs != 1 {
				t.Errorf("stats %+v, want %d absences and one resync within 10 s", s, 2+i)
			}
		}
		b.until("connected again", func() bool { return sw.connections() == 2 && b.Health().Switches[0].Up })
		b.settled()
		b.stop()
	})
}

func TestTimersWaitAfterAnAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		var order []string
		var stall atomic.Int64
		b := start(t, t.TempDir(), func(o *Options) {
			first := true
			o.New = func() Machine {
				m := newToy().(*toy)
				if !first {
					return m
				}
				first = false
				m.onStep = func(in center.Input) {
					order = append(order, center.InputName(in))
					time.Sleep(time.Duration(stall.Swap(0)))
				}
				return m
			}
		}, sw)
		sw.arrives(1)
		b.settled()
		n := len(order)
		time.Sleep(4 * time.Second)
		stall.Store(int64(3 * time.Second)) // over the timer's time
		sw.key(1, "1")
		time.Sleep(3*time.Second + settleTime/2)
		sw.key(1, "2") // was in the driver's socket
		time.Sleep(time.Second)
		b.stop()
		if got := strings.Join(order[n:], " "); got != "Heard Heard Tick" {
			t.Errorf("stepped %s, want both keys before the timer", got)
		}
	})
}

func TestAStuckLoopIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		var stuck atomic.Bool
		var reported []time.Duration
		var mu sync.Mutex
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) {
			o.OnStuck = func(age time.Duration) { mu.Lock(); reported = append(reported, age); mu.Unlock() }
			o.New = func() Machine {
				m := newToy().(*toy)
				m.onStep = func(in center.Input) {
					if stuck.Load() {
						<-hold
					}
				}
				return m
			}
		}, sw)
		b.settled()
		time.Sleep(time.Minute)
		stuck.Store(true)
		sw.key(1, "1")
		time.Sleep(9 * time.Second)
		mu.Lock()
		if len(reported) != 0 {
			t.Errorf("reported %v after 9 s", reported)
		}
		mu.Unlock()
		time.Sleep(time.Minute)
		mu.Lock()
		if len(reported) != 1 || reported[0] < 9*time.Second || reported[0] > 11*time.Second {
			t.Errorf("reported %v, want once after 10 s", reported)
		}
		mu.Unlock()
		if h := b.Health(); h.Ready || h.LoopAge < time.Minute {
			t.Errorf("health %+v, want unready", h)
		}
		stuck.Store(false)
		close(hold)
		b.stop()
	})
}

func TestDrainWaitsForWhoNeedsUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), nil, sw)
		for n := range 7 {
			sw.arrives(n)
		}
		sw.key(0, "t") // talks
		b.settled()
		go func() {
			time.Sleep(12 * time.Second)
			for n := range 7 {
				if n > 0 {
					sw.ends(n)
				}
			}
		}()
		var reports []Waiting
		began := time.Now()
		if err := b.Drain(t.Context(), func(w Waiting) { reports = append(reports, w) }); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 12*time.Second || took > 13*time.Second {
			t.Errorf("drained after %v, want 12 s", took)
		}
		if len(reports) != 3 || reports[0].Flow != 6 || reports[0].Talking != 1 || len(reports[0].Sample) != drainSample || reports[0].Total() != 6 {
			t.Errorf("reports %+v, want one at once and every 5 s", reports)
		}
		sw.arrives(9)
		synctest.Wait()
		got := sw.commands()
		if last := got[len(got)-1]; last != (media.Deflect{Leg: "a/9", To: media.ExitFallback}) {
			t.Errorf("last command %v, want the new leg sent to the fallback", last)
		}
		if h := b.Health(); h.Ready || !h.Draining {
			t.Errorf("health %+v, want draining", h)
		}
		b.stop()
	})
}

func TestDrainEndsAtItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) { o.DrainLimit = 30 * time.Second }, sw)
		defer b.stop()
		sw.arrives(1)
		b.settled()
		began := time.Now()
		err := b.Drain(t.Context(), func(Waiting) {})
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 calls") || time.Since(began) != 30*time.Second {
			t.Errorf("drain: %v after %v, want the deadline after 30 s", err, time.Since(began))
		}
	})
}
