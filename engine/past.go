package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/huawu/huawu/fact"
)

// machineAt makes the machine as it was at an instant: from the newest
// checkpoint that is not later, or the journal's beginning, through all inputs
// up to then. It errors wrapping ErrGone when neither reaches back so far.
func (e *Engine) machineAt(ctx context.Context, at fact.Instant) (Machine, error) {
	m, after, err := e.machineBefore(at)
	if err != nil {
		return nil, err
	}
	read := newReader(e.seal, e.journal.listed, after)
	defer read.close()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := read.read(followChunk)
		for _, in := range entries {
			switch {
			case in.at <= at:
				m.Step(in.at, in.in)
				after = in.seq
				continue
			case after == 0:
				return nil, ErrGone // nothing had happened yet
			}
			return m, nil
		}
		if errors.Is(err, errMissing) {
			return nil, fmt.Errorf("%w: %w", ErrGone, err)
		}
		if err != nil || len(entries) == 0 {
			return m, err
		}
	}
}

// machineBefore makes a machine to begin with and says which input it includes.
func (e *Engine) machineBefore(at fact.Instant) (Machine, uint64, error) {
	list, err := checkpoints(e.o.Dir)
	if err != nil {
		return nil, 0, err
	}
	for _, seq := range slices.Backward(list) {
		made, err := madeAt(e.o.Dir, seq)
		if err != nil || made > at {
			continue // recovery says what is wrong with one
		}
		if m, _, ok := e.recovery.tryRestore(seq); ok {
			return m, seq, nil
		}
	}
	files := e.journal.listed(0)
	if len(files) == 0 || files[0].head.After > 0 {
		return nil, 0, ErrGone
	}
	return e.o.New(), 0, nil
}

// madeAt is the instant of a checkpoint, by its header alone.
func madeAt(dir string, seq uint64) (fact.Instant, error) {
	f, err := os.Open(checkpointPath(dir, seq))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	b := make([]byte, 4096)
	n, err := f.Read(b)
	if err != nil {
		return 0, err
	}
	head, _, err := checkpointHead(b[:n], seq)
	return head.At, err
}
