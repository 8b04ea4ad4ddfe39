package ari

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// roomType is a bridge that passes sound and tells keys: in plain "mixing" a
// key pressed by either party is seen by nobody (cookbook section 3).
const roomType = "mixing,dtmf_events"

// bridgeName marks the bridges of this application.
func (s *Switch) bridgeName() string { return "huawu:" + s.config.App }

// entered is a leg's coming into a bridge.
func (s *Switch) entered(l *leg, b *bridge) {
	l.bridge = b.ID
	if class, ok := s.classOf(b.ID); ok {
		s.hears(l, b.ID, class)
		return
	}
	if s.rooms[b.ID] == nil && b.Name != s.bridgeName() || s.isSpyBridge(b.ID) {
		return
	}
	if l.joining == b.ID {
		l.joining = ""
	}
	if l.held {
		l.held = false
		s.forgetHeld(l)
		s.say(media.LegUnheld{Head: s.head(), Leg: l.id})
	}
	if l.room == b.ID {
		return
	}
	s.leaveRoom(l)
	r := s.room(b.ID)
	l.room = b.ID
	r.legs[l.ch] = true
	s.say(media.Joined{Head: s.head(), Room: r.id, Leg: l.id})
}

// leftBridge is a leg's going out of a bridge, by its end too.
func (s *Switch) leftBridge(l *leg, bridge string) {
	if l.bridge == bridge {
		l.bridge = ""
	}
	if h := s.holdings[bridge]; h != nil {
		h.leave(l.ch)
		if l.leaving && l.held {
			l.leaving, l.held = false, false
			s.forgetHeld(l)
			s.say(media.LegUnheld{Head: s.head(), Leg: l.id})
			s.leaveRoom(l)
		}
		return
	}
	s.endSpiesIn(bridge)
	if l.room == bridge && !l.holding && !l.held {
		s.leaveRoom(l)
	}
}

// leaveRoom gives up a leg's place, if it has one. A phone that was holding
// leaves its other side with music that nothing else would stop (cookbook
// section 5).
func (s *Switch) leaveRoom(l *leg) {
	r := s.rooms[l.room]
	bridge := l.room
	l.room = ""
	if r == nil {
		return
	}
	delete(r.legs, l.ch)
	if l.holds || l.strange {
		for ch := range r.legs {
			if o := s.legs[ch]; o != nil && o.music {
				o.music = false
				s.chore(func(ctx context.Context) { s.complain(ctx, "stop hold music", s.silence(ctx, ch)) })
			}
		}
	}
	s.say(media.Left{Head: s.head(), Room: r.id, Leg: l.id})
	if len(r.legs) == 0 {
		delete(s.rooms, bridge)
		s.dropBridge(bridge)
	}
}

// dropBridge ends a bridge that nobody is in.
func (s *Switch) dropBridge(bridge string) {
	s.chore(func(ctx context.Context) {
		s.complain(ctx, "delete bridge", goneIsFine(s.rest.delete(ctx, path("bridges", bridge), nil)))
	})
}

// complain logs the failure of a request that nobody waits for.
func (s *Switch) complain(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil && !is(err, http.StatusNotFound, http.StatusConflict) {
		s.log.Warn(what, "error", err)
	}
}

// silence ends channel music, which a room would mix into speech (cookbook
// rule 4). A leg that has none, or is gone, is fine.
func (s *Switch) silence(ctx context.Context, ch string) error {
	err := s.rest.delete(ctx, path("channels", ch, "moh"), nil)
	if is(err, http.StatusNotFound, http.StatusConflict) {
		return nil
	}
	return err
}

func (s *Switch) forgetHeld(l *leg) {
	s.chore(func(ctx context.Context) {
		s.mu.Lock()
		again := l.held || l.holding
		s.mu.Unlock()
		if !again {
			s.complain(ctx, "forget hold", s.setVariable(ctx, l, HeldVariable, ""))
		}
	})
}

