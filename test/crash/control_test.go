//go:build asterisk

package crash

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/test/pbx"
	"github.com/huawu/huawu/test/phone"
	"github.com/huawu/huawu/test/rig"
)

// control are talks of more than two, on the way from one to the other, or on hold.
func control() []State {
	return []State{
		&consulting{talking: talking{desk: desk{name: "consulting", seats: 2}}},
		&consulting{talking: talking{desk: desk{name: "three-way", seats: 2}}, three: true},
		&requeued{talking: talking{desk: desk{name: "requeued", seats: 1, queues: []string{"{id: requeued-away}"}}}},
		&holding{talking: talking{desk: desk{name: "on-hold", seats: 1}}, ordered: true},
		&querying{talking: talking{desk: desk{name: "querying", seats: 1}}},
	}
}

// steer posts a command to a caller's call.
func (f *floor) steer(p *party, verb string, body any) {
	f.t.Helper()
	f.must(f.Post(f.ctx, "/api/v1/calls/"+url.PathEscape(string(f.look("").call(p.from).ID))+"/"+verb, body, nil))
}

// consulting is an agent who asks a colleague while the caller hears music, or
// has brought the colleague into the talk. In the end the talk is given away.
type consulting struct {
	talking
	three     bool
	colleague *party
}

func (s *consulting) Begin(f *floor) {
	s.talking.Begin(f)
	f.signIn(s.agents[1])
	s.agents[1].phone.Behave(phone.AnswerAfter(0))
	f.steer(s.caller, "consult", map[string]any{"to": map[string]any{"agent": s.agents[1].id}})
	s.colleague = f.rung(s.agents[1])
	if !f.together(s.called, s.colleague) {
		f.must(errors.New("the agent does not talk to the colleague"))
	}
	if s.three {
		f.steer(s.caller, "merge", nil)
		f.until("three in the talk", func(v snapshot) bool { return v.call(s.caller.from).Third })
		if !f.together(s.caller, s.colleague) {
			f.must(errors.New("the caller does not talk to the colleague"))
		}
	}
	f.until("the agents to be at work", func(v snapshot) bool {
		return !slices.ContainsFunc(s.agents, func(a *agent) bool { return v.agent(a.id).State == routing.ReadyState })
	})
}

func (s *consulting) After(k *kill) {
	is := k.callStays(s.caller.from, k.before.call(s.caller.from).State)
	for _, a := range s.agents {
		k.agentStays(a, string(k.before.agent(a.id).State))
	}
	same(k, "whether there are three", s.three, is.Third)
	same(k, "whether somebody is asked", !s.three, is.Consult != nil)
	same(k, "the legs", 3, len(is.Legs))
	k.unbroken(s.called, s.colleague)
	if s.three {
		k.unbroken(s.caller, s.called)
		k.unbroken(s.caller, s.colleague)
		return
	}
	k.check(s.caller.Alive(), "the caller was lost")
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
}

func (s *consulting) End(f *floor) {
	if s.three {
		s.called.Hangup()
	} else {
		f.steer(s.caller, "complete", nil)
	}
	f.over(s.called)
	f.until("the colleague to have the talk", func(v snapshot) bool { return v.call(s.caller.from).Agent == s.agents[1].id })
	if !f.together(s.caller, s.colleague) {
		f.t.Errorf("%s: the caller does not talk to the colleague", s.name)
	}
	s.caller.Hangup()
	f.over(s.colleague)
	if r := f.record(s.caller); r.Transfers != 1 || r.Agent != s.agents[1].id {
		f.t.Errorf("%s: the record is %+v", s.name, r)
	}
}

// requeued is a caller whom an agent has given to another queue, where nobody
// serves.
type requeued struct {
	talking
	joined int64
}

func (s *requeued) line(v snapshot) []center.TicketView { return v.queue("requeued-away").Waiting }

func (s *requeued) Begin(f *floor) {
	s.talking.Begin(f)
	f.steer(s.caller, "transfer", map[string]any{"to": map[string]any{"queue": "requeued-away"}})
	f.over(s.called)
	f.until("the caller to be in the other line", func(v snapshot) bool { return len(s.line(v)) == 1 })
	s.joined = s.line(f.look(""))[0].Joined
	f.untilAgent(s.agents[0], "READY")
}

func (s *requeued) After(k *kill) {
	k.callStays(s.caller.from, center.CallWaiting)
	k.agentStays(s.agents[0], "READY")
	line := s.line(k.after)
	k.check(len(line) == 1 && line[0].Joined == s.joined, "joined at %d; the line is %+v", s.joined, line)
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
}

