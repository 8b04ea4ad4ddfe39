package mediatest

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// PhoneAt is Phone of a world of this switch at a certain endpoint: a seat, or
// what a trunk makes of a number.
func (f *Fake) PhoneAt(w World, endpoint fact.Endpoint, b Behaviour) Phone {
	p := &fakePhone{w: w.(*fakeWorld), endpoint: endpoint}
	f.far(func(now fact.Instant) []media.Event { return f.core.AddPhone(now, endpoint, b) })
	return p
}

// Dial has a phone of this switch's world call a number, showing its own.
func (f *Fake) Dial(p Phone, from, to string) Far {
	phone := p.(*fakePhone)
	far := &fakeFar{w: phone.w}
	f.far(func(now fact.Instant) []media.Event {
		far.l = f.core.call(now, from, to, phone.endpoint)
		return f.core.heard()
	})
	return far
}

// HearsPrompt says whether a far side hears a prompt at this instant.
func (f *Fake) HearsPrompt(far Far) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.core.Hears(far.(*fakeFar).l.id).Prompt
}

// PickUp has somebody answer a phone of this switch that rings on.
func (f *Fake) PickUp(far Far) {
	r := far.(*fakeFar)
	r.do(func(c *Core, now fact.Instant) []media.Event { return c.PickUp(now, r.l.id) })
}
