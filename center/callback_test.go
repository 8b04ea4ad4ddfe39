package center

import (
	"testing"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// calls has agents 1001 and 1002 make callbacks of sales by themselves, by a
// trunk that takes every number, at any hour.
func calls(c *Config) {
	owes(c)
	c.Callbacks = callback.Policy{Dial: callback.AgentFirst, Windows: []string{"daily 00:00-24:00"}}
	c.Unrecorded = true
	c.Trunks = []Trunk{{ID: "a", Endpoint: "PJSIP/{number}@a", Number: "95000"}, {ID: "b", Endpoint: "PJSIP/{number}@b", Number: "95001"}}
	c.Routes = []Route{{ID: "all", Trunks: []string{"a", "b"}}}
}

// owed has somebody enter a callback, and is what rings at once then.
func (d *desk) enters(b callback.Callback) {
	d.t.Helper()
	b.State, b.Source, b.Queue, b.Asked = callback.Open, callback.FromPeople, "sales", int64(d.now)
	b.Revision = d.c.book.Revision() + 1
	d.ask(TellCallbacks{Callbacks: []callback.Callback{b}})
	if at, ok := d.c.nextCallback(); ok && at <= d.now {
		d.step(Tick{})
	}
}

// tries are what the store is told of attempts by the last input.
func (d *desk) tries() (all []fact.CallbackTry) {
	for _, e := range d.out {
		if t, ok := e.(AddTry); ok {
			all = append(all, t.Try)
		}
	}
	return all
}

// reached has an agent's phone answer, and is the leg of the number that is dialled.
func (d *desk) reached(agent fact.LegID, number string) fact.LegID {
	d.t.Helper()
	d.hear(media.LegRinging{Leg: agent})
	d.hear(media.LegAnswered{Leg: agent})
	return d.wants(number)
}

// together has two legs talk.
func (d *desk) together(agent, far fact.LegID) {
	d.t.Helper()
	room := d.c.of(agent).call.Room
	d.hear(media.LegRinging{Leg: far})
	d.hear(media.LegAnswered{Leg: far})
	for _, leg := range []fact.LegID{agent, far} {
		d.hear(media.Joined{Leg: leg, Room: room})
	}
	if phase := d.c.of(agent).call.Phase; phase != call.InTalk {
		d.t.Fatalf("the call is %s", phase)
	}
}

func TestACallbackIsMade(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000", Name: "王"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	if a, _ := d.c.acd.Agent("1001"); a.State != routing.OfferedState {
		t.Errorf("1001 is %s", a.State)
	}
	far := d.reached(agent, "PJSIP/13800138000@a as 95000")
	if all := d.tries(); len(all) != 1 || all[0].Attempts != 1 || all[0].Stage != string(callback.Calling) || all[0].Ended != 0 || all[0].Agent != "1001" {
		t.Errorf("%+v", all)
	}
	if a, _ := d.c.acd.Agent("1001"); a.State != routing.Talking {
		t.Errorf("1001 is %s", a.State)
	}
	if !d.told(fact.CallbackDialled) || !d.told(fact.QueueConnected) {
		t.Errorf("%+v", d.out)
	}
	d.together(agent, far)
	d.now += 5000
	d.ends(agent, 16)
	d.ends(far, 16)
	if r := d.record(); r.Direction != fact.Outbound || r.To != "13800138000" || r.Agent != "1001" || r.Queue != "sales" || r.Ending.Reason != fact.ReasonCompleted {
		t.Errorf("%+v", r)
	}
	all := d.tries()
	if len(all) != 1 || all[0].State != string(callback.Done) || all[0].Outcome != string(callback.Answered) || all[0].By != "1001" || all[0].Ended == 0 || !d.told(fact.CallbackDone) {
		t.Errorf("%+v", all)
	}
	if a, _ := d.c.acd.Agent("1001"); a.State != routing.WrapUpState && a.State != routing.ReadyState || d.c.book.Open() != 0 || len(d.c.lined)+len(d.c.calls) != 0 {
		t.Errorf("1001 is %s, %d open", a.State, d.c.book.Open())
	}
}

