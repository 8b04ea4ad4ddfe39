package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/huawu/huawu/simulate"
)

// planText is a plan with its own centre.
const planText = `
centre:
  skills: [english]
  queues: [{id: sales, wrap_up: 30s}]
  agents: [{id: "1001", queues: [sales]}]
for: 2h
warm_up: 10m
runs: 3
load:
  - queue: sales
    per_hour: [30, 60]
    talk: {mean: 2m, spread: lognormal, deviation: 1m}
    patience: {mean: 90s}
staff: [{agents: ["1001"]}, {count: 2, queues: [sales], from: 30m}]
habits: {answer: {mean: 3s}, no_answer: 0.02}
`

func TestSimulate(t *testing.T) {
	s := newShell(t)
	plan := s.write("plan.yaml", planText)
	var first, again simulate.Report
	s.json(&first, "simulate", plan)
	s.json(&again, "simulate", plan)
	q := first.Queues[0]
	if q.Queue != "sales" || q.Calls < 150 || q.Calls != q.Answered+q.Abandoned+q.Lost || first.Runs != 3 || first.Within != 15_000 ||
		first.Agents.Agents != 3 || q.Level.Low >= q.Level.Value || q.Level.High <= q.Level.Value {
		t.Errorf("%+v", first)
	}
	if again.Queues[0] != q {
		t.Errorf("the same plan gives %+v, then %+v", q, again.Queues[0])
	}
	out := s.ok("simulate", plan)
	for _, want := range []string{"Service level", "  Nine of ten under  ", "sales  ", "3 agents, ", "answered within 15s", "intervals are of 95 %;"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if out = s.ok("simulate", plan, "--lang", "zh"); !strings.Contains(out, "服务水平") || !strings.Contains(out, "座席 3 人") {
		t.Errorf("in Chinese:\n%s", out)
	}

	centre := s.write("centre.yaml", centreText)
	rule := "for: 1h\nstaff: [{}]\n"
	table := s.write("calls.csv", "at,queue,talk,patience,needs,priority\n1m,sales,90s,,,\n2m,sales,60s,,,2\n2m1s,sales,30s,1s,,\n2m2s,sales,30s,1s,,\n")
	s.json(&first, "simulate", s.write("rule.yaml", rule), "--centre", centre, "--recorded", table)
	if q = first.Queues[0]; q.Calls != 4 || q.Answered != 2 || q.Abandoned != 2 || first.Agents.Agents != 2 {
		t.Errorf("recorded as a table: %+v", first)
	}
	list := s.write("calls.json", `{"calls": [], "ended": [
		{"queue": "sales", "direction": "inbound", "began": 1760000010000, "ivr_ms": 5000, "wait_ms": 700, "talk_ms": 60000, "reason": "caller-ended"},
		{"direction": "internal", "began": 1760000000000},
		{"queue": "sales", "direction": "inbound", "began": 1760000000000, "ivr_ms": 5000, "wait_ms": 900, "reason": "abandoned"}]}`)
	s.json(&first, "simulate", s.write("rule.yaml", rule), "--centre", centre, "--recorded", list)
	if q = first.Queues[0]; q.Calls != 2 || q.Answered != 2 || first.Agents.Talking < 0.033 || first.Agents.Talking > 0.034 {
		t.Errorf("recorded by huawu: %+v", first)
	}

	late := s.write("late.csv", "at,queue,talk\n20m,sales,90s\n50m,sales,60s\n")
	s.json(&first, "simulate", plan, "--recorded", late)
	if q = first.Queues[0]; q.Calls != 2*int64(first.Runs) {
		t.Errorf("a recording adds to the plan's callers: %+v", first)
	}

	s.fails(exitInvalid, []string{"huawu: the plan has a problem\n  " + s.dir, "calls.csv:3: queue: \"slaes\" is no queue of the centre; did you mean \"sales\"?\n"},
		"simulate", plan, "--recorded", s.write("calls.csv", "at,queue,talk\n1m,sales,90s\n2m,slaes,90s\n3m,slaes,90s\n"))
	s.fails(exitInvalid, []string{"calls.csv:2: ", `"englisch" is not in`}, "simulate", plan, "--recorded",
		s.write("calls.csv", "at,queue,talk,needs\n1m,sales,90s,englisch\n"))
	bare := "for: 1h\nload: [{queue: sales, per_hour: [1]}]\nstaff: [{count: 20, queues: [sales]}]\n"
	s.fails(exitInvalid, []string{"the plan has a problem\n  ", "the plan has no centre: write one under centre, with its queues, or give --centre FILE\n"},
		"simulate", s.write("bare.yaml", bare))
	s.fails(exitInvalid, []string{"计划有 1 处问题\n"}, "simulate", s.write("bare.yaml", bare), "--lang", "zh")
	s.fails(exitInvalid, []string{"the plan has 2 problems\n  ", "plan.yaml:10:12: load[0].queue: slaes", "plan.yaml:14:48: ", "staff[1].queues: slaes"}, "simulate",
		s.write("plan.yaml", strings.NewReplacer("queue: sales", "queue: slaes", "queues: [sales], from", "queues: [slaes], from").Replace(planText)))
	s.fails(exitInvalid, []string{"for: 0s: want 1m to 744h"}, "simulate", s.write("empty.yaml", "staff: [{}]\n"))
	s.fails(exitInvalid, []string{`the key "fro" is not known`}, "simulate", s.write("typo.yaml", "fro: 1h\n"))
	s.fails(exitInvalid, []string{"line 2: talk: time: missing unit"}, "simulate", s.write("rule.yaml", rule),
		"--recorded", s.write("calls.csv", "at,queue,talk\n1m,sales,90\n"))
	s.fails(exitInvalid, []string{`the first line lacks "talk"`}, "simulate", s.write("rule.yaml", rule),
		"--recorded", s.write("calls.csv", "at,queue\n1m,sales\n"))
	s.fails(exitInvalid, []string{"no call of a queue has ended in it"}, "simulate", s.write("rule.yaml", rule), "--recorded", s.write("calls.json", "{}"))
	s.fails(exitInvalid, []string{"no such file"}, "simulate", "nowhere.yaml")
	s.fails(exitUsage, []string{"takes PLAN"}, "simulate")
}

// The plan that the documentation shows is one.
func TestThePlanOfTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/simulate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, plan, _ := strings.Cut(string(text), "```yaml\n")
	plan, _, _ = strings.Cut(plan, "```")
	s := newShell(t)
	var r simulate.Report
	s.json(&r, "simulate", s.write("plan.yaml", plan))
	if r.Runs != 20 || r.Agents.Agents != 22 || r.Queues[0].Answered == 0 {
		t.Errorf("%+v", r)
	}
}

func TestProgressIsShownOnATerminalOnly(t *testing.T) {
	var out bytes.Buffer
	b := bar{out: &out, last: -1}
	b.progress(1, 2)
	b.end()
	if out.Len() > 0 || isTerminal(&out) {
		t.Errorf("%q", &out)
	}
	b.shown = true
	for done := range int64(1001) {
		b.progress(done, 1000)
	}
	b.end()
	if n := strings.Count(out.String(), "["); n != 101 || !strings.Contains(out.String(), "\r["+strings.Repeat("#", 20)+strings.Repeat(".", 20)+"]  50 %") {
		t.Errorf("drawn %d times: %q", n, &out)
	}
}
