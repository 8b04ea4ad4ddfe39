package scenarios

import (
	"fmt"
	"slices"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// pauseCode is what a phone dials to take a pause, readyCode to end it.
const (
	pauseCode = "*13"
	readyCode = "*12"
)

// codes gives phones the codes for a pause (1 meal, 3 leave) and its end.
func codes(d *api.Document) {
	play := func(id string) flow.Node {
		return flow.Node{ID: id, Play: &flow.PlayNode{Prompts: []flow.Prompt{{File: id}}, Next: "end"}}
	}
	end := flow.Node{ID: "end", Hangup: &flow.HangupNode{}}
	d.Flows = append(d.Flows,
		&flow.Flow{ID: "pause", Nodes: []flow.Node{
			{ID: "why", Menu: &flow.MenuNode{Ask: flow.Ask{Prompts: []flow.Prompt{{File: "why"}}, Timeout: 20 * time.Second, Else: "no"}, Variable: "reason",
				Keys: []flow.Choice{{Key: "1", Value: "meal", Next: "pause"}, {Key: "3", Value: "leave", Next: "pause"}}}},
			{ID: "pause", Do: &flow.DoNode{Verb: flow.VerbNotReady, Args: []flow.DoArg{{Name: "reason", From: "reason"}}, OK: "yes", Pending: "asked", Denied: "no"}},
			play("yes"), play("asked"), play("no"), end,
		}},
		&flow.Flow{ID: "ready", Nodes: []flow.Node{
			{ID: "ready", Do: &flow.DoNode{Verb: flow.VerbReady, OK: "yes", Denied: "no"}}, play("yes"), play("no"), end,
		}})
	d.Codes = append(d.Codes, center.FeatureCode{Code: pauseCode, Flow: "pause"}, center.FeatureCode{Code: readyCode, Flow: "ready"})
}

// pausing lets a pause last for so long, and overrun for so long until the
// leader is told.
func pausing(all ...routing.Pause) func(*api.Document) {
	return func(d *api.Document) { d.ACD.Pauses = all }
}

// standing waits until what is said of an agent besides the state is so.
func (s *stage) standing(id, what string, so func(a center.AgentView) bool) {
	s.t.Helper()
	s.within(patience, func() string { return "agent " + id + " is not " + what }, func() bool { return so(s.agentNow(id)) })
}

// asks waits until what an agent has asked for stands so.
func (s *stage) asks(id string, reason routing.PauseReason, status routing.RequestStep) {
	s.t.Helper()
	s.standing(id, string(status), func(a center.AgentView) bool {
		return a.Request != nil && a.Request.Reason == reason && a.Request.Status == status
	})
}

// standings are what is seen of agents besides the state.
var standings = []scenario{
	{
		// Leave is granted before it is taken, by whichever way it is asked for;
		// until then the agent works. It is not asked for in a call.
		name: "agent/leave-is-granted", rows: []string{"RUL-LEV-1"}, centre: codes,
		play: func(s *stage) {
			s.ready("1001")
			s.refused("conflict", "POST", "/agents/1001/approve", nil)
			p := s.phone("1001").dial(pauseCode)
			p.hears(prompt)
			p.press("3")
			p.ended()
			s.told(p, "flow.node pause/asked", "call.ended")
			s.asks("1001", routing.PauseLeave, routing.RequestPending)
			s.agent("1001", routing.ReadyState)
			c, a := s.serves("13800000001", "1001")
			s.do("POST", "/agents/1001/approve", nil)
			s.standing("1001", "to leave after the talk", func(a center.AgentView) bool {
				return a.State == routing.Talking && a.Next == routing.NotReadyIn && a.NextReason == routing.PauseLeave &&
					a.Request.Status == routing.RequestGranted && a.Request.By != "" && a.Request.Answered > 0
			})
			c.hangup()
			a.ended()
			s.agent("1001", routing.NotReadyIn, routing.PauseLeave)
			p = s.phone("1001").dial(readyCode)
			p.ended()
			s.agent("1001", routing.ReadyState)
			c, a = s.serves("13800000002", "1001")
			s.refused("conflict", "POST", "/agents/1001/not-ready", with("reason", "leave"))
			s.over(c, a)
			s.do("POST", "/agents/1001/not-ready", with("reason", "leave"))
			s.asks("1001", routing.PauseLeave, routing.RequestPending)
			s.do("POST", "/agents/1001/deny", nil)
			s.asks("1001", routing.PauseLeave, routing.RequestDenied)
			s.keeps("1001", routing.ReadyState, 500*time.Millisecond)
			s.over(s.serves("13800000003", "1001"))
			s.rest("1001")
		},
	},
	{
		// Nobody answers: the leader is told, and the request stands, also after
		// huawu's death.
		name: "agent/leave-unanswered", rows: []string{"RUL-LEV-1"},
		centre: func(d *api.Document) { d.ACD.ApproveWithin = 2 * time.Second },
		play: func(s *stage) {
			s.ready("1001")
			s.do("POST", "/agents/1001/not-ready", with("reason", "leave"))
			s.asks("1001", routing.PauseLeave, routing.RequestPending)
			s.house.restart(func() {})
			s.standing("1001", "waiting in vain", func(a center.AgentView) bool { return a.Request != nil && a.Request.Late })
			s.asks("1001", routing.PauseLeave, routing.RequestPending)
			s.agent("1001", routing.ReadyState)
			s.do("POST", "/agents/1001/approve", nil)
			s.agent("1001", routing.NotReadyIn, routing.PauseLeave)
			s.do("POST", "/agents/1001/ready", nil)
			s.over(s.serves("13800000001", "1001"))
		},
	},
	{
		// A pause that lasts too long is seen to; it is not ended by anybody but
		// the agent.
		name: "agent/pause-overruns", rows: []string{"RUL-SHF-4"},
		centre: pausing(routing.Pause{ID: routing.PauseMeal, Max: 2 * time.Second, Escalate: 2 * time.Second}, routing.Pause{ID: "coaching"}),
		play: func(s *stage) {
			s.ready("1001")
			s.refused("invalid", "POST", "/agents/1001/not-ready", with("reason", "break"))
			s.pause("1001", "coaching")
			s.pause("1001", routing.PauseMeal)
			began := s.agentNow("1001").Pause
			if began.Until-began.Since != 2000 || began.Over != 0 {
				s.t.Fatalf("a pause of 2 s: %+v", began)
			}
			s.standing("1001", "warned", func(a center.AgentView) bool { return a.Pause.Told == routing.OverrunWarned && a.Pause.Over > 0 })
			s.pause("1001", routing.PauseMeal) // does not begin anew
			s.standing("1001", "told of", func(a center.AgentView) bool {
				return a.Pause.Told == routing.OverrunLeader && a.Pause.Over >= 2000 && a.Pause.Since == began.Since
			})
			s.agent("1001", routing.NotReadyIn, routing.PauseMeal)
			s.do("POST", "/agents/1001/ready", nil)
			s.standing("1001", "back", func(a center.AgentView) bool { return a.State == routing.ReadyState && a.Pause == nil })
			s.over(s.serves("13800000001", "1001"))
		},
	},
	{
		// Who lets calls ring out is NOT_READY, never signed out, is seen to have
		// done so how often, and has a way back by phone, by command and by
		// taking a call.
		name: "agent/rung-out-in-a-row", rows: []string{"C18", "RUL-ANS-1"}, centre: also(ring(time.Second), codes),
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			for times := 1; times <= 3; times++ {
				s.phone("1001").rings().ended()
				s.standing("1001", "rung out", func(a center.AgentView) bool {
					return a.State == routing.NotReadyIn && a.Reason == routing.PauseRONA && a.RONAs == times && a.Endpoint != ""
				})
				s.keeps("1001", routing.NotReadyIn, 500*time.Millisecond)
				switch times {
				case 1:
					s.phone("1001").dial(readyCode).ended()
				case 2:
					s.do("POST", "/agents/1001/ready", nil)
				case 3:
					s.do("POST", "/agents/1001/force", with("to", "READY", "why", "spoken to"))
				}
			}
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			s.told(c, "queue.missed 1001 no-answer", "queue.missed 1001 no-answer", "alert.leader 1001 RUL-ANS-1 rona", "queue.connected 1001")
			s.standing("1001", "forgiven", func(a center.AgentView) bool { return a.RONAs == 0 })
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// Before the shift an agent is signed in and is offered no call until
		// ready.
		name: "agent/handover", rows: []string{"ACD-10", "RUL-SHF-1"},
		play: func(s *stage) {
			s.refused("invalid", "POST", "/agents/1001/sign-in", with("endpoint", "PJSIP/1001", "handover", true, "ready", true))
			s.do("POST", "/agents/1001/sign-in", with("endpoint", "PJSIP/1001", "handover", true))
			s.agent("1001", routing.HandoverState)
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.HandoverState, time.Second)
			s.line("sales", c)
			s.house.restart(func() {})
			s.keeps("1001", routing.HandoverState, time.Second)
			s.do("POST", "/agents/1001/ready", nil)
			a := s.phone("1001").rings()
			a.answer()
			s.talk(c, a)
			c.hangup()
			s.rest("1001")
		},
	},
	{
		// What was chosen in a call is seen, survives huawu's death, and comes
		// after it. A leader's word counts like the agent's.
		name: "agent/next-state-is-seen", rows: []string{"C19c"},
		play: func(s *stage) {
			next := func(state routing.State, reason routing.PauseReason) {
				s.standing("1001", "going to be "+string(state), func(a center.AgentView) bool { return a.Next == state && a.NextReason == reason })
			}
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			next("", "")
			s.do("POST", "/agents/1001/ready", nil)
			next(routing.ReadyState, "")
			s.do("POST", "/agents/1001/not-ready", with("reason", "training"))
			next(routing.NotReadyIn, routing.PauseTraining)
			s.do("POST", "/agents/1001/force", with("to", "OFFLINE", "why", "the shift is over"))
			next(routing.Offline, "")
			s.refused("invalid", "POST", "/agents/1001/force", with("to", "NOT_READY", "reason", "tea", "why", "x"))
			s.do("POST", "/agents/1001/force", with("to", "NOT_READY", "reason", "leave", "why", "asked for by the doctor"))
			next(routing.NotReadyIn, routing.PauseLeave)
			s.house.restart(func() { s.talk(c, a) })
			next(routing.NotReadyIn, routing.PauseLeave)
			s.agent("1001", routing.Talking)
			c.hangup()
			a.ended()
			s.agent("1001", routing.NotReadyIn, routing.PauseLeave)
			next("", "")
			s.rest()
		},
	},
}

