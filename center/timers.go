package center

import (
	"container/heap"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// timers orders contacts by when they are due, ties by id, so that no step
// looks at contacts that are not.
type timers []*contact

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	if t[i].at != t[j].at {
		return t[i].at < t[j].at
	}
	return t[i].call.ID < t[j].call.ID
}
func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].place, t[j].place = i, j
}

// Push implements heap.Interface.
func (t *timers) Push(x any) {
	k := x.(*contact)
	k.place = len(*t)
	*t = append(*t, k)
}

// Pop implements heap.Interface.
func (t *timers) Pop() any {
	old := *t
	k := old[len(old)-1]
	old[len(old)-1] = nil
	*t = old[:len(old)-1]
	return k
}

func (t *timers) next() (fact.Instant, bool) {
	if len(*t) == 0 {
		return 0, false
	}
	return (*t)[0].at, true
}

func (t *timers) set(k *contact, at fact.Instant) {
	switch {
	case k.at == at:
	case k.at == 0:
		k.at = at
		heap.Push(t, k)
	default:
		k.at = at
		heap.Fix(t, k.place)
	}
}

func (t *timers) remove(k *contact) {
	if k.at != 0 {
		heap.Remove(t, k.place)
		k.at = 0
	}
}

// pop takes the first contact that is due off, nil for none.
func (t *timers) pop(now fact.Instant) *contact {
	if at, ok := t.next(); !ok || at > now {
		return nil
	}
	k := heap.Pop(t).(*contact)
	k.at = 0
	return k
}

// Next is when Step must be called with Tick if nothing else happens.
func (c *Center) Next() (fact.Instant, bool) {
	at, ok := c.acd.Next()
	if d, some := c.due.next(); some && (!ok || d < at) {
		at, ok = d, true
	}
	if len(c.strays) > 0 && (!ok || c.strays[0].Due < at) {
		at, ok = c.strays[0].Due, true
	}
	if h, some := c.nextHours(); some && (!ok || h < at) {
		at, ok = h, true
	}
	if c.graduates != 0 && (!ok || c.graduates < at) {
		at, ok = c.graduates, true
	}
	if o, some := c.nextOwed(); some && (!ok || o < at) {
		at, ok = o, true
	}
	if m, some := c.nextMark(); some && (!ok || m < at) {
		at, ok = m, true
	}
	if o, some := c.nextCallback(); some && (!ok || o < at) {
		at, ok = o, true
	}
	if n, some := c.norms.Next(); some && (!ok || n < at) {
		at, ok = n, true
	}
	return at, ok
}

// tick lets everything fire that is due, calls by (time, id) before the ACD, and
// norms last: what has been put right at the same moment breaks none.
func (c *Center) tick() {
	for {
		k := c.due.pop(c.now.At)
		if k == nil {
			break
		}
		if at, ok := k.call.Next(); ok && at <= c.now.At {
			c.step(k, call.Tick{})
		}
		if k.session != nil {
			if at, ok := k.session.Next(); ok && at <= c.now.At {
				c.script(k, flow.Tick{})
			}
		}
		if s := k.scene; s.on() {
			if at, ok := s.session.Next(); ok && at <= c.now.At {
				c.perform(k, flow.Tick{})
			}
		}
		if s := k.aloud.Saying; s != nil && s.Due <= c.now.At {
			c.saidOver(k, saidLate)
		}
		if h := k.aloud.Held; h != nil && h.Due <= c.now.At {
			c.playTo(k, h.Play, false)
		}
		if h := k.holding; h != nil && h.Due != 0 && h.Due <= c.now.At {
			c.heldLong(k)
		}
		c.typedLate(k)
		if p := k.parked; p != nil && p.Due != 0 && p.Due <= c.now.At {
			c.parkOver(k)
		}
		c.schedule(k)
	}
	c.hangUpStrays()
	if at, ok := c.nextHours(); ok && at <= c.now.At {
		c.keepHours()
	}
	if c.graduates != 0 && c.graduates <= c.now.At {
		c.keepTrainees()
	}
	c.keepOwed()
	if at, some := c.nextMark(); some && at <= c.now.At {
		c.mark()
	}
	if at, ok := c.nextCallback(); ok && at <= c.now.At {
		c.lineUp()
	}
	if at, ok := c.acd.Next(); ok && at <= c.now.At {
		c.line(routing.Tick{})
	}
	if at, ok := c.norms.Next(); ok && at <= c.now.At {
		c.wanted = append(c.wanted, c.norms.Tick(c.now.At)...)
	}
}

// schedule puts a contact's next timer into due.
func (c *Center) schedule(k *contact) {
	if c.contacts[k.call.ID] != k {
		c.due.remove(k)
		return
	}
	at, ok := k.next()
	if !ok {
		c.due.remove(k)
		return
	}
	c.due.set(k, at)
}

// next is when something of the contact's own is due.
func (k *contact) next() (at fact.Instant, ok bool) {
	soonest := func(next fact.Instant, some bool) {
		if some && (!ok || next < at) {
			at, ok = next, true
		}
	}
	soonest(k.call.Next())
	if k.session != nil {
		soonest(k.session.Next())
	}
	if k.scene.on() {
		soonest(k.scene.session.Next())
	}
	if s := k.aloud.Saying; s != nil {
		soonest(s.Due, true)
	}
	if h := k.aloud.Held; h != nil {
		soonest(h.Due, true)
	}
	if k.holding != nil {
		soonest(k.holding.Due, k.holding.Due != 0)
	}
	if k.parked != nil {
		soonest(k.parked.Due, k.parked.Due != 0)
	}
	for _, t := range k.typed {
		soonest(t.Due, true)
	}
	return at, ok
}
