package mediatest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Bench is a bench on this switch.
func (f *Fake) Bench(t testing.TB) *Bench {
	f.mu.Lock()
	f.nobodies++
	nobody := fact.Endpoint(fmt.Sprintf("SIP/nobody-%d", f.nobodies))
	f.core.phones[nobody] = &phone{endpoint: nobody}
	f.mu.Unlock()
	return &Bench{
		Switch: f, World: f.World(t, 5*time.Second), Return: f.o.Return, Unreachable: nobody, Notice: 2 * orElse(f.o.Heartbeat, time.Second),
		Prompt: media.Prompt{File: "/prompts/welcome"}, LongPrompt: media.Prompt{Silence: 4 * time.Second},
		MissingPrompt: media.Prompt{File: "/prompts/missing"}, PromptLength: orElse(f.o.PromptLength, defaultPrompt),
		Next: func() media.Switch { f.Forget(); return f },
	}
}

// World is the far side of this switch; what cannot be carried out, or does
// not come within patience, is an error of t.
func (f *Fake) World(t testing.TB, patience time.Duration) World {
	return &fakeWorld{f: f, t: t, patience: patience}
}

type fakeWorld struct {
	f        *Fake
	t        testing.TB
	patience time.Duration
}

func (w *fakeWorld) Call(from, to string) Far {
	far := &fakeFar{w: w}
	w.f.far(func(now fact.Instant) []media.Event {
		far.l = w.f.core.call(now, from, to, Trunk)
		return w.f.core.heard()
	})
	return far
}

func (w *fakeWorld) Phone(b Behaviour) Phone {
	p := &fakePhone{w: w}
	w.f.far(func(now fact.Instant) []media.Event {
		w.f.phones++
		p.endpoint = fact.Endpoint(fmt.Sprintf("SIP/phone-%d", w.f.phones))
		return w.f.core.AddPhone(now, p.endpoint, b)
	})
	return p
}

func (w *fakeWorld) Cut() (mend func()) {
	w.f.far(func(now fact.Instant) []media.Event {
		w.f.cuts++
		w.f.endStall()
		return w.f.core.Disconnect(now, "connection reset")
	})
	return sync.OnceFunc(func() {
		w.f.far(func(fact.Instant) []media.Event {
			w.f.cuts--
			return nil
		})
	})
}

func (w *fakeWorld) Stall() (mend func()) {
	f := w.f
	f.far(func(now fact.Instant) []media.Event {
		f.stalls++
		if !f.core.connected {
			return nil
		}
		events := f.core.Disconnect(now, "stalled")
		f.stalled = make(chan struct{})
		f.notice = now.Add(orElse(f.o.Heartbeat, time.Second))
		return events[:len(events)-1]
	})
	return sync.OnceFunc(func() {
		f.far(func(fact.Instant) []media.Event {
			f.stalls--
			f.endStall()
			return nil
		})
	})
}

func (w *fakeWorld) DuringListing(during func()) bool {
	w.f.mu.Lock()
	defer w.f.mu.Unlock()
	w.f.listing = during
	return true
}

func (w *fakeWorld) Stored(name string) bool {
	w.f.mu.Lock()
	defer w.f.mu.Unlock()
	return w.f.core.stored[name]
}

type fakePhone struct {
	w        *fakeWorld
	endpoint fact.Endpoint
}

func (p *fakePhone) Endpoint() fact.Endpoint { return p.endpoint }

func (p *fakePhone) Behave(b Behaviour) {
	p.w.f.far(func(fact.Instant) []media.Event {
		p.w.f.core.Behave(p.endpoint, b)
		return nil
	})
}

func (p *fakePhone) Rung() Far {
	p.w.t.Helper()
	far := &fakeFar{w: p.w, l: &leg{goodbye: &Goodbye{}}}
	if !p.w.f.wait(p.w.patience, func() bool {
		phone := p.w.f.core.phones[p.endpoint]
		if len(phone.rung) == 0 {
			return false
		}
		far.l, phone.rung = phone.rung[0], phone.rung[1:]
		return true
	}) {
		p.w.t.Errorf("%s has not been rung", p.endpoint)
	}
	return far
}

