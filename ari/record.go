package ari

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// recordArg, spyArg and overArg begin the arguments of the snoops that we
	// make, by which a controller that starts anew takes them up.
	recordArg = "rec"
	spyArg    = "spy"
	overArg   = "over"

	recordFormat = "wav"
	// earlyEnd is how long after a file ended that nobody stopped its leg may
	// be heard to have ended; a leg that lives on means a full disk, for
	// Asterisk tells no write error (cookbook section 7).
	earlyEnd = 500 * time.Millisecond
)

// recording is two files: a snoop on what the leg says, and one on what it
// hears, each recorded.
type recording struct {
	id        fact.RecordingID
	leg       fact.LegID
	sides     [2]*side
	announced bool // RecordStarted was said
	stopping  bool
}

// side is one file of a recording.
type side struct {
	of             *recording
	side           fact.Side
	snoop          string // channel
	file           string // without extension
	started, ended bool
	began, end     fact.Instant
}

func newRecording(id fact.RecordingID, leg fact.LegID, name string) *recording {
	r := &recording{id: id, leg: leg}
	for i, of := range []fact.Side{fact.SideIn, fact.SideOut} {
		r.sides[i] = &side{of: r, side: of, snoop: fact.Native(id) + "." + string(of), file: name + "-" + string(of)}
	}
	return r
}

// keep makes a recording known; under the lock.
func (s *Switch) keep(r *recording) {
	s.recordings[fact.Native(r.id)] = r
	for _, d := range r.sides {
		s.sides[d.file] = d
		s.snoops[d.snoop] = func(at fact.Instant) { s.sideEnded(d, at) }
	}
}

// forget takes a recording off; false when it was off already. Under the lock.
func (s *Switch) forget(r *recording) bool {
	if s.recordings[fact.Native(r.id)] != r {
		return false
	}
	delete(s.recordings, fact.Native(r.id))
	s.ended.add(string(r.id))
	for _, d := range r.sides {
		delete(s.sides, d.file)
		delete(s.snoops, d.snoop)
	}
	return true
}

func (s *Switch) record(ctx context.Context, c media.Record) error {
	if _, err := s.find(c.Leg); err != nil {
		return err
	}
	r := newRecording(c.Recording, c.Leg, c.Name)
	s.mu.Lock()
	if s.recordings[fact.Native(r.id)] != nil || s.sides[r.sides[0].file] != nil {
		s.mu.Unlock()
		return fmt.Errorf("recording %s, file %s: used before: %w", c.Recording, c.Name, media.ErrRefused)
	}
	s.keep(r)
	s.mu.Unlock()
	err := s.startSides(ctx, r)
	if err != nil {
		s.mu.Lock()
		s.forget(r)
		s.dropSnoops(r)
		s.mu.Unlock()
	}
	return err
}

// startSides makes both snoops, then starts both files at the same moment.
func (s *Switch) startSides(ctx context.Context, r *recording) error {
	for _, d := range r.sides {
		args := []string{recordArg, fact.Native(r.id), string(d.side), fact.Native(r.leg), d.file}
		if err := s.snoop(ctx, fact.Native(r.leg), d.snoop, args, "spy", string(d.side), "whisper", "none"); err != nil {
			return err
		}
	}
	var wg sync.WaitGroup
	var errs [2]error
	for i, d := range r.sides {
		wg.Go(func() { errs[i] = s.startFile(ctx, d) })
	}
	wg.Wait()
	return errors.Join(errs[:]...)
}

// startFile starts one file. Asterisk makes the folders on its way, and takes
// one that another recording made at the same moment for the file that must not
// be there (safe_mkdir in its main/utils.c knows no EEXIST but for the last
// folder). So it is asked again, once for each folder.
func (s *Switch) startFile(ctx context.Context, d *side) error {
	var err error
	for range 1 + strings.Count(d.file, "/") {
		err = s.rest.post(ctx, path("channels", d.snoop, "record"), params("name", d.file, "format", recordFormat, "ifExists", "fail"))
		if !is(err, http.StatusConflict) || errors.Is(err, media.ErrNoLeg) {
			return err
		}
	}
	return err
}

// snoop makes a channel that hears another one, and waits until it can be
// commanded (cookbook rule 1).
func (s *Switch) snoop(ctx context.Context, of, id string, args []string, how ...string) error {
	list := ""
	for i, a := range args {
		if i > 0 {
			list += ","
		}
		list += url.QueryEscape(a) // an id may hold a comma
	}
	started := s.wait(id)
	defer s.unwait(id)
	query := params(append(how, "app", s.config.App, "appArgs", list)...)
	if err := s.rest.post(ctx, path("channels", of, "snoop", id), query); err != nil {
		return err
	}
	return s.await(ctx, started)
}

// dropSnoops ends what is left of a recording's channels, and its files with
// them. Under the lock.
func (s *Switch) dropSnoops(r *recording) {
	for _, d := range r.sides {
		s.dropChannel(d.snoop)
	}
}

// dropChannel hangs up a channel of the driver's own. Under the lock.
func (s *Switch) dropChannel(ch string) {
	s.chore(func(ctx context.Context) {
		s.complain(ctx, "hang up a channel of ours", goneIsFine(s.rest.delete(ctx, path("channels", ch), nil)))
	})
}

