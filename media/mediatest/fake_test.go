package mediatest

import (
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