// trainees are what becomes of who learns yet.
var trainees = []scenario{
	{
		// A trainee is offered nothing in one queue and last in the other, until
		// the traineeship is over; it is seen.
		name: "agent/trainee", rows: []string{"ACD-6"}, agents: 2,
		centre: func(d *api.Document) {
			d.ACD.Agents[0].TraineeUntil, d.ACD.Agents[1].TraineeUntil = "2099-12-31", "1999-12-30"
			d.ACD.Queues[0].Trainees, d.ACD.Queues[1].Trainees = routing.TraineesNever, routing.TraineesLast
		},
		play: func(s *stage) {
			s.ready("1001")
			c := s.waiting("13800000001", salesNumber)
			s.keeps("1001", routing.ReadyState, time.Second)
			s.line("sales", c)
			if a := s.agentNow("1001"); !a.Trainee || a.TraineeUntil != "2099-12-31" {
				s.t.Fatalf("a trainee: %+v", a)
			}
			s.ready("1002")
			a := s.phone("1002").rings()
			a.answer()
			s.talk(c, a)
			if b := s.agentNow("1002"); b.Trainee {
				s.t.Fatalf("a trainee once: %+v", b)
			}
			c.hangup()
			s.rest("1001", "1002")
			one := s.caller("13800000002", supportLine) // 1001 has been idle for longer
			first := s.phone("1002").rings()
			two := s.caller("13800000003", supportLine)
			second := s.phone("1001").rings()
			first.answer()
			second.answer()
			s.talk(one, first)
			s.talk(two, second)
			one.hangup()
			two.hangup()
			s.rest("1001", "1002")
		},
	},
}

