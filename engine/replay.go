package engine

import (
	"fmt"
	"io"
	"log/slog"
	"math"

	"github.com/huawu/huawu/fact"
)

// ReplayOptions is what Replay works by.
type ReplayOptions struct {
	// Dir is the data directory; it is only read, and may be that of a
	// running engine.
	Dir string
	// New and Restore make machines, as for an engine.
	New     func() Machine
	Restore func(checkpoint []byte) (Machine, error)
	// Log is told what is wrong with checkpoints; slog's default when nil.
	Log *slog.Logger
}

// Replayed says what a replay went through.
type Replayed struct {
	// First and Last are the inputs replayed, Inputs how many.
	First, Last, Inputs uint64
	// Checkpoint is the input whose checkpoint the replay began from, because
	// the journal does not reach back to its beginning; 0 for none.
	Checkpoint uint64
}

// Replay steps a machine through a journal from as far back as it reaches and
// writes every effect to w as one line "<seq> <n> <effect>": the same bytes
// that an engine with EffectLog wrote.
func Replay(o ReplayOptions, w io.Writer) (Replayed, error) {
	var out *effectWriter
	done, err := o.play(func(seal *sealer, m Machine, _ Replayed, in entry) error {
		if out == nil {
			out = newEffectWriter(w, seal)
		}
		return out.write(in.seq, m.Step(in.at, in.in))
	})
	if err == nil && out != nil {
		err = out.w.Flush()
	}
	if err != nil {
		return done, fmt.Errorf("replay: %w", err)
	}
	return done, nil
}

// play gives every input of a journal, and the machine that has seen those
// before it, to each, which steps it.
func (o ReplayOptions) play(each func(*sealer, Machine, Replayed, entry) error) (Replayed, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	seal, err := openSealer(o.Dir, false)
	if err != nil {
		return Replayed{}, err
	}
	found, err := scanJournal(o.Dir, false, o.Log)
	if err != nil {
		return Replayed{}, err
	}
	if len(found.segments) == 0 {
		return Replayed{}, fmt.Errorf("no journal in %s", o.Dir)
	}
	from := &recovery{dir: o.Dir, seal: seal, log: o.Log, fresh: o.New, restore: o.Restore}
	m, c := o.New(), checkpoint{}
	if begins := found.segments[0].head.After; begins > 0 {
		if m, c, err = from.restoreFrom(begins); err != nil {
			return Replayed{}, err
		}
	}
	done := Replayed{Checkpoint: c.seq}
	read := newReader(seal, found.listed, c.seq)
	defer read.close()
	for {
		entries, err := read.read(followChunk)
		for _, in := range entries {
			if err := each(seal, m, done, in); err != nil {
				return done, err
			}
			if done.First == 0 {
				done.First = in.seq
			}
			done.Last = in.seq
			done.Inputs++
		}
		if err != nil || len(entries) == 0 {
			return done, err
		}
	}
}

// recover makes a machine that includes the whole journal. Effects of inputs
// replayed are given to each, and go no further.
func (r *recovery) recover(found scanned, limit uint64, each func([]stepped)) (recovered, error) {
	m, c, err := r.restoreUpTo(limit)
	if err != nil {
		return recovered{}, err
	}
	out := recovered{m: m, seq: c.seq, at: max(c.at, found.at), epoch: c.epoch, checkpoint: c.seq}
	read := newReader(r.seal, found.listed, c.seq)
	defer read.close()
	for {
		entries, err := read.read(followChunk)
		var batch []stepped
		for _, in := range entries {
			batch = append(batch, stepped{in.seq, m.Step(in.at, in.in)})
			out.seq = in.seq
			out.steps++
		}
		each(batch)
		if err != nil {
			return out, fmt.Errorf("recover: %w", err)
		}
		if len(entries) == 0 {
			return out, nil
		}
	}
}

// recovered is a machine that includes the whole journal.
type recovered struct {
	m          Machine
	seq        uint64
	at         fact.Instant
	epoch      string
	checkpoint uint64
	steps      int // made since the checkpoint
}

// newest is no limit.
const newest = math.MaxUint64
