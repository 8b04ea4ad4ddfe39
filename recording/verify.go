package recording

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Report is what Verify has found.
type Report struct {
	Entries int64 `json:"entries"`
	Files   int   `json:"files"`
	// Last is the hash of the last entry: who keeps it elsewhere knows later that
	// nothing was cut off the end.
	Last string `json:"last"`
	// Wrong are the things found, in the order of the chain.
	Wrong []Fault `json:"wrong"`
}

// Fault is one thing that is not as it was written.
type Fault struct {
	File string `json:"file,omitempty"`
	What string `json:"what"`
}

// Verify walks the chain of an archive and hashes every file that it has. It works
// beside a process that adds to it. An error says that it could not be done; what is
// wrong is in the report.
func Verify(ctx context.Context, dir string) (Report, error) {
	r := Report{Wrong: []Fault{}}
	f, err := os.Open(filepath.Join(dir, chainFile))
	if err != nil {
		return r, err
	}
	defer f.Close()
	kept := map[string]Entry{}
	var files []string // in order
	deleted := map[string]bool{}
	_, err = walk(f, func(e Entry) error {
		r.Entries, r.Last = e.N, e.Hash
		switch e.Does {
		case Kept:
			kept[e.File], deleted[e.File] = e, false
			files = append(files, e.File)
		case Deleted:
			delete(kept, e.File)
			deleted[e.File] = true
		}
		return ctx.Err()
	})
	if errors.Is(err, ErrBroken) {
		r.Wrong = append(r.Wrong, Fault{File: chainFile, What: err.Error()})
	} else if err != nil {
		return r, err
	}
	for _, file := range files {
		e, there := kept[file]
		if !there {
			continue
		}
		delete(kept, file)
		r.Files++
		what, err := e.differs(ctx, filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			return r, err
		}
		if what != "" {
			r.Wrong = append(r.Wrong, Fault{file, what})
		}
	}
	known := func(file string) bool { return slices.Contains(files, file) && !deleted[file] }
	return r, strangers(dir, known, &r)
}

// differs says what of a file is not as its entry has it, "" for nothing.
func (e Entry) differs(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "it is gone, and nothing says that it was deleted", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	switch {
	case err != nil:
		return "", err
	case n != e.Bytes:
		return fmt.Sprintf("it has %d bytes, and had %d", n, e.Bytes), nil
	case hex.EncodeToString(sum.Sum(nil)) != e.SHA256:
		return "its content is another one than was kept", nil
	}
	return "", ctx.Err()
}

// strangers finds files that the chain does not know.
func strangers(dir string, known func(string) bool, r *Report) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if file := filepath.ToSlash(rel); err == nil && file != chainFile && !strings.HasSuffix(file, halfMark) && !known(file) {
			r.Wrong = append(r.Wrong, Fault{file, "the chain does not know it"})
		}
		return err
	})
}

// Prune deletes files of days before one, but for those of protected calls, and
// returns how many. The chain has an entry of each.
func (a *Archive) Prune(ctx context.Context, before time.Time) (deleted int, err error) {
	day := before.UTC().Format("2006/01/02")
	return deleted, filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(a.dir, path)
		if err != nil {
			return err
		}
		file := filepath.ToSlash(rel)
		m := fileName.FindStringSubmatch(file)
		if m == nil || m[1] >= day {
			return nil
		}
		done, err := a.drop(file, m[2])
		if done {
			deleted++
		}
		return err
	})
}
