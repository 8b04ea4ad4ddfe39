package ari_test

import (
	"testing"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/media/mediatest"
)

// TestConformance runs the suite against the fake Asterisk.
func TestConformance(t *testing.T) {
	mediatest.Exercise(t, bench(aritest.Options{}))
}

// TestConformanceHostile does so against one that answers after its events,
// writes times and numbers oddly and sends events that nobody knows.
func TestConformanceHostile(t *testing.T) {
	mediatest.Exercise(t, bench(aritest.Options{EventsFirst: true, OddTimes: true, Junk: true}))
}

func bench(o aritest.Options) func(t *testing.T) *mediatest.Bench {
	return func(t *testing.T) *mediatest.Bench {
		return aritest.New(t, o).Bench(t, func(c *ari.Config) { c.Logger = testLog(t) })
	}
}
