package ari

import (
	"context"
	"errors"
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// overSnoop ends the id of a snoop by which a play is heard over the talk.
const overSnoop = ".over"

// playOver whispers to a leg: what is played to a snoop that hears nothing is
// mixed into what the leg hears, and the bridge goes on (measured: the talk has
// no gap either way; a play to the leg itself stops both for as long as it
// lasts).
func (s *Switch) playOver(ctx context.Context, c media.Play) error {
	id, ch := fact.Native(c.Play), fact.Native(c.Leg)
	snoop := id + overSnoop
	s.mu.Lock()
	l := s.legs[ch]
	switch {
	case l == nil:
		s.mu.Unlock()
		return fmt.Errorf("%s: %w", c.Leg, media.ErrNoLeg)
	case s.plays[id] != nil || l.past[id]:
		s.mu.Unlock()
		return fmt.Errorf("play %s was used before: %w", c.Play, media.ErrRefused)
	case l.room == "" || l.held:
		s.mu.Unlock()
		return fmt.Errorf("%s is in no talk: %w", c.Leg, media.ErrRefused)
	}
	s.plays[id] = &play{id: c.Play, ch: ch, over: snoop}
	l.over = append(l.over, id)
	s.watchPlay(id)
	s.snoops[snoop] = func(fact.Instant) { s.endPlay(id, media.PlayGone) }
	s.mu.Unlock()
	err := s.snoop(ctx, ch, snoop, []string{overArg, id, ch}, "spy", "none", "whisper", "out")
	if err == nil {
		err = s.rest.post(ctx, path("channels", snoop, "play", id), params("media", medium(c.Prompts), "lang", c.Language))
	}
	if err != nil && !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		if s.plays[id] == nil {
			err = nil // its end is told already
		}
		s.forgetPlay(id)
		s.mu.Unlock()
	}
	return err
}

// dropOver ends the snoop of a play. Under the lock.
func (s *Switch) dropOver(p *play) {
	if p.over != "" {
		delete(s.snoops, p.over)
		s.dropChannel(p.over)
	}
}

// dropOvers ends a snoop that whispers for nobody: a controller that died began
// it. Under the lock.
func (s *Switch) dropOvers(snoop string) {
	if s.snoops[snoop] == nil {
		s.dropChannel(snoop)
	}
}
