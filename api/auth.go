package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// public are the routes that ask for no token: they tell nothing about calls.
var public = map[string]bool{
	"/healthz":                    true,
	"/readyz":                     true,
	"/api/v1/openapi.json":        true,
	"/api/v1/openapi.yaml":        true,
	"/api/v1/schemas/flow.json":   true,
	"/api/v1/schemas/centre.json": true,
}

// confidential are the routes that a token for reading only may not read.
var confidential = map[string]bool{"/api/v1/calls/:id/recordings/:n": true}

// Failed attempts: how many at once (of tokens by address, of PINs by agent as
// RUL-ACC-1 says) and how often then; and how many addresses are remembered.
const (
	failBurst     = 10
	pinBurst      = 5
	failEvery     = time.Second
	failAddresses = 4096
)

type actorKey struct{}

// actorOf is who sent the request that ctx belongs to.
func actorOf(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// authenticate lets a request pass that has a token good for it.
func (s *Server) authenticate(c *gin.Context) {
	if public[c.FullPath()] {
		return
	}
	scheme, secret, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	token, ok := tokenOf(s.tokens, strings.TrimSpace(secret))
	if !strings.EqualFold(scheme, "Bearer") || !ok {
		err := fmt.Errorf("want \"Authorization: Bearer <token>\" with a token of huawu's token file: %w", ErrUnauthenticated)
		if wait := s.failures.note(c.RemoteIP(), s.now()); wait > 0 {
			err = fmt.Errorf("%w: %w", ErrTooMany, &waitError{wait})
		}
		s.refuse(c, err)
		return
	}
	reads := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	if token.Role == RoleRead && (!reads || confidential[c.FullPath()]) {
		s.refuse(c, fmt.Errorf("the token of %s is for reading only: %w", token.Name, ErrForbidden))
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), actorKey{}, Actor{Name: token.Name, Via: via(c)}))
}

// via is the way that a client says it came.
func via(c *gin.Context) string {
	if strings.HasPrefix(c.GetHeader("User-Agent"), "huawu/") {
		return "cli"
	}
	return "rest"
}

// failures counts failed attempts by address. Good tokens are never made to
// wait, so that nobody locks others out who come by the same address.
type failures struct {
	mu    sync.Mutex
	burst int // 0 means failBurst
	since map[string]*rate.Limiter
}

// note counts a failure and says how long to wait if there were too many.
func (f *failures) note(address string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.since == nil {
		f.since = make(map[string]*rate.Limiter)
	}
	limiter := f.since[address]
	if limiter == nil {
		if len(f.since) >= failAddresses {
			f.forget(now)
		}
		limiter = rate.NewLimiter(rate.Every(failEvery), f.most())
		f.since[address] = limiter
	}
	if limiter.AllowN(now, 1) {
		return 0
	}
	return failEvery
}

// most is how many attempts may fail at once.
func (f *failures) most() int {
	if f.burst == 0 {
		return failBurst
	}
	return f.burst
}

// forget drops the addresses that have been quiet, or all of them when none
// has been: the memory stays bounded.
func (f *failures) forget(now time.Time) {
	for address, limiter := range f.since {
		if limiter.TokensAt(now) >= float64(f.most()) {
			delete(f.since, address)
		}
	}
	if len(f.since) >= failAddresses {
		clear(f.since)
	}
}

// wait says how long to wait before another attempt, 0 for not at all.
func (f *failures) wait(address string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if limiter := f.since[address]; limiter != nil && limiter.TokensAt(now) < 1 {
		return failEvery
	}
	return 0
}
