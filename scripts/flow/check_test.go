package flow

import (
	"errors"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
)

func check(t *testing.T, src string) []string {
	t.Helper()
	f, err := Parse("f.yaml", []byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	refs := Refs{
		Queues: []fact.QueueID{"sales"},
		Hours:  []string{"office"},
		Needs: func(needs string) error {
			if needs == "bad" {
				return errors.New("no such skill")
			}
			return nil
		},
	}
	var all []string
	for _, p := range f.Check(refs) {
		if p.Remedy == "" {
			t.Errorf("%s: no remedy", p)
		}
		all = append(all, p.String())
	}
	return all
}

const sound = `
id: f
nodes:
  - id: menu
    menu:
      prompts: [一]
      keys: [{key: 1, next: line}, {key: 2, next: when}, {key: 3, next: code}]
      else: end
  - id: when
    hours: {table: office, open: line, closed: end}
  - id: line
    enqueue: {queue: sales, next: end, else: end}
  - id: code
    gather: {variable: agent, max: 4, prompts: [二], next: pin, else: end}
  - id: pin
    gather: {variable: pin, max: 4, sensitive: true, prompts: [三], next: in, else: end}
  - id: in
    do: {verb: agent.sign-in, args: [agent, pin], ok: end, denied: code}
  - id: end
    hangup: {cause: 16}
`

func TestCheckAcceptsASoundFlow(t *testing.T) {
	if got := check(t, sound); len(got) != 0 {
		t.Errorf("problems in a sound flow: %q", got)
	}
}

// Each case breaks one thing of the sound flow; the problem must be told at
// the line and in the words given, and be the only one.
func TestCheckFindsEachFault(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"flow id", "id: f\n", "id: F!\n", `f.yaml:2: the flow's id is "F!"; write small letters`},
		{"language", "id: f\n", "id: f\nlanguage: fr\n", `f.yaml:2: language "fr" is not spoken; write one of zh, en`},
		{"begin", "id: f\n", "id: f\nbegin: nowhere\n", `begin is "nowhere", which is no node`},
		{"play limit", "id: f\n", "id: f\nplay_limit: 2h\n", `play_limit is 2h0m0s; write 1s to 1h0m0s`},
		{"node id", "  - id: end\n", "  - id: \"the end\"\n    hangup: {}\n  - id: end\n", `f.yaml:19: node "the end": the node's id is "the end"`},
		{"same id", "  - id: end\n", "  - id: end\n    hangup: {}\n  - id: end\n", `f.yaml:21: node "end": another node has the same id`},
		{"no kind", "    hangup: {cause: 16}\n", "", `f.yaml:19: node "end": the node has 0 kinds ()`},
		{"two kinds", "    hangup: {cause: 16}\n", "    hangup: {cause: 16}\n    play: {prompts: [x], next: end}\n", `the node has 2 kinds (play, hangup)`},
		{"unknown node", "closed: end", "closed: nowhere", `f.yaml:9: node "when": closed leads to "nowhere", which is no node; name one of: menu, when,`},
		{"dead end", ", next: pin, else: end", ", next: pin", `f.yaml:13: node "code": else leads nowhere`},
		{"unreachable", "{key: 2, next: when}, ", "", `f.yaml:9: node "when": no node leads here; lead one here`},
		{"hours", "table: office", "table: night", `hours "night" are not there; name one of: office`},
		{"queue", "queue: sales", "queue: sails", `queue "sails" is not there; name one of: sales`},
		{"needs", "queue: sales", "queue: sales, needs: bad", `needs "bad": no such skill`},
		{"no keys", "keys: [{key: 1, next: line}, {key: 2, next: when}, {key: 3, next: code}]", "keys: []", `the menu has no keys`},
		{"wrong key", "{key: 1,", "{key: 10,", `key "10" is on no phone`},
		{"same key", "{key: 1,", "{key: 2,", `key "2" comes twice`},
		{"value without variable", "{key: 1,", "{key: 1, value: x,", `key "1" has a value that no variable takes`},
		{"menu variable", "prompts: [一]", "prompts: [一]\n      variable: 9", `variable "9"; write small letters`},
		{"no prompts", "prompts: [二], ", "", `nothing tells the caller what to press`},
		{"timeout", "prompts: [二], ", "prompts: [二], timeout: 2h, ", `timeout is 2h0m0s; write 1s to 1m0s`},
		{"between", "prompts: [二], ", "prompts: [二], between: 1ms, ", `between is 1ms`},
		{"retries", "prompts: [二], ", "prompts: [二], retries: 11, ", `retries is 11; write 0 to 10`},
		{"max", "variable: agent, max: 4", "variable: agent, max: 40", `max is 40; write how many digits at most, 1 to 32`},
		{"min", "variable: agent, max: 4", "variable: agent, max: 4, min: 5", `min is 5; write 1 to max, which is 4`},
		{"terminator", "variable: agent, max: 4", "variable: agent, max: 4, terminator: 9", `terminator is "9"`},
		{"two things said", "[二]", "[{text: x, file: y}]", `prompt 1 says 2 things`},
		{"nothing said", "[二]", "[{}]", `prompt 1 says 0 things`},
		{"file", "[二]", "[{file: ../etc/passwd}]", `prompt 1: file "../etc/passwd"`},
		{"sound name", "[二]", "[{sound: \"a b\"}]", `prompt 1: sound "a b"`},
		{"silence", "[二]", "[{silence: 70000}]", `prompt 1: silence 70000`},
		{"text", "[二]", "[" + strings.Repeat("二", 501) + "]", `prompt 1 has more than 500 characters`},
		{"prompt language", "[二]", "[{text: x, language: la}]", `prompt 1: language "la" is not spoken`},
		{"many prompts", "[二]", "[" + strings.Repeat("二,", 33) + "]", `33 prompts in one list; 32 are the most`},
		{"verb", "verb: agent.sign-in", "verb: agent.sing-in", `verb "agent.sing-in" is not known`},
		{"args", "args: [agent, pin]", "args: [agent]", `agent.sign-in is given: agent; it takes exactly: agent, pin`},
		{"arg unset", "args: [agent, pin]", "args: [agent, {name: pin, from: code}]", `argument "pin" comes from "code", which no node sets`},
		{"arg empty", "args: [agent, pin]", "args: [agent, {name: pin}]", `argument "pin" must have a variable or a value`},
		{"attempts", "denied: code", "denied: code, attempts: 2", `attempts and else belong together`},
		{"many attempts", "denied: code", "denied: code, attempts: 99, else: end", `attempts is 99`},
		{"rule without a variable", "queue: sales", "queue: sales, rules: [{equals: en, priority: 1}]", `rule 1 has no variable; write variable:`},
		{"rule that changes nothing", "queue: sales", "queue: sales, rules: [{variable: caller_level, equals: vip}]", `rule 1 changes nothing`},
		{"rule's priority", "queue: sales", "queue: sales, rules: [{variable: caller_level, equals: vip, priority: 101}]", `rule 1: priority is 101`},
		{"rule's needs", "queue: sales", "queue: sales, rules: [{variable: caller_level, equals: vip, needs: bad}]", `rule 1: needs "bad": no such skill`},
		{"rule of two kinds", "queue: sales", "queue: sales, rules: [{variable: caller_level, equals: vip, at_least: 1, priority: 1}]", `rule 1 has equals and at_least`},
		{"the caller's variable", "prompts: [一]", "prompts: [一]\n      variable: caller_agent", `variable "caller_agent" tells of who calls; give it another name`},
		{"digits of a secret", "[二]", "[{digits: pin}]", `variable "pin" is sensitive`},
		{"callback to nobody's queue", "hangup: {cause: 16}", "callback: {queue: sails, next: bye, failed: bye, invalid: bye}\n  - id: bye\n    hangup: {}", `queue "sails" is not there`},
		{"callback without a branch", "hangup: {cause: 16}", "callback: {queue: sales, next: bye, failed: bye}\n  - id: bye\n    hangup: {}", `invalid leads nowhere`},
		{"callback to a secret", "hangup: {cause: 16}", "callback: {queue: sales, number: pin, next: bye, failed: bye, invalid: bye}\n  - id: bye\n    hangup: {}", `variable "pin" is sensitive`},
		{"message for too long", "hangup: {cause: 16}", "message: {queue: sales, longest: 1h, next: bye, failed: bye, short: bye}\n  - id: bye\n    hangup: {}", `longest is 1h0m0s; write 5s to 10m0s`},
		{"message that is none", "hangup: {cause: 16}", "message: {queue: sales, longest: 5s, briefly: 6s, next: bye, failed: bye, short: bye}\n  - id: bye\n    hangup: {}", `briefly is 6s and longest 5s`},
		{"announce nothing", "queue: sales", "queue: sales, announce: {every: 30s}", `announce tells nothing; write position: true`},
		{"announce how often", "queue: sales", "queue: sales, announce: {position: true}", `announce does not say how often; write every:`},
		{"announce too often", "queue: sales", "queue: sales, announce: {wait: true, every: 1s}", `every is 1s; write 10s to 30m0s`},
		{"worse than what", "queue: sales", "queue: sales, announce: {every: 30s, comfort: [x], worse: [y]}", `worse belongs to a position or a wait`},
		{"key of the line", "queue: sales", "queue: sales, keys: [{key: 10, next: end}]", `key "10" is on no phone`},
		{"value of a key of the line", "queue: sales", "queue: sales, keys: [{key: 1, next: end, value: x}]", `key "1" has a value that no variable takes`},
		{"branch", "queue: sales", "queue: sales, branches: [{on: fool, next: end}]", `branch on "fool" is not known`},
		{"cause", "cause: 16", "cause: 200", `cause 200 is no Q.850 cause`},
		{"loop without wait", "denied: code", "denied: in", `f.yaml:17: node "in": the flow can come back here without a wait (ok → end, denied → in)`},
		{"line that leads to itself", "queue: sales, next: end, else: end", "queue: sales, next: end, else: line", `node "line": the flow can come back here without a wait`},
		{"silent for ever", "keys: [{key: 1, next: line}, {key: 2, next: when}, {key: 3, next: code}]\n      else: end", "keys: [{key: 1, next: line}, {key: 2, next: when}, {key: 3, next: code}]\n      else: menu", `f.yaml:4: node "menu": a caller who presses nothing is never let go from here`},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(sound, c.from, c.to, 1)
			if broken == sound {
				t.Fatalf("%q is not in the flow", c.from)
			}
			got := check(t, broken)
			if len(got) != 1 || !strings.Contains(got[0], c.want) {
				t.Errorf("got %q, want %q alone", got, c.want)
			}
		})
	}
}

