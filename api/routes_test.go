package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/routing"
)

// sample is a request that works on the bench of applied, and how many audit
// rows it leaves.
type sample struct {
	path, body string
	rows       int
}

// samples are one for each route that writes. Files with other routes add
// theirs.
var samples = map[string]sample{
	"POST /api/v1/agents/:id/sign-in":      {"/api/v1/agents/1001/sign-in", `{"endpoint": "PJSIP/1001", "ready": true, "pin": "4711"}`, 1},
	"POST /api/v1/agents/:id/sign-out":     {"/api/v1/agents/1001/sign-out", "", 1},
	"POST /api/v1/agents/:id/ready":        {"/api/v1/agents/1001/ready", "", 1},
	"POST /api/v1/agents/:id/not-ready":    {"/api/v1/agents/1001/not-ready", `{"reason": "meal"}`, 1},
	"PUT /api/v1/agents/:id/pin":           {"/api/v1/agents/1002/pin", `{"pin": "0815"}`, 1},
	"POST /api/v1/agents":                  {"/api/v1/agents", `{"id": "1003", "queues": ["sales"]}`, 1},
	"PUT /api/v1/agents/:id":               {"/api/v1/agents/1002", `{"name": "韩梅梅"}`, 1},
	"DELETE /api/v1/agents/:id":            {"/api/v1/agents/1002", "", 1},
	"POST /api/v1/queues":                  {"/api/v1/queues", `{"id": "service", "ring": "20s"}`, 1},
	"PUT /api/v1/queues/:id":               {"/api/v1/queues/sales", `{"ring": "20s"}`, 1},
	"DELETE /api/v1/queues/:id":            {"/api/v1/queues/spare", "", 1},
	"POST /api/v1/calls/:id/hangup":        {"/api/v1/calls/c1/hangup", "", 1},
	"PUT /api/v1/phrases/settings":         {"/api/v1/phrases/settings", `{"profile": "gov12345"}`, 1},
	"PUT /api/v1/phrases/:id/wording":      {"/api/v1/phrases/abuse.goodbye/wording", `{"text": "再会。"}`, 1},
	"DELETE /api/v1/phrases/:id/wording":   {"/api/v1/phrases/praise.reply/wording", "", 1},
	"PUT /api/v1/phrases/:id/recording":    {"/api/v1/phrases/abuse.goodbye/recording", "RIFF", 1},
	"DELETE /api/v1/phrases/:id/recording": {"/api/v1/phrases/praise.reply/recording", "", 1},
	"PUT /api/v1/centre":                   {"/api/v1/centre", strings.Replace(centreDocument, "15s", "16s", 1), 1},
}

// readied make the bench ready for the sample of a route.
var readied = map[string]func(*bench){}

func TestEveryWritingRouteIsGuardedAndAudited(t *testing.T) {
	for _, route := range setup(t).gin.Routes() {
		if route.Method == http.MethodGet || route.Method == http.MethodHead {
			continue
		}
		name := route.Method + " " + route.Path
		t.Run(name, func(t *testing.T) {
			sample, ok := samples[name]
			if !ok {
				t.Fatalf("the route has no sample here: every route that writes must show that it is audited")
			}
			b := applied(t)
			b.do("POST", "/api/v1/queues", `{"id": "spare"}`, nil)
			if ready := readied[name]; ready != nil {
				ready(b)
			}
			before := len(b.store.audit)
			b.problem(route.Method, sample.path, sample.body, http.StatusUnauthorized, "unauthenticated", "Authorization", "")
			b.problem(route.Method, sample.path, sample.body, http.StatusUnauthorized, "unauthenticated", "Authorization", "Bearer guess")
			b.problem(route.Method, sample.path, sample.body, http.StatusUnauthorized, "unauthenticated", "Authorization", "Basic "+adminSecret)
			b.problem(route.Method, sample.path, sample.body, http.StatusForbidden, "forbidden", "Authorization", "Bearer "+readSecret)
			if got := len(b.store.audit); got != before {
				t.Fatalf("refused requests left %d audit rows", got-before)
			}
			var answer string
			if res := b.do(route.Method, sample.path, sample.body, &answer); res.StatusCode >= 300 {
				t.Fatalf("%d %s", res.StatusCode, answer)
			}
			rows := b.store.audit[before:]
			if len(rows) != sample.rows {
				t.Fatalf("audit rows: %+v, want %d", rows, sample.rows)
			}
			for _, row := range rows {
				if row.By != "chen" || row.Via != "rest" || row.Action == "" || row.Target == "" {
					t.Errorf("audit row %+v", row)
				}
			}
		})
	}
}

