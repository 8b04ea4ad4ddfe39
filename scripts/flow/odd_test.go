package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/calendar"
)

const branching = `
id: f
nodes:
  - id: menu
    menu:
      variable: kind
      prompts: [一]
      keys: [{key: 1, value: a, next: code}, {key: 2, value: b, next: code}]
      else: code
  - id: code
    gather: {variable: code, min: 2, max: 4, prompts: [二], next: which, else: end}
  - id: which
    match: {variable: kind, cases: [{equals: a, next: level}], else: level}
  - id: level
    match: {variable: caller_calls, cases: [{at_least: 3, next: class}], else: class}
  - id: class
    match: {variable: caller_class, cases: [{equals: mobile, next: digits}], else: digits}
  - id: digits
    match: {variable: code, cases: [{equals: "12", next: line}], else: line}
  - id: line
    enqueue:
      queue: sales
      rules: [{variable: caller_level, equals: vip, priority: 5}]
      next: end
      else: end
  - id: end
    hangup: {}
`

func TestOddFindsWhatCanNeverHold(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"a sound flow", "", "", ""},
		{"a value that no key has", "cases: [{equals: a, next: level}]", "cases: [{equals: z, next: level}]",
			`f.yaml:12: node "which": case "z" can never hold: here "kind" is "" or "a" or "b"`},
		{"no key at all was pressed", "cases: [{equals: a, next: level}]", `cases: [{equals: "", next: level}]`, ``},
		{"at least, after less", "cases: [{at_least: 3, next: class}]", "cases: [{at_least: 1, next: class}, {at_least: 3, next: class}]",
			`node "level": case at_least 3 can never hold: case at_least 1 holds wherever it would; put it before, or remove it`},
		{"a number that at least takes", "cases: [{at_least: 3, next: class}]", `cases: [{at_least: 3, next: class}, {equals: "5", next: class}]`,
			`case "5" can never hold: case at_least 3 holds wherever it would`},
		{"a class that there is not", "equals: mobile", "equals: satellite", `node "class": case "satellite" can never hold: here "caller_class" is "fixed" or "mobile" or "other" or "withheld"`},
		{"more digits than are gathered", `equals: "12"`, `equals: "12345"`, `node "digits": case "12345" can never hold: here "code" is 2 to 4 digits`},
		{"letters are no digits", `equals: "12"`, `equals: ab`, `case "ab" can never hold`},
		{"a number too large for the digits", `equals: "12", next: line`, `at_least: 10000, next: line`, `case at_least 10000 can never hold`},
		{"a branch that contradicts another", "cases: [{equals: a, next: level}], else: level", "cases: [{equals: a, next: again}], else: level}\n  - id: again\n    match: {variable: kind, cases: [{equals: b, next: end}], else: level",
			`node "again": case "b" can never hold: here "kind" is "a"`},
		{"a variable that nothing sets", "variable: kind, cases", "variable: kin, cases", `node "which": variable "kin" is set by no node`},
		{"a rule after its like", "rules: [{variable: caller_level, equals: vip, priority: 5}]", "rules: [{variable: caller_level, equals: vip, priority: 5}, {variable: caller_calls, at_least: 2, priority: 1}, {variable: caller_level, equals: vip, priority: 9}]",
			`node "line": rule 3 can never hold: rule 1 holds wherever it would`},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := strings.Replace(branching, c.from, c.to, 1)
			if src == branching && c.from != c.to {
				t.Fatalf("%q is not in the flow", c.from)
			}
			if problems := check(t, src); len(problems) > 0 {
				t.Fatalf("wrong, not odd: %v", problems)
			}
			f, err := Parse("f.yaml", []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range f.Odd(nil, time.Time{}) {
				got = append(got, p.String())
			}
			all := strings.Join(got, "\n")
			if c.want == "" && all != "" || c.want != "" && (len(got) != 1 || !strings.Contains(all, c.want)) {
				t.Errorf("got %q, want %q alone", got, c.want)
			}
		})
	}
}

func TestShippedFlowsAreNotOdd(t *testing.T) {
	all, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, p := range f.Odd(nil, time.Time{}) {
			t.Error(p)
		}
	}
}

func TestOddFindsHoursThatNeverChange(t *testing.T) {
	tables := map[string]*calendar.Table{}
	for _, h := range []calendar.Hours{
		{ID: "office", Zone: "UTC", Week: []string{"daily 00:00-24:00"}},
		{ID: "fair", Zone: "UTC", Extra: []string{"2020-05-01 08:00-18:00"}},
		{ID: "shop", Zone: "UTC", Week: []string{"mon 08:00-18:00"}},
	} {
		table, err := calendar.Compile(h)
		if err != nil {
			t.Fatal(err)
		}
		tables[h.ID] = table
	}
	for id, want := range map[string]string{
		"office": `node "when": hours "office" never close from now on`, "fair": `hours "fair" never open from now on`, "shop": "", "unknown": "",
	} {
		f := &Flow{ID: "f", Nodes: []Node{
			{ID: "when", Hours: &HoursNode{Table: id, Open: "end", Closed: "end"}}, {ID: "end", Hangup: &HangupNode{}},
		}}
		var got []string
		for _, p := range f.Odd(tables, time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)) {
			got = append(got, p.String())
		}
		if all := strings.Join(got, "\n"); want == "" && all != "" || !strings.Contains(all, want) {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
}
