package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

const (
	// viewEvery is how old a snapshot may grow while inputs come.
	viewEvery = 90 * time.Millisecond
	// viewIdle is for how long after somebody looked snapshots are made at
	// that pace; then they are made every viewRarely, and who looks again waits
	// for a fresh one, viewPatience at most.
	viewIdle     = 2 * time.Second
	viewRarely   = time.Second
	viewPatience = 100 * time.Millisecond
	// viewLong is what one takes that the loop is not to be kept waiting by.
	viewLong = time.Millisecond
	// viewSoon is how soon one is made that somebody waits for.
	viewSoon = 2 * time.Millisecond
	// viewShare bounds the follower's time spent on snapshots: to one part in
	// so many.
	viewShare = 4
	// followLinger is how long an input waits for others, so that the
	// follower need not wake for each, while nobody looks at views, and
	// feedLinger while somebody waits for events.
	followLinger = 200 * time.Millisecond
	feedLinger   = 40 * time.Millisecond
	// followChunk is how many inputs the follower takes at once.
	followChunk = 512
)

// snapshot is a view and how far it reaches.
type snapshot struct {
	view *center.View
	seq  uint64
}

// follower is a second machine, fed from the journal off the loop. It makes
// what others read: views, facts, checkpoints.
type follower struct {
	e    *Engine
	m    Machine
	read *reader
	seq  uint64
	at   fact.Instant

	viewed  time.Time     // when the last view was made
	cost    time.Duration // what it took
	saved   time.Time     // when the last checkpoint was made
	unsaved int           // inputs since
	saves   chan checkpoint
	asked   []question // to be answered at the journal's present end
}

// startFollower recovers a machine of the follower's own.
func (e *Engine) startFollower() (*follower, error) {
	m, c, err := e.recovery.restoreUpTo(newest)
	if err != nil {
		return nil, fmt.Errorf("follower: %w", err)
	}
	e.tape.restart(c.seq)
	read := newReader(e.seal, e.journal.listed, c.seq)
	read.recent = &e.recent
	return &follower{
		e: e, m: m, seq: c.seq, at: c.at, read: read,
		saved: time.Now(), saves: make(chan checkpoint, 1),
	}, nil
}