func TestEveryRouteButThePublicOnesWantsAToken(t *testing.T) {
	b := setup(t)
	asked := 0
	for _, route := range b.gin.Routes() {
		path := strings.ReplaceAll(route.Path, ":id", "x")
		if public[route.Path] {
			if res := b.do(route.Method, path, "", nil, "Authorization", ""); res.StatusCode != http.StatusOK {
				t.Errorf("%s %s is public and answers %d", route.Method, path, res.StatusCode)
			}
			continue
		}
		if res := b.do(route.Method, path, "", nil, "Authorization", ""); res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusTooManyRequests {
			t.Errorf("%s %s answers %d without a token", route.Method, path, res.StatusCode)
		}
		asked++
	}
	if asked < 20 {
		t.Errorf("only %d routes ask for a token", asked)
	}
}

func TestFailedAttemptsAreLimitedAndGoodTokensAreNot(t *testing.T) {
	b := setup(t)
	now := time.Unix(1_000_000, 0)
	b.now = func() time.Time { return now }
	for range failBurst {
		b.problem("GET", "/api/v1/queues", "", http.StatusUnauthorized, "unauthenticated", "Authorization", "Bearer x")
	}
	var p Problem
	res := b.do("GET", "/api/v1/queues", "", &p, "Authorization", "Bearer x")
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" {
		t.Errorf("%d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	if res := b.do("GET", "/api/v1/queues", "", nil); res.StatusCode != http.StatusOK {
		t.Errorf("a good token from the same address: %d", res.StatusCode)
	}
	now = now.Add(failEvery)
	b.problem("GET", "/api/v1/queues", "", http.StatusUnauthorized, "unauthenticated", "Authorization", "Bearer x")
}

func TestFailuresOfManyAddressesStayBounded(t *testing.T) {
	var f failures
	now := time.Unix(1_000_000, 0)
	for i := range 3 * failAddresses {
		f.note(fmt.Sprint(i), now)
	}
	if len(f.since) > failAddresses {
		t.Errorf("%d addresses are remembered", len(f.since))
	}
	// Those that have been quiet go first.
	f = failures{}
	for i := range failAddresses - 1 {
		f.note(fmt.Sprint(i), now)
	}
	later := now.Add(time.Hour)
	for range failBurst {
		f.note("loud", later)
	}
	f.note("new", later)
	if f.note("loud", later) == 0 || len(f.since) != 2 {
		t.Errorf("%d addresses are remembered, and the loud one may go on", len(f.since))
	}
}

func TestReadsShowTheSnapshot(t *testing.T) {
	b := applied(t)
	var queues QueueList
	b.do("GET", "/api/v1/queues", "", &queues)
	if len(queues.Queues) != 1 || queues.Queues[0].Waiting[1].Position != 2 || queues.Cursor == "" {
		t.Errorf("queues: %+v", queues)
	}
	var queue QueueDetail
	b.do("GET", "/api/v1/queues/sales", "", &queue)
	if queue.Waiting[0].Waited != 61_000 || queue.Config == nil || queue.Config.Ring != "15s" {
		t.Errorf("queue: %+v", queue)
	}
	var agents AgentList
	b.do("GET", "/api/v1/agents?state=READY&queue=sales", "", &agents)
	if len(agents.Agents) != 1 || agents.Agents[0].ID != "1001" {
		t.Errorf("agents: %+v", agents)
	}
	b.do("GET", "/api/v1/agents?state=HOLD", "", &agents)
	if agents.Agents == nil || len(agents.Agents) != 0 {
		t.Errorf("no agents: %+v", agents)
	}
	var agent AgentDetail
	b.do("GET", "/api/v1/agents/1001", "", &agent)
	if agent.Name != "王芳" || agent.State != routing.ReadyState {
		t.Errorf("agent: %+v", agent)
	}
	var calls CallList
	b.do("GET", "/api/v1/calls?number=13800000002", "", &calls)
	if len(calls.Calls) != 1 || calls.Calls[0].ID != "c2" {
		t.Errorf("calls: %+v", calls)
	}
}

