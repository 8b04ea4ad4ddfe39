package ari

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// A recording is 8 kHz of 16 bits behind a header (recordFormat).
	wavHeader     = 44
	bytesOfMillis = 16
	// closingPause is the time between two looks at a file that is about to
	// be closed; it takes 1-2 ms (cookbook section 7).
	closingPause = 10 * time.Millisecond
)

// lastWord says the last word on a recording that another controller began and
// that ended before this one came: only its files tell of it.
func (s *Switch) lastWord(ctx context.Context, c media.StopRecord) error {
	r := newRecording(c.Recording, c.Leg, c.Name)
	var files []fact.RecordingFile
	for _, d := range r.sides {
		if err := goneIsFine(s.rest.delete(ctx, path("channels", d.snoop), nil)); err != nil {
			return err
		}
		millis, there, err := s.stored(ctx, d)
		if err != nil {
			return err
		}
		if there {
			files = append(files, fact.RecordingFile{Recording: r.id, Leg: r.leg, Side: d.side, Name: d.file + "." + recordFormat, Millis: millis})
		}
	}
	s.mu.Lock()
	link := s.link
	s.mu.Unlock()
	if link == nil {
		return media.ErrUnavailable
	}
	s.post(ctx, link, func() {
		switch {
		case s.ended.has(string(r.id)):
			return // asked for twice
		case files == nil:
			s.say(media.RecordFailed{Head: s.head(), Recording: r.id, Leg: r.leg, Reason: "there is no file of it: it was not begun"})
		default:
			s.say(media.RecordEnded{Head: s.head(), Recording: r.id, Leg: r.leg, Files: files})
		}
		s.ended.add(string(r.id))
	})
	return nil
}

// stored says whether a file is there, once it is closed, and how long it is, 0
// when that cannot be seen from here.
func (s *Switch) stored(ctx context.Context, d *side) (millis int64, there bool, err error) {
	for {
		err := s.rest.get(ctx, path("recordings", "live", d.file), nil, nil)
		if errors.Is(err, media.ErrNoLeg) {
			break
		}
		if err != nil {
			return 0, false, err
		}
		select {
		case <-time.After(closingPause):
		case <-ctx.Done():
			return 0, false, media.ErrUnknown
		}
	}
	err = s.rest.get(ctx, path("recordings", "stored", d.file), nil, nil)
	if errors.Is(err, media.ErrNoLeg) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	if s.config.RecordingsDir == "" {
		return 0, true, nil
	}
	info, err := os.Stat(filepath.Join(s.config.RecordingsDir, filepath.FromSlash(d.file)+"."+recordFormat))
	if err != nil {
		return 0, true, nil // the folder is not where it is said to be; Diagnose tells
	}
	return max(0, info.Size()-wavHeader) / bytesOfMillis, true, nil
}

// endBy ends a recording whose end was not heard, by the length of its files.
func (s *Switch) endBy(r *recording) {
	link := s.link
	s.chore(func(ctx context.Context) {
		var lengths [2]int64
		for i, d := range r.sides {
			var err error
			if lengths[i], _, err = s.stored(ctx, d); err != nil {
				s.complain(ctx, "look at a recording", err)
			}
		}
		s.post(ctx, link, func() {
			for i, d := range r.sides {
				if d.ended && d.end == 0 {
					d.end = d.began + fact.Instant(lengths[i])
				}
			}
			s.recordEnded(r)
		})
	})
}
