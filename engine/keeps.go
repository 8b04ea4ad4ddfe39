package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	keepsAtOnce  = 4
	keepsWaiting = 256
)

// keeps puts promises into the store with a bounded number of goroutines. Each
// Keep is answered once, at the latest by its deadline.
type keeps struct {
	keeper  Keeper
	tenant  fact.TenantID
	ctx     context.Context
	answer  func(center.Input)
	slots   chan struct{}
	waiting atomic.Int64
	done    sync.WaitGroup

	kept, failed atomic.Uint64
}

func newKeeps(ctx context.Context, keeper Keeper, tenant fact.TenantID, answer func(center.Input)) *keeps {
	return &keeps{keeper: keeper, tenant: tenant, ctx: ctx, answer: answer, slots: make(chan struct{}, keepsAtOnce)}
}

// start has a promise kept. It never blocks.
func (k *keeps) start(p center.Keep) {
	switch {
	case k.keeper == nil:
		k.fail(p, errors.New("nothing keeps promises here"))
	case k.waiting.Add(1) > keepsWaiting:
		k.waiting.Add(-1)
		k.fail(p, errors.New("too many promises wait for the store"))
	default:
		k.done.Go(func() { k.run(p) })
	}
}

func (k *keeps) run(p center.Keep) {
	defer k.waiting.Add(-1)
	deadline := p.Deadline
	if deadline <= 0 {
		deadline = commandDeadline
	}
	ctx, cancel := context.WithTimeout(k.ctx, deadline)
	defer cancel()
	select {
	case k.slots <- struct{}{}:
	case <-ctx.Done():
		k.finish(p, ctx.Err())
		return
	}
	result := make(chan error, 1)
	k.done.Go(func() {
		defer func() { <-k.slots }()
		result <- k.keeper.Keep(ctx, k.tenant, p)
	})
	select {
	case err := <-result:
		k.finish(p, err)
	case <-ctx.Done():
		k.finish(p, ctx.Err())
	}
}

// finish answers, unless the engine stops: the centre asks again after the next
// start.
func (k *keeps) finish(p center.Keep, err error) {
	switch {
	case err == nil:
		k.kept.Add(1)
		k.answer(center.Stored{Callback: p.Callback.ID})
	case k.ctx.Err() != nil:
	case errors.Is(err, context.DeadlineExceeded):
		k.fail(p, errors.New("not stored within the deadline"))
	default:
		k.fail(p, err)
	}
}

func (k *keeps) fail(p center.Keep, why error) {
	k.failed.Add(1)
	k.answer(center.StoreFailed{Callback: p.Callback.ID, Error: why.Error()})
}

// stop returns when every one has ended; the caller has ended the context.
func (k *keeps) stop() { k.done.Wait() }
