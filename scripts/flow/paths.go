package flow

import (
	"slices"
	"strings"
)

// unasked are the exits that need no key.
func (n *Node) unasked() []Exit {
	return slices.DeleteFunc(n.Names().Exits, func(e Exit) bool { return e.ByKey })
}

func (n *Node) exits() []Exit { return n.Names().Exits }

// paths checks where the nodes lead.
func (c *checker) paths() {
	f := c.flow
	begin := []string{f.begin()}
	for _, k := range f.Keys {
		begin = append(begin, k.Next)
	}
	reached := f.closure(begin, (*Node).exits)
	for i := range f.Nodes {
		c.at = &f.Nodes[i]
		if !reached[c.at.ID] {
			c.wrong("no node leads here", "lead one here or remove the node")
			continue
		}
		if c.at.Names().Waits {
			c.silent(c.at)
		} else {
			c.hurried(c.at)
		}
	}
	c.at = nil
}

// silent checks that a caller who presses nothing is let go in the end, or
// comes into a line: a leg that nobody holds any more must not live for ever.
func (c *checker) silent(n *Node) {
	ways := c.flow.closure([]string{n.ID}, (*Node).unasked)
	for i := range c.flow.Nodes {
		if o := &c.flow.Nodes[i]; ways[o.ID] && (o.Names().Keeps || len(o.Names().Exits) == 0) {
			return
		}
	}
	c.wrong("a caller who presses nothing is never let go from here", "let an else or next lead to a hangup in the end")
}

// hurried checks that no way leads back here without a wait for the caller.
func (c *checker) hurried(n *Node) {
	hurry := func(n *Node) []Exit {
		if n.Names().Waits {
			return nil
		}
		return n.unasked()
	}
	ways := n.unasked()
	var first []string
	for _, e := range ways {
		first = append(first, e.To)
	}
	if c.flow.closure(first, hurry)[n.ID] {
		names := make([]string, 0, len(ways))
		for _, e := range ways {
			names = append(names, e.Name+" → "+e.To)
		}
		c.wrong("the flow can come back here without a wait ("+strings.Join(names, ", ")+")", "put a play, menu or gather into the loop")
	}
}

// closure are the nodes that can be reached from some by the ways given.
func (f *Flow) closure(from []string, ways func(*Node) []Exit) map[string]bool {
	index := make(map[string]*Node, len(f.Nodes))
	for i := range f.Nodes {
		index[f.Nodes[i].ID] = &f.Nodes[i]
	}
	reached := make(map[string]bool)
	todo := append([]string(nil), from...)
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := index[id]
		if n == nil || reached[id] {
			continue
		}
		reached[id] = true
		for _, e := range ways(n) {
			todo = append(todo, e.To)
		}
	}
	return reached
}
