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
)

// shown are the types whose values tables show, by their rooms.
var shown = map[string][]string{
	"center":   {"CallState", "ListKind", "EntryState"},
	"fact":     {"Direction", "Fault", "Reason", "Party", "Side"},
	"media":    {"Role", "LegState"},
	"call":     {"Mode"},
	"routing":  {"Distribution", "Staffing", "Trainees", "Mode"},
	"callback": {"State", "Source", "Stage", "DueSource", "Outcome"},
}

// TestCodesInTablesAreTranslated reads the rooms' source: a value of a type that
// tables show has a Chinese form.
func TestCodesInTablesAreTranslated(t *testing.T) {
	seen := 0
	for room, types := range shown {
		files, err := filepath.Glob("../../" + room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", room, files, err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				v, ok := n.(*ast.ValueSpec)
				if !ok {
					return true
				}
				of, ok := v.Type.(*ast.Ident)
				if !ok || !slices.Contains(types, of.Name) {
					return true
				}
				for _, e := range v.Values {
					if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						code, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						if seen++; code != "" && chineseCells[code] == "" {
							t.Errorf("%s: the %s %q has no Chinese form", strings.TrimPrefix(file, "../../"), of.Name, code)
						}
					}
				}
				return true
			})
		}
	}
	if seen < 60 {
		t.Errorf("only %d codes", seen)
	}
}
