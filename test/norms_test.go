package test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/huawu/huawu/norms"
)

var updateNorms = flag.Bool("update", false, "write the table of docs/norms.md anew")

// normRow is a rule's line in docs/norms.md; in is what it is without settings.
func normRow(r norms.Rule, in norms.Effective) string {
	var values []string
	for i, v := range r.Values {
		text := fmt.Sprintf("`%s` %s", v.Name, v.Default)
		if v.Unit != "" {
			text += " " + v.Unit
		}
		if v.Where != "" {
			text += fmt.Sprintf(" (`%s`)", v.Where)
		}
		if in.Values[i].Idle && r.Status != norms.Waits {
			text += " (idle)"
		}
		values = append(values, text)
	}
	mode := string(r.Mode)
	for _, p := range r.Profiles {
		if p.Mode != "" {
			mode += fmt.Sprintf("; %s %s", p.Profile, p.Mode)
		}
	}
	kept := fmt.Sprintf("waits for %s", r.Waits)
	if r.Status != norms.Waits {
		kept = fmt.Sprintf("%s: `%s`", r.Status, r.Test)
	}
	if r.By != "" {
		kept += ", kept by " + r.By
	}
	if in.ModeIdle && r.Status != norms.Waits {
		kept += " in every mode"
	}
	source, _, _ := strings.Cut(r.Source, " 「")
	return fmt.Sprintf("| %s | %s · %s | %s | %s | %s | %s | %s |\n", r.ID, r.Title, r.Chinese, source, strings.Join(values, ", "), mode, r.Role, kept)
}

// docs/norms.md tells of every rule what the register has, and the tests that it
// names are in the tree.
func TestNormsAreDocumented(t *testing.T) {
	const file, mark = "../docs/norms.md", "-update writes it -->\n"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, table, ok := bytes.Cut(doc, []byte(mark))
	if !ok {
		t.Fatalf("%s has no %q", file, mark)
	}
	var want bytes.Buffer
	want.WriteString("\n| rule | | source | values | mode | answers | kept |\n|---|---|---|---|---|---|---|\n")
	for i, in := range (norms.Plan{}).Effective("") {
		want.WriteString(normRow(norms.Rules[i], in))
	}
	if !bytes.Equal(table, want.Bytes()) {
		if !*updateNorms {
			t.Errorf("%s is not what the register says: go test ./test -run TestNormsAreDocumented -update", file)
		} else if err := os.WriteFile(file, bytes.Join([][]byte{head, want.Bytes()}, []byte(mark)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := testsInTree(t)
	for _, r := range norms.Rules {
		if r.Status != norms.Waits && !tests[r.Test] {
			t.Errorf("%s is %s by %s, and there is no such test", r.ID, r.Status, r.Test)
		}
	}
}

// testsInTree are the names of all tests and scenarios.
func testsInTree(t *testing.T) map[string]bool {
	t.Helper()
	all, declared := map[string]bool{}, regexp.MustCompile(`(?m)^func (Test\w+)\(|^\t\tname: "([a-z/-]+)"`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(src, -1) {
			all[string(m[1])+string(m[2])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
