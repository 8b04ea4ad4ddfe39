package test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// impureCalls are functions of allowed packages that pure rooms must not call.
var impureCalls = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "LoadLocation"},
	"fmt":  {"Print", "Println", "Printf", "Scan", "Scanln", "Scanf"},
}

// mapRanges are the loops over maps in pure rooms whose order cannot show,
// though no sorting follows them: "package function", and why.
var mapRanges = map[string]string{
	"routing build": "each agent is reset on its own and a counter is summed",
}

// source is a pure package with its types.
type source struct {
	pkg
	room  room
	files []*ast.File
	info  *types.Info
	set   *token.FileSet
}

func pureSources(t *testing.T) []source {
	t.Helper()
	ours := packages(t)
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(all[path].Export) })
	var out []source
	for _, p := range ours {
		r, _ := roomOf(p.path())
		if !r.pure {
			continue
		}
		s := source{pkg: p, room: r, set: set, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s.files = append(s.files, f)
		}
		if _, err := (&types.Config{Importer: imports}).Check(p.ImportPath, set, s.files, s.info); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// callee names the package-level function that an expression calls, such as
// "time" and "Now".
func (s source) callee(n ast.Node) (path, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	f, ok := s.info.Uses[sel.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
		return "", ""
	}
	return f.Pkg().Path(), f.Name()
}

func (s source) at(n ast.Node) string {
	position := s.set.Position(n.Pos())
	return fmt.Sprintf("%s/%s:%d", s.path(), filepath.Base(position.Filename), position.Line)
}

func TestPureRoomsNeitherWaitNorLook(t *testing.T) {
	for _, s := range pureSources(t) {
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s: a goroutine in a pure room", s.at(n))
				case *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
					t.Errorf("%s: a channel in a pure room", s.at(n))
				case *ast.SelectorExpr:
					path, name := s.callee(n)
					if !slices.Contains(impureCalls[path], name) {
						break
					}
					if _, excepted := impure[s.room.path+": "+path+"."+name]; !excepted {
						t.Errorf("%s: %s.%s in a pure room: time is an argument", s.at(n), path, name)
					}
				}
				return true
			})
		}
	}
}

// A loop over a map may not show its order: what it collects is sorted in the
// same function, or it only deletes, or it is in the reviewed list.
func TestPureRoomsHaveAnOrder(t *testing.T) {
	used := map[string]bool{}
	for _, s := range pureSources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				for _, loop := range s.unordered(fn) {
					name := s.path() + " " + fn.Name.Name
					used[name] = true
					if mapRanges[name] == "" {
						t.Errorf("%s: %s goes through a map in no order: sort what it finds, or say in mapRanges why its order cannot show", s.at(loop), fn.Name.Name)
					}
				}
			}
		}
	}
	for name := range mapRanges {
		if !used[name] {
			t.Errorf("mapRanges: %q is not there any more", name)
		}
	}
}

// unordered are the places of a function that go through a map, other than to
// delete or to collect what is sorted afterwards.
func (s source) unordered(fn *ast.FuncDecl) []ast.Node {
	type walk struct {
		at   ast.Node
		into []string // what it collects
	}
	var walks []walk
	sorted := map[string]token.Pos{} // what is sorted, and where last
	var inside []ast.Node
	ast.Inspect(fn, func(n ast.Node) bool {
		if n == nil {
			inside = inside[:len(inside)-1]
			return true
		}
		inside = append(inside, n)
		switch n := n.(type) {
		case *ast.RangeStmt:
			if _, ok := s.info.TypeOf(n.X).Underlying().(*types.Map); ok && !onlyDeletes(n.Body) {
				walks = append(walks, walk{n, assigned(n.Body)})
			}
		case *ast.CallExpr:
			switch path, name := s.callee(n.Fun); {
			case path == "sort", path == "slices" && strings.HasPrefix(name, "Sort") && !strings.HasPrefix(name, "Sorted"):
				sorted[types.ExprString(n.Args[0])] = n.Pos()
			case path == "maps" && (name == "Keys" || name == "Values" || name == "All"):
				var into []string
				for _, around := range inside {
					switch around := around.(type) {
					case *ast.CallExpr: // slices.Sorted(maps.Keys(m))
						if path, name := s.callee(around.Fun); path == "slices" && strings.HasPrefix(name, "Sorted") {
							return true
						}
					case *ast.AssignStmt:
						into = assigned(around)
					}
				}
				walks = append(walks, walk{n, into})
			}
		}
		return true
	})
	var found []ast.Node
	for _, w := range walks {
		if len(w.into) == 0 || slices.ContainsFunc(w.into, func(name string) bool { return sorted[name] < w.at.Pos() }) {
			found = append(found, w.at)
		}
	}
	return found
}

// assigned are the variables that statements assign to.
func assigned(in ast.Node) []string {
	var names []string
	ast.Inspect(in, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, left := range a.Lhs {
				names = append(names, types.ExprString(left))
			}
		}
		return true
	})
	return names
}

func onlyDeletes(body *ast.BlockStmt) bool {
	for _, statement := range body.List {
		e, ok := statement.(*ast.ExprStmt)
		if !ok {
			return false
		}
		c, ok := e.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		if name, ok := c.Fun.(*ast.Ident); !ok || name.Name != "delete" {
			return false
		}
	}
	return true
}

// wholeNumbers are excepted: what they do with fractions does not reach what a
// centre decides.
var wholeNumbers = map[string]string{
	"scripts/strict": "fields of any kind are read and written as text; no field of a centre is a fraction",
}

// Fractions are not the same on every machine: some processors round once where
// others round twice, and some functions of math are written anew for each. A
// journal must replay to the same bytes on all of them.
func TestPureRoomsCountInWholeNumbers(t *testing.T) {
	used := map[string]bool{}
	for _, s := range pureSources(t) {
		for _, f := range s.files {
			ast.Inspect(f, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				typ := s.info.TypeOf(e)
				if typ == nil {
					return true
				}
				basic, ok := typ.Underlying().(*types.Basic)
				if !ok || basic.Info()&(types.IsFloat|types.IsComplex) == 0 {
					return true
				}
				if used[s.path()] = true; wholeNumbers[s.path()] == "" {
					t.Errorf("%s: %s is a %s: a pure room counts in whole numbers", s.at(n), types.ExprString(e), typ)
				}
				return true
			})
		}
	}
	for path := range wholeNumbers {
		if !used[path] {
			t.Errorf("wholeNumbers: %s needs no exception any more", path)
		}
	}
}
