package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	drainReportEvery = 5 * time.Second
	drainLookEvery   = 200 * time.Millisecond
	drainSample      = 5
)

// Waiting is whom Drain waits for.
type Waiting struct {
	// Flow, Queued, Ringing and Ending count calls in a flow, in line, at a
	// ringing phone, and being hung up: these need the controller.
	Flow, Queued, Ringing, Ending int
	// Talking counts calls that go on without us, held ones included.
	Talking int
	// Sample is a few of the calls waited for.
	Sample []fact.CallID
}

// Total is how many calls are waited for.
func (w Waiting) Total() int { return w.Flow + w.Queued + w.Ringing + w.Ending }

// waitingIn counts the calls of a view.
func waitingIn(v *center.View) Waiting {
	var w Waiting
	for _, c := range v.Calls {
		switch c.State {
		case center.CallTalking, center.CallHeld:
			w.Talking++
			continue
		case center.CallWaiting:
			w.Queued++
		case center.CallRinging:
			w.Ringing++
		case center.CallEnding:
			w.Ending++
		default:
			w.Flow++
		}
		if len(w.Sample) < drainSample {
			w.Sample = append(w.Sample, c.ID)
		}
	}
	return w
}

// Drain takes no new calls from now on, new legs go to the dialplan's fallback,
// and returns nil when no call needs the controller any more: talks go on
// without it. Report is told at once and every 5 s whom it waits for. It errors
// when ctx ends or Options.DrainLimit passes first. Run goes on: whoever drains
// ends its context next.
func (e *Engine) Drain(ctx context.Context, report func(Waiting)) error {
	e.draining.Store(true)
	ctx, cancel := context.WithTimeout(ctx, e.o.DrainLimit)
	defer cancel()
	// What arrived before must be in the view that decides.
	if err := e.Await(ctx, Cursor{Epoch: e.journal.epoch, Seq: e.stepped.Load()}); err != nil {
		e.o.Log.Warn("drain: the view lags behind", "error", err)
	}
	look := time.NewTicker(drainLookEvery)
	defer look.Stop()
	var told time.Time
	for {
		w := waitingIn(e.view.Load().view)
		if w.Total() == 0 {
			return nil
		}
		if told.IsZero() || time.Since(told) >= drainReportEvery {
			report(w)
			told = time.Now()
		}
		select {
		case <-look.C:
		case <-e.over:
			return fmt.Errorf("drain: %d calls still need the controller: %w", w.Total(), ErrStopped)
		case <-ctx.Done():
			return fmt.Errorf("drain: %d calls still need the controller: %w", w.Total(), ctx.Err())
		}
	}
}
