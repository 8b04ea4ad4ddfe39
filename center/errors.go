package center

import (
	"errors"

	"github.com/huawu/huawu/routing"
)

// Code names a refusal for machines; REST and CLI map it by one table.
type Code string

// The codes, one a sentinel.
const (
	CodeNotFound Code = "not-found"
	CodeConflict Code = "conflict"
	CodeInvalid  Code = "invalid"
	CodeDenied   Code = "denied"
)

// Sentinels of the centre's operations.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("conflict")
	ErrInvalid  = errors.New("invalid")
	ErrDenied   = errors.New("denied")
)

// CodeOf is the code of an error that wraps a sentinel, "" for none.
func CodeOf(err error) Code {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return ""
}

// ErrorOf is the sentinel of a code, nil for "" and codes unknown.
func ErrorOf(code Code) error {
	for _, c := range codes {
		if c.code == code {
			return c.err
		}
	}
	return nil
}

var codes = []struct {
	err  error
	code Code
}{{ErrNotFound, CodeNotFound}, {ErrConflict, CodeConflict}, {ErrInvalid, CodeInvalid}, {ErrDenied, CodeDenied}}

// refusal is a refusal of the ACD's, in its words, that is one of the centre's
// too.
type refusal struct{ acd, ours error }

func (r *refusal) Error() string   { return r.acd.Error() }
func (r *refusal) Unwrap() []error { return []error{r.acd, r.ours} }

// sentinel is the centre's word for a refusal of the ACD's.
func sentinel(err error) error {
	for _, is := range []struct{ acd, ours error }{
		{routing.ErrNoAgent, ErrNotFound}, {routing.ErrNoQueue, ErrNotFound}, {routing.ErrNoTicket, ErrNotFound},
		{routing.ErrTalking, ErrConflict}, {routing.ErrClosed, ErrConflict}, {routing.ErrWrapUp, ErrConflict}, {routing.ErrRequest, ErrConflict}, {routing.ErrNoLog, ErrConflict},
		{routing.ErrNotSignedIn, ErrConflict}, {routing.ErrSignedInElsewhere, ErrConflict}, {routing.ErrEndpointTaken, ErrConflict},
	} {
		if errors.Is(err, is.acd) {
			return is.ours
		}
	}
	return ErrInvalid
}
