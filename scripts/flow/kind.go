package flow

import (
	"fmt"
	"slices"

	"github.com/huawu/huawu/fact"
)

// Kind is what a node is. The set is closed: one struct a kind, and a row in
// kinds. Whoever works on flows and not in one (checks, paths, prompts, pictures,
// schemas) goes by what Names tells and never asks which kind it is.
type Kind interface {
	// Names is everything that the node names.
	Names() Names
	// check says what else is wrong with the node: that its exits lead
	// somewhere, that its prompts can be heard and that the variables it reads
	// are no secrets is checked by Names.
	check(c *checker)
	// enter begins the node; the session is at it already.
	enter(s *Session, n *Node) (string, bool)
}

// kinds are all kinds, in the order in which messages name them. Each answers
// nil for a node that is another one.
var kinds = []struct {
	name string
	of   func(*Node) Kind
}{
	{"play", func(n *Node) Kind { return orNone(n.Play) }},
	{"menu", func(n *Node) Kind { return orNone(n.Menu) }},
	{"gather", func(n *Node) Kind { return orNone(n.Gather) }},
	{"survey", func(n *Node) Kind { return orNone(n.Survey) }},
	{"set", func(n *Node) Kind { return orNone(n.Set) }},
	{"branch", func(n *Node) Kind { return orNone(n.Branch) }},
	{"calendar", func(n *Node) Kind { return orNone(n.Calendar) }},
	{"language", func(n *Node) Kind { return orNone(n.Language) }},
	{"lookup", func(n *Node) Kind { return orNone(n.Lookup) }},
	{"scene", func(n *Node) Kind { return orNone(n.Scene) }},
	{"transfer", func(n *Node) Kind { return orNone(n.Transfer) }},
	{"subflow", func(n *Node) Kind { return orNone(n.Subflow) }},
	{"return", func(n *Node) Kind { return orNone(n.Return) }},
	{"hours", func(n *Node) Kind { return orNone(n.Hours) }},
	{"match", func(n *Node) Kind { return orNone(n.Match) }},
	{"enqueue", func(n *Node) Kind { return orNone(n.Enqueue) }},
	{"three_way", func(n *Node) Kind { return orNone(n.ThreeWay) }},
	{"do", func(n *Node) Kind { return orNone(n.Do) }},
	{"callback", func(n *Node) Kind { return orNone(n.Callback) }},
	{"message", func(n *Node) Kind { return orNone(n.Message) }},
	{"hangup", func(n *Node) Kind { return orNone(n.Hangup) }},
}

// orNone is a nil Kind for a nil pointer.
func orNone[T any, K interface {
	*T
	Kind
}](k K) Kind {
	if k == nil {
		return nil
	}
	return k
}

// Kind is what the node is, and its name; nil and "" for a node that is not
// exactly one kind, which Check refuses.
func (n *Node) Kind() (Kind, string) {
	var is Kind
	var name string
	for i := range kinds {
		if k := kinds[i].of(n); k != nil {
			if is != nil {
				return nil, ""
			}
			is, name = k, kinds[i].name
		}
	}
	return is, name
}

// Names is what the node names, nothing for a node without a kind.
func (n *Node) Names() Names {
	if k, _ := n.Kind(); k != nil {
		return k.Names()
	}
	return Names{}
}

// Names are what a node names: the ways out of it, what it lets be heard, its
// variables, and what stands outside the flow.
type Names struct {
	// Exits are the ways out, in the order in which they are looked at; none
	// for a node that ends the flow. One that may be left out, and is, is none.
	Exits []Exit
	// Prompts are the lists of what may be heard.
	Prompts []Heard
	// Reads are variables that the node goes by, and says or hands on: no
	// secret may be among them. Takes are those that a deed is given, secrets or
	// not. Sets are those that the node gives a value. "" is none.
	Reads, Takes, Sets []string
	// Sensitive says that what Sets take is a secret.
	Sensitive bool
	// Values are all that Sets may be given, nil when that is not known before;
	// Digits, when its second is not 0, says that they are so many digits, from
	// the first to the second.
	Values []string
	Digits [2]int
	// Tests are the conditions by which the node goes on or does something.
	Tests []Test
	// Queue and Hours are of the centre, "" for none.
	Queue fact.QueueID
	Hours string
	// sentences are what the node says by itself, by language.
	sentences []map[string][]string
	// Waits says that the node waits for the caller's ears or fingers; Keeps
	// that it keeps the caller, who presses nothing, as a line does.
	Waits, Keeps bool
}

// Exit is one way out of a node.
type Exit struct {
	Name string // what it is written at: next, else, key 1
	To   string
	// ByKey exits are taken only by a caller who presses or says something.
	ByKey bool
}

// Heard is a list of prompts, and what it is written at.
type Heard struct {
	Name    string
	Prompts []Prompt
}

