package storetest

import (
	"fmt"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// Bench measures Apply in batches as a projector makes them in quiet, busy and
// catching-up times (events/s, a record for each 25 events), and as twenty calls
// a second make them (the processor's time for an event).
func Bench(b *testing.B, fresh func(testing.TB) string) {
	b.Run("calls", func(b *testing.B) { benchCalls(b, fresh) })
	for _, size := range []int{5, 100, 1000} {
		b.Run(fmt.Sprintf("events=%d", size), func(b *testing.B) {
			s, err := store.Open(b.Context(), store.Options{DSN: fresh(b), Logger: discard})
			must(b, err)
			seq := uint64(0)
			for b.Loop() {
				batch := fact.Batch{Epoch: "e"}
				for len(batch.Events) < size {
					seq++
					input := inputAt("e", seq)
					batch.Seq = seq
					batch.Events = append(batch.Events, input.Events...)
					if seq%eventsAInput == 0 {
						batch.Records = append(batch.Records, input.Records...)
					}
				}
				must(b, s.Apply(b.Context(), batch))
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
			must(b, s.Close())
		})
	}
}
