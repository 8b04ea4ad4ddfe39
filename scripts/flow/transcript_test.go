package flow

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/calendar"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

var update = flag.Bool("update", false, "write the transcripts anew; commit them only if you understand what changed")

// A transcript has a flow ("-- flow" with YAML, or "-- flow shipped ID"), hours
// if it needs them, and scenarios of inputs, each with what came of it
// indented. Inputs: "start", "restart" (through JSON, as after a crash),
// "keys 12#", "played N", "unplayed N" (it failed), "returned N OUTCOME" (and the values of a look-up), "incident ID" (it goes on),
// "talk on" and "talk off", "caller NAME=VALUE …" (what is known of who calls), "place N [LOW MID HIGH]", "place offered" and "place none" (what is known of
// the place in line), "unasked" (the caller is not to be asked for a rating),
// "wait" (until the timer), "+2s" (time passes without a tick), "at WALL".
func TestTranscripts(t *testing.T) { golden(t, "testdata/*.txt", transcribe) }

// golden has the transcripts that a pattern is for written again, twice alike.
func golden(t *testing.T, pattern string, transcribe func(t *testing.T, file, src string) string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := transcribe(t, file, string(src))
			if again := transcribe(t, file, string(src)); again != got {
				t.Fatalf("two runs differ: %s", cmp.Diff(got, again))
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(src), got); diff != "" {
				t.Errorf("transcript differs (-want +got):\n%s", diff)
			}
		})
	}
}

type stage struct {
	t    *testing.T
	flow *Flow
	env  Env
	s    *Session
	now  fact.Moment
	out  strings.Builder
}

func transcribe(t *testing.T, file, src string) string {
	t.Helper()
	var sections [][]string
	for line := range strings.Lines(src) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "-- ") {
			sections = append(sections, nil)
		}
		if len(sections) == 0 {
			t.Fatalf("%s: begins without a section", file)
		}
		last := len(sections) - 1
		sections[last] = append(sections[last], line)
	}
	g := &stage{t: t, env: Env{Hours: map[string]*calendar.Table{}}}
	var refs Refs
	for _, lines := range sections {
		body := strings.Join(lines[1:], "\n")
		switch head := strings.TrimPrefix(lines[0], "-- "); {
		case strings.HasPrefix(head, "flow shipped "):
			g.shipped(strings.TrimPrefix(head, "flow shipped "))
			g.copy(lines)
		case head == "flow":
			f, err := Parse(file, []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			g.flow = f // the last one is run
			refs.Flows = append(refs.Flows, f)
			Link(refs.Flows)
			g.copy(lines)
		case head == "hours":
			var h calendar.Hours
			if err := strict.Decode(file, []byte(body), &h); err != nil {
				t.Fatal(err)
			}
			table, err := calendar.Compile(h)
			if err != nil {
				t.Fatal(err)
			}
			g.env.Hours[h.ID] = table
			refs.Hours = append(refs.Hours, h.ID)
			g.copy(lines)
		case strings.HasPrefix(head, "scenario"):
			refs.Queues = ShippedQueues
			for _, f := range append(refs.Flows, g.flow) {
				for _, p := range f.Check(refs) {
					t.Errorf("%s", p)
				}
			}
			g.scenario(lines)
		default:
			t.Fatalf("%s: section %q", file, head)
		}
	}
	return g.out.String()
}

func (g *stage) copy(lines []string) { g.out.WriteString(strings.Join(lines, "\n") + "\n") }

func (g *stage) shipped(id string) {
	all, err := Shipped()
	if err != nil {
		g.t.Fatal(err)
	}
	for _, f := range all {
		if string(f.ID) == id {
			g.flow = f
		}
	}
}

func (g *stage) scenario(lines []string) {
	g.out.WriteString(lines[0] + "\n")
	g.s = New(g.flow, []Arg{{Name: "from", Value: "02161234567"}})
	g.now = fact.Moment{At: 1_000_000, Offset: 0}
	g.env.Caller, g.env.Unasked, g.env.Incident = nil, false, nil
	g.env.Festivals = []Festival{{ID: "national-day", Dates: []string{"10-01..10-07"}}}
	for _, line := range lines[1:] {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			g.out.WriteString(line + "\n")
		case !strings.HasPrefix(line, " "):
			g.out.WriteString(line + "\n")
			g.input(line)
		}
	}
}