func (s *requeued) End(f *floor) {
	s.caller.Hangup()
	if r := f.record(s.caller); r.Transfers != 1 || r.Talk == 0 {
		f.t.Errorf("the record is %+v", r)
	}
}

// holding is a caller on hold: the agent's phone holds, or with ordered an operator
// or the agent's screen has ordered it. Now and then it is taken back.
type holding struct {
	talking
	ordered bool
}

func (s *holding) Begin(f *floor) {
	s.talking.Begin(f)
	s.hold(f, true)
}

func (s *holding) hold(f *floor, on bool) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()
	verb, press, state, agent := "unhold", s.called.Unhold, center.CallTalking, "TALKING"
	if on {
		verb, press, state, agent = "hold", s.called.Hold, center.CallHeld, "HOLD"
	}
	if s.ordered {
		f.steer(s.caller, verb, map[string]any{"consent": on})
	} else {
		f.must(press(ctx))
	}
	f.untilCall(s.caller, state)
	f.untilAgent(s.agents[0], agent)
}

func (s *holding) After(k *kill) {
	k.callStays(s.caller.from, center.CallHeld)
	k.agentStays(s.agents[0], "HOLD")
	k.check(s.caller.Alive() && s.called.Alive(), "a far end was lost")
	c := k.after.call(s.caller.from)
	b := k.after.breaks(c.ID, "RUL-HLD-7")
	k.check(b.Began == c.Held && b.Agent == s.agents[0].id, "held since %d, and the norm says %+v", c.Held, b)
	k.check(k.hears(s.caller, pbx.MusicTone, patience), "the caller hears no music")
	if k.n%2 == 0 {
		s.hold(k.floor, false)
		k.check(k.together(s.caller, s.called), "they do not talk after the hold")
		s.hold(k.floor, true)
	}
}

func (s *holding) End(f *floor) {
	s.caller.Hangup()
	f.over(s.called)
	if r := f.record(s.caller); r.Hold <= 0 || r.Hold > r.Talk {
		f.t.Errorf("the record is %+v", r)
	}
}

// querying is an agent who looks something up, the caller on the line.
type querying struct {
	talking
	since int64
	asked time.Time
}

func (s *querying) Begin(f *floor) {
	s.talking.Begin(f)
	s.asked = time.Now()
	f.steer(s.caller, "query", map[string]any{"consent": true})
	f.until("the query to be seen", func(v snapshot) bool {
		s.since = v.call(s.caller.from).Query
		return s.since != 0
	})
}

func (s *querying) After(k *kill) {
	c := k.callStays(s.caller.from, center.CallTalking)
	k.check(c.Query == s.since, "the query began at %d, and now at %d", s.since, c.Query)
	k.agentStays(s.agents[0], "TALKING")
	k.check(k.together(s.caller, s.called), "they do not talk any more")
}

// End holds that the norm of a wait on the line was found broken once, whoever
// died meanwhile.
func (s *querying) End(f *floor) {
	lasted := time.Since(s.asked)
	s.called.Hangup()
	f.over(s.caller)
	r := f.record(s.caller)
	var d api.CallDetail
	f.must(f.Get(f.ctx, "/api/v1/calls/"+url.PathEscape(string(r.Call)), &d))
	broken := 0
	for _, e := range d.Events {
		if e.Kind == fact.NormBroken && e.Name == "RUL-HLD-4" {
			broken++
		}
	}
	const limit, soon = 30 * time.Second, 5 * time.Second
	if broken > 1 || lasted > limit+soon && broken == 0 || lasted < limit && broken > 0 {
		f.t.Errorf("RUL-HLD-4 was broken %d times in a query of %v", broken, lasted)
	}
	var sums api.NormFigures
	err := rig.Until(f.ctx, patience, "the query to be counted", func() (bool, error) {
		err := f.Get(f.ctx, "/api/v1/norms/figures?by=agent&rule=RUL-HLD-4&agent="+url.QueryEscape(string(s.agents[0].id)), &sums)
		return len(sums.Figures) == 1 && sums.Figures[0].Broken+sums.Figures[0].Kept > 0, err
	})
	if err != nil || sums.Figures[0].Broken != int64(broken) || sums.Figures[0].Kept != int64(1-broken) {
		f.t.Errorf("RUL-HLD-4 was broken %d times in one query, and counted as %+v: %v", broken, sums.Figures, err)
	}
}
