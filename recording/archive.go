package recording

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
)

// ErrNotFound says that the archive has no such file.
var ErrNotFound = errors.New("not in the archive")

const (
	chainFile = "chain.jsonl"
	halfMark  = ".part" // of a file that is being written
)

// fileName is what files of the archive are called: of the day, the call, the
// number of the recording in it, and of a consult.
var fileName = regexp.MustCompile(`^([0-9]{4}/[0-9]{2}/[0-9]{2})/(c-[A-Za-z0-9_-]+?)-([0-9]+)(-consult)?\.wav$`)

// Archive keeps recordings in a folder, for one process.
type Archive struct {
	dir string
	now func() time.Time

	mu        sync.Mutex
	chain     *chain
	protected map[fact.CallID]bool
	kept      int64
}

// OpenArchive opens the archive in a folder, which is made if need be, and ends
// what was under way when the process before died. ErrBroken: its chain is not as
// it was written, and nothing is added to it.
func OpenArchive(dir string, now func() time.Time) (*Archive, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	a := &Archive{dir: dir, now: now, protected: map[fact.CallID]bool{}}
	var err error
	if a.chain, err = openChain(filepath.Join(dir, chainFile), a.count); err != nil {
		return nil, err
	}
	if err := a.finish(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// Close closes the chain.
func (a *Archive) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.chain.file.Close()
}

// count takes up an entry of the chain.
func (a *Archive) count(e Entry) {
	switch e.Does {
	case Kept:
		a.kept++
	case Deleted:
		a.kept--
	case Protected:
		a.protected[e.Call] = true
	case Released:
		delete(a.protected, e.Call)
	}
}

// finish does what the last entry says: it is written first.
func (a *Archive) finish() error {
	e := a.chain.last
	path := a.path(e.File)
	switch e.Does {
	case Kept:
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := moved(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// The file is lost. Verify tells; the archive is open for others.
	case Deleted:
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// moved gives a file that is whole its name.
func moved(path string) error {
	if err := os.Rename(path+halfMark, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (a *Archive) path(file string) string { return filepath.Join(a.dir, filepath.FromSlash(file)) }

// has says whether a file is there.
func (a *Archive) has(file string) (bool, error) {
	_, err := os.Stat(a.path(file))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// keep puts a file into the archive: it is written whole beside its place, then
// the chain has it, then it has its name. What is cut off in between is done by the
// next process, or again. It is for one goroutine at a time, and holds the lock
// only when the file is whole: a disk that hangs is not to keep others waiting.
func (a *Archive) keep(file string, call fact.CallID, write func(io.Writer) (ms int64, err error)) error {
	path := a.path(file)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	half, err := os.OpenFile(path+halfMark, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	size := &counter{}
	ms, err := write(io.MultiWriter(half, sum, size))
	if err == nil {
		err = half.Sync()
	}
	if err = errors.Join(err, half.Close()); err != nil {
		return errors.Join(err, os.Remove(path+halfMark))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	e := Entry{At: a.now().UnixMilli(), Does: Kept, Call: call, File: file, Bytes: size.n, Millis: ms, SHA256: hex.EncodeToString(sum.Sum(nil))}
	if err := a.add(e); err != nil {
		return err
	}
	return moved(path)
}

// add writes an entry and takes it up; under the lock.
func (a *Archive) add(e Entry) error {
	if err := a.chain.add(e); err != nil {
		return fmt.Errorf("the chain of recordings: %w", err)
	}
	a.count(e)
	return nil
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}

// FileOf is the name of a recording's file in the archive: of what a switch calls
// by a stem, such as "2026/11/30/c-x-1".
func FileOf(stem string) string { return stem + ".wav" }

// Open opens a file of the archive. ErrNotFound: there is none, or none of such a
// name.
func (a *Archive) Open(file string) (*os.File, error) {
	if !fileName.MatchString(file) {
		return nil, fmt.Errorf("recording %.80q: %w", file, ErrNotFound)
	}
	f, err := os.Open(a.path(file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("recording %q: %w", file, ErrNotFound)
	}
	return f, err
}

// Protect keeps the recordings of a call from being deleted, or ends that. The same
// again changes nothing.
func (a *Archive) Protect(call fact.CallID, on bool, who, note string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.protected[call] == on {
		return nil
	}
	e := Entry{At: a.now().UnixMilli(), Does: Released, Call: call, Who: who, Note: note}
	if on {
		e.Does = Protected
	}
	return a.add(e)
}

// Protects says whether the recordings of a call are kept from being deleted.
func (a *Archive) Protects(call fact.CallID) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.protected[call]
}

// Count is how many files the archive has.
func (a *Archive) Count() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.kept
}

// drop deletes a file unless its call is protected: the chain has it first.
func (a *Archive) drop(file, call string) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.protected[fact.CallID(call)] {
		return false, nil
	}
	err := a.add(Entry{At: a.now().UnixMilli(), Does: Deleted, Call: fact.CallID(call), File: file, Note: "its time is over"})
	if err != nil {
		return false, err
	}
	return true, os.Remove(a.path(file))
}
