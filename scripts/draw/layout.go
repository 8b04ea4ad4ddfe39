package draw

import (
	"cmp"
	"slices"
)

// The layout is layered (Sugiyama, Tagawa and Toda 1981): every way leads
// downwards, those back are turned round for it; long ways get places in the
// layers that they cross; within a layer everything stands near what it is
// joined with.

// longWay is how many layers a way may cross and still be led round the boxes.
const longWay = 30

// sweeps is how often the layers are put in order, down and up.
const sweeps = 8

// spot is a vertex, or a place of a long way, in its layer.
type spot struct {
	vertex        int // -1 for a place of a way
	layer         int
	up, down      []int // spots of the layers beside
	x, y          int   // the middle, the top
	width, height int
}

// way is an edge with its places from top to bottom.
type way struct {
	edge   int
	spots  []int // from the upper end to the lower one; one spot for a way to itself
	turned bool  // it leads upwards
}

type layout struct {
	spots         []spot
	layers        [][]int
	ways          []way
	width, height int
}

func arrange(g *graph, size func(vertex) (w, h int)) *layout {
	l := &layout{}
	back := turned(g)
	layer := layersOf(g, back)
	for i, v := range g.vertices {
		w, h := size(v)
		l.spots = append(l.spots, spot{vertex: i, layer: layer[i], width: w, height: h})
	}
	for i, e := range g.edges {
		l.lead(i, e, back[i])
	}
	for i := range l.spots {
		at := l.spots[i].layer
		for len(l.layers) <= at {
			l.layers = append(l.layers, nil)
		}
		l.layers[at] = append(l.layers[at], i)
	}
	l.order()
	l.place()
	return l
}

// lead gives a way its places.
func (l *layout) lead(i int, e edge, turned bool) {
	w := way{edge: i, turned: turned}
	upper, lower := e.from, e.to
	if turned {
		upper, lower = lower, upper
	}
	w.spots = []int{upper}
	if upper != lower {
		last := upper
		if l.spots[lower].layer-l.spots[upper].layer <= longWay {
			for at := l.spots[upper].layer + 1; at < l.spots[lower].layer; at++ {
				l.spots = append(l.spots, spot{vertex: -1, layer: at, width: wayWidth})
				l.join(last, len(l.spots)-1)
				last = len(l.spots) - 1
				w.spots = append(w.spots, last)
			}
		}
		l.join(last, lower)
		w.spots = append(w.spots, lower)
	}
	l.ways = append(l.ways, w)
}

func (l *layout) join(upper, lower int) {
	l.spots[upper].down = append(l.spots[upper].down, lower)
	l.spots[lower].up = append(l.spots[lower].up, upper)
}

// turned are the edges that lead back, found by walking the graph in depth from
// the beginning.
func turned(g *graph) []bool {
	out := make([][]int, len(g.vertices))
	for i, e := range g.edges {
		out[e.from] = append(out[e.from], i)
	}
	back := make([]bool, len(g.edges))
	const fresh, open, done = 0, 1, 2
	state := make([]int, len(g.vertices))
	next := make([]int, len(g.vertices))
	walk := func(root int) {
		if state[root] != fresh {
			return
		}
		state[root] = open
		for path := []int{root}; len(path) > 0; {
			v := path[len(path)-1]
			if next[v] == len(out[v]) {
				state[v] = done
				path = path[:len(path)-1]
				continue
			}
			i := out[v][next[v]]
			next[v]++
			switch to := g.edges[i].to; state[to] {
			case fresh:
				state[to] = open
				path = append(path, to)
			case open:
				back[i] = true
			}
		}
	}
	if g.begin >= 0 {
		walk(g.begin)
	}
	for i := range g.vertices {
		walk(i)
	}
	return back
}

