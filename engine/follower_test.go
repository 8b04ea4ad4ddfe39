package engine

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Work off the loop that may take long is told from its beginning to its end.
func TestLongWorkIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun, over atomic.Int64
		sw := newFake("a")
		b := start(t, t.TempDir(), func(o *Options) {
			o.Long = func() func() {
				begun.Add(1)
				return func() { over.Add(1) }
			}
		}, sw)
		b.settled()
		sw.arrives(0)
		b.stop() // which leaves a checkpoint: made, and written
		if begun.Load() < 2 || begun.Load() != over.Load() {
			t.Errorf("%d were begun, %d are over", begun.Load(), over.Load())
		}
	})
}

// Who waits for events has them soon, though nobody looks at views.
func TestEventsComeSoonToWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sw := newFake("a")
		b := start(t, t.TempDir(), nil, sw)
		b.settled()
		_, at := b.View()
		time.Sleep(2 * viewIdle)
		feed, took := b.Feed(at), make(chan time.Duration, 1)
		began := time.Now()
		go func() {
			if _, err := feed.Next(t.Context()); err != nil {
				t.Error(err)
			}
			took <- time.Since(began)
		}()
		synctest.Wait()
		sw.arrives(0)
		if d := <-took; d > feedLinger {
			t.Errorf("it took %v", d)
		}
		b.stop()
	})
}
