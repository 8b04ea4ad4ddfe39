//go:build postgres

package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
	"github.com/huawu/huawu/store/storetest"
)

func TestPostgres(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Exercise(t, server.Fresh)
	t.Run("wrong password", func(t *testing.T) {
		dsn, err := url.Parse(server.Fresh(t))
		if err != nil {
			t.Fatal(err)
		}
		dsn.User = url.UserPassword("huawu", "secret")
		refused(t, dsn.String(), store.ErrRefused, "password authentication failed")
	})
	t.Run("unknown database", func(t *testing.T) {
		refused(t, server.DSN("nowhere"), store.ErrRefused, "nowhere", "does not exist")
	})
	t.Run("a role that may not make tables", func(t *testing.T) {
		dsn, err := url.Parse(server.Fresh(t))
		if err != nil {
			t.Fatal(err)
		}
		execute(t, dsn.String(), "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "CREATE ROLE guest LOGIN PASSWORD 'secret'")
		dsn.User = url.UserPassword("guest", "secret")
		refused(t, dsn.String(), store.ErrRefused, "permission denied")
	})
	t.Run("sessions ended by an operator", func(t *testing.T) {
		dsn := server.Fresh(t)
		s := opened(t, dsn)
		for seq := uint64(1); seq <= 3; seq++ {
			execute(t, dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
			applyInTheEnd(t, s, seq)
		}
	})
	t.Run("the server restarts", func(t *testing.T) {
		s := opened(t, server.Fresh(t))
		applyInTheEnd(t, s, 1)
		server.Stop(t)
		if err := s.Apply(t.Context(), batch(2)); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("while it is away: %v, want ErrUnavailable", err)
		}
		if err := s.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("ping while it is away: %v, want ErrUnavailable", err)
		}
		server.Start(t)
		applyInTheEnd(t, s, 2)
	})
}

func BenchmarkPostgres(b *testing.B) {
	storetest.Bench(b, storetest.StartPostgres(b, "fsync=on").Fresh)
}

func batch(seq uint64) fact.Batch {
	return fact.Batch{Epoch: "e", Seq: seq, Events: []fact.Sequenced{{Seq: seq, N: 1,
		Event: fact.Event{Tenant: "t", Kind: fact.SwitchUp, Name: fmt.Sprint(seq)}}}}
}

// applyInTheEnd repeats a batch as a projector does until it is in, and checks
// that it is in once. Every failure on the way must say that it may pass.
func applyInTheEnd(t *testing.T, s *store.Store, seq uint64) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := s.Apply(t.Context(), batch(seq))
		if err == nil {
			break
		}
		if !errors.Is(err, store.ErrUnavailable) || time.Now().After(deadline) {
			t.Fatalf("apply %d: %v", seq, err)
		}
		time.Sleep(10 * time.Millisecond) // between tries, as a projector would
	}
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || uint64(len(events)) != seq {
		t.Fatalf("%d events are in, %v, want %d", len(events), err, seq)
	}
}

func opened(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !strings.Contains(err.Error(), "closed") {
			t.Error(err)
		}
	})
	return s
}

func execute(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
