package ari

import (
	"context"
	"errors"
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// probe asks the switch itself, not the driver's memory, but for what has just
// ended: Asterisk knows it for some milliseconds more.
func (s *Switch) probe(ctx context.Context, c media.Probe) error {
	asked, what := string(c.Leg), path("channels", fact.Native(c.Leg))
	switch {
	case c.Play != "":
		asked, what = string(c.Play), path("playbacks", fact.Native(c.Play))
	case c.Recording != "":
		// By its first channel: a file is known by its name only.
		asked, what = string(c.Recording), path("channels", newRecording(c.Recording, c.Leg, "").sides[0].snoop)
	}
	s.mu.Lock()
	ended := s.ended.has(asked)
	s.mu.Unlock()
	if ended {
		return fmt.Errorf("%s: %w", asked, media.ErrNoLeg)
	}
	err := s.rest.get(ctx, what, nil, nil)
	if asked == string(c.Leg) && errors.Is(err, media.ErrNoLeg) {
		s.mu.Lock()
		s.denied(fact.Native(c.Leg))
		s.mu.Unlock()
	}
	return err
}

// denied is Asterisk's word that it has no such channel. The event of its end
// is on its way, or lost, and then nobody else tells it. Under the lock.
func (s *Switch) denied(ch string) {
	l := s.legs[ch]
	if l == nil || s.link == nil {
		return
	}
	s.after(partingGuard, func() {
		if s.legs[ch] == l {
			s.finish(l, 0)
		}
	})
}
