package norms

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// held checks what must be true after every step: whatever runs or is broken is
// of a call that goes on, or of an agent, and the heap is in order.
func (d *trial) held() {
	d.t.Helper()
	w, running := d.w, 0
	for id, t := range w.talks {
		if t.Call != id || len(t.rules) != len(Rules) {
			d.t.Fatalf("%s is kept as %s", t.Call, id)
		}
	}
	for id, t := range w.affairs {
		if t.Agent != id || t.Call != "" || t.idle() {
			d.t.Fatalf("of agent %s nothing is to be kept: %+v", id, t)
		}
	}
	for _, t := range w.all() {
		running += len(t.Alarms)
		for i, a := range t.Alarms {
			if a.talk != t || a.place < 1 || w.alarms[a.place-1] != a {
				d.t.Fatalf("an alarm of %s is not in the heap: %+v", t.Call, a)
			}
			if slices.ContainsFunc(t.Alarms[:i], func(o *alarm) bool { return o.Rule == a.Rule && o.Step == a.Step && o.Agent == a.Agent }) {
				d.t.Fatalf("two alarms of %s are one: %+v", t.Call, a)
			}
		}
		for i, b := range t.Breaches {
			if t.rules[b.Rule].mode == Off {
				d.t.Fatalf("%s is off and broken", Rules[b.Rule].ID)
			}
			if slices.ContainsFunc(t.Breaches[:i], func(o *breach) bool { return o.Rule == b.Rule && o.Agent == b.Agent }) {
				d.t.Fatalf("two breaches of %s are one: %+v", t.Call, b)
			}
		}
		if (t.Held != 0) != (len(t.Holds) > 0) {
			d.t.Fatalf("%s is on hold since %d by %v", t.Call, t.Held, t.Holds)
		}
	}
	if running != len(w.alarms) {
		d.t.Fatalf("%d alarms run, %d are of a call or an agent", len(w.alarms), running)
	}
	for i := range w.alarms {
		if i > 0 && w.alarms.Less(i, (i-1)/2) {
			d.t.Fatalf("the heap is out of order at %d", i)
		}
	}
}

// life is a call that goes as calls go; model is all that happened in it, and
// when.
type life struct {
	id    fact.CallID
	dir   fact.Direction
	agent fact.AgentID
	stage string
	held  bool
	model []fact.Event
}

// next is what may happen next in a call, one of it by chance.
func (l *life) next(r *rand.Rand) fact.Event {
	caller, agent := fact.LegID("sw/in-"+l.id), "sw/"+fact.LegID(l.agent)+"-"+fact.LegID(l.id)
	offer := fact.OfferID(string(l.id) + "-t1-o" + string(l.agent))
	pick := func(all ...fact.Event) fact.Event { return all[r.IntN(len(all))] }
	end := fact.Event{Kind: fact.CallEnded}
	switch l.stage {
	case "":
		l.stage = "new"
		if l.dir == fact.Outbound {
			return fact.Event{Kind: fact.CallOffered, Leg: agent, Agent: l.agent, To: "13800138000", Reason: string(l.dir)}
		}
		return fact.Event{Kind: fact.CallOffered, Leg: caller, From: "13800138000", Reason: string(l.dir)}
	case "new":
		if l.dir == fact.Outbound {
			l.stage = "made"
			return fact.Event{Kind: fact.LegCreated, Leg: caller}
		}
		l.stage = "waits"
		return pick(fact.Event{Kind: fact.QueueJoined, Queue: "sales"}, fact.Event{Kind: fact.QueueJoined, Queue: "support"})
	case "waits":
		e := pick(fact.Event{Kind: fact.LegCreated, Leg: agent, Agent: l.agent, Offer: offer}, fact.Event{Kind: fact.QueueLeft, Reason: "abandoned"})
		l.stage = map[fact.Kind]string{fact.LegCreated: "made", fact.QueueLeft: "left"}[e.Kind]
		return e
	case "made":
		l.stage = "rings"
		if l.dir == fact.Outbound {
			return fact.Event{Kind: fact.LegRinging, Leg: caller}
		}
		return fact.Event{Kind: fact.LegRinging, Leg: agent, Agent: l.agent, Offer: offer}
	case "rings":
		if l.dir == fact.Outbound {
			e := pick(fact.Event{Kind: fact.LegAnswered, Leg: caller}, fact.Event{Kind: fact.LegHangup, Leg: agent, Agent: l.agent, By: fact.ByAgent, Cause: 16})
			l.stage = map[fact.Kind]string{fact.LegAnswered: "talks", fact.LegHangup: "left"}[e.Kind]
			return e
		}
		e := pick(fact.Event{Kind: fact.LegAnswered, Leg: agent, Agent: l.agent, Offer: offer}, fact.Event{Kind: fact.QueueMissed, Agent: l.agent, Reason: "no-answer"},
			fact.Event{Kind: fact.QueueMissed, Agent: l.agent, Reason: "withdrawn"})
		l.stage = map[fact.Kind]string{fact.LegAnswered: "answered", fact.QueueMissed: "missed"}[e.Kind]
		return e
	case "missed":
		l.stage = "waits"
		e := fact.Event{Kind: fact.LegHangup, Leg: agent, Agent: l.agent, Offer: offer, By: fact.BySystem}
		l.agent += "x" // somebody else
		return e
	case "answered":
		l.stage = "talks"
		return fact.Event{Kind: fact.QueueConnected, Queue: "sales", Agent: l.agent, Millis: r.Int64N(90_000)}
	case "talks":
		if l.held {
			l.held = false
			return pick(fact.Event{Kind: fact.HoldOff, Leg: caller, Agent: l.agent}, fact.Event{Kind: fact.HoldOff, Leg: caller, Agent: l.agent})
		}
		e := pick(fact.Event{Kind: fact.HoldOn, Leg: caller, Agent: l.agent}, fact.Event{Kind: fact.LegHangup, Leg: caller, By: fact.ByCaller, Cause: 16},
			fact.Event{Kind: fact.CallParted, Leg: agent, Agent: l.agent, By: fact.ByAgent, Reason: "hangup"})
		l.held = e.Kind == fact.HoldOn
		switch e.Kind {
		case fact.LegHangup:
			l.stage = "left"
		case fact.CallParted:
			l.stage = "parted"
		}
		return e
	case "parted":
		l.stage = "left"
		return fact.Event{Kind: fact.LegHangup, Leg: agent, Agent: l.agent, By: fact.ByAgent, Cause: 16}
	}
	l.stage = "over"
	return end
}

