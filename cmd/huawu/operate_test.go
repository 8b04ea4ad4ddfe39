package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media/mediatest"
	"github.com/huawu/huawu/routing"
)

// probe asks an address without a token.
func (r *running) probe(path string) int {
	res, err := http.Get("http://" + r.config.Listen + path)
	if err != nil {
		return 0
	}
	res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	return res.StatusCode
}

// metrics is what /metrics shows.
func (r *running) metrics() string {
	r.t.Helper()
	secret, err := api.FirstToken(r.config.TokenFile)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodGet, "http://"+r.config.Listen+"/metrics", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

func TestOperatingACentre(t *testing.T) {
	r := boot(t, "")
	first, second := r.world.Phone(mediatest.Behaviour{Then: mediatest.Answers}), r.world.Phone(mediatest.Behaviour{Then: mediatest.RingsOn})

	out := r.ok("queue", "list")
	if !strings.HasPrefix(out, "Queue  Name  Waiting") || !strings.Contains(out, "sales  销售") {
		t.Errorf("queue list:\n%s", out)
	}
	caller := r.world.Call("13800000001", "4001")
	r.world.Call("13800000002", "4001")
	var queue api.QueueDetail
	r.until("two callers wait", func() bool { r.json(&queue, "queue", "callers", "sales"); return len(queue.Waiting) == 2 })
	if queue.Waiting[0].Position != 1 || queue.Waiting[0].From != "13800000001" {
		t.Errorf("callers: %+v", queue.Waiting)
	}
	lines := strings.Split(r.ok("queue", "callers", "sales", "--lang", "zh"), "\n")
	if fields := strings.Fields(lines[0]); !slices.Equal(fields, []string{"位置", "主叫", "已等待", "优先级", "正在振铃", "通话编号"}) ||
		!strings.Contains(lines[1], "13800000001") || !strings.Contains(lines[2], "13800000002") {
		t.Errorf("callers in Chinese:\n%s", strings.Join(lines, "\n"))
	}
	if out := r.ok("queue", "show", "sales"); !strings.Contains(out, "Waiting       2\n") || !strings.Contains(out, "Ring          15s") {
		t.Errorf("queue show:\n%s", out)
	}

	// The first caller talks to the first agent.
	if out := r.ok("agent", "sign-in", "1001", string(first.Endpoint()), "--ready"); !strings.Contains(out, "agent 1001: ") {
		t.Errorf("sign in: %s", out)
	}
	var agent api.AgentDetail
	r.until("the agent talks", func() bool { r.json(&agent, "agent", "show", "1001"); return agent.State == routing.Talking })
	if out := r.ok("agent", "list", "--state", "TALKING"); !strings.Contains(out, "王芳") || strings.Contains(out, "李雷") {
		t.Errorf("agent list:\n%s", out)
	}
	if out := r.ok("agent", "show", "1001", "--lang", "zh"); !strings.Contains(out, "工号") || !strings.Contains(out, "TALKING") {
		t.Errorf("agent show:\n%s", out)
	}

	// The second one rings at the second agent, who is taken out again.
	r.in = "081508150815\n"
	r.fails(exitDenied, []string{"PIN"}, "agent", "sign-in", "1002", string(second.Endpoint()), "--pin")
	if out := r.ok("agent", "set-pin", "1002"); !strings.Contains(out, "1002") {
		t.Errorf("set-pin: %s", out)
	}
	r.ok("agent", "sign-in", "1002", string(second.Endpoint()), "--pin", "--ready")
	second.Rung()
	if out := r.ok("agent", "not-ready", "1002", "meal"); !strings.Contains(out, "NOT_READY (meal)") {
		t.Errorf("not-ready: %s", out)
	}
	r.fails(exitInvalid, []string{"lunch", "meal"}, "agent", "not-ready", "1002", "lunch")
	if out := r.ok("agent", "not-ready", "1002", "leave"); !strings.Contains(out, "NOT_READY (meal), leave pending") {
		t.Errorf("leave: %s", out)
	}
	if out := r.ok("agent", "show", "1002", "--lang", "zh"); !strings.Contains(out, "leave 待批准") {
		t.Errorf("agent show:\n%s", out)
	}
	if out := r.ok("agent", "approve", "1002"); !strings.Contains(out, "NOT_READY (leave), leave granted") {
		t.Errorf("approve: %s", out)
	}
	r.fails(exitConflict, []string{"nothing asked for"}, "agent", "deny", "1002")
	if out := r.ok("agent", "force", "1002", "OFFLINE", "--why", "the shift is over"); !strings.Contains(out, "OFFLINE") {
		t.Errorf("force: %s", out)
	}
	if out := r.ok("audit", "--limit", "5"); !strings.Contains(out, "agent.force") || !strings.Contains(out, "the shift is over") {
		t.Errorf("audit:\n%s", out)
	}

	// The talk is looked at and ended.
	var calls api.CallList
	r.json(&calls, "call", "list")
	i := slices.IndexFunc(calls.Calls, func(c center.CallView) bool { return c.State == center.CallTalking })
	if i < 0 || len(calls.Calls) != 2 {
		t.Fatalf("calls: %+v", calls)
	}
	talk := string(calls.Calls[i].ID)
	if out := r.ok("call", "list"); !strings.Contains(out, talk) || !strings.Contains(out, "talking") {
		t.Errorf("call list:\n%s", out)
	}
	if out := r.ok("call", "show", talk); !strings.Contains(out, "13800000001") || !strings.Contains(out, "caller") {
		t.Errorf("call show:\n%s", out)
	}
	if out := r.ok("call", "hangup", talk); !strings.Contains(out, talk) {
		t.Errorf("hangup: %s", out)
	}
	caller.Ended()
	var ended api.CallList
	r.until("the record is stored", func() bool { r.json(&ended, "call", "list", "--ended"); return len(ended.Ended) == 1 })
	if rec := ended.Ended[0]; rec.Reason != fact.ReasonOperator || rec.Agent != "1001" || string(rec.Call) != talk {
		t.Errorf("record: %+v", rec)
	}
	out = r.ok("call", "list", "--ended", "--from", "1h", "--number", "13800000001")
	if !strings.Contains(out, "operator") {
		t.Errorf("ended calls:\n%s", out)
	}
	out = r.ok("call", "show", talk)
	for _, word := range []string{"operator", "call.offered", "queue.connected", "call.ended", "+0.000s"} {
		if !strings.Contains(out, word) {
			t.Errorf("the ended call lacks %s:\n%s", word, out)
		}
	}

	// Who did what is known.
	out = r.ok("audit", "--limit", "20")
	for _, word := range []string{"agent.sign-in", "agent/1001", "call.hangup", "call/" + talk, "pin.set", "cli", "admin"} {
		if !strings.Contains(out, word) {
			t.Errorf("the audit lacks %s:\n%s", word, out)
		}
	}
	// So long that no time, port or id has them by chance.
	for _, secret := range []string{"081508150815", "471147114711"} {
		if strings.Contains(out, secret) || strings.Contains(r.log.String(), secret) {
			t.Errorf("the PIN %s is told", secret)
		}
	}

	// Shells complete what there is.
	for args, want := range map[string]string{"agent show": "1001\t王芳", "queue show": "sales\t销售", "agent not-ready 1001": "training", "agent sign-in 1001": "SIP/phone-1",
		"number set 4001 --flow": "main", "caller list --state": "proposed", "caller list --kind": "level", "callback list --state": "cancelled", "agent list --queue": "sales", "call list --agent": "1001", "why call c1 --agent": "1001", "call hold c1 --by": "1001", "event follow --kind": "call.ended", "call show": "ing 13800000002"} {
		line := slices.Concat([]string{"__complete"}, r.env, strings.Fields(args), []string{""})
		got, _, _ := (&shell{t: t}).run(line...)
		if !strings.Contains(got, want) {
			t.Errorf("%s completes to %q, want %q", args, got, want)
		}
	}

	// What is not there is named.
	r.fails(exitNotFound, []string{`queue "nix"`}, "queue", "show", "nix")
	r.fails(exitNotFound, []string{`agent "9"`}, "agent", "show", "9")
	r.fails(exitNotFound, []string{"找不到", `agent "9"`}, "agent", "show", "9", "--lang", "zh")
	r.fails(exitNotFound, []string{`call "x"`}, "call", "show", "x")
	r.fails(exitNotFound, []string{`huawu: sign in 1002: not found: endpoint "SIP/nowhere" is none of the centre's seats`, "PJSIP/1001"},
		"agent", "sign-in", "1002", "SIP/nowhere")
	r.fails(exitNotFound, []string{`huawu: ready 9: agent "9": no such agent` + "\n"}, "agent", "ready", "9")
	r.fails(exitNotFound, []string{`huawu: hang up: call "x": not found` + "\n"}, "call", "hangup", "x")
}

func TestApplyingACentre(t *testing.T) {
	r := boot(t, "")
	next := r.write("next.yaml", strings.Replace(centreText, "15s", "20s", 1))
	out := r.ok("apply", "-f", next, "--dry-run")
	if !strings.Contains(out, "-  ring: 15s\n+  ring: 20s\n") || !strings.Contains(out, "nothing has been changed") {
		t.Errorf("dry run:\n%s", out)
	}
	if out := r.ok("apply", "-f", next); !strings.Contains(out, "+  ring: 20s\n") || !strings.Contains(out, "version 2 is in effect") {
		t.Errorf("apply:\n%s", out)
	}
	if out := r.ok("apply", "-f", next); out != "nothing to change, version 2 holds\n" {
		t.Errorf("again:\n%s", out)
	}
	if out := r.ok("apply", "-f", next, "--lang", "zh"); out != "无变化，版本 2 生效中\n" {
		t.Errorf("in Chinese:\n%s", out)
	}
	if out := r.ok("apply", "-f", r.write("pin.yaml", strings.Replace(strings.Replace(centreText, "15s", "20s", 1), "4711", "4712", 1))); !strings.Contains(out, "1 PIN set\n") {
		t.Errorf("another PIN:\n%s", out)
	}
	shown := r.ok("centre", "show")
	r.in = shown
	if out := r.ok("apply", "-f", "-"); !strings.Contains(out, "nothing to change") {
		t.Errorf("what is shown:\n%s", out)
	}
	r.in = r.ok("centre", "show", "-o", "json")
	if out := r.ok("apply", "-f", "-"); !strings.Contains(out, "nothing to change") {
		t.Errorf("what is shown as JSON:\n%s", out)
	}
	if out := r.ok("centre", "show", "--version", "1"); !strings.Contains(out, "ring: 15s") {
		t.Errorf("version 1:\n%s", out)
	}
	var versions api.VersionList
	r.json(&versions, "centre", "versions")
	if versions.InEffect != 2 || len(versions.Versions) != 2 || !strings.Contains(r.ok("centre", "versions"), "admin") {
		t.Errorf("versions: %+v", versions)
	}

	broken := r.write("broken.yaml", strings.Replace(strings.Replace(centreText, "queue: sales", "queue: sails", 1), "zone:", "zoen:", 1))
	r.fails(exitInvalid, []string{broken + ":1:1: zoen", `did you mean "zone"?`}, "apply", "-f", broken)
	broken = r.write("broken.yaml", strings.Replace(centreText, "queue: sales", "queue: sails", 1))
	r.fails(exitInvalid, []string{broken + ":12: flow main, node line", `"sails"`, "sales"}, "apply", "-f", broken)
	r.fails(exitInvalid, []string{"no such file"}, "apply", "-f", filepath.Join(r.dir, "nix"))
	r.fails(exitUsage, []string{"-f FILE"}, "apply")
}

func TestARestartGoesOnByTheNewestVersionAndKeepsThePlace(t *testing.T) {
	r := boot(t, "")
	r.ok("apply", "-f", r.write("next.yaml", strings.Replace(centreText, "name: 销售", "name: 售后", 1)))
	r.world.Call("13800000001", "4001")
	var before, after api.QueueDetail
	r.until("the caller waits", func() bool { r.json(&before, "queue", "show", "sales"); return len(before.Waiting) == 1 })
	r.signals <- syscall.SIGINT
	r.gone()
	r.start()
	r.until("ready again", func() bool { return r.ready() })
	r.json(&after, "queue", "show", "sales")
	if len(after.Waiting) != 1 || after.Waiting[0].Call != before.Waiting[0].Call || after.Waiting[0].Joined != before.Waiting[0].Joined || after.Name != "售后" {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestADrainSaysWhomItWaitsForAndASecondSignalKills(t *testing.T) {
	r := boot(t, "")
	r.world.Call("13800000001", "4001")
	var calls api.CallList
	r.until("the caller waits", func() bool {
		r.json(&calls, "call", "list")
		return len(calls.Calls) == 1 && calls.Calls[0].State == center.CallWaiting
	})
	r.signals <- syscall.SIGTERM
	r.until("the drain speaks", func() bool {
		log := r.log.String()
		return strings.Contains(log, "queued=1") && strings.Contains(log, string(calls.Calls[0].ID))
	})
	if r.ready() {
		t.Error("ready while draining")
	}
	r.signals <- syscall.SIGTERM
	select {
	case code := <-r.killed:
		if code != exitKilled {
			t.Errorf("exit code %d", code)
		}
	case err := <-r.ended:
		t.Fatalf("ended by itself: %v", err)
	}
	if !strings.Contains(r.log.String(), "second signal") {
		t.Errorf("log:\n%s", r.log)
	}
	r.gone()
}

func TestADrainWithNobodyEndsAtOnce(t *testing.T) {
	r := boot(t, "")
	r.signals <- syscall.SIGTERM
	r.gone()
	if !strings.Contains(r.log.String(), "draining") || len(r.killed) != 0 {
		t.Errorf("log:\n%s", r.log)
	}
}

func TestAReplayGivesTheSameEffects(t *testing.T) {
	r := boot(t, "")
	r.world.Call("13800000001", "4001")
	var queue api.QueueDetail
	r.until("the caller waits", func() bool { r.json(&queue, "queue", "show", "sales"); return len(queue.Waiting) == 1 })
	r.signals <- syscall.SIGINT
	r.gone()
	data := filepath.Join(r.dir, "data")
	effects := filepath.Join(data, "journal", "effects.log")
	want, err := os.ReadFile(effects)
	if err != nil {
		t.Fatal(err)
	}
	if out := r.ok("replay", data); out != string(want) || len(want) == 0 {
		t.Errorf("replayed:\n%swant\n%s", out, want)
	}
	if out := r.ok("replay", data, "--against", effects); !strings.Contains(out, "all the same") {
		t.Errorf("compared: %s", out)
	}
	lines := strings.SplitAfter(string(want), "\n")
	changed := r.write("changed.log", lines[0]+"1 9 nonsense\n"+strings.Join(lines[2:], ""))
	r.fails(exitFailed, []string{"line 2 differs", "nonsense"}, "replay", data, "--against", changed)
	longer := r.write("longer.log", string(want)+"999 0 more\n")
	r.fails(exitFailed, []string{"999 0 more"}, "replay", data, "--against", longer)
	r.fails(exitInvalid, []string{"no folder"}, "replay", filepath.Join(r.dir, "nix"))
}
