package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// Sentinels of the store. Every error of this package wraps one of them or the
// context's own error, but for faults of the store itself.
var (
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that what the caller started from is no longer so.
	ErrConflict = errors.New("conflict")
	// ErrInvalid says that an argument cannot be right; nothing was changed.
	ErrInvalid = errors.New("invalid")
	// ErrNewerSchema says that a newer huawu has migrated the database.
	ErrNewerSchema = errors.New("the database's schema is newer than this program")
	// ErrUnavailable says that the database cannot be reached, is locked or
	// is overloaded: the same call may succeed later.
	ErrUnavailable = errors.New("the database is unavailable")
	// ErrRefused says that the database does not let us in or does not let us
	// write (credentials, permissions, a name it does not know): an operator
	// has to mend that.
	ErrRefused = errors.New("the database refuses us")
	// ErrFull says that the database's disk is full.
	ErrFull = errors.New("the database's disk is full")
	// ErrDamaged says that the file is no SQLite database, or a broken one.
	ErrDamaged = errors.New("the database is damaged")
)

// failed wraps err once with the operation and the sentinel it amounts to.
// Errors that wrap a sentinel already keep it. SQLite says no more than
// "interrupted" when a context ends, so the context is asked.
func failed(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	for _, sentinel := range []error{ErrNotFound, ErrConflict, ErrInvalid, ErrNewerSchema,
		ErrUnavailable, ErrRefused, ErrFull, ErrDamaged} {
		if errors.Is(err, sentinel) {
			return fmt.Errorf("store: %s: %w", op, err)
		}
	}
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("store: %s: %w", op, err)
	}
	switch sentinel := sentinelOf(err); sentinel {
	case nil:
		return fmt.Errorf("store: %s: %w", op, err)
	case ErrNotFound: // the driver says the same in other words
		return fmt.Errorf("store: %s: %w", op, ErrNotFound)
	default:
		return fmt.Errorf("store: %s: %w: %w", op, sentinel, err)
	}
}

// sentinelOf is what an error of a driver or of the system amounts to, nil if
// it says nothing that a caller could act on.
func sentinelOf(err error) error {
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return ErrConflict
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EROFS),
		errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTDIR):
		return ErrRefused
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return sentinelOfPostgres(pg.Code)
	}
	if lite := (interface{ Code() int })(nil); errors.As(err, &lite) {
		return sentinelOfSQLite(lite.Code())
	}
	netErr, connErr := net.Error(nil), (*pgconn.ConnectError)(nil)
	if errors.As(err, &netErr) || errors.As(err, &connErr) || pgconn.Timeout(err) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return ErrUnavailable
	}
	return nil
}

// sentinelOfPostgres maps an SQLSTATE (PostgreSQL manual, appendix A).
func sentinelOfPostgres(code string) error {
	switch {
	case code == "53100": // disk_full
		return ErrFull
	case strings.HasPrefix(code, "28"), // invalid authorization
		strings.HasPrefix(code, "3D"), // no such database
		code == "42501",               // insufficient_privilege
		code == "25006":               // read_only_sql_transaction
		return ErrRefused
	case strings.HasPrefix(code, "08"), // connection exceptions
		strings.HasPrefix(code, "53"), // insufficient resources
		strings.HasPrefix(code, "57"), // operator intervention: shut down, starting up, cancelled
		strings.HasPrefix(code, "40"), // rolled back: deadlock, serialisation
		strings.HasPrefix(code, "58"), // system error
		code == "55P03":               // lock_not_available
		return ErrUnavailable
	case strings.HasPrefix(code, "XX"): // internal error, data or index corrupted
		return ErrDamaged
	}
	return nil
}

// sentinelOfSQLite maps a result code (https://www.sqlite.org/rescode.html);
// the low byte is the primary code.
func sentinelOfSQLite(code int) error {
	switch code & 0xff {
	case 5, 6, 10, 15, 17: // BUSY, LOCKED, IOERR, PROTOCOL, SCHEMA
		return ErrUnavailable
	case 3, 8, 14, 23: // PERM, READONLY, CANTOPEN, AUTH
		return ErrRefused
	case 13: // FULL
		return ErrFull
	case 11, 26: // CORRUPT, NOTADB
		return ErrDamaged
	}
	return nil
}

// invalid is an ErrInvalid that names the field, its value and what would be
// right.
func invalid(field string, value any, right string) error {
	return fmt.Errorf("%w: %s is %v, want %s", ErrInvalid, field, value, right)
}
