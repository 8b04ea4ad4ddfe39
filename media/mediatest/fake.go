package mediatest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Fake is a switch in memory: a Core behind a lock, a clock and a connection
// that can be cut. Its far side is moved by World.
type Fake struct {
	o     Options
	clock func() fact.Instant
	wake  chan struct{} // Run has something to do

	mu       sync.Mutex
	core     *Core
	running  bool
	queue    []media.Event // for Run to emit
	changed  chan struct{} // closed when anything changed
	cuts     int           // reasons why no connection can be made
	stalls   int           // reasons why connections carry nothing
	stalled  chan struct{} // closed when the stalled connection ends; nil when none stalls
	notice   fact.Instant  // when the heartbeat finds the stalled connection
	listing  func()
	phones   int
	nobodies int
}

// NewFake is a switch with nothing on it.
func NewFake(name string, o Options) *Fake {
	f := &Fake{o: o, clock: o.Clock, wake: make(chan struct{}, 1), core: NewCore(name, o), changed: make(chan struct{})}
	if f.clock == nil {
		began := time.Now()
		f.clock = func() fact.Instant { return fact.Instant(began.UnixMilli()).Add(time.Since(began)) }
	}
	return f
}

// Name implements media.Switch.
func (f *Fake) Name() string { return f.core.Name() }

// Capabilities implements media.Switch.
func (f *Fake) Capabilities() media.Capabilities { return f.core.Capabilities() }

// Run implements media.Switch.
func (f *Fake) Run(ctx context.Context, emit func(media.Event)) error {
	f.mu.Lock()
	if f.running {
		f.mu.Unlock()
		return fmt.Errorf("fake switch %s runs already", f.Name())
	}
	f.running = true
	f.mu.Unlock()
	defer f.stop()
	idle := time.NewTimer(0)
	defer idle.Stop()
	for {
		events, wait := f.take()
		for _, e := range events {
			if ctx.Err() != nil {
				return nil
			}
			emit(e)
		}
		if len(events) > 0 {
			continue
		}
		idle.Reset(wait)
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-idle.C:
		}
	}
}

// stop is the end of Run: the connection is closed.
func (f *Fake) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.core.Disconnect(f.clock(), "stopped")
	f.endStall()
	f.running, f.queue = false, nil
	f.poke()
}

// take is what Run is to emit, or how long it may sleep.
func (f *Fake) take() ([]media.Event, time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock()
	if due := f.core.Advance(now); len(due) > 0 {
		f.say(due)
	}
	if f.stalled != nil && now >= f.notice {
		f.endStall()
	}
	if !f.core.connected && f.cuts == 0 && f.stalls == 0 {
		f.say(f.core.Connect(now))
		if during := f.listing; during != nil {
			f.listing = nil
			f.mu.Unlock()
			during()
			f.mu.Lock()
		}
	}
	events := f.queue
	f.queue = nil
	wait := time.Hour
	if next, ok := f.core.Next(); ok {
		wait = min(wait, next.Sub(now))
	}
	if f.stalled != nil {
		wait = min(wait, f.notice.Sub(now))
	}
	return events, wait
}

// endStall has the driver see that its stalled connection is gone.
func (f *Fake) endStall() {
	if f.stalled == nil {
		return
	}
	close(f.stalled)
	f.stalled = nil
	f.say([]media.Event{media.Down{Head: media.Head{At: f.clock()}, Switch: f.Name(), Reason: "no answer to a heartbeat"}})
}

// Do implements media.Switch.
func (f *Fake) Do(ctx context.Context, cmd media.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w: %w", media.CommandName(cmd), err, media.ErrUnavailable)
	}
	if dead := f.stalled; dead != nil {
		if err := media.Check(f.Name(), f.Capabilities(), cmd); err != nil {
			return err
		}
		f.mu.Unlock()
		defer f.mu.Lock()
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %w", media.CommandName(cmd), ctx.Err(), media.ErrUnknown)
		case <-dead:
			return fmt.Errorf("%s: the connection broke: %w", media.CommandName(cmd), media.ErrUnknown)
		}
	}
	events, err := f.core.Do(f.clock(), cmd)
	f.say(events)
	return err
}

// say queues events for Run and wakes whoever waits. f.mu is held.
func (f *Fake) say(events []media.Event) {
	if f.running {
		f.queue = append(f.queue, events...)
	}
	f.poke()
}

func (f *Fake) poke() {
	close(f.changed)
	f.changed = make(chan struct{})
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// far moves the far side.
func (f *Fake) far(verb func(now fact.Instant) []media.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.say(verb(f.clock()))
}

// wait waits until something is so, at most for patience.
func (f *Fake) wait(patience time.Duration, so func() bool) bool {
	limit := f.clock().Add(patience)
	for {
		f.mu.Lock()
		now := f.clock()
		if events := f.core.Advance(now); len(events) > 0 {
			f.say(events)
		}
		if so() {
			f.mu.Unlock()
			return true
		}
		until := limit
		if next, ok := f.core.Next(); ok {
			until = min(until, next)
		}
		changed := f.changed
		f.mu.Unlock()
		if now >= limit {
			return false
		}
		timer := time.NewTimer(until.Sub(now))
		select {
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Forget is the death of the driver's memory (Core.Forget): what Run is called
// on next is a new driver of the same switch.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.core.Forget()
}

// Crash is the death and rebirth of the switch (Core.Crash).
func (f *Fake) Crash() { f.far(f.core.Crash) }
