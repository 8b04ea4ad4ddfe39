package flow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// Refs say what a flow may name outside itself.
type Refs struct {
	Queues []fact.QueueID
	// Hours are the ids of the tables.
	Hours []string
	// Needs says what is wrong with a requirement; nil accepts all.
	Needs func(string) error
	// Festivals and Incidents are the ids that there are; nil accepts all.
	Festivals, Incidents []string
	// Flows are those that subflows may name, the flow itself among them; nil
	// lets them name any.
	Flows []*Flow
	// Lookup says why flows may not ask a host, or have no such secrets; nil
	// accepts all.
	Lookup func(scheme, host string, secrets []string) error
	// Scene says what is wrong with a node that begins a scene, as "what" or
	// "what; remedy"; nil accepts all.
	Scene func(*SceneNode) error
	// Phrase says what is wrong with a prompt that is a phrase, as "what" or
	// "what; remedy"; nil accepts all.
	Phrase func(Prompt) error
}

// Problem is one thing wrong with a flow, and how to mend it.
type Problem struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Node   string `json:"node,omitempty"`
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

// String is "file:line: node "x": what; remedy".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.File != "" || p.Line > 0 {
		b.WriteString(": ")
	}
	if p.Node != "" {
		fmt.Fprintf(&b, "node %q: ", p.Node)
	}
	b.WriteString(p.What)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Check says everything that is wrong with the flow, in the order of its
// nodes (SPEC IVR-7). A flow without a problem never ends as broken, unless
// Env lacks what refs promised.
func (f *Flow) Check(refs Refs) []Problem {
	c := f.checker(refs)
	c.head()
	c.wides()
	for i := range f.Nodes {
		c.node(i)
	}
	if len(c.problems) == 0 { // the paths of a flow with holes say nothing
		c.paths()
	}
	return c.problems
}

type checker struct {
	flow     *Flow
	refs     Refs
	names    []Names         // of the nodes
	index    map[string]int  // of the nodes by their ids, the first of one id
	sets     map[string]bool // by variable, whether it may hold a secret
	at       *Node           // nil for the flow itself
	problems []Problem
}

func (f *Flow) checker(refs Refs) *checker {
	f.compile()
	c := &checker{flow: f, refs: refs, names: make([]Names, len(f.Nodes)), index: make(map[string]int, len(f.Nodes)), sets: f.sets()}
	for i := range f.Nodes {
		c.names[i] = f.Nodes[i].Names()
		if _, twice := c.index[f.Nodes[i].ID]; !twice {
			c.index[f.Nodes[i].ID] = i
		}
	}
	return c
}

func (c *checker) wrong(what, remedy string) {
	p := Problem{File: c.flow.File, Line: c.flow.Line, What: what, Remedy: remedy}
	if c.at != nil {
		p.Line, p.Node = c.at.Line, c.at.ID
	}
	c.problems = append(c.problems, p)
}

