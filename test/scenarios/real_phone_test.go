//go:build asterisk

package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
	"github.com/huawu/huawu/test/tone"
)

type realPhone struct {
	h *realHouse
	p *phone.Phone
}

func (p *realPhone) call(number string) mediatest.Far {
	p.h.t.Helper()
	c, err := p.p.Dial(number, phone.Ask{})
	if err != nil {
		p.h.t.Fatalf("%s dials %s: %v", p.p.User(), number, err)
	}
	return p.h.far(p.p, c)
}

func (p *realPhone) Endpoint() fact.Endpoint { return fact.Endpoint("PJSIP/" + p.p.User()) }

func (p *realPhone) Behave(b mediatest.Behaviour) {
	status := map[mediatest.Outcome]int{mediatest.Answers: 200, mediatest.Busy: 486, mediatest.Rejects: 603, mediatest.Unavailable: 480}
	p.p.Behave(phone.Behaviour{Ring: b.Ring, Mute: b.Mute, Status: status[b.Then], Nothing: b.Then == mediatest.SaysNothing})
}

func (p *realPhone) Rung() mediatest.Far {
	p.h.t.Helper()
	ctx, cancel := p.h.context()
	defer cancel()
	c, err := p.p.Rung(ctx)
	if err != nil {
		p.h.t.Fatalf("phone %s: %v", p.p.User(), err)
	}
	return p.h.far(p.p, c)
}

func (p *realPhone) Register(on bool) {
	p.h.t.Helper()
	ctx, cancel := p.h.context()
	defer cancel()
	if on {
		p.h.check("register", p.p.Register(ctx))
	} else {
		p.h.check("unregister", p.p.Unregister(ctx))
	}
}

// realFar is one end of a call.
type realFar struct {
	h *realHouse
	p *phone.Phone
	c *phone.Call
}

// wait runs a waiting verb and reports what came of it.
func (f *realFar) wait(what string, verb func(ctx context.Context) error) {
	f.h.t.Helper()
	ctx, cancel := f.h.context()
	defer cancel()
	f.h.check(f.p.User()+": "+what, verb(ctx))
}

func (f *realFar) Hangup()      { f.c.Hangup() }
func (f *realFar) Talk(on bool) { f.c.Talk(on) }
func (f *realFar) Alive() bool  { return f.c.Alive() }
func (f *realFar) Hold()        { f.h.t.Helper(); f.wait("hold", f.c.Hold) }
func (f *realFar) Unhold()      { f.h.t.Helper(); f.wait("unhold", f.c.Unhold) }
func (f *realFar) Early()       { f.h.t.Helper(); f.wait("early media", f.c.Early) }
func (f *realFar) Answered()    { f.h.t.Helper(); f.wait("answer", f.c.Answered) }

func (f *realFar) Press(digits string) {
	f.h.t.Helper()
	f.wait("press", func(ctx context.Context) error {
		if err := f.c.Press(ctx, digits); !errors.Is(err, phone.ErrEnded) { // the last key may end it
			return err
		}
		return nil
	})
}

func (f *realFar) Refer(to string, consulted mediatest.Far) {
	f.h.t.Helper()
	var other *phone.Call
	if consulted != nil {
		other = consulted.(*realFar).c
	}
	f.wait("refer", func(ctx context.Context) error {
		if err := f.c.Refer(ctx, to, other); !errors.Is(err, phone.ErrRefused) {
			return err
		}
		return nil
	})
}

func (f *realFar) Ended() mediatest.Goodbye {
	f.h.t.Helper()
	var e phone.Ending
	f.wait("end", func(ctx context.Context) (err error) {
		e, err = f.c.Ended(ctx)
		return err
	})
	return mediatest.Goodbye{Here: e.Here, Cause: e.Cause, Elsewhere: e.Elsewhere}
}

// Shown is what the INVITE told the phone.
func (f *realFar) Shown() mediatest.Shown {
	var s mediatest.Shown
	s.Name, s.Number = f.c.Shown()
	s.Alert = f.c.Header("Alert-Info")
	s.AutoAnswer = strings.Contains(f.c.Header("Call-Info"), "answer-after=0")
	return s
}

func (f *realFar) Told() (done bool) {
	f.h.t.Helper()
	f.wait("news of the transfer", func(ctx context.Context) error {
		status, err := f.c.Told(ctx)
		done = status < 300
		return err
	})
	return done
}

// sees waits for what is to come true.
func (h *realHouse) sees(so func() bool) bool {
	return rig.Until(h.t.Context(), patience, "it", func() (bool, error) { return so(), nil }) == nil
}

func (f *realFar) Keyed(digits string) {
	f.h.t.Helper()
	if !f.h.sees(func() bool { return f.c.Keys() == digits }) {
		f.h.t.Errorf("%s was sent keys %q, want %q", f.p.User(), f.c.Keys(), digits)
	}
}

// Hears finds tones in what this end heard of late.
func (f *realFar) Hears(want mediatest.Heard) {
	f.h.t.Helper()
	const window, loud, faint = 120 * time.Millisecond, 0.08, 0.03
	expected := map[float64]bool{pbx.MusicTone: want.Music, promptTone: want.Prompt, beepTone: want.Beep}
	f.h.mu.Lock()
	for _, o := range f.h.fars {
		expected[o.p.Tone()] = expected[o.p.Tone()] || slices.Contains(want.Voices, mediatest.Far(o))
	}
	f.h.mu.Unlock()
	var levels string
	if !f.h.sees(func() bool {
		right := true
		samples := f.c.Heard(window)
		levels = ""
		for hertz, wanted := range expected {
			level := tone.Level(samples, hertz)
			right = right && (wanted && level > loud || !wanted && level < faint)
			levels += fmt.Sprintf(" %g Hz: %.3f (%v)", hertz, level, wanted)
		}
		return right
	}) {
		f.h.t.Errorf("%s hears%s", f.p.User(), levels)
	}
}

// beepTone is what Asterisk's sound beep sings, for 0.4 s.
const beepTone = 700

func (h *realHouse) beeped(far mediatest.Far, of time.Duration) bool {
	const faint = 0.03
	return far.(*realFar).c.Level(beepTone, of) > faint
}

// The far side of an Asterisk can do what that of the switch in memory can.
var (
	_ house           = (*realHouse)(nil)
	_ mediatest.Far   = (*realFar)(nil)
	_ mediatest.Phone = (*realPhone)(nil)
)

// said finds speech by its loudness: a pause within a sentence is part of it.
func (h *realHouse) said(since time.Time, fars ...mediatest.Far) []speech {
	h.t.Helper()
	const (
		loud   = 0.01
		within = time.Second // a pause of speech
	)
	all := make([]speech, len(fars))
	for i, far := range fars {
		c := far.(*realFar).c
		if !h.sees(func() bool {
			all[i] = speech{}
			if spans := c.Spoken(time.Since(since), loud, within); len(spans) > 0 {
				all[i] = speech{spans[0].From, spans[0].To}
			}
			return !all[i].began.IsZero() && (time.Since(all[i].ended) > within || !c.Alive())
		}) {
			h.t.Fatalf("%s hears nobody speak from %v on", far.(*realFar).p.User(), since)
		}
	}
	return all
}
