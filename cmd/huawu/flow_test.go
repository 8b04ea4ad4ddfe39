package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huawu/huawu/voice/wav"
)

const askingFlow = `id: main
nodes:
  - id: menu
    menu:
      variable: what
      prompts: [{file: welcome}, 一]
      keys: [{key: 1, value: one, next: which}]
      else: bye
  - id: which
    match: {variable: what, cases: [{equals: one, next: line}], else: bye}
  - {id: line, enqueue: {queue: sales, next: bye, else: bye}}
  - {id: bye, hangup: {}}
`

func TestFlowCheckTellsWhatIsOdd(t *testing.T) {
	s := newShell(t)
	odd := s.write("odd.yaml", strings.Replace(askingFlow, "equals: one", "equals: two", 1))
	if out := s.ok("flow", "check", odd); !strings.Contains(out, "odd: "+odd+`:9: which: case "two" can never hold`) || !strings.Contains(out, "is right") {
		t.Error(out)
	}
	if out := s.ok("flow", "check", odd, "--lang", "zh"); !strings.Contains(out, "提醒：") {
		t.Error(out)
	}
	s.fails(exitInvalid, []string{"can never hold"}, "flow", "check", "--strict", odd)
	broken := s.write("broken.yaml", strings.Replace(askingFlow, "else: bye}}", "else: by}}", 1))
	out, _, code := s.run("flow", "check", odd, broken, "-o", "json")
	var found flowFindings
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != exitInvalid {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if len(found.Odd) != 1 || len(found.Wrong) != 1 || found.Wrong[0].Line != 11 || found.Wrong[0].File != broken || found.Wrong[0].Remedy == "" || len(found.Checked) != 2 {
		t.Errorf("%+v", found)
	}
	scene := s.write("scene.yaml", strings.Replace(askingFlow, "enqueue: {queue: sales,", "scene: {key: silent_cal,", 1))
	s.fails(exitInvalid, []string{scene + ":11: ", `no profile has a scene "silent_cal"`}, "flow", "check", scene)
	centre := s.write("fair.yaml", "zone: UTC\nhours: [{id: fair, extra: [2020-05-01 08:00-18:00]}]\nflows:\n  - id: main\n    nodes:\n      - {id: when, hours: {table: fair, open: bye, closed: bye}}\n      - {id: bye, hangup: {}}\n")
	if out := s.ok("flow", "check", centre); !strings.Contains(out, `hours "fair" never open from now on`) {
		t.Error(out)
	}
}

func TestFlowCheckLooksForRecordings(t *testing.T) {
	s := newShell(t)
	file := s.write("main.yaml", askingFlow)
	folder := filepath.Join(s.dir, "recorded")
	if err := os.MkdirAll(filepath.Join(folder, "zh"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.fails(exitInvalid, []string{file + ":3: menu.prompts: ", "welcome.wav is not there"}, "flow", "check", file, "--prompts", folder)
	name := filepath.Join(folder, "zh", "welcome.wav")
	if err := os.WriteFile(name, []byte("no sound"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.fails(exitInvalid, []string{file + ":3: menu.prompts: "}, "flow", "check", file, "--prompts", folder)
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := wav.Write(f, wav.Sound{Rate: 8000, Samples: make([]int16, 800)}); err != nil {
		t.Fatal(err)
	}
	f.Close()
	s.ok("flow", "check", file, "--prompts", folder)
}

func TestFlowTest(t *testing.T) {
	s := newShell(t)
	s.write("main.yaml", askingFlow)
	const scenario = "file: main.yaml\nscenarios:\n  - name: one\n    steps: [{keys: \"1\"}]\n    answers: [{queue: sales, after: 5s, agent: \"1001\"}]\n    expect: {path: [menu, which, line, bye], hears: [一], variables: {what: one}}\n"
	right := s.write("right.yaml", scenario)
	if out := s.ok("flow", "test", right); out != "1 passed, 0 failed\n" {
		t.Errorf("%q", out)
	}
	if out := s.ok("flow", "test", "-v", right, "--lang", "zh"); !strings.Contains(out, "主叫听到") || !strings.Contains(out, "通过 1 项，失败 0 项") {
		t.Error(out)
	}
	wrong := s.write("wrong.yaml", strings.Replace(scenario, "[menu, which, line, bye]", "[menu, line, bye]", 1)+"  - name: two\n")
	out, errs, code := s.run("flow", "test", right, wrong)
	if code != exitFailed || errs != "" || !strings.Contains(out, "FAILED: "+wrong+":3: one") || !strings.Contains(out, "    + which\n") || !strings.Contains(out, "2 passed, 1 failed") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	var all rehearsals
	out, _, code = s.run("flow", "test", wrong, "-o", "json")
	if err := json.Unmarshal([]byte(out), &all); err != nil || code != exitFailed || all.Failed != 1 || len(all.Results[0].Failures) != 1 || len(all.Results[0].Transcript) == 0 {
		t.Errorf("exit %d, %v: %+v", code, err, all)
	}
	s.ok("flow", "test", wrong, "--scenario", "two")
	s.fails(exitUsage, []string{`no scenario is named "three"`}, "flow", "test", wrong, "--scenario", "three")
	s.fails(exitUsage, []string{"needs a file"}, "flow", "test")
	s.fails(exitInvalid, []string{"there is no flow", `did you mean "demo"?`}, "flow", "test", s.write("a.yaml", "flow: dem\nscenarios: [{name: a}]\n"))
	s.fails(exitInvalid, []string{"b.yaml:1:7: file: ", "no such file"}, "flow", "test", s.write("b.yaml", "file: gone.yaml\nscenarios: [{name: a}]\n"))
	s.fails(exitInvalid, []string{"steps[0]", "exactly one of keys"}, "flow", "test", s.write("c.yaml", "flow: demo\nscenarios: [{name: a, steps: [{}]}]\n"))
	s.write("when.yaml", "id: when\nnodes:\n  - {id: when, hours: {table: office, open: bye, closed: bye}}\n  - {id: bye, hangup: {}}\n")
	s.fails(exitInvalid, []string{`hours "office", which are not there`}, "flow", "test", s.write("d.yaml", "file: when.yaml\nscenarios: [{name: a}]\n"))
	s.ok("flow", "test", s.write("e.yaml", "file: when.yaml\nscenarios: [{name: a, closed: [office]}]\n"))
}

// A flow in a file of its own may lead through a shipped one.
func TestFlowTestGoesThroughShippedSubflows(t *testing.T) {
	s := newShell(t)
	s.write("main.yaml", "id: main\nnodes:\n  - {id: rate, subflow: {flow: satisfaction, next: bye}}\n  - {id: bye, hangup: {}}\n")
	s.ok("flow", "test", s.write("test.yaml", "file: main.yaml\nscenarios:\n  - name: rated\n    steps: [{keys: \"1\"}]\n    expect: {does: [survey], path: [rate, bye], ends: flow, cause: 16}\n"))
}

// What a caller's number is, is told in a scenario as it is in a call.
func TestFlowTestTellsTheClassOfACaller(t *testing.T) {
	s := newShell(t)
	s.write("main.yaml", "id: main\nnodes:\n  - {id: who, match: {variable: caller_class, cases: [{equals: mobile, next: yes}, {equals: withheld, next: none}], else: no}}\n"+
		"  - {id: yes, hangup: {}}\n  - {id: no, hangup: {}}\n  - {id: none, hangup: {}}\n")
	const scenario = "  - {name: %s, caller: %q, expect: {path: [who, %s]}}\n"
	s.ok("flow", "test", s.write("cn.yaml", "file: main.yaml\nscenarios:\n"+fmt.Sprintf(scenario, "national", "13800138000", "yes")+
		fmt.Sprintf(scenario, "international", "+8613800138000", "yes")+fmt.Sprintf(scenario, "fixed", "02161234567", "no")+fmt.Sprintf(scenario, "withheld", "", "none")))
	s.ok("flow", "test", s.write("hk.yaml", "file: main.yaml\ncountry: HK\nscenarios:\n"+fmt.Sprintf(scenario, "mobile", "51234567", "yes")))
	s.fails(exitInvalid, []string{`country: the numbers of "XX" are not known`}, "flow", "test", s.write("xx.yaml", "file: main.yaml\ncountry: XX\nscenarios: [{name: a}]\n"))
}

func TestFlowDraw(t *testing.T) {
	s := newShell(t)
	file := s.write("main.yaml", askingFlow)
	if out := s.ok("flow", "draw", file); !strings.HasPrefix(out, "flowchart TD\n") || !strings.Contains(out, `"key 1"`) {
		t.Error(out)
	}
	if out := s.ok("flow", "draw", "way-out", "--format", "svg"); !strings.HasPrefix(out, "<svg ") {
		t.Error(out)
	}
	if out := s.ok("flow", "draw", s.write("centre.yaml", centreText), "--flow", "main"); !strings.HasPrefix(out, "flowchart TD\n") {
		t.Error(out)
	}
	var picture map[string]string
	if err := json.Unmarshal([]byte(s.ok("flow", "draw", file, "-o", "json")), &picture); err != nil || picture["flow"] != "main" {
		t.Errorf("%v: %v", err, picture)
	}
	s.fails(exitUsage, []string{"want mermaid or svg"}, "flow", "draw", file, "--format", "png")
	s.fails(exitUsage, []string{`has no flow "man"`, `did you mean "main"?`}, "flow", "draw", file, "--flow", "man")
	s.fails(exitInvalid, []string{"no such file"}, "flow", "draw", "nix.yaml")
}

func TestFlowSchema(t *testing.T) {
	s := newShell(t)
	for _, args := range [][]string{{"flow", "schema"}, {"flow", "schema", "--centre"}} {
		var schema map[string]any
		if err := json.Unmarshal([]byte(s.ok(args...)), &schema); err != nil || schema["definitions"] == nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestFlowVersions(t *testing.T) {
	r := boot(t, "")
	before := r.ok("flow", "show", "main")
	if !strings.HasPrefix(before, "id: main\n") {
		t.Fatal(before)
	}
	if out := r.ok("flow", "list", "--lang", "zh"); !strings.Contains(out, "main") || !strings.Contains(out, "节点数") {
		t.Error(out)
	}
	r.fails(exitNotFound, []string{"was never another"}, "flow", "rollback", "main")
	next := strings.Replace(centreText, "id: bye", "id: farewell", 1)
	next = strings.NewReplacer("next: bye", "next: farewell", "else: bye", "else: farewell").Replace(next)
	if next == centreText {
		t.Fatal("the centre of tests has no node bye")
	}
	r.ok("apply", "-f", r.write("next.yaml", next))
	if out := r.ok("flow", "history", "main", "--lang", "zh"); strings.Count(out, "\n") != 3 || !strings.Contains(out, "修改") || !strings.Contains(out, "新建") {
		t.Error(out)
	}
	if out := r.ok("flow", "diff", "main"); !strings.Contains(out, "--- version 1\n+++ version 2\n") || !strings.Contains(out, "farewell") {
		t.Error(out)
	}
	if out := r.ok("flow", "rollback", "main"); !strings.Contains(out, "version 3 is in effect") {
		t.Error(out)
	}
	if after := r.ok("flow", "show", "main"); after != before {
		t.Errorf("after going back:\n%s", after)
	}
	if out := r.ok("flow", "show", "main", "--version", "2"); !strings.Contains(out, "farewell") {
		t.Error(out)
	}
	if out := r.ok("flow", "rollback", "main", "--to", "2"); !strings.Contains(out, "version 4 is in effect") {
		t.Error(out)
	}
	r.fails(exitNotFound, []string{"mian"}, "flow", "history", "mian")
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete", "flow", "rollback"}, r.env...), "")...); !strings.Contains(out, "main") {
		t.Errorf("completion:\n%s", out)
	}
}
