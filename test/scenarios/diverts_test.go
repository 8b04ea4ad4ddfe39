package scenarios

import (
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// The numbers of flows that give the call to one agent or to a number and go on
// after the talk, and of one that speaks the caller's language.
const (
	agentNumber    = "4021"
	onwardNumber   = "4022"
	languageNumber = "4023"
	threeNumber    = "4024"
)

// named has callers type the agent whom they want, who is called where the rules
// let agents be asked for by name, and else has a callback (ACD-7).
func named(allowed bool) func(*api.Document) {
	return also(asShipped(false), func(d *api.Document) {
		d.Transfers.Agents = allowed
		d.Numbers = append(d.Numbers, center.Number{Number: agentNumber, Flow: "named"}, center.Number{Number: onwardNumber, Flow: "onward"})
		rate := flow.Node{ID: "rate", Subflow: &flow.SubflowNode{Flow: "satisfaction", Next: "end"}}
		end := flow.Node{ID: "end", Hangup: &flow.HangupNode{}}
		d.Flows = append(d.Flows, &flow.Flow{ID: "named", Nodes: []flow.Node{
			{ID: "whom", Gather: &flow.GatherNode{Ask: flow.Ask{Prompts: []flow.Prompt{{File: "whom"}}, Timeout: 20 * time.Second, Else: "end"}, Variable: "wanted", Max: 4, Next: "agent"}},
			{ID: "agent", Transfer: &flow.TransferNode{Agent: "wanted", Timeout: 6 * time.Second, Next: "rate", Else: "owed"}},
			{ID: "owed", Callback: &flow.CallbackNode{Owed: flow.Owed{Queue: "sales", Agent: "wanted", Reason: "named", Next: "promised", Failed: "end"}, Invalid: "end"}},
			{ID: "promised", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "promised"}}, Next: "end"}},
			rate, end,
		}}, &flow.Flow{ID: "onward", Nodes: []flow.Node{
			{ID: "out", Transfer: &flow.TransferNode{Number: "02188880000", Timeout: 10 * time.Second, Next: "thanks", Else: "end"}},
			{ID: "thanks", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "thanks"}}, Next: "line"}},
			{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, end,
		}})
	})
}

const (
	inMandarin = "您好。"
	inEnglish  = "Good day, and welcome to the hotline of the service centre. Somebody will be with you at once."
)

// speaking has callers choose a language.
func speaking(d *api.Document) {
	d.Numbers = append(d.Numbers, center.Number{Number: languageNumber, Flow: "speaking"})
	hello := flow.Prompt{Text: inMandarin, Others: []flow.Wording{{Language: "en", Text: inEnglish}}}
	d.Flows = append(d.Flows, &flow.Flow{ID: "speaking", Nodes: []flow.Node{
		{ID: "ask", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: []flow.Prompt{{File: "ask"}}, Timeout: 20 * time.Second, Else: "end"},
			Keys: []flow.Choice{{Key: "1", Next: "line"}, {Key: "2", Next: "english"}, {Key: "3", Next: "hello"}, {Key: "4", Next: "heard"}}}},
		{ID: "english", Language: &flow.LanguageNode{Speak: "en", Needs: "english>=50", Next: "line"}},
		{ID: "heard", Language: &flow.LanguageNode{Speak: "en", Next: "hello"}},
		{ID: "hello", Play: &flow.PlayNode{Prompts: []flow.Prompt{hello}, Next: "end"}},
		{ID: "line", Enqueue: &flow.EnqueueNode{Queue: "sales", Next: "end", Else: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}},
	}})
}

// threes has callers of sales talk to an agent and an interpreter outside.
func threes(d *api.Document) {
	d.Numbers = append(d.Numbers, center.Number{Number: threeNumber, Flow: "threes"})
	d.Flows = append(d.Flows, &flow.Flow{ID: "threes", Nodes: []flow.Node{
		{ID: "line", ThreeWay: &flow.ThreeWayNode{Number: "02188880000", EnqueueNode: flow.EnqueueNode{Queue: "sales", Next: "thanks", Else: "end"}}},
		{ID: "thanks", Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: "thanks"}}, Next: "end"}}, {ID: "end", Hangup: &flow.HangupNode{}},
	}})
}

