package engine

import (
	"context"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
)

const (
	beatEvery = 250 * time.Millisecond
	// stuckBeats without a turn of the loop are 10 s. Beats are counted, not
	// time: a process that stood still as a whole has not hung.
	stuckBeats = 40
	// wallDrift in milliseconds is what the wall clock may stray from the
	// steady one before the machine is told.
	wallDrift = 50
)

// pulse tells a loop that stands still from a process that stood still.
type pulse struct {
	mu     sync.Mutex
	turn   time.Time // of the loop
	beat   time.Time // of the watch
	frozen bool      // the watch was kept from beating since the last turn
	beats  int       // since the last turn
}

func (p *pulse) start(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn, p.beat = now, now
}

// turned notes a turn of the loop; gap is the time since the one before, and
// frozen says that the whole process stood still in it.
func (p *pulse) turned(now time.Time) (gap time.Duration, frozen bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gap = now.Sub(p.turn)
	frozen = p.frozen || now.Sub(p.beat) > awayLimit
	p.turn, p.frozen, p.beats = now, false, 0
	return gap, frozen
}

// beaten notes a beat of the watch, and says how many there were since the
// loop's last turn and how long that is ago.
func (p *pulse) beaten(now time.Time) (beats int, age time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = p.frozen || now.Sub(p.beat) > awayLimit
	p.beat = now
	p.beats++
	return p.beats, now.Sub(p.turn)
}

func (p *pulse) age(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Sub(p.turn)
}

// watch beats, tells when the loop is stuck, and minds the wall clock.
func (e *Engine) watch(ctx context.Context) {
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	offset, stuck := e.booted, false
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		beats, age := e.pulse.beaten(time.Now())
		if beats >= stuckBeats && !stuck {
			stuck = true
			e.o.Log.Error("the loop is stuck", "for", age.Round(time.Millisecond))
			if e.o.OnStuck != nil {
				e.o.OnStuck(age)
			}
		}
		if n%4 != 3 {
			continue
		}
		if now := e.clock.Offset(); now-offset > wallDrift || offset-now > wallDrift {
			e.o.Log.Warn("the wall clock was set", "by_ms", now-offset)
			offset = now
			e.inbox.force(item{in: center.ClockSet{Offset: now}})
		}
	}
}
