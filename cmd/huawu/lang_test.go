package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
)

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	a := &app{}
	var visit func(c *cobra.Command)
	seen := 0
	visit = func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s says nothing about itself", c.CommandPath())
		}
		if !c.HasSubCommands() && c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		seen++
		for _, below := range c.Commands() {
			visit(below)
		}
	}
	visit(a.rootCommand())
	if seen < 30 {
		t.Errorf("only %d commands", seen)
	}
	s := newShell(t)
	for _, line := range [][]string{{"--help"}, {"queue"}, {"agent", "sign-in", "--help"}} {
		if out := s.ok(line...); !strings.Contains(out, "Examples:") && !strings.Contains(out, "Available Commands:") {
			t.Errorf("%v:\n%s", line, out)
		}
	}
	if out := s.ok("version"); !strings.HasPrefix(out, "huawu ") {
		t.Errorf("version: %s", out)
	}
}

// TestWhatOperatorsReadIsTranslated reads the source: every head, field and
// sentence that is printed by a literal has a Chinese form, and none is left
// over.
func TestWhatOperatorsReadIsTranslated(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	text := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			key, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			used[key] = true
			if chinese[key] == "" {
				t.Errorf("%q has no Chinese form", key)
			}
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if id, ok := lit.Type.(*ast.Ident); ok && id.Name == "toldError" {
					text(lit.Elts[0])
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch f.Sel.Name {
			case "table":
				if heads, ok := call.Args[0].(*ast.CompositeLit); ok {
					for _, h := range heads.Elts {
						text(h)
					}
				}
			case "fields":
				for i := 0; i < len(call.Args); i += 2 {
					text(call.Args[i])
				}
			case "line", "Sprintf":
				if f.Sel.Name == "line" || isSay(f.X) {
					text(call.Args[0])
				}
			}
			return true
		})
	}
	for key := range chinese {
		if !used[key] {
			t.Errorf("%q is translated and never printed", key)
		}
	}
}

func isSay(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "say"
}

func TestColumnsAreAsWideAsATerminalShowsThem(t *testing.T) {
	out := new(lockedBuffer)
	a := &app{out: out, say: printer("zh")}
	a.table([]string{"Queue", "Name", "Call"}, [][]any{{"q", "销售", "c1"}, {"service", "x", "c2"}})
	want := "队列     名称  通话编号\nq        销售  c1\nservice  x     c2\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
}

func TestProblemsAreTranslatedByTheirCodes(t *testing.T) {
	a := &app{say: printer("zh")}
	for code := range chineseCodes {
		if got := a.words(&api.Problem{Code: code, Detail: "detail"}); got != chineseCodes[code]+"：detail" {
			t.Errorf("%s: %s", code, got)
		}
	}
	if !slices.Contains([]string{"detail"}, a.words(&api.Problem{Code: "brand-new", Detail: "detail"})) {
		t.Error("a code without a translation must still be told")
	}
}
