package ari

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

const (
	// maxEvent bounds one event; Asterisk's largest are some 10 kB.
	maxEvent = 16 << 20
	// choreWorkers carry out requests that nobody waits for, maxChores of
	// which may wait.
	choreWorkers = 4
	maxChores    = 4096
)

// link is one connection: an event socket and what lives as long as it.
type link struct {
	ctx    context.Context
	fail   func(error) // ends the connection; the first reason counts
	queue  chan item   // received, in order, not yet handled
	chores chan func(ctx context.Context)
	pulse  chan string // names of our own events that came back
	// turn is held while an event is handled, one at a time and in order.
	turn sync.Mutex
	// direct says that what is read is handled at once, by who reads it: the
	// listing is over and the queue was empty. Under turn.
	direct bool
	wake   chan struct{} // one slot: there is something for follow
	alarms alarms        // under the Switch's lock
	export bool          // the function EXPORT is there
	skew   int64         // our steady time minus the switch's wall clock, ms
	up     bool          // Up was emitted; under the Switch's lock
}

// item is an event as received, or something to do in its order.
type item struct {
	at    fact.Instant
	event *event
	then  func()
}

// session is one connection from dialling to its end. up says that Up was
// emitted; Down has been, then, unless ctx ended.
func (s *Switch) session(ctx context.Context, emit func(media.Event)) (up bool, err error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return false, err
	}
	conn.SetReadLimit(maxEvent)

	linkCtx, cancel := context.WithCancelCause(ctx)
	l := &link{
		ctx: linkCtx, fail: cancel,
		queue:  make(chan item, s.config.QueueSize),
		chores: make(chan func(context.Context), maxChores),
		pulse:  make(chan string, 1),
		wake:   make(chan struct{}, 1),
	}
	// Whoever gives the connection up need not wait for who reads it.
	context.AfterFunc(linkCtx, func() {
		if ctx.Err() == nil {
			_ = conn.CloseNow()
		}
	})
	var wg sync.WaitGroup
	wg.Go(func() { s.read(l, conn, emit) })
	wg.Go(func() { s.beat(l, conn) })
	for range choreWorkers {
		wg.Go(func() { work(l) })
	}
	s.attach(l)
	err = s.follow(l, emit)
	if linkCtx.Err() != nil && !errors.Is(err, ErrReplaced) {
		err = context.Cause(linkCtx) // rather than what failed because of it
	}
	cancel(err)
	if ctx.Err() != nil {
		goodbye(conn)
	}
	// A peer that is gone would not answer a goodbye. Reading ends with this.
	_ = conn.CloseNow()
	wg.Wait()
	up = s.detach(l)
	if up && ctx.Err() == nil {
		s.emit(emit, s.config.Clock(), func() { s.say(media.Down{Head: s.head(), Switch: s.config.Name, Reason: err.Error()}) })
	}
	return up, err
}

// dial opens the event socket.
func (s *Switch) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.RequestTimeout)
	defer cancel()
	target := "ws" + strings.TrimPrefix(s.rest.base, "http") + "/events?" + url.Values{"app": {s.config.App + "," + s.endpointsApp()}, "subscribeAll": {"false"}}.Encode()
	header := http.Header{}
	// Not as api_key in the URL, which logs keep.
	header.Set("Authorization", s.rest.authorization)
	conn, resp, err := websocket.Dial(ctx, target, &websocket.DialOptions{HTTPClient: s.rest.upgrade, HTTPHeader: header})
	switch {
	case err == nil:
		return conn, nil
	case resp != nil && resp.StatusCode == http.StatusUnauthorized:
		return nil, fmt.Errorf("open event socket as %q: %w", s.config.User, ErrCredentials)
	case resp != nil:
		return nil, fmt.Errorf("open event socket: HTTP %s: %w", resp.Status, media.ErrUnavailable)
	}
	return nil, fmt.Errorf("open event socket: %w: %w", media.ErrUnavailable, err)
}

// manners is how long Asterisk is given to answer a goodbye.
const manners = 500 * time.Millisecond

// goodbye ends an event socket in good order, so that Asterisk is done with the
// application when the next controller comes: otherwise it may take it from
// that one (measured: 9 of 300 times without a pause, never after a goodbye).
// Somebody must be reading.
func goodbye(conn *websocket.Conn) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		_ = conn.Close(websocket.StatusNormalClosure, "") // it is closed anyhow
	}()
	select {
	case <-said:
	case <-time.After(manners):
		_ = conn.CloseNow() // which ends the other
		<-said
	}
}

