package main

import (
	"context"
	"fmt"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
)

// What counts as heard, as shares of full scale. A phone sings at 0.25.
const (
	window = 200 * time.Millisecond // in which a tone is measured
	loud   = 0.1                    // a tone that is there
	faint  = 0.02                   // a tone that is not
	speech = 0.01                   // the loudness of somebody who speaks
)

// party is one end of a call: a phone that has dialled or was rung.
type party struct {
	*phone.Call
	story *story
	id    fact.CallID
	name  string  // for messages: "caller 13800000001"
	tone  float64 // what it sings
}

// note keeps what the party does or notices now.
func (p *party) note(l label, format string, args ...any) {
	p.story.note(p.id, byPhone, time.Now(), l, p.name+fmt.Sprintf(format, args...))
}

// until asks again and again until the party hears what it should.
func (p *party) until(ctx context.Context, what string, level func() float64, enough func(float64) bool) (float64, error) {
	var last float64
	err := rig.Until(ctx, patience, what, func() (bool, error) {
		last = level()
		if !enough(last) && !p.Alive() {
			return false, phone.ErrEnded
		}
		return enough(last), nil
	})
	switch {
	case err == nil:
		return last, nil
	case ctx.Err() != nil:
		return last, ctx.Err()
	case !p.Alive():
		return last, fmt.Errorf("%s does not hear %s: its call is over", p.name, what)
	}
	return last, fmt.Errorf("%s does not hear %s within %v: the last level is %.3f of full scale", p.name, what, patience, last)
}

// hearsTone waits until the party hears a tone.
func (p *party) hearsTone(ctx context.Context, l label, hertz float64) error {
	level, err := p.until(ctx, fmt.Sprintf("%s (%g Hz)", l.en, hertz),
		func() float64 { return p.Level(hertz, window) }, func(v float64) bool { return v > loud })
	if err == nil {
		p.note(label{"听到" + l.zh, "hears " + l.en}, ": %g Hz at %.2f", hertz, level)
	}
	return err
}

// hearsSpeech waits until the party hears, from now on, somebody speak: sound
// that is not the music.
func (p *party) hearsSpeech(ctx context.Context, l label) error {
	since := time.Now()
	level, err := p.until(ctx, l.en, func() float64 {
		if time.Since(since) < window {
			return 0
		}
		heard := p.Heard(window)
		if tone.Level(heard, pbx.MusicTone) > faint {
			return 0
		}
		return tone.Loudness(heard)
	}, func(v float64) bool { return v > speech })
	if err == nil {
		p.note(label{"听到" + l.zh, "hears " + l.en}, ": loudness %.3f", level)
	}
	return err
}

// press sends keys; secret ones are not shown.
func (p *party) press(ctx context.Context, keys string, secret bool) error {
	shown := keys
	if secret {
		shown = "****#"
	}
	p.note(label{"按键", "presses"}, ": %s", shown)
	if err := p.Press(ctx, keys); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}

// hangup ends the party's call.
func (p *party) hangup() {
	p.note(label{"挂断", "hangs up"}, "")
	p.Call.Hangup()
}

// ended waits for the end of the party's call.
func (p *party) ended(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := p.Ended(limit); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("the call of %s does not end within %v", p.name, patience)
	}
	return nil
}

// talk has both parties sing until each has heard the other, and no music, and
// for d from then on.
func talk(ctx context.Context, a, b *party, d time.Duration) error {
	a.Talk(true)
	b.Talk(true)
	if err := a.hearsTone(ctx, label{"对方", b.name}, b.tone); err != nil {
		return err
	}
	if err := b.hearsTone(ctx, label{"对方", a.name}, a.tone); err != nil {
		return err
	}
	for _, p := range []*party{a, b} {
		if _, err := p.until(ctx, "the end of the music", func() float64 { return p.Level(pbx.MusicTone, window) },
			func(v float64) bool { return v < faint }); err != nil {
			return err
		}
	}
	return pause(ctx, d)
}

// pause is a stretch of a person's time: to talk, to let it ring.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// dial has a phone call a number and returns once the call is answered and
// huawu has told of it.
func dial(ctx context.Context, s *story, p *phone.Phone, name, number string) (*party, error) {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := p.Dial(number, phone.Ask{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := c.Answered(limit); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	e, err := s.await(ctx, name+" at "+number, func(e rig.Event) bool {
		return e.Kind == fact.CallOffered && e.From == p.User() && e.To == number
	})
	if err != nil {
		return nil, err
	}
	party := &party{Call: c, story: s, id: e.Call, name: name, tone: p.Tone()}
	s.note(e.Call, byPhone, c.Times().Invite, label{"拨号", "dials"}, fmt.Sprintf("%s: %s", name, number))
	return party, nil
}

// rung waits for a phone to be rung for a call.
func rung(ctx context.Context, s *story, p *phone.Phone, id fact.CallID) (*party, error) {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := p.Rung(limit)
	if err != nil {
		return nil, err
	}
	return &party{Call: c, story: s, id: id, name: "agent " + p.User(), tone: p.Tone()}, nil
}
