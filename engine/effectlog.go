package engine

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"github.com/huawu/huawu/center"
)

// effectLogName is the file of the effects, beside the journal.
const effectLogName = "effects.log"

// effectWriter writes effects as lines "<seq> <n> <effect>", n counted from 0
// within the input: what an engine writes while it runs and what Replay writes
// of its journal are the same bytes.
type effectWriter struct {
	w    *bufio.Writer
	seal *sealer
	line []byte
}

func newEffectWriter(w io.Writer, seal *sealer) *effectWriter {
	return &effectWriter{w: bufio.NewWriterSize(w, 64<<10), seal: seal}
}

func (w *effectWriter) write(seq uint64, effects []center.Effect) error {
	for n, e := range effects {
		text, err := center.EncodeEffect(w.seal.veil(e))
		if err != nil {
			return fmt.Errorf("effect %d of input %d: %w", n, seq, err)
		}
		w.line = strconv.AppendUint(w.line[:0], seq, 10)
		w.line = append(w.line, ' ')
		w.line = strconv.AppendInt(w.line, int64(n), 10)
		w.line = append(w.line, ' ')
		w.line = append(w.line, text...)
		if _, err := w.w.Write(append(w.line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// effectLog is the file that the loop writes. A nil effectLog writes nothing.
type effectLog struct {
	log  *slog.Logger
	file *os.File
	w    *effectWriter
	last uint64 // the newest input whose effects are in the file
	dead bool
}

// openEffectLog opens the file and cuts off what a crash tore: the last input
// in it is written again.
func openEffectLog(dir string, seal *sealer, log *slog.Logger) (*effectLog, error) {
	path := filepath.Join(dir, effectLogName)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("effect log: %w", err)
	}
	keep, last := lastWhole(text)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("effect log: %w", err)
	}
	if err := f.Truncate(int64(keep)); err != nil {
		return nil, errors.Join(fmt.Errorf("effect log: %w", err), f.Close())
	}
	return &effectLog{log: log, file: f, w: newEffectWriter(f, seal), last: last}, nil
}

// lastWhole says how much of an effect log surely holds whole inputs: all but
// the last one's lines.
func lastWhole(text []byte) (keep int, last uint64) {
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	end := len(text)
	var torn uint64
	for first := true; end > 0; first = false {
		start := bytes.LastIndexByte(text[:end-1], '\n') + 1
		word, _, _ := bytes.Cut(text[start:end], []byte(" "))
		seq, err := strconv.ParseUint(string(word), 10, 64)
		if err == nil && first {
			torn = seq
		}
		if err == nil && seq != torn {
			return end, seq
		}
		end = start
	}
	return 0, 0
}

// write appends the effects of a batch. An error ends the log, not the engine.
func (l *effectLog) write(batch []stepped) {
	if l == nil || l.dead {
		return
	}
	var err error
	for _, s := range batch {
		if s.seq > l.last && err == nil {
			err = l.w.write(s.seq, s.effects)
		}
	}
	if err = errors.Join(err, l.w.w.Flush()); err != nil {
		l.dead = true
		l.log.Error("the effect log cannot be written any more", "error", err)
	}
}

func (l *effectLog) close() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}
