package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/huawu/huawu/fact"
)

// MaxDepth is how many subflows may be within one another.
const MaxDepth = 8

// SubflowNode goes through another flow, which knows the same variables, and
// goes on where that returns.
type SubflowNode struct {
	Flow fact.FlowID `json:"flow" yaml:"flow"`
	// Results say where to go on by what the flow returns, Next otherwise.
	Results []Outgoing `json:"results,omitempty" yaml:"results"`
	Next    string     `json:"next" yaml:"next"`
}

// Outgoing is where to go on by a word that a subflow returns.
type Outgoing struct {
	On   string `json:"on" yaml:"on"`
	Next string `json:"next" yaml:"next"`
}

// ReturnNode ends a subflow; a flow that is none ends the call.
type ReturnNode struct {
	// Result is for the Results of who has come here, "" for none.
	Result string `json:"result,omitempty" yaml:"result"`
}

// FlowKey is a key that holds at every menu, survey and gather which does not
// take it itself: it leads to Next, or with Back to the menu before.
type FlowKey struct {
	Key  string `json:"key" yaml:"key"`
	Next string `json:"next,omitempty" yaml:"next"`
	Back bool   `json:"back,omitempty" yaml:"back"`
}

// Frame is a flow that waits for a subflow of it.
type Frame struct {
	Flow fact.FlowID `json:"flow"`
	Node string      `json:"node"`
	// Trail are the nodes of that flow that have asked something.
	Trail []string `json:"trail,omitempty"`
}

// maxTrail is how many menus a caller can go back.
const maxTrail = 20

// Link tells flows of one version of each other: who goes through a subflow goes
// through the one of the same version. Flows that are in use are not linked anew.
func Link(all []*Flow) {
	by := make(map[fact.FlowID]*Flow, len(all))
	for _, f := range all {
		by[f.ID] = f
	}
	for _, f := range all {
		f.compile()
		f.linked = by
	}
	for _, f := range all {
		f.family = f.kin(all)
	}
}

// kin are the flows that a call may be in, one and the other: those that lead
// through f, and whatever they lead through.
func (f *Flow) kin(all []*Flow) []*Flow {
	found := append([]*Flow{f}, f.Linked()...)
	for _, one := range all {
		if way := one.Linked(); one != f && slices.Contains(way, f) {
			for _, k := range append([]*Flow{one}, way...) {
				if !slices.Contains(found, k) {
					found = append(found, k)
				}
			}
		}
	}
	return found
}

// Linked are the flows that a flow leads through, itself left out, in the order
// in which it comes to them.
func (f *Flow) Linked() []*Flow {
	found := []*Flow{f}
	for i := 0; i < len(found); i++ {
		for j := range found[i].Nodes {
			if n := found[i].Nodes[j].Subflow; n != nil {
				if sub := f.linked[n.Flow]; sub != nil && !slices.Contains(found, sub) {
					found = append(found, sub)
				}
			}
		}
	}
	return found[1:]
}

// Through are the subflows that the flow's own nodes name.
func (f *Flow) Through() []fact.FlowID {
	var all []fact.FlowID
	for i := range f.Nodes {
		if n := f.Nodes[i].Subflow; n != nil {
			all = append(all, n.Flow)
		}
	}
	return all
}

func (n *SubflowNode) Names() Names {
	names := Names{Exits: []Exit{{Name: "next", To: n.Next}}}
	for _, r := range n.Results {
		names.Exits = append(names.Exits, Exit{Name: fmt.Sprintf("result %q", r.On), To: r.Next})
	}
	return names
}

func (n *SubflowNode) check(c *checker) {
	for i, r := range n.Results {
		switch {
		case !flowName.MatchString(r.On):
			c.wrong(fmt.Sprintf("result %q is no word", r.On), "write small letters, digits and \"-\"")
		case slices.ContainsFunc(n.Results[:i], func(o Outgoing) bool { return o.On == r.On }):
			c.wrong(fmt.Sprintf("result %q comes twice", r.On), "keep one of them")
		}
	}
	if c.refs.Flows == nil {
		return
	}
	sub := c.refs.flow(n.Flow)
	if sub == nil {
		var ids []fact.FlowID
		for _, f := range c.refs.Flows {
			ids = append(ids, f.ID)
		}
		c.wrong(fmt.Sprintf("flow %q is not there", n.Flow), "name one of: "+list(ids))
		return
	}
	if way := c.refs.circle(sub, []fact.FlowID{c.flow.ID}); way != nil {
		c.wrong("the flow leads through itself: "+list(way), "let one of them go on otherwise")
	}
}

