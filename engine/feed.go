package engine

import (
	"context"
	"fmt"
	"math"

	"github.com/huawu/huawu/fact"
)

// feedChunk is how many events Next gives at most, give or take an input's.
const feedChunk = 1000

// Feed is one reader's place among the events. It belongs to one goroutine and
// needs no closing: it holds nothing back for a reader who is slow.
type Feed struct {
	e    *Engine
	last Cursor // of the event given last, or where the feed began
	seq  uint64
	n    int // events of seq given; all when math.MaxInt
	err  error
}

// Feed reads events after a cursor; the zero Cursor means from now on. What
// the cursor does not fit is said by Next.
func (e *Engine) Feed(after Cursor) *Feed {
	f := &Feed{e: e, last: after, seq: after.Seq, n: after.N}
	switch {
	case after.IsZero():
		f.seq, f.n = e.tape.reached(), math.MaxInt
		f.last = Cursor{Epoch: e.journal.epoch, Seq: f.seq}
	case after.Epoch != e.journal.epoch:
		f.err = fmt.Errorf("feed after %s: the journal is another one now, %s: %w", after, e.journal.epoch, ErrGap)
	}
	return f
}

// Next waits for events after the last one given and gives those at hand. It
// errors wrapping ErrGap when some of them are not at hand any more: the store
// has them. ErrStopped says that there will be none.
func (f *Feed) Next(ctx context.Context) ([]fact.Sequenced, error) {
	f.e.feeding.Add(1)
	defer f.e.feeding.Add(-1)
	for f.err == nil {
		from := f.seq
		if f.n != math.MaxInt && from > 0 {
			from--
		}
		got, gap := f.e.tape.after(from, feedChunk)
		if gap {
			return nil, fmt.Errorf("feed after %s: %w", f.last, ErrGap)
		}
		if events := f.take(got); len(events) > 0 {
			return events, nil
		}
		select {
		case <-got.more:
		case <-f.e.over:
			return nil, ErrStopped
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, f.err
}

func (f *Feed) take(got taped) []fact.Sequenced {
	var out []fact.Sequenced
	for _, facts := range got.list {
		for i, event := range facts.events {
			if facts.seq == f.seq && i < f.n {
				continue
			}
			out = append(out, fact.Sequenced{Seq: facts.seq, N: i + 1, Event: event})
		}
	}
	if got.head > f.seq {
		f.seq, f.n = got.head, math.MaxInt
	}
	if len(out) > 0 {
		last := out[len(out)-1]
		f.last = f.e.Cursor(last)
		if last.Seq >= f.seq {
			f.seq, f.n = last.Seq, math.MaxInt
		}
	}
	return out
}

// Cursor is the place of the event given last.
func (f *Feed) Cursor() Cursor { return f.last }

// Cursor is the place of an event that a Feed of this engine gave.
func (e *Engine) Cursor(s fact.Sequenced) Cursor {
	return Cursor{Epoch: e.journal.epoch, Seq: s.Seq, N: s.N}
}
