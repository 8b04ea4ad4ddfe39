package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/strict"
)

// Bounds of the feeds of events.
const (
	maxFeeds  = 256              // streams at once
	heartbeat = 15 * time.Second // between two signs of life
	catchUp   = 500              // events read from the store at once
	lagLimit  = 30 * time.Second // for the store to catch up with the feed
	lagPause  = 200 * time.Millisecond
)

// EventItem is one event in a feed. ID is its cursor: a client that comes back
// with it as Last-Event-ID misses nothing.
type EventItem struct {
	ID string `json:"id" doc:"the event's cursor"`
	fact.Event
}

func itemOf(c engine.Cursor, e fact.Event) EventItem { return EventItem{ID: c.String(), Event: e} }

const eventsPath = "/api/v1/events"

func (s *Server) eventRoutes() {
	s.gin.GET(eventsPath, s.events)
	text := &huma.Schema{Type: huma.TypeString}
	s.huma.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodGet, Path: eventsPath, OperationID: "follow-events",
		Summary:     "Follow events as server-sent events",
		Description: "Each event's id is its cursor, its name the kind, its data the event as JSON. A comment comes every 15 s. After a cursor that is older than what is at hand, events come from the store first.",
		Parameters: []*huma.Param{
			{Name: "kind", In: "query", Schema: text, Description: "only these kinds, divided by commas; \"call.*\" is all that begin so"},
			{Name: "call", In: "query", Schema: text, Description: "only events of this call"},
			{Name: "queue", In: "query", Schema: text, Description: "only events of this queue"},
			{Name: "after", In: "query", Schema: text, Description: "begin after this cursor; from now on when absent"},
			{Name: "tenant", In: "query", Schema: text, Description: "whose centre"},
			{Name: "Last-Event-ID", In: "header", Schema: text, Description: "as after; it wins"},
		},
		Responses: map[string]*huma.Response{"200": {Description: "the stream", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: text}}}},
	})
}

// eventFilter chooses events of a stream.
type eventFilter struct {
	kinds []string
	call  fact.CallID
	queue fact.QueueID
}

func (f eventFilter) takes(e fact.Event) bool {
	if f.call != "" && e.Call != f.call || f.queue != "" && e.Queue != f.queue {
		return false
	}
	return len(f.kinds) == 0 || slices.ContainsFunc(f.kinds, func(k string) bool {
		prefix, family := strings.CutSuffix(k, "*")
		return k == string(e.Kind) || family && strings.HasPrefix(string(e.Kind), prefix)
	})
}

