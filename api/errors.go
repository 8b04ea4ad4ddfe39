package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// Sentinels of the API and of what it is given.
var (
	// ErrUnauthenticated: no bearer token, or one that nobody has.
	ErrUnauthenticated = errors.New("not authenticated")
	// ErrForbidden: the token is good, and not for this.
	ErrForbidden = errors.New("not allowed")
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrMethod: the resource does not know the method.
	ErrMethod = errors.New("method not allowed")
	// ErrConflict: it cannot be done as things are.
	ErrConflict = errors.New("conflict")
	// ErrPrecondition: If-Match names a version that is not the newest.
	ErrPrecondition = errors.New("precondition failed")
	// ErrInvalid: it can never be done as it was asked.
	ErrInvalid = errors.New("invalid")
	// ErrTooMany: too many attempts; the answer says when to try again.
	ErrTooMany = errors.New("too many attempts")
	// ErrUnavailable: it may work later.
	ErrUnavailable = errors.New("unavailable")
	// ErrNotInEffect: a version is saved, and the engine has not taken it.
	ErrNotInEffect = errors.New("saved, not in effect")
)

// statuses says what each sentinel means to a client; the first that an error
// wraps counts. It is the only such table.
var statuses = []struct {
	err    error
	status int
	code   string
}{
	{ErrUnauthenticated, http.StatusUnauthorized, "unauthenticated"},
	{ErrForbidden, http.StatusForbidden, "forbidden"},
	{ErrTooMany, http.StatusTooManyRequests, "too-many-attempts"},
	{ErrMethod, http.StatusMethodNotAllowed, "method-not-allowed"},
	{ErrPrecondition, http.StatusPreconditionFailed, "precondition-failed"},
	{ErrNotInEffect, http.StatusServiceUnavailable, "not-in-effect"},
	{ErrNotFound, http.StatusNotFound, "not-found"},
	{ErrConflict, http.StatusConflict, "conflict"},
	{ErrInvalid, http.StatusUnprocessableEntity, "invalid"},
	{center.ErrNotFound, http.StatusNotFound, "not-found"},
	{center.ErrConflict, http.StatusConflict, "conflict"},
	{center.ErrDenied, http.StatusForbidden, "denied"},
	{center.ErrInvalid, http.StatusUnprocessableEntity, "invalid"},
	{phrase.ErrUnknown, http.StatusNotFound, "not-found"},
	{phrase.ErrNoProfile, http.StatusUnprocessableEntity, "invalid"},
	{phrase.ErrValue, http.StatusUnprocessableEntity, "invalid"},
	{callback.ErrClosed, http.StatusConflict, "conflict"},
	{callback.ErrInvalid, http.StatusUnprocessableEntity, "invalid"},
	{routing.ErrConfig, http.StatusUnprocessableEntity, "invalid"},
	{engine.ErrCursor, http.StatusUnprocessableEntity, "invalid-cursor"},
	{engine.ErrGap, http.StatusGone, "gone"},
	{engine.ErrGone, http.StatusGone, "gone"},
	{engine.ErrBusy, http.StatusServiceUnavailable, "overloaded"},
	{engine.ErrJournal, http.StatusServiceUnavailable, "journal"},
	{engine.ErrStopped, http.StatusServiceUnavailable, "stopping"},
	{ErrUnavailable, http.StatusServiceUnavailable, "unavailable"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "timeout"},
	{context.Canceled, http.StatusServiceUnavailable, "cancelled"},
}

// codes name the statuses that have no sentinel, for what huma finds wrong.
var codes = map[int]string{
	http.StatusBadRequest:            "bad-request",
	http.StatusNotAcceptable:         "not-acceptable",
	http.StatusRequestTimeout:        "timeout",
	http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType:  "unsupported-media-type",
	http.StatusUnprocessableEntity:   "invalid",
	http.StatusInternalServerError:   "internal",
}

// retryAfter is when a client should ask again what a 503 refused.
const retryAfter = 2 * time.Second

// Problem is how every error is answered (RFC 9457), as
// application/problem+json.
type Problem struct {
	Type   string `json:"type" doc:"always about:blank: the status and the code say it all"`
	Title  string `json:"title" doc:"the status in words"`
	Status int    `json:"status" doc:"the HTTP status"`
	Code   string `json:"code" doc:"what is wrong, as one word for programs" example:"not-found"`
	Detail string `json:"detail" doc:"what is wrong, for people" example:"agent \"1009\": not found"`
	// Errors are the parts of what was sent that are wrong.
	Errors []Fault `json:"errors,omitempty"`

	headers http.Header
}