// Kinds are the names of the kinds that there are.
func Kinds() []string {
	all := make([]string, len(kinds))
	for i, k := range kinds {
		all[i] = k.name
	}
	return all
}

// kinds are the names of the kinds that are set.
func (n *Node) kinds() []string {
	var all []string
	for _, k := range kinds {
		if k.of(n) != nil {
			all = append(all, k.name)
		}
	}
	return all
}

func (p *PlayNode) Names() Names {
	return Names{Exits: []Exit{{Name: "next", To: p.Next}}, Prompts: []Heard{{"prompts", p.Prompts}}, Waits: true}
}

func (m *MenuNode) Names() Names {
	n := Names{Prompts: m.heard(), Sets: []string{m.Variable}, Waits: true}
	for _, k := range m.Keys {
		n.Exits = append(n.Exits, k.exit())
		n.Values = append(n.Values, k.value())
	}
	n.Exits = append(n.Exits, Exit{Name: "else", To: m.Else})
	return n
}

func (g *GatherNode) Names() Names {
	n := Names{
		Exits:   []Exit{{Name: "next", To: g.Next, ByKey: true}, {Name: "else", To: g.Else}},
		Prompts: g.heard(), Sets: []string{g.Variable}, Sensitive: g.Sensitive, Digits: [2]int{g.min(), g.max()}, Waits: true,
	}
	if g.Is == IsIDCard || g.Is == IsAmount {
		n.Digits = [2]int{} // there may be an X or a point in it
	}
	if g.Confirm != nil {
		n.Prompts = append(n.Prompts, Heard{"confirm", g.Confirm.Prompts})
	}
	return n
}

// heard are the lists of what is heard of a node that asks.
func (a *Ask) heard() []Heard {
	return []Heard{{"prompts", a.Prompts}, {"invalid", a.Invalid}, {"no_input", a.NoInput}}
}

// value is what the menu's variable becomes by the key.
func (k Choice) value() string {
	if k.Value == "" {
		return k.Key
	}
	return k.Value
}

func (k Choice) exit() Exit { return Exit{Name: "key " + k.Key, To: k.Next, ByKey: true} }

func (h *HoursNode) Names() Names {
	return Names{Exits: []Exit{{Name: "open", To: h.Open}, {Name: "closed", To: h.Closed}}, Hours: h.Table}
}

func (m *MatchNode) Names() Names {
	n := Names{Reads: []string{m.Variable}}
	for i, k := range m.Cases {
		n.Tests = append(n.Tests, Test{Name: "case " + k.name(), Exit: i, Variable: m.Variable, Equals: k.Equals, AtLeast: k.AtLeast})
		n.Exits = append(n.Exits, Exit{Name: "case " + k.name(), To: k.Next})
	}
	n.Exits = append(n.Exits, Exit{Name: "else", To: m.Else})
	return n
}

// name is what the case is for.
func (k Case) name() string {
	if k.AtLeast != nil {
		return fmt.Sprintf("at_least %d", *k.AtLeast)
	}
	return fmt.Sprintf("%q", k.Equals)
}

func (d *DoNode) Names() Names {
	n := Names{Exits: []Exit{{Name: "ok", To: d.OK}, {Name: "denied", To: d.Denied}}}
	if d.Pending != "" {
		n.Exits = append(n.Exits, Exit{Name: "pending", To: d.Pending})
	}
	if d.Else != "" {
		n.Exits = append(n.Exits, Exit{Name: "else", To: d.Else})
	}
	for _, a := range d.Args {
		n.Takes = append(n.Takes, a.From)
	}
	return n
}

func (h *HangupNode) Names() Names { return Names{} }

// Reads says whether the flow goes by a variable, or says it.
func (f *Flow) Reads(variable string) bool {
	for i := range f.Nodes {
		names := f.Nodes[i].Names()
		if slices.Contains(names.reads(), variable) {
			return true
		}
	}
	return false
}

// reads are the variables that the node goes by, says or hands on, those in its
// prompts among them.
func (n *Names) reads() []string {
	all := slices.Clip(n.Reads)
	for _, h := range n.Prompts {
		for _, p := range h.Prompts {
			if p.Digits != "" {
				all = append(all, p.Digits)
			}
			for _, id := range p.Open() {
				all = append(all, p.With[id].From)
			}
		}
	}
	return all
}

// sets are the variables that nodes set, of the flow and of those that a call in
// it may be in, each with whether it may hold a secret.
func (f *Flow) sets() map[string]bool {
	all := make(map[string]bool)
	for _, one := range f.relatives() {
		for i := range one.Nodes {
			names := one.Nodes[i].Names()
			for _, v := range names.Sets {
				all[v] = all[v] || names.Sensitive
			}
		}
	}
	return all
}
