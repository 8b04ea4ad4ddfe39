//go:build asterisk

package crash

import (
	"encoding/json"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/flow"
)

// scenes are talks in which a scene of standard phrases goes on.
func scenes() []State {
	return []State{
		&led{talking: talking{desk: desk{name: "led-through-a-scene", seats: 1}}},
		&spokenFor{talking: talking{desk: desk{name: "spoken-for", seats: 1}}},
	}
}

// phrasesOf is what the house says: all that huawu may.
const phrasesOf = "phrases: {profile: gov12345, auto_play: true}\n"

// led is an agent who is in the middle of a scene through all kills, and goes
// through the rest in the end.
type led struct {
	talking
	scene string
}

func (s *led) Begin(f *floor) {
	s.talking.Begin(f)
	f.steer(s.caller, "scene/start", map[string]any{"scene": "harassment", "values": map[string]string{"surname": "王"}})
	f.steer(s.caller, "scene/next", nil)
	f.until("the second warning to be shown", func(v snapshot) bool {
		c := v.call(s.caller.from)
		if c.Scene == nil || c.Scene.Step != "2" {
			return false
		}
		text, err := json.Marshal(c.Scene)
		s.scene = string(text)
		return err == nil
	})
}

func (s *led) After(k *kill) {
	s.talking.After(k)
	if c := k.after.call(s.caller.from); c.Scene == nil {
		k.check(false, "no scene goes on")
	} else {
		text, err := json.Marshal(c.Scene)
		k.must(err)
		same(k, "the scene", s.scene, string(text))
	}
}

func (s *led) End(f *floor) {
	for range 2 {
		f.steer(s.caller, "scene/next", nil)
	}
	began := time.Now()
	f.until("the agent to be excused", func(v snapshot) bool {
		return v.call(s.caller.from).Scene != nil && v.call(s.caller.from).Scene.Excuse == "harassment"
	})
	if waited := time.Since(began); waited < 1900*time.Millisecond {
		f.t.Errorf("excused %v after the last word", waited)
	}
	f.steer(s.caller, "scene/stop", nil)
	s.talking.End(f)
}

// spokenFor is an agent for whom huawu says a phrase in the moment of each kill:
// it is said anew, and then the agent is heard again.
type spokenFor struct{ talking }

func (s *spokenFor) Prepare(k *kill) {
	k.steer(s.caller, "scene/start", map[string]any{"scene": "closing"})
	k.until("the phrase to be said", func(v snapshot) bool { return phaseOf(v, s.caller) == flow.PhaseSpeak })
}

func phaseOf(v snapshot, p *party) flow.Phase {
	if c := v.call(p.from); c.Scene != nil {
		return c.Scene.Phase
	}
	return ""
}

func (s *spokenFor) After(k *kill) {
	k.callStays(s.caller.from, center.CallTalking)
	k.until("the phrase to be over", func(v snapshot) bool { return phaseOf(v, s.caller) == flow.PhaseOffer })
	k.check(k.together(s.caller, s.called), "the agent is not heard after the phrase")
	k.steer(s.caller, "scene/stop", nil)
}

func (s *spokenFor) End(f *floor) {
	s.caller.Hangup()
	f.over(s.called)
	if r := f.record(s.caller); r.Agent != s.agents[0].id {
		f.t.Errorf("the record is %+v", r)
	}
}
