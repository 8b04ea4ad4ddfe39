package recording

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// calls are those that have ended.
type calls map[fact.CallID]*fact.Record

func (c calls) Ended(_ context.Context, id fact.CallID) (*fact.Record, error) { return c[id], nil }

// write puts a file of a value, so many samples, into a folder as switches do.
func write(t *testing.T, folder, name string, value int16, samples int) {
	t.Helper()
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	b = binary.LittleEndian.AppendUint32(b, uint32(2*samples))
	for range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(value))
	}
	lay(t, folder, name, b)
}

// lay puts a file into a folder that nobody writes to any more.
func lay(t *testing.T, folder, name string, b []byte) {
	t.Helper()
	path, aged := filepath.Join(folder, filepath.FromSlash(name)), time.Now().Add(-time.Minute)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, b, 0o644), os.Chtimes(path, aged, aged)); err != nil {
		t.Fatal(err)
	}
}

// house is an archive with a switch's folder beside it.
type house struct {
	*Collector
	t           *testing.T
	dir, folder string
	ended       calls
	wall        time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: filepath.Join(t.TempDir(), "archive"), folder: t.TempDir(), ended: calls{}, wall: time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)}
	h.Collector = &Collector{Calls: h.ended, Folders: []string{h.folder}, Log: slog.New(slog.DiscardHandler)}
	h.open()
	return h
}

// open begins a process on what is there.
func (h *house) open() {
	h.t.Helper()
	a, err := OpenArchive(h.dir, func() time.Time { return h.wall })
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = a.Close() })
	h.Archive = a
}

