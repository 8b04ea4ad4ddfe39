package rehearse

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huawu/huawu/fact"
)

// Said is what a line of a transcript tells of.
type Said string

// What transcripts tell.
const (
	SaidNode    Said = "node"    // the flow is at a node
	SaidAnswer  Said = "answer"  // the flow picks up
	SaidHears   Said = "hears"   // the caller hears something
	SaidKey     Said = "key"     // the caller presses a key
	SaidSpeaks  Said = "speaks"  // the caller speaks
	SaidSilence Said = "silence" // the caller does nothing
	SaidClock   Said = "clock"   // the wall clock is put
	SaidDoes    Said = "does"    // the flow asks for something
	SaidAgent   Said = "agent"   // an agent answers
	SaidResult  Said = "result"  // what came of what was asked for
	SaidLeave   Said = "leave"   // the caller leaves the line
	SaidEnd     Said = "end"     // the call is over
)

// Entry is one line of a transcript.
type Entry struct {
	At   int64  `json:"at_ms"` // since the call began
	Said Said   `json:"said"`
	Text string `json:"text,omitempty"`
}

// Result is what came of one scenario.
type Result struct {
	File       string            `json:"file"`
	Line       int               `json:"line"`
	Scenario   string            `json:"scenario"`
	Flow       fact.FlowID       `json:"flow"`
	Transcript []Entry           `json:"transcript"`
	Path       []string          `json:"path"`
	Variables  map[string]string `json:"variables"`
	Ends       string            `json:"ends"`
	Cause      int               `json:"cause,omitempty"`
	Took       int64             `json:"took_ms"`
	Failures   []Failure         `json:"failures,omitempty"`
}

// Failure is one thing that was expected and is otherwise.
type Failure struct {
	// What is the expectation's key: hears, path, ends …; "broken" when the
	// flow could not go on, "unknown" for a node that there is not.
	What string   `json:"what"`
	Want []string `json:"want,omitempty"`
	Got  []string `json:"got,omitempty"`
}

func (g *stage) note(said Said, text string) {
	g.out.Transcript = append(g.out.Transcript, Entry{At: g.now.At.Sub(began).Milliseconds(), Said: said, Text: text})
}

func (g *stage) fail(f Failure) { g.out.Failures = append(g.out.Failures, f) }

// unknown are nodes that the scenario names and the flow does not have.
func (g *stage) unknown() []Failure {
	var ids, lost []string
	for i := range g.flow.Nodes {
		ids = append(ids, g.flow.Nodes[i].ID)
	}
	look := func(id string) {
		if id != "" && !wild(id) && !slices.Contains(ids, id) && !slices.Contains(lost, id) {
			lost = append(lost, id)
		}
	}
	for _, s := range g.scenario.Steps {
		look(s.Node)
	}
	for _, a := range g.scenario.Answers {
		look(a.Node)
	}
	for _, id := range g.scenario.Expect.Path {
		look(id)
	}
	if len(lost) == 0 {
		return nil
	}
	return []Failure{{What: "unknown", Want: lost, Got: ids}}
}

