package engine

import (
	"errors"
	"fmt"
	"time"
)

const (
	// retryEvery is how often a journal that cannot be written is tried.
	retryEvery = 200 * time.Millisecond
	// pendingLimit is how many bytes of inputs wait in memory meanwhile.
	pendingLimit = 64 << 20
)

// ledger is the loop's side of the journal. While the journal cannot be
// written (a full disk), live calls go on: inputs wait in memory and are
// written, in order, as soon as that works again; new legs go to the fallback,
// configurations are refused and the engine is not ready. Should they outgrow
// the memory granted, they are given up, and a checkpoint of the machine takes
// their place: events and records of that time are then lost to the store.
type ledger struct {
	e       *Engine
	limit   int
	pending []byte
	first   uint64
	inputs  int
	gaveUp  bool
	failing bool
	tried   time.Time
}

// lag is how many inputs before this one may not outlive a power cut.
func (g *ledger) lag(seq uint64) uint32 {
	return uint32(min(seq-g.e.journal.onDisk(), 1<<32-1))
}

// write journals the loop's batch, or keeps it while that cannot be.
func (g *ledger) write(l *loop, first uint64) {
	if !g.failing {
		err := g.e.journal.append(l.frames, first, l.seq, l.at)
		if err == nil {
			return
		}
		g.fail(err)
	}
	if g.inputs == 0 {
		g.first = first
	}
	if g.gaveUp {
		return
	}
	g.pending = append(g.pending, l.frames...)
	g.inputs += int(l.seq - first + 1)
	g.e.pending.Store(int64(g.inputs))
	if len(g.pending) > g.limit {
		g.e.o.Log.Error("journal: what waits to be written has outgrown its memory: given up, a checkpoint will stand in for it",
			"inputs", g.inputs, "bytes", len(g.pending))
		g.pending, g.inputs, g.gaveUp = nil, 0, true
		g.e.pending.Store(0)
	}
}

func (g *ledger) fail(err error) {
	g.failing, g.tried = true, time.Now()
	if !g.e.journalFailed.Swap(true) {
		g.e.o.Log.Error("the journal cannot be written: live calls go on, new calls go to the fallback until it can", "error", err)
	}
	g.e.journalError.Store(&err)
}

// retry tries a failing journal again.
func (g *ledger) retry(l *loop) {
	if err := g.e.journal.syncFailed(); err != nil && !g.failing {
		g.fail(err)
	}
	if !g.failing || time.Since(g.tried) < retryEvery {
		return
	}
	g.tried = time.Now()
	if err := g.catchUp(l); err != nil {
		g.e.journalError.Store(&err)
		return
	}
	g.failing = false
	g.e.o.Log.Info("the journal can be written again", "seq", l.seq)
	g.e.journalError.Store(nil)
	g.e.journalFailed.Store(false)
}

// catchUp writes what waits, or what stands in for it.
func (g *ledger) catchUp(l *loop) error {
	j := g.e.journal
	switch {
	case g.gaveUp:
		if err := g.standIn(l); err != nil {
			return err
		}
		g.gaveUp = false
	case g.inputs > 0:
		if err := j.append(g.pending, g.first, l.seq, l.at); err != nil {
			return err
		}
		g.pending, g.inputs = nil, 0
		g.e.pending.Store(0)
	}
	return j.mend(l.seq + 1)
}

// standIn writes a checkpoint in place of inputs that were given up.
func (g *ledger) standIn(l *loop) error {
	state, err := l.m.Checkpoint()
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	c := checkpoint{seq: l.seq, at: l.at, epoch: g.e.journal.epoch, state: state}
	if err := saveCheckpoint(g.e.o.Dir, g.e.seal, c); err != nil {
		return err
	}
	return g.e.journal.skipTo(l.seq, l.seq+1, l.at)
}

// mend leaves a file behind that failed to sync, and says whether the journal
// is whole again.
func (j *journal) mend(next uint64) error {
	s := j.state()
	if s.syncErr == nil {
		return nil
	}
	j.mu.Lock()
	suspect := j.suspect
	j.mu.Unlock()
	if suspect {
		if err := j.begin(next, s.seq, s.synced); err != nil {
			return errors.Join(s.syncErr, j.failed(err))
		}
	}
	signal(j.dirty)
	return s.syncErr
}
