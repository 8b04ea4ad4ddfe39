package flow

import (
	"fmt"
	"slices"
)

// Bounds of branches and sets.
const (
	MaxBranches = 50
	MaxSets     = 50
	MaxValue    = 200 // characters
)

// BranchNode goes on by conditions: the first that holds counts.
type BranchNode struct {
	Cases []When `json:"cases" yaml:"cases"`
	Else  string `json:"else" yaml:"else"`
}

// When is one condition of a branch, such as
//
//	number(orders) >= 3 and caller_level in ["gold", "silver"]
//
// A name is a variable, a text, "" when nobody has set it.
type When struct {
	If   string `json:"if" yaml:"if"`
	Next string `json:"next" yaml:"next"`

	compiled *condition // nil before Flow.compile, and for one that cannot be read
}

// SetNode gives variables values.
type SetNode struct {
	Values []Assign `json:"values" yaml:"values"`
	Next   string   `json:"next" yaml:"next"`
}

// Assign is one variable of a set: Text, or the value of another variable.
type Assign struct {
	Variable string `json:"variable" yaml:"variable"`
	Text     string `json:"text,omitempty" yaml:"text"`
	From     string `json:"from,omitempty" yaml:"from"`
}

func (b *BranchNode) Names() Names {
	var n Names
	for i, w := range b.Cases {
		n.Exits = append(n.Exits, Exit{Name: fmt.Sprintf("case %d", i+1), To: w.Next})
		if c, err := w.condition(); err == nil {
			n.Reads = append(n.Reads, c.reads...)
		}
	}
	n.Exits = append(n.Exits, Exit{Name: "else", To: b.Else})
	return n
}

func (b *BranchNode) check(c *checker) {
	if len(b.Cases) == 0 || len(b.Cases) > MaxBranches {
		c.wrong(fmt.Sprintf("branch has %d cases", len(b.Cases)), fmt.Sprintf("write 1 to %d", MaxBranches))
	}
	for i, w := range b.Cases {
		switch got, err := w.condition(); {
		case err != nil:
			c.wrong(fmt.Sprintf("case %d: %q: %v", i+1, w.If, err),
				`write a condition on variables, such as number(orders) >= 3 and caller_level in ["gold", "silver"]`)
		case slices.ContainsFunc(b.Cases[:i], func(o When) bool { return o.If == w.If }):
			c.wrong(fmt.Sprintf("case %d: %q comes twice", i+1, w.If), "keep one of them")
		default:
			for _, name := range got.reads {
				c.comes(name)
			}
		}
	}
}

func (b *BranchNode) enter(s *Session, _ *Node) (string, bool) {
	s.flow.compile()
	for i := range b.Cases {
		if s.true(b.Cases[i].compiled) {
			return b.Cases[i].Next, true
		}
	}
	return b.Else, true
}

func (n *SetNode) Names() Names {
	names := Names{Exits: []Exit{{Name: "next", To: n.Next}}}
	for _, v := range n.Values {
		names.Sets, names.Reads = append(names.Sets, v.Variable), append(names.Reads, v.From)
	}
	if len(n.Values) == 1 && n.Values[0].From == "" {
		names.Values = []string{n.Values[0].Text}
	}
	return names
}

func (n *SetNode) check(c *checker) {
	if len(n.Values) == 0 || len(n.Values) > MaxSets {
		c.wrong(fmt.Sprintf("set has %d values", len(n.Values)), fmt.Sprintf("write 1 to %d", MaxSets))
	}
	for _, v := range n.Values {
		c.owns(v.Variable)
		c.comes(v.From)
		switch {
		case v.Text != "" && v.From != "":
			c.wrong(fmt.Sprintf("variable %q is set by text and from", v.Variable), "keep one of them")
		case len([]rune(v.Text)) > MaxValue:
			c.wrong(fmt.Sprintf("variable %q: the text has more than %d characters", v.Variable, MaxValue), "write a shorter one")
		}
	}
}

func (n *SetNode) enter(s *Session, _ *Node) (string, bool) {
	for _, v := range n.Values {
		text := v.Text
		if v.From != "" {
			text = s.variable(v.From)
		}
		s.set(v.Variable, text, false)
	}
	return n.Next, true
}