func (h *house) pass() {
	h.t.Helper()
	if err := h.Pass(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// talk is a call that has ended and was recorded on some day.
func (h *house) talk(day, call string) string {
	stem := day + "/" + call + "-1"
	write(h.t, h.folder, stem+"-in.wav", 100, 800)
	write(h.t, h.folder, stem+"-out.wav", 200, 800)
	h.ended[fact.CallID(call)] = &fact.Record{Call: fact.CallID(call)}
	return FileOf(stem)
}

// samples are those of a file of the archive, left and right.
func (h *house) samples(file string) (all [][2]int16) {
	h.t.Helper()
	f, err := h.Archive.Open(file)
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || len(b) < headerSize {
		h.t.Fatalf("%d bytes, %v", len(b), err)
	}
	for b = b[headerSize:]; len(b) >= 4; b = b[4:] {
		all = append(all, [2]int16{int16(binary.LittleEndian.Uint16(b)), int16(binary.LittleEndian.Uint16(b[2:]))})
	}
	return all
}

func (h *house) verify() Report {
	h.t.Helper()
	r, err := Verify(h.t.Context(), h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// What is still written to is left, also of a call whose record is there.
func TestWhatRunsIsLeft(t *testing.T) {
	h := newHouse(t)
	h.talk("2026/11/30", "c-e-1")
	now := time.Now()
	if err := os.Chtimes(filepath.Join(h.folder, "2026/11/30/c-e-1-1-in.wav"), now, now); err != nil {
		t.Fatal(err)
	}
	h.pass()
	if h.Archive.Count() != 0 || h.Waiting() != 1 {
		t.Errorf("%d kept, %d waiting", h.Archive.Count(), h.Waiting())
	}
}

// What was recorded of a call that has ended becomes one file, the agent left and
// who is served right, brought together by when the sides began; the switch's
// files go. A call that goes on, a message and what is none of ours stay.
func TestWhatEndedIsCollected(t *testing.T) {
	h := newHouse(t)
	file := h.talk("2026/11/30", "c-e-00000001")
	write(t, h.folder, "2026/11/30/c-e-00000001-2-consult-in.wav", 300, 80)
	write(t, h.folder, "2026/11/30/c-e-00000001-2-consult-out.wav", 400, 80)
	h.ended["c-e-00000001"].Recordings = []fact.RecordingFile{
		{Side: fact.SideIn, Name: "2026/11/30/c-e-00000001-1-in.wav", Began: 1000}, {Side: fact.SideOut, Name: "2026/11/30/c-e-00000001-1-out.wav", Began: 1020},
	}
	stays := []string{"2026/11/30/c-e-00000002-1-in.wav", "2026/11/30/c-e-00000001-3-message-in.wav", "else.wav"}
	for _, name := range stays {
		write(t, h.folder, name, 1, 8)
	}
	h.pass()
	got := h.samples(file)
	if len(got) != 800+160 || got[0] != [2]int16{0, 100} || got[160] != [2]int16{200, 100} || got[959] != [2]int16{200, 0} {
		t.Errorf("%d samples: %v … %v … %v", len(got), got[0], got[160], got[len(got)-1])
	}
	if got := h.samples("2026/11/30/c-e-00000001-2-consult.wav"); len(got) != 80 || got[0] != [2]int16{300, 400} {
		t.Errorf("the consult is %d samples of %v", len(got), got[0])
	}
	var left []string
	_ = filepath.WalkDir(h.folder, func(path string, d os.DirEntry, _ error) error {
		if !d.IsDir() {
			rel, _ := filepath.Rel(h.folder, path)
			left = append(left, rel)
		}
		return nil
	})
	if len(left) != len(stays) || h.Waiting() != 1 || h.Archive.Count() != 2 {
		t.Errorf("left %q, %d waiting, %d kept", left, h.Waiting(), h.Archive.Count())
	}
	if r := h.verify(); len(r.Wrong) != 0 || r.Files != 2 {
		t.Errorf("%+v", r)
	}
}

// One side alone is kept, and so is a recording of which nothing was written for
// want of room: it is silence, and not forgotten.
func TestHalfARecordingIsKept(t *testing.T) {
	h := newHouse(t)
	h.ended["c-e-1"] = &fact.Record{}
	write(t, h.folder, "2026/11/30/c-e-1-1-in.wav", 7, 10)
	lay(t, h.folder, "2026/11/30/c-e-1-1-out.wav", nil)
	write(t, h.folder, "2026/11/30/c-e-1-2-in.wav", 9, 10)
	h.pass()
	for file, want := range map[string][2]int16{"2026/11/30/c-e-1-1.wav": {0, 7}, "2026/11/30/c-e-1-2.wav": {0, 9}} {
		if got := h.samples(file); len(got) != 10 || got[9] != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}

// A file that cannot be read keeps no other from the archive, and is told.
func TestOneBadFileKeepsNoOther(t *testing.T) {
	h := newHouse(t)
	h.ended["c-e-1"] = &fact.Record{}
	bad := filepath.Join(h.folder, "2026/11/30/c-e-1-1-in.wav")
	lay(t, h.folder, "2026/11/30/c-e-1-1-in.wav", []byte(strings.Repeat("no audio ", 20)))
	file := h.talk("2026/11/30", "c-e-2")
	if err := h.Pass(t.Context()); !errors.Is(err, ErrFormat) {
		t.Errorf("got %v", err)
	}
	h.samples(file)
	if _, err := os.Stat(bad); err != nil {
		t.Errorf("what could not be kept is gone: %v", err)
	}
}

// A flipped byte in a file or in the chain, a file that is gone or a stranger and
// an entry taken out are all found.
func TestWhatIsChangedIsFound(t *testing.T) {
	for name, change := range map[string]func(h *house, file string) error{
		"a byte of a file":    func(h *house, file string) error { return flip(filepath.Join(h.dir, file), 100) },
		"a byte cut off":      func(h *house, file string) error { return os.Truncate(filepath.Join(h.dir, file), 100) },
		"a file gone":         func(h *house, file string) error { return os.Remove(filepath.Join(h.dir, file)) },
		"a byte of the chain": func(h *house, _ string) error { return flip(filepath.Join(h.dir, chainFile), 60) },
		"an entry gone": func(h *house, _ string) error {
			b, err := os.ReadFile(filepath.Join(h.dir, chainFile))
			_, rest, _ := strings.Cut(string(b), "\n")
			return errors.Join(err, os.WriteFile(filepath.Join(h.dir, chainFile), []byte(rest), 0o600))
		},
		"a stranger": func(h *house, _ string) error {
			return os.WriteFile(filepath.Join(h.dir, "2026/11/30/c-e-9-1.wav"), nil, 0o600)
		},
	} {
		h := newHouse(t)
		file := h.talk("2026/11/30", "c-e-1")
		h.talk("2026/11/30", "c-e-2")
		h.pass()
		if r := h.verify(); len(r.Wrong) != 0 || r.Entries != 2 || r.Last == "" {
			t.Fatalf("%s: before %+v", name, r)
		}
		if err := change(h, file); err != nil {
			t.Fatal(err)
		}
		if r := h.verify(); len(r.Wrong) == 0 {
			t.Errorf("%s: nothing is found: %+v", name, r)
		}
	}
}

func flip(path string, at int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[at] ^= 1
	return os.WriteFile(path, b, 0o600)
}

// What a process that died had begun is ended by the next one, wherever it was
// cut off, and nothing is kept twice.
func TestAnArchiveSurvivesItsProcess(t *testing.T) {
	for name, cut := range map[string]func(h *house, path string) error{
		"while the file was written": func(h *house, path string) error {
			return errors.Join(os.Remove(path), os.WriteFile(path+halfMark, []byte("ha"), 0o600), shorten(h, true))
		},
		"while the entry was written": func(h *house, path string) error {
			return errors.Join(os.Rename(path, path+halfMark), shorten(h, false))
		},
		"before the file had its name":   func(_ *house, path string) error { return os.Rename(path, path+halfMark) },
		"before the switch's files went": func(*house, string) error { return nil },
	} {
		h := newHouse(t)
		file := h.talk("2026/11/30", "c-e-1")
		h.pass()
		h.talk("2026/11/30", "c-e-1") // they lie there still
		if err := errors.Join(h.Archive.Close(), cut(h, filepath.Join(h.dir, filepath.FromSlash(file)))); err != nil {
			t.Fatal(err)
		}
		h.open()
		h.pass()
		if got := h.samples(file); len(got) != 800 {
			t.Errorf("%s: %d samples", name, len(got))
		}
		if r := h.verify(); len(r.Wrong) != 0 || r.Entries != 1 || h.Archive.Count() != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// What was being written when the power went is cut off, however much of it there
// is.
func TestAHalfEntryIsCutOff(t *testing.T) {
	h := newHouse(t)
	h.talk("2026/11/30", "c-e-1")
	h.pass()
	path := filepath.Join(h.dir, chainFile)
	b, err := os.ReadFile(path)
	if err := errors.Join(err, h.Archive.Close(), os.WriteFile(path, append(b, strings.Repeat("{", 4000)...), 0o600)); err != nil {
		t.Fatal(err)
	}
	h.open()
	h.talk("2026/11/30", "c-e-2")
	h.pass()
	if r := h.verify(); len(r.Wrong) != 0 || r.Entries != 2 {
		t.Errorf("%+v", r)
	}
	is, err := os.ReadFile(path)
	if err != nil || strings.Count(string(is), "\n") != 2 || !strings.HasSuffix(string(is), "\n") {
		t.Errorf("the chain is %d bytes, %v", len(is), err)
	}
}

// shorten takes the last entry off the chain, or half of it.
func shorten(h *house, whole bool) error {
	path := filepath.Join(h.dir, chainFile)
	b, err := os.ReadFile(path)
	if err != nil || whole {
		return errors.Join(err, os.Truncate(path, 0))
	}
	return os.Truncate(path, int64(len(b)/2))
}

// A chain that was changed is added to by nobody.
func TestABrokenChainIsNotAddedTo(t *testing.T) {
	h := newHouse(t)
	h.talk("2026/11/30", "c-e-1")
	h.pass()
	if err := errors.Join(h.Archive.Close(), flip(filepath.Join(h.dir, chainFile), 60)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenArchive(h.dir, time.Now); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}

// What is older than its time is deleted, the chain says so, and what is protected
// stays until it is released, also after a start.
func TestWhatIsOldIsDeletedAndSaidSo(t *testing.T) {
	h := newHouse(t)
	old, kept := h.talk("2026/05/01", "c-e-1"), h.talk("2026/05/01", "c-e-2")
	young := h.talk("2026/11/30", "c-e-3")
	h.pass()
	for range 2 {
		if err := h.Archive.Protect("c-e-2", true, "ops", "投诉"); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Archive.Close(); err != nil {
		t.Fatal(err)
	}
	h.open()
	prune := func(want int) {
		t.Helper()
		if n, err := h.Archive.Prune(t.Context(), h.wall.AddDate(0, 0, -180)); n != want || err != nil {
			t.Fatalf("deleted %d, want %d, %v", n, want, err)
		}
	}
	prune(1)
	if _, err := h.Archive.Open(old); !errors.Is(err, ErrNotFound) {
		t.Errorf("the old one: %v", err)
	}
	h.samples(kept)
	h.samples(young)
	if r := h.verify(); len(r.Wrong) != 0 || r.Entries != 5 || r.Files != 2 {
		t.Errorf("%+v", r)
	}
	if !h.Archive.Protects("c-e-2") {
		t.Error("a start has released it")
	}
	if err := h.Archive.Protect("c-e-2", false, "ops", ""); err != nil {
		t.Fatal(err)
	}
	prune(1)
	h.samples(young)
}

// No name leads out of the archive, or to what is no recording.
func TestNamesLeadNowhereElse(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"", chainFile, "../x.wav", "/etc/passwd", "2026/11/30/../../../c-e-1-1.wav", "2026/11/30/c-e-1-1.wav.part", "2026/11/30/c-../1-1.wav", "2026/11/30/c-e\x00-1.wav"} {
		if _, err := h.Archive.Open(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
