package engine

import (
	"context"
	"testing"

	"github.com/huawu/huawu/media"
)

// lostSwitch is one that cannot be connected to and says why.
type lostSwitch struct{ *fakeSwitch }

func (lostSwitch) Run(ctx context.Context, _ func(media.Event)) error { <-ctx.Done(); return nil }
func (lostSwitch) Trouble() string                                    { return "connection refused" }

// Readiness says what keeps a switch away, though it has never been up.
func TestHealthTellsWhatKeepsASwitchAway(t *testing.T) {
	b := start(t, t.TempDir(), nil, lostSwitch{newFake("lost")})
	defer b.stop()
	b.until("the reason to be told", func() bool {
		h := b.Health()
		return !h.Ready && len(h.Switches) == 1 && !h.Switches[0].Up && h.Switches[0].Reason == "connection refused"
	})
}
