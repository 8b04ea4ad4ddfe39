//go:build asterisk

package ari_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// The first recordings of a month begin all at once.
func TestRealRecordingsMakeTheirFoldersAtOnce(t *testing.T) {
	r := newRig(t, openReal(t).bench())
	r.run()
	await(r, func(media.Up) bool { return true })
	run := time.Now().UnixNano()
	var legs []fact.LegID
	for range 4 {
		_, leg := r.talker()
		legs = append(legs, leg)
	}
	for round := range 8 {
		var wg sync.WaitGroup
		for i, leg := range legs {
			rec := id[fact.RecordingID](r, "rec")
			wg.Go(func() {
				name := fmt.Sprintf("folders-%x/%d/1/2/call-%d", run, round, i)
				if err := r.do(media.Record{Recording: rec, Leg: leg, Name: name}); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		wg.Wait()
	}
}
