// Package storetest holds the store to one behaviour on every database it runs
// on: Exercise is the suite, Bench its benchmark, and, with the build tag
// postgres, StartPostgres brings up a real PostgreSQL to run them against.
package storetest

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huawu/huawu/store"
)

// Exercise runs the suite. fresh gives the DSN of a new, empty database that
// lasts as long as the test it is given. The package that calls it must hand
// its TestMain to Main.
func Exercise(t *testing.T, fresh func(testing.TB) string) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, func(testing.TB) string)
	}{
		{"every field of a record comes back", recordRoundTrip},
		{"every field of an event comes back", eventRoundTrip},
		{"hostile text is made fit", hostileText},
		{"a batch counts once", batchOnce},
		{"a batch that straddles the cursor is refused", batchStraddles},
		{"a batch out of order is refused", batchOutOfOrder},
		{"a batch is in as a whole or not at all", batchWhole},
		{"a batch of many records", batchOfMany},
		{"a second record and a lost wrap-up are told", leftOut},
		{"two projectors apply a batch once", projectorsRace},
		{"a projector killed at any moment applies each input once", projectorKilled},
		{"readers see whole batches while a projector writes", readersBesideWriter},
		{"events are in order across batches and journals", eventOrder},
		{"a feed catches up by its cursor", eventCursor},
		{"calls are found by each filter", callFilters},
		{"calls are paged without gap or repeat", callPages},
		{"a call is read whole", callHistory},
		{"a caller's earlier calls", callerHistory},
		{"what agents write about a call", callLog},
		{"what callers think of a call", surveys},
		{"what is counted of norms", normCounts},
		{"the list of numbers", numberList},
		{"strikes against a number", numberStrikes},
		{"of two who change the list none is lost", numberRace},
		{"callbacks", callbacks},
		{"callbacks follow their attempts and people", callbackTries},
		{"of two who close a callback one conflicts", callbackRace},
		{"recordings of phrases", phraseRecordings},
		{"of two who save a recording each has a version", phraseRecordingRace},
		{"versions of a centre", centreVersions},
		{"of two who save a centre one conflicts", centreRace},
		{"PINs", pins},
		{"every method that writes is in the audit", auditOfEveryWrite},
		{"what cannot be audited is not done", auditNeedsActor},
		{"the audit is found by each filter", auditFilters},
		{"versions and audit cannot be rewritten", frozen},
		{"tenants are apart", tenantsApart},
		{"every table carries the tenant", tenantColumns},
		{"pruning", pruning},
		{"programs that start together migrate once", migrateTogether},
		{"a schema newer than the program is refused", newerSchema},
		{"a schema older than the program is brought up", olderSchema},
		{"bad arguments are named and change nothing", badArguments},
		{"a cancelled call says so", cancelled},
		{"a closed store fails", closedStore},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, fresh) })
	}
}

// start is the clock of the suite's stores.
var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// lily is whom the suite acts for.
var lily = store.Actor{Name: "lily", Via: "rest"}

// open opens a store that is closed with the test. Its clock is one second
// later at each look.
func open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, _ := openLogged(t, dsn)
	return s
}

func openLogged(t testing.TB, dsn string) (*store.Store, *logged) {
	t.Helper()
	var l logged
	var mu sync.Mutex
	now := start
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.NewTextHandler(&l, nil)),
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(time.Second)
			return now
		}})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, &l
}

// logged is a log that a test reads.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// must stops the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got stops the test on an error and else gives the value.
func got[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// everyEvent is all events of a store, page by page.
func everyEvent(t testing.TB, ctx context.Context, s *store.Store) []store.Event {
	t.Helper()
	var all []store.Event
	var after store.Cursor
	for {
		page, err := s.Events(ctx, store.EventFilter{After: after, Limit: 7})
		must(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = page[len(page)-1].Cursor()
	}
}

var discard = slog.New(slog.DiscardHandler)
