package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// readChunk is how much of a file is read at once.
const readChunk = 256 << 10

// errMissing says that the journal does not reach back to where a reader is.
var errMissing = errors.New("missing from the journal")

// entry is one input as it was journaled.
type entry struct {
	seq uint64
	at  fact.Instant
	in  center.Input
}

// reader reads the journal's inputs in order. It belongs to one goroutine.
type reader struct {
	seal *sealer
	// segments gives the files as they are committed at the moment, but for
	// those that begin before the input given.
	segments func(first uint64) []segment

	pos   uint64 // the newest input read
	first uint64 // of the file being read, 0 for none
	file  *os.File
	off   int64
	next  uint64
	buf   []byte // read and not yet decoded

	recent *recent // inputs that are decoded already; nil for none
}

// newReader reads what comes after the input numbered after.
func newReader(seal *sealer, segments func(first uint64) []segment, after uint64) *reader {
	return &reader{seal: seal, segments: segments, pos: after}
}

// listed is the journal's files from the one that begins with first on, for a
// reader of the running journal.
func (j *journal) listed(first uint64) []segment {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(filesFrom(j.segments, first))
}

// listed is the same of a journal that nobody writes.
func (s scanned) listed(first uint64) []segment { return filesFrom(s.segments, first) }

func filesFrom(list []segment, first uint64) []segment {
	return list[sort.Search(len(list), func(i int) bool { return list[i].head.First >= first }):]
}

func (r *reader) close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file, r.first = nil, 0
	return err
}

// jump goes on after another input than the last one read.
func (r *reader) jump(after uint64) error {
	err := r.close()
	r.pos = after
	return err
}

// read gives up to limit inputs; none means that the reader is at the end. It
// errors wrapping errMissing when what comes next is not in the journal, and
// ErrCorrupt on damage.
func (r *reader) read(limit int) ([]entry, error) {
	var out []entry
	for len(out) < limit {
		rec, ok, err := r.record()
		if err != nil {
			return out, err
		}
		if !ok {
			return out, nil
		}
		e := entry{seq: rec.seq, at: rec.at}
		if e.in, err = r.decode(rec); err != nil {
			return out, fmt.Errorf("journal input %d: %w", rec.seq, err)
		}
		out = append(out, e)
	}
	return out, nil
}

func (r *reader) decode(rec record) (center.Input, error) {
	if r.recent != nil {
		if in, ok := r.recent.of(rec.seq); ok {
			return in, nil
		}
	}
	text := rec.input
	if rec.sealed {
		plain, err := r.seal.open(text, aboutRecord(rec.seq, rec.at))
		if err != nil {
			return nil, err
		}
		text = plain
	}
	return center.DecodeInput(text)
}

// record is the next record behind pos; its input is good until the next call.
func (r *reader) record() (record, bool, error) {
	for {
		if r.file == nil {
			if ok, err := r.open(); !ok || err != nil {
				return record{}, false, err
			}
		}
		rec, size, whole, ok := recordAt(r.buf)
		switch {
		case whole && ok && rec.seq == r.next:
			r.buf = r.buf[size:]
			r.off += int64(size)
			r.next++
			if rec.seq <= r.pos {
				continue
			}
			r.pos = rec.seq
			return rec, true, nil
		case !whole:
			if more, err := r.fill(size); more || err != nil {
				if err != nil {
					return record{}, false, err
				}
				continue
			}
		}
		// Here the file ends, or is damaged.
		if moved, err := r.turn(); moved || err != nil {
			if err != nil {
				return record{}, false, err
			}
			continue
		}
		if len(r.buf) == 0 {
			return record{}, false, nil
		}
		return record{}, false, fmt.Errorf("journal %s at offset %d (input %d): damaged: %w", r.file.Name(), r.off, r.next, ErrCorrupt)
	}
}

// open opens the file that the next input lies in, or will.
func (r *reader) open() (bool, error) {
	list := r.segments(0)
	i := sort.Search(len(list), func(i int) bool { return list[i].head.After > r.pos }) - 1
	if i < 0 {
		if len(list) == 0 {
			return false, nil
		}
		return false, fmt.Errorf("inputs %d to %d: %w", r.pos+1, list[0].head.After, errMissing)
	}
	s := list[i]
	f, err := os.Open(s.path)
	if err != nil {
		return false, fmt.Errorf("journal: %w", err)
	}
	head := make([]byte, min(s.size, 4096))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, errors.Join(fmt.Errorf("journal %s: %w", s.path, err), f.Close())
	}
	size, whole, err := headerAt(head, journalMagic, &segmentHeader{})
	if err != nil || !whole {
		return false, errors.Join(fmt.Errorf("journal %s at offset 0: %w", s.path, errors.Join(err, ErrCorrupt)), f.Close())
	}
	r.file, r.first, r.off, r.next, r.buf = f, s.head.First, int64(size), s.head.First, nil
	return true, nil
}

// fill reads more of the file, at least as much as a record of that size
// needs; false means that no more is committed.
func (r *reader) fill(size int) (bool, error) {
	list := r.segments(r.first)
	if len(list) == 0 || list[0].head.First != r.first {
		return false, fmt.Errorf("journal %s was removed while it was read: %w", r.file.Name(), errMissing)
	}
	have := int64(len(r.buf))
	rest := list[0].size - r.off - have
	if rest <= 0 {
		return false, nil
	}
	want := min(max(readChunk, int64(size)-have), rest)
	buf := make([]byte, have+want)
	copy(buf, r.buf)
	if _, err := r.file.ReadAt(buf[have:], r.off+have); err != nil {
		return false, fmt.Errorf("journal %s at offset %d: %w: %w", r.file.Name(), r.off+have, err, ErrCorrupt)
	}
	r.buf = buf
	return true, nil
}

// turn goes on to the next file when the present one is read to the end that
// the next one tells of.
func (r *reader) turn() (bool, error) {
	list := r.segments(r.first + 1)
	if len(list) == 0 {
		return false, nil
	}
	if after := list[0].head.After; after > r.pos {
		if len(r.buf) > 0 {
			return false, nil // a damaged record, not the file's end
		}
		return false, fmt.Errorf("inputs %d to %d: %w", r.pos+1, after, errMissing)
	}
	return true, r.close()
}
