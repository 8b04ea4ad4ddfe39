package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Each command that steers a call, a queue or an agent sends one request, and
// shows what has become.
func TestSteeringByCommand(t *testing.T) {
	var got []string
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Query().Get("wait") != "true" {
			t.Errorf("%s %s: %v, want one that waits", r.Method, r.URL, err)
		}
		got = append(got, r.Method+" "+strings.TrimPrefix(r.URL.EscapedPath(), "/api/v1")+" "+string(body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"cursor": "e.1.0", "call": {"id": "c/1", "state": "held", "agent": "1001", "consult": {"state": "ringing"}, "parked": {"slot": 701}},
			"agent": {"id": "1001", "state": "ACW"}}`)
	}))
	defer answers.Close()
	defer http.DefaultClient.CloseIdleConnections()
	s := newShell(t)
	token := s.write("token", "ops secret admin\n")
	run := func(words ...string) (string, string, int) {
		t.Helper()
		return s.run(append(words, "--server", answers.URL, "--token-file", token)...)
	}
	for _, c := range []struct {
		line, want, shows string
	}{
		{"call hold c/1", "POST /calls/c%2F1/hold ", "call c/1: held agent=1001 consult=ringing slot=701"},
		{"call unhold c1", "POST /calls/c1/unhold ", "call c1: unhold asked for, until then held agent=1001"},
		{"call mute c1", "POST /calls/c1/mute ", "call c1: "},
		{"call unmute c1", "POST /calls/c1/unmute ", "call c1: "},
		{"recording start c1", "POST /calls/c1/record {}", "call c1: "},
		{"recording stop c1 --note 客户要求", `POST /calls/c1/record-stop {"note":"客户要求"}`, "call c1: "},
		{"record pause c1", `POST /calls/c1/record-pause {"seconds":60}`, "call c1: "},
		{"recording pause c1 --seconds 120 --note 证件", `POST /calls/c1/record-pause {"note":"证件","seconds":120}`, "call c1: "},
		{"recording resume c1", "POST /calls/c1/record-resume {}", "call c1: "},
		{"call consult c1 --agent 1002", `POST /calls/c1/consult {"to":{"agent":"1002"}}`, "call c1: "},
		{"call consult c1 --number 13800000001", `POST /calls/c1/consult {"to":{"number":"13800000001"}}`, "call c1: "},
		{"call complete c1", "POST /calls/c1/complete ", "call c1: "},
		{"call merge c1", "POST /calls/c1/merge ", "call c1: "},
		{"call cancel-consult c1", "POST /calls/c1/cancel-consult ", "call c1: "},
		{"call transfer c1 --queue service", `POST /calls/c1/transfer {"to":{"queue":"service"}}`, "call c1: "},
		{"call park c1", "POST /calls/c1/park {}", "call c1: held agent=1001 consult=ringing slot=701"},
		{"call park c1 --slot 702", `POST /calls/c1/park {"slot":702}`, "call c1: "},
		{"call pickup c1 1002", `POST /calls/c1/pickup {"agent":"1002"}`, "call c1: "},
		{"call pickup 701 1002", `POST /calls/701/pickup {"agent":"1002"}`, "call 701: "},
		{"call scene start c1 wait --by 1001 --hold 2m --value surname=王 --holds festival --shown",
			`POST /calls/c1/scene/start {"agent":"1001","scene":"wait","values":{"surname":"王"},"holds":["festival"],"hold":"2m","shown":true}`, "call c1: accepted"},
		{"call scene next c1", "POST /calls/c1/scene/next ", "call c1: accepted"},
		{"call scene next c1 --line asks_leader.calm --value phone=138", `POST /calls/c1/scene/next {"line":"asks_leader.calm","values":{"phone":"138"}}`, "call c1: "},
		{"call scene skip c1", "POST /calls/c1/scene/skip ", "call c1: accepted"},
		{"call scene repeat c1", "POST /calls/c1/scene/repeat ", "call c1: "},
		{"call scene stop c1", "POST /calls/c1/scene/stop ", "call c1: "},
		{"call say c1 您好 --language zh --by 1001", `POST /calls/c1/say {"agent":"1001","text":"您好","language":"zh"}`, "call c1: "},
		{"call end-talk c1", "POST /calls/c1/end-talk ", "call c1: "},
		{"call listen c1 --as 1009", `POST /calls/c1/supervise {"supervisor":"1009","mode":"listen"}`, "call c1: "},
		{"call whisper c1 --at PJSIP/1009 --agent 1001", `POST /calls/c1/supervise {"agent":"1001","endpoint":"PJSIP/1009","mode":"whisper"}`, "call c1: "},
		{"call barge c1", `POST /calls/c1/supervise {"mode":"barge"}`, "call c1: "},
		{"call take-over c1", `POST /calls/c1/take-over {}`, "call c1: "},
		{"call unsupervise c1 --as 1009", `POST /calls/c1/unsupervise {"supervisor":"1009"}`, "call c1: "},
		{"agent supervise 1001 --as 1009 --mode whisper", `POST /agents/1001/supervise {"supervisor":"1009","mode":"whisper"}`, "agent 1001: ACW"},
		{"queue open sales", `POST /queues/sales/mode {"mode":"open"}`, "queue sales: open"},
		{"queue pause sales", `POST /queues/sales/mode {"mode":"paused"}`, "queue sales: paused"},
		{"queue drain sales", `POST /queues/sales/mode {"mode":"draining"}`, "queue sales: draining"},
		{"queue close sales", `POST /queues/sales/mode {"mode":"closed"}`, "queue sales: closed"},
		{"queue move c1 service", `POST /calls/c1/move {"queue":"service"}`, "call c1: "},
		{"queue rank c1 7", `POST /calls/c1/rank {"priority":7}`, "call c1: "},
		{"queue kick c1", "POST /calls/c1/kick ", "call c1: "},
		{"agent skills 1001 english=60 claims=80",
			`PUT /agents/1001/skills {"skills":[{"id":"english","level":60},{"id":"claims","level":80}]}`, "agent 1001: english 60, claims 80"},
		{"agent skills 1001", `PUT /agents/1001/skills {"skills":[]}`, "agent 1001: "},
		{"agent approve 1001", "POST /agents/1001/approve ", "agent 1001: ACW"},
		{"agent approve 1001 --reason leave", `POST /agents/1001/approve {"reason":"leave"}`, "agent 1001: ACW"},
		{"agent deny 1001", "POST /agents/1001/deny ", "agent 1001: ACW"},
		{"agent force 1001 NOT_READY training --why 带教", `POST /agents/1001/force {"to":"NOT_READY","reason":"training","why":"带教"}`, "agent 1001: ACW"},
		{"agent force 1001 ready --why 带教", `POST /agents/1001/force {"to":"READY","why":"带教"}`, "agent 1001: ACW"},
		{"agent force 1001 not-ready meal --why 带教", `POST /agents/1001/force {"to":"NOT_READY","reason":"meal","why":"带教"}`, "agent 1001: ACW"},
		{"call hold c1 --by 1002", `POST /calls/c1/hold {"agent":"1002"}`, "call c1: "},
		{"call hold c1 --consent", `POST /calls/c1/hold {"consent":true}`, "call c1: "},
		{"call query c1 --consent --by 1001", `POST /calls/c1/query {"agent":"1001","consent":true}`, "call c1: "},
		{"call query-done c1", "POST /calls/c1/query-done ", "call c1: "},
		{"call unmute c1 --by 1002", `POST /calls/c1/unmute {"agent":"1002"}`, "call c1: "},
		{"call consult c1 --agent 1002 --by 1001", `POST /calls/c1/consult {"agent":"1001","to":{"agent":"1002"}}`, "call c1: "},
		{"call park c1 --by 1001", `POST /calls/c1/park {"agent":"1001"}`, "call c1: "},
		{"call hold c1 --lang zh", "POST /calls/c1/hold ", "通话 c1：保持 agent=1001"},
		{"queue drain sales --lang zh", `POST /queues/sales/mode {"mode":"draining"}`, "队列 sales：排空"},
		{"agent log 1001 result=solved note=a=b --call c1", `POST /agents/1001/log {"call":"c1","fields":{"note":"a=b","result":"solved"}}`, "agent 1001: ACW"},
		{"agent sign-in 1001 PJSIP/1001 --handover", `POST /agents/1001/sign-in {"endpoint":"PJSIP/1001","handover":true}`, "agent 1001: ACW"},
		{"agent extend 1001 30s", `POST /agents/1001/extend {"for":"30s"}`, "agent 1001: ACW"},
	} {
		got = nil
		out, errs, code := run(strings.Fields(c.line)...)
		if code != exitOK || len(got) != 1 || got[0] != c.want || !strings.HasPrefix(out, c.shows) {
			t.Errorf("huawu %s: exit %d, sent %q, want %q; shows %q %q, want %q", c.line, code, got, c.want, out, errs, c.shows)
		}
	}
	got = nil
	for _, line := range []string{
		"call consult c1", "call transfer c1 --agent 1002 --queue service", "queue rank c1 high", "agent skills 1001 english",
		"agent skills 1001 english=good", "agent skills", "queue move c1", "agent force 1001 READY", "agent force 1001",
		"call pickup c1", "call park c1 --slot x",
		"agent log 1001", "agent log 1001 result", "agent log 1001 a=1 a=2",
	} {
		if _, errs, code := run(strings.Fields(line)...); code != exitUsage || errs == "" {
			t.Errorf("huawu %s: exit %d, %q", line, code, errs)
		}
	}
	if len(got) != 0 {
		t.Errorf("wrong usage was sent: %q", got)
	}
}
