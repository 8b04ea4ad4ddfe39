//go:build asterisk

package crash

import (
	"net/http"
	"slices"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// standings are what agents are besides ready or not, and whom the list of
// numbers denies.
func standings() []State {
	return []State{
		&asksLeave{desk: desk{name: "leave-asked", seats: 1}},
		&logMissing{desk: desk{name: "log-missing", seats: 1, rules: "log: [{id: result, values: [solved, open], required: true}]"}},
		&served{desk: desk{name: "trainee", seats: 2, rules: "trainees: never", staff: map[int]string{0: "trainee_until: '2099-12-31'"}}},
		&served{desk: desk{name: "handover", seats: 1}, handover: true},
		&denied{desk: desk{name: "denied", flows: deniedFlow}},
	}
}

// asksLeave is an agent whose leave nobody has granted yet.
type asksLeave struct{ desk }

func (s *asksLeave) Begin(f *floor) {
	f.signIn(s.agents[0])
	f.tell(s.agents[0], "not-ready", map[string]any{"reason": routing.PauseLeave})
	f.until("the leave to be asked for", func(v snapshot) bool { return v.agent(s.agents[0].id).Request != nil })
}

func (s *asksLeave) After(k *kill) {
	k.agentStays(s.agents[0], "READY")
	was, is := k.before.agent(s.agents[0].id).Request, k.after.agent(s.agents[0].id).Request
	if k.check(was != nil && is != nil, "asked for was %+v and is %+v", was, is) {
		same(k, "the status", routing.RequestPending, is.Status)
		same(k, "what is asked for", was.Reason, is.Reason)
		same(k, "since when", was.Since, is.Since)
	}
}

func (s *asksLeave) End(f *floor) {
	f.tell(s.agents[0], "approve", nil)
	f.until("the leave to begin", func(v snapshot) bool {
		a := v.agent(s.agents[0].id)
		return a.State == routing.NotReadyIn && a.Reason == routing.PauseLeave
	})
}

// logMissing is an agent who has not written down the last talk, and a caller
// who waits for it.
type logMissing struct {
	desk
	first, next *party
}

func (s *logMissing) Begin(f *floor) {
	a := s.agents[0]
	f.signIn(a)
	a.phone.Behave(phone.AnswerAfter(0))
	s.first = f.dial(s.number)
	c := f.rung(a)
	f.untilCall(s.first, center.CallTalking)
	s.first.Hangup()
	f.over(c)
	f.untilAgent(a, "NOT_READY")
	s.next = f.dial(s.number)
	f.untilCall(s.next, center.CallWaiting)
}

func (s *logMissing) After(k *kill) {
	k.agentStays(s.agents[0], "NOT_READY")
	was, is := k.before.agent(s.agents[0].id), k.after.agent(s.agents[0].id)
	same(k, "the reason", routing.PauseLog, is.Reason)
	if k.check(len(was.Owes) == 1 && len(is.Owes) == 1, "owed was %+v and is %+v", was.Owes, is.Owes) {
		same(k, "the call owed for", was.Owes[0].Call, is.Owes[0].Call)
		same(k, "since when", was.Owes[0].Since, is.Owes[0].Since)
		k.check(slices.Equal(is.Owes[0].Missing, []string{"result"}), "missing is %v", is.Owes[0].Missing)
	}
	k.placesStay(&s.desk, 1)
}

func (s *logMissing) End(f *floor) {
	a := s.agents[0]
	result := map[string]any{"fields": map[string]string{"result": "solved"}}
	f.tell(a, "log", result)
	c := f.rung(a)
	if !f.together(s.next, c) {
		f.t.Errorf("who waited is not served once the log is written")
	}
	f.tell(a, "log", result)
	s.next.Hangup()
	f.over(c)
	f.untilAgent(a, "READY")
	for _, p := range []*party{s.first, s.next} {
		if r := f.record(p); len(r.Log) != 1 || r.Log[0].Value != "solved" {
			f.t.Errorf("the record is %+v", r)
		}
	}
}

// served is a caller who waits before an agent who is offered nothing, being a
// trainee or not on duty yet; in the end an agent serves who may.
type served struct {
	desk
	handover bool
	caller   *party
}

func (s *served) Begin(f *floor) {
	a := s.agents[0]
	if s.handover {
		f.tell(a, "sign-in", map[string]any{"endpoint": "PJSIP/" + a.seat, "handover": true})
	} else {
		f.signIn(a)
	}
	f.untilAgent(a, s.state())
	s.caller = f.dial(s.number)
	f.untilCall(s.caller, center.CallWaiting)
}

func (s *served) state() string {
	if s.handover {
		return "HANDOVER"
	}
	return "READY"
}

func (s *served) After(k *kill) {
	k.agentStays(s.agents[0], s.state())
	same(k, "whether it is a trainee", !s.handover, k.after.agent(s.agents[0].id).Trainee)
	k.callStays(s.caller.from, center.CallWaiting)
	k.placesStay(&s.desk, 1)
}

func (s *served) End(f *floor) {
	a := s.agents[len(s.agents)-1]
	a.phone.Behave(phone.AnswerAfter(0))
	if s.handover {
		f.tell(a, "ready", nil)
	} else {
		f.signIn(a)
	}
	c := f.rung(a)
	if !f.together(s.caller, c) {
		f.t.Errorf("%s: the caller is not served", s.name)
	}
	s.caller.Hangup()
	f.over(c)
	if r := f.record(s.caller); r.Agent != a.id || r.Offers != 1 {
		f.t.Errorf("%s: the record is %+v", s.name, r)
	}
}

const deniedFlow = `  - id: crash-denied
    nodes:
      - id: sorry
        play: {prompts: [{file: ask}], barge_in: false, next: end}
      - {id: end, hangup: {}}
`

// denied is a number that is denied, every second time in the very moment of the
// kill: what was acknowledged holds, and the list says what the centre does.
type denied struct {
	desk
	caller *party
	told   error
}

func (s *denied) path() string { return "/api/v1/callers/" + s.caller.from }

func (s *denied) deny(k *kill) {
	s.told = k.Do(k.ctx, http.MethodPut, s.path()+"/deny", map[string]string{"reason": "abuse"}, nil)
}

func (s *denied) Prepare(k *kill) {
	s.caller = k.caller()
	if k.n%2 == 1 {
		s.deny(k)
		k.must(s.told)
	}
}

func (s *denied) Edge(k *kill) {
	if k.n%2 == 0 {
		s.deny(k)
	}
}

func (s *denied) After(k *kill) {
	var listed struct{ Denied bool }
	err := k.Get(k.ctx, s.path(), &listed)
	if s.told != nil && (err != nil || !listed.Denied) {
		k.note("lost")
		s.deny(k)
		k.must(s.told)
	} else {
		k.note("listed")
		k.check(err == nil && listed.Denied, "what was acknowledged is not on the list: %+v, %v", listed, err)
	}
	c, err := s.caller.phone.Dial(s.number, phone.Ask{})
	k.must(err)
	s.caller.Call = c
	k.check(k.sings(s.caller, askTone, enough, time.Since(k.at)), "who is denied is not told so: %s", k.story(s.caller))
	k.check(!k.over(s.caller).Here, "the flow does not end the call")
	r := k.record(s.caller)
	same(k, "the flow", "crash-denied", string(r.Flow))
	same(k, "the offers", 0, r.Offers)
	same(k, "how often it was denied", 1, k.feed.about(s.caller, fact.CallerDenied))
}

// about is how many events of a kind tell of a party's calls.
func (d *feed) about(p *party, kind fact.Kind) int {
	n := 0
	calls := map[fact.CallID]bool{}
	for _, e := range d.list() {
		if e.Kind == fact.CallOffered && e.From == p.from {
			calls[e.Call] = true
		}
		if e.Kind == kind && calls[e.Call] {
			n++
		}
	}
	return n
}

// untilTold waits until so many events of a kind have told of a party's calls.
func (f *floor) untilTold(p *party, kind fact.Kind, times int) {
	f.t.Helper()
	f.must(rig.Until(f.ctx, patience, string(kind)+" of the call from "+p.from, func() (bool, error) { return f.feed.about(p, kind) >= times, nil }))
}