// finish compares what came with what was expected.
func (g *stage) finish() {
	for _, a := range g.session.State().Vars {
		value := a.Value
		if a.Secret {
			value = "•"
		}
		g.out.Variables[a.Name] = value
	}
	e := &g.scenario.Expect
	if heard := g.said(SaidHears); !inOrder(e.Hears, heard) {
		g.fail(Failure{What: "hears", Want: e.Hears, Got: heard})
	}
	for _, never := range e.Never {
		for _, heard := range g.said(SaidHears) {
			if strings.Contains(heard, never) {
				g.fail(Failure{What: "never", Want: []string{never}, Got: []string{heard}})
			}
		}
	}
	if does := g.said(SaidDoes); !inOrder(e.Does, does) {
		g.fail(Failure{What: "does", Want: e.Does, Got: does})
	}
	if len(e.Path) > 0 && !follows(e.Path, g.out.Path) {
		g.fail(Failure{What: "path", Want: e.Path, Got: g.out.Path})
	}
	for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
		if got := g.out.Variables[name]; got != e.Variables[name] {
			g.fail(Failure{What: "variables", Want: []string{name + "=" + e.Variables[name]}, Got: []string{name + "=" + got}})
		}
	}
	if e.Ends != "" && e.Ends != g.out.Ends {
		g.fail(Failure{What: "ends", Want: []string{e.Ends}, Got: []string{g.out.Ends}})
	}
	if e.Cause != 0 && e.Cause != g.out.Cause {
		g.fail(Failure{What: "cause", Want: []string{strconv.Itoa(e.Cause)}, Got: []string{strconv.Itoa(g.out.Cause)}})
	}
	if e.By != 0 && g.out.Took > e.By.Milliseconds() {
		g.fail(Failure{What: "by", Want: []string{e.By.String()}, Got: []string{(time.Duration(g.out.Took) * time.Millisecond).String()}})
	}
	if left := len(g.scenario.Steps) - g.step; left > 0 && g.out.Ends != EndFlow {
		s := &g.scenario.Steps[g.step]
		g.fail(Failure{What: "steps", Want: []string{fmt.Sprintf("step %d (line %d) done", g.step+1, s.line)}, Got: []string{"at " + g.session.Node()}})
	}
}

// said are the texts of one kind of line.
func (g *stage) said(what Said) []string {
	var all []string
	for _, e := range g.out.Transcript {
		if e.Said == what {
			all = append(all, e.Text)
		}
	}
	return all
}

// inOrder says whether each part occurs, in this order.
func inOrder(parts, all []string) bool {
	for _, text := range all {
		if len(parts) > 0 && strings.Contains(text, parts[0]) {
			parts = parts[1:]
		}
	}
	return len(parts) == 0
}

// wild stands for any number of nodes.
func wild(id string) bool { return id == "…" || id == "..." }

// follows says whether a path is as wanted: at a node that does not fit, what the
// last "…" stands for grows.
func follows(want, path []string) bool {
	i, last, from := 0, -1, 0
	for j := 0; j < len(path); {
		switch {
		case i < len(want) && wild(want[i]):
			last, from = i, j
			i++
		case i < len(want) && want[i] == path[j]:
			i, j = i+1, j+1
		case last >= 0:
			from++
			i, j = last+1, from
		default:
			return false
		}
	}
	for i < len(want) && wild(want[i]) {
		i++
	}
	return i == len(want)
}

// Diff is a failure line by line: what is missing begins with "-", what is there
// with "+", and what fits with a blank.
func (f *Failure) Diff() []string {
	same := func(want, got string) bool {
		switch f.What {
		case "hears", "does":
			return strings.Contains(got, want)
		}
		return want == got
	}
	// length[i][j] is the longest common part of Want[i:] and Got[j:].
	length := make([][]int, len(f.Want)+1)
	for i := range length {
		length[i] = make([]int, len(f.Got)+1)
	}
	for i := len(f.Want) - 1; i >= 0; i-- {
		for j := len(f.Got) - 1; j >= 0; j-- {
			if same(f.Want[i], f.Got[j]) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var all []string
	i, j := 0, 0
	for i < len(f.Want) || j < len(f.Got) {
		switch {
		case i < len(f.Want) && f.What == "path" && wild(f.Want[i]):
			all = append(all, "  …")
			i++
		case i < len(f.Want) && j < len(f.Got) && same(f.Want[i], f.Got[j]):
			all = append(all, "  "+f.Got[j])
			i, j = i+1, j+1
		case i < len(f.Want) && (j == len(f.Got) || length[i+1][j] >= length[i][j+1]):
			all = append(all, "- "+f.Want[i])
			i++
		default:
			all = append(all, "+ "+f.Got[j])
			j++
		}
	}
	return all
}
