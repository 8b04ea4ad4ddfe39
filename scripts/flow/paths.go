package flow

import (
	"fmt"
	"slices"
	"strings"
)

// exit is one way out of a node.
type exit struct {
	name string // the key that it is written at
	to   string
	// byKey exits are taken only by a caller who presses something.
	byKey bool
}

// exits are the ways out of a node. An Else that is not in use is left out.
func (n *Node) exits() []exit {
	var all []exit
	switch {
	case n.Play != nil:
		all = []exit{{name: "next", to: n.Play.Next}}
	case n.Menu != nil:
		for _, k := range n.Menu.Keys {
			all = append(all, exit{name: fmt.Sprintf("key %s", k.Key), to: k.Next, byKey: true})
		}
		all = append(all, exit{name: "else", to: n.Menu.Else})
	case n.Gather != nil:
		all = []exit{{name: "next", to: n.Gather.Next, byKey: true}, {name: "else", to: n.Gather.Else}}
	case n.Hours != nil:
		all = []exit{{name: "open", to: n.Hours.Open}, {name: "closed", to: n.Hours.Closed}}
	case n.Match != nil:
		for _, k := range n.Match.Cases {
			all = append(all, exit{name: fmt.Sprintf("case %q", k.Equals), to: k.Next})
		}
		all = append(all, exit{name: "else", to: n.Match.Else})
	case n.Enqueue != nil:
		all = n.Enqueue.exits()
	case n.Do != nil:
		all = []exit{{name: "ok", to: n.Do.OK}, {name: "denied", to: n.Do.Denied}}
		if n.Do.Pending != "" {
			all = append(all, exit{name: "pending", to: n.Do.Pending})
		}
		if n.Do.Else != "" {
			all = append(all, exit{name: "else", to: n.Do.Else})
		}
	case n.owed() != nil:
		all = n.owedExits()
	}
	return all
}

// unasked are the exits that need no key.
func (n *Node) unasked() []exit {
	return slices.DeleteFunc(n.exits(), func(e exit) bool { return e.byKey })
}

// waits says whether the node waits for the caller's ears or fingers.
func (n *Node) waits() bool {
	return n.Play != nil || n.Menu != nil || n.Gather != nil || n.Message != nil
}

// paths checks where the nodes lead.
func (c *checker) paths() {
	f := c.flow
	reached := f.closure([]string{f.begin()}, (*Node).exits)
	for i := range f.Nodes {
		c.at = &f.Nodes[i]
		if !reached[c.at.ID] {
			c.wrong("no node leads here", "lead one here or remove the node")
			continue
		}
		if c.at.waits() {
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
		if o := &c.flow.Nodes[i]; ways[o.ID] && (o.Hangup != nil || o.Enqueue != nil) {
			return
		}
	}
	c.wrong("a caller who presses nothing is never let go from here", "let an else or next lead to a hangup in the end")
}

// hurried checks that no way leads back here without a wait for the caller.
func (c *checker) hurried(n *Node) {
	hurry := func(n *Node) []exit {
		if n.waits() {
			return nil
		}
		return n.unasked()
	}
	ways := n.unasked()
	var first []string
	for _, e := range ways {
		first = append(first, e.to)
	}
	if c.flow.closure(first, hurry)[n.ID] {
		names := make([]string, 0, len(ways))
		for _, e := range ways {
			names = append(names, e.name+" → "+e.to)
		}
		c.wrong("the flow can come back here without a wait ("+strings.Join(names, ", ")+")", "put a play, menu or gather into the loop")
	}
}

// closure are the nodes that can be reached from some by the ways given.
func (f *Flow) closure(from []string, ways func(*Node) []exit) map[string]bool {
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
			todo = append(todo, e.to)
		}
	}
	return reached
}
