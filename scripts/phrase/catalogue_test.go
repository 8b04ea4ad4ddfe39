package phrase

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/huawu/huawu/scripts/strict"
)

// once reads the catalogue for all tests, none of which changes it.
var once = sync.OnceValues(Shipped)

func shipped(t testing.TB) *Catalogue {
	t.Helper()
	c, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The texts are those of the norms, letter by letter (PHR-2).
func TestPhrasesAreAsPrescribed(t *testing.T) {
	c := shipped(t)
	src, err := os.ReadFile("testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(src)), "\n")[1:]
	scenes := 0
	for _, p := range c.Profiles {
		scenes += len(p.Scenes)
	}
	if len(rows) != 245 || len(c.phrases) != 245 || scenes != 108 {
		t.Fatalf("%d phrases in %d scenes, %d are prescribed", len(c.phrases), scenes, len(rows))
	}
	for _, row := range rows {
		want := strings.Split(row, "\t")
		f := c.phrases[name{want[0], want[1], want[2]}]
		if f == nil {
			t.Errorf("there is no %s", row)
			continue
		}
		got := []string{f.Profile, f.Language, f.Key, f.Speaker, f.Delivery, f.Direction, f.When, f.OneOf, strings.Join(f.Vars, ","), f.Text, f.Template}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if f.Source.Part == 0 || f.Source.Article == "" || f.Line == 0 {
			t.Errorf("%s of %s has no source", f.Key, f.Profile)
		}
	}
}

// So are the scenes, step by step (PHR-5).
func TestScenesAreAsPrescribed(t *testing.T) {
	c := shipped(t)
	src, err := os.ReadFile("testdata/scenes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(src)), "\n")[1:]
	if len(rows) != 108 {
		t.Fatalf("%d scenes are prescribed", len(rows))
	}
	for _, row := range rows {
		want := strings.Split(row, "\t")
		s := c.Profile(want[0]).Scene(want[1])
		if s == nil {
			t.Errorf("there is no %s", row)
			continue
		}
		var steps []string
		for _, step := range s.Steps {
			if !step.Supplied {
				steps = append(steps, plain(step))
			}
		}
		got := []string{want[0], s.ID, s.Name.Zh, s.Name.En, s.Direction, fmt.Sprint(s.Source.Part), s.Source.Article, s.Source.Lines, strings.Join(steps, " > ")}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

// plain is a step on one line.
func plain(s Step) string {
	var b strings.Builder
	switch {
	case s.Say != "":
		b.WriteString("say " + s.Say)
	case s.Repeat != "":
		fmt.Fprintf(&b, "repeat %s %d", s.Repeat, s.Times)
	case s.WaitMax > 0:
		fmt.Fprintf(&b, "wait %s-%s", s.Wait, s.WaitMax)
	case s.Wait > 0:
		fmt.Fprintf(&b, "wait %s", s.Wait)
	default:
		b.WriteString("do " + s.Action)
	}
	add := func(is bool, text string) {
		if is {
			b.WriteString(" " + text)
		}
	}
	add(s.Language != "", "lang="+s.Language)
	add(s.Proposed, "proposed")
	for _, a := range []struct{ name, value string }{{"by", s.By}, {"reason", s.Reason}, {"to", s.To}, {"due", s.Due}, {"assignee", s.Assignee},
		{"priority", s.Priority}, {"trigger", s.Trigger}, {"form", s.Form}, {"type", s.Kind}, {"via", s.Via}, {"fields", strings.Join(s.Fields, ",")}} {
		add(a.value != "", a.name+"="+a.value)
	}
	add(s.Realtime, "realtime")
	add(s.WithoutResult, "must_call_even_without_result")
	add(s.QuietHours, "quiet_hours")
	add(s.OneOf != "", "one_of="+s.OneOf)
	add(s.When != "", "if "+s.When)
	return b.String()
}

// Every variable of the norms (SPEC B.3) is there, and none is idle.
func TestVariablesAreUsed(t *testing.T) {
	c := shipped(t)
	used := map[string]bool{"hotline_name": true} // for overrides
	for _, f := range c.phrases {
		for _, v := range append(f.Vars, parse(f.Corrected).vars()...) {
			used[v] = true
		}
	}
	if len(c.Variables) != 37 {
		t.Errorf("%d variables, want 35 and two of huawu's own", len(c.Variables))
	}
	for _, v := range c.Variables {
		if !used[v.ID] || !slices.Contains([]Kind{KindText, KindName, KindChoice, KindAgent, KindPhone, KindMinutes, KindSpan, KindMoment, KindStage}, v.Kind) || v.Name.Zh == "" || v.Name.En == "" {
			t.Errorf("variable %+v is idle or not whole", v)
		}
	}
	for _, k := range c.Conditions {
		if (rules[k.ID] != nil) != (k.By == ByRule) || k.Name.Zh == "" || k.Name.En == "" {
			t.Errorf("condition %+v has no rule, or one that it does not need", k)
		}
	}
	if len(rules) != 17 {
		t.Errorf("%d rules", len(rules))
	}
	for id := range rules {
		if c.Condition(id) == nil {
			t.Errorf("the rule of %s decides nothing", id)
		}
	}
}

// A known mistake has its correction, or a reason to have none.
func TestCorrectionsLeaveThePhraseAsItIs(t *testing.T) {
	without := map[string]bool{"agent_inaudible.check": true, "need_id.explain": true} // a stage direction; 哦 is no taboo within a sentence (AMB-11)
	many := 0
	for _, f := range shipped(t).phrases {
		if f.Typo == "" {
			continue
		}
		many++
		if (f.Corrected == "") != without[f.Key] || f.Corrected == f.Template {
			t.Errorf("%s: %q is corrected to %q", f.Key, f.Template, f.Corrected)
		}
		if f.Language == Mandarin && f.Corrected != "" && distance(f.Template, f.Corrected) > 1 {
			t.Errorf("%s: %q differs by more than one character from %q", f.Key, f.Corrected, f.Template)
		}
	}
	if many != 16 {
		t.Errorf("%d phrases have known mistakes, want 16", many)
	}
}

// distance counts characters that differ, one more at the end among them.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	n := max(len(x), len(y)) - min(len(x), len(y))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			n++
		}
	}
	return n
}

// The common expressions come in pairs (PHR-8).
func TestCommonExpressionsAreTranslated(t *testing.T) {
	c := shipped(t)
	for _, f := range c.Profile("cm10086").Scene("common").Phrases {
		for _, language := range []string{Mandarin, English} {
			if c.phrases[name{"cm10086", language, f.Key}] == nil {
				t.Errorf("%s is not there in %s", f.Key, language)
			}
		}
	}
}

const small = `id: small
identify: none
direction: inbound
day: {morning: "05:00", afternoon: "12:00", evening: "18:00"}
scenes:
- id: hello
  steps:
  - {say: hello.one}
  phrases:
  - {key: hello.one, text: "XX,好", template: "{surname},好"}
`

func TestWrongCataloguesAreRefusedWithTheirLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown variable":    {"{surname}", "{surnmae}", `small.yaml:10:5: hello.one.template: there is no variable {surnmae}; did you mean "surname"?`},
		"unknown field":       {"text:", "txet:", `small.yaml:10:22: scenes[0].phrases[0].txet: the key "txet" is not known; did you mean "text"?`},
		"lone brace":          {"{surname}", "{Surname}", "belongs to no variable"},
		"unknown phrase":      {"say: hello.one", "say: hello.on", `small.yaml:8:5: hello.steps[0]: there is no "hello.on"; did you mean "hello.one"?`},
		"unknown condition":   {"say: hello.one", "say: hello.one, when: evning", `there is no condition "evning"; did you mean "evening"?`},
		"unknown action":      {"say: hello.one", "action: hangupp", `there is no "hangupp"; did you mean "hangup"?`},
		"two in one step":     {"say: hello.one", "say: hello.one, wait: 1s", "not exactly one"},
		"repeat before say":   {"say: hello.one", "repeat: hello.one, times: 1", `there is no "hello.one"`},
		"supplied, and there": {"say: hello.one", "say: hello.one, supplied: true", "or the norms have it"},
		"long wait":           {"say: hello.one", "wait: 2m", "too long"},
		"another scene":       {"key: hello.one", "key: bye.one", "the key is not the scene's"},
		"unknown speaker":     {"key: hello.one", "key: hello.one, speaker: agnet", `did you mean "agent"?`},
		"unknown language":    {"key: hello.one", "key: hello.one, language: fr", `there is no "fr"`},
		"no text":             {`text: "XX,好", `, "", "hello.one.text: there is none"},
		"unknown identity":    {"identify: none", "identify: non", `did you mean "none"?`},
		"a day without end":   {"18:00", "11:00", "are no parts of a day"},
		"a scene twice":       {"- id: hello", "- id: hello\n- id: hello", "comes twice"},
		"unknown opening":     {"scenes:", "openings: [{scene: helo}]\nscenes:", `did you mean "hello"?`},
	} {
		book := &Catalogue{Variables: shipped(t).Variables, Conditions: shipped(t).Conditions}
		err := book.read("small.yaml", []byte(strings.Replace(small, c.old, c.new, 1)))
		if wrong := (*strict.Errors)(nil); !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
	book := &Catalogue{Variables: shipped(t).Variables, Conditions: shipped(t).Conditions}
	if err := book.read("small.yaml", []byte(small)); err != nil {
		t.Error(err)
	}
	if err := book.read("again.yaml", []byte(small)); err == nil || !strings.Contains(err.Error(), "comes twice") {
		t.Errorf("a profile that comes twice: %v", err)
	}
}

func BenchmarkShipped(b *testing.B) {
	for b.Loop() {
		if _, err := Shipped(); err != nil {
			b.Fatal(err)
		}
	}
}
