package voice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/huawu/huawu/voice/wav"
)

// An engine that fails rests for a while, so that not every prompt waits for
// it: restFirst after the first failure, twice as long after each more, restMost
// at most. One that nobody can stand in for never rests.
const (
	restFirst = 5 * time.Second
	restMost  = 5 * time.Minute
)

// breath is the silence that stays before and after a speech. Engines leave
// more (espeak-ng 1.51 ends with 390 ms of it), which would lengthen each pause
// that a flow or a scene asks for, and part the words of a number.
const breath = 50 * time.Millisecond

// desk is an engine at work: how many speak at once, and how it does.
type desk struct {
	engine Engine
	seats  chan struct{} // one for each speech under way

	mu    sync.Mutex
	rests time.Time // until when
	tired int       // failures in a row
	stats EngineStats
}

// EngineStats is how an engine does.
type EngineStats struct {
	Name string
	// Spoken and Failed count speeches, Took is how long those took that were
	// spoken.
	Spoken, Failed uint64
	Took           time.Duration
	// Resting says that it is left out for a while; LastError is why.
	Resting   bool
	LastError string
}

func newDesk(e Engine, parallel int) *desk {
	if p, ok := e.(interface{ Parallel() int }); ok && p.Parallel() > 0 {
		parallel = p.Parallel()
	}
	name := e.Name()
	if t, ok := e.(interface{ Title() string }); ok {
		name = t.Title()
	}
	return &desk{engine: e, seats: make(chan struct{}, parallel), stats: EngineStats{Name: name}}
}

// resting says whether it is left out.
func (d *desk) resting(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return now.Before(d.rests)
}

// sit waits for a seat; stand gives it back.
func (d *desk) sit(ctx context.Context) error {
	select {
	case d.seats <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (d *desk) stand() { <-d.seats }

// speak has it speak within a time, and remembers what came of it.
func (d *desk) speak(ctx context.Context, text, language string, limit time.Duration) (wav.Sound, error) {
	begun := time.Now()
	speaking, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	sound, err := d.engine.Speak(speaking, text, language)
	// A good voice has a loudness of 0.1; what is a tenth of it is not heard.
	const faint = 0.01
	if err == nil {
		// Trimmed first: a narrow band has little of the consonants at an end.
		if sound = sound.Trim(breath).Resample(Rate); sound.Loudness() < faint {
			err = fmt.Errorf("%w: the voice is silent", ErrSpeech)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err == nil:
		d.stats.Spoken++
		d.stats.Took += time.Since(begun)
		d.tired, d.rests = 0, time.Time{}
	case ctx.Err() == nil && !errors.Is(err, ErrText): // who gave up says nothing of the engine
		d.stats.Failed++
		d.stats.LastError = err.Error()
		d.rests = time.Now().Add(min(restMost, restFirst<<min(d.tired, 10)))
		d.tired++
	}
	return sound, err
}

func (d *desk) told(now time.Time) EngineStats {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stats
	s.Resting = now.Before(d.rests)
	return s
}
