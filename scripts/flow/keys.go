package flow

import (
	"fmt"
	"strings"
	"time"
)

// digit takes a key by what the session waits for.
func (s *Session) digit(key string) (string, bool) {
	if enter := s.s.Swallow; enter != "" {
		by := s.s.SwallowBy
		s.s.Swallow, s.s.SwallowBy = "", 0
		if key == enter && s.now.At < by {
			return "", false
		}
	}
	n := s.flow.node(s.s.Node)
	if n == nil {
		return "", false
	}
	switch s.s.Phase {
	case PhasePlay:
		if n.Message == nil {
			s.ahead(key)
		}
		if n.Message == nil && (n.Play == nil || !given(n.Play.BargeIn, true)) {
			return "", false
		}
		s.do(StopPlay{Token: s.s.Await})
		return s.played()
	case PhasePrompt:
		s.ahead(key)
		if a := n.ask(); a == nil || !given(a.BargeIn, true) {
			return "", false
		}
		s.do(StopPlay{Token: s.s.Await})
		return s.played()
	case PhaseCollect:
		s.ahead(key)
		return s.read(n)
	case PhaseDeed, PhaseScene:
		s.ahead(key)
	case PhaseRecord:
		if n.Message != nil && n.Message.terminates(key) {
			s.spoken()
		}
	case PhaseLine:
		return s.quit(n, key)
	}
	return "", false
}

// ahead keeps a key that no node has read.
func (s *Session) ahead(key string) {
	if len(s.s.Ahead) < MaxDigits {
		s.s.Ahead += key
	}
}

// ask lets a menu or gather ask, or take what was typed ahead.
func (s *Session) ask(n *Node) (string, bool) {
	a := n.ask()
	s.trail(n.ID)
	if !given(a.TypeAhead, true) {
		s.s.Ahead = ""
	}
	if s.s.Ahead != "" {
		s.answer()
		return s.read(n)
	}
	if len(a.Prompts) == 0 {
		return s.collect(a.timeout())
	}
	return s.play(PhasePrompt, a.Prompts)
}

// collect waits in silence for keys.
func (s *Session) collect(limit time.Duration) (string, bool) {
	s.answer()
	s.s.Phase, s.s.Await, s.s.Due = PhaseCollect, 0, s.now.At.Add(limit)
	return "", false
}

// read takes the keys typed ahead for a menu or gather.
func (s *Session) read(n *Node) (string, bool) {
	for s.s.Ahead != "" {
		key := s.first()
		switch {
		case s.s.Confirming:
			return s.confirmed(n.Gather, key)
		case n.Menu != nil:
			return s.choose(n.Menu, key)
		case n.Survey != nil:
			return s.rate(n, key)
		}
		if id, ok, done := s.gathered(n.Gather, key); done {
			return id, ok
		}
	}
	if s.s.Typed == "" { // only keys that mean nothing here
		return s.collect(n.ask().timeout())
	}
	return s.collect(n.Gather.between())
}

// choose goes on by a key of a menu.
func (s *Session) choose(m *MenuNode, key string) (string, bool) {
	for _, c := range m.Keys {
		if c.Key != key {
			continue
		}
		if m.Variable != "" {
			s.set(m.Variable, c.value(), false)
		}
		return c.Next, true
	}
	if id, ok := s.wide(key); ok {
		return id, true
	}
	return s.again(&m.Ask, m.Invalid)
}

// gathered takes one key of a gather; done says that the try is over.
func (s *Session) gathered(g *GatherNode, key string) (id string, ok, done bool) {
	switch {
	case key == g.terminator():
		id, ok = s.enough(g)
		return id, ok, true
	case !strings.Contains("0123456789", key) && s.s.Typed == "" && s.holdsKey(key):
		id, ok = s.wide(key)
		return id, ok, ok
	case key == "*" && g.starred(s.s.Typed) == "":
		s.s.Typed = ""
	case strings.Contains("0123456789*", key):
		if key == "*" {
			key = g.starred(s.s.Typed)
		}
		s.s.Typed += key
		if len(s.s.Typed) >= g.max() {
			s.superfluous(g)
			id, ok = s.enough(g)
			return id, ok, true
		}
	}
	return "", false, false
}

// superfluous drops the terminator that many press after the last digit.
func (s *Session) superfluous(g *GatherNode) {
	enter := g.terminator()
	if rest, found := strings.CutPrefix(s.s.Ahead, enter); found && enter != "" {
		s.s.Ahead = rest
		return
	}
	if s.s.Ahead == "" && enter != "" {
		s.s.Swallow, s.s.SwallowBy = enter, s.now.At.Add(g.between())
	}
}

// enough ends a try of a gather by what was typed.
func (s *Session) enough(g *GatherNode) (string, bool) {
	typed := s.s.Typed
	s.s.Typed = ""
	switch {
	case len(typed) >= g.min() && len(typed) <= g.max() && what[g.wanted()].right(typed):
		s.set(g.Variable, typed, g.Sensitive)
		if g.Confirm != nil {
			return s.confirm(g)
		}
		return g.Next, true
	case typed == "":
		return s.again(&g.Ask, g.NoInput)
	}
	return s.again(&g.Ask, g.Invalid)
}

// silence ends a try in which the caller pressed nothing more.
func (s *Session) silence() (string, bool) {
	n := s.flow.node(s.s.Node)
	switch {
	case n != nil && n.Gather != nil && s.s.Confirming:
		return s.confirmed(n.Gather, "")
	case n != nil && n.Gather != nil:
		return s.enough(n.Gather)
	case n != nil && n.ask() != nil:
		return s.again(n.ask(), n.ask().NoInput)
	}
	return s.broken(fmt.Sprintf("node %q waits for keys it does not want", s.s.Node))
}

// again asks once more after a failed try, or gives up. Keys typed ahead are
// dropped: they were meant for something else.
func (s *Session) again(a *Ask, why []Prompt) (string, bool) {
	s.s.Ahead, s.s.Typed = "", ""
	if s.s.Tries++; s.s.Tries > a.retries() {
		return a.Else, true
	}
	if len(why)+len(a.Prompts) == 0 {
		return s.collect(a.timeout())
	}
	return s.play(PhasePrompt, why, a.Prompts)
}

// ask is what the node asks, nil if it asks nothing. It is not to be changed.
func (n *Node) ask() *Ask {
	switch {
	case n.Menu != nil:
		return &n.Menu.Ask
	case n.Gather != nil:
		return &n.Gather.Ask
	case n.Survey != nil:
		return n.Survey.asking()
	}
	return nil
}

func (a *Ask) timeout() time.Duration { return orElse(a.Timeout, DefaultTimeout) }
func (a *Ask) retries() int           { return given(a.Retries, DefaultRetries) }
