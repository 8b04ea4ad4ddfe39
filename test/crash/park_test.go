//go:build asterisk

package crash

import (
	"errors"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/test/pbx"
)

// parks are callers with music whom an agent has left, or asks somebody about.
func parks() []State {
	return []State{
		&atSlot{talking: talking{desk: desk{name: "parked", seats: 1}}},
		&asking{talking: talking{desk: desk{name: "asking-a-queue", seats: 1, queues: []string{"{id: asked-away}"}}}},
	}
}

// atSlot is a caller who is parked, and picked up in the end.
type atSlot struct {
	talking
	slot *center.ParkView
}

func (s *atSlot) Begin(f *floor) {
	s.talking.Begin(f)
	f.steer(s.caller, "park", map[string]any{})
	f.over(s.called)
	f.untilCall(s.caller, center.CallParked)
	f.untilAgent(s.agents[0], "READY")
	s.slot = f.look("").call(s.caller.from).Parked
	if s.slot == nil {
		f.must(errors.New("the caller is at no slot"))
	}
}

func (s *atSlot) After(k *kill) {
	is := k.callStays(s.caller.from, center.CallParked)
	k.agentStays(s.agents[0], "READY")
	if is.Parked == nil {
		k.check(false, "the caller is at no slot")
	} else {
		same(k, "the slot and its times", *s.slot, *is.Parked)
	}
	k.check(s.caller.Alive(), "the caller was lost")
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
}

func (s *atSlot) End(f *floor) {
	f.steer(s.caller, "pickup", map[string]any{"agent": s.agents[0].id})
	s.called = f.rung(s.agents[0])
	if !f.together(s.caller, s.called) {
		f.t.Errorf("who picked up does not talk to the caller")
	}
	s.caller.Hangup()
	f.over(s.called)
	if r := f.record(s.caller); r.Agent != s.agents[0].id || r.Hold == 0 {
		f.t.Errorf("the record is %+v", r)
	}
}

// asking is an agent who waits in the line of a queue where nobody serves, to
// ask there; after each kill the agent takes the caller back.
type asking struct{ talking }

func (s *asking) Prepare(k *kill) {
	k.steer(s.caller, "consult", map[string]any{"to": map[string]any{"queue": "asked-away"}})
	k.until("the agent to be in line", func(v snapshot) bool { return len(v.queue("asked-away").Waiting) == 1 })
	k.check(k.hears(s.called, pbx.MusicTone, patience), "the agent hears no music")
	k.untilAgent(s.agents[0], "HOLD")
}

func (s *asking) After(k *kill) {
	is := k.callStays(s.caller.from, center.CallHeld)
	k.agentStays(s.agents[0], "HOLD")
	k.check(is.Consult != nil && is.Consult.State == center.CallWaiting, "nobody is asked: %+v", is.Consult)
	line := k.after.queue("asked-away").Waiting
	k.check(len(line) == 1 && line[0].Consult && line[0].Joined == k.before.queue("asked-away").Waiting[0].Joined, "the line is %+v", line)
	for _, p := range []*party{s.caller, s.called} {
		k.check(p.Alive(), "a far end was lost")
		k.check(k.hears(p, pbx.MusicTone, patience), "a far end hears no music")
	}
	k.steer(s.caller, "cancel-consult", nil)
	k.check(k.together(s.caller, s.called), "the agent does not have the caller back")
}

func (s *asking) End(f *floor) {
	s.caller.Hangup()
	f.over(s.called)
	if r := f.record(s.caller); r.Agent != s.agents[0].id || r.Transfers != 0 || r.Consult == 0 {
		f.t.Errorf("the record is %+v", r)
	}
}