func TestAgentsMayHaveOddNumbers(t *testing.T) {
	b := setup(t)
	b.engine.view.Agents = append(b.engine.view.Agents, center.AgentView{ID: "a/b c"})
	var agent AgentDetail
	b.do("GET", "/api/v1/agents/a%2Fb%20c", "", &agent)
	if agent.ID != "a/b c" {
		t.Errorf("agent: %+v", agent)
	}
}

func TestCommandsReachTheEngineInTheNameOfTheToken(t *testing.T) {
	b := applied(t)
	var done AgentDone
	b.do("POST", "/api/v1/agents/1001/sign-in?wait=true", `{"endpoint": "PJSIP/1001", "ready": true}`, &done)
	if done.Agent == nil || done.Agent.State != routing.NotReadyIn || done.Cursor == "" {
		t.Errorf("done: %+v", done)
	}
	b.do("POST", "/api/v1/agents/1001/not-ready", `{"reason": "meal"}`, &done)
	b.do("POST", "/api/v1/calls/c1/hangup", `{"reason": "wrong-number"}`, nil)
	want := []center.Operation{
		center.SignIn{Agent: "1001", Endpoint: "PJSIP/1001", Ready: true},
		center.NotReady{Agent: "1001", Reason: routing.PauseMeal},
		center.HangUp{Call: "c1", Reason: "wrong-number"},
	}
	if !slices.Equal(b.engine.asked, want) || !slices.Equal(b.engine.by, []string{"chen", "chen", "chen"}) {
		t.Errorf("asked %+v by %v", b.engine.asked, b.engine.by)
	}
	row := b.store.audit[len(b.store.audit)-3]
	if row.Action != "agent.sign-in" || row.Target != "agent/1001" ||
		string(row.Before) != `{"endpoint":"PJSIP/1001","reason":"","state":"READY"}` ||
		string(row.After) != `{"agent":"1001","endpoint":"PJSIP/1001","ready":true}` {
		t.Errorf("audit row %s %s: %s -> %s", row.Action, row.Target, row.Before, row.After)
	}
}

func TestAReadMayWaitForACommand(t *testing.T) {
	b := setup(t)
	var done AgentDone
	b.do("POST", "/api/v1/agents/1001/ready", "", &done)
	if res := b.do("GET", "/api/v1/agents?after="+done.Cursor, "", nil); res.StatusCode != http.StatusOK {
		t.Errorf("after the command: %d", res.StatusCode)
	}
	b.problem("GET", "/api/v1/agents?after="+fakeEpoch+".999.0", "", http.StatusGatewayTimeout, "timeout")
	b.problem("GET", "/api/v1/agents?after=yesterday", "", http.StatusUnprocessableEntity, "invalid-cursor")
}

func TestTheCommandLineIsToldFromPrograms(t *testing.T) {
	b := setup(t)
	b.do("POST", "/api/v1/agents/1001/ready", "", nil, "User-Agent", "huawu/1.2")
	if row := b.store.audit[0]; row.Via != "cli" {
		t.Errorf("audit row %+v", row)
	}
}

