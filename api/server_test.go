package api

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
)

const (
	adminSecret = "admin-secret-of-the-tests"
	readSecret  = "read-secret-of-the-tests"
)

// bench is a server on fakes.
type bench struct {
	*Server
	t      *testing.T
	engine *fakeEngine
	store  *fakeStore
	log    *strings.Builder
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, engine: newFakeEngine(), store: newFakeStore(), log: new(strings.Builder)}
	admin, err := NewToken("chen", RoleAdmin, adminSecret)
	if err != nil {
		t.Fatal(err)
	}
	read, err := NewToken("wall", RoleRead, readSecret)
	if err != nil {
		t.Fatal(err)
	}
	b.Server, err = New(Options{Engine: b.engine, Store: b.store, Voice: fakeVoice{}, Archive: newFakeArchive(), Tokens: []Token{admin, read},
		Log: slog.New(slog.NewTextHandler(b.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// do sends a request with a token and reads the answer into into, if that is
// not nil.
func (b *bench) do(method, path, body string, into any, headers ...string) *http.Response {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+adminSecret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	res := w.Result()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if into != nil {
		if raw, ok := into.(*string); ok {
			*raw = string(text)
		} else if err := json.Unmarshal(text, into); err != nil {
			b.t.Fatalf("%s %s: %v in %q", method, path, err, text)
		}
	}
	return res
}

func (b *bench) problem(method, path, body string, status int, code string, headers ...string) Problem {
	b.t.Helper()
	var p Problem
	res := b.do(method, path, body, &p, headers...)
	if res.StatusCode != status || p.Status != status || p.Code != code || p.Title == "" || p.Type != "about:blank" {
		b.t.Errorf("%s %s: %d %+v, want %d %s", method, path, res.StatusCode, p, status, code)
	}
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		b.t.Errorf("%s %s: content type %q", method, path, got)
	}
	return p
}

// centreDocument is a small centre with everything in it.
const centreDocument = `zone: Asia/Shanghai
numbers: [{number: "4001", flow: main}]
codes: [{code: "*70", flow: agent-ready}]
trunks: [{id: out, endpoint: "PJSIP/{number}@carrier", number: "02100000"}, {id: spare, endpoint: "PJSIP/{number}@spare", number: "02100001"}]
routes: [{id: all, trunks: [out]}]
classes: [{id: spare}]
seats: [{endpoint: PJSIP/1001, extension: "1001"}]
hours: [{id: day, week: ["mon-fri 08:00-18:00"]}]
skills: [english]
queues: [{id: sales, name: 销售, ring: 15s}]
agents:
  - {id: "1001", name: 王芳, queues: [sales], skills: [{id: english, level: 50}]}
  - {id: "1002", name: 李雷}
pins: [{agent: "1001", pin: "4711"}]
flows:
  - id: main
    nodes:
      - {id: hello, play: {prompts: [您好], next: open}}
      - {id: open, hours: {table: day, open: line, closed: bye}}
      - {id: line, enqueue: {queue: sales, needs: "english>=10", next: bye, else: bye}}
      - {id: bye, hangup: {}}
callers: {denied: denied}
phrases: {profile: cable, overrides: [{key: praise.reply, text: 不客气。}]}
`

// applied is a bench with that centre in effect.
func applied(t *testing.T) *bench {
	t.Helper()
	b := setup(t)
	var done ChangeDone
	if res := b.do("PUT", "/api/v1/centre", centreDocument, &done, "Content-Type", "application/yaml"); res.StatusCode != http.StatusOK || done.Version != 1 {
		t.Fatalf("apply: %d %+v", res.StatusCode, done)
	}
	proposed := func(c *center.Caller) error {
		return c.List("lee", time.Now(), center.Entry{Kind: center.ListDeny, Reason: "abuse"}, true)
	}
	if _, err := b.store.lists.change("13800000007", proposed); err != nil {
		t.Fatal(err)
	}
	b.engine.view.Listed = b.store.lists.revision
	return b
}
