package engine

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var (
	errCrowded = errors.New("too many wait already")
	errLate    = errors.New("no answer within the deadline")
)

// errands has done what the loop must not wait for, with a bounded number of
// goroutines. Each is answered once, at the latest by its deadline; when the
// engine stops, not any more: it is asked for again after the next start.
type errands[Q, A any] struct {
	ctx     context.Context
	do      func(ctx context.Context, q Q) (A, error)
	answer  func(q Q, a A, err error)
	slots   chan struct{}
	most    int64
	waiting atomic.Int64
	done    sync.WaitGroup
}

// newErrands does as many as atOnce at a time, while as many as most are not
// answered yet; others are refused.
func newErrands[Q, A any](ctx context.Context, atOnce, most int, do func(context.Context, Q) (A, error), answer func(Q, A, error)) *errands[Q, A] {
	return &errands[Q, A]{ctx: ctx, do: do, answer: answer, slots: make(chan struct{}, atOnce), most: int64(most)}
}

// start has q done within a deadline, commandDeadline for 0. It never blocks.
func (e *errands[Q, A]) start(q Q, deadline time.Duration) {
	if e.waiting.Add(1) > e.most {
		e.waiting.Add(-1)
		var nothing A
		e.answer(q, nothing, errCrowded)
		return
	}
	e.done.Go(func() {
		defer e.waiting.Add(-1)
		a, err := e.within(q, cmp.Or(max(deadline, 0), commandDeadline))
		switch {
		case e.ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			err = errLate
		}
		e.answer(q, a, err)
	})
}

// within does not wait for longer than the deadline, whatever do does.
func (e *errands[Q, A]) within(q Q, deadline time.Duration) (nothing A, err error) {
	ctx, cancel := context.WithTimeout(e.ctx, deadline)
	defer cancel()
	select {
	case e.slots <- struct{}{}:
	case <-ctx.Done():
		return nothing, ctx.Err()
	}
	type result struct {
		a   A
		err error
	}
	done := make(chan result, 1)
	e.done.Go(func() {
		defer func() { <-e.slots }()
		a, err := e.do(ctx, q)
		done <- result{a, err}
	})
	select {
	case r := <-done:
		return r.a, r.err
	case <-ctx.Done():
		return nothing, ctx.Err()
	}
}

// stop returns when every one has ended; the caller has ended the context.
func (e *errands[Q, A]) stop() { e.done.Wait() }
