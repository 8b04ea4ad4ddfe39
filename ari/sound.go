package ari

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	arilib "github.com/CyCoreSystems/ari/v6"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// uri is what Asterisk is to play for a prompt. Silence comes in whole seconds,
// rounded up: Asterisk has files of 1 to 10 s and no other way to say nothing
// that ends by itself.
func uri(p media.Prompt) []string {
	switch {
	case p.File != "":
		return []string{"sound:" + p.File}
	case p.Sound != "":
		return []string{"sound:" + p.Sound}
	case p.Tone == "beep":
		return []string{"sound:beep"}
	case p.Tone != "":
		return []string{"tone:" + p.Tone}
	}
	var uris []string
	const longest = 10
	for left := int((p.Silence + time.Second - 1) / time.Second); left > 0; left -= longest {
		uris = append(uris, "sound:silence/"+strconv.Itoa(min(left, longest)))
	}
	return uris
}

// medium is what Asterisk is to play for prompts.
func medium(prompts []media.Prompt) string {
	var uris []string
	for _, p := range prompts {
		uris = append(uris, uri(p)...)
	}
	return strings.Join(uris, ",")
}

func (s *Switch) play(ctx context.Context, c media.Play) error {
	if c.Over {
		return s.playOver(ctx, c)
	}
	id, ch := fact.Native(c.Play), fact.Native(c.Leg)
	if err := s.passOn(ctx, ch); err != nil {
		return fmt.Errorf("play %s: %w: a key is being passed on: %w", c.Play, media.ErrUnavailable, err)
	}
	s.mu.Lock()
	l := s.legs[ch]
	switch {
	case l == nil:
		s.mu.Unlock()
		return fmt.Errorf("%s: %w", c.Leg, media.ErrNoLeg)
	case s.plays[id] != nil || l.past[id]:
		s.mu.Unlock()
		return fmt.Errorf("play %s was used before: %w", c.Play, media.ErrRefused)
	}
	s.addPlay(l, c.Play)
	l.early = true // a prompt sends 183 by itself
	s.mu.Unlock()
	err := s.rest.post(ctx, path("channels", ch, "play", id), params("media", medium(c.Prompts), "lang", c.Language))
	if err != nil && !errors.Is(err, media.ErrUnknown) {
		s.mu.Lock()
		s.forgetPlay(id)
		s.mu.Unlock()
	}
	return err
}

func (s *Switch) addPlay(l *leg, p fact.PlayID) *play {
	id := fact.Native(p)
	s.plays[id] = &play{id: p, ch: l.ch}
	l.plays = append(l.plays, id)
	s.watchPlay(id)
	return s.plays[id]
}

// watchPlay has a play asked after that does not end.
func (s *Switch) watchPlay(id string) {
	if s.link != nil {
		s.after(s.config.PlayCheck, func() { s.checkPlay(id, false) })
	}
}

// forgetPlay takes a play off without a word.
func (s *Switch) forgetPlay(id string) {
	p := s.plays[id]
	if p == nil {
		return
	}
	delete(s.plays, id)
	l := s.legs[p.ch]
	if l == nil {
		s.dropOver(p)
		return
	}
	l.past[id] = true
	if p.over != "" {
		l.over = slices.DeleteFunc(l.over, func(q string) bool { return q == id })
		s.dropOver(p)
		return
	}
	l.plays = slices.DeleteFunc(l.plays, func(q string) bool { return q == id })
	l.played = s.now
}

// endPlay says the last word on a play, once.
func (s *Switch) endPlay(id string, result media.PlayResult) {
	p := s.plays[id]
	if p == nil {
		return
	}
	s.forgetPlay(id)
	s.ended.add(string(p.id))
	s.say(media.PlayEnded{Head: s.head(), Play: p.id, Leg: fact.On[fact.LegID](s.config.Name, p.ch), Result: result})
	if l := s.legs[p.ch]; l != nil && len(l.plays) == 0 {
		s.playsOver(l)
	}
}

func (s *Switch) stopPlay(ctx context.Context, c media.StopPlay) error {
	return s.endPlayback(ctx, fact.Native(c.Play))
}

// hush ends all plays of legs. As long as something is played to a leg Asterisk
// carries out nothing else on it: not an answer, a move to a bridge or on in
// the dialplan (measured: they come when the prompt is over).
func (s *Switch) hush(ctx context.Context, legs []*leg) error {
	for _, l := range legs {
		s.mu.Lock()
		plays := slices.Concat(l.plays, l.over)
		s.mu.Unlock()
		for _, id := range slices.Backward(plays) {
			if err := s.endPlayback(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// endPlayback stops a playback. Asterisk keeps one that waits in line and is
// stopped until its turn; its end is told at once.
func (s *Switch) endPlayback(ctx context.Context, id string) error {
	err := goneIsFine(s.rest.delete(ctx, path("playbacks", id), nil))
	if err != nil {
		return err
	}
	s.mu.Lock()
	link, p := s.link, s.plays[id]
	s.mu.Unlock()
	if link == nil || p == nil {
		return nil
	}
	s.post(ctx, link, func() {
		if p := s.plays[id]; p != nil && !p.started {
			s.endPlay(id, media.PlayDone)
		}
	})
	return nil
}

// playback is PlaybackStarted or PlaybackFinished. One that is not known was
// ordered by a controller before this one.
func (s *Switch) playback(b *arilib.PlaybackData, finished bool) {
	p := s.plays[b.ID]
	if p == nil {
		ch, ok := strings.CutPrefix(b.TargetURI, "channel:")
		l := s.legs[ch]
		if !ok || l == nil || l.past[b.ID] {
			return
		}
		p = s.addPlay(l, fact.On[fact.PlayID](s.config.Name, b.ID))
	}
	switch {
	case !finished && !p.started:
		p.started = true
		s.say(media.PlayStarted{Head: s.head(), Play: p.id, Leg: fact.On[fact.LegID](s.config.Name, p.ch)})
	case finished && s.ending(p.ch):
		s.endPlay(b.ID, media.PlayGone)
	case finished && b.State == "done":
		s.endPlay(b.ID, media.PlayDone)
	case finished && s.going(p):
		s.endPlay(b.ID, media.PlayGone)
	case finished:
		s.endPlay(b.ID, media.PlayFailed)
	}
}

// going says whether the leg of a playback is about to end: Asterisk tells the
// request to hang up before what the hang-up breaks off.
func (s *Switch) going(p *play) bool {
	l := s.legs[p.ch]
	return l == nil || l.hangup.seen || l.asked != 0
}

// ending says whether a channel is being hung up: Asterisk ends its plays first,
// those that wait in line with the state "done".
func (s *Switch) ending(ch string) bool {
	l := s.legs[ch]
	return l == nil || l.hangup.seen
}

// playGrace is how long the end of a playback that Asterisk does not know any
// more may be under way.
const playGrace = 500 * time.Millisecond

// checkPlay asks whether a playback is still there: Asterisk forgets some
// without a word (cookbook rule 7). lost says that the end may have been told
// while there was no connection: then it was an end like any other.
func (s *Switch) checkPlay(id string, lost bool) {
	if s.plays[id] == nil {
		return
	}
	result := media.PlayFailed
	if lost {
		result = media.PlayDone
	}
	link := s.link
	s.chore(func(ctx context.Context) {
		err := s.rest.get(ctx, path("playbacks", id), nil, nil)
		s.post(ctx, link, func() {
			if errors.Is(err, media.ErrNoLeg) {
				s.after(playGrace, func() { s.endPlay(id, result) })
				return
			}
			s.after(s.config.PlayCheck, func() { s.checkPlay(id, false) })
		})
	})
}
