package rig

import (
	"sync"
	"time"
)

// beat is the pace of a Pulse, and of the phones' frames.
const beat = 20 * time.Millisecond

// Pulse knows when the machine did not let this process run in time: what is in
// it, be it phones or a clock, has stood still meanwhile, whatever huawu did.
type Pulse struct {
	stop, over chan struct{}

	mu     sync.Mutex
	stalls []stall
}

type stall struct{ from, to time.Time }

// Feel begins a Pulse; Stop ends it.
func Feel() *Pulse {
	p := &Pulse{stop: make(chan struct{}), over: make(chan struct{})}
	go p.run()
	return p
}

// Stop ends it; what it has felt is kept.
func (p *Pulse) Stop() {
	close(p.stop)
	<-p.over
}

func (p *Pulse) run() {
	defer close(p.over)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-tick.C:
		case <-p.stop:
			return
		}
		now := time.Now()
		if due := last.Add(beat); now.Sub(due) > beat {
			p.mu.Lock()
			p.stalls = append(p.stalls, stall{due, now})
			p.mu.Unlock()
		}
		last = now
	}
}

// Lost is how much of the time between two moments this process stood still, in
// stalls of more than 20 ms each.
func (p *Pulse) Lost(from, to time.Time) (lost time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.stalls {
		if s.from.Before(from) {
			s.from = from
		}
		if s.to.After(to) {
			s.to = to
		}
		lost += max(0, s.to.Sub(s.from))
	}
	return lost
}
