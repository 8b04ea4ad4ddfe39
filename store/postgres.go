package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// elephant is the dialect of PostgreSQL.
type elephant struct{ config *pgx.ConnConfig }

func (e elephant) String() string {
	return fmt.Sprintf("PostgreSQL database %s at %s:%d as %s",
		e.config.Database, e.config.Host, e.config.Port, e.config.User)
}
func (e elephant) migrations() string   { return "migrations/postgres" }
func (e elephant) goose() goose.Dialect { return goose.DialectPostgres }
func (e elephant) snapshot() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (e elephant) spelled() bool                              { return false }
func (e elephant) inside(ctx context.Context) context.Context { return ctx }

// unwind has nothing to do: PostgreSQL ends a transaction with its COMMIT,
// whatever comes of it.
func (e elephant) unwind(context.Context, *gorm.DB) {}

func (e elephant) connect(ctx context.Context, o Options) (write, read *gorm.DB, err error) {
	pool := stdlib.OpenDB(*e.config)
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig())
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return db, db, nil
}

// migrationLock is the advisory lock of our migrations: "huawu" in ASCII.
const migrationLock = 0x6875617775

// alone holds an advisory lock of a session of its own; the server drops it
// with the connection.
func (e elephant) alone(ctx context.Context, pool *sql.DB, f func() error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("lock for migration: %w", err)
	}
	defer func() {
		_, unlock := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
		err = errors.Join(err, unlock)
	}()
	return f()
}

// turnLock begins the advisory locks of inTurn; what they are for ends them.
const turnLock = 1

// inTurn holds an advisory lock until the transaction ends.
func (e elephant) inTurn(tx *gorm.DB, thing string) error {
	return tx.Exec("SELECT pg_advisory_xact_lock(?, hashtext(?))", turnLock, thing).Error
}

// newElephant parses a URL of PostgreSQL.
func newElephant(dsn string, o Options) (dialect, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil { // its message hides the password
		return nil, fmt.Errorf("%w: DSN: %w", ErrInvalid, err)
	}
	if o.Connections < 2 {
		return nil, invalid("Connections", o.Connections, "2 or more, since a migration holds one for its lock")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "huawu"
	}
	return elephant{config: config}, nil
}

// dialectOf chooses by the DSN's scheme.
func dialectOf(o Options) (dialect, error) {
	if o.DSN == "" {
		return nil, invalid("DSN", `""`, "postgres://… or the path of an SQLite file")
	}
	if o.Connections < 1 {
		return nil, invalid("Connections", o.Connections, "1 or more")
	}
	scheme, _, found := strings.Cut(o.DSN, "://")
	switch {
	case !found:
		return newLite(o.DSN)
	case scheme == "postgres" || scheme == "postgresql":
		return newElephant(o.DSN, o)
	}
	return nil, invalid("DSN's scheme", scheme, "postgres, or no scheme for the path of an SQLite file")
}
