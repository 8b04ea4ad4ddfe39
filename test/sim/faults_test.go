package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// eachSeed runs a test for each seed; one that fails prints the one line that runs
// it again.
func eachSeed(t *testing.T, run func(t *testing.T, seed uint64)) {
	first, last := uint64(1), uint64(*seeds)
	if *seed != 0 {
		first, last = *seed, *seed
	}
	name := t.Name()
	for s := first; s <= last; s++ {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("again: go test ./test/sim -run '^%s$' -seed %d", name, s)
				}
			})
			run(t, s)
		})
	}
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