// broken is what is broken in a call by all that happened in it: the rules told
// anew, without clocks.
func (l *life) broken(now fact.Instant) []string {
	var all []string
	say := func(rule string, agent fact.AgentID) { all = append(all, fmt.Sprintf("%s %s %s", rule, l.id, agent)) }
	joined, held, talk, rang, rung := fact.Instant(0), fact.Instant(0), fact.Instant(0), fact.Instant(0), map[fact.AgentID]bool{}
	var agent fact.AgentID
	for _, e := range l.model {
		switch e.Kind {
		case fact.QueueJoined:
			joined = e.At
		case fact.QueueLeft:
			joined = 0
		case fact.LegRinging:
			rang, agent = e.At, e.Agent
		case fact.LegAnswered:
			if rang = 0; e.Offer == "" {
				talk, agent = e.At, l.agent
			}
			delete(rung, e.Agent)
		case fact.QueueMissed:
			if e.Reason == "no-answer" || e.At-rang >= 15_000 {
				rung[e.Agent] = true
			}
			rang = 0
		case fact.QueueConnected:
			joined, talk, agent, rung = 0, e.At, e.Agent, map[fact.AgentID]bool{}
		case fact.HoldOn:
			held = e.At
		case fact.HoldOff:
			held = 0
		case fact.CallParted:
			say("RUL-END-1", e.Agent)
		case fact.LegHangup:
			if l.stage == "left" {
				talk, held, rang = 0, 0, 0
			}
		case fact.CallEnded:
			return nil
		}
	}
	if joined != 0 && now-joined >= 60_000 {
		say("RUL-ANS-4", "")
	}
	if rang != 0 && now-rang >= 15_000 && l.dir == fact.Inbound {
		rung[agent] = true
	}
	for a := range rung { // sorted below
		say("RUL-ANS-1", a)
	}
	if held != 0 && now-held >= 120_000 {
		say("RUL-HLD-7", agent)
	}
	if talk != 0 && l.dir == fact.Outbound && now-talk >= 300_000 {
		say("RUL-OUT-3", agent)
	}
	return all
}

