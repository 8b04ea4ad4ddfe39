package recording

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// While a recording is brought together, which may take for as long as the switch's
// folder hangs, the archive answers all else.
func TestTheArchiveAnswersWhileAFileIsWritten(t *testing.T) {
	h := newHouse(t)
	err := h.Archive.keep("2026/11/30/c-e-1-1.wav", "c-e-1", func(io.Writer) (int64, error) {
		done := make(chan error, 1)
		go func() {
			err := h.Archive.Protect("c-e-2", true, "ops", "")
			if !h.Archive.Protects("c-e-2") || h.Archive.Count() != 0 {
				err = errors.Join(err, errors.New("not protected, or counted before it is whole"))
			}
			done <- err
		}()
		select {
		case err := <-done:
			return 0, err
		case <-time.After(10 * time.Second):
			return 0, errors.New("the archive hangs")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := h.verify(); len(r.Wrong) != 0 || r.Entries != 2 || r.Files != 1 {
		t.Errorf("%+v", r)
	}
}

// A file that was lost, though it is the last, is told by verify, and closes the
// archive for no other.
func TestALostFileClosesNoArchive(t *testing.T) {
	h := newHouse(t)
	lost := h.talk("2026/11/30", "c-e-1")
	h.pass()
	if err := errors.Join(h.Archive.Close(), os.Remove(h.Archive.path(lost))); err != nil {
		t.Fatal(err)
	}
	h.open()
	if r := h.verify(); len(r.Wrong) != 1 || r.Wrong[0].File != lost {
		t.Errorf("%+v", r)
	}
	file := h.talk("2026/11/30", "c-e-2")
	h.pass()
	h.samples(file)
}
