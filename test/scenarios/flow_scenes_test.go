package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// The numbers of the shipped flows for silent calls and for nuisance, and of
// flows that lead through them to the line of sales.
const (
	silentNumber   = "4017"
	nuisanceNumber = "4018"
	hushNumber     = "4019"
	guardNumber    = "4020"
)

// unspoken has the tenant speak by a profile whose agents say everything
// themselves: what flows have said is said all the same.
func unspoken(profile string) func(*api.Document) {
	return also(asShipped(false), phrases(profile), func(d *api.Document) {
		off := false
		d.Phrases.AutoPlay = &off
		for id, through := range map[fact.FlowID]string{"silent": "spoke", "nuisance": "business"} {
			d.Flows = append(d.Flows, &flow.Flow{ID: "before-" + id, Nodes: []flow.Node{
				{ID: "through", Subflow: &flow.SubflowNode{Flow: id, Results: []flow.Outgoing{{On: through, Next: "line"}}, Next: "end"}},
				{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}},
			}})
		}
		d.Numbers = append(d.Numbers, center.Number{Number: hushNumber, Flow: "before-silent"}, center.Number{Number: guardNumber, Flow: "before-nuisance"})
	})
}

// flowScenes are scenes of standard phrases that flows go through by themselves.
var flowScenes = []scenario{
	{
		// Who says nothing hears all of it, with 3 s between, and is hung up on by
		// the code; no agent is troubled, and nobody asked for a rating.
		name: "flows/silent-call", rows: []string{"RUL-SIL-2", "RUL-END-2", "IVR-8"}, centre: unspoken("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			began := time.Now()
			c := s.caller("13800000001", silentNumber)
			opening := s.house.said(began, c.far)[0]
			check := s.house.said(opening.ended.Add(time.Second), c.far)[0]
			s.after(opening, check, 3*time.Second)
			goodbye := s.house.said(check.ended.Add(time.Second), c.far)[0]
			s.after(check, goodbye, 3*time.Second)
			s.reads(opening, "您好，政府热线，请问有什么可以帮到您？")
			s.reads(check, "您好，您的电话已接通，请讲！")
			s.reads(goodbye, "对不起，听不到您的声音，请您换一部话机再拨，谢谢。")
			c.ended()
			if r := s.ending(c, fact.FaultNone, fact.ReasonFlowEnded); r.By != fact.BySystem || r.Offers != 0 || r.Survey != nil {
				s.t.Errorf("%+v", r)
			}
			s.told(c, "flow.node silent/check", "scene.began", "scene.step played silent_call.opening", "scene.step waited",
				"scene.step played silent_call.check_1", "scene.step played silent_call.goodbye", "scene.excused silent_call", "scene.ended hung-up silent_call")
			s.rest("1001")
		},
	},
	{
		// A word ends it at once, and so does a key; both come to the line.
		name: "flows/silent-caller-speaks", rows: []string{"PHR-5", "IVR-2"}, centre: unspoken("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			began := time.Now()
			c := s.caller("13800000001", hushNumber)
			first := s.house.said(began, c.far)[0]
			s.pass(time.Until(first.ended.Add(time.Second)))
			c.far.Talk(true)
			s.told(c, "scene.step played silent_call.opening", "scene.ended spoke", "flow.node silent/spoke", "flow.node before-silent/line")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.over(c, a)
			two := s.caller("13800000002", hushNumber)
			s.told(two, "scene.step playing silent_call.opening")
			two.press("5")
			s.told(two, "scene.ended spoke", "flow.node before-silent/line")
			b := s.phone("1001").rings()
			b.answer()
			s.talk(two, b)
			s.over(two, b)
		},
	},
	{
		// Without a profile the flow has words of its own.
		name: "flows/silent-call-without-phrases", rows: []string{"RUL-SIL-1"}, centre: asShipped(false),
		play: func(s *stage) {
			c := s.caller("13800000001", silentNumber)
			c.hears(prompt)
			c.ended()
			s.told(c, "flow.node silent/check", "flow.node silent/say", "flow.node silent/bye", "flow.node silent/end")
			if s.has(c, "scene.began") {
				s.t.Error("a scene that there is not has begun")
			}
		},
	},
	{
		// Two warnings with a pause, a last word, 2 s, and the end; each word is told
		// to the leader. Who has business says so by a key.
		name: "flows/nuisance", rows: []string{"RUL-ESC-2", "RUL-END-2", "ACD-11"}, centre: unspoken("gov12345"),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", nuisanceNumber)
			c.hears(prompt)
			c.press("77")
			s.told(c, "flow.node nuisance/warn", "scene.step playing harassment.warn", "scene.step played harassment.warn", "alert.leader RUL-ESC-2",
				"scene.step waited", "scene.step playing harassment.warn", "alert.leader RUL-ESC-2", "scene.step played harassment.final",
				"scene.step waited", "scene.excused harassment", "scene.ended hung-up harassment")
			c.ended()
			s.ending(c, fact.FaultNone, fact.ReasonFlowEnded)
			two := s.caller("13800000002", guardNumber)
			two.hears(prompt)
			two.press("1")
			s.told(two, "flow.node nuisance/business", "flow.node before-nuisance/line")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(two, a)
			s.over(two, a)
		},
	},
	{
		// Another profile warns once, by another scene, after a pause of its own.
		name: "flows/nuisance-cable", rows: []string{"RUL-ESC-1"}, centre: unspoken("cable"),
		play: func(s *stage) {
			c := s.caller("13800000001", nuisanceNumber)
			c.hears(prompt)
			c.press("77")
			s.told(c, "flow.node nuisance/warn", "flow.node nuisance/abuse", "scene.step played abuse.need_help", "scene.step waited",
				"scene.step played abuse.goodbye", "scene.excused abuse", "scene.ended hung-up abuse")
			c.ended()
		},
	},
	{
		// huawu dies in a phrase of a flow's scene: it is said anew, and the scene
		// and the flow go on.
		name: "flows/scene-restart", rows: []string{"GEN-5"}, centre: unspoken("gov12345"),
		play: func(s *stage) {
			c := s.caller("13800000001", hushNumber)
			s.told(c, "scene.step playing silent_call.opening")
			s.settle()
			s.house.restart(func() {})
			s.told(c, "scene.step playing silent_call.opening", "scene.step playing silent_call.opening", "scene.step played silent_call.opening", "scene.step waited")
			c.far.Talk(true) // it is listened to again
			s.told(c, "scene.ended spoke", "flow.node before-silent/line")
			s.leave(c)
		},
	},
}