var (
	flowName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	nodeName = flowName
	varName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	fileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`)
)

// Languages are those that a prompt can be in.
var Languages = []string{"zh", "en"}

// Verbs are the deeds that a flow can ask for, with their arguments.
var Verbs = []struct {
	Verb Verb
	Args []string
}{
	{VerbSignIn, []string{"agent", "pin"}},
	{VerbSignOut, nil},
	{VerbReady, nil},
	{VerbNotReady, []string{"reason"}},
	{VerbSupervise, []string{"agent"}},
	{VerbRecord, nil},
}

func (c *checker) head() {
	f := c.flow
	if !flowName.MatchString(string(f.ID)) {
		c.wrong(fmt.Sprintf("the flow's id is %q", f.ID), "write small letters, digits and \"-\", at most 64")
	}
	if f.Language != "" && !slices.Contains(Languages, f.Language) {
		c.wrong(fmt.Sprintf("language %q is not spoken", f.Language), "write one of "+strings.Join(Languages, ", "))
	}
	c.span("play_limit", f.PlayLimit, time.Second, time.Hour)
	switch {
	case len(f.Nodes) == 0:
		c.wrong("the flow has no nodes", "write at least one node that hangs up")
	case len(f.Nodes) > MaxNodes:
		c.wrong(fmt.Sprintf("the flow has %d nodes", len(f.Nodes)), fmt.Sprintf("split it: %d are the most", MaxNodes))
	case f.node(f.begin()) == nil:
		c.wrong(fmt.Sprintf("begin is %q, which is no node", f.Begin), "name a node or leave begin out")
	}
}

func (c *checker) node(i int) {
	n := &c.flow.Nodes[i]
	c.at = n
	defer func() { c.at = nil }()
	if !nodeName.MatchString(n.ID) {
		c.wrong(fmt.Sprintf("the node's id is %q", n.ID), "write small letters, digits and \"-\", at most 64")
	}
	if c.index[n.ID] < i {
		c.wrong("another node has the same id", "give each its own")
	}
	kind, _ := n.Kind()
	if kind == nil {
		is := n.kinds()
		c.wrong(fmt.Sprintf("the node has %d kinds (%s)", len(is), strings.Join(is, ", ")),
			"write exactly one of "+strings.Join(Kinds(), ", "))
		return
	}
	names := &c.names[i]
	for _, e := range names.Exits {
		c.exit(e)
	}
	for _, h := range names.Prompts {
		c.prompts(h.Prompts)
	}
	for _, v := range names.reads() {
		c.reads(v)
	}
	if names.Queue != "" {
		c.queue(names.Queue)
	}
	if names.Hours != "" {
		c.hours(names.Hours)
	}
	kind.check(c)
}

func (c *checker) queue(q fact.QueueID) {
	if !slices.Contains(c.refs.Queues, q) {
		c.wrong(fmt.Sprintf("queue %q is not there", q), "name one of: "+list(c.refs.Queues))
	}
}

func (c *checker) hours(table string) {
	if !slices.Contains(c.refs.Hours, table) {
		c.wrong(fmt.Sprintf("hours %q are not there", table), "name one of: "+list(c.refs.Hours))
	}
}

func (c *checker) exit(e Exit) {
	_, there := c.index[e.To]
	switch {
	case e.To == "":
		c.wrong(e.Name+" leads nowhere", fmt.Sprintf("write %q with the node to go on at", e.Name+":"))
	case !there:
		c.wrong(fmt.Sprintf("%s leads to %q, which is no node", e.Name, e.To), "name one of: "+list(c.flow.ids()))
	}
}

func (f *Flow) ids() []string {
	var all []string
	for _, n := range f.Nodes {
		all = append(all, n.ID)
	}
	return all
}

func (c *checker) prompts(prompts []Prompt) {
	if len(prompts) > MaxPrompts {
		c.wrong(fmt.Sprintf("%d prompts in one list", len(prompts)), fmt.Sprintf("%d are the most", MaxPrompts))
	}
	for i, p := range prompts {
		set := 0
		for _, is := range []bool{p.File != "", p.Sound != "", p.Text != "", p.Silence != 0, p.Digits != "", p.Phrase != "", p.Take} {
			if is {
				set++
			}
		}
		switch {
		case set != 1:
			c.wrong(fmt.Sprintf("prompt %d says %d things", i+1, set), "write exactly one of "+strings.Join(promptKinds, ", "))
		case p.File != "" && !fileName.MatchString(p.File):
			c.wrong(fmt.Sprintf("prompt %d: file %q", i+1, p.File), "write a name in the prompt folder without extension, such as greetings/welcome")
		case p.Sound != "" && !fileName.MatchString(p.Sound):
			c.wrong(fmt.Sprintf("prompt %d: sound %q", i+1, p.Sound), "write one of the switch's sounds, such as beep")
		case utf8.RuneCountInString(p.Text) > MaxText:
			c.wrong(fmt.Sprintf("prompt %d has more than %d characters", i+1, MaxText), "split it")
		case p.Silence < 0 || p.Silence > 60_000:
			c.wrong(fmt.Sprintf("prompt %d: silence %d", i+1, p.Silence), "write milliseconds, 1 to 60000")
		}
		c.phrase(i+1, p)
		c.wordings(i, p)
		if p.Language != "" && !slices.Contains(Languages, p.Language) && (p.File == "" || !slices.Contains(Dialects, p.Language)) {
			c.wrong(fmt.Sprintf("prompt %d: language %q is not spoken", i+1, p.Language), "write one of "+strings.Join(Languages, ", "))
		}
	}
}

// span checks a duration, of which 0 means the default.
func (c *checker) span(name string, d, least, most time.Duration) {
	if d != 0 && (d < least || d > most) {
		c.wrong(fmt.Sprintf("%s is %s", name, d), fmt.Sprintf("write %s to %s", least, most))
	}
}

func (c *checker) variable(name string) {
	if !varName.MatchString(name) {
		c.wrong(fmt.Sprintf("variable %q", name), "write small letters, digits and \"_\", at most 32, a letter first")
	}
}

// list is what may be named, in a message.
func list[T ~string](all []T) string {
	if len(all) == 0 {
		return "(there are none)"
	}
	const most = 20
	var b strings.Builder
	for i, one := range all {
		switch {
		case i == most:
			return b.String() + ", …"
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(one))
	}
	return b.String()
}
