package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
)

const shownScene = `{"scene": "silent_call", "profile": "gov12345", "language": "zh", "by": "chen", "agent": "1001", "began": 1780000000000,
 "step": "3", "phase": "pause", "due": 1780000003000, "steps": [
 {"id": "1", "step": 1, "lines": [{"key": "silent_call.opening", "script": "您好，政府热线", "taken": true}], "how": "played", "at": 1780000000000},
 {"id": "3", "step": 3, "wait_ms": 2500, "how": "", "when": ""},
 {"id": "4", "step": 4, "lines": [{"key": "a.b", "script": "再见"}], "again": 1, "when": "still_silent"},
 {"id": "6", "step": 6, "do": "hangup", "code": "silent_call"}]}`

// A scene is shown as it stands, in both languages, and what fits a call is
// listed and completed.
func TestSceneIsShown(t *testing.T) {
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/scenes"):
			_, _ = io.WriteString(w, `{"profile": "gov12345", "items": [{"id": "noise", "name": {"zh": "杂音", "en": "Noise"}, "direction": "inbound", "steps": 5, "fits": true},
				{"id": "follow_up", "name": {"zh": "回访", "en": "Follow-up"}, "direction": "outbound", "steps": 4}]}`)
		case r.Method == http.MethodPost:
			_, _ = io.WriteString(w, `{"cursor": "e.1.0", "call": {"id": "c1", "state": "talking", "scene": `+shownScene+`}}`)
		default:
			_, _ = io.WriteString(w, shownScene)
		}
	}))
	defer answers.Close()
	defer http.DefaultClient.CloseIdleConnections()
	s := newShell(t)
	token := s.write("token", "ops secret admin\n")
	for line, wants := range map[string][]string{
		"call scene show c1":              {"gov12345/silent_call", "您好，政府热线", "→", "pause of 2.5 s", "still nobody speaks", "4 ↻", "hangup · silent_call"},
		"call scene next c1":              {"gov12345/silent_call", "pause of 2.5 s"},
		"call scene show c1 --lang zh":    {"停顿 2.5 秒", "仍无声音", "挂机 · silent_call", "已播报"},
		"call scene show c1 -o json":      {`"phase": "pause"`},
		"call scene list c1":              {"noise", "Noise", "follow_up", "no"},
		"__complete call scene start c1 ": {"noise"},
	} {
		words := strings.Split(line, " ")
		words = append(words[:1:1], append(words[1:], "--server", answers.URL, "--token-file", token)...)
		if words[0] == "__complete" {
			words = append([]string{"__complete", "--server", answers.URL, "--token-file", token}, strings.Split(line, " ")[1:]...)
		}
		out, problem, code := s.run(words...)
		for _, want := range wants {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("%s: %d %s\n%s\nwant %q", line, code, problem, out, want)
			}
		}
	}
	if out, _, _ := s.run("__complete", "--server", answers.URL, "--token-file", token, "call", "scene", "start", "c1", ""); strings.Contains(out, "follow_up") {
		t.Errorf("a scene of the other direction is completed: %s", out)
	}
	if _, problem, code := s.run("call", "scene", "start", "c1", "wait", "--value", "x", "--server", answers.URL, "--token-file", token); code != exitUsage || !strings.Contains(problem, "name=value") {
		t.Errorf("%d %s", code, problem)
	}
}

// Every word that a table of a scene may show has a Chinese form.
func TestWordsOfScenesAreTranslated(t *testing.T) {
	words := append([]string{}, phrase.Actions...)
	for _, p := range []flow.Phase{flow.PhaseAsk, flow.PhaseShow, flow.PhaseSpeak, flow.PhasePause, flow.PhaseOffer, flow.PhaseAct, flow.PhaseExcuse} {
		words = append(words, string(p))
	}
	for _, e := range []flow.End{flow.EndDone, flow.EndStopped, flow.EndSpoke, flow.EndHungUp, flow.EndTalk} {
		words = append(words, string(e))
	}
	for _, h := range flow.Hows {
		words = append(words, string(h))
	}
	for _, w := range words {
		if chineseSteps[w] == "" {
			t.Errorf("%q has no Chinese form", w)
		}
	}
}
