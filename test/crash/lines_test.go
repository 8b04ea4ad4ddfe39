//go:build asterisk

package crash

import (
	"path/filepath"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
)

const vipFlow = `  - id: vip
    nodes:
      - {id: line, enqueue: {queue: waiting, priority: 5, next: end, else: end}}
      - {id: end, hangup: {}}
`

const vipNumber = "7102"

// waiting is several callers in one line through all kills: in the end they are
// served in the order in which they stand.
type waiting struct {
	desk
	line []*party // in the order in which they are to be served
}

func (s *waiting) Begin(f *floor) {
	f.signIn(s.agents[0])
	f.tell(s.agents[0], "not-ready", map[string]string{"reason": "meeting"})
	for i, number := range []string{s.number, vipNumber, s.number} {
		p := f.dial(number)
		s.line = append(s.line, p)
		f.until("the caller to be in line", func(v snapshot) bool { return len(v.queue(s.queue()).Waiting) == i+1 })
	}
	s.line[0], s.line[1] = s.line[1], s.line[0]
}

func (s *waiting) After(k *kill) {
	k.placesStay(&s.desk, len(s.line))
	for i, p := range s.line {
		k.callStays(p.from, center.CallWaiting)
		k.check(p.Alive(), "caller %d was lost", i+1)
		k.check(k.hears(p, pbx.MusicTone, patience), "caller %d hears no music", i+1)
	}
	for i, t := range k.after.queue(s.queue()).Waiting {
		k.check(i < len(s.line) && t.From == s.line[i].from, "%s stands at place %d", t.From, i+1)
	}
}

func (s *waiting) End(f *floor) {
	a := s.agents[0]
	a.phone.Behave(phone.AnswerAfter(0))
	f.tell(a, "ready", nil)
	for _, p := range s.line {
		c := f.rung(a)
		if !f.together(p, c) {
			f.t.Errorf("the caller from %s is not served at their place", p.from)
		}
		waited := time.Since(p.Times().Invite)
		c.Hangup()
		f.over(p)
		r := f.record(p)
		if off := time.Duration(r.Wait)*time.Millisecond - waited; off < -3*time.Second || off > time.Second || r.Reason != fact.ReasonCompleted {
			f.t.Errorf("waited %v; the record is %+v", waited, r)
		}
	}
}

// leaving is a caller who gives up while huawu is dead.
type leaving struct {
	desk
	caller *party
}

func (s *leaving) Prepare(k *kill) {
	s.caller = k.dial(s.number)
	k.untilCall(s.caller, center.CallWaiting)
}

func (s *leaving) Away(k *kill) { s.caller.Hangup() }

func (s *leaving) After(k *kill) {
	k.check(k.after.call(s.caller.from).ID == "" || k.after.call(s.caller.from).State == center.CallEnding, "the call goes on: %+v", k.after.call(s.caller.from))
	k.check(len(k.after.queue(s.queue()).Waiting) == 0, "a place is kept: %+v", k.after.queue(s.queue()).Waiting)
	r := k.record(s.caller)
	same(k, "the reason", fact.ReasonAway, r.Reason)
	same(k, "the fault", fact.FaultUnknown, r.Fault)
	same(k, "who hung up", fact.ByUnknown, r.By)
	k.kept(r)
}

// kept checks that both files of a recording are in the record and on the
// switch, also of one that huawu has not seen the end of.
func (k *kill) kept(r fact.Record) {
	k.t.Helper()
	k.check(len(r.Recordings) == 2, "the record has the files %+v, want one a side", r.Recordings)
	for _, f := range r.Recordings {
		s, err := readSound(filepath.Join(k.PBX.Recordings(), filepath.FromSlash(f.Name)))
		k.check(err == nil && s.Lasts() > 0, "%s holds %v: %v", f.Name, s.Lasts(), err)
		off := time.Duration(f.Millis)*time.Millisecond - s.Lasts()
		k.check(off > -time.Second && off < time.Second, "%s holds %v, the record says %d ms", f.Name, s.Lasts(), f.Millis)
	}
}

// arriving is a caller who comes while huawu is dead.
type arriving struct {
	desk
	caller *party
}

func (s *arriving) Away(k *kill) { s.caller = k.dial(s.number) }