func TestBadRequestsNameWhatIsWrong(t *testing.T) {
	b := applied(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
		says               []string
	}{
		{"GET", "/api/v1/queues/nix", "", 404, "not-found", []string{`queue "nix"`}},
		{"GET", "/api/v1/agents/9", "", 404, "not-found", []string{`agent "9"`}},
		{"GET", "/api/v1/calls/c9", "", 404, "not-found", []string{`call "c9"`}},
		{"POST", "/api/v1/agents/9/ready", "", 404, "not-found", []string{"agent 9"}},
		{"PUT", "/api/v1/agents/9/pin", `{"pin": "1234"}`, 404, "not-found", []string{`agent "9"`}},
		{"POST", "/api/v1/calls/c9/hangup", "", 404, "not-found", []string{`call "c9"`}},
		{"DELETE", "/api/v1/queues/nix", "", 404, "not-found", []string{`queue "nix"`}},
		{"DELETE", "/api/v1/agents/9", "", 404, "not-found", []string{`agent "9"`}},
		{"GET", "/api/v1/nix", "", 404, "not-found", []string{"/api/v1/nix"}},
		{"GET", "/api/v1/queues?tenant=acme", "", 404, "not-found", []string{`tenant "acme"`}},
		{"PATCH", "/api/v1/queues/sales", "", 405, "method-not-allowed", []string{"PATCH /api/v1/queues/sales"}},
		{"POST", "/api/v1/queues", `{"id": "sales"}`, 409, "conflict", []string{`queue "sales"`}},
		{"POST", "/api/v1/agents", `{"id": "1001"}`, 409, "conflict", []string{`agent "1001"`}},
		{"POST", "/api/v1/agents/1001/sign-in", `{"endpoint": 7}`, 422, "invalid", []string{"body.endpoint", "expected string"}},
		{"POST", "/api/v1/agents/1001/sign-in", `{}`, 422, "invalid", []string{"body", "endpoint"}},
		{"POST", "/api/v1/agents/1001/sign-in", `{"endpoint": "PJSIP/1", "redy": true}`, 422, "invalid", []string{"body.redy", "unexpected property"}},
		{"POST", "/api/v1/agents/1001/not-ready", `{"reason": ""}`, 422, "invalid", []string{"body.reason"}},
		{"POST", "/api/v1/agents/1001/not-ready", `{"reason": `, 400, "bad-request", []string{"body"}},
		{"PUT", "/api/v1/queues/sales", `{"ring": 15}`, 422, "invalid", []string{"body.ring", "expected string", "15"}},
		{"PUT", "/api/v1/queues/sales", `{"ring": "15"}`, 422, "invalid", []string{"body.ring", "such as 15s"}},
		{"PUT", "/api/v1/queues/sales", `{"ring": "15m"}`, 422, "invalid-document", []string{"queues[0].ring", "1s to 2m0s"}},
		{"PUT", "/api/v1/agents/1001", `{"queues": ["nix"]}`, 422, "invalid-document", []string{"agents[0].queues[0]", "nix"}},
		{"DELETE", "/api/v1/queues/sales", "", 422, "invalid-document", []string{"agents[0].queues[0]", "sales"}},
		{"GET", "/api/v1/queues?x=1", "", 422, "invalid", []string{"query.x"}},
		{"GET", "/api/v1/agents?state=LAZY", "", 422, "invalid", []string{"query.state", "LAZY"}},
		{"GET", "/api/v1/calls?ended=true&limit=5000", "", 422, "invalid", []string{"query.limit", "1000"}},
		{"GET", "/api/v1/calls?ended=true&from=noon", "", 422, "invalid", []string{"query.from"}},
		{"GET", "/api/v1/calls?ended=true&page=x", "", 422, "invalid", []string{"page", "x"}},
		{"PUT", "/api/v1/agents/1001/pin", `{"pin": "12"}`, 422, "invalid", []string{"4 to 12 digits"}},
	} {
		p := b.problem(c.method, c.path, c.body, c.status, c.code)
		text := fmt.Sprintf("%s %+v", p.Detail, p.Errors)
		for _, word := range c.says {
			if !strings.Contains(text, word) {
				t.Errorf("%s %s %s says %q, want %q in it", c.method, c.path, c.body, text, word)
			}
		}
	}
	if len(b.engine.asked) != 0 || len(b.store.versions) != 1 {
		t.Errorf("bad requests changed something: %v, %d versions", b.engine.asked, len(b.store.versions))
	}
}

