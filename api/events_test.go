package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
)

// served is a bench that listens; it stops with the test.
type served struct {
	*bench
	base   string
	stop   context.CancelFunc
	served chan error
}

func serve(t *testing.T) *served {
	t.Helper()
	b := &served{bench: setup(t), served: make(chan error, 1)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.base = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	b.stop = stop
	go func() { b.served <- b.Serve(ctx, l) }()
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		stop()
		if err := <-b.served; err != nil {
			t.Errorf("serve: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
		goleak.VerifyNone(t, ignore)
	})
	return b
}

// follow opens a stream; line gives its lines until it ends.
func (b *served) follow(query string, headers ...string) (res *http.Response, line func() (string, bool)) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	req, err := http.NewRequestWithContext(ctx, "GET", b.base+"/api/v1/events"+query, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+readSecret)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if res, err = http.DefaultClient.Do(req); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { cancel(); res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	return res, func() (string, bool) { ok := lines.Scan(); return lines.Text(), ok }
}

// events reads n events of a stream: "<id> <event> <call>".
func events(t *testing.T, line func() (string, bool), n int) []string {
	t.Helper()
	var out []string
	var id, kind string
	for len(out) < n {
		text, ok := line()
		if !ok {
			t.Fatalf("the stream ended after %v", out)
		}
		name, value, _ := strings.Cut(text, ": ")
		switch name {
		case "id":
			id = value
		case "event":
			kind = value
		case "data":
			var e EventItem
			if err := json.Unmarshal([]byte(value), &e); err != nil || e.ID != id || string(e.Kind) != kind {
				t.Fatalf("event %q %q: %s (%v)", id, kind, value, err)
			}
			out = append(out, id+" "+kind+" "+string(e.Call))
		}
	}
	return out
}

func event(kind fact.Kind, call fact.CallID) fact.Event {
	return fact.Event{Tenant: fact.DefaultTenant, Kind: kind, Call: call}
}

func TestAStreamBeginsNowAndGoesOn(t *testing.T) {
	b := serve(t)
	b.engine.happen(event(fact.CallOffered, "old"))
	res, line := b.follow("")
	if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != "text/event-stream" {
		t.Fatalf("%d %s", res.StatusCode, got)
	}
	if text, _ := line(); text != ": huawu" { // the stream stands before anything happens
		t.Fatalf("first line %q", text)
	}
	b.engine.happen(event(fact.CallOffered, "c1"), event(fact.QueueJoined, "c1"))
	if got, want := events(t, line, 2), []string{"e1.9.1 call.offered c1", "e1.10.1 queue.joined c1"}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func TestAStreamResumesAfterTheLastEvent(t *testing.T) {
	b := serve(t)
	for i := range 5 {
		b.engine.happen(event(fact.CallOffered, fact.CallID(fmt.Sprint("c", i))))
	}
	_, line := b.follow("?after=e1.8.1", "Last-Event-ID", "e1.10.1") // the header wins
	want := []string{"e1.11.1 call.offered c3", "e1.12.1 call.offered c4"}
	if got := events(t, line, 2); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	_, line = b.follow("?after=e1.11.1")
	if got := events(t, line, 1); !slices.Equal(got, want[1:]) {
		t.Errorf("events %v, want %v", got, want[1:])
	}
}

func TestAStreamCatchesUpFromTheStore(t *testing.T) {
	b := serve(t)
	for i := range uint64(catchUp + 20) {
		b.store.events = append(b.store.events, PlacedEvent{Cursor: engine.Cursor{Epoch: fakeEpoch, Seq: i + 1, N: 1},
			Event: event(fact.CallOffered, "stored")})
	}
	last := uint64(catchUp + 20)
	b.engine.seq, b.engine.oldest = last, last
	b.engine.happen(event(fact.CallEnded, "live"))
	_, line := b.follow("?after=e1.2.1")
	got := events(t, line, catchUp+19)
	if got[0] != "e1.3.1 call.offered stored" || got[catchUp+17] != fmt.Sprintf("e1.%d.1 call.offered stored", last) ||
		got[catchUp+18] != fmt.Sprintf("e1.%d.1 call.ended live", last+1) {
		t.Errorf("events %v … %v", got[0], got[catchUp+16:])
	}
}

func TestAStreamWaitsForAStoreThatLags(t *testing.T) {
	b := serve(t)
	b.engine.seq, b.engine.oldest = 20, 20
	b.engine.happen(event(fact.CallEnded, "live"))
	_, line := b.follow("?after=e1.2.1") // returns when the stream stands
	b.store.mu.Lock()
	b.store.events = []PlacedEvent{{Cursor: engine.Cursor{Epoch: fakeEpoch, Seq: 20, N: 1}, Event: event(fact.CallOffered, "late")}}
	b.store.mu.Unlock()
	want := []string{"e1.20.1 call.offered late", "e1.21.1 call.ended live"}
	if got := events(t, line, 2); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func TestStreamsAreFiltered(t *testing.T) {
	b := serve(t)
	for _, e := range []fact.Event{event(fact.CallOffered, "c1"), event(fact.LegCreated, "c1"), event(fact.QueueJoined, "c2"),
		event(fact.CallEnded, "c2"), event(fact.AgentState, ""), {Tenant: fact.DefaultTenant, Kind: fact.QueueLeft, Call: "c3", Queue: "sales"}} {
		b.engine.happen(e)
	}
	for query, want := range map[string][]string{
		"&kind=call.*":               {"e1.8.1 call.offered c1", "e1.11.1 call.ended c2"},
		"&kind=agent.state,leg.*":    {"e1.9.1 leg.created c1", "e1.12.1 agent.state "},
		"&queue=sales":               {"e1.13.1 queue.left c3"},
		"&call=c2":                   {"e1.10.1 queue.joined c2", "e1.11.1 call.ended c2"},
		"&call=c2&kind=queue.joined": {"e1.10.1 queue.joined c2"},
	} {
		_, line := b.follow("?after=e1.7.1" + query)
		if got := events(t, line, len(want)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func TestStreamsThatCannotBeAreRefused(t *testing.T) {
	b := serve(t)
	b.problem("GET", "/api/v1/events?after=x", "", http.StatusUnprocessableEntity, "invalid-cursor")
	b.problem("GET", "/api/v1/events?queue=nix", "", http.StatusNotFound, "not-found")
	for _, kind := range []string{"foo", "call.*,queue.*,cal.*", "call.ended,", "call.ende"} {
		b.problem("GET", "/api/v1/events?kind="+kind, "", http.StatusUnprocessableEntity, "invalid")
	}
	b.problem("GET", "/api/v1/events?kinds=x", "", http.StatusUnprocessableEntity, "invalid")
	b.engine.oldest = 100
	b.engine.happen(event(fact.CallEnded, "live"))
	b.store.down = fmt.Errorf("connection refused: %w", ErrUnavailable)
	b.problem("GET", "/api/v1/events?after=e1.2.1", "", http.StatusServiceUnavailable, "unavailable")
	for range maxFeeds {
		b.feeds <- struct{}{}
	}
	b.problem("GET", "/api/v1/events", "", http.StatusServiceUnavailable, "unavailable")
}

// gone is an engine whose journal is another one than a client's cursor names.
type gone struct{ *fakeEngine }

func (g gone) Feed(after engine.Cursor) Feed {
	if !after.IsZero() && after.Epoch != fakeEpoch {
		return goneFeed{after}
	}
	return g.fakeEngine.Feed(after)
}

type goneFeed struct{ at engine.Cursor }

func (f goneFeed) Cursor() engine.Cursor { return f.at }
func (f goneFeed) Next(context.Context) ([]fact.Sequenced, error) {
	return nil, fmt.Errorf("the journal is another one: %w", engine.ErrGap)
}

func TestACursorOfAJournalThatNobodyKnowsIsGone(t *testing.T) {
	b := setup(t)
	b.Server.engine = gone{b.engine}
	b.problem("GET", "/api/v1/events?after=e0.2.1", "", http.StatusGone, "gone")
}

func TestStreamsEndWithTheServer(t *testing.T) {
	b := serve(t)
	_, line := b.follow("")
	line()
	b.stop()
	for {
		if _, ok := line(); !ok {
			return
		}
	}
}

func TestAReaderWhoTakesNothingIsCut(t *testing.T) {
	b := serve(t)
	b.writeLimit = 100 * time.Millisecond
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", readSecret); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil { // the stream stands
		t.Fatal(err)
	}
	big := event(fact.CallOffered, fact.CallID(strings.Repeat("x", 1<<16)))
	deadline := time.Now().Add(20 * time.Second)
	for len(b.feeds) > 0 {
		if time.Now().After(deadline) {
			t.Fatal("the reader still has a stream")
		}
		b.engine.happen(big, big, big, big)
		time.Sleep(5 * time.Millisecond)
	}
	if res := b.do("GET", "/api/v1/queues", "", nil); res.StatusCode != 200 {
		t.Errorf("meanwhile: %d", res.StatusCode)
	}
}

func TestTokens(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "token")
	if _, err := LoadTokens(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	for i, want := range []bool{true, false} { // one that is there is kept
		if created, err := CreateTokens(path); err != nil || created != want {
			t.Fatalf("%d: created %v, %v", i, created, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	secret, err := FirstToken(path)
	if err != nil || len(secret) < 40 {
		t.Errorf("token %q, %v", secret, err)
	}
	tokens, err := LoadTokens(path)
	if err != nil || len(tokens) != 1 || tokens[0].Name != "admin" || tokens[0].Role != RoleAdmin {
		t.Errorf("%+v, %v", tokens, err)
	}
	if _, ok := tokenOf(tokens, secret); !ok {
		t.Error("the token is not the file's")
	}
	if strings.Contains(fmt.Sprintf("%+v", tokens), secret) {
		t.Error("the secret is kept")
	}
	for text, want := range map[string]string{
		"":                             "holds no token",
		"# nothing\n":                  "holds no token",
		"short\n":                      ":1: token admin: want at least 16",
		"# x\nwall 0123456789abcdef x": `:2: token wall: role "x": want admin or read`,
		"a b c d\n":                    "4 words",
	} {
		file := filepath.Join(dir, "t")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadTokens(file); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		} else if strings.Contains(err.Error(), "0123456789abcdef") {
			t.Errorf("%q: the secret is told: %v", text, err)
		}
	}
	file := filepath.Join(dir, "many")
	if err := os.WriteFile(file, []byte("0123456789abcdef0 # mine\nwall 0123456789abcdef1 read\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tokens, err = LoadTokens(file)
	if wall, ok := tokenOf(tokens, "0123456789abcdef1"); err != nil || len(tokens) != 2 || !ok || wall.Role != RoleRead {
		t.Errorf("%+v, %v", tokens, err)
	}
}
