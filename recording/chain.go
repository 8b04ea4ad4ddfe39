package recording

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/huawu/huawu/fact"
)

// ErrBroken says that a chain, or what it tells of, is not as it was written.
var ErrBroken = errors.New("not as it was written")

// Deed is what an entry of the chain tells of a file.
type Deed string

// The deeds.
const (
	Kept      Deed = "kept"      // it was put into the archive
	Protected Deed = "protected" // its call is not deleted until it is released
	Released  Deed = "released"  // its call is deleted when its time has come
	Deleted   Deed = "deleted"   // it was deleted; the entry is the certificate of it
)

// Entry is one line of the chain. Protected and Released are of a call and name
// no file.
type Entry struct {
	// N counts from 1; At is on the wall clock in ms of the epoch.
	N    int64       `json:"n"`
	At   int64       `json:"at"`
	Does Deed        `json:"does"`
	Call fact.CallID `json:"call"`
	// File is below the archive's folder, with "/".
	File   string `json:"file,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	Millis int64  `json:"ms,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the file, hexadecimal
	Who    string `json:"who,omitempty"`
	Note   string `json:"note,omitempty"`
	// Prev is the hash of the entry before, "" for the first; Hash is that of this
	// one: SHA-256 of the line with an empty Hash.
	Prev string `json:"prev"`
	Hash string `json:"hash"`
}

// line is the entry as it is written, and its hash.
func (e Entry) line() (line []byte, hash string, err error) {
	e.Hash = ""
	bare, err := json.Marshal(e)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(bare)
	e.Hash = hex.EncodeToString(sum[:])
	line, err = json.Marshal(e)
	return append(line, '\n'), e.Hash, err
}

// maxLine is the longest line of a chain.
const maxLine = 64 << 10

// walk reads a chain and checks that each entry follows the one before. It returns
// how many bytes are whole lines: a line without an end was being written when the
// power went, and counts for nothing. Errors wrap ErrBroken.
func walk(r io.Reader, each func(Entry) error) (whole int64, err error) {
	lines := bufio.NewReaderSize(r, maxLine)
	var last Entry
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return whole, nil
		case errors.Is(err, bufio.ErrBufferFull):
			return whole, fmt.Errorf("entry %d: longer than %d bytes: %w", last.N+1, maxLine, ErrBroken)
		case err != nil:
			return whole, err
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return whole, fmt.Errorf("entry %d: %w: %w", last.N+1, err, ErrBroken)
		}
		again, hash, err := e.line()
		switch {
		case err != nil:
			return whole, err
		case e.Hash != hash || !bytes.Equal(again, line):
			return whole, fmt.Errorf("entry %d: its hash is that of another one: %w", last.N+1, ErrBroken)
		case e.N != last.N+1 || e.Prev != last.Hash:
			return whole, fmt.Errorf("entry %d: it does not follow the one before: %w", e.N, ErrBroken)
		}
		whole, last = whole+int64(len(line)), e
		if err := each(e); err != nil {
			return whole, err
		}
	}
}

// chain is the file of a chain, opened to be added to by one process.
type chain struct {
	file *os.File
	last Entry
}

// openChain opens a chain, or begins one, and gives each entry to a function. What
// was half written is cut off.
func openChain(path string, each func(Entry)) (*chain, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	c := &chain{file: f}
	whole, err := walk(f, func(e Entry) error {
		c.last = e
		each(e)
		return nil
	})
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return c, nil
}

// add writes an entry and has it on the disk before it returns.
func (c *chain) add(e Entry) error {
	e.N, e.Prev = c.last.N+1, c.last.Hash
	line, hash, err := e.line()
	if err != nil {
		return err
	}
	at, err := c.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err = c.file.Write(line); err == nil {
		err = c.file.Sync()
	}
	if err != nil { // the next one is to follow a whole line
		_, sought := c.file.Seek(at, io.SeekStart)
		return errors.Join(err, c.file.Truncate(at), sought)
	}
	e.Hash = hash
	c.last = e
	return nil
}

// syncDir has the names of a folder on the disk.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
