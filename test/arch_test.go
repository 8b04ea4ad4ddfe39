// Package test holds what spans rooms. This file holds the house to its plan:
// who may import whom, and what the pure rooms must not do.
package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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

// maxLines is how long a file may be.
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

func TestNamesAndSizes(t *testing.T) {
	hungarian := regexp.MustCompile(`(?m)^type (I[A-Z][a-z]\w* interface|\w+Impl) `)
	for _, p := range packages(t) {
		for _, part := range strings.Split(p.path(), "/") {
			if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "base", "misc"}, part) {
				t.Errorf("%s: %q says nothing about what is inside", p.ImportPath, part)
			}
		}
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file := p.path() + "/" + name
			if lines := bytes.Count(text, []byte("\n")); lines > maxLines {
				t.Errorf("%s has %d lines: at most %d", file, lines, maxLines)
			}
			if m := hungarian.Find(text); m != nil {
				t.Errorf("%s: %q: name it by what it is", file, m)
			}
		}
	}
}
