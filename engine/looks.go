package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	looksAtOnce  = 16
	looksWaiting = 256
)

// looks answers the centre's look-ups with a bounded number of goroutines.
// Each Look is answered once, at the latest by its deadline.
type looks struct {
	lookup  Lookup
	tenant  fact.TenantID
	ctx     context.Context
	answer  func(center.Looked)
	slots   chan struct{}
	waiting atomic.Int64
	done    sync.WaitGroup
	guesses guesses

	count, late atomic.Uint64
}

func newLooks(ctx context.Context, lookup Lookup, tenant fact.TenantID, answer func(center.Looked)) *looks {
	return &looks{lookup: lookup, tenant: tenant, ctx: ctx, answer: answer, slots: make(chan struct{}, looksAtOnce)}
}

// start has the question answered. It never blocks.
func (l *looks) start(q center.Look) {
	l.count.Add(1)
	switch {
	case l.lookup == nil:
		l.answer(center.Looked{Look: q.Look, Error: "no look-up is configured"})
	case l.waiting.Add(1) > looksWaiting:
		l.waiting.Add(-1)
		l.answer(center.Looked{Look: q.Look, Error: "too many look-ups wait"})
	default:
		l.done.Go(func() { l.run(q) })
	}
}

func (l *looks) run(q center.Look) {
	defer l.waiting.Add(-1)
	deadline := q.Deadline
	if deadline <= 0 {
		deadline = commandDeadline
	}
	ctx, cancel := context.WithTimeout(l.ctx, deadline)
	defer cancel()
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		l.finish(center.Looked{Look: q.Look}, ctx.Err())
		return
	}
	result := make(chan center.Looked, 1)
	l.done.Go(func() {
		defer func() { <-l.slots }()
		if q.Caller != nil {
			result <- l.history(ctx, q)
			return
		}
		if !l.guesses.take(q.Agent, time.Now()) {
			result <- center.Looked{Look: q.Look, Error: "too many wrong PINs"}
			return
		}
		ok, err := l.lookup.CheckPIN(ctx, l.tenant, q.Agent, q.PIN)
		looked := center.Looked{Look: q.Look, OK: ok && err == nil}
		if err != nil {
			looked.Error = err.Error()
		}
		if ok || err != nil {
			l.guesses.giveBack(q.Agent)
		}
		result <- looked
	})
	select {
	case looked := <-result:
		l.finish(looked, nil)
	case <-ctx.Done():
		l.finish(center.Looked{Look: q.Look}, ctx.Err())
	}
}

// history answers a question for a caller's earlier calls.
func (l *looks) history(ctx context.Context, q center.Look) center.Looked {
	h, err := l.lookup.Caller(ctx, l.tenant, *q.Caller)
	if err != nil {
		return center.Looked{Look: q.Look, Error: err.Error()}
	}
	return center.Looked{Look: q.Look, OK: true, Caller: &h}
}

// finish answers, unless the engine stops: the look-up then is made again
// after the next start, or was not safe to repeat.
func (l *looks) finish(looked center.Looked, err error) {
	if l.ctx.Err() != nil {
		return
	}
	if errors.Is(err, context.DeadlineExceeded) {
		l.late.Add(1)
		looked.Error = "no answer within the deadline"
	}
	l.answer(looked)
}

// stop returns when every look-up has ended; the caller has ended the context.
func (l *looks) stop() { l.done.Wait() }