// layersOf puts each vertex below all that lead to it.
func layersOf(g *graph, back []bool) []int {
	layer := make([]int, len(g.vertices))
	in := make([]int, len(g.vertices))
	out := make([][]int, len(g.vertices))
	for i, e := range g.edges {
		from, to := e.from, e.to
		if back[i] {
			from, to = to, from
		}
		if from != to {
			out[from] = append(out[from], to)
			in[to]++
		}
	}
	var todo []int
	for i := range in {
		if in[i] == 0 {
			todo = append(todo, i)
		}
	}
	for len(todo) > 0 {
		v := todo[0]
		todo = todo[1:]
		for _, to := range out[v] {
			layer[to] = max(layer[to], layer[v]+1)
			if in[to]--; in[to] == 0 {
				todo = append(todo, to)
			}
		}
	}
	return layer
}

// order puts each layer in the order of the middles of what its spots are joined
// with.
func (l *layout) order() {
	rank := make([]int, len(l.spots))
	number := func(layer []int) {
		for at, i := range layer {
			rank[i] = at
		}
	}
	for _, layer := range l.layers {
		number(layer)
	}
	for sweep := range sweeps {
		for k := range l.layers {
			at := k
			if sweep%2 == 1 {
				at = len(l.layers) - 1 - k
			}
			middle := make(map[int]int, len(l.layers[at]))
			for _, i := range l.layers[at] {
				near := l.spots[i].up
				if sweep%2 == 1 {
					near = l.spots[i].down
				}
				middle[i] = rank[i] * scale
				if len(near) > 0 {
					sum := 0
					for _, j := range near {
						sum += rank[j]
					}
					middle[i] = sum * scale / len(near)
				}
			}
			slices.SortStableFunc(l.layers[at], func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
			number(l.layers[at])
		}
	}
}

// scale makes whole numbers of middles.
const scale = 1000

// place gives every spot its coordinates: as near to the middle of its
// neighbours as those beside it let it.
func (l *layout) place() {
	y := margin
	for _, layer := range l.layers {
		height := 0
		for _, i := range layer {
			height = max(height, l.spots[i].height)
		}
		for _, i := range layer {
			if l.spots[i].vertex < 0 {
				l.spots[i].height = height // a way goes straight through between the boxes
			}
			l.spots[i].y = y + (height-l.spots[i].height)/2
		}
		y += height + betweenLayers
	}
	l.height = y - betweenLayers + margin
	for _, layer := range l.layers {
		l.settle(layer, func(i int) (int, bool) { return 0, false })
	}
	for sweep := range sweeps {
		for k := range l.layers {
			at, near := k, func(i int) []int { return l.spots[i].up }
			if sweep%2 == 1 {
				at, near = len(l.layers)-1-k, func(i int) []int { return l.spots[i].down }
			}
			l.settle(l.layers[at], func(i int) (int, bool) {
				all := near(i)
				if len(all) == 0 {
					return 0, false
				}
				sum := 0
				for _, j := range all {
					sum += l.spots[j].x
				}
				return sum / len(all), true
			})
		}
	}
	left := 0
	for i, s := range l.spots {
		if edge := s.x - s.width/2; i == 0 || edge < left {
			left = edge
		}
	}
	for i := range l.spots {
		s := &l.spots[i]
		s.x += margin - left
		l.width = max(l.width, s.x+s.width/2+margin)
	}
}

// settle places the spots of one layer from left to right, each where it wants
// to be or as near behind the one before as may be, and then moves all of it back
// by what they were pushed on the average.
func (l *layout) settle(layer []int, wants func(int) (int, bool)) {
	edge, pushed, told := 0, 0, 0
	for k, i := range layer {
		s := &l.spots[i]
		want, ok := wants(i)
		if !ok {
			want = s.x
		}
		x := want
		if k > 0 {
			x = max(x, edge+s.width/2)
		}
		s.x = x
		edge = x + s.width/2 + between
		pushed += x - want
		told++
	}
	if told == 0 {
		return
	}
	for _, i := range layer {
		l.spots[i].x -= pushed / told
	}
}
