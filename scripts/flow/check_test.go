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
		{"survey of one answer", "hangup: {cause: 16}", "survey: {prompts: [x], scale: [{key: 1, name: 好}], next: bye, else: bye}\n  - id: bye\n    hangup: {}", `the scale has 1 answers; write 2 to 10, the best first`},
		{"survey with a key twice", "hangup: {cause: 16}", "survey: {prompts: [x], scale: [{key: 1, name: 好}, {key: 1, name: 坏}], next: bye, else: bye}\n  - id: bye\n    hangup: {}", `key "1" comes twice`},
		{"survey's key", "hangup: {cause: 16}", "survey: {prompts: [x], scale: [{key: 1, name: 好}, {key: 12, name: 坏}], next: bye, else: bye}\n  - id: bye\n    hangup: {}", `answer 2 has the key "12"`},
		{"survey's answer", "hangup: {cause: 16}", "survey: {prompts: [x], scale: [{key: 1, name: 好}, {key: 2}], next: bye, else: bye}\n  - id: bye\n    hangup: {}", `answer 2 is called ""; write name:`},
		{"scene of no name", "hangup: {cause: 16}", "scene: {next: bye, else: bye}\n  - id: bye\n    hangup: {}", `no scene is named; write key: with one`},
		{"scene that may be passed by", "hangup: {cause: 16}", "scene: {key: silent_call, next: bye, else: end}\n  - id: bye\n    hangup: {}", `node "end": the flow can come back here without a wait (next → bye, else → end)`},
		{"scene told a secret", "hangup: {cause: 16}", "scene: {key: x, with: {phone: {from: pin}}, next: bye, else: bye}\n  - id: bye\n    hangup: {}", `variable "pin" is sensitive`},
		{"scene told of nothing", "hangup: {cause: 16}", "scene: {key: x, with: {phone: {from: phone}}, next: bye, else: bye}\n  - id: bye\n    hangup: {}", `no node sets "phone"`},
		{"scene told twice", "hangup: {cause: 16}", "scene: {key: x, with: {phone: {}}, next: bye, else: bye}\n  - id: bye\n    hangup: {}", `phone must have a variable or a value`},
		{"third one", "enqueue: {queue: sales", "three_way: {number: \"0x1\", queue: sales", `number "0x1" cannot be dialled`},
		{"third one's line", "enqueue: {queue: sales", "three_way: {number: \"110\", queue: sails", `queue "sails" is not there`},
		{"transfer that goes on", "hangup: {cause: 16}", "transfer: {number: \"110\", next: nowhere, else: bye}\n  - id: bye\n    hangup: {}", `next leads to "nowhere", which is no node`},
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

