package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/fact"
)

const (
	// batchFacts is how many facts a batch holds, give or take an input's.
	batchFacts = 512
	// batchInputs is how many inputs a batch accounts for at most when the
	// journal is read again.
	batchInputs = 20000
	// linger is how long a fact waits for others to share its transaction, as
	// long as nobody reads the store; storedPatience is how long who does waits
	// for it.
	linger         = time.Second
	storedPatience = time.Second
	// noteEvery is how often a store is told of inputs that gave no fact.
	noteEvery = 5 * time.Second
	// applyLimit bounds one call of a store.
	applyLimit = 30 * time.Second
	// backoffMin and backoffMax bound the wait after a failure.
	backoffMin = 250 * time.Millisecond
	backoffMax = 10 * time.Second
)

// projector brings one store up to the journal and keeps it there. It holds
// nothing of its own: what the store has not applied is taken from the tape,
// or made again from the journal, however long the store was away.
type projector struct {
	e     *Engine
	name  string
	store Store

	wanted  wanted // inputs that somebody waits to find in the store
	applied atomic.Uint64
	known   atomic.Bool // applied has been read from the store
	errors  atomic.Uint64

	mu  sync.Mutex
	err error
}

func newProjector(e *Engine, name string, store Store) *projector {
	return &projector{e: e, name: name, store: store, wanted: newWanted()}
}

// run goes on until ctx ends; finish then bounds what is left to do.
func (p *projector) run(ctx, finish context.Context) {
	for finish.Err() == nil {
		err := p.pass(ctx, finish)
		if err == nil || ctx.Err() != nil {
			return
		}
	}
}

// pass works until the engine ends and everything is applied: nil, or until
// what is applied must be read again.
func (p *projector) pass(ctx, finish context.Context) error {
	pos, err := p.begin(finish)
	if err != nil {
		return err
	}
	noted := time.Now()
	for {
		ending := ctx.Err() != nil
		got, gap := p.e.tape.after(pos, batchFacts)
		if gap {
			if pos, err = p.again(finish, pos, got.floor); err != nil {
				return err
			}
			continue
		}
		idle := len(got.list) == 0
		if !idle || (got.head > pos && (ending || time.Since(noted) >= noteEvery)) {
			if err := p.apply(finish, batchOf(p.e.journal.epoch, got.head, got.list)); err != nil {
				return err
			}
			pos, noted = got.head, time.Now()
		}
		p.wanted.shown(got.head) // what gave no fact is as good as stored
		if ending && got.head >= p.e.tape.reached() {
			return nil
		}
		if got.rest {
			continue
		}
		wait := linger
		if idle {
			wait = noteEvery
		}
		p.pause(ctx, finish, wait, idle || p.wanted.waits(), got.more)
	}
}

// pause waits for more; unless it is wanted at once, for others to join it.
func (p *projector) pause(ctx, finish context.Context, wait time.Duration, atOnce bool, more <-chan struct{}) {
	if !atOnce {
		more = nil
	}
	done := ctx.Done()
	if ctx.Err() != nil {
		done = finish.Done()
		wait = linger
	}
	select {
	case <-time.After(wait):
	case <-more:
	case <-p.wanted.notify:
	case <-done:
	}
}

// Stored waits until View and then the store have all that has happened so far,
// a second at most and not while the store is away: who reads it finds a call
// that has just ended, and no View that is older than what they found.
func (e *Engine) Stored(ctx context.Context) {
	p := e.toStore
	if p == nil || p.health() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storedPatience)
	defer cancel()
	seq := e.stepped.Load()
	if e.Await(ctx, Cursor{Epoch: e.journal.epoch, Seq: seq}) != nil {
		return // what there is must do
	}
	seen := p.wanted.add(seq)
	defer p.wanted.drop(seen)
	select {
	case <-seen:
	case <-e.over:
	case <-ctx.Done():
	}
}

// begin asks the store how far it is, until it answers.
func (p *projector) begin(ctx context.Context) (uint64, error) {
	for wait := backoffMin; ; wait = min(2*wait, backoffMax) {
		seq, err := p.ask(ctx)
		p.failed(err)
		if err == nil {
			p.applied.Store(seq)
			p.known.Store(true)
			return seq, nil
		}
		if err := sleep(ctx, wait); err != nil {
			return 0, err
		}
	}
}

func (p *projector) ask(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	epoch, seq, err := p.store.Applied(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask %s how far it is: %w", p.name, err)
	}
	if epoch == p.e.journal.epoch {
		return seq, nil
	}
	if epoch != "" && !p.known.Load() {
		p.e.o.Log.Warn("the journal is another one than before", "sink", p.name, "was", epoch, "is", p.e.journal.epoch)
	}
	return 0, nil
}

