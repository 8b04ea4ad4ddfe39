package api

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
)

// steering are the routes that steer calls, queues and agents: a request of
// each and what it must ask for.
var steering = []struct {
	route string
	sample
	want center.Operation
}{
	{"POST /api/v1/calls/:id/hold", sample{"/api/v1/calls/c1/hold", `{"consent": true}`, 1}, center.HoldCall{Call: "c1", On: true, Consent: true}},
	{"POST /api/v1/calls/:id/unhold", sample{"/api/v1/calls/c1/unhold", "", 1}, center.HoldCall{Call: "c1"}},
	{"POST /api/v1/calls/:id/query", sample{"/api/v1/calls/c1/query", `{"agent": "1001", "consent": true}`, 1}, center.QueryCall{Call: "c1", Agent: "1001", On: true, Consent: true}},
	{"POST /api/v1/calls/:id/query-done", sample{"/api/v1/calls/c1/query-done", "", 1}, center.QueryCall{Call: "c1"}},
	{"POST /api/v1/calls/:id/mute", sample{"/api/v1/calls/c1/mute", `{"agent": "1001"}`, 1}, center.MuteCall{Call: "c1", Agent: "1001", On: true}},
	{"POST /api/v1/calls/:id/unmute", sample{"/api/v1/calls/c1/unmute", "", 1}, center.MuteCall{Call: "c1"}},
	{"POST /api/v1/calls/:id/record", sample{"/api/v1/calls/c1/record", `{"note": "客户要求"}`, 1}, center.RecordCall{Call: "c1", On: true, Note: "客户要求"}},
	{"POST /api/v1/calls/:id/record-stop", sample{"/api/v1/calls/c1/record-stop", "", 1}, center.RecordCall{Call: "c1"}},
	{"POST /api/v1/calls/:id/record-pause", sample{"/api/v1/calls/c1/record-pause", `{"seconds": 90, "note": "证件"}`, 1},
		center.PauseRecording{Call: "c1", For: 90 * time.Second, Note: "证件"}},
	{"POST /api/v1/calls/:id/record-resume", sample{"/api/v1/calls/c1/record-resume", "", 1}, center.ResumeRecording{Call: "c1"}},
	{"POST /api/v1/calls/:id/consult", sample{"/api/v1/calls/c1/consult", `{"agent": "1001", "to": {"agent": "1002"}}`, 1},
		center.ConsultCall{Call: "c1", Agent: "1001", To: center.Target{Agent: "1002"}}},
	{"POST /api/v1/calls/:id/complete", sample{"/api/v1/calls/c1/complete", "", 1}, center.CompleteConsult{Call: "c1"}},
	{"POST /api/v1/calls/:id/merge", sample{"/api/v1/calls/c1/merge", "", 1}, center.MergeConsult{Call: "c1"}},
	{"POST /api/v1/calls/:id/cancel-consult", sample{"/api/v1/calls/c1/cancel-consult", "", 1}, center.CancelConsult{Call: "c1"}},
	{"POST /api/v1/calls/:id/transfer", sample{"/api/v1/calls/c1/transfer", `{"to": {"queue": "sales"}}`, 1},
		center.TransferCall{Call: "c1", To: center.Target{Queue: "sales"}}},
	{"POST /api/v1/calls/:id/park", sample{"/api/v1/calls/c1/park", `{"agent": "1001", "slot": 701, "announce": true}`, 1},
		center.ParkCall{Call: "c1", Agent: "1001", Slot: 701, Announce: true}},
	{"POST /api/v1/calls/:id/pickup", sample{"/api/v1/calls/c1/pickup", `{"agent": "1002"}`, 1}, center.PickUp{Call: "c1", Agent: "1002"}},
	{"POST /api/v1/calls/:id/say", sample{"/api/v1/calls/c1/say", `{"agent": "1001", "text": "您好", "language": "zh"}`, 1}, center.SayText{Call: "c1", Agent: "1001", Text: "您好", Language: "zh"}},
	{"POST /api/v1/calls/:id/end-talk", sample{"/api/v1/calls/c1/end-talk", `{"agent": "1001"}`, 1}, center.EndTalk{Call: "c1", Agent: "1001"}},
	{"POST /api/v1/calls/:id/scene/start", sample{"/api/v1/calls/c1/scene/start",
		`{"agent": "1001", "scene": "wait", "values": {"surname": "王", "honorific": "女士"}, "holds": ["festival"], "hold": "20s", "shown": true}`, 1},
		center.StartScene{Call: "c1", Agent: "1001", Scene: "wait", Values: []center.PhraseValue{{Name: "honorific", Value: "女士"}, {Name: "surname", Value: "王"}},
			Holds: []string{"festival"}, Hold: 20 * time.Second, Shown: true}},
	{"POST /api/v1/calls/:id/scene/next", sample{"/api/v1/calls/c1/scene/next", `{"line": "asks_leader.calm", "values": {"phone": "13800138000"}}`, 1},
		center.NextStep{Call: "c1", Line: "asks_leader.calm", Values: []center.PhraseValue{{Name: "phone", Value: "13800138000"}}}},
	{"POST /api/v1/calls/:id/scene/skip", sample{"/api/v1/calls/c1/scene/skip", "", 1}, center.SkipStep{Call: "c1"}},
	{"POST /api/v1/calls/:id/scene/repeat", sample{"/api/v1/calls/c1/scene/repeat", "", 1}, center.RepeatStep{Call: "c1"}},
	{"POST /api/v1/calls/:id/scene/stop", sample{"/api/v1/calls/c1/scene/stop", "", 1}, center.StopScene{Call: "c1"}},
	{"POST /api/v1/calls/:id/rank", sample{"/api/v1/calls/c1/rank", `{"priority": 7}`, 1}, center.RankCaller{Call: "c1", Priority: 7}},
	{"POST /api/v1/calls/:id/move", sample{"/api/v1/calls/c1/move", `{"queue": "spare"}`, 1}, center.MoveCaller{Call: "c1", Queue: "spare"}},
	{"POST /api/v1/calls/:id/kick", sample{"/api/v1/calls/c1/kick", "", 1}, center.KickCaller{Call: "c1"}},
	{"POST /api/v1/queues/:id/mode", sample{"/api/v1/queues/sales/mode", `{"mode": "draining"}`, 1},
		center.SetQueueMode{Queue: "sales", Mode: routing.ModeDraining}},
	{"PUT /api/v1/agents/:id/skills", sample{"/api/v1/agents/1001/skills", `{"skills": [{"id": "english", "level": 60}]}`, 1},
		center.SetSkills{Agent: "1001", Skills: []routing.Skill{{ID: "english", Level: 60}}}},
	{"POST /api/v1/agents/:id/approve", sample{"/api/v1/agents/1001/approve", `{"reason": "leave"}`, 1}, center.AnswerRequest{Agent: "1001", Grant: true, Reason: "leave"}},
	{"POST /api/v1/agents/:id/deny", sample{"/api/v1/agents/1001/deny", "", 1}, center.AnswerRequest{Agent: "1001"}},
	{"POST /api/v1/agents/:id/log", sample{"/api/v1/agents/1001/log", `{"call": "c1", "fields": {"result": "solved", "note": "回电"}}`, 1},
		center.LogTalk{Agent: "1001", Call: "c1", Values: []fact.LogValue{{Field: "note", Value: "回电"}, {Field: "result", Value: "solved"}}}},
	{"POST /api/v1/agents/:id/force", sample{"/api/v1/agents/1001/force", `{"to": "NOT_READY", "reason": "training", "why": "带教"}`, 1},
		center.ForceAgent{Agent: "1001", To: routing.NotReadyIn, Reason: routing.PauseTraining, Why: "带教"}},
	{"POST /api/v1/agents/:id/extend", sample{"/api/v1/agents/1001/extend", `{"for": "90s"}`, 1},
		center.ExtendWrapUp{Agent: "1001", For: 90 * time.Second}},
	{"POST /api/v1/calls/:id/supervise", sample{"/api/v1/calls/c1/supervise", `{"supervisor": "1002", "agent": "1001", "mode": "whisper"}`, 1},
		center.SuperviseCall{Call: "c1", Agent: "1001", By: center.Supervisor{Agent: "1002"}, Mode: call.Whisper}},
	{"POST /api/v1/calls/:id/take-over", sample{"/api/v1/calls/c1/take-over", "", 1}, center.TakeOverCall{Call: "c1"}},
	{"POST /api/v1/calls/:id/unsupervise", sample{"/api/v1/calls/c1/unsupervise", `{"endpoint": "PJSIP/1002"}`, 1},
		center.EndSupervision{Call: "c1", By: center.Supervisor{Endpoint: "PJSIP/1002"}}},
	{"POST /api/v1/agents/:id/supervise", sample{"/api/v1/agents/1001/supervise", `{"supervisor": "1002"}`, 1},
		center.SuperviseCall{Agent: "1001", By: center.Supervisor{Agent: "1002"}}},
}

