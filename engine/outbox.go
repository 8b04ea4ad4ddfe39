package engine

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// commandDeadline is for a command that names none.
const commandDeadline = 5 * time.Second

// order is one command on its way to a switch.
type order struct {
	cmd      media.Command
	deadline time.Duration
	// done is told once what came of it: nil, or why it failed. A command
	// that was not sent because of a Hangup fails with media.ErrNoLeg, but for
	// a Hangup itself: the later one stands for it.
	done func(error)

	lanes   []fact.LegID
	blocked int // lanes in which another order goes first
	sent    bool
}

// outbox sends commands in lanes: in each leg's lane one after the other, in
// the order given. A command on several legs is in all their lanes and goes
// when it is first in each; as all are queued under one lock, none can wait
// for one queued after it.
type outbox struct {
	do      func(ctx context.Context, cmd media.Command) error
	bound   int
	workers int

	mu      sync.Mutex
	lanes   map[fact.LegID][]*order
	ready   []*order
	idle    []chan struct{} // of workers with nothing to do
	working int             // workers there are
	queued  int
	peak    int
	stopped bool
	ctx     context.Context
	done    sync.WaitGroup

	commands, failed, dropped uint64
}

// newOutbox sends by do, with so many at once and so many waiting a lane.
func newOutbox(ctx context.Context, do func(context.Context, media.Command) error, bound, workers int) *outbox {
	return &outbox{do: do, bound: bound, workers: workers, lanes: map[fact.LegID][]*order{}, ctx: ctx}
}

// outcome is an order that has ended and is to be told so.
type outcome struct {
	o   *order
	err error
}

// send queues a command. It never blocks.
func (b *outbox) send(cmd media.Command, deadline time.Duration, done func(error)) {
	o := &order{cmd: cmd, deadline: deadline, done: done, lanes: lanesOf(cmd)}
	if o.deadline <= 0 {
		o.deadline = commandDeadline
	}
	var ended []outcome
	b.mu.Lock()
	if b.stopped {
		b.mu.Unlock()
		return
	}
	if hangup, ok := cmd.(media.Hangup); ok {
		ended = b.empty(hangup.Leg)
	}
	if full := slices.IndexFunc(o.lanes, func(leg fact.LegID) bool { return len(b.lanes[leg]) >= b.bound }); full >= 0 {
		b.dropped++
		ended = append(ended, outcome{o, fmt.Errorf("%d commands wait for %s: %w", b.bound, o.lanes[full], media.ErrUnavailable)})
	} else {
		b.queue(o)
	}
	b.mu.Unlock()
	for _, e := range ended {
		e.o.done(e.err)
	}
}

// lanesOf is the legs of a command, each once; a command of no leg has a lane
// by its room or switch.
func lanesOf(cmd media.Command) []fact.LegID {
	ref := cmd.Ref()
	lanes := slices.Clone(ref.Legs)
	slices.Sort(lanes)
	lanes = slices.Compact(lanes)
	if len(lanes) == 0 {
		lanes = []fact.LegID{fact.LegID(ref.Room)}
	}
	return lanes
}

func (b *outbox) queue(o *order) {
	for _, leg := range o.lanes {
		lane := b.lanes[leg]
		if len(lane) > 0 {
			o.blocked++
		}
		b.lanes[leg] = append(lane, o)
		b.peak = max(b.peak, len(lane)+1)
	}
	b.queued++
	if o.blocked == 0 {
		b.start(o)
	}
}

// empty takes out of a leg's lane what is not sent yet, but for the command
// that makes the leg: without it no LegEnded would follow the Hangup.
func (b *outbox) empty(leg fact.LegID) (ended []outcome) {
	for _, o := range slices.Clone(b.lanes[leg]) {
		if _, makes := o.cmd.(media.Create); makes || o.sent {
			continue
		}
		b.ready = slices.DeleteFunc(b.ready, func(r *order) bool { return r == o })
		b.remove(o)
		b.dropped++
		if _, again := o.cmd.(media.Hangup); !again {
			ended = append(ended, outcome{o, fmt.Errorf("%s is being hung up: %w", leg, media.ErrNoLeg)})
		}
	}
	return ended
}

// remove takes an order out of its lanes, wherever it stands, and lets those
// go that waited for it alone.
func (b *outbox) remove(o *order) {
	b.queued--
	for _, leg := range o.lanes {
		lane := b.lanes[leg]
		i := slices.Index(lane, o)
		lane = slices.Delete(lane, i, i+1)
		if len(lane) == 0 {
			delete(b.lanes, leg)
			continue
		}
		b.lanes[leg] = lane
		if i > 0 {
			continue
		}
		if first := lane[0]; !first.sent {
			first.blocked--
			if first.blocked == 0 {
				b.start(first)
			}
		}
	}
}

// start has a worker send the order as soon as one is free. Workers stay: a
// new one would have its stack to grow again. The last one to have been busy is
// the first to be again.
func (b *outbox) start(o *order) {
	b.ready = append(b.ready, o)
	if n := len(b.idle); n > 0 {
		wake := b.idle[n-1]
		b.idle = b.idle[:n-1]
		wake <- struct{}{}
	} else if b.working < b.workers {
		b.working++
		b.done.Go(b.work)
	}
}

// work sends what is ready until the outbox ends.
func (b *outbox) work() {
	wake := make(chan struct{}, 1)
	for {
		b.mu.Lock()
		if b.stopped {
			b.mu.Unlock()
			return
		}
		if len(b.ready) == 0 {
			b.idle = append(b.idle, wake)
			b.mu.Unlock()
			select {
			case <-wake:
			case <-b.ctx.Done():
				return
			}
			continue
		}
		o := b.ready[0]
		b.ready = slices.Delete(b.ready, 0, 1)
		o.sent = true
		b.commands++
		b.mu.Unlock()

		ctx, cancel := context.WithTimeout(b.ctx, o.deadline)
		err := b.do(ctx, o.cmd)
		cancel()

		b.mu.Lock()
		b.remove(o)
		stopped := b.stopped
		if err != nil {
			b.failed++
		}
		b.mu.Unlock()
		if !stopped {
			o.done(err)
		}
	}
}

// stop sends nothing more and returns when what is under way has ended; the
// caller has ended its context.
func (b *outbox) stop() {
	b.mu.Lock()
	b.stopped = true
	b.mu.Unlock()
	b.done.Wait()
}

// laneLoad is how full the lanes are.
type laneLoad struct {
	lanes, queued, peak       int
	commands, failed, dropped uint64
}

func (b *outbox) load() laneLoad {
	b.mu.Lock()
	defer b.mu.Unlock()
	return laneLoad{len(b.lanes), b.queued, b.peak, b.commands, b.failed, b.dropped}
}
