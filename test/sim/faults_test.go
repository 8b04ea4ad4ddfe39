package sim

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// repeat has a failing seed print the one line that runs it again.
func repeat(t *testing.T, name string, seed uint64) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again: go test ./test/sim -run '^%s$' -seed %d", name, seed)
		}
	})
}

// found is how soon a driver finds a leg or a phone whose arrival no event told
// (ari compares every 30 s).
const found = 20 * time.Second

// troubled is a way of events on which one of so many is lost, one comes late
// and one twice, as long as on holds. Lost is what a switch may lose; of a leg
// that came, or a phone, the driver learns in the end.
func troubled(dice *rand.Rand, oneOf int, on *bool) func(fact.Instant, media.Event) mediatest.Trouble {
	return func(_ fact.Instant, e media.Event) (t mediatest.Trouble) {
		if !*on {
			return t
		}
		switch dice.IntN(oneOf) {
		case 0:
			switch e.(type) {
			case media.LegArrived, media.EndpointState:
				t.Late = found
			case media.LegEnded, media.LegLeft, media.LegRinging, media.LegAnswered, media.LegHeld, media.LegUnheld,
				media.Joined, media.Left, media.PlayStarted, media.PlayEnded, media.Digit, media.TransferAsked,
				media.RecordStarted, media.RecordEnded, media.RecordFailed:
				t.Lost = true
			}
		case 1:
			t.Late = time.Duration(1+dice.IntN(2000)) * time.Millisecond
		case 2:
			t.Twice = true
		}
		return t
	}
}