func (g *stage) input(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "start":
		g.step(Start{})
	case "restart":
		blob, err := json.Marshal(g.s.State())
		if err != nil {
			g.t.Fatal(err)
		}
		var st State
		if err := json.Unmarshal(blob, &st); err != nil {
			g.t.Fatal(err)
		}
		g.s = Resume(g.flow, st)
		g.step(Start{})
	case "keys":
		for _, k := range rest {
			g.step(Digit{Key: string(k)})
		}
	case "played", "unplayed":
		g.step(PlayEnded{Token: g.number(rest), Failed: word == "unplayed"})
	case "returned":
		words := strings.Fields(rest)
		g.step(Returned{Token: g.number(words[0]), Outcome: Outcome(words[1]), Values: words[2:]})
	case "incident":
		g.env.Incident = func(id string) bool { return id == rest }
	case "caller":
		var known []Arg
		for _, pair := range strings.Fields(rest) {
			name, value, _ := strings.Cut(pair, "=")
			known = append(known, Arg{Name: "caller_" + name, Value: value})
		}
		g.env.Caller = func() []Arg { return known }
	case "unasked":
		g.env.Unasked = true
	case "talk":
		g.step(Talk{On: rest == "on"})
	case "place":
		g.place(strings.Fields(rest))
	case "wait":
		due, ok := g.s.Next()
		if !ok {
			g.t.Fatalf("%q: no timer is set", line)
		}
		fmt.Fprintf(&g.out, "    … %s later\n", due.Sub(g.now.At))
		g.now.At = due
		g.step(Tick{})
	case "at":
		wall, err := time.Parse(time.RFC3339, rest)
		if err != nil {
			g.t.Fatal(err)
		}
		g.now.Offset = wall.UnixMilli() - int64(g.now.At)
	default:
		d, err := time.ParseDuration(strings.TrimPrefix(word, "+"))
		if err != nil {
			g.t.Fatalf("what is %q?", line)
		}
		g.now.At = g.now.At.Add(d)
	}
}

func (g *stage) place(words []string) {
	g.env.Place = nil
	switch words[0] {
	case "none":
	case "offered":
		g.env.Place = &Place{Position: 1, Offered: true}
	default:
		p := &Place{Position: g.number(words[0])}
		if len(words) == 4 {
			p.Known = true
			for i, to := range []*time.Duration{&p.Low, &p.Mid, &p.High} {
				d, err := time.ParseDuration(words[i+1])
				if err != nil {
					g.t.Fatal(err)
				}
				*to = d
			}
		}
		g.env.Place = p
	}
}

func (g *stage) number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		g.t.Fatal(err)
	}
	return n
}

func (g *stage) step(in Input) {
	for _, a := range g.s.Step(g.now, g.env, in) {
		fmt.Fprintf(&g.out, "    %s\n", show(a))
	}
	if g.s.Sensitive() {
		g.out.WriteString("    (sensitive)\n")
	}
}

func show(a Action) string {
	switch a := a.(type) {
	case Answer:
		return "answer"
	case Play:
		words := make([]string, len(a.Prompts))
		for i, p := range a.Prompts {
			words[i] = p.Key()
		}
		return fmt.Sprintf("play %d %s", a.Token, strings.Join(words, " | "))
	case StopPlay:
		return fmt.Sprintf("stop %d", a.Token)
	case Enqueue:
		return strings.TrimRight(fmt.Sprintf("enqueue %d %s priority %d %s %s", a.Token, a.Queue, a.Priority, a.Needs, a.Third), " ")
	case Told:
		return fmt.Sprintf("told place %d, wait %d to %d ms", a.Position, a.Low, a.High)
	case Leave:
		return fmt.Sprintf("leave %d", a.Token)
	case Do:
		words := []string{fmt.Sprintf("do %d %s", a.Token, a.Verb)}
		for _, arg := range a.Args {
			value := arg.Value
			if arg.Secret {
				value += " (secret)"
			}
			words = append(words, arg.Name+"="+value)
		}
		return strings.Join(words, " ")
	case Callback:
		return strings.TrimRight(fmt.Sprintf("callback %d queue=%s agent=%s number=%s own=%t %s", a.Token, a.Queue, a.Agent, a.Number, a.Own, a.Reason), " ")
	case Record:
		return strings.TrimRight(fmt.Sprintf("record %d queue=%s agent=%s quiet=%s briefly=%s %s", a.Token, a.Queue, a.Agent, a.Quiet, a.Briefly, a.Reason), " ")
	case StopRecord:
		return fmt.Sprintf("stop recording %d", a.Token)
	case Entered:
		if a.Flow != "" {
			return "at " + string(a.Flow) + "/" + a.Node
		}
		return "at " + a.Node
	case Lookup:
		words := []string{fmt.Sprintf("lookup %d %s %s within %s", a.Token, a.Method, a.URL, a.Timeout)}
		for _, h := range a.Headers {
			words = append(words, h.Name+":"+h.Text+h.Secret)
		}
		for _, m := range a.Body {
			words = append(words, fmt.Sprintf("%s=%s secret=%t", m.Name, m.Value, m.Secret))
		}
		return strings.Join(append(words, a.Fields...), " ")
	case PlayScene:
		words := []string{fmt.Sprintf("scene %d %s in %s", a.Token, a.Key, a.Language)}
		for _, v := range a.With {
			words = append(words, v.Name+"="+v.Value)
		}
		return strings.Join(append(words, a.Holds...), " ")
	case Transfer:
		return fmt.Sprintf("transfer %d %s%s within %s, back %t", a.Token, a.Number, a.Agent, a.Timeout, a.Back)
	case StopScene:
		return fmt.Sprintf("stop scene %d", a.Token)
	case Survey:
		return strings.TrimRight(fmt.Sprintf("survey %d of %d %s", a.Score, a.Of, a.Name), " ")
	case Hangup:
		return strings.TrimRight(fmt.Sprintf("hang up %d %s", a.Cause, a.Broken), " ")
	}
	return fmt.Sprintf("%T", a)
}
