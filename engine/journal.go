package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
)

// bootSkip is how many sequence numbers a start leaves out when the last run
// did not close the journal: those that a power cut may have taken must not
// come again for something else.
const bootSkip = 1 << 20

// closedName is the file that says that the journal was closed whole.
const closedName = "closed"

// journal is the files that every input goes to before its effects leave. One
// goroutine appends; readers share what is committed.
type journal struct {
	dir    string
	log    *slog.Logger
	seal   *sealer
	limit  int64 // of a file
	create func(path string) (segmentFile, error)
	wall   func() time.Time

	epoch string
	boot  uint64

	file segmentFile // the appender's

	mu       sync.Mutex
	segments []segment // the last one is being written
	seq      uint64    // of the newest record written
	at       fact.Instant
	synced   uint64 // all up to here outlives a power cut
	retired  []segmentFile
	syncErr  error
	syncTook time.Duration
	suspect  bool // the file failed to sync and must be left behind
	errors   uint64

	dirty   chan struct{} // one slot: there is something to sync
	written chan struct{} // one slot: there is something to read
}

// segment is one file of the journal.
type segment struct {
	path string
	head segmentHeader
	size int64  // what is committed
	last uint64 // the newest record, head.After when there is none
}

func segmentPath(dir string, first uint64) string {
	return filepath.Join(dir, fmt.Sprintf("journal-%020d.log", first))
}

// start begins a file of its own for this run. The state recovered includes
// everything up to after; next is the first sequence number to be given.
func (j *journal) start(after, next uint64, at fact.Instant) error {
	j.seq, j.at, j.synced = after, at, after
	if err := j.begin(next, after, after); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := errors.Join(j.file.Sync(), syncDir(j.dir)); err != nil {
		return fmt.Errorf("journal: sync %s: %w", j.segments[len(j.segments)-1].path, err)
	}
	return nil
}

// begin makes the next file. The one before goes to the syncer.
func (j *journal) begin(first, after, synced uint64) error {
	s := segment{path: segmentPath(j.dir, first), last: after, head: segmentHeader{
		Version: journalVersion, Epoch: j.epoch, Boot: j.boot, First: first, After: after, Synced: synced,
		At: j.at, Wall: j.wall().UnixMilli(),
	}}
	head, err := appendHeader(nil, journalMagic, s.head)
	if err != nil {
		return fmt.Errorf("begin %s: %w", s.path, err)
	}
	f, err := j.create(s.path)
	if err != nil {
		return fmt.Errorf("begin %s: %w", s.path, err)
	}
	if _, err := f.Write(head); err != nil {
		return errors.Join(fmt.Errorf("begin %s: %w", s.path, err), f.Close(), os.Remove(s.path))
	}
	s.size = int64(len(head))
	j.mu.Lock()
	defer j.mu.Unlock()
	if n := len(j.segments); n > 0 && j.segments[n-1].path == s.path {
		// The file before holds nothing yet: this one has taken its place.
		j.segments = j.segments[:n-1]
	}
	if j.file != nil {
		j.retired = append(j.retired, j.file)
	}
	j.file = f
	j.segments = append(j.segments, s)
	j.suspect = false
	return nil
}

// append writes records that stand in frames, from first to last, in one
// write. After an error none of them is in the journal, and it may be tried
// again.
func (j *journal) append(frames []byte, first, last uint64, at fact.Instant) error {
	j.mu.Lock()
	active := j.segments[len(j.segments)-1]
	full := active.last != active.head.After && active.size+int64(len(frames)) > j.limit
	full = full || j.suspect
	synced := j.synced
	j.mu.Unlock()
	if full {
		if err := j.begin(first, j.seq, synced); err != nil {
			return j.failed(err)
		}
		j.mu.Lock()
		active = j.segments[len(j.segments)-1]
		j.mu.Unlock()
	}
	if _, err := j.file.Write(frames); err != nil {
		err = fmt.Errorf("write %s: %w", active.path, err)
		// What was written of it must not be taken for a record.
		if undo := j.file.Truncate(active.size); undo != nil {
			j.mu.Lock()
			j.suspect = true
			j.mu.Unlock()
			err = errors.Join(err, undo)
		}
		return j.failed(err)
	}
	j.mu.Lock()
	s := &j.segments[len(j.segments)-1]
	s.size += int64(len(frames))
	s.last = last
	j.seq, j.at = last, at
	j.mu.Unlock()
	signal(j.dirty)
	signal(j.written)
	return nil
}

func (j *journal) failed(err error) error {
	j.mu.Lock()
	j.errors++
	j.mu.Unlock()
	return err
}

// skipTo begins a file after inputs that were never journaled: a checkpoint
// of the state after them stands in for them.
func (j *journal) skipTo(after, next uint64, at fact.Instant) error {
	if err := j.begin(next, after, after); err != nil {
		return j.failed(err)
	}
	j.mu.Lock()
	j.seq, j.at = after, at
	j.mu.Unlock()
	signal(j.dirty)
	signal(j.written)
	return nil
}

// close syncs and closes. The next start then needs to skip no numbers.
func (j *journal) close() error {
	j.syncOnce()
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.file.Close()
	if j.syncErr != nil || err != nil {
		return errors.Join(j.syncErr, err)
	}
	return writeFileAtomically(filepath.Join(j.dir, closedName), fmt.Appendf(nil, "%d\n", j.seq))
}

// journalState is what others ask of the journal.
type journalState struct {
	seq, synced, errors uint64
	at                  fact.Instant
	bytes               int64
	files               int
	syncErr             error
	syncTook            time.Duration
}

func (j *journal) state() journalState {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := journalState{seq: j.seq, synced: j.synced, errors: j.errors, at: j.at, files: len(j.segments), syncErr: j.syncErr, syncTook: j.syncTook}
	for i := range j.segments {
		s.bytes += j.segments[i].size
	}
	return s
}

// signal fills a one-slot channel.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
