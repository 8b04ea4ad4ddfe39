package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// mintEpoch names a journal so that no other is ever called the same: ten
// letters and digits of the time in milliseconds and chance.
func mintEpoch(wall time.Time) string {
	return strconv.FormatInt(wall.UnixMilli(), 36) + strings.ToLower(rand.Text()[:2])
}

// findSegments lists the journal's files in order, with their headers. A last
// file whose header was torn is left out and named.
func findSegments(dir string) (list []segment, torn string, err error) {
	paths, err := filepath.Glob(filepath.Join(dir, "journal-*.log"))
	if err != nil {
		return nil, "", fmt.Errorf("list journal: %w", err)
	}
	slices.Sort(paths)
	for i, path := range paths {
		s, err := readSegmentHead(path)
		if errors.Is(err, ErrCorrupt) && i == len(paths)-1 && holdsNothing(path) {
			return list, path, nil
		}
		if err != nil {
			return nil, "", fmt.Errorf("journal %s at offset 0: %w", path, err)
		}
		if n := len(list); n > 0 {
			list[n-1].last = s.head.After
		}
		list = append(list, s)
	}
	return list, "", nil
}

func readSegmentHead(path string) (segment, error) {
	f, err := os.Open(path)
	if err != nil {
		return segment{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return segment{}, err
	}
	b := make([]byte, 4096)
	n, err := io.ReadFull(f, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return segment{}, err
	}
	s := segment{path: path, size: info.Size()}
	_, whole, err := headerAt(b[:n], journalMagic, &s.head)
	switch {
	case err != nil:
		return segment{}, err
	case !whole:
		return segment{}, fmt.Errorf("header is cut short: %w", ErrCorrupt)
	case s.head.Version != journalVersion:
		return segment{}, fmt.Errorf("version %d: this huawu reads version %d", s.head.Version, journalVersion)
	}
	s.last = s.head.After
	return s, nil
}

// holdsNothing says that no record stands in a file: a crash took it while it
// was being made.
func holdsNothing(path string) bool {
	b, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	for off := range b {
		if _, _, whole, ok := recordAt(b[off:]); whole && ok {
			return false
		}
	}
	return true
}

// ended is where the records of a file end.
type ended struct {
	size   int64
	last   uint64 // head.After when there is no record
	at     fact.Instant
	proven uint64 // a record shows that all up to here was on disk
	torn   int64  // bytes behind size that are no record
}

// scanSegment reads a file to its end. Damage before what is proven to have
// been on disk is an error wrapping ErrCorrupt that names file and offset.
func scanSegment(s segment) (ended, error) {
	b, err := os.ReadFile(s.path)
	if err != nil {
		return ended{}, fmt.Errorf("journal: %w", err)
	}
	var head segmentHeader
	off, _, err := headerAt(b, journalMagic, &head)
	if err != nil {
		return ended{}, fmt.Errorf("journal %s at offset 0: %w", s.path, err)
	}
	e := ended{last: s.head.After, at: s.head.At, proven: s.head.Synced}
	next := s.head.First
	for off < len(b) {
		r, size, whole, ok := recordAt(b[off:])
		if !whole || !ok || r.seq != next {
			break
		}
		e.last, e.at, e.proven = r.seq, r.at, max(e.proven, provenBy(r))
		next, off = r.seq+1, off+size
	}
	e.size, e.torn = int64(off), int64(len(b)-off)
	if proven := provenBehind(b[off:], next); proven >= next {
		return e, fmt.Errorf("journal %s at offset %d (input %d): damaged, but later records stand: %w", s.path, off, next, ErrCorrupt)
	}
	return e, nil
}

func provenBy(r record) uint64 { return r.seq - min(uint64(r.lag), r.seq) }

// provenBehind looks for records behind damage and says up to where they show
// that the disk had everything.
func provenBehind(b []byte, next uint64) (proven uint64) {
	for off := 1; off+frameHead+recordHead <= len(b); off++ {
		r, size, whole, ok := recordAt(b[off:])
		if whole && ok && r.seq > next {
			proven = max(proven, provenBy(r))
			off += size - 1
		}
	}
	return proven
}

// scanned is a journal as it was found.
type scanned struct {
	segments []segment
	last     uint64
	at       fact.Instant
}

// scanJournal finds where the journal ends. With mend it cuts off what a crash
// tore, and says so; without, it only leaves it out.
func scanJournal(dir string, mend bool, log *slog.Logger) (scanned, error) {
	list, tornHead, err := findSegments(dir)
	if err != nil {
		return scanned{}, err
	}
	if tornHead != "" && mend {
		log.Warn("journal file was torn in its header by a crash: removed", "file", tornHead)
		if err := os.Remove(tornHead); err != nil {
			return scanned{}, fmt.Errorf("mend journal: %w", err)
		}
	}
	var proven uint64
	var end ended
	keep := len(list)
	for i := len(list) - 1; i >= 0; i-- {
		e, err := scanSegment(list[i])
		if err != nil {
			return scanned{}, err
		}
		if i+1 < len(list) && e.last < list[i+1].head.After {
			if proven > e.last {
				return scanned{}, fmt.Errorf("journal %s at offset %d: inputs %d to %d are missing: %w", list[i].path, e.size, e.last+1, list[i+1].head.After, ErrCorrupt)
			}
			keep = i + 1
		}
		if i+1 == keep {
			end = e
		}
		proven = max(proven, e.proven)
		if proven >= list[i].head.After {
			break
		}
	}
	if keep == 0 {
		return scanned{}, nil
	}
	if mend {
		if err := mendTail(list, keep, end, log); err != nil {
			return scanned{}, fmt.Errorf("mend journal: %w", err)
		}
	}
	list = list[:keep]
	list[keep-1].size, list[keep-1].last = end.size, end.last
	return scanned{segments: list, last: end.last, at: end.at}, nil
}

// mendTail removes the files from keep on and cuts the one before to its end.
func mendTail(list []segment, keep int, end ended, log *slog.Logger) error {
	for _, s := range list[keep:] {
		log.Warn("journal file follows a torn one: removed", "file", s.path, "first", s.head.First)
		if err := os.Remove(s.path); err != nil {
			return err
		}
	}
	last := list[keep-1]
	if end.torn > 0 {
		log.Warn("journal was torn by a crash: cut to its last whole input", "file", last.path, "offset", end.size, "bytes", end.torn, "seq", end.last)
	}
	f, err := os.OpenFile(last.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(end.size), f.Sync(), f.Close(), syncDir(filepath.Dir(last.path)))
}

// takeClosed says whether the journal was closed whole at seq, and forgets it.
func takeClosed(dir string, seq uint64) (bool, error) {
	path := filepath.Join(dir, closedName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = errors.Join(os.Remove(path), syncDir(dir))
	}
	if err != nil {
		return false, fmt.Errorf("journal: %w", err)
	}
	return strings.TrimSpace(string(text)) == strconv.FormatUint(seq, 10), nil
}
