package flow

import (
	"fmt"
	"strconv"
	"strings"
)

// callerPrefix begins the variables that tell of who calls (SPEC CTI-2); no
// node sets them.
const callerPrefix = "caller_"

// Rule changes what a caller is put in line with, by a variable.
type Rule struct {
	Variable string `json:"variable" yaml:"variable"`
	Equals   string `json:"equals,omitempty" yaml:"equals"`
	// AtLeast counts in the place of Equals.
	AtLeast *int `json:"at_least,omitempty" yaml:"at_least"`
	// Needs are asked for besides the node's own, Priority is added to it.
	Needs    string `json:"needs,omitempty" yaml:"needs"`
	Priority int    `json:"priority,omitempty" yaml:"priority"`
}

// fits says whether a value is what a case or a rule is for. No number is at
// least anything.
func fits(value, equals string, atLeast *int) bool {
	if atLeast == nil {
		return value == equals
	}
	n, err := strconv.Atoi(value)
	return err == nil && n >= *atLeast
}

// asks is what the node puts a caller in line with: the first rule that fits
// counts.
func (s *Session) asks(e *EnqueueNode) (needs string, priority int) {
	for i := range e.Rules {
		if r := &e.Rules[i]; fits(s.variable(r.Variable), r.Equals, r.AtLeast) {
			return both(e.with(r), s.s.Needs), min(max(e.Priority+r.Priority, 0), MaxPriority)
		}
	}
	return both(e.Needs, s.s.Needs), e.Priority
}

// maxRules is how many rules a node may have.
const maxRules = 20

// MaxPriority is the greatest priority of a caller.
const MaxPriority = 100

// with is what is asked for by the node and a rule of it.
func (e *EnqueueNode) with(r *Rule) string {
	return both(e.Needs, r.Needs)
}

// both is two requirements in one.
func both(a, b string) string {
	switch {
	case b == "":
		return a
	case a == "":
		return b
	}
	return "(" + a + ") AND (" + b + ")"
}

// Asked are the requirements that a line of a flow may have callers with: those
// of the node, and with each those of the languages that callers may choose.
func (f *Flow) Asked(e *EnqueueNode) []string {
	all := []string{e.Needs}
	for i := range e.Rules {
		all = append(all, e.with(&e.Rules[i]))
	}
	own := len(all)
	for _, one := range f.relatives() {
		for i := range one.Nodes {
			if n := one.Nodes[i].Language; n != nil && n.Needs != "" {
				for _, needs := range all[:own] {
					all = append(all, both(needs, n.Needs))
				}
			}
		}
	}
	return all
}

// toldOf is a variable that tells of who calls, "" when it tells nothing.
func (s *Session) toldOf(name string) string {
	if s.env.Caller == nil || !strings.HasPrefix(name, callerPrefix) {
		return ""
	}
	for _, a := range s.env.Caller() {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// owns checks a variable that a node sets.
func (c *checker) owns(name string) {
	c.variable(name)
	if strings.HasPrefix(name, callerPrefix) {
		c.wrong(fmt.Sprintf("variable %q tells of who calls", name), "give it another name")
	}
}

// rules checks those of an enqueue node.
func (c *checker) rules(e *EnqueueNode) {
	if len(e.Rules) > maxRules {
		c.wrong(fmt.Sprintf("%d rules", len(e.Rules)), fmt.Sprintf("%d are the most", maxRules))
	}
	for i := range e.Rules {
		r := &e.Rules[i]
		if r.Variable == "" {
			c.wrong(fmt.Sprintf("rule %d has no variable", i+1), "write variable: with what it goes by, such as caller_language")
		}
		if r.AtLeast != nil && r.Equals != "" {
			c.wrong(fmt.Sprintf("rule %d has equals and at_least", i+1), "keep one of them")
		}
		if r.Needs == "" && r.Priority == 0 {
			c.wrong(fmt.Sprintf("rule %d changes nothing", i+1), "write needs or priority")
		}
		if r.Priority < -MaxPriority || r.Priority > MaxPriority {
			c.wrong(fmt.Sprintf("rule %d: priority is %d", i+1, r.Priority), fmt.Sprintf("write -%d to %d", MaxPriority, MaxPriority))
		}
		if c.refs.Needs != nil && r.Needs != "" {
			if err := c.refs.Needs(e.with(r)); err != nil {
				c.wrong(fmt.Sprintf("rule %d: needs %q: %v", i+1, r.Needs, err), "write skills and levels, such as english>=50")
			}
		}
	}
}
