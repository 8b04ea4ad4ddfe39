//go:build asterisk

package crash

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/tone"
	"github.com/huawu/huawu/voice/wav"
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

// recorded checks that the files of a call are there, as long as the talk that
// began then, and hold each side's tone all through it.
func (f *floor) recorded(r fact.Record, began time.Time, talk time.Duration, tones map[fact.Side]float64) {
	f.t.Helper()
	if len(r.Recordings) != len(tones) {
		f.t.Errorf("the record has the files %+v, want one a side", r.Recordings)
	}
	for _, file := range r.Recordings {
		s, err := readSound(filepath.Join(f.PBX.Recordings(), filepath.FromSlash(file.Name)))
		if err != nil {
			f.t.Error(err)
			continue
		}
		// A snoop's clock loses time on a busy machine (cookbook section 7), and
		// phones that stood still have said nothing.
		slack := 500*time.Millisecond + talk/25 + f.pulse.Lost(began, began.Add(talk))
		said := time.Duration(file.Millis) * time.Millisecond
		if s.Lasts() < talk-slack || math.Abs(float64(said-s.Lasts())) > float64(slack) {
			f.t.Errorf("%s holds %v, the record says %v; the talk was %v", file.Name, s.Lasts(), said, talk)
		}
		whole, sung := singing(s.Samples, tones[file.Side])
		if whole < talk-slack || sung < whole-slack {
			f.t.Errorf("%s: the side's tone fills %v of %v; the talk was %v", file.Name, sung, whole, talk)
		}
		f.t.Logf("%s: %v of a talk of %v, the side's tone in %v of %v", file.Name, s.Lasts().Round(time.Millisecond), talk.Round(time.Millisecond), sung, whole)
	}
}

// singing is the time from the first to the last sound of a tone, and how much
// of it the tone fills.
func singing(samples []int16, hertz float64) (whole, sung time.Duration) {
	const part = 50 * time.Millisecond
	const size = int(part * tone.Rate / time.Second)
	var first, last time.Duration
	for at := time.Duration(0); len(samples) >= size; at, samples = at+part, samples[size:] {
		if tone.Level(samples[:size], hertz) > loud {
			if sung == 0 {
				first = at
			}
			last = at + part
			sung += part
		}
	}
	return last - first, sung
}

func readSound(path string) (wav.Sound, error) {
	file, err := os.Open(path)
	if err != nil {
		return wav.Sound{}, err
	}
	defer file.Close()
	s, err := wav.Read(file)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// holding is a talk that the agent's phone holds; now and then it is taken back.
type holding struct{ talking }

func (s *holding) Begin(f *floor) {
	s.talking.Begin(f)
	s.hold(f, true)
}

func (s *holding) hold(f *floor, on bool) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	if on {
		f.must(s.called.Hold(ctx))
		f.untilCall(s.caller, center.CallHeld)
		f.untilAgent(s.agents[0], "HOLD")
		return
	}
	f.must(s.called.Unhold(ctx))
	f.untilCall(s.caller, center.CallTalking)
	f.untilAgent(s.agents[0], "TALKING")
}

func (s *holding) After(k *kill) {
	k.callStays(s.caller.from, center.CallHeld)
	k.agentStays(s.agents[0], "HOLD")
	k.check(s.caller.Alive() && s.called.Alive(), "a far end was lost")
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
	if k.n%2 == 0 {
		s.hold(k.floor, false)
		k.check(k.together(s.caller, s.called), "they do not talk after the hold")
		s.hold(k.floor, true)
	}
}

func (s *holding) End(f *floor) {
	s.caller.Hangup()
	f.over(s.called)
	if r := f.record(s.caller); r.Hold <= 0 || r.Hold > r.Talk {
		f.t.Errorf("the record is %+v", r)
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

// wrappingUp is an agent in after-call work, which may have been made longer.
type wrappingUp struct {
	desk
	longer time.Duration
	began  []int64 // wall clock, ms
}

func (s *wrappingUp) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.agents[0].phone.Behave(phone.AnswerAfter(0))
}

func (s *wrappingUp) Prepare(k *kill) {
	k.untilAgent(s.agents[0], "READY")
	p := k.dial(s.number)
	c := k.rung(s.agents[0])
	k.untilCall(p, center.CallTalking)
	p.Hangup()
	k.over(c)
	k.untilAgent(s.agents[0], "ACW")
	if s.longer > 0 {
		k.tell(s.agents[0], "extend", map[string]any{"for": s.longer.String()})
	}
}

// lease is how long the work may last.
func (s *wrappingUp) lease() time.Duration { return s.wrapUp + s.longer }

func (s *wrappingUp) Before(k *kill) {
	s.began = append(s.began, k.before.agent(s.agents[0].id).Since)
}

func (s *wrappingUp) After(k *kill) {
	since := k.before.agent(s.agents[0].id).Since
	if k.ready.UnixMilli() < since+s.lease().Milliseconds()-500 {
		k.agentStays(s.agents[0], "ACW")
	}
}

func (s *wrappingUp) End(f *floor) {
	f.untilAgent(s.agents[0], "READY")
	lasted := f.lasted(fact.AgentState, s.agents[0], "ACW")
	if len(lasted) != len(s.began) {
		f.must(fmt.Errorf("%d wrap-ups have ended, want %d", len(lasted), len(s.began)))
	}
	for i, began := range s.began {
		f.inTime("the wrap-up", time.UnixMilli(began), s.lease(), lasted[i:i+1])
	}
}

// lasted is how long the things lasted, in milliseconds, that events about an
// agent tell of; from chooses changes of state.
func (f *floor) lasted(kind fact.Kind, a *agent, from string) []int64 {
	var all []int64
	for _, e := range f.feed.list() {
		if e.Kind == kind && e.Agent == a.id && e.From == from {
			all = append(all, e.Millis)
		}
	}
	return all
}

// inTime checks that something that began ended when it was due, or, when huawu
// was dead then, as soon as it was back.
func (f *floor) inTime(what string, began time.Time, limit time.Duration, lasted []int64) {
	f.t.Helper()
	due := began.Add(limit)
	last := due
	for _, k := range f.kills {
		if due.After(k.at.Add(-100*time.Millisecond)) && due.Before(k.ready) {
			last = k.ready
		}
	}
	if len(lasted) != 1 || lasted[0] < limit.Milliseconds() || lasted[0] > last.Sub(began).Milliseconds()+500 {
		f.t.Errorf("%s lasted %v ms, want %d, or to %d at most", what, lasted, limit.Milliseconds(), last.Sub(began).Milliseconds())
	}
}

// paused is an agent who is not ready, for a reason.
type paused struct{ desk }

func (s *paused) Begin(f *floor) {
	f.signIn(s.agents[0])
	f.tell(s.agents[0], "not-ready", map[string]string{"reason": "meal"})
	f.untilAgent(s.agents[0], "NOT_READY")
}

func (s *paused) After(k *kill) {
	k.agentStays(s.agents[0], "NOT_READY")
	same(k, "the reason", "meal", string(k.after.agent(s.agents[0].id).Reason))
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
