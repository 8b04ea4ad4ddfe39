package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Engine runs one centre.
type Engine struct {
	o        Options
	lock     *os.File
	seal     *sealer
	recovery *recovery
	journal  *journal
	clock    *Clock
	machine  Machine // the loop's, while it runs
	seq      uint64
	booted   int64 // the wall clock's offset that Booted told

	inbox   *inbox
	out     *outbox
	looks   *looks
	keeps   *keeps
	asks    asks
	recent  recent
	tape    *tape
	wanted  wanted
	pulse   pulse
	view    atomic.Pointer[snapshot]
	read    atomic.Int64 // the instant at which somebody last looked at it
	feeding atomic.Int64 // feeds that somebody waits for
	sinks   []*projector
	toStore *projector // the store's among them, nil for none

	questions chan question
	past      chan struct{} // one slot: a question about the past is at work

	runners map[string]*runner
	order   []*runner

	effectLog *effectLog
	running   atomic.Bool
	started   atomic.Bool   // runners, outbox and looks stand
	over      chan struct{} // closed when the loop has ended
	counters
}

// counters are what the engine's parts count and flag for others to read.
type counters struct {
	inputs, ticks, batches, effects  atomic.Uint64
	overflows, resyncs, aways        atomic.Uint64
	deflectedBusy, deflectedFallback atomic.Uint64
	checkpoints, checkpointSeq       atomic.Uint64
	stepped                          atomic.Uint64 // newest input
	stepMax                          atomic.Int64
	pending                          atomic.Int64
	journalFailed                    atomic.Bool
	draining, recovered              atomic.Bool
	journalError, followError        atomic.Pointer[error]
}

func (c *counters) tookStep(d time.Duration) {
	for old := c.stepMax.Load(); int64(d) > old && !c.stepMax.CompareAndSwap(old, int64(d)); old = c.stepMax.Load() {
	}
}

// New opens the data directory, recovers the machine from checkpoint and
// journal, and is then ready to Run. It errors wrapping ErrLocked when another
// process works on the directory, and ErrCorrupt, with file and offset, when
// the journal is damaged where no crash can have damaged it.
func New(o Options) (*Engine, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	e := &Engine{
		o: o, inbox: newInbox(o.Inbox), over: make(chan struct{}), runners: map[string]*runner{},
		wanted:    newWanted(),
		questions: make(chan question), past: make(chan struct{}, 1),
	}
	if e.lock, err = lockDir(o.Dir); err != nil {
		return nil, err
	}
	if err := e.open(); err != nil {
		return nil, errors.Join(err, e.effectLog.close(), e.lock.Close())
	}
	return e, nil
}

// open recovers and begins the journal of this run.
func (e *Engine) open() error {
	found, err := scanJournal(e.o.Dir, true, e.o.Log)
	if err != nil {
		return err
	}
	saved, err := checkpoints(e.o.Dir)
	if err != nil {
		return err
	}
	if e.seal, err = openSealer(e.o.Dir, len(found.segments) == 0 && len(saved) == 0); err != nil {
		return err
	}
	limit, each := uint64(newest), func([]stepped) {}
	if e.o.EffectLog {
		if e.effectLog, err = openEffectLog(e.o.Dir, e.seal, e.o.Log); err != nil {
			return err
		}
		each = e.effectLog.write
		if e.effectLog.last > 0 {
			limit = e.effectLog.last
		}
	}
	e.recovery = &recovery{dir: e.o.Dir, seal: e.seal, log: e.o.Log, fresh: e.o.New, restore: e.o.Restore}
	r, err := e.recovery.recover(found, limit, each)
	if err != nil {
		return err
	}
	e.machine, e.seq = r.m, r.seq
	e.clock = NewClock(r.at, e.o.Wall)
	if err := e.openJournal(found, r, saved); err != nil {
		return err
	}
	e.asks.prefix = e.idEpoch() + "-"
	e.tape = newTape(e.o.Ring, r.seq)
	e.view.Store(&snapshot{view: e.machine.View(), seq: r.seq})
	if e.o.Store != nil {
		e.toStore = newProjector(e, "store", e.o.Store)
		e.sinks = append(e.sinks, e.toStore)
	}
	if e.o.QueueLog != "" {
		e.sinks = append(e.sinks, newProjector(e, "queue log", newQueueLog(e.o.QueueLog, e.o.Dir, e.queuesOf)))
	}
	return nil
}

