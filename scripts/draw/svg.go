package draw

import (
	"fmt"
	"strings"

	"github.com/huawu/huawu/scripts/flow"
)

// Sizes, in pixels. A place is half the width of a Chinese character.
const (
	fontSize      = 14
	placeWidth    = fontSize/2 + 1
	lineHeight    = 20
	padding       = 10
	mostPlaces    = 34 // of a line in a box
	labelPlaces   = 28
	margin        = 20
	between       = 30 // two boxes of a layer
	betweenLayers = 60
	wayWidth      = 16 // what a long way takes in a layer
)

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// sizeOf is how large a vertex is drawn.
func sizeOf(v vertex) (w, h int) {
	widest, lines := places(short(v.head, mostPlaces)), 1
	if v.body != "" {
		widest, lines = max(widest, places(short(v.body, mostPlaces))), 2
	}
	w, h = widest*placeWidth+2*padding, lines*lineHeight+padding
	if v.shape == fork || v.shape == end {
		w += 2 * padding
	}
	return w + w%2, h
}

const style = `text{font:14px "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;fill:#222}` +
	`.h{font-weight:bold}.l{font-size:12px;fill:#555;stroke:#fff;stroke-width:4px;paint-order:stroke}` +
	`.w{fill:none;stroke:#666;stroke-width:1.3}.b{fill:#fff;stroke:#666}.box{fill:#eef4fb;stroke:#4a78a8}` +
	`.fork{fill:#fdf6e3;stroke:#b58a2a}.line{fill:#e9f6ec;stroke:#3f8a55}.end{fill:#f1f1f1;stroke:#777}.ghost{fill:#fdecec;stroke:#c0392b;stroke-dasharray:5 3}`

var classes = map[shape]string{box: "box", fork: "fork", line: "line", end: "end", ghost: "ghost"}

// SVG is the flow as a picture that stands by itself: it loads nothing and runs
// nothing.
func SVG(f *flow.Flow) []byte {
	g := graphOf(f)
	l := arrange(g, sizeOf)
	var b strings.Builder
	width, height := l.width+selfRoom(l), l.height+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 -%d %d %d">`+"\n", width, height, 2*margin, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<style>%s</style>\n", markup.Replace(clean(g.title)), style)
	b.WriteString(`<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#666"/></marker></defs>` + "\n")
	if g.begin >= 0 {
		s := l.spots[g.begin]
		fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="6"/><path class="w" d="M%d %dL%d %d" marker-end="url(#a)"/>`+"\n", s.x, s.y-30, s.x, s.y-24, s.x, s.y)
	}
	for _, w := range l.ways {
		drawWay(&b, g, l, w)
	}
	for i, v := range g.vertices {
		drawVertex(&b, v, l.spots[i])
	}
	for _, w := range l.ways { // over everything else
		drawLabel(&b, g, l, w)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// selfRoom is what ways from a vertex to itself need at the right.
func selfRoom(l *layout) int {
	for _, w := range l.ways {
		if len(w.spots) == 1 {
			return labelPlaces * placeWidth / 2
		}
	}
	return 0
}

func drawVertex(b *strings.Builder, v vertex, s spot) {
	left, right := s.x-s.width/2, s.x+s.width/2
	b.WriteString("<g>")
	if full := clean(v.head + "\n" + v.body); full != "" {
		fmt.Fprintf(b, "<title>%s</title>", markup.Replace(full))
	}
	switch v.shape {
	case fork:
		fmt.Fprintf(b, `<path class="fork" d="M%d %dL%d %dL%d %dL%d %dL%d %dL%d %dz"/>`, left, s.y+s.height/2, left+padding, s.y,
			right-padding, s.y, right, s.y+s.height/2, right-padding, s.y+s.height, left+padding, s.y+s.height)
	case end:
		fmt.Fprintf(b, `<rect class="end" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, left, s.y, s.width, s.height, s.height/2)
	default:
		fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="4"/>`, classes[v.shape], left, s.y, s.width, s.height)
	}
	fmt.Fprintf(b, `<text class="h" x="%d" y="%d" text-anchor="middle">%s</text>`, s.x, s.y+lineHeight, markup.Replace(short(v.head, mostPlaces)))
	if v.body != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`, s.x, s.y+2*lineHeight, markup.Replace(short(v.body, mostPlaces)))
	}
	b.WriteString("</g>\n")
}

// point is where a way passes.
type point struct{ x, y int }

// points are those of a way from where it begins to where it ends.
func (l *layout) points(w way) []point {
	first, last := l.spots[w.spots[0]], l.spots[w.spots[len(w.spots)-1]]
	all := []point{{first.x, first.y + first.height}}
	for _, i := range w.spots[1 : len(w.spots)-1] {
		s := l.spots[i]
		all = append(all, point{s.x, s.y}, point{s.x, s.y + s.height})
	}
	all = append(all, point{last.x, last.y})
	if w.turned {
		for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
			all[i], all[j] = all[j], all[i]
		}
	}
	return all
}

func drawWay(b *strings.Builder, g *graph, l *layout, w way) {
	if len(w.spots) == 1 {
		s := l.spots[w.spots[0]]
		right, top, low := s.x+s.width/2, s.y+s.height/4, s.y+s.height*3/4
		fmt.Fprintf(b, `<path class="w" d="M%d %dC%d %d %d %d %d %d" marker-end="url(#a)"/>`+"\n", right, top, right+30, top-10, right+30, low+10, right, low)
		return
	}
	all := l.points(w)
	fmt.Fprintf(b, `<path class="w" d="M%d %d`, all[0].x, all[0].y)
	for i := 1; i < len(all); i++ {
		half := (all[i-1].y + all[i].y) / 2
		fmt.Fprintf(b, "C%d %d %d %d %d %d", all[i-1].x, half, all[i].x, half, all[i].x, all[i].y)
	}
	b.WriteString(`" marker-end="url(#a)"/>` + "\n")
}

// drawLabel writes the exits of a way near to where it begins.
func drawLabel(b *strings.Builder, g *graph, l *layout, w way) {
	label := g.edges[w.edge].label
	if label == "" {
		return
	}
	var at point
	anchor := "middle"
	if len(w.spots) == 1 {
		s := l.spots[w.spots[0]]
		at, anchor = point{s.x + s.width/2 + 26, s.y + s.height/2 + 4}, "start"
	} else {
		all := l.points(w)
		at = point{(2*all[0].x + all[1].x) / 3, (2*all[0].y + all[1].y) / 3}
	}
	fmt.Fprintf(b, `<text class="l" x="%d" y="%d" text-anchor="%s">%s</text>`+"\n", at.x, at.y, anchor, markup.Replace(short(label, labelPlaces)))
}