// Who lets it ring has tried nothing: the number was not dialled, and the
// callback goes to another agent as if it had waited all the time.
func TestWhoLetsACallbackRingHasTriedNothing(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	d.hear(media.LegRinging{Leg: agent})
	d.ends(agent, 21)
	if r := d.record(); r.Ending.Fault != fact.FaultAgent || r.Ending.Reason != fact.ReasonRejected {
		t.Errorf("%+v", r)
	}
	if len(d.tries()) != 0 {
		t.Errorf("%+v", d.tries())
	}
	if at, ok := d.c.nextCallback(); !ok || at != d.now.Add(time.Second) {
		t.Errorf("next at %d, now %d", at, d.now)
	}
	d.now += 1000
	d.step(Tick{})
	other := d.wants("PJSIP/1002 as 13800138000")
	// The agent's phone cannot even be made.
	d.hear(media.CommandFailed{Of: "Create", Leg: other, Failure: media.FailRefused, Message: "no such endpoint"})
	if d.record().Ending.Reason != fact.ReasonUnreachable {
		t.Errorf("%+v", d.out)
	}
	b, _, _ := d.c.book.Get("cb-1")
	if b.Attempts != 0 || b.Stage != callback.Waiting || len(d.c.contacts) != 0 {
		t.Errorf("%+v, %d calls", b, len(d.c.contacts))
	}
}

// One in line leaves it when it is cancelled, and whose phone rings stops.
func TestACancelledCallbackLeavesTheLine(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	d.hear(media.LegRinging{Leg: agent})
	d.ask(ReportCallback{Callback: "cb-1", State: callback.Cancelled, By: "lily", Revision: 9})
	hung := false
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			h, is := s.Command.(media.Hangup)
			hung = hung || is && h.Leg == agent
		}
	}
	if !hung || d.c.book.Open() != 0 || !d.told(fact.CallbackCancelled) || d.c.View().CallbackRevision != 9 {
		t.Errorf("%+v", d.out)
	}
	d.ends(agent, 16)
	if a, _ := d.c.acd.Agent("1001"); a.State == routing.OfferedState || len(d.c.contacts) != 0 {
		t.Errorf("1001 is %s", a.State)
	}
}

// The next trunk is tried as of a number that an agent has dialled; what the
// line says in the end is the outcome, and the interval counts from the attempt.
func TestOutcomesOfCallbacks(t *testing.T) {
	for cause, want := range map[int]callback.Outcome{17: callback.Busy, 19: callback.NoAnswer, 21: callback.Rejected, 1: callback.Unreachable} {
		d := newDesk(t, calls)
		d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
		far := d.reached(d.wants("PJSIP/1001 as 13800138000"), "PJSIP/13800138000@a as 95000")
		began := d.c.now.Wall().UnixMilli()
		d.now += 3000
		d.ends(far, cause)
		agent := fact.LegID("")
		for _, l := range d.c.ordered()[0].call.Legs {
			if l.Agent == "1001" {
				agent = l.ID
			}
		}
		d.ends(agent, 16)
		all := d.tries()
		if len(all) != 1 || all[0].Outcome != string(want) || all[0].State != string(callback.Open) || all[0].Began != began || all[0].Next <= began+59_000 {
			t.Errorf("%d: %+v, want %s", cause, all, want)
		}
		if at, ok := d.c.Next(); !ok || want == callback.NoAnswer && at > d.now.Add(30*time.Minute) {
			t.Errorf("%d: next at %d", cause, at)
		}
	}
}

