package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	// whyLimit bounds an answer about the present, which the follower gives.
	whyLimit = 5 * time.Second
	// pastLimit bounds one about the past: up to a journal file is replayed.
	pastLimit = time.Minute
)

// question is asked of the follower's machine.
type question struct {
	q      center.Question
	answer chan<- explained // of one slot
}

type explained struct {
	answer center.Answer
	err    error
}

// Why explains a call or an agent: as it stands, or unless at is zero, as it
// stood at that instant of the wall clock, which is read by the present offset
// between wall and steady time. Neither is done by the loop. Errors wrap a
// sentinel of center; or ErrGone when the journal does not reach back so far,
// and ErrBusy when another question about the past is being answered.
func (e *Engine) Why(ctx context.Context, q center.Question, at time.Time) (center.Answer, error) {
	if !at.IsZero() {
		return e.whyThen(ctx, q, at)
	}
	ctx, cancel := context.WithTimeout(ctx, whyLimit)
	defer cancel()
	if !e.started.Load() {
		return center.Answer{}, fmt.Errorf("why: %w", ErrStopped)
	}
	if e.followError.Load() != nil {
		return center.Answer{}, fmt.Errorf("why: views stand still: %w", ErrJournal)
	}
	got := make(chan explained, 1)
	select {
	case e.questions <- question{q, got}:
	case <-e.over:
		return center.Answer{}, fmt.Errorf("why: %w", ErrStopped)
	case <-ctx.Done():
		return center.Answer{}, fmt.Errorf("why: %w", ctx.Err())
	}
	select {
	case a := <-got:
		return a.answer.Aged(e.clock.Now()), a.err
	case <-e.over:
		return center.Answer{}, fmt.Errorf("why: %w", ErrStopped)
	case <-ctx.Done():
		return center.Answer{}, fmt.Errorf("why: %w", ctx.Err())
	}
}

// explain answers what was asked, by all that is in the journal.
func (f *follower) explain() {
	for _, q := range f.asked {
		var a explained
		a.answer, a.err = f.m.Why(q.q)
		q.answer <- a
	}
	clear(f.asked)
	f.asked = f.asked[:0]
}

// whyThen answers a question about the past, on the goroutine of who asks.
func (e *Engine) whyThen(ctx context.Context, q center.Question, at time.Time) (center.Answer, error) {
	then := fact.Instant(at.UnixMilli() - e.clock.Offset())
	if now := e.clock.Now(); then > now {
		return center.Answer{}, fmt.Errorf("why: %s lies ahead: %w", at.Format(time.RFC3339), center.ErrInvalid)
	}
	select {
	case e.past <- struct{}{}:
		defer func() { <-e.past }()
	default:
		return center.Answer{}, fmt.Errorf("why: the past is being looked into already: %w", ErrBusy)
	}
	ctx, cancel := context.WithTimeout(ctx, pastLimit)
	defer cancel()
	m, err := e.machineAt(ctx, then)
	if err != nil {
		return center.Answer{}, fmt.Errorf("why at %s: %w", at.Format(time.RFC3339), err)
	}
	a, err := m.Why(q)
	return a.Aged(then), err
}
