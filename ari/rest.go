package ari

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/huawu/huawu/media"
)

// maxAnswer bounds an answer's body; a listing of 5,000 legs takes 2.5 MB.
const maxAnswer = 64 << 20

// rest sends requests to one Asterisk over connections of its own.
type rest struct {
	base          string // without trailing slash, with /ari
	prefix        string // its path
	authorization string
	timeout       time.Duration
	conns         *conns
	upgrade       *http.Client // for the event socket alone
	sent, failed  *atomic.Uint64
}

func newRest(c Config, sent, failed *atomic.Uint64) *rest {
	r := &rest{
		base:          strings.TrimSuffix(strings.TrimRight(c.URL, "/"), "/ari") + "/ari",
		authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(c.User+":"+c.Password)),
		timeout:       c.RequestTimeout, sent: sent, failed: failed,
		upgrade: &http.Client{Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: c.RequestTimeout, KeepAlive: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout: c.RequestTimeout,
		}},
	}
	base, err := url.Parse(r.base)
	if err != nil { // Config.check has refused it
		base = &url.URL{}
	}
	r.prefix = base.EscapedPath()
	r.conns = newConns(base, r.authorization, c.RequestTimeout)
	return r
}

// close lets go of the idle connections.
func (r *rest) close() {
	r.conns.close()
	r.upgrade.CloseIdleConnections()
}

// path joins segments, each escaped: an id may hold a slash.
func path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// params is a query of an even number of names and values; a pair with an
// empty value is left out.
func params(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// do sends one request and reads the answer into out (when not nil). Errors
// are *Error for an answer of Asterisk's; ErrUnavailable when nothing was sent,
// ErrUnknown when it was and no answer came.
func (r *rest) do(ctx context.Context, method, path string, query url.Values, body, out any) error {
	op := method + " " + path
	target := r.prefix + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return fmt.Errorf("%s: %w: %w", op, err, media.ErrInvalid)
		}
	}
	deadline := time.Now().Add(r.timeout)
	if sooner, ok := ctx.Deadline(); ok && sooner.Before(deadline) {
		deadline = sooner
	}
	r.sent.Add(1)
	a, err := r.conns.ask(ctx, deadline, method, target, content)
	switch {
	case errors.Is(err, errNotSent):
		err = fmt.Errorf("%s: %w: %w", op, media.ErrUnavailable, err)
	case err != nil:
		err = fmt.Errorf("%s: %w: %w", op, media.ErrUnknown, err)
	case a.status >= 300:
		err = &Error{Op: op, Status: a.status, Message: message(a.body)}
	case out != nil:
		if _, err = lenient(a.body, out); err != nil {
			err = fmt.Errorf("%s: read answer: %w: %w", op, media.ErrUnknown, err)
		}
	}
	if err != nil {
		r.failed.Add(1)
	}
	return err
}

// message is Asterisk's own word in the body of a refusal: "message" of most
// resources, "error" of some. A page of HTML says nothing.
func message(body []byte) string {
	var m struct{ Message, Error string }
	if json.Unmarshal(body, &m) != nil {
		return ""
	}
	if m.Message != "" {
		return m.Message
	}
	return m.Error
}

func (r *rest) get(ctx context.Context, path string, query url.Values, out any) error {
	return r.do(ctx, http.MethodGet, path, query, nil, out)
}

func (r *rest) post(ctx context.Context, path string, query url.Values) error {
	return r.do(ctx, http.MethodPost, path, query, nil, nil)
}

func (r *rest) delete(ctx context.Context, path string, query url.Values) error {
	return r.do(ctx, http.MethodDelete, path, query, nil, nil)
}