// Fault is one part of a request that is wrong.
type Fault struct {
	Message  string `json:"message" doc:"what is wrong"`
	Location string `json:"location,omitempty" doc:"the field" example:"body.ring"`
	Value    any    `json:"value,omitempty" doc:"what was found there"`
	File     string `json:"file,omitempty" doc:"the document"`
	Line     int    `json:"line,omitempty" doc:"counted from 1"`
	Column   int    `json:"column,omitempty" doc:"counted from 1"`
	Remedy   string `json:"remedy,omitempty" doc:"what would be right"`
}

// Error is the detail (error).
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status (huma.StatusError).
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are headers that go with it (huma.HeadersError).
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is the problem's own (huma.ContentTypeFilter).
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// huma has one constructor of errors for the whole process; this package is
// the only one that uses huma.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		code, known := codes[status]
		if !known {
			code = "error"
		}
		p := newProblem(status, code, message)
		for _, err := range errs {
			if detailed, ok := err.(huma.ErrorDetailer); ok {
				d := detailed.ErrorDetail()
				p.Errors = append(p.Errors, Fault{Message: d.Message, Location: d.Location, Value: shown(d.Location, d.Value)})
			} else if err != nil {
				p.Errors = append(p.Errors, Fault{Message: err.Error()})
			}
		}
		return p
	}
}

// shown is a value that an answer may repeat: not a PIN, and not a whole body,
// for there may be one in it.
func shown(location string, value any) any {
	if location == "body" || strings.HasSuffix(location, "pin") {
		return nil
	}
	return value
}

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail,
		headers: http.Header{}}
}

// problem is an error for a client. What no sentinel explains is told to the
// log and not to the client.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	if p := (*Problem)(nil); errors.As(err, &p) {
		return p
	}
	if wrong := (*strict.Errors)(nil); errors.As(err, &wrong) {
		return wrongDocument(wrong)
	}
	for _, row := range statuses {
		if !errors.Is(err, row.err) {
			continue
		}
		p := newProblem(row.status, row.code, err.Error())
		switch row.status {
		case http.StatusServiceUnavailable:
			p.headers.Set("Retry-After", seconds(retryAfter))
		case http.StatusUnauthorized:
			p.headers.Set("WWW-Authenticate", `Bearer realm="huawu"`)
		}
		if wait := (*waitError)(nil); errors.As(err, &wait) {
			p.headers.Set("Retry-After", seconds(wait.wait))
		}
		return p
	}
	s.log.ErrorContext(ctx, "a request failed", "error", err)
	return newProblem(http.StatusInternalServerError, "internal", "something went wrong in huawu; its log says what")
}

// wrongDocument tells each problem of a document.
func wrongDocument(wrong *strict.Errors) *Problem {
	detail := "the document has a problem"
	if n := len(wrong.Problems); n != 1 {
		detail = fmt.Sprintf("the document has %d problems", n)
	}
	p := newProblem(http.StatusUnprocessableEntity, "invalid-document", detail)
	p.Errors = faults(wrong.Problems)
	return p
}

// faults are problems as they are answered.
func faults(all []strict.Problem) []Fault {
	var out []Fault
	for _, p := range all {
		out = append(out, Fault{Message: p.What, Location: p.Field, File: p.File, Line: p.Line, Column: p.Column, Remedy: p.Remedy})
	}
	return out
}

// refuse ends a request with a problem outside huma.
func (s *Server) refuse(c *gin.Context, err error) {
	p := s.problem(c.Request.Context(), err)
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil { // strings and numbers always encode
		panic(err)
	}
	for name, values := range p.headers {
		for _, v := range values {
			c.Header(name, v)
		}
	}
	c.Abort()
	c.Data(p.Status, p.ContentType(""), body.Bytes())
}

// waitError says how long to wait before another attempt.
type waitError struct{ wait time.Duration }

func (e *waitError) Error() string { return "try again in " + seconds(e.wait) + " s" }

// seconds is a duration in whole seconds, rounded up.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