// read stamps, decodes and handles what arrives until the connection ends; while
// others are before it, it queues.
func (s *Switch) read(l *link, conn *websocket.Conn, emit func(media.Event)) {
	var text bytes.Buffer
	for {
		text.Reset()
		// Not under the link's context, which would break the socket off.
		_, message, err := conn.Reader(context.Background())
		if err == nil {
			_, err = text.ReadFrom(message)
		}
		if err != nil {
			l.fail(fmt.Errorf("event socket: %w", err))
			return
		}
		raw := text.Bytes()
		if name, ours := beatOf(raw); ours {
			select {
			case l.pulse <- name:
			default: // nobody waits for it any more
			}
			continue
		}
		s.count.events.Add(1)
		at := s.config.Clock()
		e, mended, err := decode(raw)
		if err != nil {
			s.count.broken.Add(1)
			s.log.Warn("event cannot be read", "error", err)
			continue
		}
		if mended {
			s.count.mended.Add(1)
		}
		done, err := s.handleNow(l, item{at: at, event: e}, emit)
		if err == nil && !done {
			select {
			case l.queue <- item{at: at, event: e}:
				l.rouse()
			default:
				s.count.overflows.Add(1)
				err = fmt.Errorf("event queue: %d events wait", s.config.QueueSize)
			}
		}
		if err != nil {
			l.fail(err)
			return
		}
	}
}

// firstPulse is how soon after the connection stands it is first looked at
// whether events come.
const firstPulse = 200 * time.Millisecond

// beat watches the connection, for Asterisk does not, and neither side would
// notice a stall: a ping that must be answered, and an event of our own that
// must come back. The socket may stand and nothing come: Asterisk takes the
// application from a socket that began just before it cleaned up after another
// one, and then every call fails; or REST does not answer any more.
func (s *Switch) beat(l *link, conn *websocket.Conn) {
	timer := time.NewTimer(firstPulse)
	defer timer.Stop()
	compared, seen := time.Now(), &comparison{}
	for n := 0; ; n++ {
		select {
		case <-l.ctx.Done():
			return
		case <-timer.C:
		}
		ctx, cancel := context.WithTimeout(l.ctx, s.config.Heartbeat)
		err := conn.Ping(ctx)
		cancel()
		if err != nil {
			l.fail(fmt.Errorf("event socket: no answer to a ping in %v", s.config.Heartbeat))
			return
		}
		if err := s.feel(l, fmt.Sprintf("%s%d", beatName, n)); err != nil {
			l.fail(err)
			return
		}
		if time.Since(compared) >= s.config.Compare {
			compared = time.Now()
			if err := s.compare(l, seen); err != nil {
				l.fail(err)
				return
			}
		}
		timer.Reset(s.config.Heartbeat)
	}
}

// beatName begins the names of the driver's own events.
const beatName = "huawu-beat-"

var (
	beatMark = []byte(`"` + beatName)
	beatType = []byte(`"ChannelUserevent"`)
)

// beatOf is the name of an event of the driver's own.
func beatOf(raw []byte) (name string, ours bool) {
	if !bytes.Contains(raw, beatMark) || !bytes.Contains(raw, beatType) {
		return "", false
	}
	var e struct {
		Name string `json:"eventname"`
	}
	if _, err := lenient(raw, &e); err != nil || !strings.HasPrefix(e.Name, beatName) {
		return "", false
	}
	return e.Name, true
}

// feel has Asterisk send an event of ours and waits for it.
func (s *Switch) feel(l *link, name string) error {
	err := s.rest.post(l.ctx, path("events", "user", name), params("application", s.config.App))
	switch {
	case is(err, http.StatusNotFound):
		return fmt.Errorf("application %s is not registered any more: %w", s.config.App, err)
	case answered(err):
		return nil // a fault of one request is none of the connection
	case err != nil:
		return err
	}
	limit := time.NewTimer(s.config.RequestTimeout)
	defer limit.Stop()
	for {
		select {
		case came := <-l.pulse:
			if came == name {
				return nil
			}
		case <-l.ctx.Done():
			return context.Cause(l.ctx)
		case <-limit.C:
			return fmt.Errorf("event socket: it stands, and Asterisk's events do not come: application %s is not active", s.config.App)
		}
	}
}

func work(l *link) {
	for {
		select {
		case <-l.ctx.Done():
			return
		case f := <-l.chores:
			f(l.ctx)
		}
	}
}

// attach makes the connection the one that state belongs to.
func (s *Switch) attach(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link = l
}

// detach ends that and lets go of everybody who waits for an event.
func (s *Switch) detach(l *link) (wasUp bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link = nil
	for id, w := range s.waiting {
		w <- fmt.Errorf("the connection was lost: %w", media.ErrUnknown)
		delete(s.waiting, id)
	}
	return l.up
}
