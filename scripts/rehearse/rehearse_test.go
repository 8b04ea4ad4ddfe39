package rehearse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

func shipped(t testing.TB) map[fact.FlowID]*flow.Flow {
	t.Helper()
	all, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[fact.FlowID]*flow.Flow{}
	for _, f := range all {
		byID[f.ID] = f
	}
	return byID
}

// Every shipped flow has scenarios, and does what they expect.
func TestShippedFlowsDoWhatTheirScenariosExpect(t *testing.T) {
	flows := shipped(t)
	for id, f := range flows {
		t.Run(string(id), func(t *testing.T) {
			name := filepath.Join("scenarios", string(id)+".yaml")
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("the flow has no scenarios: %v", err)
			}
			s, err := Parse(name, src)
			if err != nil {
				t.Fatal(err)
			}
			if s.Flow != id {
				t.Fatalf("the scenarios are for %q", s.Flow)
			}
			results, err := s.Run(f, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			visited := map[string]bool{}
			for _, r := range results {
				for _, id := range r.Path {
					visited[id] = true
				}
				for _, failure := range r.Failures {
					t.Errorf("%s: %s\n%s", r.Scenario, failure.What, strings.Join(failure.Diff(), "\n"))
				}
				if len(r.Failures) > 0 {
					blob, _ := json.MarshalIndent(r.Transcript, "", " ")
					t.Logf("%s", blob)
				}
			}
			t.Logf("%d of %d nodes visited", len(visited), len(f.Nodes))
		})
	}
}

