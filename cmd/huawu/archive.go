package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/recording"
	"github.com/huawu/huawu/store"
)

// RecordingsConfig says where recordings of calls are kept after the call.
type RecordingsConfig struct {
	// Dir takes them from the switches' recording folders, which this host must
	// see; "" leaves them there.
	Dir string `yaml:"dir"`
	// Keep is after how long they are deleted, 0 for never.
	Keep time.Duration `yaml:"keep"`
}

const day = 24 * time.Hour

func (r RecordingsConfig) validate(switches []SwitchConfig, wrong func(field, what, remedy string)) {
	if r.Keep != 0 && (r.Dir == "" || r.Keep < day) {
		wrong("recordings.keep", fmt.Sprintf("recordings are deleted after %v", r.Keep), "write a day (24h) or more, and recordings.dir")
	}
	if r.Dir == "" {
		return
	}
	for i, s := range switches {
		at := fmt.Sprintf("switches[%d].recordings", i)
		switch {
		case s.Recordings == "":
			wrong(at, "it is missing, and recordings.dir is to take what lies there", "write the switch's recording folder as this host sees it")
		case within(s.Recordings, r.Dir) || within(r.Dir, s.Recordings):
			wrong("recordings.dir", fmt.Sprintf("%q and %q lie in each other", r.Dir, s.Recordings), "write two folders apart")
		}
	}
}

// within says whether a folder is another one, or in it.
func within(folder, of string) bool {
	rel, err := filepath.Rel(absolute(of), absolute(folder))
	return err == nil && filepath.IsLocal(rel)
}

// archivist keeps the recordings of calls.
type archivist struct {
	*recording.Collector
	archive *recording.Archive
	// closed is why there is no archive: calls go on without it, and what they
	// leave stays in the switches' folders until it is mended.
	closed error
}

// openArchive opens the archive of a configuration, nil for none.
func (c *Config) openArchive(db *stored, log *slog.Logger) *archivist {
	if c.Recordings.Dir == "" {
		return nil
	}
	archive, err := recording.OpenArchive(c.Recordings.Dir, time.Now)
	if err != nil {
		log.Error("the archive of recordings cannot be opened: recordings stay in the switches' folders until it is mended and huawu is started again", "dir", c.Recordings.Dir, "error", err)
		return &archivist{closed: err}
	}
	a := &archivist{Collector: &recording.Collector{Archive: archive, Calls: db, Keep: c.Recordings.Keep, Log: log}, archive: archive}
	for _, s := range c.Switches {
		a.Folders = append(a.Folders, s.Recordings)
	}
	return a
}

// run collects recordings until ctx ends, where there is an archive.
func (a *archivist) run(ctx context.Context) {
	if a != nil && a.closed == nil {
		a.Run(ctx)
	}
}

// Ended is the record of a call that has ended (recording.Calls).
func (s *stored) Ended(ctx context.Context, call fact.CallID) (*fact.Record, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	h, err := db.Call(ctx, fact.DefaultTenant, call)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return h.Record, err
}

// Open is a recording of the archive (api.Archive).
func (a *archivist) Open(stem string) (io.ReadSeekCloser, error) {
	f, err := a.archive.Open(recording.FileOf(stem))
	if err != nil {
		return nil, inWords(err, []wording{{recording.ErrNotFound, api.ErrNotFound}})
	}
	return f, nil
}

// Protect and Protects are of the archive (api.Archive).
func (a *archivist) Protect(call fact.CallID, on bool, who, note string) error {
	return a.archive.Protect(call, on, who, note)
}

func (a *archivist) Protects(call fact.CallID) bool { return a.archive.Protects(call) }

// close closes the archive, if there is one.
func (a *archivist) close() error {
	if a == nil || a.closed != nil {
		return nil
	}
	return a.archive.Close()
}

// options are what the API is given of an archive, nothing of none.
func (a *archivist) options() (api.Archive, []prometheus.Collector, func() []string) {
	if a == nil {
		return nil, nil, func() []string { return nil }
	}
	if a.closed != nil {
		trouble := []string{"recordings are not collected: the archive cannot be opened: " + a.closed.Error()}
		return nil, nil, func() []string { return trouble }
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "huawu", Name: name, Help: help}, value)
	}
	return a, []prometheus.Collector{
			gauge("recordings_kept", "Recordings in the archive.", func() float64 { return float64(a.archive.Count()) }),
			gauge("recordings_waiting", "Recordings in the switches' folders of calls that go on, or that nobody knows.", func() float64 { return float64(a.Waiting()) }),
		}, func() []string {
			if trouble := a.Trouble(); trouble != "" {
				return []string{"recordings are not collected: " + trouble}
			}
			return nil
		}
}

// verifyArchive walks the chain in a folder.
func verifyArchive(ctx context.Context, dir string) (recording.Report, error) {
	r, err := recording.Verify(ctx, dir)
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("%s holds no archive of recordings: %w", dir, err)
	}
	return r, err
}
