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
