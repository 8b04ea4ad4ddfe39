package norms

import (
	"container/heap"
	"slices"

	"github.com/huawu/huawu/fact"
)

// Watch keeps the norms of one tenant. It belongs to one writer; what it returns
// shares nothing with it.
type Watch struct {
	now    fact.Instant
	offset int64 // wall minus steady time in milliseconds, as the last fact had it
	plan   Plan
	policy policy
	talks  map[fact.CallID]*talk
	// affairs are what agents do outside of calls, as far as a rule keeps some.
	affairs map[fact.AgentID]*talk
	alarms  alarms
	out     []Effect
	tally   []fact.NormCount // of the step under way
}

// New is a watch that knows the rules as they come, and no call.
func New() *Watch {
	w := &Watch{talks: map[fact.CallID]*talk{}, affairs: map[fact.AgentID]*talk{}}
	w.policy = w.plan.read()
	return w
}

// keeper is how a rule is kept. hear is told every fact of the kinds that the
// keeper hears; due is told when an alarm of its own goes off.
type keeper struct {
	rule  string
	hears []fact.Kind
	hear  func(m matter, e *fact.Event)
	due   func(m matter, a *alarm)
}

// keepers are those of all chapters.
var keepers = slices.Concat(
	answeringKeepers, outboundKeepers, waitingKeepers, queryKeepers, hearingKeepers, speechKeepers, endingKeepers, transferKeepers, shiftKeepers, privacyKeepers,
)

// listener is a keeper with the place of its rule.
type listener struct {
	*keeper
	rule place
}

// hearing are the keepers of each kind of fact, in their order; waking are those
// of each rule.
var hearing, waking = func() (map[fact.Kind][]listener, map[place]*keeper) {
	hears, wakes := map[fact.Kind][]listener{}, map[place]*keeper{}
	for i := range keepers {
		k := &keepers[i]
		at := places[k.rule]
		wakes[at] = k
		for _, kind := range k.hears {
			hears[kind] = append(hears[kind], listener{k, at})
		}
	}
	return hears, wakes
}()

// Step tells the watch one fact and returns what it wants done, in order. Facts
// of calls that it was not told the beginning of count for nothing.
func (w *Watch) Step(e fact.Event) []Effect {
	w.now, w.out = max(w.now, e.At), nil
	w.offset = e.Wall - int64(e.At)
	t := w.talk(&e)
	if t == nil || !t.Talking && slices.Contains(ofTalks, e.Kind) {
		return nil
	}
	if t.Call != "" {
		queue := t.Queue
		t.begins(&e)
		t.talks(&e)
		if t.Queue != queue {
			t.rules = w.policy.of(t.Queue)
		}
	}
	for _, l := range hearing[e.Kind] {
		if m := (matter{w, t, l.rule}); m.mode() != Off {
			l.hear(m, &e)
		}
	}
	if t.Call != "" {
		t.ends(&e)
		t.falls(&e)
		w.listens(t)
	}
	if e.Kind == fact.CallEnded {
		w.close(t)
	}
	if t.Call == "" {
		w.forget(t.Agent)
	}
	return w.said()
}

// ofTalks are the facts that are no agent's outside a talk: callers speak in flows,
// too, and hear scenes there.
var ofTalks = []fact.Kind{fact.TalkStarted, fact.TalkStopped, fact.SceneBegan, fact.SceneEnded}

// talk is what a fact is about, nil if no rule hears of it.
func (w *Watch) talk(e *fact.Event) *talk {
	switch {
	case e.Call != "":
		t := w.talks[e.Call]
		if t == nil && e.Kind == fact.CallOffered {
			t = &talk{Call: e.Call, Direction: fact.Direction(e.Reason), Agent: e.Agent, rules: w.policy.tenant}
			if t.Number = digits(e.From); t.Direction == fact.Outbound {
				t.Number = digits(e.To)
			}
			t.Legs = append(make([]leg, 0, 2), leg{ID: e.Leg, Agent: e.Agent})
			w.talks[e.Call] = t
		}
		if t != nil {
			return t
		}
	}
	// What an agent does after a call is the agent's own affair.
	if e.Agent == "" || !slices.Contains(personal, e.Kind) {
		return nil
	}
	return w.affair(e.Agent)
}

// personal are the facts that are agents' own affairs, outside of calls.
var personal = []fact.Kind{fact.AgentState, fact.AgentRequest, fact.AlertAgent, fact.AlertLeader, fact.CallLogged, fact.LogWaived}

// affair is an agent's own affairs; forget drops them if nothing of them is kept.
func (w *Watch) affair(agent fact.AgentID) *talk {
	t := w.affairs[agent]
	if t == nil {
		t = &talk{Agent: agent, rules: w.policy.of("")}
		w.affairs[agent] = t
	}
	return t
}

func (w *Watch) forget(agent fact.AgentID) {
	if t := w.affairs[agent]; t != nil && t.idle() {
		delete(w.affairs, agent)
	}
}

// wall is the wall clock now, in milliseconds of the epoch.
func (w *Watch) wall() int64 { return int64(w.now) + w.offset }

// close forgets a call that is over, and everything of it.
func (w *Watch) close(t *talk) {
	for len(t.Alarms) > 0 {
		w.stop(t, t.Alarms[0])
	}
	for len(t.Breaches) > 0 {
		w.mend(t, t.Breaches[0], true)
	}
	delete(w.talks, t.Call)
}

// Next is when Tick must be called if nothing else happens.
func (w *Watch) Next() (fact.Instant, bool) {
	if len(w.alarms) == 0 {
		return 0, false
	}
	return w.alarms[0].Due, true
}

// Tick lets alarms that are due go off.
func (w *Watch) Tick(now fact.Instant) []Effect {
	w.now, w.out = max(w.now, now), nil
	for len(w.alarms) > 0 && w.alarms[0].Due <= w.now {
		a := heap.Pop(&w.alarms).(*alarm)
		t := a.talk
		t.Alarms = slices.DeleteFunc(t.Alarms, func(o *alarm) bool { return o == a })
		if k := waking[a.Rule]; k != nil && k.due != nil {
			if m := (matter{w, t, a.Rule}); m.mode() != Off {
				k.due(m, a)
			}
		}
		if t.Call == "" {
			w.forget(t.Agent)
		}
	}
	return w.said()
}

// Configure puts another plan in force. Alarms that run keep their end; what is
// off is broken by nobody.
func (w *Watch) Configure(now fact.Instant, p Plan) []Effect {
	w.now, w.out = max(w.now, now), nil
	w.plan, w.policy = p, p.read()
	for _, t := range w.all() {
		t.rules = w.policy.of(t.Queue)
		w.listens(t)
		for _, b := range slices.Clone(t.Breaches) {
			if t.rules[b.Rule].mode == Off {
				w.mend(t, b, false)
			}
		}
		if t.Call == "" {
			w.forget(t.Agent)
		}
	}
	return w.said()
}

// all are the talks and affairs, in order.
func (w *Watch) all() []*talk {
	return slices.Concat(ordered(w.talks), ordered(w.affairs))
}
