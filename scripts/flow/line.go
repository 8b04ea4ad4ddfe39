package flow

import (
	"fmt"
	"slices"
	"time"
)

// Branch is where a flow goes on by why the line did not take or keep the
// caller.
type Branch struct {
	On   Outcome `json:"on" yaml:"on"`
	Next string  `json:"next" yaml:"next"`
}

// Announce is what a caller hears in line besides music: first after First,
// Every if that is 0, then Every after each.
type Announce struct {
	First time.Duration `json:"first,omitempty" yaml:"first"`
	Every time.Duration `json:"every,omitempty" yaml:"every"`
	// Position and Wait tell the place in line and the expected wait.
	Position bool `json:"position,omitempty" yaml:"position"`
	Wait     bool `json:"wait,omitempty" yaml:"wait"`
	// Comfort is heard each time, Worse in the place of a wait that has
	// become longer than was told.
	Comfort []Prompt `json:"comfort,omitempty" yaml:"comfort"`
	Worse   []Prompt `json:"worse,omitempty" yaml:"worse"`
}

// branches are the outcomes that a branch may be for.
var branches = []Outcome{
	OutcomeFull, OutcomeTimeout, OutcomeUnstaffed, OutcomeLongWait, OutcomeClosed, OutcomeNamed, OutcomeRemoved,
}

// after is the node to go on at after the line.
func (e *EnqueueNode) after(o Outcome) string {
	if o == OutcomeTalked {
		return e.Next
	}
	for _, b := range e.Branches {
		if b.On == o {
			return b.Next
		}
	}
	return e.Else
}

func (e *EnqueueNode) Names() Names {
	n := Names{
		Exits: []Exit{{Name: "next", To: e.Next}, {Name: "else", To: e.Else}}, Queue: e.Queue,
		Reads: []string{e.Prefer, e.Level}, Keeps: true,
	}
	for _, b := range e.Branches {
		n.Exits = append(n.Exits, Exit{Name: "branch " + string(b.On), To: b.Next})
	}
	for _, k := range e.Keys {
		n.Exits = append(n.Exits, k.exit())
	}
	for i, r := range e.Rules {
		n.Reads = append(n.Reads, r.Variable)
		n.Tests = append(n.Tests, Test{Name: fmt.Sprintf("rule %d", i+1), Exit: -1, Variable: r.Variable, Equals: r.Equals, AtLeast: r.AtLeast})
	}
	if a := e.Announce; a != nil {
		n.Prompts = []Heard{{"comfort", a.Comfort}, {"worse", a.Worse}}
		if a.Position {
			n.sentences = append(n.sentences, positions)
		}
		if a.Wait {
			n.sentences = append(n.sentences, waits)
		}
	}
	return n
}

// quit takes a key of a caller in line: those of the node let the caller go.
// What is heard stops, at any moment of it.
func (s *Session) quit(n *Node, key string) (string, bool) {
	line := n.Joins()
	if line == nil {
		return "", false
	}
	for _, k := range line.Keys {
		if k.Key == key {
			s.hush()
			s.do(Leave{Token: s.s.Await})
			s.s.Await, s.s.Due = 0, 0
			return k.Next, true
		}
	}
	return "", false
}

// line checks what an enqueue node says of the line.
func (c *checker) line(e *EnqueueNode) {
	for i, b := range e.Branches {
		switch {
		case !slices.Contains(branches, b.On):
			c.wrong(fmt.Sprintf("branch on %q is not known", b.On), "write one of: "+list(branches))
		case slices.ContainsFunc(e.Branches[:i], func(o Branch) bool { return o.On == b.On }):
			c.wrong(fmt.Sprintf("branch on %q comes twice", b.On), "keep one of them")
		}
	}
	c.rules(e)
	c.keys(e.Keys, "")
	if e.Announce != nil {
		c.announce(e.Announce)
	}
	if e.Named && e.Prefer == "" {
		c.wrong("named wants to know whom", "write prefer: with the variable that has the agent")
	}
}
