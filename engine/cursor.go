package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// Cursor is a place in the history of one journal. The zero Cursor is no place.
type Cursor struct {
	// Epoch names the journal.
	Epoch string
	// Seq is the sequence number of an input.
	Seq uint64
	// N is the number of an event of that input, counted from 1; 0 is before
	// the first of them.
	N int
}

// String is the cursor as clients keep it, such as the id of a server-sent
// event: "<epoch>.<seq>.<n>".
func (c Cursor) String() string {
	return c.Epoch + "." + strconv.FormatUint(c.Seq, 10) + "." + strconv.Itoa(c.N)
}

// IsZero says that the cursor is no place.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// ParseCursor reads what String writes. It errors wrapping ErrCursor.
func ParseCursor(s string) (Cursor, error) {
	bad := func() (Cursor, error) {
		return Cursor{}, fmt.Errorf("cursor %.60q: want <epoch>.<seq>.<n>: %w", s, ErrCursor)
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 || parts[0] == "" {
		return bad()
	}
	seq, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return bad()
	}
	n, err := strconv.Atoi(parts[2])
	if err != nil || n < 0 {
		return bad()
	}
	return Cursor{Epoch: parts[0], Seq: seq, N: n}, nil
}