func TestCheckOfAMatch(t *testing.T) {
	got := strings.Join(check(t, `
id: f
nodes:
  - id: pin
    gather: {variable: pin, max: 4, sensitive: true, prompts: [x], next: is, else: end}
  - id: is
    match: {variable: pin, cases: [{equals: 1, next: end}, {equals: 1, next: end}], else: end}
  - id: none
    match: {variable: "", cases: [], else: end}
  - id: quiet
    play: {prompts: [], next: end}
  - id: end
    hangup: {}
`), "\n")
	for _, want := range []string{
		`node "is": case "1" comes twice`, `node "is": variable "pin" is sensitive`,
		`node "none": variable ""`, `node "none": match has no cases`, `node "quiet": play has no prompts`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestCheckOfTooManyAndNoNodes(t *testing.T) {
	if got := check(t, "id: f"); len(got) != 1 || !strings.Contains(got[0], "the flow has no nodes") {
		t.Errorf("no nodes: %q", got)
	}
	var b strings.Builder
	b.WriteString("id: f\nnodes:\n")
	for range MaxNodes + 1 {
		b.WriteString("  - {id: end, hangup: {}}\n")
	}
	if got := check(t, b.String()); !strings.Contains(got[0], "the flow has 1001 nodes; split it") {
		t.Errorf("1001 nodes: %q", got[0])
	}
}

func TestParseTellsWhere(t *testing.T) {
	_, err := Parse("f.yaml", []byte("id: f\nnodes:\n  - id: a\n    paly: {}\n  - id: b\n    menu: {timeout: 5}\n"))
	const want = `f.yaml:4:5: nodes[0].paly: the key "paly" is not known; did you mean "play"?
f.yaml:6:21: nodes[1].menu.timeout: "5" is no duration; write the unit with it, such as 5s or 5ms`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Who never says anything at a message must be let go in the end.
func TestAMessageLetsWhoSaysNothingGo(t *testing.T) {
	for short, want := range map[string]int{"bye": 0, "leave": 1} {
		f := &Flow{ID: "f", Nodes: []Node{
			{ID: "leave", Message: &MessageNode{Owed: Owed{Queue: "sales", Next: "bye", Failed: "bye"}, Short: short}},
			{ID: "bye", Hangup: &HangupNode{}},
		}}
		if got := f.Check(Refs{Queues: ShippedQueues}); len(got) != want {
			t.Errorf("short: %s: %v", short, got)
		}
	}
}
