package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The checks of the kinds of nodes.

func (c *checker) ask(a *Ask) {
	c.span("timeout", a.Timeout, time.Second, time.Minute)
	if r := a.retries(); r < 0 || r > MaxRetries {
		c.wrong(fmt.Sprintf("retries is %d", r), fmt.Sprintf("write 0 to %d", MaxRetries))
	}
	if len(a.Prompts) == 0 {
		c.wrong("nothing tells the caller what to press", "write prompts")
	}
}

func (p *PlayNode) check(c *checker) {
	if len(p.Prompts) == 0 {
		c.wrong("play has no prompts", "write some, or remove the node")
	}
}

func (m *MenuNode) check(c *checker) {
	c.ask(&m.Ask)
	if len(m.Keys) == 0 {
		c.wrong("the menu has no keys", "write keys, or use play")
	}
	c.keys(m.Keys, m.Variable)
	if m.Variable != "" {
		c.owns(m.Variable)
	}
}

// keys checks those of a menu, or of a line, which has no variable.
func (c *checker) keys(all []Choice, variable string) {
	for i, k := range all {
		switch {
		case len(k.Key) != 1 || !strings.Contains(Keys, k.Key):
			c.wrong(fmt.Sprintf("key %q is on no phone", k.Key), "write one of 0-9, \"*\", \"#\", A-D")
		case slices.ContainsFunc(all[:i], func(o Choice) bool { return o.Key == k.Key }):
			c.wrong(fmt.Sprintf("key %q comes twice", k.Key), "keep one of them")
		}
		if k.Value != "" && variable == "" {
			c.wrong(fmt.Sprintf("key %q has a value that no variable takes", k.Key), "give the menu a variable, or leave the value out")
		}
	}
}

func (g *GatherNode) check(c *checker) {
	c.ask(&g.Ask)
	c.owns(g.Variable)
	c.span("between", g.Between, 500*time.Millisecond, time.Minute)
	c.valid(g)
	if g.max() < 1 || g.max() > MaxDigits {
		c.wrong(fmt.Sprintf("max is %d", g.Max), fmt.Sprintf("write how many digits at most, 1 to %d", MaxDigits))
	} else if g.min() < 1 || g.min() > g.max() {
		c.wrong(fmt.Sprintf("min is %d", g.Min), fmt.Sprintf("write 1 to max, which is %d", g.max()))
	}
	c.terminator(g.Terminator)
}

func (c *checker) terminator(key string) {
	if key != "" && !slices.Contains(terminators, key) {
		c.wrong(fmt.Sprintf("terminator is %q", key), "write \"#\", \"*\" or none")
	}
}

func (h *HoursNode) check(c *checker) {
	if h.Table == "" {
		c.hours(h.Table)
	}
}

func (h *HangupNode) check(c *checker) {
	if h.Cause < 0 || h.Cause > 127 {
		c.wrong(fmt.Sprintf("cause %d is no Q.850 cause", h.Cause), "write 1 to 127, or leave it out for normal clearing")
	}
}

func (m *MatchNode) check(c *checker) {
	if m.Variable == "" {
		c.variable(m.Variable)
	}
	if len(m.Cases) == 0 {
		c.wrong("match has no cases", "write some, or go on directly")
	}
	for i, k := range m.Cases {
		switch {
		case k.AtLeast != nil && k.Equals != "":
			c.wrong(fmt.Sprintf("case %q has at_least, too", k.Equals), "keep one of them")
		case k.AtLeast == nil && slices.ContainsFunc(m.Cases[:i], func(o Case) bool { return o.AtLeast == nil && o.Equals == k.Equals }):
			c.wrong(fmt.Sprintf("case %q comes twice", k.Equals), "keep one of them")
		}
	}
}

func (e *EnqueueNode) check(c *checker) {
	if e.Queue == "" {
		c.queue(e.Queue)
	}
	c.line(e)
	if c.refs.Needs != nil && e.Needs != "" {
		if err := c.refs.Needs(e.Needs); err != nil {
			c.wrong(fmt.Sprintf("needs %q: %v", e.Needs, err), "write skills and levels, such as english>=50 AND (cable OR phone)")
		}
	}
}

func (d *DoNode) check(c *checker) {
	var args []string
	at := slices.IndexFunc(Verbs, func(v struct {
		Verb Verb
		Args []string
	}) bool {
		return v.Verb == d.Verb
	})
	if at < 0 {
		var known []Verb
		for _, v := range Verbs {
			known = append(known, v.Verb)
		}
		c.wrong(fmt.Sprintf("verb %q is not known", d.Verb), "write one of: "+list(known))
		return
	}
	for _, a := range d.Args {
		args = append(args, a.Name)
		if (a.From == "") == (a.Value == "") {
			c.wrong(fmt.Sprintf("argument %q must have a variable or a value", a.Name), "write from: with a variable, or value:")
		}
		if _, set := c.sets[a.From]; a.From != "" && !set {
			c.wrong(fmt.Sprintf("argument %q comes from %q, which no node sets", a.Name, a.From), "gather it first")
		}
	}
	slices.Sort(args)
	if !slices.Equal(args, Verbs[at].Args) {
		c.wrong(fmt.Sprintf("%s is given: %s", d.Verb, list(args)), "it takes exactly: "+list(Verbs[at].Args))
	}
	if d.Attempts < 0 || d.Attempts > MaxRetries {
		c.wrong(fmt.Sprintf("attempts is %d", d.Attempts), fmt.Sprintf("write 1 to %d, or leave it out for no bound", MaxRetries))
	}
	if (d.Attempts > 0) != (d.Else != "") {
		c.wrong("attempts and else belong together", "write both or neither")
	}
}
