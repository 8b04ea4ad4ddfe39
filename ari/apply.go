package ari

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// partingGuard is how long the last event of a leg of ours may be missing
	// after StasisEnd, and how long a leg that left without a hang-up is given
	// to be gone before it is taken for one that lives outside.
	partingGuard = 2 * time.Second
	partingDelay = 150 * time.Millisecond

	causeClearing = 16
	causeNoAnswer = 19
	// causeSoft is what Asterisk gives for a hang-up that it was asked for.
	causeSoft = 32
	// causeInterworking with techCancelled is a caller's CANCEL.
	causeInterworking = 127
	techCancelled     = 487
)

// useless are the events that the driver knows and has no use for.
var useless = func() map[string]bool {
	m := map[string]bool{"ApplicationRegistered": true, "ApplicationUnregistered": true, "ChannelToneDetected": true, "CallBroadcast": true, "CallClaimed": true}
	v := reflect.ValueOf(arilib.Events)
	for i := range v.NumField() {
		m[v.Field(i).String()] = true
	}
	return m
}()

// apply says what an event means. Everything is told only when it changes what
// is known. An error ends the connection. Under the lock.
func (s *Switch) apply(e *event) error {
	ev := &arilib.Events
	switch e.Type {
	case ev.ApplicationReplaced:
		return ErrReplaced
	case ev.StasisStart:
		s.started(e)
	case ev.StasisEnd:
		s.stopped(e)
	case ev.ChannelDestroyed:
		s.destroyed(e)
	case ev.ChannelHangupRequest:
		if l := s.legOf(e.Channel); l != nil && !l.hangup.seen {
			l.hangup.seen, l.hangup.soft, l.hangup.cause, l.hangup.tech = true, bool(e.Soft), int(e.Cause), int(e.TechCause)
			if l.parted {
				s.finish(l, 0)
			}
		}
	case ev.ChannelStateChange:
		if l := s.legOf(e.Channel); l != nil {
			s.progressed(l, stateOf(e.Channel.State))
		}
	case ev.Dial:
		s.dialled(e)
	case ev.ChannelEnteredBridge:
		if l := s.legOf(e.Channel); l != nil && e.Bridge != nil {
			s.entered(l, e.Bridge)
		}
	case ev.ChannelLeftBridge:
		if l := s.legOf(e.Channel); l != nil && e.Bridge != nil {
			s.leftBridge(l, e.Bridge.ID)
		}
	case ev.ChannelHold, ev.ChannelUnhold:
		if l := s.legOf(e.Channel); l != nil {
			s.phoneHolds(l, e.Type == ev.ChannelHold)
		}
	case ev.ChannelDtmfReceived:
		if l := s.legOf(e.Channel); l != nil && len(e.Digit) == 1 && strings.Contains("0123456789*#ABCD", e.Digit) {
			l.keyed(s.now, time.Duration(max(0, e.Pressed))*time.Millisecond)
			s.say(media.Digit{Head: s.head(), Leg: l.id, Key: e.Digit})
		}
	case ev.ChannelTalkingStarted:
		if l := s.legOf(e.Channel); l != nil {
			s.say(media.TalkStarted{Head: s.head(), Leg: l.id})
		}
	case ev.ChannelTalkingFinished:
		if l := s.legOf(e.Channel); l != nil {
			s.say(media.TalkStopped{Head: s.head(), Leg: l.id})
		}
	case ev.PlaybackStarted, ev.PlaybackFinished:
		if e.Playback != nil {
			s.playback(e.Playback, e.Type == ev.PlaybackFinished)
		}
	case ev.RecordingStarted, ev.RecordingFinished, ev.RecordingFailed:
		if e.Recording != nil {
			s.recorded(e)
		}
	case ev.PeerStatusChange:
		if e.Endpoint != nil && e.Peer != nil {
			s.peerStatus(e)
		}
	case "ChannelTransfer":
		s.transferred(e)
	default:
		if !useless[e.Type] {
			s.count.unknown.Add(1)
		}
	}
	return nil
}

// legOf is the leg of a channel that an event names, nil when it is none of
// ours.
func (s *Switch) legOf(c *channel) *leg {
	if c == nil {
		return nil
	}
	return s.legs[c.ID]
}