// ready makes legs fit for a bridge: without prompts, which would hold up the
// move, without channel music, and with a way for sound to callers who were not
// answered.
func (s *Switch) ready(ctx context.Context, legs []*leg) error {
	s.mu.Lock()
	for _, l := range legs {
		l.later = nil // before the plays end
	}
	s.mu.Unlock()
	if err := s.hush(ctx, legs); err != nil {
		return err
	}
	for _, l := range legs {
		s.mu.Lock()
		music, mute := l.music, l.state == media.LegRing && !l.own && !l.early
		l.music = false
		s.mu.Unlock()
		if music {
			if err := s.silence(ctx, l.ch); err != nil {
				return err
			}
		}
		if mute {
			if err := s.early(ctx, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// early sends 183: a holding bridge does not, and the caller would hear nothing.
func (s *Switch) early(ctx context.Context, l *leg) error {
	if err := s.rest.post(ctx, path("channels", l.ch, "progress"), nil); err != nil {
		return err
	}
	s.mu.Lock()
	l.early = true
	s.mu.Unlock()
	return nil
}

// find is the legs of ids, all of them or ErrNoLeg.
func (s *Switch) find(ids ...fact.LegID) ([]*leg, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	legs := make([]*leg, 0, len(ids))
	for _, id := range ids {
		l := s.legs[fact.Native(id)]
		if l == nil {
			return nil, fmt.Errorf("%s: %w", id, media.ErrNoLeg)
		}
		legs = append(legs, l)
	}
	return legs, nil
}

func channelsOf(legs []*leg) string {
	ids := make([]string, len(legs))
	for i, l := range legs {
		ids[i] = l.ch
	}
	return strings.Join(ids, ",")
}

// join puts all legs in by one request: Asterisk then takes all or none.
func (s *Switch) join(ctx context.Context, c media.Join) error {
	legs, err := s.find(c.Legs...)
	if err != nil {
		return err
	}
	bridge := fact.Native(c.Room)
	s.mu.Lock()
	r := s.room(bridge)
	s.mu.Unlock()
	if err = s.ready(ctx, legs); err == nil {
		err = s.makeBridge(ctx, bridge, roomType)
	}
	if err == nil {
		// A leg keeps what Create has it show: Asterisk would tell each party
		// the other's number, a phone that is dialled afterwards included.
		err = partyGone(s.rest.post(ctx, path("bridges", bridge, "addChannel"), params("channel", channelsOf(legs), "inhibitConnectedLineUpdates", "true")))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		for _, l := range legs {
			l.hears = ""
			if l.room != bridge {
				l.joining = bridge
			}
		}
	case s.rooms[bridge] == r && len(r.legs) == 0:
		delete(s.rooms, bridge)
		s.dropBridge(bridge)
	}
	return err
}

// makeBridge makes a bridge, or finds it there.
func (s *Switch) makeBridge(ctx context.Context, bridge, kind string) error {
	err := s.rest.post(ctx, path("bridges", bridge), params("type", kind, "name", s.bridgeName()))
	if is(err, http.StatusConflict) {
		return nil
	}
	return err
}

func (s *Switch) leave(ctx context.Context, c media.Leave) error {
	legs, err := s.find(c.Leg)
	if err != nil {
		return err
	}
	l, bridge := legs[0], fact.Native(c.Room)
	s.mu.Lock()
	if (l.held || l.holding) && (l.room == bridge || l.joining == bridge) {
		bridge = l.hears
		l.leaving = true
	}
	s.mu.Unlock()
	if err := s.ready(ctx, legs); err != nil {
		return err
	}
	// Not by deleting the bridge with its last leg in it: Asterisk answers before
	// the leg is out, and a prompt that is sent then is never played.
	err = s.rest.post(ctx, path("bridges", bridge, "removeChannel"), params("channel", l.ch))
	err = partyGone(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		l.leaving = false
	} else {
		l.hears, l.joining = "", ""
	}
	return err
}

// hold moves the leg to music; the switch's own hold music would be mixed with
// what the room says (cookbook section 5).
func (s *Switch) hold(ctx context.Context, c media.Hold) error {
	l, done, err := s.seated(c.Leg, c.Room, true)
	if err != nil || done {
		return err
	}
	s.mu.Lock()
	l.holding = true
	s.mu.Unlock()
	if err = s.setVariable(ctx, l, HeldVariable, fact.Native(c.Room)); err == nil {
		err = s.toMusic(ctx, l, c.Class)
	}
	if err != nil {
		s.mu.Lock()
		if l.holding {
			l.holding = false
			s.forgetHeld(l)
		}
		s.mu.Unlock()
	}
	return err
}

func (s *Switch) unhold(ctx context.Context, c media.Unhold) error {
	l, done, err := s.seated(c.Leg, c.Room, false)
	if err != nil || done {
		return err
	}
	if err := s.ready(ctx, []*leg{l}); err != nil {
		return err
	}
	err = partyGone(s.rest.post(ctx, path("bridges", fact.Native(c.Room), "addChannel"), params("channel", l.ch)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		l.hears = ""
	}
	return err
}

// seated is a leg with a place in the room; done says that it is (not) held
// already.
func (s *Switch) seated(id fact.LegID, in fact.RoomID, held bool) (l *leg, done bool, err error) {
	legs, err := s.find(id)
	if err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l = legs[0]
	if room := fact.Native(in); l.room != room && l.joining != room {
		return nil, false, fmt.Errorf("%s is not in %s: %w", id, in, media.ErrNoLeg)
	}
	return l, (l.hears != "") == held, nil
}