func TestErrorsHaveOneTable(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{center.ErrDenied, 403, "denied"}, {center.ErrConflict, 409, "conflict"}, {center.ErrInvalid, 422, "invalid"},
		{fmt.Errorf("sign in: %w: %w", routing.ErrNoAgent, center.ErrNotFound), 404, "not-found"},
		{engine.ErrBusy, 503, "overloaded"}, {engine.ErrStopped, 503, "stopping"}, {engine.ErrJournal, 503, "journal"},
		{context.DeadlineExceeded, 504, "timeout"}, {errors.New("disk on fire in /secret/place"), 500, "internal"},
	} {
		b.engine.fail = c.err
		p := b.problem("POST", "/api/v1/agents/1001/ready", "", c.status, c.code)
		if c.status == 500 && strings.Contains(p.Detail, "secret") {
			t.Errorf("an error that nobody expected is told: %q", p.Detail)
		}
	}
	if !strings.Contains(b.log.String(), "disk on fire") {
		t.Errorf("the log does not tell the error: %s", b.log)
	}
	b.engine.fail = engine.ErrBusy
	if res := b.do("POST", "/api/v1/agents/1001/ready", "", nil); res.Header.Get("Retry-After") == "" {
		t.Error("a 503 without Retry-After")
	}
}

func TestAnOperationOfUnknownOutcomeIsAudited(t *testing.T) {
	b := setup(t)
	b.engine.fail = fmt.Errorf("what came of it is not known: %w", engine.ErrStopped)
	b.problem("POST", "/api/v1/agents/1001/ready", "", http.StatusServiceUnavailable, "stopping")
	if len(b.store.audit) != 1 || !strings.Contains(string(b.store.audit[0].After), `"unknown"`) {
		t.Errorf("audit: %+v", b.store.audit)
	}
}

func TestOperationsGoOnWithoutTheStore(t *testing.T) {
	b := setup(t)
	b.store.down = fmt.Errorf("connection refused: %w", ErrUnavailable)
	if res := b.do("POST", "/api/v1/agents/1001/ready", "", nil); res.StatusCode != http.StatusOK || len(b.engine.asked) != 1 {
		t.Errorf("ready: %d", res.StatusCode)
	}
	for _, word := range []string{"a row is missing in the audit", "by=chen", "action=agent.ready", "target=agent/1001"} {
		if !strings.Contains(b.log.String(), word) {
			t.Errorf("the log lacks %q: %s", word, b.log)
		}
	}
	var metrics string
	b.do("GET", "/metrics", "", &metrics)
	if !strings.Contains(metrics, "huawu_api_unaudited_total 1") {
		t.Error("the missing row is not counted")
	}
	var call CallDetail
	b.do("GET", "/api/v1/calls/c1", "", &call)
	if call.Live == nil || !strings.Contains(call.Incomplete, "connection refused") {
		t.Errorf("call: %+v", call)
	}
	b.problem("GET", "/api/v1/calls?ended=true", "", http.StatusServiceUnavailable, "unavailable")
	b.problem("PUT", "/api/v1/queues/sales", `{}`, http.StatusServiceUnavailable, "unavailable")
}

func TestPINsAreCheckedLimitedAndNeverTold(t *testing.T) {
	b := applied(t)
	now := time.Unix(1_000_000, 0)
	b.now = func() time.Time { return now }
	const body = `{"endpoint": "PJSIP/1001", "pin": "9999"}`
	for range 5 { // SPEC RUL-ACC-1
		p := b.problem("POST", "/api/v1/agents/1001/sign-in", body, http.StatusForbidden, "denied")
		if strings.Contains(p.Detail, "9999") {
			t.Fatalf("the PIN is told: %q", p.Detail)
		}
	}
	right := strings.Replace(body, "9999", "4711", 1)
	b.problem("POST", "/api/v1/agents/1001/sign-in", right, http.StatusTooManyRequests, "too-many-attempts")
	if len(b.engine.asked) != 0 {
		t.Errorf("asked: %v", b.engine.asked)
	}
	now = now.Add(failEvery)
	if res := b.do("POST", "/api/v1/agents/1001/sign-in", right, nil); res.StatusCode != http.StatusOK {
		t.Errorf("the right PIN: %d", res.StatusCode)
	}
	for _, secret := range []string{"4711", "9999", adminSecret} {
		if strings.Contains(b.log.String(), secret) || strings.Contains(string(asJSON(b.store.audit)), secret) {
			t.Errorf("%s is in the log or in the audit", secret)
		}
	}
}
