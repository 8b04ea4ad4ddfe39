package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
)

// logs keeps what was logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), text)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// bench is an engine under test with all around it.
type bench struct {
	*Engine
	t      testing.TB
	log    *logs
	cancel context.CancelFunc
	result chan error
	loud   int // switches that say Up
	from   Cursor
}

func options(t testing.TB, dir string) (Options, *logs) {
	log := &logs{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of the engine:\n%s", log)
		}
	})
	return Options{Dir: dir, New: newToy, Restore: restoreToy, Log: slog.New(slog.NewTextHandler(log, nil))}, log
}

func open(t testing.TB, o Options) *Engine {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return e
}

// start runs an engine; change may alter its options.
func start(t testing.TB, dir string, change func(*Options), switches ...media.Switch) *bench {
	t.Helper()
	o, log := options(t, dir)
	if change != nil {
		change(&o)
	}
	b := &bench{Engine: open(t, o), t: t, log: log, result: make(chan error, 1)}
	for _, sw := range switches {
		if f, ok := sw.(*fakeSwitch); ok {
			f.now = b.Clock().Now
			if !f.silent {
				b.loud++
			}
		}
	}
	_, b.from = b.View()
	b.from.Seq++
	var ctx context.Context
	ctx, b.cancel = context.WithCancel(context.Background())
	go func() { b.result <- b.Run(ctx, switches...) }()
	return b
}

// stop ends the engine as SIGINT does.
func (b *bench) stop() {
	b.t.Helper()
	b.cancel()
	if err := <-b.result; err != nil {
		b.t.Errorf("Run: %v", err)
	}
}

// until waits for a condition that others bring about.
func (b *bench) until(what string, ok func() bool) {
	b.t.Helper()
	for range 60_000 {
		if ok() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	b.t.Fatalf("waited in vain: %s", what)
}

// events gives every event of this run to each, until that says it is enough.
func (b *bench) events(each func(fact.Sequenced) (enough bool)) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	feed := b.Feed(b.from)
	for {
		events, err := feed.Next(ctx)
		if err != nil {
			b.t.Fatalf("feed: %v", err)
		}
		for _, e := range events {
			if each(e) {
				return
			}
		}
	}
}

// settled waits until everything said so far has been stepped and followed.
func (b *bench) settled() {
	b.t.Helper()
	b.fine()
	b.until("the switches are up", func() bool {
		h := b.Health()
		up := 0
		for _, s := range h.Switches {
			if s.Up {
				up++
			}
		}
		return up >= b.loud
	})
	b.until("the inbox is empty", func() bool { n, _ := b.inbox.load(); return n == 0 })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := b.Ask(ctx, "test", center.Ready{})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.Await(ctx, c); err != nil {
		b.t.Fatal(err)
	}
}

// fakeSwitch is a switch that says what a test has it say.
type fakeSwitch struct {
	name   string
	now    func() fact.Instant
	legs   []media.LegInfo
	silent bool // says no Up
	// do is what Do does; nil does nothing.
	do func(ctx context.Context, cmd media.Command) error

	mu   sync.Mutex
	sent []media.Command
	runs int
	says chan media.Event
	caps media.Capabilities
}

func newFake(name string) *fakeSwitch {
	return &fakeSwitch{name: name, says: make(chan media.Event), caps: media.Capabilities{Deflect: true}}
}

func (s *fakeSwitch) Name() string                     { return s.name }
func (s *fakeSwitch) Capabilities() media.Capabilities { return s.caps }

func (s *fakeSwitch) Run(ctx context.Context, emit func(media.Event)) error {
	s.mu.Lock()
	s.runs++
	s.mu.Unlock()
	if !s.silent {
		emit(media.Up{Head: media.Head{At: s.now()}, Switch: s.name, Legs: s.legs})
	}
	for {
		select {
		case ev := <-s.says:
			emit(ev)
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *fakeSwitch) Do(ctx context.Context, cmd media.Command) error {
	s.mu.Lock()
	s.sent = append(s.sent, cmd)
	s.mu.Unlock()
	if s.do != nil {
		return s.do(ctx, cmd)
	}
	return nil
}

func (s *fakeSwitch) commands() []media.Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]media.Command(nil), s.sent...)
}

func (s *fakeSwitch) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs
}

func (s *fakeSwitch) leg(n int) fact.LegID { return fact.LegID(fmt.Sprintf("%s/%d", s.name, n)) }

func (s *fakeSwitch) arrives(n int) {
	s.says <- media.LegArrived{Head: media.Head{At: s.now()}, Leg: s.leg(n), State: media.LegRing, To: "95000"}
}

func (s *fakeSwitch) key(n int, key string) {
	s.says <- media.Digit{Head: media.Head{At: s.now()}, Leg: s.leg(n), Key: key}
}

func (s *fakeSwitch) ends(n int) {
	s.says <- media.LegEnded{Head: media.Head{At: s.now()}, Leg: s.leg(n)}
}

// fakeStore is a Store in memory that can be away.
type fakeStore struct {
	mu      sync.Mutex
	epoch   string
	seq     uint64
	events  []fact.Sequenced
	records []fact.Record
	wrapups []fact.WrapUp
	counted []fact.NormCount
	away    error // Apply fails and changes nothing
	after   error // Apply fails, having happened
	twice   int   // batches handed over again
}

var errAway = errors.New("the database is away")

func (s *fakeStore) Apply(_ context.Context, b fact.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away != nil {
		return s.away
	}
	if b.Epoch == s.epoch && b.Seq <= s.seq {
		s.twice++
		return nil
	}
	s.epoch, s.seq = b.Epoch, b.Seq
	s.events = append(s.events, b.Events...)
	s.records = append(s.records, b.Records...)
	s.wrapups = append(s.wrapups, b.WrapUps...)
	s.counted = append(s.counted, b.Counts...)
	err := s.after
	s.after = nil
	return err
}

func (s *fakeStore) Applied(context.Context) (string, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch, s.seq, s.away
}

func (s *fakeStore) set(away, after error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away, s.after = away, after
}

func (s *fakeStore) counts() (events, records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events), len(s.records)
}

// offered is the calls that the store was told began, in order.
func (s *fakeStore) kinds(kind fact.Kind) []fact.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []fact.Event
	for _, e := range s.events {
		if e.Event.Kind == kind {
			out = append(out, e.Event)
		}
	}
	return out
}

// inOrder fails unless events came once each, in the journal's order.
func (s *fakeStore) inOrder(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := 1; i < len(s.events); i++ {
		a, b := s.events[i-1], s.events[i]
		if b.Seq < a.Seq || (b.Seq == a.Seq && b.N != a.N+1) || (b.Seq > a.Seq && b.N != 1) {
			t.Fatalf("event %d.%d comes after %d.%d", b.Seq, b.N, a.Seq, a.N)
		}
	}
}

// journalFiles are the journal's files in order.
func journalFiles(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "journal-*.log"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func copyDir(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, keyName), 0o600); err != nil {
		t.Fatal(err)
	}
}

func routingReason(s string) routing.PauseReason { return routing.PauseReason(s) }

// fine fails when the follower stands still.
func (b *bench) fine() {
	b.t.Helper()
	if err := b.followError.Load(); err != nil {
		b.stop()
		b.t.Fatal(*err)
	}
}

func signIn(agent fact.AgentID) center.Operation { return center.SignIn{Agent: agent} }