// run follows the journal until ctx ends, then to its end, and leaves a last
// checkpoint.
func (f *follower) run(ctx context.Context) {
	defer close(f.saves)
	defer f.read.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if err := f.catchUp(); err != nil {
			f.e.followError.Store(&err)
			f.e.o.Log.Error("the journal cannot be followed: views and store stand still", "seq", f.seq, "error", err)
			<-ctx.Done()
			return
		}
		if ctx.Err() != nil {
			f.publish()
			if f.unsaved > 0 {
				f.save()
			}
			return
		}
		if wait, need := f.due(); need {
			timer.Reset(wait)
		}
		select {
		case <-f.e.journal.written:
			if !f.e.unread() {
				continue
			}
			timer.Reset(f.e.lingers())
			select {
			case <-f.e.wanted.notify:
			case q := <-f.e.questions:
				f.asked = append(f.asked, q)
			case <-timer.C:
			case <-ctx.Done():
			}
		case <-f.e.wanted.notify:
		case q := <-f.e.questions:
			f.asked = append(f.asked, q)
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// catchUp follows to the journal's end.
func (f *follower) catchUp() error {
	for {
		entries, err := f.read.read(followChunk)
		f.follow(entries)
		if errors.Is(err, errMissing) || errors.Is(err, ErrCorrupt) {
			err = f.leap(err)
		}
		if err != nil {
			return err
		}
		f.tend()
		if len(entries) == 0 {
			f.explain()
			return nil
		}
	}
}

func (f *follower) follow(entries []entry) {
	if len(entries) == 0 {
		return
	}
	var list []facts
	for _, in := range entries {
		f.seq, f.at = in.seq, in.at
		if got, ok := factsOf(in.seq, in.at, f.m.Step(in.at, in.in)); ok {
			list = append(list, got)
		}
	}
	f.unsaved += len(entries)
	f.e.tape.append(list, f.seq)
}

// leap goes on from a checkpoint beyond what cannot be read.
func (f *follower) leap(cause error) error {
	m, c, err := f.e.recovery.restoreFrom(f.seq + 1)
	if err != nil {
		return errors.Join(cause, err)
	}
	f.e.o.Log.Error("inputs cannot be followed: a checkpoint stands in for them", "from", f.seq+1, "to", c.seq, "error", cause)
	f.m, f.seq, f.at = m, c.seq, c.at
	f.e.tape.restart(c.seq)
	return f.read.jump(c.seq)
}

// tend makes a view and a checkpoint when they are due.
func (f *follower) tend() {
	if wait, need := f.viewDue(); need && wait <= 0 {
		f.publish()
	}
	if f.unsaved > 0 && (f.unsaved >= f.e.o.CheckpointInputs || time.Since(f.saved) >= f.e.o.CheckpointEvery) {
		f.save()
	}
}

// due is when tend has something to do next, if ever.
func (f *follower) due() (wait time.Duration, need bool) {
	wait, need = f.viewDue()
	if f.unsaved > 0 {
		save := f.e.o.CheckpointEvery - time.Since(f.saved)
		if !need || save < wait {
			wait = save
		}
		need = true
	}
	return max(wait, 0), need
}

// viewDue is how long until a view is to be made, if one is.
func (f *follower) viewDue() (time.Duration, bool) {
	shown := f.e.view.Load().seq
	if shown == f.seq {
		return 0, false
	}
	every := viewEvery
	if f.e.unread() {
		every = viewRarely
	}
	if f.e.wanted.between(shown, f.seq) {
		every = viewSoon
	}
	return max(every, viewShare*f.cost) - time.Since(f.viewed), true
}

func (f *follower) publish() {
	if f.cost > viewLong {
		defer f.e.o.Long()()
	}
	began := time.Now()
	f.e.view.Store(&snapshot{view: f.m.View(), seq: f.seq})
	f.viewed = time.Now()
	f.cost = f.viewed.Sub(began)
	f.e.wanted.shown(f.seq)
}

// save has the saver write a checkpoint, unless it is still at the last one.
func (f *follower) save() {
	f.saved = time.Now()
	if len(f.saves) > 0 {
		return
	}
	over := f.e.o.Long()
	state, err := f.m.Checkpoint()
	over()
	if err != nil {
		f.e.o.Log.Error("checkpoint cannot be made", "seq", f.seq, "error", err)
		return
	}
	f.saves <- checkpoint{seq: f.seq, at: f.at, epoch: f.e.journal.epoch, state: state}
	f.unsaved = 0
}

// runSaver writes checkpoints and removes what nobody needs any more, until
// the follower ends.
func (e *Engine) runSaver(saves <-chan checkpoint) {
	for c := range saves {
		over := e.o.Long()
		err := saveCheckpoint(e.o.Dir, e.seal, c)
		over()
		if err == nil {
			e.checkpoints.Add(1)
			e.checkpointSeq.Store(c.seq)
			err = e.retain(e.appliedByAll())
		}
		if err != nil {
			e.o.Log.Error("checkpoint cannot be written", "seq", c.seq, "error", err)
		}
	}
}

// View is the newest snapshot for readers, its durations as of this moment, and
// how far it reaches. It is never nil and must not be changed.
func (e *Engine) View() (*center.View, Cursor) {
	rarely := e.unread()
	e.read.Store(int64(e.clock.Now()))
	if at := e.stepped.Load(); rarely && at > e.view.Load().seq {
		ctx, cancel := context.WithTimeout(context.Background(), viewPatience)
		_ = e.Await(ctx, Cursor{Epoch: e.journal.epoch, Seq: at}) // else the one there is
		cancel()
	}
	s := e.view.Load()
	return s.view.Aged(e.clock.Now()), Cursor{Epoch: e.journal.epoch, Seq: s.seq}
}

// lingers is how long an input may wait for others while nobody looks at views.
func (e *Engine) lingers() time.Duration {
	if e.feeding.Load() > 0 {
		return feedLinger
	}
	return followLinger
}

// unread says that nobody has looked at a view for a while.
func (e *Engine) unread() bool {
	return e.clock.Now().Sub(fact.Instant(e.read.Load())) > viewIdle
}

// Await returns when View includes the cursor, which an answer of Ask or
// Configure gave. While the journal cannot be written it errors wrapping
// ErrJournal: views stand still.
func (e *Engine) Await(ctx context.Context, c Cursor) error {
	if c.Epoch != e.journal.epoch {
		return fmt.Errorf("await %s: the journal is %s: %w", c, e.journal.epoch, ErrCursor)
	}
	seen := e.wanted.add(c.Seq)
	defer e.wanted.drop(seen)
	if e.view.Load().seq >= c.Seq {
		return nil
	}
	if e.journalFailed.Load() && e.journal.state().seq < c.Seq {
		return fmt.Errorf("await %s: %w", c, ErrJournal)
	}
	select {
	case <-seen:
		return nil
	case <-e.over:
		return fmt.Errorf("await %s: %w", c, ErrStopped)
	case <-ctx.Done():
		return fmt.Errorf("await %s: %w", c, ctx.Err())
	}
}