// After a crash an attempt whose leg is gone is uncertain: it may have been
// answered, so no other trunk is tried, and nobody is called within the interval.
func TestAnAttemptOfUnknownFateIsUncertain(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	d.reached(agent, "PJSIP/13800138000@a as 95000")
	began := d.c.now.Wall().UnixMilli()
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.now += 4000
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: agent, State: media.LegUp, Endpoint: "PJSIP/1001"}}})
	if leg, as := d.rings(); leg != "" {
		t.Fatalf("dialled again: %s", as)
	}
	d.ends(agent, 16)
	all := d.tries()
	if len(all) != 1 || all[0].Outcome != string(callback.Uncertain) || all[0].Next != began+15*60_000 {
		t.Fatalf("%+v", all)
	}
	d.now += 14 * 60_000
	d.step(Tick{})
	if leg, as := d.rings(); leg != "" {
		t.Errorf("called within its interval: %s", as)
	}
	// The agent's own leg is gone, too: nobody knows.
	d = newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	d.reached(d.wants("PJSIP/1001 as 13800138000"), "PJSIP/13800138000@a as 95000")
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.now += 1000
	d.hear(media.Up{Switch: "sw"})
	if all := d.tries(); len(all) != 1 || all[0].Outcome != string(callback.Uncertain) {
		t.Errorf("%+v", all)
	}
	if a, _ := d.c.acd.Agent("1001"); a.State == routing.Talking {
		t.Error("1001 talks to nobody")
	}
}

// A phone that rang when the process died goes on ringing, and one that is gone
// was no attempt.
func TestAnAgentIsRungOverACrash(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	d.hear(media.LegRinging{Leg: agent})
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.now += 1000
	d.hear(media.Up{Switch: "sw", Legs: []media.LegInfo{{Leg: agent, State: media.LegUp, Endpoint: "PJSIP/1001"}}})
	d.wants("PJSIP/13800138000@a as 95000")
	d = newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	d.wants("PJSIP/1001 as 13800138000")
	d.hear(media.Down{Switch: "sw"})
	d.step(Booted{Epoch: "e2", Switches: []string{"sw"}})
	d.now += 1000
	d.hear(media.Up{Switch: "sw"})
	if b, _, _ := d.c.book.Get("cb-1"); b.Attempts != 0 || len(d.tries()) != 0 {
		t.Errorf("%+v", b)
	}
	d.now += 1000
	d.step(Tick{})
	d.wants("PJSIP/1002 as 13800138000")
}

// The windows are asked again when the agent has picked up.
func TestNobodyIsDialledWhoseWindowHasClosed(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		calls(c)
		c.Callbacks.Windows = []string{"daily 00:00-00:01"}
	})
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	d.hear(media.LegRinging{Leg: agent})
	d.now = 60_000
	d.hear(media.LegAnswered{Leg: agent})
	if leg, as := d.rings(); leg != "" {
		t.Errorf("dialled %s", as)
	}
	d.ends(agent, 16)
	if b, p, _ := d.c.book.Get("cb-1"); b.Attempts != 0 || b.Stage != callback.Waiting || p.Late {
		t.Errorf("%+v, %+v", b, p)
	}
	if at, ok := d.c.nextCallback(); !ok || at != 24*60*60_000 {
		t.Errorf("next at %d", at)
	}
}

// Callers and callbacks are served in one order: by how long they have waited.
func TestCallbacksAndCallersAreOneLine(t *testing.T) {
	for waited, want := range map[int64]string{30_000: "PJSIP/1001 as 13800138000", 500: "PJSIP/1001 as 13800000001"} {
		d := newDesk(t, func(c *Config) {
			calls(c)
			c.Numbers = append(c.Numbers, Number{Number: "4003", Flow: "f"})
		})
		d.now += 60_000
		for _, id := range []fact.AgentID{"1001", "1002"} {
			d.ask(NotReady{Agent: id, Reason: routing.PauseBreak})
		}
		d.greeted(d.arrive("PJSIP/out", "13800000001", "4003"))
		d.now += 1000
		d.enters(callback.Callback{ID: "cb-1", Number: "13800138000", Joined: int64(d.now) - waited})
		d.now += 1000
		for _, w := range d.c.View().Queues[0].Waiting {
			if (w.Callback == "cb-1") != (w.From == "13800138000") || w.From == "" {
				t.Errorf("%+v", w)
			}
		}
		d.ask(Ready{Agent: "1001"})
		if _, as := d.rings(); as != want {
			t.Errorf("having waited %d ms: first %s, want %s", waited, as, want)
		}
	}
}