func (s *arriving) After(k *kill) {
	k.untilCall(s.caller, center.CallWaiting)
	k.check(s.caller.Alive(), "the caller was lost")
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
	is := k.look("").call(s.caller.from)
	came := s.caller.Times().Invite.UnixMilli()
	k.check(is.Began >= came-50 && is.Began <= came+500, "came at %d, the call began at %d", came, is.Began)
	s.caller.Hangup()
	same(k, "the reason", fact.ReasonAbandoned, k.record(s.caller).Reason)
}

// ringing is a caller whose agent's phone rings; it is answered after the
// restart, or, with away, while huawu is dead.
type ringing struct {
	desk
	away   bool
	caller *party
	called *party
}

func (s *ringing) Begin(f *floor) { f.signIn(s.agents[0]) }

func (s *ringing) Prepare(k *kill) {
	k.untilAgent(s.agents[0], "READY")
	s.caller = k.dial(s.number)
	s.called = k.rung(s.agents[0])
	k.untilCall(s.caller, center.CallRinging)
}

func (s *ringing) Away(k *kill) {
	if s.away {
		s.called.Answer()
	}
}

func (s *ringing) After(k *kill) {
	if !s.away {
		k.callStays(s.caller.from, center.CallRinging)
		k.agentStays(s.agents[0], "OFFERED")
		k.placesStay(&s.desk, 1)
		k.check(s.called.Alive() && s.called.Times().Answered.IsZero(), "the phone does not ring on")
		k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
		s.called.Answer()
	}
	k.check(k.together(s.caller, s.called), "they do not talk")
	k.untilCall(s.caller, center.CallTalking)
	k.untilAgent(s.agents[0], "TALKING")
	s.caller.Hangup()
	k.over(s.called)
	r := k.record(s.caller)
	same(k, "the reason", fact.ReasonCallerEnded, r.Reason)
	same(k, "the offers", 1, r.Offers)
	same(k, "the agent", s.agents[0].id, r.Agent)
	k.kept(r)
	rang := s.called.Times().Answered.Sub(s.called.Times().Ringing).Milliseconds()
	k.check(r.Ring >= rang-300 && r.Ring <= rang+300+k.ready.Sub(k.at).Milliseconds(), "it rang %d ms, the record says %d", rang, r.Ring)
}

// givingUp is a caller who hangs up while huawu is dead and an agent's phone
// rings for them: nobody is to blame, least of all the agent.
type givingUp struct{ ringing }

func (s *givingUp) Away(k *kill) { s.caller.Hangup() }

func (s *givingUp) After(k *kill) {
	k.over(s.called)
	k.untilAgent(s.agents[0], "READY")
	same(k, "why the agent's state changed", "", string(k.look("").agent(s.agents[0].id).Reason))
	r := k.record(s.caller)
	same(k, "the reason", fact.ReasonAway, r.Reason)
	k.kept(r)
}

// unanswered is a phone that nobody answers: three rings are three rings,
// whoever dies meanwhile, and the caller keeps the place.
type unanswered struct {
	desk
	caller *party
	rang   time.Time
	joined int64
}

func (s *unanswered) Begin(f *floor) {
	f.signIn(s.agents[0])
	s.caller = f.dial(s.number)
	s.rang = f.rung(s.agents[0]).Times().Ringing
	f.untilCall(s.caller, center.CallRinging)
	s.joined = f.look("").queue(s.queue()).Waiting[0].Joined
}

func (s *unanswered) After(k *kill) {
	line := k.after.queue(s.queue()).Waiting
	k.check(len(line) == 1 && line[0].Joined == s.joined && line[0].Position == 1, "joined at %d, the line is %+v", s.joined, line)
	k.check(s.caller.Alive(), "the caller was lost")
}

func (s *unanswered) End(f *floor) {
	f.until("the agent to be taken out", func(v snapshot) bool { return v.agent(s.agents[0].id).Reason == "rona" })
	f.inTime("the rings", s.rang, 16*time.Second, f.lasted(fact.QueueMissed, s.agents[0], ""))
	line := f.look("").queue(s.queue()).Waiting
	if len(line) != 1 || line[0].Joined != s.joined {
		f.t.Errorf("joined at %d, the line is %+v", s.joined, line)
	}
	s.caller.Hangup()
	f.record(s.caller)
}
