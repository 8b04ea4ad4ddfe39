package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
)

func TestHealth(t *testing.T) {
	b := setup(t)
	var live Liveness
	var ready Readiness
	if res := b.do("GET", "/healthz", "", &live, "Authorization", ""); res.StatusCode != 200 || !live.Alive {
		t.Errorf("%d %+v", res.StatusCode, live)
	}
	if res := b.do("GET", "/readyz", "", &ready, "Authorization", ""); res.StatusCode != 200 || !ready.Ready || ready.Problems == nil {
		t.Errorf("%d %+v", res.StatusCode, ready)
	}
	b.troubles = func() []string { return []string{"the engine cloud rests"} }
	if res := b.do("GET", "/readyz", "", &ready); res.StatusCode != 200 || !ready.Ready || !slices.Contains(ready.Problems, "the engine cloud rests") {
		t.Errorf("a drawback: %d %+v", res.StatusCode, ready)
	}
	b.engine.health.LoopAge = time.Minute
	if res := b.do("GET", "/healthz", "", &live); res.StatusCode != 503 || live.Alive || live.LoopAge != 60_000 {
		t.Errorf("stuck: %d %+v", res.StatusCode, live)
	}
	b.engine.health = engine.Health{Problems: []string{"switch pbx is not up"}}
	b.store.down = fmt.Errorf("connection refused: %w", ErrUnavailable)
	res := b.do("GET", "/readyz", "", &ready)
	if text := strings.Join(ready.Problems, "\n"); res.StatusCode != 503 || ready.Ready ||
		!strings.Contains(text, "switch pbx is not up") || !strings.Contains(text, "connection refused") {
		t.Errorf("unready: %d %+v", res.StatusCode, ready)
	}
	b.engine.health = engine.Health{Ready: true}
	if res := b.do("GET", "/readyz", "", &ready); res.StatusCode != 503 {
		t.Errorf("without the store: %d", res.StatusCode)
	}
}

func TestMetrics(t *testing.T) {
	b := setup(t)
	b.do("GET", "/api/v1/queues/sales", "", nil)
	var text string
	b.do("GET", "/metrics", "", &text, "Authorization", "Bearer "+readSecret)
	for _, line := range []string{
		`huawu_inbox_length{tenant="default"} 3`, `huawu_queue_waiting{queue="sales",tenant="default"} 2`,
		`huawu_queue_oldest_seconds{queue="sales",tenant="default"} 61`, `huawu_queue_forecast_bias{queue="sales",tenant="default"} -0.02`,
		`huawu_queue_forecasts_inside_total{queue="sales",tenant="default"} 91`, `huawu_agents{state="READY",tenant="default"} 1`,
		`huawu_agents{state="HOLD",tenant="default"} 0`, `huawu_calls{state="waiting",tenant="default"} 2`,
		`huawu_switch_up{switch="pbx",tenant="default"} 1`, `huawu_ready{tenant="default"} 1`,
		`huawu_api_request_seconds_count{method="GET",route="/api/v1/queues/:id",status="200"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("metrics lack %s", line)
		}
	}
}

func TestAPanicIsAnswered(t *testing.T) {
	b := setup(t)
	b.engine.view.Queues = nil
	b.Server.engine = panicking{b.engine}
	b.problem("GET", "/api/v1/queues", "", http.StatusInternalServerError, "internal")
	if !strings.Contains(b.log.String(), "a request panicked") || !strings.Contains(b.log.String(), "on purpose") {
		t.Errorf("log: %s", b.log)
	}
}

type panicking struct{ Engine }

func (panicking) View() (*center.View, engine.Cursor) { panic("on purpose") }

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	b := setup(t)
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	b.do("GET", "/api/v1/openapi.json", "", &doc, "Authorization", "")
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	for _, route := range b.gin.Routes() {
		if !strings.HasPrefix(route.Path, "/api/v1/") || strings.Contains(route.Path, "openapi") {
			continue
		}
		path := strings.NewReplacer(":id", "{id}", ":n", "{n}").Replace(route.Path)
		if doc.Paths[path][strings.ToLower(route.Method)] == nil {
			t.Errorf("%s %s is not described", route.Method, path)
		}
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	b := setup(t)
	r := httptest.NewRequest("PUT", "/api/v1/centre", strings.NewReader(strings.Repeat("#", maxBody+1)))
	r.Header.Set("Authorization", "Bearer "+adminSecret)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOptionsThatCannotWork(t *testing.T) {
	b := setup(t)
	for _, o := range []Options{{}, {Engine: b.engine, Store: b.store}, {Engine: b.engine, Tokens: b.tokens}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// Every request may take a processor for long, but for streams, which wait.
func TestRequestsAreLongWork(t *testing.T) {
	b := setup(t)
	begun, over := 0, 0
	b.long = func() func() { begun++; return func() { over++ } }
	b.do("GET", "/api/v1/agents", "", nil)
	b.do("GET", "/api/v1/nowhere", "", nil)
	if begun != 2 || over != 2 {
		t.Errorf("two requests began %d times and were over %d times", begun, over)
	}
	b.do("GET", "/api/v1/events?kind=nothing", "", nil)
	if begun != 2 {
		t.Error("a stream of events is taken for long work")
	}
}
