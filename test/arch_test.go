// Package test holds what spans rooms. This file holds the house to its plan:
// who may import whom, and what the pure rooms must not do.
package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/huawu/huawu"

// maxLines is how long a file may be that is not a test.
const maxLines = 400

// room is what a package may import of ours. The longest path that begins a
// package's own decides; a room may always import its own parts.
type room struct {
	path    string
	imports []string
	pure    bool
	why     string
}

var rooms = []room{
	{"fact", nil, true, "the words of the house stand on nothing"},
	{"calendar", nil, true, "hours and holidays know no call"},
	{"media", []string{"fact"}, true, "the port speaks the house's words only"},
	{"media/mediatest", []string{"media", "fact"}, false, "the suite sees drivers through the port"},
	{"routing", []string{"fact", "calendar"}, true, "the ACD knows no leg and no flow"},
	{"scripts", []string{"fact", "calendar"}, true, "flows know no queue and no leg"},
	{"norms", []string{"fact", "calendar"}, true, "norms are timers over facts"},
	{"callback", []string{"fact", "calendar"}, true, "a promise is no call yet"},
	{"call", []string{"fact", "media"}, true, "a call knows neither line nor flow"},
	{"center", []string{"fact", "calendar", "media", "call", "routing", "scripts", "norms", "callback"}, true, "the whole centre, and nothing that runs it"},
	{"engine", []string{"center", "fact", "media"}, false, "the shell knows no queue; stores and look-ups are interfaces of its own"},
	{"ari", []string{"media", "fact"}, false, "a driver knows its switch and the port"},
	{"esl", []string{"media", "fact"}, false, "a driver knows its switch and the port"},
	{"ari/aritest", []string{"ari", "media", "fact"}, false, "a fake on the wire"},
	{"esl/esltest", []string{"esl", "media", "fact"}, false, "a fake on the wire"},
	{"voice", []string{"fact"}, false, "prompt audio"},
	{"lookup", nil, false, "other systems over HTTP know nothing of calls"},
	{"recording", []string{"fact", "voice/wav"}, false, "files after the call; they are WAV"},
	{"store", []string{"fact", "calendar", "call", "routing", "scripts", "norms", "callback", "center"}, false, "rows of the pure rooms' types, never the engine"},
	{"store/storetest", []string{"store", "fact", "calendar", "call", "routing", "scripts", "norms", "callback", "center"}, false, "the suite for both databases"},
	{"simulate", []string{"fact", "calendar", "routing"}, false, "what-if on the production ACD"},
	{"api", []string{"engine", "center", "fact", "calendar", "call", "media", "routing", "scripts", "norms", "callback"}, false, "cmd hands it the store"},
	{"cmd", []string{"*"}, false, "wiring"},
	{"test", []string{"*"}, false, "spans rooms"},
}

// homes are the rooms that may know a library; every other package goes through
// them. Longer paths come first.
var homes = []struct {
	library string
	rooms   []string
	why     string
}{
	{"gorm.io/", []string{"store"}, "rows are the store's"},
	{"github.com/glebarez/", []string{"store"}, "SQLite"},
	{"modernc.org/sqlite", []string{"store"}, "SQLite"},
	{"github.com/jackc/pgx/", []string{"store"}, "PostgreSQL"},
	{"github.com/pressly/goose/", []string{"store"}, "migrations"},
	{"github.com/gin-gonic/", []string{"api"}, "HTTP"},
	{"github.com/danielgtaylor/huma/", []string{"api"}, "HTTP"},
	{"github.com/spf13/", []string{"cmd"}, "the command line"},
	{"github.com/CyCoreSystems/ari/", []string{"ari"}, "Asterisk"},
	{"github.com/percipia/eslgo", []string{"esl"}, "FreeSWITCH"},
	{"go.yaml.in/", []string{"scripts", "norms", "routing"}, "what people write is read by the rooms that check it"},
	{"github.com/expr-lang/", []string{"scripts", "norms", "routing"}, "conditions are compiled when saved"},
	{"github.com/emiago/", []string{"test"}, "SIP endpoints are for tests"},
	{"github.com/icholy/digest", []string{"test"}, "SIP endpoints are for tests"},
}

// Pure rooms may use these of the standard library and no more: none of them
// reads a clock (but see impureCalls), a file, the network or a random source,
// and none starts a goroutine or takes a lock that shows.
var pureLibrary = []string{
	"bytes", "cmp", "container/heap", "container/list", "embed", "encoding", "encoding/base64", "encoding/binary",
	"encoding/hex", "encoding/json", "errors", "fmt", "hash/fnv", "io", "iter", "maps", "math", "math/big", "math/bits",
	"net/url", "path", "reflect", "regexp", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf8",
}

