package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// standardKeys gives agents' phones the standard keys of a talk.
func standardKeys(d *api.Document) {
	d.Keys = center.TalkKeys{Standard: true, Timeout: 2 * time.Second}
}

// keyed is what agents do with a talk by the keys of their phones.
var keyed = []scenario{
	{
		// The agent's keys hold, mute and take back, whatever the caller presses.
		name: "keys/hold-and-mute", rows: []string{"PBX-4"}, centre: standardKeys,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			c.press("*1")
			a.press("*2")
			// The agent hears each key confirmed before the next one.
			s.told(c, "mute.on 1001", "talk.key 1001 mute", "playback.started", "playback.finished")
			c.hears() // nobody, and no music: the caller's keys hold nobody
			a.press("*2")
			s.told(c, "mute.off 1001", "talk.key 1001 mute", "playback.finished")
			s.talk(c, a)
			a.press("*#")
			s.told(c, "talk.key 1001 consent", "playback.finished")
			c.hears(music)
			s.agent("1001", routing.HoldState)
			a.press("*1")
			s.talk(c, a)
			s.told(c, "talk.key 1001 consent", "talk.key 1001 hold")
			// A pause too long within a code makes no code.
			a.press("*")
			s.pass(2500 * time.Millisecond)
			a.press("1")
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Somebody is asked by number, and given the talk; what is refused by
		// REST is refused by keys.
		name: "keys/consult", rows: []string{"PBX-3", "C3"}, agents: 2,
		centre: also(standardKeys, free, queue("sales", func(q *routing.Queue) { q.WrapUp = 2 * time.Second })),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			a.press("*5") // nobody is asked
			s.told(c, "talk.key 1001 complete conflict", "playback.started")
			a.press("*38002#")
			c.hears(music)
			b := s.phone("1002").rings()
			b.answer()
			s.talk(a, b)
			b.press("*5") // it is not theirs to take
			s.told(c, "talk.key 1002 complete conflict")
			s.talk(a, b)
			a.press("*0")
			b.ended()
			s.talk(c, a)
			a.press("*38002#")
			b = s.phone("1002").rings()
			b.answer()
			s.talk(a, b)
			a.press("*5")
			a.ended()
			s.talk(c, b)
			s.agent("1001", routing.WrapUpState)
			s.agent("1001", routing.ReadyState)
			c.hangup()
			b.ended()
			s.agent("1002", routing.WrapUpState)
			s.rest("1001", "1002")
		},
	},
	{
		name: "keys/three-way", agents: 2, centre: also(standardKeys, free),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			a.press("*31002#")
			b := s.phone("1002").rings()
			b.answer()
			s.talk(a, b)
			a.press("*6")
			c.hears(a, b)
			b.hears(a, c)
			b.hangup()
			s.talk(c, a)
			s.over(c, a)
		},
	},
	{
		// Without a word before nothing goes anywhere by keys either, unless
		// the rules let it; a number that is not typed to its end is none.
		name: "keys/transfer-denied", rows: []string{"RUL-TRF-1"}, agents: 2, centre: standardKeys,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.ready("1002")
			a.press("*48002#")
			s.told(c, "transfer.denied 1001 RUL-TRF-1", "talk.key 1001 transfer denied", "playback.started")
			s.talk(c, a)
			a.press("*480")
			s.told(c, "talk.key 1001 transfer denied", "talk.key 1001 transfer invalid")
			s.talk(c, a)
			s.over(c, a)
			s.agent("1002", routing.ReadyState)
		},
	},
	{
		// The agent sends the caller on to the end of the flow and wraps up.
		name: "keys/end", rows: []string{"C3"}, agents: 1, centre: standardKeys,
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.press("*9")
			a.ended()
			s.agent("1001", routing.WrapUpState)
			c.hears(prompt)
			c.ended()
			s.rest("1001")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.By != fact.ByAgent {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// An agent without a screen leads through a scene by keys, and its last
		// step hangs up, excused.
		name: "keys/scene", rows: []string{"PHR-5", "RUL-ESC-3", "RUL-END-2"},
		centre: also(phrases("cm10086"), func(d *api.Document) {
			d.Keys = center.TalkKeys{Standard: true, Codes: []center.TalkKey{{Keys: "#51", Does: center.KeyScene, Scene: "harassment"}}}
		}),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.press("#51")
			s.told(c, "scene.began", "scene.step shown harassment.warn", "talk.key 1001 scene", "playback.finished")
			a.press("#4") // there is nothing to say again yet
			s.told(c, "talk.key 1001 scene-repeat", "playback.finished")
			a.press("#3")
			s.told(c, "scene.step said harassment.warn", "talk.key 1001 scene-next", "playback.finished", "scene.excused harassment")
			a.press("#3")
			c.ended()
			a.ended()
			s.told(c, "scene.ended", "call.parted 1001 harassment", "call.ended")
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.Excuse != "harassment" || r.By != fact.ByAgent {
				s.t.Errorf("record %+v", r)
			}
		},
	},
	{
		// Unless the document has keys, they mean nothing.
		name: "keys/none",
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			a.press("*1")
			s.pass(time.Second)
			s.talk(c, a)
			if s.has(c, "talk.key sales 1001 hold") {
				s.t.Error("a key has acted")
			}
			s.over(c, a)
		},
	},
	{
		// A caller on hold is not forgotten: who may be, the agent and
		// supervisors are told after the limit, and again; by whichever key.
		name: "hold/long", rows: []string{"C19i", "RUL-HLD-7"}, centre: rules(center.TransferRules{MaxHold: time.Second}),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			s.steer(c, "hold", "consent", true)
			c.hears(music)
			s.told(c, "hold.on", "hold.long 1001", "playback.started", "hold.long 1001")
			s.settle()
			if v := s.call(c); v == nil || !v.HeldLong || v.Held == 0 {
				s.t.Errorf("the call is %+v", v)
			}
			s.steer(c, "unhold")
			s.talk(c, a)
			s.settle()
			if v := s.call(c); v == nil || v.HeldLong || v.Held != 0 {
				s.t.Errorf("the call is %+v", v)
			}
			a.hold()
			c.hears(music)
			s.told(c, "hold.off", "hold.on", "hold.long 1001")
			a.unhold()
			s.talk(c, a)
			s.over(c, a)
		},
	},
}
