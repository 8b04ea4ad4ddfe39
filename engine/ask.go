package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/huawu/huawu/center"
)

// asks are the operations that wait for their Reply.
type asks struct {
	prefix string // makes a request's id one of this run
	count  atomic.Uint64

	mu      sync.Mutex
	waiting map[string]chan<- answer
}

// answer is what came of an operation or a configuration.
type answer struct {
	seq uint64
	err error
}

func (a *asks) open(result chan<- answer) string {
	id := a.prefix + strconv.FormatUint(a.count.Add(1), 36)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[string]chan<- answer{}
	}
	a.waiting[id] = result
	return id
}

// settle answers a request, once; one that nobody waits for is passed over.
func (a *asks) settle(id string, ans answer) {
	a.mu.Lock()
	result, ok := a.waiting[id]
	delete(a.waiting, id)
	a.mu.Unlock()
	if ok {
		result <- ans
	}
}

func (a *asks) reply(seq uint64, r center.Reply) { a.settle(r.Request, answer{seq, replyError(r)}) }

// replyError is the refusal that a reply tells of, nil for success.
func replyError(r center.Reply) error {
	if r.Code == "" {
		return nil
	}
	sentinel := center.ErrorOf(r.Code)
	switch {
	case sentinel == nil:
		return fmt.Errorf("%s: %s", r.Code, r.Message)
	case r.Message == "":
		return sentinel
	}
	return &refusal{sentinel, r.Message}
}

// refusal is why the centre refused an operation, in the centre's words, which
// name the operation already.
type refusal struct {
	sentinel error
	words    string
}

func (r *refusal) Error() string { return r.words }
func (r *refusal) Unwrap() error { return r.sentinel }

// Ask carries out an operation in the name of somebody. The cursor says where
// in the journal it was done: Await it before reading what it changed. A
// refusal wraps the centre's sentinel. ErrBusy: nothing happened. When ctx or
// the engine ends first, what came of it is not known.
func (e *Engine) Ask(ctx context.Context, by string, op center.Operation) (Cursor, error) {
	result := make(chan answer, 1)
	id := e.asks.open(result)
	taken := func(_ uint64, err error) {
		if err != nil {
			e.asks.settle(id, answer{err: err})
		}
	}
	if !e.inbox.request(item{in: center.Asked{Request: id, By: by, Op: op}, taken: taken}) {
		e.asks.settle(id, answer{err: e.refusal()})
	}
	c, err := e.wait(ctx, result)
	if err != nil {
		e.asks.settle(id, answer{}) // nobody waits any more
		if r := (*refusal)(nil); errors.As(err, &r) {
			return Cursor{}, r
		}
		return Cursor{}, fmt.Errorf("%s: %w", center.OperationName(op), err)
	}
	return c, nil
}

// Configure brings a whole new configuration, checked and compiled. The cursor
// says where in the journal it became valid. ErrJournal and ErrBusy: nothing happened.
func (e *Engine) Configure(ctx context.Context, c center.Config) (Cursor, error) {
	op := func(err error) error { return fmt.Errorf("configure version %d: %w", c.Version, err) }
	if e.journalFailed.Load() {
		return Cursor{}, op(ErrJournal)
	}
	result := make(chan answer, 1)
	taken := func(seq uint64, err error) { result <- answer{seq, err} }
	if !e.inbox.request(item{in: center.Configured{Config: c}, taken: taken}) {
		return Cursor{}, op(e.refusal())
	}
	cursor, err := e.wait(ctx, result)
	if err != nil {
		return Cursor{}, op(err)
	}
	return cursor, nil
}

// refusal is why the inbox takes no request.
func (e *Engine) refusal() error {
	if e.stopped() {
		return ErrStopped
	}
	return ErrBusy
}

func (e *Engine) wait(ctx context.Context, result <-chan answer) (Cursor, error) {
	select {
	case a := <-result:
		return Cursor{Epoch: e.journal.epoch, Seq: a.seq}, a.err
	case <-e.over:
		// An answer may have come in the same moment.
		select {
		case a := <-result:
			return Cursor{Epoch: e.journal.epoch, Seq: a.seq}, a.err
		default:
			return Cursor{}, fmt.Errorf("what came of it is not known: %w", ErrStopped)
		}
	case <-ctx.Done():
		return Cursor{}, fmt.Errorf("what came of it is not known: %w", ctx.Err())
	}
}
