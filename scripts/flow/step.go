package flow

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// causeBroken is Q.850 41, temporary failure.
const causeBroken = 41

// The functions below answer where to go: (node, true), or ("", false) to
// wait where the session is.

// start begins the flow or enters the present node again.
func (s *Session) start() (string, bool) {
	switch s.s.Phase {
	case PhaseLine:
		if s.s.Heard != 0 {
			s.hush()
			s.later()
		}
		return "", false
	case PhaseScene, PhaseOver:
		return "", false
	case PhaseNew:
		return s.flow.begin(), true
	}
	n := s.flow.node(s.s.Node)
	s.hush()
	switch {
	case n != nil && n.Lookup != nil && n.Lookup.method() == "POST" && !n.Lookup.Again:
		return s.returned(OutcomeFailed, nil) // it may have happened
	case s.playing(): // it may still be heard
		s.do(StopPlay{Token: s.s.Await})
	case s.s.Phase == PhaseRecord: // what was said until now is kept
		s.do(StopRecord{Token: s.s.Await})
	}
	tries := s.s.Tries
	id, ok := s.enter(s.s.Node)
	s.s.Tries = tries
	return id, ok
}

// enter goes to a node.
func (s *Session) enter(id string) (string, bool) {
	if s.now.At.Sub(s.s.Since) >= EntriesSpan {
		s.s.Since, s.s.Entries = s.now.At, 0
	}
	if s.s.Entries++; s.s.Entries > MaxEntries {
		return s.broken(fmt.Sprintf("more than %d nodes within %s, the last one %q", MaxEntries, EntriesSpan, s.s.Node))
	}
	if q := s.flow.Cue(id); q != nil {
		return s.cue(q)
	}
	n := s.flow.node(id)
	if n == nil {
		return s.broken(fmt.Sprintf("node %q leads to %q, which is not in the flow", s.s.Node, id))
	}
	s.s.Node, s.s.Tries, s.s.Typed, s.s.Confirming = id, 0, "", false
	s.s.Await, s.s.Due, s.s.Until = 0, 0, 0
	s.do(Entered{Flow: s.s.In, Node: id})
	kind, _ := n.Kind()
	if kind == nil {
		return s.broken(fmt.Sprintf("node %q has no kind", id))
	}
	return kind.enter(s, n)
}

func (p *PlayNode) enter(s *Session, _ *Node) (string, bool) {
	if len(p.Prompts) == 0 {
		return p.Next, true
	}
	return s.play(PhasePlay, p.Prompts)
}

func (m *MenuNode) enter(s *Session, n *Node) (string, bool) { return s.ask(n) }

func (g *GatherNode) enter(s *Session, n *Node) (string, bool) { return s.ask(n) }

func (h *HangupNode) enter(s *Session, _ *Node) (string, bool) {
	return s.hangup(Hangup{Cause: h.Cause})
}

func (h *HoursNode) enter(s *Session, _ *Node) (string, bool) {
	table := s.env.Hours[h.Table]
	if table == nil {
		return s.broken(fmt.Sprintf("node %q asks for hours %q, which are not there", s.s.Node, h.Table))
	}
	if table.Open(s.now.Wall()) {
		return h.Open, true
	}
	return h.Closed, true
}

func (m *MatchNode) enter(s *Session, _ *Node) (string, bool) {
	value := s.variable(m.Variable)
	for _, c := range m.Cases {
		if fits(value, c.Equals, c.AtLeast) {
			return c.Next, true
		}
	}
	return m.Else, true
}

func (e *EnqueueNode) enter(s *Session, _ *Node) (string, bool) { return e.join(s, "") }

// join puts the caller in line, for a talk of three where a third one is named.
func (e *EnqueueNode) join(s *Session, third string) (string, bool) {
	s.answer()
	s.s.Phase, s.s.Await, s.s.Due = PhaseLine, s.mint(), 0
	s.s.Ahead = "" // keys from before the line mean nothing after the talk
	s.s.ToldPlace, s.s.ToldBy = 0, 0
	if e.Announce != nil {
		s.s.Due = s.now.At.Add(e.Announce.first())
	}
	needs, priority := s.asks(e)
	s.do(Enqueue{
		Token: s.s.Await, Queue: e.Queue, Needs: needs, Priority: priority,
		Prefer: fact.AgentID(s.variable(e.Prefer)), Named: e.Named, Level: s.variable(e.Level),
		Third: third,
	})
	return "", false
}

func (d *DoNode) enter(s *Session, _ *Node) (string, bool) {
	args := make([]Arg, 0, len(d.Args))
	for _, a := range d.Args {
		arg := Arg{Name: a.Name, Value: a.Value}
		if a.From != "" {
			i := s.index(a.From)
			if i >= 0 {
				arg.Value, arg.Secret = s.s.Vars[i].Value, s.s.Vars[i].Secret
			}
		}
		args = append(args, arg)
	}
	s.s.Phase, s.s.Await, s.s.Due = PhaseDeed, s.mint(), s.now.At.Add(DoLimit)
	s.do(Do{Token: s.s.Await, Verb: d.Verb, Args: args})
	return "", false
}

