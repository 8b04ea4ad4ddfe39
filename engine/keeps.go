package engine

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	keepsAtOnce  = 4
	keepsWaiting = 256
	// A centre has one strike noted at a time.
	marksWaiting = 4
)

var errNoKeeper = errors.New("nothing keeps promises here")

// keeps puts promises into the store.
type keeps struct {
	*errands[center.Keep, struct{}]
	marks  *errands[center.Mark, center.Marked]
	keeper Keeper
	tenant fact.TenantID
	tell   func(center.Input)

	kept, failed atomic.Uint64
}

func newKeeps(ctx context.Context, keeper Keeper, tenant fact.TenantID, tell func(center.Input)) *keeps {
	k := &keeps{keeper: keeper, tenant: tenant, tell: tell}
	k.errands = newErrands(ctx, keepsAtOnce, keepsWaiting, k.keep, k.told)
	k.marks = newErrands(ctx, 1, marksWaiting, k.mark, k.marked)
	return k
}

// start has a promise kept. It never blocks.
func (k *keeps) start(p center.Keep) { k.errands.start(p, p.Deadline) }

func (k *keeps) keep(ctx context.Context, p center.Keep) (struct{}, error) {
	if k.keeper == nil {
		return struct{}{}, errNoKeeper
	}
	return struct{}{}, k.keeper.Keep(ctx, k.tenant, p)
}

func (k *keeps) told(p center.Keep, _ struct{}, err error) {
	if err != nil {
		k.failed.Add(1)
		k.tell(center.StoreFailed{Callback: p.Callback.ID, Error: err.Error()})
		return
	}
	k.kept.Add(1)
	k.tell(center.Stored{Callback: p.Callback.ID})
}

// note has a strike noted. It never blocks.
func (k *keeps) note(m center.Mark) { k.marks.start(m, m.Deadline) }

func (k *keeps) mark(ctx context.Context, m center.Mark) (center.Marked, error) {
	if k.keeper == nil {
		return center.Marked{}, errNoKeeper
	}
	return k.keeper.Mark(ctx, k.tenant, m)
}

func (k *keeps) marked(m center.Mark, a center.Marked, err error) {
	if a.Number, a.Call = m.Number, m.Strike.Call; err != nil {
		a.Error = err.Error()
	}
	k.tell(a)
}

// stop returns when everything has ended; the caller has ended the context.
func (k *keeps) stop() {
	k.errands.stop()
	k.marks.stop()
}