// Each of the later kinds of nodes is told what is wrong with it, and how to mend
// it.
func TestCheckFindsFaultsOfLaterKinds(t *testing.T) {
	for _, c := range []struct{ node, want string }{
		{"branch: {cases: [], else: end}", "branch has 0 cases; write 1 to 50"},
		{"branch: {cases: [{if: 'agent ==', next: end}], else: end}", "case 1: \"agent ==\": unexpected token"},
		{"branch: {cases: [{if: 'agent == 1', next: end}], else: end}", "mismatched types string and int"},
		{"branch: {cases: [{if: 'lost == \"1\"', next: end}], else: end}", `no node sets "lost"; gather or set it first`},
		{"branch: {cases: [{if: 'pin == \"1\"', next: end}], else: end}", `variable "pin" is sensitive`},
		{"branch: {cases: [{if: 'agent == \"1\"', next: end}, {if: 'agent == \"1\"', next: end}], else: end}", "comes twice"},
		{"set: {values: [], next: end}", "set has 0 values"},
		{"set: {values: [{variable: caller_level, text: vip}], next: end}", `variable "caller_level" tells of who calls`},
		{"set: {values: [{variable: x, text: a, from: agent}], next: end}", `variable "x" is set by text and from`},
		{"gather: {variable: x, is: name, max: 3, prompts: [x], next: end, else: end}", `is "name" is not known; write one of digits, date, phone, id-card, amount`},
		{"gather: {variable: x, is: amount, terminator: \"*\", prompts: [x], next: end, else: end}", `the terminator is "*", which is a key of amount`},
		{"gather: {variable: x, max: 3, prompts: [x], confirm: {prompts: []}, next: end, else: end}", "confirm has no prompts"},
		{"gather: {variable: x, max: 3, prompts: [x], confirm: {prompts: [y], no: 1}, next: end, else: end}", `yes and no are both "1"`},
		{"lookup: {url: \"ftp://a/b\", next: end, else: end}", `is none of a host; write it as https://`},
		{"lookup: {url: \"http://{agent}/b\", next: end, else: end}", `has a variable in its host`},
		{"lookup: {url: \"http://a/{pin}\", next: end, else: end}", `variable "pin" is sensitive`},
		{"lookup: {url: \"http://a/{lost}\", next: end, else: end}", `no node sets "lost"`},
		{"lookup: {url: \"http://a/b\", timeout: 20s, next: end, else: end}", "timeout is 20s; write 1s to 10s"},
		{"lookup: {url: \"http://a/b\", method: PUT, next: end, else: end}", `method is "PUT"; write GET or POST`},
		{"lookup: {url: \"http://a/b\", body: [{name: x, text: y}], next: end, else: end}", "body is not for GET"},
		{"lookup: {url: \"http://a/b\", headers: [{name: Host, text: y}], next: end, else: end}", `header "Host" is not a flow's to write`},
		{"lookup: {url: \"http://a/b\", headers: [{name: X, text: y, secret: z}], next: end, else: end}", `header "X" must have a text or a secret`},
		{"lookup: {url: \"http://a/b\", results: [{variable: x, field: \"a..b\"}], next: end, else: end}", `field "a..b" of the answer`},
		{"subflow: {flow: nowhere, next: end}", `flow "nowhere" is not there; name one of: f`},
		{"subflow: {flow: f, next: end}", "the flow leads through itself: f, f"},
		{"return: {result: A B}", `result "A B" is no word`},
		{"transfer: {else: end}", "it is not said to whom, or twice"},
		{"transfer: {number: \"12;34\", else: end}", `number "12;34" cannot be dialled`},
		{"calendar: {cases: [{next: end}], else: end}", "case 1: it says nothing"},
		{"calendar: {cases: [{dates: [2026-02-30], next: end}], else: end}", `date "2026-02-30"; write 2026-10-01,`},
		{"calendar: {cases: [{from: \"25:00\", to: \"08:00\", next: end}], else: end}", `from "25:00" to "08:00"`},
		{"calendar: {cases: [{days: [monday], next: end}], else: end}", `day "monday"; write one of: mon,`},
		{"calendar: {cases: [{festival: easter, next: end}], else: end}", `festival "easter" is not there; write any, or one of: spring`},
		{"calendar: {cases: [{incident: flood, next: end}], else: end}", `incident "flood" is not there; name one of: outage`},
		{"language: {speak: tlh, next: end}", `language "tlh" is not spoken; write one of zh, en, wuu`},
		{"language: {next: end}", "it is not said which language"},
		{"language: {speak: en, needs: bad, next: end}", `needs "bad": no such skill`},
		{"play: {prompts: [{text: 好, others: [{language: zh, text: x}]}], next: end}", `other language "zh"; write another than the flow's`},
		{"play: {prompts: [{file: x, others: [{language: en, text: x}]}], next: end}", "others without a text"},
	} {
		src := strings.Replace(sound, "hangup: {cause: 16}", c.node+"\n  - id: bye\n    hangup: {}", 1)
		src = strings.Replace(strings.Replace(src, "next: end", "next: bye", -1), "else: end", "else: bye", -1)
		src = strings.Replace(src, "ok: end", "ok: end, attempts: 1, else: bye", 1)
		f, err := Parse("f.yaml", []byte(src))
		if err != nil {
			t.Errorf("%s: %v", c.node, err)
			continue
		}
		refs := Refs{Queues: []fact.QueueID{"sales"}, Hours: []string{"office"}, Flows: []*Flow{f}, Festivals: []string{"spring"}, Incidents: []string{"outage"},
			Needs: func(needs string) error {
				if needs == "bad" {
					return errors.New("no such skill")
				}
				return nil
			}}
		got := ""
		for _, p := range f.Check(refs) {
			if got += p.String() + "\n"; p.Remedy == "" || p.Line == 0 {
				t.Errorf("%s: without a line or a remedy", p)
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.node, got, c.want)
		}
	}
}