// knownKind refuses a kind, or a family such as "call.*", that no event is of.
func knownKind(kind string) error {
	one := eventFilter{kinds: []string{kind}}
	var all []string
	for _, k := range fact.Kinds {
		if one.takes(fact.Event{Kind: k}) {
			return nil
		}
		word := string(k)
		if strings.HasSuffix(kind, "*") {
			family, _, _ := strings.Cut(word, ".")
			word = family + ".*"
		}
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return fmt.Errorf("kind %q: %w: there are no such events; %s", kind, ErrInvalid, strict.Suggest(kind, all))
}

// events streams events until the client leaves, is too slow, or the server
// stops. The engine's loop is never made to wait: a reader that falls behind
// what is at hand goes on from the store.
func (s *Server) events(c *gin.Context) {
	f := eventFilter{call: fact.CallID(c.Query("call")), queue: fact.QueueID(c.Query("queue"))}
	for name := range c.Request.URL.Query() {
		if !slices.Contains([]string{"kind", "call", "queue", "after", "tenant"}, name) {
			s.refuse(c, fmt.Errorf("query %q: want kind, call, queue, after or tenant: %w", name, ErrInvalid))
			return
		}
	}
	if f.queue != "" {
		v, _ := s.engine.View()
		if _, err := queueIn(v, string(f.queue)); err != nil {
			s.refuse(c, err)
			return
		}
	}
	if kinds := c.Query("kind"); kinds != "" {
		f.kinds = strings.Split(kinds, ",")
		for _, k := range f.kinds {
			if err := knownKind(k); err != nil {
				s.refuse(c, err)
				return
			}
		}
	}
	var after engine.Cursor
	begin := c.GetHeader("Last-Event-ID")
	if begin == "" {
		begin = c.Query("after")
	}
	if begin != "" {
		var err error
		if after, err = engine.ParseCursor(begin); err != nil {
			s.refuse(c, err)
			return
		}
	}
	select {
	case s.feeds <- struct{}{}:
		defer func() { <-s.feeds }()
	default:
		s.refuse(c, fmt.Errorf("%d event streams are open, which is the most: %w", maxFeeds, ErrUnavailable))
		return
	}
	s.metrics.feeds.Inc()
	defer s.metrics.feeds.Dec()
	ctx, cancel := context.WithCancel(c.Request.Context())
	defer cancel()
	go func() {
		select {
		case <-s.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	st := &stream{s: s, w: c.Writer, control: http.NewResponseController(c.Writer), filter: f}
	switch err := st.run(ctx, after); {
	case ctx.Err() != nil: // the client or the server left
	case !st.begun:
		s.refuse(c, err)
	default:
		s.log.WarnContext(ctx, "an event stream was cut", "by", actorOf(ctx).Name, "error", err)
	}
}

// stream is one client's server-sent events.
type stream struct {
	s       *Server
	w       gin.ResponseWriter
	control *http.ResponseController
	filter  eventFilter
	begun   bool
}

// run sends events after a cursor; the zero cursor means from now on. It ends
// with the reason why it could not go on.
func (st *stream) run(ctx context.Context, after engine.Cursor) error {
	// What is older than the feed is asked of the store first, so that a
	// cursor that is no good is refused before the stream begins.
	feed := st.s.engine.Feed(after)
	for {
		events, err := st.next(ctx, feed)
		switch {
		case errors.Is(err, engine.ErrGap):
			last, err := st.fromStore(ctx, feed.Cursor())
			if err != nil {
				return err
			}
			feed = st.s.engine.Feed(last)
			continue
		case err != nil:
			return err
		}
		epoch := st.s.engine.Epoch()
		for _, e := range events {
			if err := st.send(engine.Cursor{Epoch: epoch, Seq: e.Seq, N: e.N}, e.Event); err != nil {
				return err
			}
		}
		if err := st.flush(len(events) == 0); err != nil {
			return err
		}
	}
}

// next waits for events for as long as a heartbeat; none and no error means
// that there was none.
func (st *stream) next(ctx context.Context, feed Feed) ([]fact.Sequenced, error) {
	wait := heartbeat
	if !st.begun {
		wait = time.Millisecond // the client hears at once that it is connected
	}
	limit, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	events, err := feed.Next(limit)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return events, err
}

// fromStore sends what the store has after a cursor until the feed reaches
// back far enough, and returns the last cursor sent. The store may lag.
func (st *stream) fromStore(ctx context.Context, after engine.Cursor) (engine.Cursor, error) {
	waited := time.Duration(0)
	for {
		limit, cancel := context.WithTimeout(ctx, storeLimit)
		events, err := st.s.store.Events(limit, st.s.tenant, after, catchUp)
		cancel()
		if errors.Is(err, ErrNotFound) {
			return after, fmt.Errorf("cursor %s: %w: %v", after, engine.ErrGap, err)
		}
		if err != nil {
			return after, err
		}
		for _, e := range events {
			if err := st.send(e.Cursor, e.Event); err != nil {
				return after, err
			}
			after = e.Cursor
		}
		if err := st.flush(false); err != nil {
			return after, err
		}
		if len(events) == catchUp {
			waited = 0
			continue
		}
		// All that the store has was sent. A journal that is gone adds nothing;
		// what follows it is the present one from its beginning.
		if epoch := st.s.engine.Epoch(); after.Epoch != epoch {
			after = engine.Cursor{Epoch: epoch}
		}
		// Does the feed reach back to it?
		probe, cancel := context.WithTimeout(ctx, time.Millisecond)
		_, err = st.s.engine.Feed(after).Next(probe)
		cancel()
		if !errors.Is(err, engine.ErrGap) {
			return after, nil
		}
		if waited += lagPause; waited > lagLimit {
			return after, fmt.Errorf("the store is behind the feed: %w", ErrUnavailable)
		}
		select {
		case <-time.After(lagPause):
		case <-ctx.Done():
			return after, ctx.Err()
		}
	}
}

// send writes one event if the filter takes it.
func (st *stream) send(c engine.Cursor, e fact.Event) error {
	if !st.filter.takes(e) {
		return nil
	}
	body, err := json.Marshal(itemOf(c, e))
	if err != nil { // plain structs always marshal
		panic(err)
	}
	if err := st.begin(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(st.w, "id: %s\nevent: %s\ndata: %s\n\n", c, e.Kind, body)
	return err
}

// begin sends the head of the stream and gives the client a while to take what
// follows.
func (st *stream) begin() error {
	if !st.begun {
		st.begun = true
		h := st.w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		st.w.WriteHeader(http.StatusOK)
	}
	return st.control.SetWriteDeadline(time.Now().Add(st.s.writeLimit))
}

// flush sends what was written; a quiet stream shows that it lives.
func (st *stream) flush(quiet bool) error {
	if err := st.begin(); err != nil {
		return err
	}
	if quiet {
		if _, err := st.w.WriteString(": huawu\n\n"); err != nil {
			return err
		}
	}
	return st.control.Flush()
}
