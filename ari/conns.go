package ari

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

const (
	// maxConns bounds the requests that are under way at once; more wait.
	maxConns = 32
	// idleLimit: Asterisk closes a connection that is idle for 15 s
	// (session_keep_alive); a request must not cross that.
	idleLimit = 10 * time.Second
	// freshLimit is how long after its use a connection is taken to stand
	// without a look.
	freshLimit = 200 * time.Millisecond
)

// conns are the connections on which requests go to one Asterisk. A request is
// written and its answer read by the goroutine that asks: net/http's Transport
// has two more goroutines a connection, and waking them takes more of the
// processor than the request itself (docs/adr/0002).
type conns struct {
	address string // host:port
	secure  *tls.Config
	head    string // what each request says behind its first line
	dialer  net.Dialer
	slots   chan struct{}

	mu     sync.Mutex
	idle   []*conn // the last one was used last
	closed bool    // until the next request
}

// conn is one connection; its user has it alone.
type conn struct {
	net.Conn
	raw  net.Conn // below TLS
	in   *bufio.Reader
	used time.Time
	out  []byte
}

func newConns(base *url.URL, authorization string, patience time.Duration) *conns {
	p := &conns{
		address: base.Host, slots: make(chan struct{}, maxConns),
		head:   " HTTP/1.1\r\nHost: " + base.Host + "\r\nAuthorization: " + authorization + "\r\n",
		dialer: net.Dialer{Timeout: patience, KeepAlive: 15 * time.Second},
	}
	port := "80"
	if base.Scheme == "https" {
		port, p.secure = "443", &tls.Config{ServerName: base.Hostname(), MinVersion: tls.VersionTLS12}
	}
	if base.Port() == "" {
		p.address = net.JoinHostPort(base.Hostname(), port)
	}
	return p
}

// errNotSent: nothing of the request has left.
var errNotSent = errors.New("not sent")

// ask sends one request and reads the answer, until the deadline or the end of
// ctx. target is path and query, escaped. An error wraps errNotSent when
// nothing has left; otherwise the request may have been carried out.
func (p *conns) ask(ctx context.Context, deadline time.Time, method, target string, body []byte) (answer, error) {
	limited, cancel := ctx, context.CancelFunc(func() {})
	select {
	case p.slots <- struct{}{}:
	default: // only who has to wait pays for a timer
		limited, cancel = context.WithDeadline(ctx, deadline)
		select {
		case p.slots <- struct{}{}:
		case <-limited.Done():
			cancel()
			return answer{}, fmt.Errorf("%w: %d requests are under way: %w", errNotSent, maxConns, context.Cause(limited))
		}
	}
	defer func() { cancel(); <-p.slots }()
	for {
		c, fresh, err := p.take(ctx, deadline)
		if err != nil {
			return answer{}, fmt.Errorf("%w: %w", errNotSent, err)
		}
		a, again, err := p.exchange(ctx, c, deadline, method, target, body)
		if err != nil {
			_ = c.Close() // it is of no more use
			if !fresh && errors.Is(err, errNotSent) && ctx.Err() == nil {
				continue // an old connection that the other side had closed
			}
			return answer{}, err
		}
		if !again {
			_ = c.Close()
			return a, nil
		}
		p.give(c)
		return a, nil
	}
}

// exchange is one request on one connection; again says that the connection
// may carry another.
func (p *conns) exchange(ctx context.Context, c *conn, deadline time.Time, method, target string, body []byte) (a answer, again bool, err error) {
	if err := c.SetDeadline(deadline); err != nil {
		return a, false, fmt.Errorf("%w: %w", errNotSent, err)
	}
	if ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
		// When it has begun the connection is not to be used again.
		defer func() { again = stop() && again }()
	}
	c.out = append(append(append(c.out[:0], method...), ' '), target...)
	c.out = append(c.out, p.head...)
	if body != nil {
		c.out = append(c.out, "Content-Type: application/json\r\n"...)
	}
	if body != nil || method != http.MethodGet {
		c.out = strconv.AppendInt(append(c.out, "Content-Length: "...), int64(len(body)), 10)
		c.out = append(c.out, "\r\n"...)
	}
	c.out = append(append(c.out, "\r\n"...), body...)
	if n, err := c.Write(c.out); err != nil {
		err = because(ctx, err)
		if n == 0 {
			return a, false, fmt.Errorf("%w: %w", errNotSent, err)
		}
		return a, false, err
	}
	a, again, err = readAnswer(c.in, method)
	if err != nil {
		return answer{}, false, because(ctx, err)
	}
	return a, again && c.in.Buffered() == 0, nil
}

// because names the end of ctx where that is why a connection failed.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// take gives an idle connection that still stands, or a fresh one.
func (p *conns) take(ctx context.Context, deadline time.Time) (c *conn, fresh bool, err error) {
	for now := time.Now(); ; {
		p.mu.Lock()
		p.closed = false
		n := len(p.idle)
		if n == 0 {
			p.mu.Unlock()
			break
		}
		c, p.idle = p.idle[n-1], p.idle[:n-1]
		p.mu.Unlock()
		if idle := now.Sub(c.used); idle < freshLimit || idle < idleLimit && !spoken(c.raw) {
			return c, false, nil
		}
		_ = c.Close()
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	raw, err := p.dialer.DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, false, err
	}
	c = &conn{Conn: raw, raw: raw}
	if p.secure != nil {
		secured := tls.Client(raw, p.secure)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, false, errors.Join(err, raw.Close())
		}
		c.Conn = secured
	}
	c.in = bufio.NewReader(c.Conn)
	return c, true, nil
}

// give puts a connection back, and closes the ones that have been idle too
// long.
func (p *conns) give(c *conn) {
	c.used = time.Now()
	p.mu.Lock()
	var old []*conn
	if p.closed {
		old = []*conn{c}
	} else {
		p.idle = append(p.idle, c)
		n := 0
		for n < len(p.idle) && c.used.Sub(p.idle[n].used) >= idleLimit {
			n++
		}
		old = append(old, p.idle[:n]...)
		p.idle = append(p.idle[:0], p.idle[n:]...)
	}
	p.mu.Unlock()
	for _, c := range old {
		_ = c.Close()
	}
}

// close lets go of the idle connections, and of the others when they come back.
func (p *conns) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		_ = c.Close()
	}
}
