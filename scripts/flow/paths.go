package flow

import "strings"

// ways are where exits lead, by the index of the node, as far as which lets them.
func (c *checker) ways(which func(n *Names, e Exit) bool) [][]int {
	all := make([][]int, len(c.names))
	for i := range c.names {
		for _, e := range c.names[i].Exits {
			if to, ok := c.index[e.To]; ok && which(&c.names[i], e) {
				all[i] = append(all[i], to)
			}
		}
	}
	return all
}

// paths checks where the nodes lead.
func (c *checker) paths() {
	begin := []int{c.index[c.flow.begin()]}
	for _, k := range c.flow.Keys {
		if to, ok := c.index[k.Next]; ok {
			begin = append(begin, to)
		}
	}
	reached := closure(c.ways(func(*Names, Exit) bool { return true }), begin)
	letGo := c.letGo()
	hurried := c.ways(func(n *Names, e Exit) bool { return !n.Waits && !e.ByKey })
	for i := range c.flow.Nodes {
		c.at = &c.flow.Nodes[i]
		switch {
		case !reached[i]:
			c.wrong("no node leads here", "lead one here or remove the node")
		case c.names[i].Waits && !letGo[i]:
			c.wrong("a caller who presses nothing is never let go from here", "let an else or next lead to a hangup in the end")
		case !c.names[i].Waits && closure(hurried, hurried[i])[i]:
			var names []string
			for _, e := range c.names[i].Exits {
				if !e.ByKey {
					names = append(names, e.Name+" → "+e.To)
				}
			}
			c.wrong("the flow can come back here without a wait ("+strings.Join(names, ", ")+")", "put a play, menu or gather into the loop")
		}
	}
	c.at = nil
}

// letGo are the nodes from which a caller who presses nothing is let go in the
// end, or comes into a line: a leg that nobody holds any more must not live for
// ever.
func (c *checker) letGo() []bool {
	back := make([][]int, len(c.names))
	for from, all := range c.ways(func(_ *Names, e Exit) bool { return !e.ByKey }) {
		for _, to := range all {
			back[to] = append(back[to], from)
		}
	}
	var ends []int
	for i := range c.names {
		if c.names[i].Keeps || len(c.names[i].Exits) == 0 {
			ends = append(ends, i)
		}
	}
	return closure(back, ends)
}

// closure are the nodes that can be reached from some by ways, those among them.
func closure(ways [][]int, from []int) []bool {
	reached := make([]bool, len(ways))
	todo := append([]int(nil), from...)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !reached[i] {
			reached[i] = true
			todo = append(todo, ways[i]...)
		}
	}
	return reached
}
