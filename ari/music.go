package ari

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/huawu/huawu/media"
)

// holdingOf is the bridge in which legs hear a class of music. There is one
// for each class; its music costs half of what channel music does, comes back
// after a prompt and ends by itself in a room (cookbook section 1).
func (s *Switch) holdingOf(class string) string {
	if class == "" {
		class = "default"
	}
	return s.config.App + ".music." + class
}

func (s *Switch) classOf(bridge string) (class string, ok bool) {
	return strings.CutPrefix(bridge, s.config.App+".music.")
}

func (h *holding) leave(ch string) {
	delete(h.legs, ch)
	// Asterisk ends a holding bridge's music when the last leg leaves it, and
	// does not begin it again for the next one.
	h.silent = h.silent || len(h.legs) == 0
}

// hears is a leg's coming into a bridge with music.
func (s *Switch) hears(l *leg, bridge, class string) {
	h := s.holdings[bridge]
	if h == nil {
		h = &holding{class: class, legs: map[string]bool{}, silent: true}
		s.holdings[bridge] = h
	}
	h.legs[l.ch] = true
	if h.silent {
		h.silent = false
		s.chore(func(ctx context.Context) {
			s.complain(ctx, "start music", s.rest.post(ctx, path("bridges", bridge, "moh"), params("mohClass", class)))
		})
	}
	if l.holding && !l.held {
		l.holding, l.held = false, true
		s.say(media.LegHeld{Head: s.head(), Leg: l.id})
	}
}

// music moves a leg into or out of a bridge with music. While something is
// played to it Asterisk would hold that up: then it is done afterwards.
func (s *Switch) music(ctx context.Context, c media.Music) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	l := legs[0]
	s.mu.Lock()
	room, hears, plays := cmp.Or(l.room, l.joining), l.hears, len(l.plays) > 0
	if room == "" && plays {
		l.later = &c
	}
	s.mu.Unlock()
	switch {
	case c.On && room != "":
		return fmt.Errorf("%s is in room %s: %w", c.Leg, room, media.ErrRefused)
	case room != "", plays:
		return nil
	case c.On && hears == s.holdingOf(c.Class), !c.On && hears == "":
		return nil
	case c.On:
		return s.toMusic(ctx, l, c.Class)
	}
	err = s.rest.post(ctx, path("bridges", hears, "removeChannel"), params("channel", l.ch))
	if is(err, http.StatusNotFound, http.StatusUnprocessableEntity) {
		err = nil // it has left already
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		l.hears = ""
	}
	return partyGone(err)
}

// playsOver does what waited for the end of a leg's plays, unless a command that
// moves the leg is under way: that one is later.
func (s *Switch) playsOver(l *leg) {
	if l.later == nil {
		return
	}
	c := *l.later
	l.later = nil
	s.chore(func(ctx context.Context) {
		if !l.mover.TryLock() {
			return
		}
		defer l.mover.Unlock()
		err := s.music(ctx, c)
		if err != nil && !errors.Is(err, media.ErrNoLeg) && ctx.Err() == nil {
			s.log.Warn("music after a prompt", "leg", c.Leg, "error", err)
		}
	})
}

// toMusic moves a leg to the bridge of a class, made when it is not there.
func (s *Switch) toMusic(ctx context.Context, l *leg, class string) error {
	bridge := s.holdingOf(class)
	if err := s.ready(ctx, []*leg{l}); err != nil {
		return err
	}
	s.mu.Lock()
	made := s.holdings[bridge] != nil
	s.mu.Unlock()
	for try := 0; ; try++ {
		if !made {
			if err := s.makeBridge(ctx, bridge, "holding"); err != nil {
				return err
			}
		}
		err := s.rest.post(ctx, path("bridges", bridge, "addChannel"), params("channel", l.ch))
		if is(err, http.StatusNotFound) && try == 0 {
			made = false // somebody deleted it
			continue
		}
		if err == nil {
			s.mu.Lock()
			l.hears = bridge
			s.mu.Unlock()
		}
		return partyGone(err)
	}
}
