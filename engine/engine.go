package engine

import (
	"context"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Engine runs one centre.
type Engine struct {
	o Options
}

// New opens the data directory, recovers the machine and is then ready to Run.
func New(o Options) (*Engine, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Engine{o: o}, nil
}

// Run works until ctx ends.
func (e *Engine) Run(ctx context.Context, switches ...media.Switch) error { return ErrStopped }

// Close releases the data directory of an engine that was never run.
func (e *Engine) Close() error { return nil }

// Epoch names the journal.
func (e *Engine) Epoch() string { return "" }

// Ask carries out an operation in the name of somebody.
func (e *Engine) Ask(ctx context.Context, by string, op center.Operation) (Cursor, error) {
	return Cursor{}, ErrStopped
}

// Configure brings a whole new configuration, checked and compiled.
func (e *Engine) Configure(ctx context.Context, c center.Config) (Cursor, error) {
	return Cursor{}, ErrStopped
}

// View is the newest snapshot for readers, and how far it reaches.
func (e *Engine) View() (*center.View, Cursor) { return &center.View{}, Cursor{} }

// Await returns when View includes the cursor.
func (e *Engine) Await(ctx context.Context, c Cursor) error { return ErrStopped }

// Feed reads events after a cursor; the zero Cursor means from now on.
func (e *Engine) Feed(after Cursor) *Feed { return &Feed{} }

// Feed is one reader's place among the events.
type Feed struct{}

// Next waits for events after the last one given and gives those at hand. It
// errors wrapping ErrGap when some of them are not at hand any more.
func (f *Feed) Next(ctx context.Context) ([]fact.Sequenced, error) { return nil, ErrStopped }

// Cursor is the place of the last event given.
func (f *Feed) Cursor() Cursor { return Cursor{} }

// Health is how the engine does.
func (e *Engine) Health() Health { return Health{} }

// Stats is the engine's counters and gauges.
func (e *Engine) Stats() Stats { return Stats{} }

// Waiting is whom Drain waits for.
type Waiting struct {
	// Flow, Queued, Ringing and Ending count calls in a flow, in line, at a
	// ringing phone, and being hung up.
	Flow, Queued, Ringing, Ending int
	// Talking counts calls that go on without us.
	Talking int
	// Sample is a few of the calls waited for.
	Sample []fact.CallID
}

// Drain takes no new calls and waits until no call needs the controller.
func (e *Engine) Drain(ctx context.Context, report func(Waiting)) error { return ErrStopped }

// Clock is the steady clock that drivers stamp their events by.
func (e *Engine) Clock() *Clock { return nil }
