package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
)

// passEvery is from one look at the switch's folder to the next, passMost how many
// recordings one look takes.
// settled is how long nothing must have been written to a file of a recording that
// is looked at: one that runs is written to every few seconds.
const (
	passEvery  = 5 * time.Second
	passMost   = 200
	pruneEvery = time.Hour
	settled    = 10 * time.Second
)

// sideName is what switches call the files of a call: the stem, and the side. A
// message is none of them, for it is no recording of a call.
var sideName = regexp.MustCompile(`^(([0-9]{4}/[0-9]{2}/[0-9]{2})/(c-[A-Za-z0-9_-]+?)-([0-9]+)(-consult)?)-(in|out)\.wav$`)

// Calls tells of calls that have ended.
type Calls interface {
	// Ended is the record of a call, nil while it goes on or is not known.
	Ended(ctx context.Context, call fact.CallID) (*fact.Record, error)
}

// Collector brings what switches have recorded into an archive.
type Collector struct {
	Archive *Archive
	Calls   Calls
	// Keep is after how long recordings are deleted, 0 for never.
	Keep time.Duration
	// Folders are the recording folders of switches as this host sees them.
	Folders []string
	Log     *slog.Logger

	mu      sync.Mutex
	waiting int
	trouble string
}

// Run collects until ctx ends.
func (c *Collector) Run(ctx context.Context) {
	var pruned time.Time
	for {
		err := c.Pass(ctx)
		if now := time.Now(); c.Keep > 0 && now.Sub(pruned) > pruneEvery {
			pruned = now
			n, old := c.Archive.Prune(ctx, now.Add(-c.Keep))
			if err = errors.Join(err, old); n > 0 {
				c.Log.Info("recordings were deleted, for their time is over", "files", n, "older_than", c.Keep)
			}
		}
		c.mu.Lock()
		was := c.trouble
		c.trouble = ""
		if err != nil && ctx.Err() == nil {
			c.trouble = err.Error()
		}
		is := c.trouble
		c.mu.Unlock()
		if is != was && is != "" {
			c.Log.Error("recordings are not collected", "error", is)
		}
		select {
		case <-time.After(passEvery):
		case <-ctx.Done():
			return
		}
	}
}

// Trouble is why recordings are not collected, "" when they are.
func (c *Collector) Trouble() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trouble
}

// Waiting is how many recordings of calls that go on, or of calls that nobody knows,
// lay in the folders at the last look.
func (c *Collector) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting
}

// Pass looks at the folders once and archives what is of calls that have ended. One
// that cannot be does not keep the others.
func (c *Collector) Pass(ctx context.Context) error {
	var wrong []error
	waiting, taken := 0, 0
	for _, folder := range c.Folders {
		stems, running, err := recorded(folder)
		waiting += running
		if err != nil {
			wrong = append(wrong, err)
		}
		for _, t := range stems {
			if ctx.Err() != nil || taken == passMost {
				break
			}
			done, err := c.collect(ctx, folder, t)
			switch {
			case err != nil:
				wrong = append(wrong, fmt.Errorf("%s: %w", t.stem, err))
			case done:
				taken++
			default:
				waiting++
			}
		}
	}
	c.mu.Lock()
	c.waiting = waiting
	c.mu.Unlock()
	return errors.Join(wrong[:min(len(wrong), 5)]...)
}

// tape is a recording as it lies in a switch's folder.
type tape struct {
	stem  string // "2026/11/30/c-x-1"
	call  fact.CallID
	agent bool // made at the agent's leg
	sides []fact.Side
}

// recorded are the recordings in a folder, by name, and how many there are besides
// that are being written.
func recorded(folder string) (all []tape, running int, err error) {
	runs := map[string]bool{}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		m := sideName.FindStringSubmatch(filepath.ToSlash(rel))
		if m == nil {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if time.Since(info.ModTime()) < settled {
			runs[m[1]] = true
		}
		side := fact.Side(m[6])
		if i := len(all) - 1; i >= 0 && all[i].stem == m[1] { // a folder is walked by name
			all[i].sides = append(all[i].sides, side)
			return nil
		}
		all = append(all, tape{stem: m[1], call: fact.CallID(m[3]), agent: m[5] != "", sides: []fact.Side{side}})
		return nil
	})
	before := len(all)
	all = slices.DeleteFunc(all, func(t tape) bool { return runs[t.stem] })
	return all, before - len(all), err
}

// collect archives a recording whose call has ended, and then takes it off the
// switch's folder; false for one that is not to be archived yet.
func (c *Collector) collect(ctx context.Context, folder string, t tape) (done bool, err error) {
	record, err := c.Calls.Ended(ctx, t.call)
	if err != nil || record == nil {
		return false, err
	}
	file := FileOf(t.stem)
	there, err := c.Archive.has(file)
	if err != nil {
		return false, err
	}
	if !there {
		err = c.Archive.keep(file, t.call, func(w io.Writer) (int64, error) { return t.assemble(w, folder, record) })
	}
	if err != nil {
		return false, err
	}
	for _, side := range t.sides {
		err = errors.Join(err, os.Remove(t.path(folder, side)))
	}
	return err == nil, err
}

func (t tape) path(folder string, side fact.Side) string {
	return filepath.Join(folder, filepath.FromSlash(t.stem)+"-"+string(side)+".wav")
}

// assemble writes both sides as one: the agent left, who is served right (SPEC
// REC-3). Sides that began apart are brought together by when they did.
func (t tape) assemble(w io.Writer, folder string, r *fact.Record) (ms int64, err error) {
	var tracks [2]*track
	var began [2]fact.Instant
	for i, side := range []fact.Side{fact.SideOut, fact.SideIn} { // at the caller's leg the agent is what it hears
		if !slices.Contains(t.sides, side) {
			continue
		}
		f, err := os.Open(t.path(folder, side))
		if err != nil {
			return 0, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		if info.Size() < headerSize { // nothing was written, for the disk was full
			continue
		}
		if tracks[i], err = openTrack(f, info.Size()); err != nil {
			return 0, err
		}
		for _, o := range r.Recordings {
			if o.Side == side && strings.TrimSuffix(o.Name, "-"+string(side)+".wav") == t.stem {
				began[i] = o.Began
			}
		}
	}
	if apart := began[0] - began[1]; began[0] != 0 && began[1] != 0 && tracks[0] != nil && tracks[1] != nil {
		tracks[0].lead, tracks[1].lead = max(0, int64(apart))*perMilli, max(0, int64(-apart))*perMilli
	}
	if t.agent {
		tracks[0], tracks[1] = tracks[1], tracks[0]
	}
	return stereo(w, tracks[0], tracks[1])
}