// impure is what single pure rooms may use besides, and why.
var impure = map[string]string{
	"media: context":                 "the port's Do and Run are carried out by drivers, which wait",
	"calendar: time.LoadLocation":    "the time zones are linked in (time/tzdata)",
	"scripts: go.yaml.in/":           "flows are written as YAML",
	"scripts: github.com/expr-lang/": "conditions are compiled when a flow is saved",
	"scripts: golang.org/x/text/":    "phrases are found by pinyin, in whose order CLDR has Chinese",
}

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

type pkg struct {
	ImportPath, Name, Dir, Export string
	GoFiles, CgoFiles, Imports    []string
	TestGoFiles, XTestGoFiles     []string
	IgnoredGoFiles                []string
	Standard                      bool
}

func (p pkg) path() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func (p pkg) ours() bool {
	return p.ImportPath == module || strings.HasPrefix(p.ImportPath, module+"/")
}

// house lists every package of ours, and with what it is built of.
var house = sync.OnceValues(func() (map[string]pkg, error) {
	// go test keeps a result as long as what the test itself has read is the
	// same; what go list reads does not count, so look into every folder.
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != ".." {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list := exec.Command("go", "list", "-export", "-deps", "-tags", "asterisk,postgres", "-json", module+"/...")
	var problems bytes.Buffer
	list.Stderr = &problems
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, problems.Bytes())
	}
	all := map[string]pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all[p.ImportPath] = p
	}
})

// packages are ours, in order.
func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	var ours []pkg
	for _, p := range all {
		if p.ours() {
			ours = append(ours, p)
		}
	}
	slices.SortFunc(ours, func(a, b pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	if len(ours) < 10 {
		t.Fatalf("only %d packages are found", len(ours))
	}
	return ours
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

func roomOf(path string) (room, bool) {
	var best room
	for _, r := range rooms {
		if within(path, r.path) && len(r.path) > len(best.path) {
			best = r
		}
	}
	return best, best.path != ""
}

// suite says that a package is for tests only.
func suite(path string) bool {
	return within(path, "test") || slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool {
		return strings.HasSuffix(part, "test")
	})
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		r, known := roomOf(p.path())
		if !known {
			t.Errorf("%s is in no room: give it one in this table, or a place in one that there is", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			switch path := strings.TrimPrefix(imported, module+"/"); {
			case path != imported:
				if problem := ours(p, r, path); problem != "" {
					t.Errorf("%s imports %s: %s", p.path(), path, problem)
				}
			default:
				if problem := theirs(p, imported); problem != "" {
					t.Errorf("%s imports %s: %s", p.path(), imported, problem)
				}
				if problem := impureImport(r, imported); r.pure && problem != "" {
					t.Errorf("%s imports %s: %s", p.path(), imported, problem)
				}
			}
		}
	}
}

func ours(p pkg, r room, path string) string {
	if within(path, "cmd") {
		return "nothing imports cmd"
	}
	if suite(path) && !suite(p.path()) {
		return "a suite or fake is for tests only"
	}
	if within(path, r.path) || slices.Contains(r.imports, "*") {
		return ""
	}
	for _, allowed := range r.imports {
		if within(path, allowed) {
			return ""
		}
	}
	return fmt.Sprintf("%s may import %s only: %s", r.path, strings.Join(r.imports, ", "), r.why)
}

func theirs(p pkg, imported string) string {
	for _, h := range homes {
		if !strings.HasPrefix(imported, h.library) {
			continue
		}
		for _, home := range h.rooms {
			if within(p.path(), home) {
				return ""
			}
		}
		return fmt.Sprintf("%s is only for %s: %s", h.library, strings.Join(h.rooms, ", "), h.why)
	}
	return ""
}

func impureImport(r room, imported string) string {
	if slices.Contains(pureLibrary, imported) {
		return ""
	}
	for exception := range impure {
		if allowed, ok := strings.CutPrefix(exception, r.path+": "); ok && strings.HasPrefix(imported, allowed) {
			return ""
		}
	}
	return "not for a pure room: time, chance and the world outside are arguments"
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

func TestNamesAndSizes(t *testing.T) {
	hungarian := regexp.MustCompile(`(?m)^type (I[A-Z][a-z]\w* interface|\w+Impl) `)
	for _, p := range packages(t) {
		for _, part := range strings.Split(p.path(), "/") {
			if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "base", "misc"}, part) {
				t.Errorf("%s: %q says nothing about what is inside", p.ImportPath, part)
			}
		}
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file := p.path() + "/" + name
			if lines := bytes.Count(text, []byte("\n")); lines > maxLines && !suite(p.path()) {
				t.Errorf("%s has %d lines: at most %d", file, lines, maxLines)
			}
			if m := hungarian.Find(text); m != nil {
				t.Errorf("%s: %q: name it by what it is", file, m)
			}
		}
	}
}
