package ari

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/huawu/huawu/media"
)

// ErrReplaced: another controller opened an event socket for the same
// application; Asterisk sends it everything from then on.
var ErrReplaced = errors.New("another controller took the application over")

// ErrCredentials: Asterisk knows the user or the password not.
var ErrCredentials = errors.New("user or password refused by Asterisk")

// Error is an answer of Asterisk that is no success.
type Error struct {
	Op      string // method and path, such as "POST /channels/x/answer"
	Status  int    // of HTTP
	Message string // Asterisk's own words; "" when the body had none
}

// Error implements error.
func (e *Error) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("%s: HTTP %d %s", e.Op, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s: HTTP %d: %s", e.Op, e.Status, e.Message)
}

// Unwrap is the sentinel of the port that the answer amounts to.
func (e *Error) Unwrap() error {
	switch e.Status {
	case http.StatusNotFound:
		return media.ErrNoLeg
	case http.StatusConflict:
		// "Channel not in Stasis application": it ended or went on in the
		// dialplan. The other conflicts are refusals: an id in use, a leg
		// dialled twice, a file that exists.
		if strings.Contains(e.Message, "Stasis") {
			return media.ErrNoLeg
		}
		return media.ErrRefused
	case http.StatusPreconditionFailed, http.StatusForbidden:
		return media.ErrRefused
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge:
		return media.ErrInvalid
	case http.StatusUnauthorized:
		return errors.Join(media.ErrUnavailable, ErrCredentials)
	case http.StatusInternalServerError:
		// The endpoint is not registered, or does not answer OPTIONS.
		if e.Message == "Allocation failed" {
			return media.ErrRefused
		}
	}
	// Sent, and not known to be without effect.
	return media.ErrUnknown
}

// is reports whether err is an answer with one of the statuses.
func is(err error, status ...int) bool {
	var e *Error
	return errors.As(err, &e) && slices.Contains(status, e.Status)
}

// answered reports whether err is an answer at all.
func answered(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

// partyGone turns the answers by which addChannel and removeChannel say that
// one of the legs is not there (400, 404, 409, 422) into ErrNoLeg (cookbook
// rule 5).
func partyGone(err error) error {
	if is(err, http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity) && !errors.Is(err, media.ErrNoLeg) {
		return fmt.Errorf("%w: %w", media.ErrNoLeg, err)
	}
	return err
}

// goneIsFine takes the absence of what was to be ended for success (cookbook
// rule 5).
func goneIsFine(err error) error {
	if is(err, http.StatusNotFound) {
		return nil
	}
	return err
}