// recorded is RecordingStarted, RecordingFinished or RecordingFailed.
func (s *Switch) recorded(e *event) {
	d := s.sides[e.Recording.Name]
	if d == nil {
		return
	}
	r := d.of
	switch e.Type {
	case "RecordingStarted":
		d.started, d.began = true, s.now
		if r.sides[0].started && r.sides[1].started && !r.announced {
			r.announced = true
			s.say(media.RecordStarted{Head: s.head(), Recording: r.id, Leg: r.leg})
		}
	case "RecordingFailed":
		s.recordFailed(r, e.Recording.Cause)
	default:
		s.sideEnded(d, s.now)
	}
}

func (s *Switch) recordFailed(r *recording, reason string) {
	if !s.forget(r) {
		return
	}
	if reason == "" {
		reason = "the switch gave no reason"
	}
	s.dropSnoops(r)
	s.say(media.RecordFailed{Head: s.head(), Recording: r.id, Leg: r.leg, Reason: reason})
}

// sideEnded closes one file; the last one closes the recording.
func (s *Switch) sideEnded(d *side, at fact.Instant) {
	if d.ended {
		return
	}
	d.ended, d.end = true, at
	r := d.of
	if !r.sides[0].ended || !r.sides[1].ended {
		return
	}
	if r.stopping || s.legs[fact.Native(r.leg)] == nil {
		s.recordEnded(r)
		return
	}
	s.after(earlyEnd, func() {
		if l := s.legs[fact.Native(r.leg)]; l == nil || l.parted || r.stopping {
			s.recordEnded(r)
			return
		}
		s.recordFailed(r, "it ended although its leg lives and nobody stopped it: is the switch's disk full?")
	})
}

// recordEnded says the last word on a recording. A file that never started is
// not in it; when none did, the recording failed.
func (s *Switch) recordEnded(r *recording) {
	if !s.forget(r) {
		return
	}
	var files []fact.RecordingFile
	for _, d := range r.sides {
		if !d.started {
			continue
		}
		f := fact.RecordingFile{Recording: r.id, Leg: r.leg, Side: d.side, Name: d.file + "." + recordFormat, Began: d.began}
		if d.end > 0 {
			f.Millis = int64(d.end - d.began)
		}
		files = append(files, f)
	}
	if !r.announced {
		s.say(media.RecordFailed{Head: s.head(), Recording: r.id, Leg: r.leg, Reason: "its leg ended before both sides were being written"})
		return
	}
	s.say(media.RecordEnded{Head: s.head(), Recording: r.id, Leg: r.leg, Files: files})
}

// endIfGone ends a recording whose snoops are not listed any more.
func (r *recording) endIfGone(s *Switch, lives map[string]bool) {
	for _, d := range r.sides {
		d.ended = d.ended || !lives[d.snoop]
	}
	if r.sides[0].ended && r.sides[1].ended {
		s.endBy(r)
	}
}

// adoptRecording takes up one side of a recording that goes on, by its snoop's
// arguments; began is when the snoop was made. One whose leg is gone is about
// to end, and nobody asked this controller for it.
func (s *Switch) adoptRecording(snoop string, args []string, began fact.Instant) {
	if len(args) != 4 {
		return
	}
	for i := range args {
		if v, err := url.QueryUnescape(args[i]); err == nil {
			args[i] = v
		}
	}
	native, which, leg, file := args[0], fact.Side(args[1]), args[2], args[3]
	r := s.recordings[native]
	if r == nil {
		if s.legs[leg] == nil {
			return
		}
		stem := file[:max(0, len(file)-len("-"+string(which)))]
		r = newRecording(fact.On[fact.RecordingID](s.config.Name, native), fact.On[fact.LegID](s.config.Name, leg), stem)
		r.announced = true
		s.keep(r)
	}
	for _, d := range r.sides {
		if d.snoop == snoop && !d.started {
			d.started, d.began = true, began
		}
	}
}

func (s *Switch) muteRecord(ctx context.Context, c media.MuteRecord) error {
	r, err := s.recordingOf(c.Recording)
	if err != nil {
		return err
	}
	for _, d := range r.sides {
		mute := path("recordings", "live", d.file, "mute")
		if c.On {
			err = s.rest.post(ctx, mute, nil)
		} else {
			err = s.rest.delete(ctx, mute, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Switch) recordingOf(id fact.RecordingID) (*recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.recordings[fact.Native(id)]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("%s: %w", id, media.ErrNoLeg)
}

// stopRecord ends the snoops, which ends the files.
func (s *Switch) stopRecord(ctx context.Context, c media.StopRecord) error {
	s.mu.Lock()
	ended := s.ended.has(string(c.Recording))
	s.mu.Unlock()
	r, err := s.recordingOf(c.Recording)
	switch {
	case err != nil && c.Name != "" && !ended:
		return s.lastWord(ctx, c)
	case err != nil:
		return nil // gone is success
	}
	s.mu.Lock()
	r.stopping = true
	s.mu.Unlock()
	for _, d := range r.sides {
		if err := goneIsFine(s.rest.delete(ctx, path("channels", d.snoop), nil)); err != nil {
			return err
		}
	}
	return nil
}