// returned goes on after the line or a deed.
func (s *Session) returned(o Outcome, values []string) (string, bool) {
	s.hush()
	s.s.Await, s.s.Due = 0, 0
	n := s.flow.node(s.s.Node)
	switch {
	case n.Joins() != nil:
		return n.Joins().after(o), true
	case n != nil && n.Do != nil:
		s.s.Vars = slices.DeleteFunc(s.s.Vars, func(a Arg) bool { return a.Secret })
		switch {
		case o == OutcomePending && n.Do.Pending != "":
			return n.Do.Pending, true
		case o == OutcomeDone || o == OutcomePending:
			return n.Do.OK, true
		}
		return s.denied(n.Do)
	case n != nil && n.owed() != nil:
		return s.settled(n, o)
	case n != nil && n.Transfer != nil:
		return n.Transfer.after(s, o)
	case n != nil && n.Lookup != nil:
		return s.looked(n.Lookup, o, values)
	case n != nil && n.Scene != nil:
		return n.Scene.after(s, o)
	}
	return s.broken(fmt.Sprintf("node %q waits for what it cannot have asked for", s.s.Node))
}

// denied goes on after a refusal, by how many there were at this node.
func (s *Session) denied(d *DoNode) (string, bool) {
	if d.Attempts == 0 {
		return d.Denied, true
	}
	i := slices.IndexFunc(s.s.Denials, func(x Denial) bool { return x.Node == s.s.Node })
	if i < 0 {
		i = len(s.s.Denials)
		s.s.Denials = append(s.s.Denials, Denial{Node: s.s.Node})
	}
	if s.s.Denials[i].Count++; s.s.Denials[i].Count >= d.Attempts {
		return d.Else, true
	}
	return d.Denied, true
}

// fire is what happens when the wait ends by itself.
func (s *Session) fire() (string, bool) {
	switch s.s.Phase {
	case PhasePlay, PhasePrompt, PhaseBeep:
		s.do(StopPlay{Token: s.s.Await})
		return s.played()
	case PhaseRecord:
		s.spoken()
		return "", false
	case PhaseScene:
		s.do(StopScene{Token: s.s.Await})
		return s.returned(OutcomeFailed, nil)
	case PhaseDeed:
		return s.returned(OutcomeDenied, nil)
	case PhaseLine:
		s.announce()
		return "", false
	case PhaseSpeak:
		s.do(StopPlay{Token: s.s.Await})
		return s.uttered(true)
	case PhasePause:
		return s.paused()
	}
	return s.silence()
}

// play lets the caller hear prompts under a lease.
func (s *Session) play(phase Phase, lists ...[]Prompt) (string, bool) {
	s.answer()
	s.s.Phase, s.s.Await = phase, s.mint()
	s.s.Due = s.now.At.Add(s.flow.playLimit())
	s.do(Play{Token: s.s.Await, Prompts: s.says(lists...), Language: textual(s.language())})
	return "", false
}

func (s *Session) playing() bool {
	return s.s.Phase == PhasePlay || s.s.Phase == PhasePrompt || s.s.Phase == PhaseBeep
}

// played goes on after prompts, whether they ended, failed or were stopped.
func (s *Session) played() (string, bool) {
	s.s.Await, s.s.Due = 0, 0
	n := s.flow.node(s.s.Node)
	switch {
	case n != nil && n.Message != nil && s.s.Phase == PhaseBeep:
		return s.speak(n.Message)
	case n != nil && n.Message != nil:
		return s.beep()
	case n != nil && n.Play != nil:
		return n.Play.Next, true
	case n != nil && n.ask() != nil:
		if s.s.Ahead != "" {
			return s.read(n)
		}
		return s.collect(n.ask().timeout())
	}
	return s.broken(fmt.Sprintf("node %q plays what it does not have", s.s.Node))
}

// answer picks up before the first sound.
func (s *Session) answer() {
	if !s.s.Answered {
		s.s.Answered = true
		s.do(Answer{})
	}
}

func (s *Session) hangup(h Hangup) (string, bool) {
	s.s.Phase, s.s.Await, s.s.Due = PhaseOver, 0, 0
	s.s.Ahead, s.s.Typed = "", ""
	s.s.Vars = slices.DeleteFunc(s.s.Vars, func(a Arg) bool { return a.Secret })
	s.do(h)
	return "", false
}

func (s *Session) broken(why string) (string, bool) {
	return s.hangup(Hangup{Cause: causeBroken, Broken: why})
}

// index is where the variable of that name is, -1 for nowhere.
func (s *Session) index(name string) int {
	return slices.IndexFunc(s.s.Vars, func(a Arg) bool { return a.Name == name })
}

func (s *Session) variable(name string) string {
	if i := s.index(name); i >= 0 {
		return s.s.Vars[i].Value
	}
	return s.toldOf(name)
}

func (s *Session) set(name, value string, secret bool) {
	a := Arg{Name: name, Value: value, Secret: secret}
	if i := s.index(name); i >= 0 {
		s.s.Vars[i] = a
		return
	}
	s.s.Vars = append(s.s.Vars, a)
}
