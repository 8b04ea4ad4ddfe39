package engine

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/huawu/huawu/fact"
)

const (
	checkpointMagic   = "huawuC01"
	checkpointVersion = 1
	checkpointsKept   = 2
	// historyBytes is what checkpoints kept for the past may take, unless the
	// journal takes more.
	historyBytes = 64 << 20
)

// checkpoint is a machine's whole state after an input. On disk it is sealed:
// it may hold keys that callers pressed.
type checkpoint struct {
	seq   uint64
	at    fact.Instant
	epoch string
	state []byte
}

type checkpointHeader struct {
	Version int          `json:"version"`
	Epoch   string       `json:"epoch"`
	Seq     uint64       `json:"seq"`
	At      fact.Instant `json:"at"`
}

func checkpointPath(dir string, seq uint64) string {
	return filepath.Join(dir, fmt.Sprintf("checkpoint-%020d", seq))
}

// saveCheckpoint leaves the whole checkpoint or none. The state is compressed:
// it is text with the same words over and over.
func saveCheckpoint(dir string, seal *sealer, c checkpoint) error {
	state, err := compressed(c.state)
	if err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	head, err := appendHeader(nil, checkpointMagic, checkpointHeader{Version: checkpointVersion, Epoch: c.epoch, Seq: c.seq, At: c.at})
	if err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	if err := writeFileAtomically(checkpointPath(dir, c.seq), append(head, seal.seal(state, head)...)); err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	return nil
}

// gzipMagic begins a compressed state (RFC 1952, 2.3.1). One that is not
// compressed is JSON, which never begins so.
var gzipMagic = []byte{0x1f, 0x8b}

func compressed(state []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(state); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func inflated(state []byte) ([]byte, error) {
	if !bytes.HasPrefix(state, gzipMagic) {
		return state, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(state))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrCorrupt)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrCorrupt)
	}
	return plain, nil
}

// checkpointHead reads a checkpoint's header at the start of its file, and says
// where it ends.
func checkpointHead(b []byte, seq uint64) (checkpointHeader, int, error) {
	var head checkpointHeader
	n, whole, err := headerAt(b, checkpointMagic, &head)
	switch {
	case err != nil:
	case !whole:
		err = fmt.Errorf("header is cut short: %w", ErrCorrupt)
	case head.Version != checkpointVersion:
		err = fmt.Errorf("version %d: this huawu reads version %d", head.Version, checkpointVersion)
	case head.Seq != seq:
		err = fmt.Errorf("is of input %d: %w", head.Seq, ErrCorrupt)
	}
	return head, n, err
}

// loadCheckpoint reads the checkpoint of an input. It errors wrapping
// ErrCorrupt when the file is damaged.
func loadCheckpoint(dir string, seal *sealer, seq uint64) (checkpoint, error) {
	path := checkpointPath(dir, seq)
	b, err := os.ReadFile(path)
	if err != nil {
		return checkpoint{}, fmt.Errorf("load checkpoint: %w", err)
	}
	head, n, err := checkpointHead(b, seq)
	var state []byte
	if err == nil {
		state, err = seal.open(b[n:], b[:n])
	}
	if err == nil {
		state, err = inflated(state)
	}
	if err != nil {
		return checkpoint{}, fmt.Errorf("load checkpoint %s: %w", path, err)
	}
	return checkpoint{seq: seq, at: head.At, epoch: head.Epoch, state: state}, nil
}

// checkpoints lists the inputs that checkpoints lie there for, in order.
func checkpoints(dir string) ([]uint64, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "checkpoint-*"))
	if err != nil {
		return nil, fmt.Errorf("list checkpoints: %w", err)
	}
	var list []uint64
	for _, p := range paths {
		_, number, _ := strings.Cut(filepath.Base(p), "-")
		if seq, err := strconv.ParseUint(number, 10, 64); err == nil {
			list = append(list, seq)
		}
	}
	slices.Sort(list)
	return list, nil
}

// recovery makes machines of what lies on disk.
type recovery struct {
	dir     string
	seal    *sealer
	log     *slog.Logger
	fresh   func() Machine
	restore func(checkpoint []byte) (Machine, error)
}

