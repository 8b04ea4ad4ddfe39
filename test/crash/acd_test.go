//go:build asterisk

package crash

import (
	"net/url"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

// acd are the situations that queues have of their own.
func acd() []State {
	return []State{
		&ringingAll{desk: desk{name: "ringing-all", seats: 2, rules: "distribution: ring-all"}},
		&wrappingUp{desk: desk{name: "extended", seats: 1, wrapUp: 2 * time.Second}, longer: 4 * time.Second},
		&pausedQueue{desk: desk{name: "paused-queue", seats: 1, queues: []string{"{id: closed-queue}"}}},
		&aside{desk: desk{name: "aside", flows: asideFlow, numbers: []center.Number{{Number: asideNumber, Flow: "crash-aside"}}}},
		&relaxed{desk: desk{name: "relaxed", seats: 1, rules: "needs: 'rare>=50', relax: [{after: 1s, needs: 'rare>=20'}]"}},
		&preferring{desk: desk{name: "preferring", seats: 2, rules: "prefer_hold: 60s", flows: preferFlow,
			numbers: []center.Number{{Number: preferNumber, Flow: "crash-prefer"}}}},
	}
}

// ringingAll is a caller for whom two phones ring at once: they ring on under
// the same offers, and the first to answer silences the other.
type ringingAll struct {
	desk
	caller *party
	called [2]*party
}

func (s *ringingAll) Begin(f *floor) {
	for _, a := range s.agents {
		f.signIn(a)
	}
}

func (s *ringingAll) Prepare(k *kill) {
	for _, a := range s.agents {
		k.untilAgent(a, "READY")
	}
	s.caller = k.dial(s.number)
	for i, a := range s.agents {
		s.called[i] = k.rung(a)
	}
	k.untilCall(s.caller, center.CallRinging)
	for _, a := range s.agents {
		k.untilAgent(a, "OFFERED")
	}
}

func (s *ringingAll) After(k *kill) {
	k.callStays(s.caller.from, center.CallRinging)
	for i, a := range s.agents {
		k.agentStays(a, "OFFERED")
		k.check(s.called[i].Alive() && s.called[i].Times().Answered.IsZero(), "phone %d does not ring on", i+1)
	}
	first := k.n % 2
	s.called[first].Answer()
	k.check(k.together(s.caller, s.called[first]), "they do not talk")
	k.check(k.over(s.called[1-first]).Elsewhere, "the other phone is not told that somebody else has answered")
	s.caller.Hangup()
	k.over(s.called[first])
	r := k.record(s.caller)
	same(k, "the agent", s.agents[first].id, r.Agent)
	same(k, "the offers", 2, r.Offers)
}

// pausedQueue is a queue that an operator has paused, with a caller in it and
// an agent who is ready, beside one that is closed: they stay so, and when it
// is opened again the caller is served.
type pausedQueue struct {
	desk
	caller *party
}

func (s *pausedQueue) mode(f *floor, queue fact.QueueID, mode routing.Mode) {
	f.t.Helper()
	f.must(f.Post(f.ctx, "/api/v1/queues/"+url.PathEscape(string(queue))+"/mode", map[string]any{"mode": mode}, nil))
	f.until(string(queue)+" to be "+string(mode), func(v snapshot) bool { return v.queue(queue).Mode == mode })
}

func (s *pausedQueue) Begin(f *floor) {
	s.mode(f, s.queue(), routing.ModePaused)
	s.mode(f, "closed-queue", routing.ModeClosed)
	f.signIn(s.agents[0])
	s.caller = f.dial(s.number)
	f.untilCall(s.caller, center.CallWaiting)
	f.untilAgent(s.agents[0], "READY")
}

func (s *pausedQueue) After(k *kill) {
	same(k, "the mode", routing.ModePaused, k.after.queue(s.queue()).Mode)
	same(k, "the other's mode", routing.ModeClosed, k.after.queue("closed-queue").Mode)
	k.placesStay(&s.desk, 1)
	k.agentStays(s.agents[0], "READY")
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
}

func (s *pausedQueue) End(f *floor) {
	s.agents[0].phone.Behave(phone.AnswerAfter(0))
	s.mode(f, s.queue(), routing.ModeOpen)
	c := f.rung(s.agents[0])
	if !f.together(s.caller, c) {
		f.t.Error("who waited in a paused queue is not served when it opens")
	}
	s.caller.Hangup()
	f.record(s.caller)
}

const asideFlow = `  - id: crash-aside
    nodes:
      - {id: line, enqueue: {queue: aside, next: end, else: end, keys: [{key: 1, next: ask}]}}
      - id: ask
        menu: {prompts: [{file: ask}], timeout: 60s, keys: [{key: 2, next: line}], else: end}
      - {id: end, hangup: {}}
`

const asideNumber = "7103"

// aside is a caller who has left the line by a key to be asked something:
// whoever comes back has the old place.
type aside struct {
	desk
	caller *party
	joined int64
	typed  int
}

func (s *aside) Prepare(k *kill) {
	s.caller = k.dial(asideNumber)
	k.untilCall(s.caller, center.CallWaiting)
	s.joined = k.look("").queue(s.queue()).Waiting[0].Joined
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "no music before the key")
	k.press(s.caller, "1")
	s.typed++
	k.until("the menu", func(v snapshot) bool { return v.call(s.caller.from).Node == "crash-aside/ask" })
}