// Asked for twice it is one callback.
func TestACallbackAskedForTwiceIsOne(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		calls(c)
		c.Callbacks.Dial = callback.Manual
	})
	_, b := d.asks("13800138000")
	d.step(Stored{Callback: b.ID})
	leg := d.arrive("PJSIP/out", "13800138000", "4001")
	if all := d.keeps(); len(all) != 0 || !d.told(fact.CallbackMerged) || d.c.book.Open() != 1 {
		t.Fatalf("a second one: %+v", all)
	}
	d.at(leg, "yes")
	// By hand it is called, and not by itself.
	if leg, as := d.rings(); leg != "" {
		t.Errorf("dialled %s", as)
	}
	d.ask(RunCallback{Callback: b.ID})
	d.step(Tick{})
	d.wants("PJSIP/1001 as 13800138000")
	if err := d.try(MarkCallback{Callback: b.ID, Outcome: callback.Machine}); err == nil {
		t.Error("said of one that is not called yet")
	}
}

// Who asks while being called has not been answered by that call: it is another
// callback, made after it.
func TestACallbackAskedForWhileCalledIsAnother(t *testing.T) {
	d := newDesk(t, calls)
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	agent := d.wants("PJSIP/1001 as 13800138000")
	far := d.reached(agent, "PJSIP/13800138000@a as 95000")
	_, b := d.asks("13800138000")
	d.step(Stored{Callback: b.ID})
	if d.c.book.Open() != 2 {
		t.Fatalf("%d are owed", d.c.book.Open())
	}
	d.together(agent, far)
	d.now += 5000
	d.ends(agent, 16)
	d.ends(far, 16)
	if !d.told(fact.CallbackDone) || d.c.book.Open() != 1 {
		t.Errorf("%d are owed, %+v", d.c.book.Open(), d.out)
	}
	if one, _, ok := d.c.book.Get(b.ID); !ok || one.State != callback.Open {
		t.Errorf("%+v", one)
	}
}

// While no switch can be seen nobody is rung, and the centre is not kept busy by
// what it cannot do.
func TestCallbacksWaitForASwitch(t *testing.T) {
	d := newDesk(t, calls)
	d.hear(media.Down{Switch: "sw"})
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	if leg, as := d.rings(); leg != "" {
		t.Errorf("rings %s", as)
	}
	at, ok := d.c.nextCallback()
	if !ok || at != d.now.Add(30*time.Second) {
		t.Fatalf("next at %d, now %d", at, d.now)
	}
	d.hear(media.Up{Switch: "sw"})
	d.now = at
	d.step(Tick{})
	d.wants("PJSIP/1001 as 13800138000")
}

// A queue that rings all phones rings one for a callback, and goes on ringing it.
func TestACallbackRingsOnePhoneOfAll(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		calls(c)
		c.ACD.Queues[0].Distribution = routing.RingAll
	})
	d.enters(callback.Callback{ID: "cb-1", Number: "13800138000"})
	made := map[fact.LegID]bool{}
	for _, e := range d.out {
		if s, ok := e.(Send); ok {
			switch m := s.Command.(type) {
			case media.Create:
				made[m.Leg] = true
			case media.Hangup:
				delete(made, m.Leg)
			}
		}
	}
	if len(made) != 1 || len(d.c.contacts) != 1 || len(d.c.lined) != 1 {
		t.Fatalf("%d phones ring for %d calls", len(made), len(d.c.contacts))
	}
	for leg := range made {
		d.reached(leg, "PJSIP/13800138000@a as 95000")
	}
}
