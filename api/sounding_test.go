package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/flow"
)

// Of each phrase that flows and scenes say it is told where its audio comes from,
// and that there is none before a caller finds out.
func TestTheAudioOfPhrasesIsTold(t *testing.T) {
	b, _ := voiced(t)
	b.apply(`
queues: [{id: sales}]
agents: [{id: "1001", queues: [sales]}]
phrases: {profile: cable, auto_play: true}
flows:
  - id: main
    nodes:
      - id: hello
        play:
          prompts:
            - {phrase: wait.before}
            - {phrase: closing.thanks, with: {closing_wish: 祝您愉快}}
            - {phrase: greeting.opening, with: {agent_no: {from: caller_agent}}, else: 您好。}
            - {phrase: wait.after, with: {result: {from: caller_note}}, else: 您好。}
          next: end
      - {id: end, hangup: {}}
`)
	for path, audio := range map[string]string{"wait.before/recording": "RIFFone", "greeting.festival/recording?agent=1001": "RIFFown"} {
		b.do("PUT", "/api/v1/phrases/"+path, audio, nil, "Content-Type", "audio/wav")
	}
	told := func() map[string]string {
		t.Helper()
		var all PhraseAudios
		b.do("GET", "/api/v1/phrases/audio", "", &all)
		by := map[string]string{}
		for _, p := range all.Items {
			by[p.Phrase+" "+p.Where] = strings.TrimSpace(fmt.Sprint(p.Audio, " ", strings.Join(p.Voices, " "), p.Why))
		}
		return by
	}
	want := map[string]string{
		"wait.before flow main": "recorded", "closing.thanks flow main": "generated", "greeting.opening flow main": "pieces", "wait.after flow main": "call",
		"greeting.festival phrases.auto_play": "generated 1001",
	}
	by := told()
	for what, audio := range want {
		if by[what] != audio {
			t.Errorf("%s: %q, want %q", what, by[what], audio)
		}
	}
	// The engine fails, and what it had made is gone.
	b.compiler.Resolve = func(_ context.Context, _ fact.TenantID, p flow.Prompt) (string, error) {
		if slices.Contains([]string{"祝您愉快，再见！", "幺"}, p.Text) {
			return "", errors.New("no voice")
		}
		return "/x", nil
	}
	by = told()
	for _, what := range []string{"closing.thanks flow main", "greeting.opening flow main"} {
		if by[what] != "silent no voice" {
			t.Errorf("%s: %q without an engine", what, by[what])
		}
	}
}