// interpreted is a caller, the agent and the interpreter in one talk.
func (s *stage) interpreted(from string) (c, a, b *party) {
	s.t.Helper()
	out := s.phone("02188880000")
	c = s.caller(from, threeNumber)
	a = s.phone("1001").rings()
	a.answer()
	b = out.rings()
	c.hears(music)
	b.answer()
	s.three(c, a, b)
	return c, a, b
}

// diverts are flows that give the call away, and that speak a language.
var diverts = []scenario{
	{
		// The agent's phone rings for this caller alone, the talk is the agent's, and
		// who is there still when the agent has gone is asked for a rating.
		name: "flows/transfer-to-an-agent", rows: []string{"IVR-1", "IVR-4", "RUL-END-1"}, centre: named(true), agents: 2,
		play: func(s *stage) {
			s.ready("1001", "1002")
			c := s.caller("13800000001", agentNumber)
			c.hears(prompt)
			c.press("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.agent("1001", routing.Talking)
			a.hangup()
			s.told(c, "flow.node named/agent", "transfer.requested 1001", "call.connected 1001", "call.parted 1001 hangup", "flow.node named/rate", "survey.asked")
			s.agent("1001", routing.ReadyState)
			c.hears(prompt)
			c.press("1")
			c.ended()
			if v := s.rated(c); v == nil || v.Score != 1 || v.Agent != "1001" {
				s.t.Errorf("rated %+v", v)
			}
			if r := s.ending(c, fact.FaultNone, fact.ReasonCompleted); r.Agent != "1001" {
				s.t.Errorf("%+v", r)
			}
			s.rest("1001", "1002")
		},
	},
	{
		// Who ends the agent's part by order comes on just so; the caller's own
		// hang-up is the end.
		name: "flows/transfer-ended-by-order", rows: []string{"IVR-4"}, centre: named(true),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", agentNumber)
			c.hears(prompt)
			c.press("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.steer(c, "end-talk")
			a.ended()
			s.told(c, "call.parted 1001", "flow.node named/rate", "survey.asked")
			c.hangup()
			s.rest("1001")
			two := s.caller("13800000002", agentNumber)
			two.hears(prompt)
			two.press("1001")
			b := s.phone("1001").rings()
			b.answer()
			s.talk(two, b)
			two.hangup()
			b.ended()
			if s.record(two); s.has(two, "flow.node named/rate") {
				s.t.Error("who has hung up is asked for a rating")
			}
			s.rest("1001")
		},
	},
	{
		// An agent who does not answer, or is not there, or may not be asked for by
		// name: the caller is promised a call back by that agent.
		name: "flows/transfer-to-nobody", rows: []string{"ACD-7", "RUL-CBK-8"}, centre: named(true), agents: 2,
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", agentNumber)
			c.hears(prompt)
			c.press("1001")
			a := s.phone("1001").rings()
			a.ended()
			s.told(c, "transfer.requested 1001", "transfer.failed", "flow.node named/owed", "callback.requested 1001", "flow.node named/promised")
			c.ended()
			away := s.caller("13800000002", agentNumber)
			away.hears(prompt)
			away.press("1002")
			s.told(away, "flow.node named/agent", "flow.node named/owed", "callback.requested 1002")
			away.ended()
			for _, n := range []struct {
				number string
				agent  fact.AgentID
			}{{"13800000001", "1001"}, {"13800000002", "1002"}} {
				if b := s.owed(n.number, 1)[0]; b.Agent != n.agent || b.Source != callback.FromFlow {
					s.t.Errorf("%+v", b)
				}
			}
			s.rest("1001")
		},
	},
	{
		name: "flows/no-agent-by-name", rows: []string{"ACD-7", "AMB-13"}, centre: named(false),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", agentNumber)
			c.hears(prompt)
			c.press("1001")
			s.told(c, "flow.node named/agent", "flow.node named/owed", "callback.requested 1001", "flow.node named/promised")
			c.ended()
			if s.has(c, "transfer.requested 1001") {
				s.t.Error("the agent was called")
			}
			s.keeps("1001", routing.ReadyState, 500*time.Millisecond)
			s.rest("1001")
		},
	},
	{
		// After a talk with somebody outside the caller goes on, to an agent in the
		// end, whose hang-up leads on as always.
		name: "flows/transfer-and-on", rows: []string{"IVR-1", "RUL-END-1"}, centre: named(true),
		play: func(s *stage) {
			s.ready("1001")
			out := s.phone("02188880000")
			c := s.caller("13800000001", onwardNumber)
			b := out.rings()
			b.answer()
			s.talk(c, b)
			b.hangup()
			c.hears(prompt)
			s.told(c, "transfer.requested", "leg.hangup", "flow.node onward/thanks", "flow.node onward/line")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			a.hangup()
			s.told(c, "flow.node onward/end")
			c.ended()
			s.rest("1001")
		},
	},
	{
		// huawu dies in the talk: the caller goes on after it all the same.
		name: "flows/transfer-restart", rows: []string{"GEN-5"}, centre: named(true),
		play: func(s *stage) {
			s.ready("1001")
			c := s.caller("13800000001", agentNumber)
			c.hears(prompt)
			c.press("1001")
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.settle()
			s.house.restart(func() {})
			s.talk(c, a)
			a.hangup()
			s.told(c, "flow.node named/rate", "survey.asked")
			c.hears(prompt)
			c.press("1")
			c.ended()
			s.rest("1001")
		},
	},
	{
		// The interpreter is called once the agent is there, the caller hears music
		// until all three talk; whoever goes leaves the two others, and in the end
		// the caller goes on in the flow.
		name: "flows/three-way", rows: []string{"IVR-1", "PBX-3"}, centre: threes,
		play: func(s *stage) {
			s.ready("1001")
			c, a, b := s.interpreted("13800000001")
			s.told(c, "queue.connected 1001", "consult.began 1001", "consult.ended 1001 merged", "conference.began 1001")
			b.hangup()
			s.talk(c, a)
			a.hangup()
			s.told(c, "flow.node threes/thanks")
			c.ended()
			s.agent("1001", routing.ReadyState)
			c, a, b = s.interpreted("13800000002")
			a.hangup()
			s.talk(c, b)
			s.agent("1001", routing.ReadyState)
			b.hangup()
			s.told(c, "flow.node threes/thanks")
			c.ended()
			s.rest("1001")
		},
	},
	{
		// Where nobody answers the talk is one of two.
		name: "flows/three-way-of-two", rows: []string{"IVR-1"}, centre: threes,
		play: func(s *stage) {
			s.phone("02188880000").behave(mediatest.Busy, 0)
			s.ready("1001")
			c := s.caller("13800000001", threeNumber)
			a := s.phone("1001").rings()
			a.answer()
			s.told(c, "consult.began", "consult.ended")
			s.talk(c, a)
			a.hangup()
			s.told(c, "flow.node threes/thanks")
			c.ended()
			s.rest("1001")
		},
	},
	{
		// Who chooses English hears it, and comes to an agent who speaks it, however
		// long the other one is idle; who does not, does not.
		name: "flows/language", rows: []string{"IVR-3"}, agents: 2,
		centre: also(speaking, known("english"), skilled("1002", english(80))),
		play: func(s *stage) {
			s.ready("1001")
			s.pass(200 * time.Millisecond)
			s.ready("1002")
			for _, n := range []struct{ key, words, other string }{{"3", inMandarin, inEnglish}, {"4", inEnglish, inMandarin}} {
				c := s.caller("1380000000"+n.key, languageNumber)
				c.hears(prompt)
				c.hears() // so that what is heard next is heard by itself
				began := time.Now()
				c.press(n.key)
				sp := s.house.said(began, c.far)[0]
				got := sp.ended.Sub(sp.began)
				if off := (got - s.house.reads(n.words)).Abs(); off > (got - s.house.reads(n.other)).Abs() { // which of them, however busy the machine
					s.t.Errorf("%v are said, want %v of %q", got, s.house.reads(n.words), n.words)
				}
				c.ended()
			}
			for _, n := range []struct{ key, agent, idle string }{{"2", "1002", "1001"}, {"1", "1001", "1002"}} {
				c := s.caller("1380000000"+n.key, languageNumber)
				c.hears(prompt)
				c.press(n.key)
				a := s.phone(n.agent).rings()
				a.answer()
				s.talk(c, a)
				s.agent(n.idle, routing.ReadyState)
				c.hangup()
				a.ended()
				s.agent(n.agent, routing.ReadyState)
			}
			s.rest("1001", "1002")
		},
	},
}
