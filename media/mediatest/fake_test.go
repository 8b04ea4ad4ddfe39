package mediatest

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/media"
)

// bubble runs a test in virtual time.
func bubble(t *testing.T, test func(t *testing.T)) { synctest.Test(t, test) }

func TestFakePassesTheSuite(t *testing.T) {
	ExerciseIn(t, bubble, func(t *testing.T) *Bench { return NewFake("fake", Options{Return: time.Second}).Bench(t) })
}

func TestFakeThatCanLittlePassesTheSuite(t *testing.T) {
	least := media.Capabilities{Transfers: media.TransferRefusedOnly}
	ExerciseIn(t, bubble, func(t *testing.T) *Bench {
		return NewFake("fake", Options{Capabilities: &least}).Bench(t)
	})
}

// TestFakeWithoutForcedRaces is the suite as a bench meets it that cannot hold
// a listing back or hear, and in real time.
func TestFakeWithoutForcedRaces(t *testing.T) {
	Exercise(t, func(t *testing.T) *Bench {
		b := NewFake("fake", Options{Heartbeat: 50 * time.Millisecond, PromptLength: 50 * time.Millisecond}).Bench(t)
		b.Deaf, b.BlindOnly, b.Quiet = true, true, 5*time.Millisecond
		b.World = unforced{b.World}
		return b
	})
}

type unforced struct{ World }

func (unforced) DuringListing(func()) bool { return false }

func TestFakeRunsOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := NewFake("fake", Options{})
		ctx, cancel := context.WithCancel(t.Context())
		ran := make(chan error)
		go func() { ran <- f.Run(ctx, func(media.Event) {}) }()
		synctest.Wait()
		if err := f.Run(ctx, func(media.Event) {}); err == nil {
			t.Error("a second Run beside the first is no error")
		}
		cancel()
		if err := <-ran; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := f.Do(t.Context(), media.Probe{Leg: "fake/x"}); !errors.Is(err, media.ErrUnavailable) {
			t.Errorf("Do after Run: %v; want ErrUnavailable", err)
		}
	})
}

// TestFakeCrash: the legs of a switch that dies are gone without a word, and it
// is connected to again.
func TestFakeCrash(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := NewFake("fake", Options{})
		x := newTrial(t, f.Bench(t), &coverage{commands: map[string]bool{}, events: map[string]bool{}})
		x.run()
		p := x.pair()
		f.Crash()
		x.down(time.Second)
		if up := x.up(); len(up.Legs)+len(up.Rooms) > 0 {
			t.Errorf("after its death the switch holds %+v", up)
		}
		x.gone(p.callerLeg)
		if p.caller.Alive() || p.agent.Alive() {
			t.Error("a far end outlives the switch")
		}
		never(x, func(media.LegEnded) bool { return true })
	})
}
