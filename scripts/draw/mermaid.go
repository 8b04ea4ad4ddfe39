package draw

import (
	"fmt"
	"strings"

	"github.com/huawu/huawu/scripts/flow"
)

// mermaidPlaces is the longest label, in places.
const mermaidPlaces = 60

// shapes are the brackets of a node.
var shapes = map[shape][2]string{
	box: {"[", "]"}, fork: {"{{", "}}"}, line: {"[[", "]]"}, end: {"([", "])"}, ghost: {"[/", "/]"},
}

// quoted are the characters that mean something to Mermaid or to the page it
// stands in, as its entity codes.
var quoted = strings.NewReplacer("&", "#amp;", "#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "\\", "#92;", "|", "#124;")

// Mermaid is the flow as a flowchart of Mermaid.
func Mermaid(f *flow.Flow) string {
	g := graphOf(f)
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for i, v := range g.vertices {
		label := quoted.Replace(short(v.head, mermaidPlaces))
		if v.body != "" {
			label += "<br/>" + quoted.Replace(short(v.body, mermaidPlaces))
		}
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, shapes[v.shape][0], label, shapes[v.shape][1])
	}
	if g.begin >= 0 {
		fmt.Fprintf(&b, "  begin((\" \")) --> n%d\n", g.begin)
	}
	for _, e := range g.edges {
		if e.label == "" {
			fmt.Fprintf(&b, "  n%d --> n%d\n", e.from, e.to)
			continue
		}
		fmt.Fprintf(&b, "  n%d -->|\"%s\"| n%d\n", e.from, quoted.Replace(short(e.label, mermaidPlaces)), e.to)
	}
	return b.String()
}
