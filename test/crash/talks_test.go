//go:build asterisk

package crash

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// breath is the longest that a talk may be interrupted for while the machine
// lets the phones run: what a busy one does to the switch's own pace.
const breath = 300 * time.Millisecond

// unbroken checks that two far ends have heard each other all the time.
func (k *kill) unbroken(a, b *party) {
	k.t.Helper()
	past := time.Since(k.noted)
	worst := time.Duration(0)
	for _, gap := range []phone.Gap{a.Gap(b.phone.Tone(), past), b.Gap(a.phone.Tone(), past)} {
		worst = max(worst, gap.Lasts()-k.pulse.Lost(gap.From, gap.To))
	}
	k.note("gap %v", worst.Round(time.Millisecond))
	k.check(worst <= breath, "the talk was interrupted for %v in which the phones ran", worst)
	for _, p := range []*party{a, b} {
		k.check(p.Alive(), "a far end was lost")
		k.check(p.Level(pbx.MusicTone, past) < faint, "a far end heard music in the talk")
	}
}

// talking is a caller and an agent in one talk through all kills, recorded.
type talking struct {
	desk
	caller, called *party
	began          time.Time
}

func (s *talking) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.agents[0].phone.Behave(phone.AnswerAfter(0))
	s.caller = f.dial(s.number)
	s.called = f.rung(s.agents[0])
	if !f.together(s.caller, s.called) {
		f.must(errors.New("they do not talk"))
	}
	s.began = time.Now()
	f.untilCall(s.caller, center.CallTalking)
}

func (s *talking) After(k *kill) {
	k.unbroken(s.caller, s.called)
	k.check(k.callStays(s.caller.from, center.CallTalking).Recorded, "it is not recorded any more")
	k.agentStays(s.agents[0], "TALKING")
	k.undisturbed(s.caller)
}

func (s *talking) End(f *floor) {
	lasted := time.Since(s.began)
	f.undisturbed(s.caller)
	s.called.Hangup()
	f.over(s.caller)
	r := f.record(s.caller)
	if off := time.Duration(r.Talk)*time.Millisecond - lasted; off < -100*time.Millisecond || off > 2*time.Second || r.Offers != 1 || r.Reason != fact.ReasonCompleted {
		f.t.Errorf("talked %v; the record is %+v", lasted, r)
	}
	f.recorded(r, s.began, lasted, map[fact.Side]float64{fact.SideIn: s.caller.phone.Tone(), fact.SideOut: s.called.phone.Tone()})
}

// undisturbed checks that nobody has entered or left the talk of a caller's
// call but the two, once each.
func (f *floor) undisturbed(p *party) {
	f.t.Helper()
	id := f.look("").call(p.from).ID
	var joined, left int
	for _, e := range f.feed.list() {
		switch {
		case e.Call != id:
		case e.Kind == fact.BridgeJoined:
			joined++
		case e.Kind == fact.BridgeLeft:
			left++
		}
	}
	if joined != 2 || left != 0 {
		f.t.Errorf("%d have joined the talk of %s, %d have left it", joined, p.from, left)
	}
}

// parting is a talk whose agent hangs up in the very moment of the kill: the
// caller's flow goes on, the agent is free.
type parting struct {
	desk
	caller, called *party
	delay          time.Duration
}

func (s *parting) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.agents[0].phone.Behave(phone.AnswerAfter(0))
}

func (s *parting) Prepare(k *kill) {
	k.untilAgent(s.agents[0], "READY")
	s.caller = k.dial(s.number)
	s.called = k.rung(s.agents[0])
	k.untilCall(s.caller, center.CallTalking)
	s.delay = k.upTo(edge)
}

func (s *parting) Edge(k *kill) {
	k.pause(s.delay)
	s.called.Hangup()
}

func (s *parting) After(k *kill) {
	k.check(!k.over(s.caller).Here, "the flow does not go on")
	r := k.record(s.caller)
	k.note("by %s", r.By)
	same(k, "the reason", fact.ReasonCompleted, r.Reason)
	same(k, "the offers", 1, r.Offers)
	k.kept(r)
	k.untilAgent(s.agents[0], "READY")
}

