package flow

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func TestConditionsAreNarrow(t *testing.T) {
	for source, want := range map[string]string{
		"":                                "it is empty",
		"a ==":                            "unexpected token",
		"a == 1":                          "mismatched types string and int",
		"number(a)":                       "expected bool",
		"all([1], # > 0)":                 "not for conditions",
		"filter([a], true)":               "not for conditions",
		"a.b == \"x\"":                    "Member is not for conditions",
		"{\"a\": 1} == {}":                "not for conditions",
		"1..1000000000 == [1]":            "\"..\" is not for conditions",
		"number(a) / 0 == 1":              "\"/\" is not for conditions",
		"2 ** 999 > 1":                    "\"**\" is not for conditions",
		"number(a) > 9999999999":          "is too great",
		"a matches b":                     "the pattern after matches must be written out",
		"a matches \"(\"":                 "error parsing regexp",
		"a in b":                          "what follows in must be a list",
		"let x = 1; x == 1":               "not for conditions",
		"now() == now()":                  "not for conditions",
		"text(\"a\") == \"1\"":            "text is no function of conditions",
		"B == \"x\"":                      `"B" is no name of a variable`,
		"nil == a":                        "Nil is not for conditions",
		"1.5 > 1":                         "Float is not for conditions",
		"a[0:1] == \"1\"":                 "not for conditions",
		"exec(\"rm\") == a":               "exec is no function of conditions",
		strings.Repeat("x", 501):          "it has more than 500 characters",
		strings.Repeat("!", 300) + "true": "nodes",
	} {
		if _, err := compile(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", source, err, want)
		}
	}
}

// Whatever is written, compiling and asking neither panics nor depends on
// anything but the session.
func FuzzCondition(f *testing.F) {
	for _, source := range []string{
		`a == "1"`, `number(a) + 1 > 2 and clock < "08:00"`, `caller_level in ["x"] ? true : len(a) > 1`, `trim(upper(a)) startsWith "X"`,
		`cents(a) >= 0 && !numeric(b)`, `a matches "^1[0-9]+$"`, `not (a contains b)`, `-number(a) * 2147483647 * 2147483647 > 0`,
	} {
		f.Add(source, "12.50", "X")
	}
	f.Fuzz(func(t *testing.T, source, a, b string) {
		if _, err := compile(source); err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		flow := &Flow{ID: "f", Nodes: []Node{{ID: "n", Branch: &BranchNode{Cases: []When{{If: source, Next: "yes"}}, Else: "no"}},
			{ID: "yes", Hangup: &HangupNode{Cause: 17}}, {ID: "no", Hangup: &HangupNode{Cause: 18}}}}
		run := func() (cause int) {
			for _, out := range New(flow, []Arg{{Name: "a", Value: a}, {Name: "b", Value: b}}).Step(fact.Moment{At: 1}, Env{}, Start{}) {
				if h, ok := out.(Hangup); ok {
					cause = h.Cause
				}
			}
			return cause
		}
		if first, again := run(), run(); first != again || first < 17 || first > 18 {
			t.Errorf("%q ends with %d, then %d", source, first, again)
		}
	})
}

func TestCitizensNumbers(t *testing.T) {
	for typed, want := range map[string]bool{
		"11010519491231002X": true, "110105194912310021": false, "440524188001010014": false, "11010519490231002X": false,
		"1101051949123100": false, "320311770706001000": false, "X1010519491231002X": false,
	} {
		if isIDCard(typed) != want {
			t.Errorf("%s is %v", typed, !want)
		}
	}
}

// conditional is a flow of so many branches, each with so many conditions.
func conditional(t *testing.T, branches, cases int) *Flow {
	t.Helper()
	f := &Flow{ID: "f"}
	for i := range branches {
		b, next := &BranchNode{Else: "bye"}, fmt.Sprintf("n%d", i+1)
		if i == branches-1 {
			next = "bye"
		}
		for j := range cases {
			b.Cases = append(b.Cases, When{If: fmt.Sprintf("number(caller_calls) > %d", j), Next: next})
		}
		f.Nodes = append(f.Nodes, Node{ID: fmt.Sprintf("n%d", i), Branch: b})
	}
	f.Nodes = append(f.Nodes, Node{ID: "bye", Hangup: &HangupNode{}})
	if problems := f.Check(Refs{}); len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

// Conditions are compiled once: neither a key of a caller's, which goes by all
// nodes, nor a check does it again, and a check of four times as many nodes is
// about four times the work.
func TestConditionsAreCompiledOnce(t *testing.T) {
	f := conditional(t, 20, 20)
	s := Resume(f, State{Flow: f.ID, Node: "n0", Phase: PhaseDeed})
	if n := testing.AllocsPerRun(10, func() { s.Sensitive() }); n > 10 {
		t.Errorf("a key takes %.0f allocations", n)
	}
	small := testing.AllocsPerRun(3, func() { f.Check(Refs{}) })
	if compiling := testing.AllocsPerRun(3, func() { _, _ = compile(f.Nodes[0].Branch.Cases[0].If) }); small > compiling*20*20/2 {
		t.Errorf("a check takes %.0f allocations, compiling one condition %.0f", small, compiling)
	}
	f = conditional(t, 80, 20)
	if large := testing.AllocsPerRun(3, func() { f.Check(Refs{}) }); large > 6*small {
		t.Errorf("a check takes %.0f allocations, of four times as many nodes %.0f", small, large)
	}
}