// awake lets go of who waits for a channel's StasisStart.
func (s *Switch) awake(ch string, err error) {
	if w := s.waiting[ch]; w != nil {
		w <- err
		delete(s.waiting, ch)
	}
}

// started is StasisStart.
func (s *Switch) started(e *event) {
	c := e.Channel
	if c == nil || c.ID == "" {
		return
	}
	s.awake(c.ID, nil)
	if hidden(c.Name) {
		return
	}
	if l := s.legs[c.ID]; l != nil {
		l.name = c.Name // made by us, or in the listing already
		return
	}
	l := s.newLeg(c)
	s.legs[c.ID] = l
	if was := s.legOf(e.Replaced); was != nil {
		s.say(media.LegReplaced{Head: s.head(), Leg: was.id, By: l.id})
		return
	}
	s.say(media.LegArrived{
		Head: s.head(), Leg: l.id, State: l.state, Endpoint: endpointOf(c.Name),
		From: media.Identity{Number: c.Caller.Number, Name: c.Caller.Name}, To: c.Dialplan.Exten,
		Tag: tagOf(c), Created: createdAt(c, s.link.skew, s.now),
	})
}

// stopped is StasisEnd, the last event of a leg that came by the dialplan
// (cookbook rule 2). Deflect and others may have sent the leg on instead.
func (s *Switch) stopped(e *event) {
	if e.Channel == nil {
		return
	}
	ch := e.Channel.ID
	if gone := s.snoops[ch]; gone != nil {
		gone(s.now)
		return
	}
	l := s.legs[ch]
	if l == nil {
		return
	}
	switch {
	case l.hangup.seen && l.own:
		l.parted = true
		s.after(partingGuard, func() { s.finishIfParted(l) })
	case l.hangup.seen:
		s.finishBy(l, e.Channel, 0)
	case l.deflecting:
		s.depart(l)
	default:
		// A time limit of the dialplan ends a leg with no word before; an
		// operator's redirect sends it on. The one is gone soon.
		l.parted = true
		s.after(partingDelay, func() { s.whereIs(l) })
	}
}

// finishIfParted ends a leg whose ChannelDestroyed did not come.
func (s *Switch) finishIfParted(l *leg) {
	if s.legs[l.ch] == l && l.parted {
		s.finish(l, 0)
	}
}

// whereIs asks whether a leg that parted without a hang-up lives.
func (s *Switch) whereIs(l *leg) {
	link := s.link
	s.chore(func(ctx context.Context) {
		err := s.rest.get(ctx, path("channels", l.ch), nil, nil)
		s.post(ctx, link, func() {
			switch {
			case s.legs[l.ch] != l || !l.parted:
			case errors.Is(err, media.ErrNoLeg):
				s.finish(l, 0)
			default:
				s.depart(l)
			}
		})
	})
}

var errEndedAtOnce = fmt.Errorf("the leg ended at once: %w", media.ErrNoLeg)

// destroyed is ChannelDestroyed, the last event of a leg of ours.
func (s *Switch) destroyed(e *event) {
	if e.Channel == nil {
		return
	}
	s.awake(e.Channel.ID, errEndedAtOnce)
	if l := s.legs[e.Channel.ID]; l != nil {
		s.finishBy(l, e.Channel, int(e.Cause))
	}
}

// finishBy is finish with the word of who hung up that the channel carries.
func (s *Switch) finishBy(l *leg, c *channel, cause int) {
	if source := c.Vars[hangupSource]; source != "" && source == c.Name && !l.hangup.seen {
		l.hangup.seen, l.hangup.soft = true, false
	}
	s.finish(l, cause)
}

// finish says the last word on a leg. cause is ChannelDestroyed's, 0 for none.
func (s *Switch) finish(l *leg, cause int) {
	far := l.hangup.seen && !l.hangup.soft
	s.release(l, false)
	s.ended.add(string(l.id))
	s.say(media.LegEnded{Head: s.head(), Leg: l.id, Far: far, Cause: l.endCause(cause, far)})
}

