package norms

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The register has every rule of SPEC part C once, each whole.
func TestRegister(t *testing.T) {
	want := map[string]int{"ANS": 4, "TRN": 1, "OUT": 14, "HLD": 9, "SIL": 3, "AUD": 4, "END": 6, "CBK": 12, "TRF": 4, "ESC": 8, "ACC": 1, "LEV": 1,
		"SHF": 12, "SPK": 7, "SYS": 1, "LOG": 3, "IDN": 2, "PRV": 2, "INF": 2, "FLR": 1}
	got := map[string]int{}
	for i := range Rules {
		r := &Rules[i]
		got[r.Chapter()]++
		if Find(r.ID) != r || places[r.ID] != place(i) {
			t.Errorf("%s is in the register twice", r.ID)
		}
		if r.Title == "" || r.Chinese == "" || r.Source == "" || !slices.Contains(Modes, r.Mode) || r.Role == "" {
			t.Errorf("%s is not whole: %+v", r.ID, r)
		}
		switch r.Status {
		case Enforced, Measured:
			if r.Test == "" || r.Waits != "" {
				t.Errorf("%s is %s: name its test, and nothing that it waits for", r.ID, r.Status)
			}
		case Waits:
			if r.Waits == "" || r.Test != "" {
				t.Errorf("%s waits: name for what, and no test", r.ID)
			}
		default:
			t.Errorf("%s has the status %q", r.ID, r.Status)
		}
		for j := range r.Values {
			v := &r.Values[j]
			a, err := v.read(Written(v.Default))
			if err != nil || v.write(a) != Written(v.Default) || r.value(v.Name) != j {
				t.Errorf("%s.%s: the default %q: %v, written %q", r.ID, v.Name, v.Default, err, v.write(a))
			}
		}
		for _, p := range r.Profiles {
			if p.Mode != "" && !slices.Contains(Modes, p.Mode) {
				t.Errorf("%s: the mode %q of %s", r.ID, p.Mode, p.Profile)
			}
			for name, w := range p.Values {
				at := r.value(name)
				if at < 0 {
					t.Errorf("%s: %s has no value %s", r.ID, p.Profile, name)
				} else if _, err := r.Values[at].read(w); err != nil {
					t.Errorf("%s: %s of %s: %v", r.ID, name, p.Profile, err)
				}
			}
		}
	}
	if len(Rules) != 97 || !maps.Equal(got, want) {
		t.Errorf("%d rules: %v, want %v", len(Rules), got, want)
	}
}

// Whoever keeps a rule is told of something, and wakes by what it has started.
func TestKeepers(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range keepers {
		if Find(k.rule) == nil || seen[k.rule] || k.hear == nil || len(k.hears) == 0 {
			t.Errorf("the keeper of %s", k.rule)
		}
		if r := Find(k.rule); r != nil && r.Status == Waits {
			t.Errorf("%s is kept, and waits for %s", k.rule, r.Waits)
		}
		seen[k.rule] = true
	}
	for _, r := range Rules {
		if r.Status != Waits && !seen[r.ID] && r.By == "" {
			t.Errorf("%s is %s by nobody", r.ID, r.Status)
		}
	}
}

// A value that can be set steers what keeps its rule, or is marked as one by which
// nothing goes: whoever sets that is told.
func TestValuesSteerOrAreIdle(t *testing.T) {
	asked := namesAskedFor(t)
	for i := range Rules {
		r := &Rules[i]
		for j := range r.Values {
			v := &r.Values[j]
			switch {
			case v.Where != "" && v.Idle:
				t.Errorf("%s.%s is idle, and %s says it", r.ID, v.Name, v.Where)
			case !r.steers() && v.Idle:
				t.Errorf("%s.%s: nothing here goes by any of its values: mark none", r.ID, v.Name)
			case v.Where == "" && r.steers() && v.Idle == asked[r.ID][v.Name]:
				t.Errorf("%s.%s: idle is %v, its keeper asks for it: %v", r.ID, v.Name, v.Idle, asked[r.ID][v.Name])
			}
		}
	}
}

// namesAskedFor are the words that each rule's keeper, and what that calls in this
// room, gives to functions: the names of the values that it goes by are among them.
func namesAskedFor(t *testing.T) map[string]map[string]bool {
	t.Helper()
	code, rules := map[string]ast.Node{}, map[string]ast.Node{}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				code[n.Name.Name] = n.Body
			case *ast.CompositeLit:
				for _, e := range n.Elts {
					kv, is := e.(*ast.KeyValueExpr)
					if !is {
						continue
					}
					if key, is := kv.Key.(*ast.Ident); is && key.Name == "rule" {
						if id, is := kv.Value.(*ast.BasicLit); is {
							rules[unquoted(id)] = n
						}
					}
				}
			}
			return true
		})
	}
	asked := map[string]map[string]bool{}
	for id, keeper := range rules {
		words, seen := map[string]bool{}, map[string]bool{}
		var read func(n ast.Node) bool
		read = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				for _, arg := range n.Args {
					if word, is := arg.(*ast.BasicLit); is {
						words[unquoted(word)] = true
					}
				}
			case *ast.Ident:
				if body := code[n.Name]; body != nil && !seen[n.Name] {
					seen[n.Name] = true
					ast.Inspect(body, read)
				}
			}
			return true
		}
		ast.Inspect(keeper, read)
		asked[id] = words
	}
	return asked
}

// unquoted is a string literal's text, "" for another literal.
func unquoted(l *ast.BasicLit) string {
	s, err := strconv.Unquote(l.Value)
	if err != nil || l.Kind != token.STRING {
		return ""
	}
	return s
}
