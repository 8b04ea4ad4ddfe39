package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// oldJournal is a copy of a day that an earlier huawu wrote.
func oldJournal(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data", "journal")
	if err := os.CopyFS(dir, os.DirFS("../../test/replay/testdata/old.journal")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(dir)
}

func TestReplayOfDecisions(t *testing.T) {
	s, data := newShell(t), oldJournal(t)
	told := s.ok("replay", data, "--decisions")
	lines := strings.Split(strings.TrimSuffix(told, "\n"), "\n")
	offered := "1048661 946684803100 queue.offered ticket=c-c2wfoqo0om2-00000005-t1 offer=c-c2wfoqo0om2-00000005-t1-o1 queue=sales agent=1001"
	i := 0
	for i < len(lines) && !strings.HasPrefix(lines[i], offered+" because score=0 waited=0 key=0/") {
		i++
	}
	if len(lines) != 22 || i == len(lines) {
		t.Fatalf("%d decisions:\n%s", len(lines), told)
	}
	before := s.write("before.txt", told)
	if out := s.ok("replay", data, "--compare", before); out != "22 decisions, all the same\n" {
		t.Errorf("%s", out)
	}
	// What was told as the reason is no decision.
	if out := s.ok("replay", data, "--compare", s.write("reasons.txt", strings.ReplaceAll(told, "waited=0", "waited=1"))); !strings.Contains(out, "the same") {
		t.Errorf("%s", out)
	}

	differs := func(words []string, args ...string) {
		t.Helper()
		out, errs, code := s.run(append([]string{"replay", data}, args...)...)
		if code != exitFailed || errs != "" {
			t.Errorf("exit %d: %s%s", code, out, errs)
		}
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not in\n%s", w, out)
			}
		}
	}
	other := append(append(append([]string{}, lines[:i]...), strings.Replace(lines[i], "agent=1001", "agent=1002", 1)), lines[i+1:]...)
	differs([]string{"the first decision that differs:\n- 1048661 ", "agent=1002 because", "\n+ " + offered + " because", "\nQueue     sales\n", "1001   1", "1002         under-offer: is offered to agent 1001"},
		"--compare", s.write("other.txt", strings.Join(other, "\n")+"\n"))
	differs([]string{"- (no decision)\n+ "}, "--compare", s.write("short.txt", strings.Join(lines[:len(lines)-1], "\n")+"\n"))
	differs([]string{"- one more\n+ (no decision)\n"}, "--compare", s.write("long.txt", told+"one more\n"))
	out, _, _ := s.run("replay", data, "--compare", filepath.Join(s.dir, "other.txt"), "-o", "json")
	if !strings.Contains(out, `"why_is": {`) || !strings.Contains(out, `"outcome": "different"`) {
		t.Errorf("%s", out)
	}
	differs([]string{"agent=1001 from=OFFLINE", "+ (no decision)\n\n- ----", "\n+ ----", "State    OFFLINE"}, "--with", s.write("centre.yaml", centreText))

	s.fails(exitUsage, []string{"exclude each other"}, "replay", data, "--decisions", "--compare", before)
	s.fails(exitInvalid, []string{"no such file"}, "replay", data, "--compare", "nowhere.txt")
	s.fails(exitInvalid, []string{"the key"}, "replay", data, "--with", s.write("wrong.yaml", "zoen: x\n"))
}
