package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
)

// lite is the dialect of SQLite.
type lite struct{ path string }

func (l lite) String() string           { return "SQLite file " + l.path }
func (l lite) migrations() string       { return "migrations/sqlite" }
func (l lite) goose() goose.Dialect     { return goose.DialectSQLite3 }
func (l lite) snapshot() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }
func (l lite) spelled() bool            { return true }

// inTurn: a transaction that writes has SQLite's lock from its beginning.
func (l lite) inTurn(*gorm.DB, string) error { return nil }

// inside: a transaction that writes has SQLite's lock from its beginning, so
// that none of its statements waits for anybody; a context that can end would
// cost each of them a goroutine.
func (l lite) inside(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func (l lite) connect(ctx context.Context, o Options) (write, read *gorm.DB, err error) {
	// SQLite would say CANTOPEN for each of these; the system says why.
	// The file holds people's numbers: nobody else may read it, and SQLite
	// gives its -wal and -shm files the same mode.
	file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := file.Close(); err != nil {
		return nil, nil, err
	}
	// The first to open a file switches it to WAL, and SQLite does not always
	// wait for another one who is doing the same.
	err = l.alone(ctx, nil, func() (err error) {
		// What a statement would undo, should it fail, is kept in memory.
		if write, err = l.pool(ctx, o, 1, "immediate", "temp_store(MEMORY)"); err != nil {
			return err
		}
		read, err = l.pool(ctx, o, o.Connections, "deferred", "query_only(1)")
		return err
	})
	return write, read, err
}

func (l lite) pool(ctx context.Context, o Options, connections int, lock string, pragmas ...string) (*gorm.DB, error) {
	pragmas = append([]string{
		fmt.Sprintf("busy_timeout(%d)", o.Busy.Milliseconds()),
		"journal_mode(WAL)",
		"synchronous(NORMAL)", // the journal of the engine is what a power cut is answered with
		"foreign_keys(1)",
	}, pragmas...)
	source := url.URL{Scheme: "file", OmitHost: true, Path: l.path,
		RawQuery: url.Values{"_pragma": pragmas, "_txlock": {lock}}.Encode()}
	pool, err := sql.Open(sqlite.DriverName, source.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	// gorm's dialect asks the version without a context.
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db, err := gorm.Open(&sqlite.Dialector{Conn: pool}, gormConfig())
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// alone holds a lock file beside the database: SQLite's own locks last for a
// transaction, and each migration is one of its own. The kernel drops the lock
// with the process.
func (l lite) alone(ctx context.Context, _ *sql.DB, f func() error) (err error) {
	const again = 20 * time.Millisecond
	path := l.path + ".lock"
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return &os.PathError{Op: "lock", Path: path, Err: err}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process holds %s: %w", path, ctx.Err())
		case <-time.After(again):
		}
	}
}

// unwind: SQLite keeps a transaction open whose COMMIT failed for want of the
// lock, while database/sql holds it for ended; the next BEGIN would fail. The
// pool has but one connection, so this reaches the right one, and where there
// is nothing to roll back the error says just that.
func (l lite) unwind(ctx context.Context, write *gorm.DB) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), defaultBusy)
	defer cancel()
	write.WithContext(ctx).Exec("ROLLBACK")
}

// newLite checks the path of an SQLite file.
func newLite(path string) (dialect, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return lite{path: absolute}, nil
}
