package api

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

const phrasedDocument = `
queues: [{id: sales}, {id: support}]
phrases:
  profile: cable
  queues: [{queue: support, profile: gov12345}]
  overrides: [{key: wait.before, queue: sales, text: 请等一下。}]
flows:
  - id: main
    nodes:
      - id: hello
        play:
          prompts:
            - {phrase: greeting.opening, with: {agent_no: 1001}}
            - {phrase: greeting.opening, with: {agent_no: {from: caller_agent}}, else: 您好。}
            - {phrase: wait.after, with: {result: {from: caller_note}}, else: 请稍等。}
            - {phrase: wait.before}
            - {phrase: closing.thanks}
            - {phrase: closing.thanks, with: {closing_wish: 祝您愉快}}
            - {phrase: greeting.opening, queue: support}
          next: line
      - id: line
        enqueue: {queue: sales, next: end, else: end, announce: {every: 30s, comfort: [{phrase: wait.before}]}}
      - {id: end, hangup: {}}
`

// Phrases are worded and their audio found when a document is compiled: whole
// sentences where all is known, else pieces, with the words that values are
// spoken from.
func TestPhrasesAreSpokenBeforeTheyAreNeeded(t *testing.T) {
	c := Compiler{Tenant: "default", Resolve: func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) { return "/" + p.Text, nil }}
	d, err := ParseDocument("x", []byte(phrasedDocument))
	if err != nil {
		t.Fatal(err)
	}
	config, err := c.Compile(t.Context(), "x", []byte(phrasedDocument), d)
	if err != nil {
		t.Fatal(err)
	}
	file := func(key string) center.PromptFile {
		i := slices.IndexFunc(config.Prompts, func(p center.PromptFile) bool { return p.Key == key })
		if i < 0 {
			t.Errorf("no %q", key)
			return center.PromptFile{}
		}
		return config.Prompts[i]
	}
	const opening = "您好！我是嘉定东方有线网络有限公司"
	for key, path := range map[string]string{
		"phrase/zh//greeting.opening\x00agent_no=1001": "/" + opening + "幺零零幺号业务受理专员，请问有什么可以帮您？",
		"phrase/zh//wait.before":                       "/请您稍等，我帮您核实一下好吗？",
		"phrase/zh/sales/wait.before":                  "/请等一下。",
		"phrase/zh/support/greeting.opening":           file("phrase/zh/support/greeting.opening").Path,
		"text/zh/您好。":                                  "/您好。",
		"text/zh/幺":                                    "/幺",
	} {
		if got := file(key).Path; got != path || path == "" {
			t.Errorf("%q is %q, want %q", key, got, path)
		}
	}
	if p := file("phrase/zh/support/greeting.opening").Path; !strings.Contains(p, "政府热线") {
		t.Errorf("of another profile: %s", p)
	}
	pieces := file("phrase/zh//greeting.opening\x00agent_no").Pieces
	if len(pieces) != 3 || pieces[0].Path != "/"+opening || pieces[1].Variable != "agent_no" || pieces[2].Path != "/号业务受理专员，请问有什么可以帮您？" {
		t.Errorf("pieces %+v", pieces)
	}

	// Free words are spoken in the call: nothing of them is before.
	if p := file("phrase/zh//wait.after\x00result"); len(p.Pieces) != 1 || p.Pieces[0].Variable != "result" || file("text/zh/请稍等。").Path == "" {
		t.Errorf("free words: %+v", p)
	}
	if slices.ContainsFunc(config.Prompts, func(p center.PromptFile) bool { return strings.Contains(p.Path, "耐心等待") }) {
		t.Error("half of a phrase is spoken before")
	}

	// What follows from the part of the day is the call's, unless it is said.
	if p := file("phrase/zh//closing.thanks").Pieces; len(p) != 2 || p[0].Variable != "closing_wish" || p[1].Path != "/再见！" || file("text/zh/祝您晚安").Path == "" {
		t.Errorf("by the clock: %+v", p)
	}
	if p := file("phrase/zh//closing.thanks\x00closing_wish=祝您愉快"); p.Path != "/祝您愉快，再见！" {
		t.Errorf("whatever the clock says: %+v", p)
	}

	// A prompt without audio is told with the flow that has it.
	c.Resolve = func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		if p.Text == "请等一下。" {
			return "", errors.New("no voice")
		}
		return "/x", nil
	}
	if _, err := c.Compile(t.Context(), "x", []byte(phrasedDocument), d); err == nil || !strings.Contains(err.Error(), `"请等一下。" has no audio: no voice`) ||
		!strings.Contains(err.Error(), "flow main") {
		t.Errorf("no audio: %v", err)
	}
}

// What is wrong with a phrase is found when the flow is checked, never when a
// caller waits.
func TestPhrasesThatCannotBeSpokenAreFound(t *testing.T) {
	noticed(t, phrasedDocument, []slip{
		{"phrase: wait.before", "phrase: wait.befor", "wait.before"},
		{"  profile: cable\n", "", "profile"},
		{", with: {agent_no: 1001}", "", "agent_no"},
		{"agent_no: 1001", "agent_no: 一", "agent number"},
		{"agent_no: 1001", "agent_nr: 1001", "there is none"},
		{"with: {agent_no: {from: caller_agent}}", "with: {result: {from: caller_agent}}", "has no {result}"},
		{"queue: support}\n          next", "queue: spport}\n          next", `queue "spport" is not there`},
	})
}
