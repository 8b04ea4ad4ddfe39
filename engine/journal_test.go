package engine

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// scribe writes a journal without an engine.
type scribe struct {
	*journal
	t testing.TB
}

func newScribe(t testing.TB, dir string, limit int64) *scribe {
	t.Helper()
	seal, err := openSealer(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	found, err := scanJournal(dir, true, quiet)
	if err != nil {
		t.Fatal(err)
	}
	j := &journal{
		dir: dir, log: quiet, seal: seal, limit: limit, create: createSegment, wall: time.Now, epoch: "e", boot: 1,
		segments: found.segments, dirty: make(chan struct{}, 1), written: make(chan struct{}, 1),
	}
	if err := j.start(found.last, found.last+1, found.at); err != nil {
		t.Fatal(err)
	}
	return &scribe{journal: j, t: t}
}

// put journals one ClockSet, whose offset is its number.
func (s *scribe) put() {
	s.t.Helper()
	st := s.state()
	seq := st.seq + 1
	text, err := center.EncodeInput(center.ClockSet{Offset: int64(seq)})
	if err != nil {
		s.t.Fatal(err)
	}
	r := record{seq: seq, at: fact.Instant(seq), lag: uint32(seq - st.synced), input: text}
	if err := s.append(appendRecord(nil, r), seq, seq, r.at); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scribe) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range append(s.retired, s.file) {
		if err := f.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// readAll reads what follows an input, and fails unless it is what scribe put.
func readAll(t testing.TB, seal *sealer, list []segment, after uint64) (last uint64, err error) {
	t.Helper()
	r := newReader(seal, scanned{segments: list}.listed, after)
	defer r.close()
	last = after
	for {
		entries, err := r.read(3)
		for _, e := range entries {
			if e.seq != last+1 || e.in != (center.ClockSet{Offset: int64(e.seq)}) {
				t.Fatalf("input %d is %+v after %d", e.seq, e.in, last)
			}
			last = e.seq
		}
		if err != nil || len(entries) == 0 {
			return last, err
		}
	}
}

func writeFile(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestACrashAtEveryByteLosesOnlyWhatWasTorn(t *testing.T) {
	dir := t.TempDir()
	s := newScribe(t, dir, 1<<20)
	path := journalFiles(t, dir)[0]
	ends := []int64{s.listed(0)[0].size}
	for range 8 {
		s.put()
		ends = append(ends, s.listed(0)[0].size)
	}
	s.end()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		for _, rest := range []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "garbage that is no record at all, of some length"} {
			writeFile(t, path, append(whole[:cut:cut], rest...))
			found, err := scanJournal(dir, true, quiet)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if int64(cut) < ends[0] {
				if len(found.segments) != 0 || len(journalFiles(t, dir)) != 0 {
					t.Fatalf("cut at %d in the header: %+v, want no file", cut, found)
				}
				continue
			}
			want := 0
			for want+1 < len(ends) && ends[want+1] <= int64(cut) {
				want++
			}
			if found.last != uint64(want) || found.at != fact.Instant(max(want, 0)) && want > 0 {
				t.Fatalf("cut at %d: last %d at %d, want %d", cut, found.last, found.at, want)
			}
			if last, err := readAll(t, s.seal, found.segments, 0); err != nil || last != uint64(want) {
				t.Fatalf("cut at %d: read to %d (%v), want %d", cut, last, err, want)
			}
		}
		// What is mended can be gone on with.
		if int64(cut) >= ends[0] && cut%7 == 0 {
			again := newScribe(t, dir, 1<<20)
			again.put()
			if last, err := readAll(t, again.seal, again.listed(0), 0); err != nil || last != again.state().seq {
				t.Fatalf("cut at %d: went on to %d (%v), want %d", cut, last, err, again.state().seq)
			}
			again.end()
			for _, p := range journalFiles(t, dir)[1:] {
				if err := os.Remove(p); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestDamageInTheMiddleNamesFileAndOffset(t *testing.T) {
	dir := t.TempDir()
	s := newScribe(t, dir, 1<<20)
	path := journalFiles(t, dir)[0]
	ends := []int64{s.listed(0)[0].size}
	for i := range 8 {
		if i == 5 {
			s.syncOnce() // records 6 to 8 show that 1 to 5 were on disk
		}
		s.put()
		ends = append(ends, s.listed(0)[0].size)
	}
	s.end()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for off := range whole {
		b := append([]byte(nil), whole...)
		b[off] ^= 0x41
		writeFile(t, path, b)
		found, err := scanJournal(dir, false, quiet)
		hit := 0 // the record hit, 0 for the header
		for int64(off) >= ends[hit] {
			hit++
		}
		switch {
		case hit <= 5:
			at := "at offset 0:"
			if hit > 0 {
				at = fmt.Sprintf("at offset %d (input %d)", ends[hit-1], hit)
			}
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), at) {
				t.Fatalf("byte %d of record %d: error %v, want ErrCorrupt with %q and %q", off, hit, err, path, at)
			}
		default: // what was not yet synced may be torn in any order
			if err != nil || found.last != uint64(hit-1) {
				t.Fatalf("byte %d of record %d: last %d (%v), want %d", off, hit, found.last, err, hit-1)
			}
		}
	}
}

func TestATornFileTakesThoseBehindItAlong(t *testing.T) {
	build := func(t *testing.T, synced bool) (string, *scribe) {
		dir := t.TempDir()
		s := newScribe(t, dir, 300)
		for len(s.listed(0)) < 3 || s.listed(0)[2].last < s.listed(0)[2].head.First {
			if synced {
				s.syncOnce()
			}
			s.put()
		}
		s.end()
		return dir, s
	}
	t.Run("not synced", func(t *testing.T) {
		dir, s := build(t, false)
		second := s.listed(0)[1]
		if err := os.Truncate(second.path, second.size-5); err != nil {
			t.Fatal(err)
		}
		want := s.listed(0)[2].head.After - 1
		found, err := scanJournal(dir, true, quiet)
		if err != nil || found.last != want || len(found.segments) != 2 {
			t.Fatalf("found %+v (%v), want two files to input %d", found, err, want)
		}
		if n := len(journalFiles(t, dir)); n != 2 {
			t.Errorf("%d files left, want 2", n)
		}
		if last, err := readAll(t, s.seal, found.segments, 0); err != nil || last != want {
			t.Errorf("read to %d (%v), want %d", last, err, want)
		}
	})
	t.Run("synced", func(t *testing.T) {
		dir, s := build(t, true)
		second := s.listed(0)[1]
		if err := os.Truncate(second.path, second.size-5); err != nil {
			t.Fatal(err)
		}
		// Startup looks no further back than it is shown that all is on disk.
		found, err := scanJournal(dir, true, quiet)
		if err != nil {
			t.Fatal(err)
		}
		_, err = readAll(t, s.seal, found.segments, 0)
		if !errors.Is(err, errMissing) && !errors.Is(err, ErrCorrupt) {
			t.Errorf("read over the damage: %v", err)
		}
	})
	t.Run("a file is gone", func(t *testing.T) {
		dir, s := build(t, true)
		if err := os.Remove(s.listed(0)[1].path); err != nil {
			t.Fatal(err)
		}
		found, err := scanJournal(dir, true, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = readAll(t, s.seal, found.segments, 0); !errors.Is(err, errMissing) {
			t.Errorf("read over the hole: %v, want errMissing", err)
		}
	})
}

func TestFilesBeginBySizeAndEndByRetention(t *testing.T) {
	dir := t.TempDir()
	s := newScribe(t, dir, 400)
	defer s.end()
	for range 100 {
		s.put()
	}
	list := s.listed(0)
	if len(list) < 5 {
		t.Fatalf("%d files of 100 inputs, want more", len(list))
	}
	for _, seg := range list {
		if seg.size > 400 {
			t.Errorf("%s has %d bytes, want at most 400", seg.path, seg.size)
		}
	}
	if last, err := readAll(t, s.seal, list, 0); err != nil || last != 100 {
		t.Fatalf("read to %d (%v), want 100", last, err)
	}
	roomy := Retention{Files: 1000, Bytes: 1 << 30, Age: time.Hour}
	for _, c := range []struct {
		name   string
		needed uint64
		keep   Retention
		left   int
	}{
		{"nothing is too much", 100, roomy, len(list)},
		{"needed by recovery", 0, Retention{Files: 2, Bytes: 1, Age: 1}, len(list)},
		{"number", 100, Retention{Files: len(list) - 1, Bytes: 1 << 30, Age: time.Hour}, len(list) - 1},
		{"needed from the third on", list[1].last, Retention{Files: 1, Bytes: 1 << 30, Age: time.Hour}, len(list) - 2},
		{"bytes", 100, Retention{Files: 1000, Bytes: 900, Age: time.Hour}, 2},
	} {
		if err := s.prune(c.needed, c.keep); err != nil {
			t.Fatal(err)
		}
		if n := len(journalFiles(t, dir)); n != c.left || n != len(s.listed(0)) {
			t.Errorf("%s: %d files left, want %d", c.name, n, c.left)
		}
	}
	s.wall = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if err := s.prune(100, roomy); err != nil || len(s.listed(0)) != 1 {
		t.Errorf("age: %d files left (%v), want the one being written", len(s.listed(0)), err)
	}
	if last, err := readAll(t, s.seal, s.listed(0), s.listed(0)[0].head.After); err != nil || last != 100 {
		t.Errorf("read to %d (%v), want 100", last, err)
	}
	if _, err := readAll(t, s.seal, s.listed(0), 0); !errors.Is(err, errMissing) {
		t.Errorf("read from the beginning: %v, want errMissing", err)
	}
}

func TestAReaderFollowsAWriter(t *testing.T) {
	dir := t.TempDir()
	s := newScribe(t, dir, 500)
	defer s.end()
	r := newReader(s.seal, s.listed, 0)
	defer r.close()
	var last uint64
	for i := range 200 {
		s.put()
		if i%3 != 0 {
			continue
		}
		for {
			entries, err := r.read(2)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, e := range entries {
				if e.seq != last+1 {
					t.Fatalf("input %d after %d", e.seq, last)
				}
				last = e.seq
			}
		}
		if last != uint64(i+1) {
			t.Fatalf("read to %d of %d", last, i+1)
		}
	}
}

func TestTwoProcessesCannotShareADirectory(t *testing.T) {
	o, _ := options(t, t.TempDir())
	e := open(t, o)
	_, err := New(o)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), o.Dir) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second engine: %v, want ErrLocked with directory and process", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, o)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheKeyIsGuarded(t *testing.T) {
	o, _ := options(t, t.TempDir())
	e := open(t, o)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(o.Dir, keyName)
	info, err := os.Stat(key)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key %v (%v), want mode 0600", info, err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), "0600") {
		t.Errorf("key open to others: %v", err)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	writeFile(t, key, []byte("short"))
	if _, err := New(o); !errors.Is(err, ErrCorrupt) {
		t.Errorf("damaged key: %v, want ErrCorrupt", err)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no key beside a journal: %v, want os.ErrNotExist", err)
	}
}
