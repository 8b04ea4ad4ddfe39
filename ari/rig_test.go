package ari_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/ari"
	"github.com/huawu/huawu/ari/aritest"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/media/mediatest"
)

// rig is a driver at work, with its far side and what it said.
type rig struct {
	*testing.T
	*mediatest.Bench
	server *aritest.Server // nil on a real Asterisk
	driver *ari.Switch

	mu      sync.Mutex
	changed chan struct{}
	events  []media.Event
	seen    int
	minted  int
	stop    context.CancelFunc
	done    chan error
	// hold, when set, has emit wait: a slow reader.
	hold chan struct{}
}

// start runs a driver against a fake Asterisk and waits for Up.
func start(t *testing.T, o aritest.Options, change ...func(*ari.Config)) *rig {
	t.Helper()
	s := aritest.New(t, o)
	log := func(c *ari.Config) { c.Logger = testLog(t) }
	r := newRig(t, s.Bench(t, append([]func(*ari.Config){log}, change...)...))
	r.server = s
	r.run()
	await(r, func(media.Up) bool { return true })
	return r
}

func newRig(t *testing.T, b *mediatest.Bench) *rig {
	return &rig{T: t, Bench: b, driver: b.Switch.(*ari.Switch), changed: make(chan struct{}), done: make(chan error, 1)}
}

// another has somebody beside the driver ask the fake for something.
func another(t *testing.T, s *aritest.Server, method, path, body string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, s.URL()+"/ari"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.SetBasicAuth(s.User, s.Password)
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Body.Close(); err != nil || a.StatusCode >= 300 {
		t.Fatalf("%s %s: %s, %v", method, path, a.Status, err)
	}
}

// run starts the driver; the test's end ends it.
func (r *rig) run() {
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() {
		r.done <- r.driver.Run(ctx, func(e media.Event) {
			r.mu.Lock()
			hold := r.hold
			r.mu.Unlock()
			if hold != nil {
				<-hold
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.events = append(r.events, e)
			close(r.changed)
			r.changed = make(chan struct{})
		})
	}()
	r.Cleanup(func() {
		stop()
		if err, open := <-r.done; open && err != nil && !errors.Is(err, ari.ErrReplaced) && !errors.Is(err, ari.ErrCredentials) {
			r.Errorf("Run: %v", err)
		}
		if r.Failed() {
			r.mu.Lock()
			defer r.mu.Unlock()
			for i, e := range r.events {
				r.Logf("%3d %s %+v", i, media.EventName(e), e)
			}
		}
	})
}

// await waits for the next event of a type that matches and passes over those
// before it.
func await[T media.Event](r *rig, match func(T) bool) T {
	r.Helper()
	limit := time.After(8 * time.Second)
	for {
		r.mu.Lock()
		for i := r.seen; i < len(r.events); i++ {
			if e, ok := r.events[i].(T); ok && match(e) {
				r.seen = i + 1
				r.mu.Unlock()
				return e
			}
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-limit:
			var none T
			r.Fatalf("in vain waited for %T", none)
		}
	}
}

// count is how many events of a type match.
func count[T media.Event](r *rig, match func(T) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, e := range r.events {
		if e, ok := e.(T); ok && match(e) {
			n++
		}
	}
	return n
}

// settle lets what must not come have time to come.
func (r *rig) settle() {
	t := time.NewTimer(r.Quiet)
	defer t.Stop()
	<-t.C
}

// eventually waits until something is so.
func (r *rig) eventually(what string, so func() bool) {
	r.Helper()
	if !poll(8*time.Second, so) {
		r.Fatalf("in vain waited for %s", what)
	}
}

// poll asks every 5 ms until something is so.
func poll(patience time.Duration, so func() bool) bool {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(patience); time.Now().Before(limit); <-tick.C {
		if so() {
			return true
		}
	}
	return so()
}

func (r *rig) do(cmd media.Command) error { return r.doWithin(8*time.Second, cmd) }

func (r *rig) doWithin(d time.Duration, cmd media.Command) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return r.driver.Do(ctx, cmd)
}

func (r *rig) must(cmd media.Command) {
	r.Helper()
	if err := r.do(cmd); err != nil {
		r.Fatalf("%s %+v: %v", media.CommandName(cmd), cmd, err)
	}
}

// birth keeps the ids of two runs on one real Asterisk apart.
var birth = time.Now().UnixMicro()

func id[T ~string](r *rig, kind string) T {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.minted++
	return fact.On[T]("pbx", fmt.Sprintf("%s-%x-%s-%d", kind, birth, r.Name(), r.minted))
}

// caller has somebody call.
func (r *rig) caller() (mediatest.Far, fact.LegID) {
	r.Helper()
	far := r.World.Call("13800000001", mediatest.Dialled)
	return far, await(r, func(media.LegArrived) bool { return true }).Leg
}

// talker is a caller who was answered.
func (r *rig) talker() (mediatest.Far, fact.LegID) {
	r.Helper()
	far, leg := r.caller()
	r.must(media.Answer{Leg: leg})
	await(r, func(e media.LegAnswered) bool { return e.Leg == leg })
	far.Answered()
	return far, leg
}

// agent is a leg to a phone that answered.
func (r *rig) agent() (mediatest.Far, fact.LegID) {
	r.Helper()
	p := r.World.Phone(mediatest.Behaviour{Then: mediatest.Answers})
	leg := id[fact.LegID](r, "leg")
	r.must(media.Create{Leg: leg, Endpoint: p.Endpoint(), Tag: media.Tag{Call: "c", Role: media.RoleAgent}})
	r.must(media.Dial{Leg: leg, Limit: 10 * time.Second})
	await(r, func(e media.LegAnswered) bool { return e.Leg == leg })
	far := p.Rung()
	far.Answered()
	return far, leg
}

// join puts legs into a room of their own.
func (r *rig) join(legs ...fact.LegID) fact.RoomID {
	r.Helper()
	room := id[fact.RoomID](r, "room")
	r.must(media.Join{Room: room, Legs: legs})
	for range legs {
		await(r, func(e media.Joined) bool { return e.Room == room })
	}
	return room
}
