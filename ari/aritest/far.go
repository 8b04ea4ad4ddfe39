package aritest

import (
	"fmt"
	"time"

	"github.com/huawu/huawu/media/mediatest"
)

// far is the far end of a channel.
type far struct {
	w *world
	c *channel
}

// do runs a verb under the lock.
func (f *far) do(verb func(s *Server)) {
	f.w.s.mu.Lock()
	defer f.w.s.mu.Unlock()
	verb(f.w.s)
	f.w.s.stir()
}

func (f *far) await(what string, so func() bool) {
	f.w.t.Helper()
	if !f.w.s.wait(patience, so) {
		f.w.t.Errorf("%s: in vain waited for %s", f.c.name, what)
	}
}

func (f *far) Hangup() {
	f.do(func(s *Server) {
		cause := causeClearing
		if f.c.dialled && f.c.state != "Up" {
			cause = causeRejected
		}
		s.end(f.c, end{far: true, cause: cause, bye: goodbye{here: true}})
	})
}

func (f *far) Press(digits string) {
	f.w.t.Helper()
	for _, d := range digits {
		f.do(func(s *Server) {
			s.tell(f.c, "ChannelDtmfReceived", map[string]any{"digit": string(d), "duration_ms": s.number(80)})
		})
	}
}

// Hold has the others in the bridge hear channel music, and Unhold ends it.
// Asterisk does nothing of the kind when the holder leaves (cookbook section 5).
func (f *far) Hold()   { f.hold(true) }
func (f *far) Unhold() { f.hold(false) }

func (f *far) hold(on bool) {
	f.do(func(s *Server) {
		f.c.holding = on
		if f.c.bridge != nil {
			for _, o := range f.c.bridge.chans {
				if o != f.c {
					o.music = on
				}
			}
		}
		kind := "ChannelUnhold"
		if on {
			kind = "ChannelHold"
		}
		s.tell(f.c, kind, nil)
		s.tell(f.c, kind, nil) // Asterisk says it more than once at times
	})
}

func (f *far) Talk(on bool) {
	f.do(func(s *Server) {
		f.c.talking = on
		s.watchTalk(f.c)
	})
}

// watchTalk reports a change of who talks, where that was asked for.
func (s *Server) watchTalk(c *channel) {
	c.epoch++
	epoch := c.epoch
	switch {
	case c.detect == 0:
	case c.talking && !c.reported:
		c.reported = true
		s.tell(c, "ChannelTalkingStarted", nil)
	case !c.talking && c.reported:
		s.after(c.detect, func() {
			if c.epoch == epoch {
				c.reported = false
				s.tell(c, "ChannelTalkingFinished", map[string]any{"duration": s.number(100)})
			}
		})
	}
}

func (f *far) Early() {
	f.w.t.Helper()
	f.await("early media", func() bool { return f.c.early })
}

func (f *far) Answered() {
	f.w.t.Helper()
	f.await("the answer", func() bool { return f.c.state == "Up" })
}

func (f *far) Ended() mediatest.Goodbye {
	f.w.t.Helper()
	f.await("the end", func() bool { return f.c.goodbye != nil })
	f.w.s.mu.Lock()
	defer f.w.s.mu.Unlock()
	if f.c.goodbye == nil {
		return mediatest.Goodbye{}
	}
	return mediatest.Goodbye{Here: f.c.goodbye.here, Cause: f.c.goodbye.cause, Elsewhere: f.c.goodbye.elsewhere}
}

func (f *far) Alive() bool {
	f.w.s.mu.Lock()
	defer f.w.s.mu.Unlock()
	return f.c.goodbye == nil
}

func (f *far) Keyed(digits string) {
	f.w.t.Helper()
	f.await(fmt.Sprintf("keys %q", digits), func() bool { return f.c.keys == digits })
}

func (f *far) Hears(want mediatest.Heard) {
	f.w.t.Helper()
	var got sound
	if !f.w.s.wait(patience, func() bool {
		got = f.w.s.hears(f.c)
		if got.music != want.Music || got.prompt != (want.Prompt || want.Beep) || len(got.voices) != len(want.Voices) {
			return false
		}
		for _, v := range want.Voices {
			if !got.voices[v.(*far).c] {
				return false
			}
		}
		return true
	}) {
		f.w.t.Errorf("%s hears %+v, want %+v", f.c.name, got, want)
	}
}

// plainLevel is how loud a far end speaks, as a share of full scale.
const plainLevel = 0.2

// Level is how loud this end hears another.
func (f *far) Level(of mediatest.Far) float64 {
	f.w.s.mu.Lock()
	defer f.w.s.mu.Unlock()
	o := of.(*far).c
	if !f.w.s.hears(f.c).voices[o] {
		return 0
	}
	return plainLevel * gain(o.says) * gain(f.c.hears)
}

// gain is what VOLUME makes of an amplitude: it multiplies, below 0 it divides,
// and 0 leaves it.
func gain(factor float64) float64 {
	switch {
	case factor < 0:
		return -1 / factor
	case factor == 0:
		return 1
	}
	return factor
}

// refer is a transfer that a phone waits for an answer to.
type refer struct {
	attended bool
	// held: what came with it is done with. An Asterisk that is told how the
	// transfer goes before ends by a signal.
	held bool
}

func (f *far) Refer(to string, consulted mediatest.Far) {
	f.do(func(s *Server) {
		f.c.told = nil
		if f.c.vars[transferVariable] != "ari-only" || f.c.app == "" {
			f.c.told = new(bool)
			return
		}
		f.c.refer = &refer{attended: consulted != nil}
		target := map[string]any{"requested_destination": map[string]any{"destination": to}}
		by := map[string]any{"source_channel": s.shown(f.c)}
		if consulted != nil {
			target["destination_channel"] = s.shown(consulted.(*far).c)
		}
		if a := s.apps[f.c.app]; a != nil {
			s.send(a, map[string]any{"type": "ChannelTransfer", "refer_to": target, "referred_by": by})
		}
	})
}

func (f *far) Told() bool {
	f.w.t.Helper()
	f.await("news of the transfer", func() bool { return f.c.told != nil })
	f.w.s.mu.Lock()
	defer f.w.s.mu.Unlock()
	return f.c.told != nil && *f.c.told
}

// byeAfter is how long after the news a phone ends the call that it transferred.
const byeAfter = 3 * time.Millisecond