// What is on the board after every step is what follows from all that happened.
func TestTheBoardIsWhatHappened(t *testing.T) {
	watched := []string{"RUL-ANS-1", "RUL-ANS-4", "RUL-HLD-7", "RUL-OUT-3", "RUL-END-1"}
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			d := newTrial(t)
			var lives []*life
			for step := range 300 {
				if len(lives) < 8 && r.IntN(3) == 0 {
					l := &life{id: fact.CallID(fmt.Sprintf("c%03d", step)), dir: fact.Inbound, agent: fact.AgentID(fmt.Sprint(1001 + r.IntN(5)))}
					if r.IntN(3) == 0 {
						l.dir = fact.Outbound
					}
					lives = append(lives, l)
				}
				if len(lives) == 0 {
					continue
				}
				l := lives[r.IntN(len(lives))]
				e := l.next(r)
				e.Call, e.At = l.id, d.now
				l.model = append(l.model, e)
				d.hear(e)
				if l.stage == "over" {
					lives = slices.DeleteFunc(lives, func(o *life) bool { return o == l })
				}
				d.pass(time.Duration(r.IntN(20_000)) * time.Millisecond)
				d.held()
				var want, got []string
				for _, l := range lives {
					want = append(want, l.broken(d.now)...)
				}
				for _, b := range d.w.Board() {
					if slices.Contains(watched, b.Rule) {
						got = append(got, fmt.Sprintf("%s %s %s", b.Rule, b.Call, b.Agent))
					}
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("step %d, after %s of %s:\ngot  %v\nwant %v\nof %+v", step, e.Kind, l.id, got, want, l.model)
				}
			}
		})
	}
}

// Facts in any order, of any kind, of calls known or not, leave no clock behind.
func TestWildFacts(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			d := newTrial(t)
			legs := []fact.LegID{"", "sw/1", "sw/2", "sw/3"}
			agents := []fact.AgentID{"", "1001", "1002"}
			reasons := []string{"", "inbound", "outbound", "no-answer", "blind", "attended", "overrun", "log-missing"}
			for range 500 {
				e := fact.Event{
					Kind: fact.Kinds[r.IntN(len(fact.Kinds))], Leg: legs[r.IntN(len(legs))], Agent: agents[r.IntN(len(agents))],
					Reason: reasons[r.IntN(len(reasons))], Name: []string{"", "RUL-TRF-1", "RUL-LEV-1", "consult"}[r.IntN(4)],
					Cause: []int{0, 16, 38}[r.IntN(3)], By: []fact.Party{fact.ByAgent, fact.ByCaller, fact.BySystem}[r.IntN(3)],
					To: []string{"", "1002", "granted", "13800138000"}[r.IntN(4)], Millis: r.Int64N(400_000),
				}
				if r.IntN(5) > 0 {
					e.Call = fact.CallID(fmt.Sprintf("c%d", r.IntN(5)))
				}
				if r.IntN(2) == 0 {
					e.Offer = "o"
				}
				d.hear(e)
				d.pass(time.Duration(r.IntN(30_000)) * time.Millisecond)
				d.held()
			}
			for id := range d.w.talks {
				d.hear(fact.Event{Kind: fact.CallEnded, Call: id})
			}
			d.pass(24 * time.Hour)
			d.held()
			if len(d.w.talks) > 0 || len(d.w.alarms) > 0 {
				t.Errorf("%d calls and %d clocks are left", len(d.w.talks), len(d.w.alarms))
			}
			for _, b := range d.w.Board() {
				if b.Call != "" {
					t.Errorf("%+v is on the board", b)
				}
			}
		})
	}
}

// BenchmarkStep is a fact of one of 500 calls that go on, each with clocks that
// run and a breach on the board.
func BenchmarkStep(b *testing.B) {
	w, now := New(), began
	hear := func(e fact.Event) {
		e.At, e.Wall = now, int64(now)+offset
		w.Step(e)
	}
	caller := func(i int) (fact.CallID, fact.LegID) {
		return fact.CallID(fmt.Sprintf("c%03d", i)), fact.LegID(fmt.Sprintf("sw/in-%03d", i))
	}
	for i := range 500 {
		id, leg := caller(i)
		agent := fact.AgentID(fmt.Sprint(1000 + i))
		hear(fact.Event{Kind: fact.CallOffered, Call: id, Leg: leg, Reason: string(fact.Inbound)})
		hear(fact.Event{Kind: fact.QueueJoined, Call: id, Queue: "sales"})
		hear(fact.Event{Kind: fact.LegCreated, Call: id, Leg: "sw/" + fact.LegID(agent), Agent: agent, Offer: "o"})
		hear(fact.Event{Kind: fact.QueueConnected, Call: id, Queue: "sales", Agent: agent})
		hear(fact.Event{Kind: fact.TransferDenied, Call: id, Agent: agent, Reason: "RUL-TRF-1"})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id, leg := caller(i % 500)
		kind := fact.HoldOn
		if i/500%2 == 1 {
			kind = fact.HoldOff
		}
		now++
		hear(fact.Event{Kind: kind, Call: id, Leg: leg, Agent: "1001"})
	}
}