func init() {
	for _, s := range steering {
		samples[s.route] = s.sample
	}
}

func TestSteeringReachesTheEngine(t *testing.T) {
	for _, s := range steering {
		t.Run(s.route, func(t *testing.T) {
			b := applied(t)
			method := http.MethodPost
			if s.route[:4] == "PUT " {
				method = http.MethodPut
			}
			var done struct {
				Cursor string
				Call   *center.CallView
				Queue  *center.QueueView
				Agent  *center.AgentView
			}
			if res := b.do(method, s.path+"?wait=true", s.body, &done); res.StatusCode != http.StatusOK {
				t.Fatalf("%d", res.StatusCode)
			}
			if len(b.engine.asked) != 1 || !reflect.DeepEqual(b.engine.asked[0], s.want) || b.engine.by[0] != "chen" {
				t.Errorf("asked %+v by %v, want %+v", b.engine.asked, b.engine.by, s.want)
			}
			if done.Cursor == "" || (done.Call == nil && done.Queue == nil && done.Agent == nil) {
				t.Errorf("the answer does not show what has become: %+v", done)
			}
			row := b.store.audit[len(b.store.audit)-1]
			if string(row.After) != string(asJSON(s.want)) || len(row.Before) == 0 {
				t.Errorf("audit row %s %s: %s -> %s", row.Action, row.Target, row.Before, row.After)
			}
		})
	}
}

