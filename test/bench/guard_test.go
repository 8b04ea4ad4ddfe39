//go:build asterisk

package main

import (
	"testing"

	"github.com/huawu/huawu/test/rig"
)

// TestFasterThanAppQueue guards the ratio to app_queue on the same Asterisk in
// the same run, and that nobody is overtaken: by no decision of huawu, and on a
// quiet machine not on the wire either. Times are no matter of a test.
func TestFasterThanAppQueue(t *testing.T) {
	path, err := rig.Binary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	*program, *short, *guard = path, true, 5
	if err := measureTurnaround(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestTalks guards that the two sides of talks on Asterisk hear each other, that
// it is told who speaks in them, and that their clocks go off in time, with every
// norm kept.
func TestTalks(t *testing.T) {
	path, err := rig.Binary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	*program, *short, *guard = path, true, 5
	if err := measureTalksOf(t.Context(), false); err != nil {
		t.Fatal(err)
	}
}
