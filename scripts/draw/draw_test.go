package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/scripts/flow"
)

var update = flag.Bool("update", false, "write the pictures anew; look at them before you commit them")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// wellFormed reads the picture as XML; names are its elements.
func wellFormed(t *testing.T, svg []byte) map[string]int {
	t.Helper()
	names := map[string]int{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, svg)
		}
		if start, ok := token.(xml.StartElement); ok {
			names[start.Name.Local]++
		}
	}
}

const small = `
id: small
nodes:
  - id: gate
    hours: {table: office, open: menu, closed: bye}
  - id: menu
    menu:
      prompts: [您好。业务咨询请按一，技术支持请按二，其他请按零。]
      keys: [{key: 1, next: sales}, {key: 2, next: sales}, {key: 9, next: gate}, {key: "*", next: menu}]
      else: bye
  - id: sales
    enqueue: {queue: sales, next: bye, else: bye, branches: [{on: closed, next: gone}]}
  - id: bye
    hangup: {}
`

func parse(t *testing.T, src string) *flow.Flow {
	t.Helper()
	f, err := flow.Parse("f.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPicturesOfASmallFlow(t *testing.T) {
	f := parse(t, small)
	golden(t, "small.mmd", []byte(Mermaid(f)))
	golden(t, "small.svg", SVG(f))
	if text, again := Mermaid(f), Mermaid(f); !bytes.Equal(SVG(f), SVG(f)) || text != again {
		t.Error("two pictures of one flow differ")
	}
}

func TestPicturesOfTheShippedFlows(t *testing.T) {
	all, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		svg := SVG(f)
		if names := wellFormed(t, svg); names["g"] != len(f.Nodes) {
			t.Errorf("%s has %d boxes, want %d", f.ID, names["g"], len(f.Nodes))
		}
		if f.ID == "demo" {
			golden(t, "demo.svg", svg)
			golden(t, "demo.mmd", []byte(Mermaid(f)))
		}
	}
}

// Nothing that a flow says becomes markup.
func TestEverythingIsEscaped(t *testing.T) {
	const evil = `</title><script>alert("1")</script>' onload="x" & ` + "`|\x00\x1b]]>"
	f := &flow.Flow{ID: evil, Nodes: []flow.Node{
		{ID: evil, Play: &flow.PlayNode{Prompts: []flow.Prompt{{Text: evil}}, Next: evil + "2"}},
		{ID: "m", Match: &flow.MatchNode{Variable: evil, Cases: []flow.Case{{Equals: evil, Next: evil}}, Else: evil}},
	}}
	svg := SVG(f)
	if names := wellFormed(t, svg); names["script"] != 0 {
		t.Errorf("a script got in:\n%s", svg)
	}
	for _, line := range strings.Split(Mermaid(f), "\n") {
		// Between the quotes of a label there is no quote and no bracket of HTML
		// but our own line break.
		for _, label := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(line, -1) {
			if strings.ContainsAny(strings.ReplaceAll(label[1], "<br/>", ""), "<>`|\\\x00") {
				t.Errorf("label %q", label[1])
			}
		}
		if strings.Count(line, `"`)%2 != 0 {
			t.Errorf("quotes do not match in %q", line)
		}
	}
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]int{"abc": 3, "您好": 4, "按1，": 5, "é": 1, "e\u0301": 1, "ｗ": 2} {
		if got := places(text); got != want {
			t.Errorf("%q takes %d places, want %d", text, got, want)
		}
	}
	if got := short("您好欢迎", 5); got != "您好…" {
		t.Errorf("cut to %q", got)
	}
}

// No two boxes lie over each other, and every way leads down or is turned.
func TestBoxesDoNotOverlap(t *testing.T) {
	all, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(all, parse(t, small)) {
		g := graphOf(f)
		l := arrange(g, sizeOf)
		for i, a := range l.spots[:len(g.vertices)] {
			if a.x-a.width/2 < 0 || a.x+a.width/2 > l.width || a.y+a.height > l.height {
				t.Errorf("%s: %s lies outside", f.ID, g.vertices[i].head)
			}
			for j, b := range l.spots[:i] {
				if 2*abs(a.x-b.x) < a.width+b.width && a.y < b.y+b.height && b.y < a.y+a.height {
					t.Errorf("%s: %s lies over %s", f.ID, g.vertices[i].head, g.vertices[j].head)
				}
			}
		}
		for _, w := range l.ways {
			if len(w.spots) > 1 && l.spots[w.spots[0]].layer >= l.spots[w.spots[len(w.spots)-1]].layer {
				t.Errorf("%s: a way leads up", f.ID)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

func FuzzDraw(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"id":"f","begin":"x","nodes":[{"id":"a","hangup":{}},{"id":"a"}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		one, err := flow.Parse("fuzz.yaml", src)
		if err != nil {
			return
		}
		wellFormed(t, SVG(one))
		Mermaid(one)
	})
}