func TestSteeringRefusesWhatItCannotRead(t *testing.T) {
	b := applied(t)
	b.problem("POST", "/api/v1/calls/c1/consult", "", http.StatusBadRequest, "bad-request")
	for _, c := range []struct{ method, path, body, code string }{
		{"POST", "/api/v1/calls/c1/consult", `{"too": {"agent": "1002"}}`, "invalid"},
		{"POST", "/api/v1/calls/c1/rank", `{"priority": 101}`, "invalid"},
		{"POST", "/api/v1/calls/c1/scene/start", `{"scene": ""}`, "invalid"},
		{"POST", "/api/v1/calls/c1/scene/start", `{"scene": "wait", "hold": "long"}`, "invalid"},
		{"POST", "/api/v1/calls/c1/park", `{"slot": -1}`, "invalid"},
		{"POST", "/api/v1/calls/c1/pickup", `{"agent": ""}`, "invalid"},
		{"POST", "/api/v1/calls/c1/move", `{"queue": ""}`, "invalid"},
		{"POST", "/api/v1/queues/sales/mode", `{"mode": "shut"}`, "invalid"},
		{"POST", "/api/v1/agents/1001/log", `{"fields": {}}`, "invalid"},
		{"POST", "/api/v1/agents/1001/force", `{"to": "TALKING", "why": "because"}`, "invalid"},
		{"POST", "/api/v1/agents/1001/force", `{"to": "READY", "why": ""}`, "invalid"},
		{"POST", "/api/v1/agents/1001/extend", `{"for": "a while"}`, "invalid"},
		{"POST", "/api/v1/calls/c1/supervise", `{"mode": "spy"}`, "invalid"},
		{"POST", "/api/v1/calls/c1/supervise", `{"boss": "1002"}`, "invalid"},
		{"POST", "/api/v1/agents/1001/extend", `{"for": "-1s"}`, "invalid"},
	} {
		before := len(b.store.audit)
		b.problem(c.method, c.path, c.body, http.StatusUnprocessableEntity, c.code)
		if len(b.engine.asked) != 0 || len(b.store.audit) != before {
			t.Errorf("%s %s: asked %+v, %d audit rows", c.path, c.body, b.engine.asked, len(b.store.audit)-before)
		}
	}
}