func (s *aside) After(k *kill) {
	same(k, "the node", "crash-aside/ask", k.callStays(s.caller.from, center.CallInFlow).Node)
	k.press(s.caller, "2")
	s.typed++
	k.untilCall(s.caller, center.CallWaiting)
	line := k.look("").queue(s.queue()).Waiting
	k.check(len(line) == 1 && line[0].Joined == s.joined, "joined at %d; the line is %+v", s.joined, line)
	s.caller.Hangup()
	same(k, "the reason", fact.ReasonAbandoned, k.record(s.caller).Reason)
}

// relaxed is a caller of whom less is asked for already, and who still waits for
// somebody.
type relaxed struct {
	desk
	caller *party
}

func (s *relaxed) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.caller = f.dial(s.number)
	f.until("the first step of relaxation", func(v snapshot) bool {
		w := v.queue(s.queue()).Waiting
		return len(w) == 1 && w[0].Step == 1
	})
}

func (s *relaxed) After(k *kill) {
	k.placesStay(&s.desk, 1)
	for _, t := range k.after.queue(s.queue()).Waiting {
		same(k, "the step", 1, t.Step)
	}
	k.agentStays(s.agents[0], "READY")
}

func (s *relaxed) End(f *floor) {
	s.caller.Hangup()
	f.record(s.caller)
}

const preferFlow = `  - id: crash-prefer
    nodes:
      - id: who
        gather: {variable: who, max: 4, timeout: 60s, prompts: [{file: ask}], next: line, else: end}
      - {id: line, enqueue: {queue: preferring, prefer: who, next: end, else: end}}
      - {id: end, hangup: {}}
`

const preferNumber = "7104"

// preferring is a caller who waits for an agent in a talk while another one is
// ready: so it stays, until the agent is free.
type preferring struct {
	desk
	talks, waits, called *party
	typed                int
}

func (s *preferring) Begin(f *floor) {
	for _, a := range s.agents {
		f.signIn(a)
		a.phone.Behave(phone.AnswerAfter(0))
	}
}

func (s *preferring) Prepare(k *kill) {
	wanted, other := s.agents[0], s.agents[1]
	k.tell(other, "not-ready", map[string]string{"reason": "meeting"})
	k.untilAgent(wanted, "READY")
	s.talks = k.dial(s.number)
	s.called = k.rung(wanted)
	k.untilCall(s.talks, center.CallTalking)
	k.tell(other, "ready", nil)
	s.waits = k.dial(preferNumber)
	k.up(s.waits)
	k.press(s.waits, string(wanted.id))
	s.typed += len(wanted.id)
	k.untilCall(s.waits, center.CallWaiting)
	k.untilAgent(other, "READY")
}

func (s *preferring) After(k *kill) {
	k.placesStay(&s.desk, 1)
	k.agentStays(s.agents[0], "TALKING")
	k.agentStays(s.agents[1], "READY")
	k.check(k.together(s.talks, s.called), "the talk was broken")
	s.talks.Hangup()
	k.over(s.called)
	next := k.rung(s.agents[0])
	k.check(k.together(s.waits, next), "who waits for an agent does not come to the agent")
	s.waits.Hangup()
	k.over(next)
	r := k.record(s.waits)
	same(k, "the agent", s.agents[0].id, r.Agent)
	same(k, "the offers", 1, r.Offers)
	k.record(s.talks)
}
