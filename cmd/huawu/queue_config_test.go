package main

import (
	"strings"
	"testing"

	"github.com/huawu/huawu/routing"
)

func TestWhatAnAgentHearsIsTold(t *testing.T) {
	a := &app{say: printer("en")}
	if got := a.whispered(routing.Whisper{Text: "销售", Wait: true, Language: "en"}); got != `"销售" the wait (en)` {
		t.Errorf("%q", got)
	}
}

// What is configured of a queue is shown, in both languages, and what must be
// written down is completed.
func TestAQueueShowsHowItIsConfigured(t *testing.T) {
	r := boot(t, "")
	text := strings.Replace(centreText, "queues: [{id: sales, name: 销售, ring: 15s}]", `skills: [english]
queues:
- id: spare
- id: sales
  name: 销售
  ring: 15s
  distribution: ring-all
  width: 3
  needs: english>=50
  max_waiting: 20
  max_wait: 10m
  join_if: able
  log: [{id: result, name: 结果, values: [solved, open], required: true}]
  log_within: 3m
  overflow: [{on: timeout, queue: spare}]`, 1)
	r.ok("apply", "-f", r.write("queue.yaml", text))
	for line, want := range map[string][]string{
		"queue show sales": {"ring-all", "Phones at once", "3\n", "english>=50", "Most waiting", "20\n", "Longest wait", "10m0s", "Join if", "able\n",
			"result 结果 (solved|open) required", "Log within", "3m0s", "timeout → spare"},
		"queue show sales --lang zh": {"派送方式", "同振\n", "有人可接", "必填", "等待超时 → spare", "模式", "开放\n"},
		"queue show spare":           {"longest-idle"},
	} {
		out := r.ok(strings.Fields(line)...)
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s lacks %q:\n%s", line, w, out)
			}
		}
	}
	if out := r.ok("queue", "show", "spare"); strings.Contains(out, "Whisper") || strings.Contains(out, "Overflow") {
		t.Errorf("what is not configured is shown:\n%s", out)
	}
	if out, _, _ := (&shell{t: t}).run(append(append([]string{"__complete"}, r.env...), "agent", "log", "1001", "")...); !strings.Contains(out, "result=\t结果") {
		t.Errorf("completion of log fields:\n%s", out)
	}
}
