package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// crm is another system that knows two customers.
func crm(t *testing.T) (*Client, string, *int) {
	t.Helper()
	asked := new(int)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /customers/{number}", func(w http.ResponseWriter, r *http.Request) {
		*asked++
		if r.Header.Get("X-Key") != "s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.PathValue("number") != "138/1" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, `{"name": "王\n芳", "account": {"balance": 12.50, "open": true, "big": 12345678901234567890}, "orders": [{"state": "sent"}], "none": null}`)
	})
	mux.HandleFunc("POST /check", func(w http.ResponseWriter, r *http.Request) {
		*asked++
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"got": %q}`, body)
	})
	mux.HandleFunc("GET /away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1/customers/1", http.StatusFound)
	})
	mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("GET /long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat(" ", maxAnswer+1)) })
	mux.HandleFunc("GET /text", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	c := New(Options{Hosts: []string{s.URL}, Secrets: map[string]string{"crm": "s3cret"}})
	t.Cleanup(c.Close)
	return c, s.URL, asked
}

var key = []Header{{Name: "X-Key", Secret: "crm"}}

func TestFieldsOfAnAnswer(t *testing.T) {
	c, at, _ := crm(t)
	a, err := c.Ask(t.Context(), Question{Method: "GET", URL: at + "/customers/138%2F1", Headers: key,
		Fields: []string{"name", "account.balance", "account.open", "account.big", "orders.0.state", "orders.1.state", "none", "account", "orders.x", "orders.+0", "orders.-1", "orders.99999999999", "name.first"}})
	want := []string{"王芳", "12.50", "true", "12345678901234567890", "sent", "", "", "", "", "", "", "", ""}
	if err != nil || !reflect.DeepEqual(a.Values, want) {
		t.Errorf("%q, %v", a.Values, err)
	}
	a, err = c.Ask(t.Context(), Question{Method: "GET", URL: at + "/customers/139", Headers: key, Fields: []string{"name"}})
	if err != nil || !a.Missing || a.Values != nil {
		t.Errorf("who is not known: %+v, %v", a, err)
	}
	a, err = c.Ask(t.Context(), Question{Method: "POST", URL: at + "/check", Body: []Member{{"pin", `1"2`}, {"名", "\u2028"}}, Fields: []string{"got"}})
	if err != nil || a.Values[0] != `{"pin":"1\"2","名":"\u2028"}` {
		t.Errorf("%q, %v", a.Values, err)
	}
}

// Whoever is not listed is not asked, and what goes wrong is told without the
// question.
func TestWhatIsRefused(t *testing.T) {
	c, at, asked := crm(t)
	for _, url := range []string{"http://127.0.0.1:1/x", "https://" + strings.TrimPrefix(at, "http://") + "/customers/1", "file:///etc/passwd",
		strings.Replace(at, "http://", "http://u:p@", 1) + "/customers/1", "::", at + ".evil.example/customers/1"} {
		if _, err := c.Ask(t.Context(), Question{Method: "GET", URL: url}); !errors.Is(err, ErrNotListed) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := c.Ask(t.Context(), Question{Method: "GET", URL: at + "/customers/1", Headers: []Header{{Name: "A", Secret: "nix"}}}); !errors.Is(err, ErrNotListed) {
		t.Errorf("unknown secret: %v", err)
	}
	if *asked != 0 {
		t.Errorf("asked %d times", *asked)
	}
	for path, want := range map[string]string{"/customers/13800000001": "status 401", "/away": "status 302", "/long": "more than", "/text": "no JSON"} {
		_, err := c.Ask(t.Context(), Question{Method: "GET", URL: at + path, Fields: []string{"a"}})
		if !errors.Is(err, ErrAnswer) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "13800000001") {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Ask(ctx, Question{Method: "GET", URL: at + "/slow?n=13800000001"}); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "138") {
		t.Errorf("slow: %v", err)
	}
}

func TestAnswersAreKept(t *testing.T) {
	c, at, asked := crm(t)
	now := time.Unix(0, 0)
	c.o.Now = func() time.Time { return now }
	q := Question{Method: "GET", URL: at + "/customers/138%2F1", Headers: key, Fields: []string{"account.balance"}, Cache: time.Minute}
	ask := func(q Question, want int) {
		t.Helper()
		if _, err := c.Ask(t.Context(), q); err != nil || *asked != want {
			t.Errorf("asked %d times, want %d, %v", *asked, want, err)
		}
	}
	ask(q, 1)
	ask(q, 1)
	other := q
	other.URL = at + "/customers/139"
	ask(other, 2)
	ask(other, 2) // that nobody is known is an answer
	now = now.Add(time.Minute)
	ask(q, 3)
	other.Headers = nil // fails, and is not kept
	for range 2 {
		if _, err := c.Ask(t.Context(), other); err == nil {
			t.Error("no error")
		}
	}
	if *asked != 5 {
		t.Errorf("asked %d times", *asked)
	}
	for i := range maxKept + 5 {
		c.kept.put(fmt.Sprint(i), Answer{}, now, time.Hour)
	}
	if n := len(c.kept.by); n != maxKept || c.kept.order.Len() != n {
		t.Errorf("%d are kept", n)
	}
	for i, want := range map[int]bool{0: false, 4: false, 5: true, maxKept + 4: true} { // the oldest went
		if _, got := c.kept.get(fmt.Sprint(i), now); got != want {
			t.Errorf("answer %d is kept: %v", i, got)
		}
	}
}

// Whatever another system answers, the fields are texts within bounds.
func FuzzPick(f *testing.F) {
	f.Add([]byte(`{"a": {"b": [1, "x", null, true]}}`), "a.b.0")
	f.Add([]byte(`[[[[]]]]`), "0.0.0")
	f.Add([]byte(`{"a": "\ud800"}`), "a")
	f.Fuzz(func(t *testing.T, text []byte, field string) {
		a, err := pick(text, []string{field})
		if err != nil {
			return
		}
		if len(a.Values) != 1 || len([]rune(a.Values[0])) > maxValue || strings.ContainsAny(a.Values[0], "\x00\r\n") {
			t.Errorf("%q", a.Values)
		}
	})
}
