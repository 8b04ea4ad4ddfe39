package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
)

func TestSentinelOfPostgres(t *testing.T) {
	for code, want := range map[string]error{
		"53100": ErrFull, "28P01": ErrRefused, "28000": ErrRefused, "3D000": ErrRefused, "42501": ErrRefused,
		"25006": ErrRefused, "53300": ErrUnavailable, "57P01": ErrUnavailable, "57P03": ErrUnavailable,
		"08006": ErrUnavailable, "40P01": ErrUnavailable, "40001": ErrUnavailable, "55P03": ErrUnavailable,
		"58030": ErrUnavailable, "XX001": ErrDamaged,
	} {
		if err := failed(t.Context(), "op", fmt.Errorf("query: %w", &pgconn.PgError{Code: code})); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", code, err, want)
		}
	}
	if err := sentinelOf(&pgconn.PgError{Code: "42601"}); err != nil {
		t.Errorf("a syntax error, ours, amounts to %v, want nothing", err)
	}
}

func TestFailedTellsTheOperationOnce(t *testing.T) {
	err := failed(t.Context(), "read", fmt.Errorf("%w: no journal", ErrNotFound))
	if err.Error() != "store: read: not found: no journal" {
		t.Errorf("got %q", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := failed(ctx, "read", errors.New("interrupted")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func openFile(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{DSN: filepath.Join(t.TempDir(), "centre.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLiteSettings(t *testing.T) {
	s := openFile(t)
	for _, c := range []struct {
		pragma      string
		write, read string
	}{
		{"journal_mode", "wal", "wal"}, {"synchronous", "1", "1"}, {"busy_timeout", "5000", "5000"},
		{"foreign_keys", "1", "1"}, {"query_only", "0", "1"},
	} {
		var write, read string
		if err := errors.Join(s.write.Raw("PRAGMA "+c.pragma).Scan(&write).Error, s.read.Raw("PRAGMA "+c.pragma).Scan(&read).Error); err != nil {
			t.Fatal(err)
		}
		if write != c.write || read != c.read {
			t.Errorf("%s: writers have %s, readers %s, want %s, %s", c.pragma, write, read, c.write, c.read)
		}
	}
}

// TestDiskFull bounds the file's pages, which SQLite tells as it tells a full
// disk.
func TestDiskFull(t *testing.T) {
	s := openFile(t)
	bound := func(pages int) {
		if err := s.write.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Error; err != nil {
			t.Fatal(err)
		}
	}
	bound(60)
	apply := func(seq uint64) error {
		return s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: seq, Events: []fact.Sequenced{{Seq: seq, N: 1,
			Event: fact.Event{Tenant: "t", Kind: fact.FlowNode, Name: strings.Repeat("x", 10_000)}}}})
	}
	seq, err := uint64(0), error(nil)
	for err == nil && seq < 100 {
		if err = apply(seq + 1); err == nil {
			seq++
		}
	}
	if !errors.Is(err, ErrFull) || seq == 0 {
		t.Fatalf("after %d batches: %v, want ErrFull", seq, err)
	}
	if _, applied, err := s.Applied(t.Context()); applied != seq || err != nil {
		t.Errorf("the cursor is at %d, %v, want %d", applied, err, seq)
	}
	bound(1000)
	if err := apply(seq + 1); err != nil {
		t.Errorf("with room again: %v", err)
	}
	events, err := s.Events(t.Context(), EventFilter{})
	if err != nil || uint64(len(events)) != seq+1 {
		t.Errorf("%d events are in, %v, want %d", len(events), err, seq+1)
	}
}

// TestFailedCommit: SQLite keeps the transaction open whose COMMIT failed, as
// one with a broken foreign key does.
func TestFailedCommit(t *testing.T) {
	s := openFile(t)
	err := s.change(t.Context(), "break", func(tx *gorm.DB) error {
		return errors.Join(tx.Exec("PRAGMA defer_foreign_keys = 1").Error, tx.Create(&recordingRow{Tenant: "t", Call: "none"}).Error)
	})
	if err == nil || !strings.Contains(err.Error(), "commit") {
		t.Fatalf("got %v, want the commit to fail", err)
	}
	if err := s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 1}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	var left int64
	if err := s.read.Model(&recordingRow{}).Count(&left).Error; err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}
