//go:build asterisk

package crash

import (
	"sync"
	"testing"
	"time"
)

// beat is the pace of a pulse, and of the phones' frames.
const beat = 20 * time.Millisecond

// pulse knows when the machine did not let this process run in time: the phones
// in it have said nothing meanwhile, whatever huawu did.
type pulse struct {
	mu   sync.Mutex
	late []stall
}

type stall struct {
	at time.Time
	by time.Duration
}

// feel begins a pulse; it ends with the test.
func feel(t *testing.T) *pulse {
	p := &pulse{}
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-tick.C:
			case <-stop:
				return
			}
			now := time.Now()
			if by := now.Sub(last) - beat; by > beat {
				p.mu.Lock()
				p.late = append(p.late, stall{now, by})
				p.mu.Unlock()
			}
			last = now
		}
	}()
	t.Cleanup(func() { close(stop); <-over })
	return p
}

// worst is how long the longest stall since a time was.
func (p *pulse) worst(since time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var worst time.Duration
	for _, s := range p.late {
		if s.at.After(since) {
			worst = max(worst, s.by)
		}
	}
	return worst
}