// dialled is an agent's own call to the outside.
type dialled struct {
	desk
	caller, called *party
}

func (s *dialled) Begin(f *floor) {
	a := s.agents[0]
	f.signIn(a)
	f.outside.Behave(phone.AnswerAfter(0))
	c, err := a.phone.Dial("02155550001", phone.Ask{})
	f.must(err)
	c.Talk(true)
	s.caller = &party{Call: c, phone: a.phone, from: a.seat}
	s.called = f.rung(&agent{phone: f.outside})
	if !f.together(s.caller, s.called) {
		f.must(errors.New("they do not talk"))
	}
	f.untilAgent(a, "TALKING")
}

func (s *dialled) After(k *kill) {
	k.unbroken(s.caller, s.called)
	k.carried()
	same(k, "the direction", fact.Outbound, k.callStays(s.caller.from, center.CallTalking).Direction)
	k.agentStays(s.agents[0], "TALKING")
	k.undisturbed(s.caller)
}

func (s *dialled) End(f *floor) {
	s.called.Hangup()
	f.over(s.caller)
	f.untilAgent(s.agents[0], "READY")
	if r := f.record(s.caller); r.Direction != fact.Outbound || r.Reason != fact.ReasonCompleted || r.To != "02155550001" {
		f.t.Errorf("the record is %+v", r)
	}
}

// carried checks that the trunk that alone leads to the outside carries its call
// still.
func (k *kill) carried() {
	k.t.Helper()
	var t struct{ Live []center.TrunkView }
	err := k.Get(k.ctx, "/api/v1/trunks", &t)
	k.check(err == nil && slices.ContainsFunc(t.Live, func(v center.TrunkView) bool { return v.ID == "away" && v.Live == 1 }),
		"the trunk carries %s, %v", fmt.Sprintf("%+v", t.Live), err)
}

// onEdge is what happens in the very moment of the kill: one phone is answered,
// one caller gives up, another one comes. What of it huawu still hears is open;
// that each comes to a good end is not.
type onEdge struct {
	desk
	caller, called, leaves, comes *party
	delays                        [3]time.Duration
}

func (s *onEdge) Begin(f *floor) { f.signIn(s.agents[0]) }

func (s *onEdge) Prepare(k *kill) {
	k.untilAgent(s.agents[0], "READY")
	s.caller = k.dial(s.number)
	s.called = k.rung(s.agents[0])
	k.untilCall(s.caller, center.CallRinging)
	s.leaves, s.comes = k.dial(s.number), k.caller()
	k.untilCall(s.leaves, center.CallWaiting)
	for i := range s.delays {
		s.delays[i] = k.upTo(edge)
	}
}

func (s *onEdge) Edge(k *kill) {
	var all sync.WaitGroup
	for i, act := range []func(){s.called.Answer, s.leaves.Hangup, func() {
		c, err := s.comes.phone.Dial(s.number, phone.Ask{})
		if err != nil {
			k.t.Errorf("%s: %v", k.name, err)
			return
		}
		s.comes.Call = c
	}} {
		all.Go(func() {
			k.pause(s.delays[i])
			act()
		})
	}
	all.Wait()
}

func (s *onEdge) After(k *kill) {
	k.check(k.together(s.caller, s.called), "they do not talk: %s", k.story(s.caller))
	k.untilCall(s.caller, center.CallTalking)
	k.untilCall(s.comes, center.CallWaiting)
	r := k.record(s.leaves)
	k.check(slices.Contains([]fact.Reason{fact.ReasonAway, fact.ReasonAbandoned}, r.Reason), "the reason is %s", r.Reason)
	k.note("%s", r.Reason)
	s.comes.Hangup()
	k.record(s.comes)
	s.caller.Hangup()
	k.over(s.called)
	same(k, "the offers", 1, k.record(s.caller).Offers)
}
