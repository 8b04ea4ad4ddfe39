package ari

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Switch is one Asterisk. Make it with New. Its methods may be called from any
// goroutine.
type Switch struct {
	config   Config
	contexts Contexts
	log      *slog.Logger
	rest     *rest
	running  atomic.Bool
	trouble  atomic.Pointer[string] // why the last session ended
	count    counters

	mu   sync.Mutex
	link *link // nil while there is no connection
	now  fact.Instant
	out  []media.Event // said and not yet emitted

	legs          map[string]*leg     // by channel
	rooms         map[string]*room    // by bridge
	holdings      map[string]*holding // by bridge
	plays         map[string]*play    // by playback
	recordings    map[string]*recording
	sides         map[string]*side // by file name without extension
	snoops        map[string]func(at fact.Instant)
	spies         map[string]*spy // by snoop channel
	ended         recent          // legs, plays, recordings whose last word was said
	transfers     map[fact.TransferID]*transfer
	transferCount int
	endpoints     map[fact.Endpoint]bool
	// waiting are those who wait for StasisStart, by channel (cookbook rule 1).
	waiting map[string]chan error
}

// New checks the configuration and makes a driver that is not connected. Errors
// wrap media.ErrInvalid and name the field.
func New(c Config) (*Switch, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("ari: %w", err)
	}
	s := &Switch{
		config: c, contexts: ContextsOf(c.Prefix), log: c.Logger.With("switch", c.Name),
		legs: map[string]*leg{}, rooms: map[string]*room{}, holdings: map[string]*holding{}, plays: map[string]*play{},
		recordings: map[string]*recording{}, sides: map[string]*side{}, snoops: map[string]func(fact.Instant){},
		spies: map[string]*spy{}, transfers: map[fact.TransferID]*transfer{}, endpoints: map[fact.Endpoint]bool{},
		waiting: map[string]chan error{},
	}
	s.rest = newRest(c, &s.count.requests, &s.count.failures)
	return s, nil
}

// Name implements media.Switch.
func (s *Switch) Name() string { return s.config.Name }

// Capabilities implements media.Switch.
func (s *Switch) Capabilities() media.Capabilities {
	return media.Capabilities{
		Transfers: media.TransferAskFirst, TalkDetect: true, RecordMute: true, RecordSides: true,
		ThreeWay: true, Deflect: true, SendDigits: true, Endpoints: true,
	}
}

// Run implements media.Switch. It returns ErrReplaced when another controller
// took the application over, and ErrCredentials when Asterisk refuses user or
// password from the first attempt on; everything else it keeps trying.
func (s *Switch) Run(ctx context.Context, emit func(media.Event)) error {
	if !s.running.CompareAndSwap(false, true) {
		return fmt.Errorf("run %s: it is running: %w", s.config.Name, media.ErrRefused)
	}
	defer s.running.Store(false)
	defer s.rest.close()
	pause, everUp, last := time.Duration(0), false, ""
	for {
		up, err := s.session(ctx, emit)
		if ctx.Err() != nil {
			return nil
		}
		everUp = everUp || up
		if errors.Is(err, ErrReplaced) || errors.Is(err, ErrCredentials) && !everUp {
			return fmt.Errorf("run %s: %w", s.config.Name, err)
		}
		if up {
			pause = 0
			s.log.Warn("connection lost", "reason", err)
		} else if last != err.Error() {
			s.log.Warn("cannot connect, trying on", "reason", err) // once for each reason
		}
		last = err.Error()
		s.trouble.Store(new(last))
		pause = s.backoff(pause)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// Trouble is why the last attempt to connect, or the last connection, ended; ""
// when there was none. It may be called at any time.
func (s *Switch) Trouble() string {
	if t := s.trouble.Load(); t != nil {
		return *t
	}
	return ""
}

// backoff is the pause after one of this length: twice as long up to the
// bound, less up to a half at random, so that controllers do not come together.
func (s *Switch) backoff(was time.Duration) time.Duration {
	next := min(max(2*was, s.config.BackoffMax/50), s.config.BackoffMax)
	return next - rand.N(next/2+1)
}

// say appends an event for emit, stamped with what is being handled. Under the
// lock.
func (s *Switch) say(e media.Event) { s.out = append(s.out, e) }

// head is the stamp of what is being handled. Under the lock.
func (s *Switch) head() media.Head { return media.Head{At: s.now} }

// chore hands a request that nobody waits for to the connection's workers.
// Too many of them cost the connection. Under the lock.
func (s *Switch) chore(f func(ctx context.Context)) {
	if s.link == nil {
		return
	}
	select {
	case s.link.chores <- f:
	default:
		s.link.fail(errors.New("too many requests are waiting"))
	}
}

// post has f called by the dispatcher, under the lock, after the events that
// were received before.
func (s *Switch) post(ctx context.Context, l *link, f func()) {
	select {
	case l.queue <- item{at: s.config.Clock(), then: f}:
		l.rouse()
	case <-ctx.Done():
	}
}