// apply has the store take a batch in, however often it takes: the same one
// again changes nothing.
func (p *projector) apply(ctx context.Context, b fact.Batch) error {
	for wait := backoffMin; ; wait = min(2*wait, backoffMax) {
		err := p.try(ctx, b)
		if err == nil {
			p.failed(nil)
			p.applied.Store(b.Seq)
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.failed(err)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (p *projector) try(ctx context.Context, b fact.Batch) error {
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	if err := p.store.Apply(ctx, b); err != nil {
		return fmt.Errorf("%s takes in up to %d: %w", p.name, b.Seq, err)
	}
	return nil
}

// failed notes how the store does, and logs when that changes.
func (p *projector) failed(err error) {
	p.mu.Lock()
	was := p.err
	p.err = err
	p.mu.Unlock()
	switch {
	case err != nil && was == nil:
		p.e.o.Log.Error("sink is away: the journal keeps what it misses", "sink", p.name, "error", err)
	case err == nil && was != nil:
		p.e.o.Log.Info("sink is back", "sink", p.name, "applied", p.applied.Load())
	}
	if err != nil {
		p.errors.Add(1)
	}
}

func (p *projector) health() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// again makes the facts after pos from the journal, with a machine of its own,
// and applies them, until the tape takes over.
func (p *projector) again(ctx context.Context, pos, floor uint64) (uint64, error) {
	m, c, err := p.e.recovery.restoreUpTo(pos)
	if err != nil {
		return pos, p.broken(ctx, err)
	}
	p.e.o.Log.Info("sink is behind: the journal is read again", "sink", p.name, "from", pos+1, "to", floor, "checkpoint", c.seq)
	read := newReader(p.e.seal, p.e.journal.listed, c.seq)
	defer read.close()
	var list []facts
	count, inputs, seq := 0, 0, c.seq
	flush := func() error {
		if seq <= pos {
			return nil
		}
		err := p.apply(ctx, batchOf(p.e.journal.epoch, seq, list))
		if err == nil {
			pos, list, count, inputs = seq, nil, 0, 0
		}
		return err
	}
	defer p.e.o.Long()()
	for seq < floor {
		entries, err := read.read(followChunk)
		for _, in := range entries {
			effects := m.Step(in.at, in.in)
			seq = in.seq
			inputs++
			if got, ok := factsOf(in.seq, in.at, effects); ok && in.seq > pos {
				list, count = append(list, got), count+got.size()
			}
		}
		if count >= batchFacts || inputs >= batchInputs || err != nil || len(entries) == 0 || seq >= floor {
			if err := flush(); err != nil {
				return pos, err
			}
		}
		switch {
		case errors.Is(err, errMissing) || errors.Is(err, ErrCorrupt):
			return p.skip(ctx, max(seq, pos), err)
		case err != nil:
			return pos, p.broken(ctx, err)
		case len(entries) == 0:
			return pos, sleep(ctx, backoffMin)
		}
		if ctx.Err() != nil {
			return pos, ctx.Err()
		}
	}
	return pos, nil
}

// skip goes on behind facts that cannot be made any more.
func (p *projector) skip(ctx context.Context, pos uint64, cause error) (uint64, error) {
	_, c, err := p.e.recovery.restoreFrom(pos + 1)
	if err != nil {
		return pos, p.broken(ctx, errors.Join(cause, err))
	}
	p.e.o.Log.Error("facts are lost to the sink: the journal does not hold them", "sink", p.name, "from", pos+1, "to", c.seq, "error", cause)
	if err := p.apply(ctx, fact.Batch{Epoch: p.e.journal.epoch, Seq: c.seq}); err != nil {
		return pos, err
	}
	return c.seq, nil
}

// broken notes an error of our own files and waits before it is tried again.
func (p *projector) broken(ctx context.Context, err error) error {
	p.failed(err)
	return errors.Join(err, sleep(ctx, backoffMax))
}

// batchOf is what a store is to take in of facts that reach up to seq.
func batchOf(epoch string, seq uint64, list []facts) fact.Batch {
	b := fact.Batch{Epoch: epoch, Seq: seq}
	events := 0
	for _, f := range list {
		events += len(f.events)
	}
	b.Events = slices.Grow(b.Events, events)
	for _, f := range list {
		for i, event := range f.events {
			if event.Kind.Fleeting() {
				continue
			}
			b.Events = append(b.Events, fact.Sequenced{Seq: f.seq, N: i + 1, Event: event})
		}
		b.Records = append(b.Records, f.records...)
		b.WrapUps = append(b.WrapUps, f.wrapups...)
		b.Logs = append(b.Logs, f.logs...)
		b.Counts = append(b.Counts, f.counts...)
		b.Tries = append(b.Tries, f.tries...)
	}
	return b
}

// sleep waits, or errors when ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// appliedByAll is how far every sink is; who has not answered yet may be
// nowhere.
func (e *Engine) appliedByAll() uint64 {
	applied := uint64(math.MaxUint64)
	for _, p := range e.sinks {
		applied = min(applied, p.applied.Load())
	}
	return applied
}