// The scenarios that the documentation shows pass on the flow and hours that it
// shows.
func TestDocumentedScenarios(t *testing.T) {
	doc, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	var f *flow.Flow
	var s *Script
	var tables struct {
		Hours []calendar.Hours `yaml:"hours"`
	}
	for _, part := range strings.Split(string(doc), "```") {
		src, ok := strings.CutPrefix(part, "yaml\n")
		switch {
		case !ok:
		case strings.HasPrefix(src, "id:"):
			f, err = flow.Parse("docs/flows.md", []byte(src))
		case strings.HasPrefix(src, "hours:"):
			err = strict.Decode("docs/flows.md", []byte(src), &tables)
		case strings.Contains(src, "\nscenarios:"):
			s, err = Parse("docs/flows.md", []byte(src))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Hours = tables.Hours
	results, err := s.Run(f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		for _, failure := range r.Failures {
			t.Errorf("%s: %s\n%s", r.Scenario, failure.What, strings.Join(failure.Diff(), "\n"))
		}
	}
}

const asks = `
id: asks
nodes:
  - id: gate
    hours: {table: office, open: menu, closed: shut}
  - id: menu
    menu:
      variable: what
      prompts: [一, {silence: 400}, 二]
      keys: [{key: 1, value: one, next: code}]
      else: bye
  - id: code
    gather: {variable: code, max: 4, prompts: [三], next: bye, else: bye}
  - id: shut
    play: {prompts: [四], next: bye}
  - id: bye
    hangup: {cause: 17}
`

func rehearse(t *testing.T, flowSource, script string) []Result {
	t.Helper()
	f, err := flow.Parse("f.yaml", []byte(flowSource))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range f.Check(flow.Refs{Queues: flow.ShippedQueues, Hours: []string{"office"}}) {
		t.Fatal(p)
	}
	s, err := Parse("s.yaml", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	results, err := s.Run(f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func told(r Result) string {
	var b strings.Builder
	for _, e := range r.Transcript {
		b.WriteString(strings.TrimRight(string(e.Said)+" "+e.Text, " "))
		b.WriteString(" @")
		b.WriteString(strconv.FormatInt(e.At, 10))
		b.WriteString("\n")
	}
	return b.String()
}

// What comes when is told by the clock of the scenario: a key a second after the
// prompts, the wall clock by the zone.
func TestTheClockIsTheScenarios(t *testing.T) {
	r := rehearse(t, asks, `
flow: asks
zone: Asia/Shanghai
hours: [{id: office, week: ["mon-fri 09:00-18:00"]}]
scenarios:
  - name: open
    at: 2026-03-05 17:59
    steps: [{keys: "1"}, {keys: "12#"}]
    expect: {path: [gate, menu, code, bye], variables: {what: one, code: "12"}, cause: 17}
  - name: closed a minute later
    at: 2026-03-05 18:00
    expect: {path: [gate, shut, bye]}
  - name: closed is closed
    closed: [office]
    expect: {path: [gate, shut, bye]}
`)
	for _, r := range r {
		if len(r.Failures) > 0 {
			t.Errorf("%s: %+v", r.Scenario, r.Failures)
		}
	}
	var times []int64
	for _, e := range r[0].Transcript {
		if e.Said == SaidHears || e.Said == SaidKey {
			times = append(times, e.At)
		}
	}
	// 一 300 ms, silence 400 ms, 二 300 ms, a second, the key; 三 300 ms, a
	// second, two keys and the terminator 300 ms apart.
	if want := []int64{0, 300, 700, 2000, 2000, 3300, 3600, 3900}; !slices.Equal(times, want) {
		t.Errorf("times are %v, want %v\n%s", times, want, told(r[0]))
	}
	if again := rehearse(t, asks, "flow: asks\nscenarios: [{name: x, open: [office], steps: [{keys: \"1\"}]}]"); told(again[0]) == "" {
		t.Error("nothing told")
	}
}

// What is otherwise than expected is told with what came, each by its key.
func TestFailuresSayWhatCame(t *testing.T) {
	r := rehearse(t, asks, `
flow: asks
scenarios:
  - name: wrong in everything
    open: [office]
    steps: [{keys: "1"}, {keys: "34#"}]
    expect:
      hears: [一, 五]
      never: [三]
      does: [line sales]
      path: [gate, menu, shut, bye]
      variables: {code: "12"}
      ends: caller
      cause: 16
      by: 1s
`)[0]
	var got []string
	for _, f := range r.Failures {
		got = append(got, f.What)
	}
	if want := []string{"hears", "never", "does", "path", "variables", "ends", "cause", "by"}; !slices.Equal(got, want) {
		t.Errorf("failures %v, want %v", got, want)
	}
	path := r.Failures[3]
	if diff := cmp.Diff([]string{"  gate", "  menu", "- shut", "+ code", "  bye"}, path.Diff()); diff != "" {
		t.Error(diff)
	}
}

func TestAScenarioOfNodesThatThereAreNot(t *testing.T) {
	r := rehearse(t, asks, "flow: asks\nscenarios: [{name: x, steps: [{node: nowhere, after: 1s, keys: \"1\"}]}]")[0]
	if len(r.Failures) != 1 || r.Failures[0].What != "unknown" || r.Failures[0].Want[0] != "nowhere" {
		t.Errorf("got %+v", r.Failures)
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"scenarios: [{name: a}]", "flow: it says of no flow"},
		{"flow: demo", "scenarios: there are 0"},
		{"flow: demo\nscenarios: [{name: a}, {name: a}]", `scenarios[1].name: "a" is empty or comes twice`},
		{"flow: demo\nzone: Mars\nscenarios: [{name: a}]", `zone: "Mars" is no time zone`},
		{"flow: demo\nscenarios: [{name: a, at: noon}]", `scenarios[0].at: "noon" is no time`},
		{"flow: demo\nscenarios:\n  - name: a\n    steps:\n      - {keys: x}", `s.yaml:5: scenarios[0].steps[0].keys: "x" are on no phone`},
		{"flow: demo\nscenarios: [{name: a, steps: [{keys: \"1\", hang_up: true}]}]", `it is 2 things`},
		{"flow: demo\nscenarios: [{name: a, steps: [{silence: 1s, at: 1s, after: 1s}]}]", `it has two times`},
		{"flow: demo\nscenarios: [{name: a, expect: {ends: soon}}]", `there is no end "soon"`},
		{"flow: demo\nscenarios: [{name: a, limit: 48h}]", `48h0m0s is too long`},
	} {
		_, err := Parse("s.yaml", []byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.src, err, c.want)
		}
	}
}

func TestFollows(t *testing.T) {
	for _, c := range []struct {
		want, path string
		is         bool
	}{
		{"a b", "a b", true}, {"a b", "a b c", false}, {"a …", "a b c", true}, {"… c", "a b c", true},
		{"a … c", "a c", true}, {"a … c d", "a c b c d", true}, {"…", "", true}, {"a …", "b", false},
	} {
		if got := follows(strings.Fields(c.want), strings.Fields(c.path)); got != c.is {
			t.Errorf("%q of %q: %v", c.want, c.path, got)
		}
	}
}

// A script that is read runs to an end, and twice alike.
func FuzzScript(f *testing.F) {
	flows := shipped(f)
	files, err := filepath.Glob("scenarios/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("fuzz.yaml", src)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		one := flows[s.Flow]
		if one == nil {
			one = flows["way-out"]
		}
		first, err := s.Run(one, nil, nil)
		if err != nil {
			return
		}
		again, err := s.Run(one, nil, nil)
		if err != nil || cmp.Diff(first, again) != "" {
			t.Error("two runs differ")
		}
		for _, r := range first {
			if r.Ends == "" && len(r.Failures) == 0 {
				t.Errorf("%q has no end", r.Scenario)
			}
			for _, f := range r.Failures {
				f.Diff()
			}
		}
	})
}
