package store_test

import (
	"database/sql"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
	"github.com/huawu/huawu/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// freshFile is the path of an SQLite file that is not there yet.
func freshFile(tb testing.TB) string { return filepath.Join(tb.TempDir(), "centre.db") }

func TestSQLite(t *testing.T) { storetest.Exercise(t, freshFile) }

func BenchmarkSQLite(b *testing.B) { storetest.Bench(b, freshFile) }

// refused opens a store that must fail, with a sentinel and words that tell
// what is wrong, and without the password.
func refused(t *testing.T, dsn string, sentinel error, words ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Busy: 50 * time.Millisecond})
	if err == nil {
		s.Close()
	}
	if !errors.Is(err, sentinel) {
		t.Fatalf("open %s: got %v, want %v", dsn, err, sentinel)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the message does not tell %q: %v", word, err)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the message tells the password: %v", err)
	}
}

func TestOpenWrongDSN(t *testing.T) {
	refused(t, "", store.ErrInvalid, "DSN")
	refused(t, "mysql://root:secret@localhost/x", store.ErrInvalid, "mysql", "want postgres")
	refused(t, "postgres://huawu:secret@localhost:port/x", store.ErrInvalid, "port")
}

func TestOpenFolderMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "centre.db")
	refused(t, path, store.ErrRefused, path, "no such file")
}

func TestOpenFolderForFile(t *testing.T) {
	path := t.TempDir()
	refused(t, path, store.ErrRefused, path, "is a directory")
}

// A file that not even root may write.
func TestOpenFileReadOnly(t *testing.T) {
	refused(t, "/proc/sys/kernel/osrelease", store.ErrRefused, "permission denied")
}

func TestOpenFileOfAnotherKind(t *testing.T) {
	path := freshFile(t)
	text := []byte(strings.Repeat("no database at all\n", 500))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, store.ErrDamaged, path)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(text) {
		t.Errorf("the file was changed, %v", err)
	}
}

func TestOpenPathIsTakenLiterally(t *testing.T) {
	path := filepath.Join(t.TempDir(), "话 务?a=b#c%41&.db")
	s, err := store.Open(t.Context(), store.Options{DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("the file is not there: %v", err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	path := freshFile(t)
	s, err := store.Open(t.Context(), store.Options{DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 3 {
		t.Fatalf("files: %v, %v", files, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", file, info.Mode(), err)
		}
	}
}

// Another process writes and does not end.
func TestFileLocked(t *testing.T) {
	path := freshFile(t)
	s, err := store.Open(t.Context(), store.Options{DSN: path, Busy: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	batch := fact.Batch{Epoch: "e", Seq: 1}
	if err := s.Apply(t.Context(), batch); !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "locked") {
		t.Errorf("while locked: %v, want ErrUnavailable", err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("a reader while another writes: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), batch); err != nil {
		t.Errorf("after it was released: %v", err)
	}
}

func TestPostgresAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	refused(t, "postgres://huawu:secret@"+address+"/centre?sslmode=disable", store.ErrUnavailable, "centre", "refused")
}

// A server that takes the connection and says nothing.
func TestPostgresSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	refused(t, "postgres://huawu:secret@"+l.Addr().String()+"/centre?sslmode=disable&connect_timeout=1", store.ErrUnavailable, "centre")
}