// flow is one of those that may be named, nil for none.
func (r *Refs) flow(id fact.FlowID) *Flow {
	for _, f := range r.Flows {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// circle is the way on which a flow comes back to one that it came from, or
// deeper than MaxDepth; nil for none.
func (r *Refs) circle(f *Flow, way []fact.FlowID) []fact.FlowID {
	back := slices.Contains(way, f.ID)
	if way = append(slices.Clone(way), f.ID); back || len(way) > MaxDepth {
		return way
	}
	for i := range f.Nodes {
		if n := f.Nodes[i].Subflow; n != nil {
			if sub := r.flow(n.Flow); sub != nil {
				if found := r.circle(sub, way); found != nil {
					return found
				}
			}
		}
	}
	return nil
}

func (n *SubflowNode) enter(s *Session, _ *Node) (string, bool) {
	sub := s.flow.linked[n.Flow]
	switch {
	case sub == nil || len(sub.Nodes) == 0:
		return s.broken(fmt.Sprintf("node %q leads through the flow %q, which is not there", s.s.Node, n.Flow))
	case len(s.s.Stack) >= MaxDepth:
		return s.broken(fmt.Sprintf("more than %d subflows within one another, the last one %q", MaxDepth, n.Flow))
	}
	s.s.Stack = append(slices.Clone(s.s.Stack), Frame{Flow: s.flow.ID, Node: s.s.Node, Trail: s.s.Trail})
	s.flow, s.s.In, s.s.Trail = sub, sub.ID, nil
	return sub.begin(), true
}

func (n *ReturnNode) Names() Names { return Names{} }

func (n *ReturnNode) check(c *checker) {
	if n.Result != "" && !flowName.MatchString(n.Result) {
		c.wrong(fmt.Sprintf("result %q is no word", n.Result), "write small letters, digits and \"-\"")
	}
}

func (n *ReturnNode) enter(s *Session, _ *Node) (string, bool) {
	if len(s.s.Stack) == 0 {
		return s.hangup(Hangup{})
	}
	s.up()
	sub := s.flow.node(s.s.Node)
	if sub == nil || sub.Subflow == nil {
		return s.broken(fmt.Sprintf("a subflow returns to node %q, which leads through none", s.s.Node))
	}
	for _, r := range sub.Subflow.Results {
		if r.On == n.Result {
			return r.Next, true
		}
	}
	return sub.Subflow.Next, true
}

// up goes to the flow that has come here.
func (s *Session) up() {
	f := s.s.Stack[len(s.s.Stack)-1]
	s.s.Stack = slices.Clone(s.s.Stack[:len(s.s.Stack)-1])
	s.flow = s.root.linked[f.Flow]
	if s.flow == nil || len(s.s.Stack) == 0 {
		s.flow = s.root
	}
	s.s.Node, s.s.Trail, s.s.In = f.Node, f.Trail, s.flow.ID
	if s.flow == s.root {
		s.s.In = ""
	}
}

// trail keeps that a node asks something, for who wants to go back to it.
func (s *Session) trail(id string) {
	if i := slices.Index(s.s.Trail, id); i >= 0 {
		s.s.Trail = slices.Clone(s.s.Trail[:i])
	}
	s.s.Trail = append(slices.Clone(s.s.Trail), id)
	if len(s.s.Trail) > maxTrail {
		s.s.Trail = s.s.Trail[1:]
	}
}

// wide takes a key that holds in the whole flow; false when there is none.
func (s *Session) wide(key string) (string, bool) {
	for _, k := range s.flow.Keys {
		if k.Key != key {
			continue
		}
		if k.Back {
			return s.back()
		}
		return k.Next, true
	}
	return "", false
}

// holdsKey says whether a key is one of the whole flow's.
func (s *Session) holdsKey(key string) bool {
	return slices.ContainsFunc(s.flow.Keys, func(k FlowKey) bool { return k.Key == key })
}

// back is the node that asked something before the present one, in the flow that
// has come here when there was none in this; false for none at all.
func (s *Session) back() (string, bool) {
	if n := len(s.s.Trail); n >= 2 {
		return s.s.Trail[n-2], true
	}
	for i := len(s.s.Stack) - 1; i >= 0; i-- {
		if n := len(s.s.Stack[i].Trail); n > 0 {
			before := s.s.Stack[i].Trail[n-1]
			for len(s.s.Stack) > i {
				s.up()
			}
			return before, true
		}
	}
	return "", false
}

// wides checks the keys of the whole flow.
func (c *checker) wides() {
	for i, k := range c.flow.Keys {
		switch {
		case len(k.Key) != 1 || !strings.Contains(Keys, k.Key):
			c.wrong(fmt.Sprintf("key %q is on no phone", k.Key), "write one of 0-9, \"*\", \"#\", A-D")
		case slices.ContainsFunc(c.flow.Keys[:i], func(o FlowKey) bool { return o.Key == k.Key }):
			c.wrong(fmt.Sprintf("key %q comes twice", k.Key), "keep one of them")
		}
		switch {
		case k.Back == (k.Next != ""):
			c.wrong(fmt.Sprintf("key %q leads nowhere, or to two places", k.Key), "write next: with a node, or back: true")
		case k.Next != "" && c.flow.node(k.Next) == nil:
			c.wrong(fmt.Sprintf("key %q leads to %q, which is no node", k.Key, k.Next), "name one of: "+list(c.flow.ids()))
		}
	}
}
