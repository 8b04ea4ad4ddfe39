package ari

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
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
	base           string // without trailing slash, with /ari
	user, password string
	timeout        time.Duration
	http           *http.Client
	sent, failed   *atomic.Uint64
}

func newRest(c Config, sent, failed *atomic.Uint64) *rest {
	return &rest{
		base: strings.TrimSuffix(strings.TrimRight(c.URL, "/"), "/ari") + "/ari", user: c.User, password: c.Password, timeout: c.RequestTimeout,
		sent: sent, failed: failed,
		http: &http.Client{Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: c.RequestTimeout, KeepAlive: 15 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 32,
			MaxConnsPerHost:     32,
			// Asterisk closes a connection that is idle for 15 s
			// (session_keep_alive); a request must not cross that.
			IdleConnTimeout:       10 * time.Second,
			TLSHandshakeTimeout:   c.RequestTimeout,
			ResponseHeaderTimeout: c.RequestTimeout,
			ForceAttemptHTTP2:     false,
		}},
	}
}

// close lets go of the idle connections.
func (r *rest) close() { r.http.CloseIdleConnections() }

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
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	var reached atomic.Bool // a connection was had: bytes may have left
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	req, err := r.request(ctx, method, path, query, body)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", op, err, media.ErrInvalid)
	}
	r.sent.Add(1)
	resp, err := r.http.Do(req)
	if err != nil {
		r.failed.Add(1)
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // without the URL a second time
		}
		if reached.Load() {
			return fmt.Errorf("%s: %w: %w", op, media.ErrUnknown, err)
		}
		return fmt.Errorf("%s: %w: %w", op, media.ErrUnavailable, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode >= 300 {
		r.failed.Add(1)
		return &Error{Op: op, Status: resp.StatusCode, Message: message(text)}
	}
	if err == nil && out != nil {
		_, err = lenient(text, out)
	}
	if err != nil {
		r.failed.Add(1)
		return fmt.Errorf("%s: read answer: %w: %w", op, media.ErrUnknown, err)
	}
	return nil
}

func (r *rest) request(ctx context.Context, method, path string, query url.Values, body any) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(b)
	}
	target := r.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, target, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth(r.user, r.password)
	return req, nil
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