// endCause is the Q.850 cause of a leg's end. Asterisk tells it only for legs
// of ours; for the others the request to hang up has it, or the command.
func (l *leg) endCause(destroyed int, far bool) int {
	cancelled := l.hangup.cause == causeInterworking && l.hangup.tech == techCancelled
	switch {
	case l.asked != 0 && !far:
		return l.asked
	case destroyed > 0 && destroyed <= 127 && !cancelled:
		return destroyed
	case cancelled, l.hangup.cause == 0:
		return causeClearing
	case l.hangup.cause == causeSoft && l.state == media.LegRing && l.own:
		return causeNoAnswer
	case l.hangup.cause == causeSoft:
		return causeClearing
	}
	return min(max(l.hangup.cause, 0), 127)
}

// depart says that a leg lives but is not ours any more.
func (s *Switch) depart(l *leg) {
	s.release(l, true)
	s.say(media.LegLeft{Head: s.head(), Leg: l.id})
}

// release takes a leg out of everything that it is in.
func (s *Switch) release(l *leg, lives bool) {
	l.later = nil
	for _, id := range slices.Concat(l.plays, l.over) {
		s.endPlay(id, media.PlayGone)
	}
	if l.held && lives {
		s.say(media.LegUnheld{Head: s.head(), Leg: l.id})
	}
	l.held = false
	s.leaveRoom(l)
	if h := s.holdings[l.bridge]; h != nil {
		h.leave(l.ch)
	}
	for id, t := range s.transfers {
		if t.ch == l.ch {
			delete(s.transfers, id)
		}
	}
	delete(s.legs, l.ch)
}

// progressed is a leg's way from down over ringing to up.
func (s *Switch) progressed(l *leg, state media.LegState) {
	switch {
	case state == media.LegRing && l.state == media.LegDown:
		l.state = media.LegRing
		s.say(media.LegRinging{Head: s.head(), Leg: l.id})
	case state == media.LegUp && l.state != media.LegUp:
		l.state = media.LegUp
		// An answer that crossed our hang-up is not to be told.
		if l.asked == 0 {
			s.say(media.LegAnswered{Head: s.head(), Leg: l.id})
		}
	}
}

// dialled is a word on a leg that we ring. Early media stand for ringing: many
// networks send 183 and never 180.
func (s *Switch) dialled(e *event) {
	if e.Peer == nil {
		return
	}
	l := s.legOf(&e.Peer.channel)
	if l == nil {
		return
	}
	switch e.DialStatus {
	case "RINGING", "PROGRESS":
		s.progressed(l, media.LegRing)
	case "ANSWER":
		s.progressed(l, media.LegUp)
	}
}

// phoneHolds is a phone's hold key. It is a flag: Asterisk repeats itself.
func (s *Switch) phoneHolds(l *leg, on bool) {
	if l.holds == on && !l.strange {
		return
	}
	l.holds, l.strange = on, false
	s.othersHear(l, on)
	if on {
		s.say(media.LegHeld{Head: s.head(), Leg: l.id, Phone: true})
	} else {
		s.say(media.LegUnheld{Head: s.head(), Leg: l.id, Phone: true})
	}
}

// othersHear notes who hears music because of a phone's hold.
func (s *Switch) othersHear(l *leg, on bool) {
	if r := s.rooms[l.room]; r != nil {
		for ch := range r.legs {
			if ch != l.ch {
				s.legs[ch].music = on
			}
		}
	}
}

// endpointTech is the only technology whose endpoints are reported.
const endpointTech = "PJSIP"

// peerStatus says that an endpoint came or went: its registration ended, or it
// did not answer OPTIONS.
func (s *Switch) peerStatus(e *event) {
	if e.Endpoint.Technology != endpointTech || e.Endpoint.Resource == "" {
		return
	}
	var reachable bool
	switch e.Peer.Status {
	case "Reachable", "Registered":
		reachable = true
	case "Unreachable", "Unregistered":
	default:
		return
	}
	s.endpointIs(endpointID(e.Endpoint), reachable)
}

// endpointIs tells whether an endpoint can be reached, if that is news.
func (s *Switch) endpointIs(id fact.Endpoint, reachable bool) {
	if was, known := s.endpoints[id]; known && was == reachable {
		return
	}
	s.endpoints[id] = reachable
	s.say(media.EndpointState{Head: s.head(), Endpoint: id, Reachable: reachable})
}

// endpointID is an endpoint as it is dialled; the library's own ID is not.
func endpointID(e *arilib.EndpointData) fact.Endpoint {
	return fact.Endpoint(e.Technology + "/" + e.Resource)
}
