package ari

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	spySnoop  = ".snoop"
	spyBridge = ".spy"
)

func (s *Switch) isSpyBridge(bridge string) bool { return strings.HasSuffix(bridge, spyBridge) }

// spy makes a snoop on the leg and a bridge for it and the one who hears, who
// is moved there from wherever it is. The spy ends when either of them goes.
func (s *Switch) spy(ctx context.Context, c media.Spy) error {
	legs, err := s.find(c.Leg, c.By)
	if err != nil {
		return err
	}
	native := fact.Native(c.Spy)
	p := &spy{id: c.Spy, leg: c.Leg, by: legs[1].ch, snoop: native + spySnoop, bridge: native + spyBridge, over: make(chan struct{})}
	s.mu.Lock()
	held, used := legs[1].held || legs[1].holding, s.spies[p.snoop] != nil
	if !held && !used {
		s.keepSpy(p)
	}
	s.mu.Unlock()
	if held || used {
		return fmt.Errorf("%s is on hold (%v), or %s in use (%v): %w", c.By, held, c.Spy, used, media.ErrRefused)
	}
	err = s.listen(ctx, p, legs[1], c.Whisper)
	s.mu.Lock()
	defer s.mu.Unlock()
	over := s.spies[p.snoop] != p // one of the legs went before all was there
	if err == nil && over {
		err = fmt.Errorf("%s ended as it began: %w", c.Spy, media.ErrRefused)
	}
	if err != nil && !s.forgetSpy(p) {
		s.dropChannel(p.snoop) // what came after its end
		s.dropBridge(p.bridge)
	}
	return err
}

func (s *Switch) listen(ctx context.Context, p *spy, by *leg, whisper bool) error {
	whispers := "none"
	if whisper {
		whispers = "out" // towards the leg that is heard, and to nobody else
	}
	args := []string{spyArg, fact.Native(p.id), fact.Native(p.leg), p.by}
	if err := s.snoop(ctx, fact.Native(p.leg), p.snoop, args, "spy", "both", "whisper", whispers); err != nil {
		return err
	}
	if err := s.ready(ctx, []*leg{by}); err != nil {
		return err
	}
	if err := s.makeBridge(ctx, p.bridge, "mixing"); err != nil {
		return err
	}
	err := partyGone(s.rest.post(ctx, path("bridges", p.bridge, "addChannel"), params("channel", p.snoop+","+p.by)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		by.hears = ""
	}
	return err
}

// stopSpy hangs the snoop up and waits until Asterisk has let go of it: what the
// leg is given to hear next must not be heard by it (media.StopSpy).
func (s *Switch) stopSpy(ctx context.Context, c media.StopSpy) error {
	snoop := fact.Native(c.Spy) + spySnoop
	s.mu.Lock()
	p := s.spies[snoop]
	s.mu.Unlock()
	if p == nil {
		return nil
	}
	if err := goneIsFine(s.rest.delete(ctx, path("channels", snoop), nil)); err != nil {
		return err
	}
	select {
	case <-p.over:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of %s: %w: %w", c.Spy, media.ErrUnknown, ctx.Err())
	}
}

// keepSpy makes a spy known; under the lock.
func (s *Switch) keepSpy(p *spy) {
	s.spies[p.snoop] = p
	s.snoops[p.snoop] = func(fact.Instant) { s.endSpy(p) }
}

// forgetSpy takes a spy and what is left of it off; false when it was off
// already. Under the lock.
func (s *Switch) forgetSpy(p *spy) bool {
	if s.spies[p.snoop] != p {
		return false
	}
	close(p.over)
	delete(s.spies, p.snoop)
	delete(s.snoops, p.snoop)
	s.dropChannel(p.snoop)
	s.dropBridge(p.bridge)
	return true
}

// endSpy says the last word on a spy, once.
func (s *Switch) endSpy(p *spy) {
	if s.forgetSpy(p) {
		s.say(media.SpyEnded{Head: s.head(), Spy: p.id, Leg: p.leg})
	}
}

// dropSpyBridges ends the bridges of spies that nobody knows, left by a
// controller that died.
func (s *Switch) dropSpyBridges(listed []bridge) {
	known := map[string]bool{}
	for _, p := range s.spies {
		known[p.bridge] = true
	}
	for _, b := range listed {
		if b.Name == s.bridgeName() && s.isSpyBridge(b.ID) && !known[b.ID] {
			s.dropBridge(b.ID)
		}
	}
}

// endSpiesIn ends the spy whose bridge somebody left.
func (s *Switch) endSpiesIn(bridge string) {
	if !s.isSpyBridge(bridge) {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(s.spies)) {
		if s.spies[id].bridge == bridge {
			s.endSpy(s.spies[id])
		}
	}
}

// adoptSpy takes up a spy that goes on, by its snoop's arguments.
func (s *Switch) adoptSpy(snoop string, args []string) {
	if len(args) != 3 || s.spies[snoop] != nil {
		return
	}
	for i := range args {
		if v, err := url.QueryUnescape(args[i]); err == nil {
			args[i] = v
		}
	}
	if s.legs[args[1]] == nil || s.legs[args[2]] == nil {
		return // about to end, and nobody asked this controller for it
	}
	s.keepSpy(&spy{
		id: fact.On[fact.SpyID](s.config.Name, args[0]), leg: fact.On[fact.LegID](s.config.Name, args[1]),
		by: args[2], snoop: snoop, bridge: args[0] + spyBridge, over: make(chan struct{}),
	})
}