// restoreUpTo makes a machine of the newest checkpoint that is good and not
// beyond limit, or a fresh one at 0 when there is none.
func (r *recovery) restoreUpTo(limit uint64) (Machine, checkpoint, error) {
	list, err := checkpoints(r.dir)
	if err != nil {
		return nil, checkpoint{}, err
	}
	for _, seq := range slices.Backward(list) {
		if seq > limit {
			continue
		}
		if m, c, ok := r.tryRestore(seq); ok {
			return m, c, nil
		}
	}
	return r.fresh(), checkpoint{}, nil
}

// restoreFrom makes a machine of the oldest good checkpoint at or beyond seq.
func (r *recovery) restoreFrom(seq uint64) (Machine, checkpoint, error) {
	list, err := checkpoints(r.dir)
	if err != nil {
		return nil, checkpoint{}, err
	}
	for _, s := range list {
		if s < seq {
			continue
		}
		if m, c, ok := r.tryRestore(s); ok {
			return m, c, nil
		}
	}
	return nil, checkpoint{}, fmt.Errorf("no checkpoint from input %d on: %w", seq, errMissing)
}

func (r *recovery) tryRestore(seq uint64) (Machine, checkpoint, bool) {
	c, err := loadCheckpoint(r.dir, r.seal, seq)
	var m Machine
	if err == nil {
		if m, err = r.restore(c.state); err != nil {
			err = fmt.Errorf("restore from %s: %w", checkpointPath(r.dir, seq), err)
		}
	}
	if err != nil {
		r.log.Warn("checkpoint cannot be used", "seq", seq, "error", err)
		return nil, checkpoint{}, false
	}
	return m, c, true
}

// retain removes checkpoints and journal files that nobody needs: applied is
// how far every sink has taken things in. Of checkpoints the last two stay, the
// one that the sinks need, and for the past the newest in each journal file.
func (e *Engine) retain(applied uint64) error {
	list, err := checkpoints(e.o.Dir)
	if err != nil {
		return err
	}
	keep := slices.Clone(list[max(0, len(list)-checkpointsKept):])
	for _, seq := range slices.Backward(list) {
		if seq <= applied {
			keep = append(keep, seq)
			break
		}
	}
	var errs []error
	// Else the beginning of the journal is needed still.
	if len(list) >= checkpointsKept && slices.ContainsFunc(keep, func(seq uint64) bool { return seq <= applied }) {
		errs = append(errs, e.journal.prune(slices.Min(keep), e.o.Keep))
	}
	keep = append(keep, history(e.o.Dir, list, e.journal.listed(0))...)
	for _, seq := range list {
		if !slices.Contains(keep, seq) {
			errs = append(errs, os.Remove(checkpointPath(e.o.Dir, seq)))
		}
	}
	return errors.Join(errs...)
}

// history is the newest checkpoint in each journal file, from the newest file
// back for as long as they take no more than the journal or historyBytes.
func history(dir string, list []uint64, files []segment) []uint64 {
	left := int64(0)
	for _, s := range files {
		left += s.size
	}
	left = max(left, historyBytes)
	var keep []uint64
	for _, s := range slices.Backward(files) {
		i, _ := slices.BinarySearch(list, s.last+1)
		if i == 0 || list[i-1] < s.head.After {
			continue
		}
		info, err := os.Stat(checkpointPath(dir, list[i-1]))
		if err != nil {
			continue
		}
		if left -= info.Size(); left < 0 {
			break
		}
		keep = append(keep, list[i-1])
	}
	return keep
}

// prune removes the oldest files beyond the bounds whose inputs are all
// included in the state at needed.
func (j *journal) prune(needed uint64, keep Retention) error {
	j.mu.Lock()
	var bytes int64
	for i := range j.segments {
		bytes += j.segments[i].size
	}
	n, now := 0, j.wall()
	for ; n < len(j.segments)-1; n++ {
		s, next := j.segments[n], j.segments[n+1]
		old := now.UnixMilli()-next.head.Wall > keep.Age.Milliseconds()
		if s.last > needed || (len(j.segments)-n <= keep.Files && bytes <= keep.Bytes && !old) {
			break
		}
		bytes -= s.size
	}
	gone := j.segments[:n]
	j.segments = slices.Clone(j.segments[n:])
	j.mu.Unlock()
	var errs []error
	for _, s := range gone {
		errs = append(errs, os.Remove(s.path))
	}
	return errors.Join(errs...)
}
