package flow_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/strict"
)

const phrased = `id: main
nodes:
  - id: number
    gather: {variable: digits, max: 11, prompts: [请输入号码。], next: told, else: line}
  - id: told
    play:
      prompts:
        - {phrase: phone_number_wrong.repeat, with: {phone: {from: digits}, surname: 王}, else: 请再说一次。}
        - {phrase: wait.before}
      next: line
  - id: line
    enqueue:
      queue: sales
      next: end
      else: end
      announce: {every: 30s, comfort: [{phrase: wait.before}, {phrase: wait.before, queue: support, language: en}]}
  - id: end
    hangup: {}
`

func refs(wrong func(flow.Prompt) error) flow.Refs {
	return flow.Refs{Queues: []fact.QueueID{"sales", "support"}, Phrase: wrong}
}

// A phrase is worded for the tenant, in a line for the line's queue; what a
// caller has keyed in goes with it.
func TestPhrasesInFlows(t *testing.T) {
	f, err := flow.Parse("main", []byte(phrased))
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	if p := f.Check(refs(func(p flow.Prompt) error { asked = append(asked, p.Key()); return nil })); len(p) > 0 {
		t.Fatal(p)
	}
	want := []string{
		"phrase/zh//phone_number_wrong.repeat\x00phone\x00surname=王", "phrase/zh//wait.before", "phrase/zh/sales/wait.before", "phrase/en/support/wait.before",
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %q", asked)
	}
	var keys []string
	for _, p := range f.Prompts() {
		keys = append(keys, p.Key())
	}
	want = []string{"text/zh/请输入号码。", want[0], "text/zh/请再说一次。", want[1], want[2], want[3]}
	if !slices.Equal(keys, want) {
		t.Errorf("prompts %q", keys)
	}

	// What was written is written again.
	src, err := strict.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := flow.Parse("again", src)
	if err != nil || again.Prompts()[1].Key() != want[1] || again.Nodes[1].Play.Prompts[0].Else.Text != "请再说一次。" {
		t.Errorf("%v\n%s", err, src)
	}
}

func TestPhrasesThatCannotBe(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{", else: 请再说一次。", "", "nothing is said when phone has no value"},
		{"surname: 王", "surname: {}", "surname must have a variable or a value"},
		{"surname: 王", "surname: {from: a, value: b}", "surname must have a variable or a value"},
		{"phone: {from: digits}", "phone: 13800138000", "else is never heard"},
		{"else: 请再说一次。", "else: {phrase: x, with: {phone: {from: digits}}, else: y}", "else needs a variable, too"},
		{"else: 请再说一次。", "else: {digits: digits}", "else needs a variable, too"},
		{"else: 请再说一次。", "else: {text: a, file: b}", "says 2 things"},
		{"queue: support", "queue: spport", `queue "spport" is not there`},
		{"{phrase: wait.before}\n", "{text: 请稍等, with: {phone: 1}}\n", "they belong to a phrase"},
		{"max: 11,", "max: 11, sensitive: true,", `variable "digits" is sensitive`},
		{"{phrase: wait.before}\n", "{phrase: wait.befor}\n", "prompt 2: no such phrase"},
	} {
		f, err := flow.Parse("main", []byte(strings.Replace(phrased, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		problems := f.Check(refs(func(p flow.Prompt) error {
			if p.Phrase == "wait.befor" {
				return errors.New("no such phrase; did you mean wait.before")
			}
			return nil
		}))
		if len(problems) == 0 || !strings.Contains(problems[0].String(), c.want) || problems[0].Line == 0 || problems[0].Remedy == "" {
			t.Errorf("%s: %v, want %s", c.new, problems, c.want)
		}
	}
}
