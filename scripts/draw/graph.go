package draw

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/huawu/huawu/scripts/flow"
)

// shape is how a node is drawn.
type shape int

const (
	box   shape = iota // the caller hears or presses something
	fork               // the flow goes on by what it knows
	line               // the caller is kept
	end                // the flow ends
	ghost              // a node that there is not
)

// vertex is a node of the picture.
type vertex struct {
	shape shape
	head  string // id and kind
	body  string // what is heard, or what the node goes by
}

// edge is a way from one vertex to another, by index, with all exits that it
// stands for.
type edge struct {
	from, to int
	label    string
}

type graph struct {
	title    string
	vertices []vertex
	edges    []edge
	begin    int // -1 for none
}

// graphOf is the flow as a graph, in the order of its nodes.
func graphOf(f *flow.Flow) *graph {
	g := &graph{title: string(f.ID), begin: -1}
	index := map[string]int{}
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if _, twice := index[n.ID]; !twice {
			index[n.ID] = len(g.vertices)
		}
		g.vertices = append(g.vertices, vertexOf(n))
	}
	at := func(id string) int {
		i, ok := index[id]
		if !ok {
			i = len(g.vertices)
			index[id] = i
			g.vertices = append(g.vertices, vertex{shape: ghost, head: id})
		}
		return i
	}
	for i := range f.Nodes {
		seen := map[int]int{} // by target, the edge
		for _, e := range f.Nodes[i].Names().Exits {
			to := at(e.To)
			if k, ok := seen[to]; ok {
				g.edges[k].label += ", " + e.Name
				continue
			}
			seen[to] = len(g.edges)
			g.edges = append(g.edges, edge{from: i, to: to, label: e.Name})
		}
	}
	switch {
	case f.Begin != "":
		g.begin = at(f.Begin)
	case len(f.Nodes) > 0:
		g.begin = 0
	}
	for i := range g.edges {
		if e := &g.edges[i]; e.label == "next" { // the usual way needs no word
			e.label = ""
		}
	}
	return g
}

func vertexOf(n *flow.Node) vertex {
	names := n.Names()
	_, kind := n.Kind()
	v := vertex{head: n.ID, body: said(names)}
	if kind != "" {
		v.head += " · " + kind
	}
	switch {
	case names.Keeps:
		v.shape = line
	case len(names.Exits) == 0:
		v.shape = end
	case !names.Waits && len(names.Exits) > 1:
		v.shape = fork
	}
	return v
}

// said is what a node is about, in few words.
func said(names flow.Names) string {
	if names.Queue != "" {
		return string(names.Queue)
	}
	for _, h := range names.Prompts {
		var words []string
		for _, p := range h.Prompts {
			switch {
			case p.Text != "":
				words = append(words, p.Text)
			case p.Take:
				words = append(words, "take")
			case p.Phrase != "":
				words = append(words, p.Phrase)
			case p.File != "":
				words = append(words, p.File)
			case p.Digits != "":
				words = append(words, "{"+p.Digits+"}")
			}
		}
		if len(words) > 0 {
			return strings.Join(words, " ")
		}
	}
	if names.Hours != "" {
		return names.Hours
	}
	var words []string
	for _, v := range append(append([]string{}, names.Reads...), names.Takes...) {
		if v != "" {
			words = append(words, v)
		}
	}
	return strings.Join(words, ", ")
}

// clean is text without what no picture can hold.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r) && r != ' ':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// places is how many places text takes where a Latin letter takes one and a
// Chinese character two (UAX 11).
func places(text string) int {
	n := 0
	for _, r := range text {
		n += placesOf(r)
	}
	return n
}

func placesOf(r rune) int {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// short is text of at most so many places, cut with "…".
func short(text string, most int) string {
	if text = clean(text); places(text) <= most {
		return text
	}
	n := 1 // of "…"
	for i, r := range text {
		if n += placesOf(r); n > most {
			return text[:i] + "…"
		}
	}
	return text
}
