package aritest

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Wire is a proxy between a driver and an Asterisk, real or not, that can be
// cut, stalled and held up in the middle of a listing.
type Wire struct {
	server *httptest.Server
	tap    *tap

	mu     sync.Mutex
	during func()
}

// NewWire lays a wire to an Asterisk's HTTP server. It is taken up by Cleanup.
func NewWire(t testing.TB, target string) *Wire {
	t.Helper()
	u, err := url.Parse(strings.TrimSuffix(target, "/ari"))
	if err != nil {
		t.Fatalf("lay a wire: %v", err)
	}
	transport := &http.Transport{DisableKeepAlives: true} // nothing of the wire outlives a request
	w := &Wire{}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(u) },
		Transport:      transport,
		ModifyResponse: w.answered,
		ErrorLog:       log.New(io.Discard, "", 0), // broken connections are what it is for
	}
	w.server = httptest.NewUnstartedServer(proxy)
	w.server.Config.ErrorLog = proxy.ErrorLog
	w.tap = &tap{Listener: w.server.Listener, conns: map[*tapped]bool{}}
	w.server.Listener = w.tap
	w.server.Start()
	t.Cleanup(func() {
		w.tap.cut()
		w.server.Close()
	})
	return w
}

// URL is where the driver is to connect.
func (w *Wire) URL() string { return w.server.URL }

// Cut breaks every connection with an RST and refuses new ones until mend.
func (w *Wire) Cut() (mend func()) {
	w.tap.mu.Lock()
	w.tap.cuts++
	w.tap.mu.Unlock()
	w.tap.cut()
	return sync.OnceFunc(func() {
		w.tap.mu.Lock()
		defer w.tap.mu.Unlock()
		w.tap.cuts--
	})
}

// Stall has every connection, new ones too, carry nothing more until mend,
// which closes them.
func (w *Wire) Stall() (mend func()) {
	w.tap.mu.Lock()
	w.tap.stalled = make(chan struct{})
	w.tap.mu.Unlock()
	return sync.OnceFunc(func() {
		w.tap.mu.Lock()
		stalled := w.tap.stalled
		w.tap.stalled = nil
		w.tap.mu.Unlock()
		w.tap.cut()
		close(stalled)
	})
}

// DuringListing has f called once, when the list of channels has been taken
// and before the driver gets it.
func (w *Wire) DuringListing(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.during = f
}

func (w *Wire) answered(r *http.Response) error {
	if r.Request.Method != http.MethodGet || !strings.HasSuffix(r.Request.URL.Path, "/ari/channels") {
		return nil
	}
	w.mu.Lock()
	f := w.during
	w.during = nil
	w.mu.Unlock()
	if f == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := r.Body.Close(); err != nil {
		return err
	}
	f()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// tap is a listener whose connections can be taken hold of.
type tap struct {
	net.Listener
	mu      sync.Mutex
	conns   map[*tapped]bool
	cuts    int
	stalled chan struct{} // closed by mend; nil: not stalled
}

// Accept implements net.Listener.
func (t *tap) Accept() (net.Conn, error) {
	for {
		c, err := t.Listener.Accept()
		if err != nil {
			return nil, err
		}
		t.mu.Lock()
		if t.cuts > 0 {
			t.mu.Unlock()
			reset(c)
			continue
		}
		k := &tapped{Conn: c, tap: t, closed: make(chan struct{})}
		t.conns[k] = true
		t.mu.Unlock()
		return k, nil
	}
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST instead of FIN; a closed one needs neither
	}
	_ = c.Close()
}

// cut resets every connection.
func (t *tap) cut() {
	t.mu.Lock()
	conns := t.conns
	t.conns = map[*tapped]bool{}
	t.mu.Unlock()
	for c := range conns {
		reset(c.Conn)
		c.once.Do(func() { close(c.closed) })
	}
}

// tapped is a connection that carries nothing while its tap is stalled.
type tapped struct {
	net.Conn
	tap    *tap
	once   sync.Once
	closed chan struct{}
}

// pass waits out a stall; what it held up is not carried any more.
func (c *tapped) pass() error {
	c.tap.mu.Lock()
	stalled := c.tap.stalled
	c.tap.mu.Unlock()
	if stalled == nil {
		return nil
	}
	select {
	case <-stalled:
	case <-c.closed:
	}
	return net.ErrClosed
}

// Read implements net.Conn.
func (c *tapped) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if stalled := c.pass(); stalled != nil {
		return 0, stalled
	}
	return n, err
}

// Write implements net.Conn.
func (c *tapped) Write(b []byte) (int, error) {
	if err := c.pass(); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// Close implements net.Conn.
func (c *tapped) Close() error {
	c.tap.mu.Lock()
	delete(c.tap.conns, c)
	c.tap.mu.Unlock()
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