// openJournal begins a file of this run's own behind what was recovered.
func (e *Engine) openJournal(found scanned, r recovered, saved []uint64) error {
	j := &journal{
		dir: e.o.Dir, log: e.o.Log, seal: e.seal, limit: e.o.Segment, create: e.o.create, wall: e.o.Wall,
		boot: 1, epoch: r.epoch, segments: found.segments,
		dirty: make(chan struct{}, 1), written: make(chan struct{}, 1),
	}
	if n := len(found.segments); n > 0 {
		j.epoch, j.boot = found.segments[n-1].head.Epoch, found.segments[n-1].head.Boot+1
	}
	if j.epoch == "" {
		j.epoch = mintEpoch(e.o.Wall())
	}
	e.journal = j
	whole, err := takeClosed(e.o.Dir, r.seq)
	if err != nil {
		return err
	}
	next := r.seq + 1
	if !whole && r.seq > 0 {
		next += bootSkip
	}
	if n := len(found.segments); n > 0 {
		next = max(next, found.segments[n-1].head.First) // an empty file of an earlier start
	}
	if applied := e.storeApplied(); applied >= next {
		e.o.Log.Error("the store is ahead of the journal: part of the journal was lost", "journal", r.seq, "store", applied)
		next = applied + 1 + bootSkip
	}
	e.seq = next - 1
	if r.seq > 0 {
		e.o.Log.Info("recovered", "epoch", j.epoch, "seq", r.seq, "checkpoint", r.checkpoint, "replayed", r.steps)
	}
	return j.start(r.seq, next, r.at)
}

// storeApplied is how far the store is in this journal, if it says so at once.
func (e *Engine) storeApplied() uint64 {
	if e.o.Store == nil {
		return 0
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	epoch, seq, err := e.o.Store.Applied(ctx)
	if err != nil || epoch != e.journal.epoch {
		return 0 // the projector asks again
	}
	return seq
}

// idEpoch is what ids minted in this run begin with: the journal's epoch and
// the number of the run, so that ids that a power cut took from the journal do
// not come again.
func (e *Engine) idEpoch() string {
	return e.journal.epoch + strconv.FormatUint(e.journal.boot, 36)
}

// Close releases the data directory of an engine that was never run; Run does
// so itself.
func (e *Engine) Close() error {
	if !e.running.CompareAndSwap(false, true) {
		return nil
	}
	return e.release()
}

// release gives up what New took.
func (e *Engine) release() error {
	e.inbox.close()
	close(e.over)
	return errors.Join(e.journal.close(), e.effectLog.close(), e.lock.Close())
}

// Epoch names the journal.
func (e *Engine) Epoch() string { return e.journal.epoch }

// Clock is the steady clock that drivers must stamp their events by.
func (e *Engine) Clock() *Clock { return e.clock }

func (e *Engine) stopped() bool {
	select {
	case <-e.over:
		return true
	default:
		return false
	}
}

// queuesOf are the queues that an agent serves, by a view that includes the
// input, or the newest one if that takes long.
func (e *Engine) queuesOf(ctx context.Context, seq uint64, agent fact.AgentID) []fact.QueueID {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	// An error means that an older view must do.
	_ = e.Await(ctx, Cursor{Epoch: e.journal.epoch, Seq: seq})
	for _, a := range e.view.Load().view.Agents {
		if a.ID == agent {
			return a.Queues
		}
	}
	return nil
}

// connectTo makes a runner for each switch.
func (e *Engine) connectTo(switches []media.Switch) error {
	for _, sw := range switches {
		name := sw.Name()
		if _, twice := e.runners[name]; twice || name == "" {
			return fmt.Errorf("run: switch name %q: want names that are not empty and differ", name)
		}
		r := newRunner(e, sw)
		e.runners[name] = r
		e.order = append(e.order, r)
	}
	return nil
}

// boot is the first inputs of a run.
func (e *Engine) boot() []item {
	var names []string
	for _, r := range e.order {
		names = append(names, r.sw.Name())
	}
	e.booted = e.clock.Offset()
	items := []item{{in: center.Booted{Epoch: e.idEpoch(), Offset: e.booted, Switches: names}}}
	if c := e.o.Config; c != nil && c.Version != e.view.Load().view.Version {
		items = append(items, item{in: center.Configured{Config: *c}})
	}
	if e.o.First != nil {
		for i, op := range e.o.First(e.view.Load().view) { // nobody waits for the replies
			items = append(items, item{in: center.Asked{Request: e.idEpoch() + "-first-" + strconv.Itoa(i+1), By: "huawu", Op: op}})
		}
	}
	return items
}
