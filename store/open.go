package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Options says which database to use.
type Options struct {
	// DSN is "postgres://user:password@host:port/name?…" (every parameter
	// that libpq knows) for PostgreSQL; anything else is the path of an
	// SQLite file, which is created, readable by its owner only, if it is not
	// there. Its folder must exist.
	DSN string
	// Logger takes what happens to no caller's knowledge: migrations and
	// facts that the projection had to leave out. Nil means slog.Default.
	Logger *slog.Logger
	// Connections bounds those that read from SQLite, and all of them on
	// PostgreSQL. 0 means 8.
	Connections int
	// Busy is how long a write waits for another process that holds the
	// SQLite file. 0 means 5 s.
	Busy time.Duration
	// Now is the clock of audit rows and versions. Nil means time.Now.
	Now func() time.Time
}

// The defaults of Options, and how long Open tries without a deadline of the
// caller's own.
const (
	defaultConnections = 8
	defaultBusy        = 5 * time.Second
	openTimeout        = 30 * time.Second
)

// Store is an open database. Its methods may be called by any goroutine.
type Store struct {
	dialect dialect
	// write is where changes go. On SQLite it is one connection, so that
	// writers of this process queue under their context instead of polling
	// for the file's lock; read is then a pool of its own, which WAL lets read
	// beside the writer. On PostgreSQL both are the same.
	write, read *gorm.DB
	log         *slog.Logger
	now         func() time.Time
	hashing     chan struct{}
	nobody      string
}

// Open connects, migrates the schema under a lock if it is older than this
// program, and returns a store that is ready. It fails with ErrNewerSchema,
// ErrUnavailable, ErrRefused, ErrFull, ErrDamaged or ErrInvalid (a DSN that
// cannot be parsed); no message repeats the DSN's password.
func Open(ctx context.Context, o Options) (*Store, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, openTimeout)
		defer cancel()
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Connections == 0 {
		o.Connections = defaultConnections
	}
	if o.Busy == 0 {
		o.Busy = defaultBusy
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{log: o.Logger, now: o.Now, hashing: make(chan struct{}, hashers)}
	d, err := dialectOf(o)
	if err != nil {
		return nil, failed(ctx, "open", err)
	}
	s.dialect = d
	if err := s.open(ctx, o); err != nil {
		_ = s.Close() // the reason it was not opened is the one to tell
		return nil, failed(ctx, "open "+d.String(), err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	var err error
	if s.write, s.read, err = s.dialect.connect(ctx, o); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	// A connection of before the migration would read a row of the schema that
	// it has seen first, without the newest columns.
	read, err := s.read.DB()
	if err != nil {
		return err
	}
	read.SetMaxIdleConns(0)
	read.SetMaxIdleConns(o.Connections)
	s.nobody, err = s.hash(ctx, "000000")
	return err
}

// Close ends all connections. What was committed is kept.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.read, s.write} {
		if db == nil {
			continue
		}
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		errs = append(errs, err)
	}
	return failed(context.Background(), "close", errors.Join(errs...))
}

// Ping says whether the store can answer: nil, ErrUnavailable or ErrRefused.
func (s *Store) Ping(ctx context.Context) error {
	var n int64
	return failed(ctx, "ping", s.read.WithContext(ctx).Model(&appliedRow{}).Count(&n).Error)
}

// dialect is what differs between the two databases.
type dialect interface {
	// String names the database for people, without a password.
	String() string
	// connect returns the pools for writing and for reading.
	connect(ctx context.Context, o Options) (write, read *gorm.DB, err error)
	// migrations is the folder of the embedded files.
	migrations() string
	// goose names the database for the migrations.
	goose() goose.Dialect
	// alone runs f while no other process migrates the same database.
	alone(ctx context.Context, pool *sql.DB, f func() error) error
	// inTurn has transactions that write and name the same thing follow each
	// other: whoever comes second goes on when the first has ended.
	inTurn(tx *gorm.DB, thing string) error
	// snapshot is how a transaction is begun whose reads agree.
	snapshot() *sql.TxOptions
	// spelled says how an insert is written.
	spelled() bool
	// inside is the context for a short statement of a transaction that
	// writes and has begun; whether the caller's has ended is asked before it.
	inside(ctx context.Context) context.Context
	// unwind ends a transaction that a failed commit may have left open.
	unwind(ctx context.Context, write *gorm.DB)
}

// gormConfig is common to all pools: no implicit transactions, since ours are
// explicit, and no log of its own, since every error is returned.
func gormConfig() *gorm.Config {
	return &gorm.Config{SkipDefaultTransaction: true, TranslateError: true,
		Logger: logger.Discard, DisableAutomaticPing: true}
}

// change runs f in one transaction that writes.
func (s *Store) change(ctx context.Context, op string, f func(tx *gorm.DB) error) error {
	tx := s.write.WithContext(ctx).Begin()
	if tx.Error != nil {
		return failed(ctx, op, tx.Error)
	}
	done := false
	defer func() {
		if !done { // f panicked
			tx.Rollback()
		}
	}()
	err := f(tx)
	done = true
	if err != nil {
		tx.Rollback()
		return failed(ctx, op, err)
	}
	if err := tx.Commit().Error; err != nil {
		s.dialect.unwind(ctx, s.write)
		return failed(ctx, op, fmt.Errorf("commit: %w", err))
	}
	return nil
}

// view runs f in one transaction whose reads agree with each other.
func (s *Store) view(ctx context.Context, op string, f func(tx *gorm.DB) error) error {
	return failed(ctx, op, s.read.WithContext(ctx).Transaction(f, s.dialect.snapshot()))
}
