package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// counter is a switch that notes what runs at once.
type counter struct {
	mu      sync.Mutex
	running map[fact.LegID]int
	most    int
	now     int
	log     []media.Command
	wait    func(media.Command) time.Duration
	clash   error
}

func (c *counter) do(ctx context.Context, cmd media.Command) error {
	legs := lanesOf(cmd)
	c.mu.Lock()
	c.now++
	c.most = max(c.most, c.now)
	c.log = append(c.log, cmd)
	for _, l := range legs {
		if c.running[l]++; c.running[l] > 1 {
			c.clash = fmt.Errorf("two commands at once on %s", l)
		}
	}
	c.mu.Unlock()
	err := sleep(ctx, c.wait(cmd))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now--
	for _, l := range legs {
		c.running[l]--
	}
	return err
}

func newCounter(wait func(media.Command) time.Duration) *counter {
	return &counter{running: map[fact.LegID]int{}, wait: wait}
}

func key(leg fact.LegID, n int) media.Command {
	return media.SendDigits{Leg: leg, Digits: fmt.Sprint(n)}
}

func TestLanesKeepTheirOrderUnderAnyLoad(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 0))
			c := newCounter(func(cmd media.Command) time.Duration {
				return time.Duration(1+len(media.CommandName(cmd))%7) * time.Millisecond
			})
			ctx, cancel := context.WithCancel(t.Context())
			b := newOutbox(ctx, c.do, 1000, 8)
			var sent []media.Command
			ended := 0
			for i := range 400 {
				legs := []fact.LegID{fact.LegID(fmt.Sprintf("a/%d", chance.IntN(10)))}
				var cmd media.Command = key(legs[0], i)
				if chance.IntN(3) == 0 {
					for range chance.IntN(3) {
						legs = append(legs, fact.LegID(fmt.Sprintf("a/%d", chance.IntN(10))))
					}
					cmd = media.Join{Room: fact.RoomID(fmt.Sprintf("a/r%d", i)), Legs: legs}
				}
				sent = append(sent, cmd)
				b.send(cmd, time.Minute, func(err error) {
					c.mu.Lock()
					defer c.mu.Unlock()
					ended++
					if err != nil {
						t.Errorf("%v: %v", cmd, err)
					}
				})
				if chance.IntN(20) == 0 {
					time.Sleep(time.Duration(chance.IntN(10)) * time.Millisecond)
				}
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if c.clash != nil {
				t.Error(c.clash)
			}
			if ended != len(sent) || c.most > 8 {
				t.Errorf("%d of %d ended, %d at once: want all and at most 8", ended, len(sent), c.most)
			}
			for n := range 10 {
				leg := fact.LegID(fmt.Sprintf("a/%d", n))
				on := func(cmds []media.Command) (out []string) {
					for _, cmd := range cmds {
						if slices.Contains(lanesOf(cmd), leg) {
							out = append(out, fmt.Sprint(cmd))
						}
					}
					return out
				}
				if !slices.Equal(on(sent), on(c.log)) {
					t.Errorf("seed %d: lane %s ran %v, want %v", seed, leg, on(c.log), on(sent))
				}
			}
			if l := b.load(); l.lanes != 0 || l.queued != 0 || len(b.idle) != b.working {
				t.Errorf("left over: %+v, %d of %d workers idle", l, len(b.idle), b.working)
			}
			cancel()
			b.stop()
		})
	}
}

func TestHangupEmptiesItsLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(func(media.Command) time.Duration { return time.Second })
		ctx, cancel := context.WithCancel(t.Context())
		b := newOutbox(ctx, c.do, 1000, 8)
		var mu sync.Mutex
		failed := map[string]error{}
		send := func(cmd media.Command) {
			b.send(cmd, time.Minute, func(err error) {
				mu.Lock()
				defer mu.Unlock()
				failed[media.CommandName(cmd)] = err
			})
		}
		send(media.Answer{Leg: "a/1"}) // under way when the hang-up comes
		send(media.Create{Leg: "a/1"}) // makes the leg, so it must not be left out
		synctest.Wait()
		send(media.Play{Leg: "a/1", Play: "a/p"})
		send(media.Join{Room: "a/r", Legs: []fact.LegID{"a/2", "a/1"}})
		send(media.Music{Leg: "a/2"}) // waits behind the Join
		send(media.Hangup{Leg: "a/1", Cause: 17})
		synctest.Wait()
		mu.Lock()
		if !errors.Is(failed["Play"], media.ErrNoLeg) || !errors.Is(failed["Join"], media.ErrNoLeg) {
			t.Errorf("failed %v, want Play and Join with ErrNoLeg at once", failed)
		}
		mu.Unlock()
		send(media.Hangup{Leg: "a/1"}) // stands for the one before
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []media.Command{media.Answer{Leg: "a/1"}, media.Music{Leg: "a/2"}, media.Create{Leg: "a/1"}, media.Hangup{Leg: "a/1"}}
		if fmt.Sprint(c.log) != fmt.Sprint(want) {
			t.Errorf("sent %v, want %v", c.log, want)
		}
		if l := b.load(); l.dropped != 3 || l.lanes != 0 || l.queued != 0 {
			t.Errorf("load %+v, want three dropped and nothing left", l)
		}
		cancel()
		b.stop()
	})
}

func TestALaneIsBoundedAndEveryCommandHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(func(media.Command) time.Duration { return time.Hour })
		ctx, cancel := context.WithCancel(t.Context())
		b := newOutbox(ctx, c.do, 3, 2)
		results := make(chan error, 10)
		for i := range 5 {
			b.send(key("a/1", i), 2*time.Second, func(err error) { results <- err })
		}
		synctest.Wait()
		if n := len(results); n != 2 {
			t.Fatalf("%d failed at once, want the two that do not fit", n)
		}
		for range 2 {
			if err := <-results; media.FailureOf(err) != media.FailUnavailable {
				t.Errorf("full lane: %v, want unavailable", err)
			}
		}
		began := time.Now()
		for range 3 {
			if err := <-results; !errors.Is(err, context.DeadlineExceeded) || media.FailureOf(err) != media.FailUnknown {
				t.Errorf("slow command: %v, want the deadline", err)
			}
		}
		if took := time.Since(began); took != 6*time.Second {
			t.Errorf("three deadlines of 2 s took %v", took)
		}
		b.send(key("a/1", 9), 0, func(err error) { results <- err })
		began = time.Now()
		if err := <-results; !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != commandDeadline {
			t.Errorf("no deadline named: %v after %v, want %v", err, time.Since(began), commandDeadline)
		}
		cancel()
		b.stop()
		b.send(key("a/1", 10), 0, func(error) { t.Error("a stopped outbox answered") })
	})
}

func TestStoppingTheOutboxAnswersNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(func(media.Command) time.Duration { return time.Hour })
		ctx, cancel := context.WithCancel(t.Context())
		b := newOutbox(ctx, c.do, 100, 2)
		for i := range 6 {
			b.send(key(fact.LegID(fmt.Sprintf("a/%d", i)), i), time.Hour, func(error) { t.Error("answered after the end") })
		}
		synctest.Wait()
		b.mu.Lock()
		b.stopped = true
		b.mu.Unlock()
		cancel()
		b.stop()
		if len(c.log) != 2 {
			t.Errorf("sent %v, want the two under way", c.log)
		}
	})
}
