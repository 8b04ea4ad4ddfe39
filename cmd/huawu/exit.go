package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"syscall"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
	"github.com/huawu/huawu/simulate"
	"github.com/huawu/huawu/store"
)

// The exit codes, for scripts.
const (
	exitOK          = 0
	exitFailed      = 1 // it did not work, or doctor found something wrong
	exitUsage       = 2 // the command line cannot be understood
	exitInvalid     = 3 // a file or an argument is wrong
	exitUnreachable = 4 // nobody answers: huawu, the switch, the store
	exitDenied      = 5 // not authenticated, or not allowed
	exitNotFound    = 6 // there is no such queue, agent, call …
	exitConflict    = 7 // it cannot be done as things are
	exitBusy        = 8 // it may work later
	exitKilled      = 9 // ended by a second signal or as stuck
)

// errUsage marks a command line that cannot be understood, errFound what
// doctor has found and printed already.
var (
	errUsage = errors.New("wrong usage")
	errFound = errors.New("something is wrong")
)

// errAlive refuses a release while a controller looks after the callers.
var errAlive = errors.New("not released")

// exitCodes say which code an error amounts to; the first that it wraps
// counts. Answers of the API come as *api.Problem with a status.
var exitCodes = []struct {
	err  error
	code int
}{
	{errUsage, exitUsage},
	{errFound, exitFailed},
	{api.ErrInvalid, exitInvalid},
	{media.ErrInvalid, exitInvalid},
	{store.ErrInvalid, exitInvalid},
	{simulate.ErrPlan, exitInvalid},
	{phrase.ErrMissing, exitInvalid},
	{engine.ErrLocked, exitConflict},
	{errAlive, exitConflict},
	{engine.ErrBusy, exitBusy},
	{store.ErrUnavailable, exitUnreachable},
	{store.ErrRefused, exitDenied},
	{media.ErrUnavailable, exitUnreachable},
	{media.ErrRefused, exitDenied},
	{fs.ErrNotExist, exitInvalid},
	{fs.ErrPermission, exitDenied},
	{syscall.EADDRINUSE, exitConflict},
	{syscall.ECONNREFUSED, exitUnreachable},
	{context.DeadlineExceeded, exitBusy},
}

var exitStatuses = map[int]int{
	http.StatusUnauthorized: exitDenied, http.StatusForbidden: exitDenied, http.StatusTooManyRequests: exitDenied,
	http.StatusNotFound: exitNotFound, http.StatusGone: exitNotFound,
	http.StatusConflict: exitConflict, http.StatusPreconditionFailed: exitConflict,
	http.StatusBadRequest: exitInvalid, http.StatusUnprocessableEntity: exitInvalid, http.StatusRequestEntityTooLarge: exitInvalid,
	http.StatusServiceUnavailable: exitBusy, http.StatusGatewayTimeout: exitBusy,
}

// exitCode is what an error ends the process with.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if p := (*api.Problem)(nil); errors.As(err, &p) {
		if code, ok := exitStatuses[p.Status]; ok {
			return code
		}
		return exitFailed
	}
	if wrong := (*strict.Errors)(nil); errors.As(err, &wrong) {
		return exitInvalid
	}
	for _, row := range exitCodes {
		if errors.Is(err, row.err) {
			return row.code
		}
	}
	if netErr := (net.Error)(nil); errors.As(err, &netErr) {
		return exitUnreachable
	}
	return exitFailed
}