func (p *fakePhone) Register(on bool) {
	p.w.f.far(func(now fact.Instant) []media.Event { return p.w.f.core.Register(now, p.endpoint, on) })
}

type fakeFar struct {
	w *fakeWorld
	l *leg
}

func (r *fakeFar) do(verb func(c *Core, now fact.Instant) []media.Event) {
	r.w.t.Helper()
	r.w.f.far(func(now fact.Instant) []media.Event { return verb(r.w.f.core, now) })
}

func (r *fakeFar) Hangup() {
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.HangupFar(now, r.l.id) })
}

func (r *fakeFar) Press(digits string) {
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.Press(now, r.l.id, digits) })
}

func (r *fakeFar) Hold() {
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.HoldFar(now, r.l.id, true) })
}

func (r *fakeFar) Unhold() {
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.HoldFar(now, r.l.id, false) })
}

func (r *fakeFar) Talk(on bool) {
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.Talk(now, r.l.id, on) })
}

func (r *fakeFar) Refer(to string, consulted Far) {
	var other fact.LegID
	if consulted != nil {
		other = consulted.(*fakeFar).l.id
	}
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.Refer(now, r.l.id, to, other) })
}

// await waits for something of this end's leg.
func (r *fakeFar) await(what string, so func() bool) {
	r.w.t.Helper()
	if !r.w.f.wait(r.w.patience, so) {
		r.w.t.Errorf("%s: in vain waited until %s", r.l.id, what)
	}
}

func (r *fakeFar) Early() {
	r.w.t.Helper()
	r.await("early media is announced", func() bool { return r.l.early })
}

func (r *fakeFar) Answered() {
	r.w.t.Helper()
	r.await("it is up", func() bool { return r.l.state == media.LegUp })
}

func (r *fakeFar) Ended() Goodbye {
	r.w.t.Helper()
	var bye Goodbye
	r.await("it is over", func() bool {
		if r.l.goodbye != nil {
			bye = *r.l.goodbye
		}
		return r.l.goodbye != nil
	})
	return bye
}

func (r *fakeFar) Alive() bool {
	r.w.f.mu.Lock()
	defer r.w.f.mu.Unlock()
	return r.l.goodbye == nil
}

func (r *fakeFar) Hears(what Heard) {
	r.w.t.Helper()
	want := Audible{Music: what.Music, Prompt: what.Prompt || what.Beep}
	for _, v := range what.Voices {
		want.Voices = append(want.Voices, v.(*fakeFar).l.id)
	}
	slices.Sort(want.Voices)
	var got Audible
	r.await(fmt.Sprintf("it hears %+v", want), func() bool {
		got = r.w.f.core.Hears(r.l.id)
		return got.Music == want.Music && got.Prompt == want.Prompt && slices.Equal(got.Voices, want.Voices)
	})
	if r.w.t.Failed() {
		r.w.t.Logf("it hears %+v", got)
	}
}

// Level is how loud this end hears another.
func (r *fakeFar) Level(of Far) float64 {
	r.w.f.mu.Lock()
	defer r.w.f.mu.Unlock()
	return r.w.f.core.Level(r.l.id, of.(*fakeFar).l.id)
}

// Shown is what the phone that rings shows and was told by its INVITE.
func (r *fakeFar) Shown() Shown {
	r.w.f.mu.Lock()
	defer r.w.f.mu.Unlock()
	return Shown{Identity: r.l.from, Alert: r.l.alert, AutoAnswer: r.l.auto}
}

func (r *fakeFar) Keyed(digits string) {
	r.w.t.Helper()
	r.await("it was sent "+digits, func() bool { return r.l.keyed == digits })
}

func (r *fakeFar) Told() bool {
	r.w.t.Helper()
	var done bool
	r.await("the phone is told how its transfer went", func() bool {
		if r.l.told != nil {
			done = *r.l.told
		}
		return r.l.told != nil
	})
	return done
}

// CallFrom has a phone of this switch's world dial a number.
func (f *Fake) CallFrom(p Phone, to string) Far {
	from := p.(*fakePhone)
	far := &fakeFar{w: from.w}
	f.far(func(now fact.Instant) []media.Event {
		far.l = f.core.call(now, string(from.endpoint), to, from.endpoint)
		return f.core.heard()
	})
	return far
}