// logging wants a result and a note of every talk of sales.
func logging(wrapUp time.Duration) func(*api.Document) {
	return queue("sales", func(q *routing.Queue) {
		q.WrapUp, q.LogWithin = wrapUp, 2*time.Second
		q.Log = []routing.LogField{{ID: "result", Values: []string{"solved", "open"}, Required: true}, {ID: "note", Required: true}, {ID: "mood"}}
	})
}

// write is what an agent writes about a talk.
func (s *stage) write(agent string, pairs ...any) {
	s.t.Helper()
	s.do("POST", "/agents/"+agent+"/log", with("fields", with(pairs...)))
}

// wrote waits until the record of a call tells what was written, in order of the
// fields.
func (s *stage) wrote(p *party, want ...string) {
	s.t.Helper()
	var got []string
	s.within(patience, func() string { return fmt.Sprintf("the record of %s tells %q, want %q", p.name, got, want) }, func() bool {
		got = nil
		if r := s.ended(p); r != nil {
			for _, e := range r.Log {
				got = append(got, string(e.Agent)+" "+e.Field+"="+e.Value)
			}
		}
		slices.Sort(got)
		return slices.Equal(got, want)
	})
}

// logs is what agents must write down about their talks.
var logs = []scenario{
	{
		// What the queue requires keeps the agent from the next call once the
		// wrap-up is over, until it is written; it is kept with the call.
		name: "agent/log-missing", rows: []string{"ACD-10", "C2"}, centre: logging(time.Second),
		play: func(s *stage) {
			s.ready("1001")
			s.refused("conflict", "POST", "/agents/1001/log", with("fields", with("result", "solved")))
			c, a := s.serves("13800000001", "1001")
			s.write("1001", "mood", "calm")
			c.hangup()
			a.ended()
			s.agent("1001", routing.WrapUpState)
			next := s.waiting("13800000002", salesNumber)
			s.agent("1001", routing.NotReadyIn, routing.PauseLog)
			s.standing("1001", "owing two fields", func(a center.AgentView) bool {
				return len(a.Owes) == 1 && string(a.Owes[0].Call) == s.known(c) && slices.Equal(a.Owes[0].Missing, []string{"result", "note"})
			})
			s.refused("invalid", "POST", "/agents/1001/log", with("fields", with("result", "perhaps")))
			s.write("1001", "result", "open")
			s.do("POST", "/agents/1001/ready", nil) // does not do away with it
			s.keeps("1001", routing.NotReadyIn, 500*time.Millisecond)
			s.house.restart(func() {})
			s.agent("1001", routing.NotReadyIn, routing.PauseLog)
			s.write("1001", "result", "solved", "note", "回电")
			a = s.phone("1001").rings()
			a.answer()
			s.talk(next, a)
			s.wrote(c, "1001 mood=calm", "1001 note=回电", "1001 result=solved")
			s.told(c, "queue.connected 1001", "call.logged 1001 mood", "call.logged 1001 result", "call.logged 1001 note", "call.logged 1001 result")
			s.write("1001", "result", "open", "note", "in the talk")
			next.hangup()
			s.rest("1001")
			s.wrote(next, "1001 note=in the talk", "1001 result=open")
		},
	},
	{
		// Nobody is kept for ever: the leader is told, and may let the agent go.
		name: "agent/log-waived", rows: []string{"ACD-10"}, centre: logging(0),
		play: func(s *stage) {
			s.ready("1001")
			c, a := s.serves("13800000001", "1001")
			c.hangup()
			a.ended()
			s.agent("1001", routing.NotReadyIn, routing.PauseLog)
			s.standing("1001", "told of", func(a center.AgentView) bool { return len(a.Owes) == 1 && a.Owes[0].Late })
			s.told(c, "alert.leader 1001 ACD-10 log-missing")
			s.do("POST", "/agents/1001/force", with("to", "READY", "why", "the form is out of order"))
			s.agent("1001", routing.ReadyState)
			s.told(c, "log.waived 1001")
			s.wrote(c)
			c, a = s.serves("13800000002", "1001")
			s.write("1001", "result", "solved", "note", "x")
			s.over(c, a)
		},
	},
}
