package phone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// The errors that callers of this package tell apart.
var (
	// ErrClosed says that the phone was closed meanwhile.
	ErrClosed = errors.New("phone is closed")
	// ErrRefused says that the other side refused; the error's text has the
	// status.
	ErrRefused = errors.New("refused")
	// ErrEnded says that the call is over.
	ErrEnded = errors.New("call is over")
)

// Config is what a phone is told once.
type Config struct {
	// Host is the address to live on; Port 0 picks one.
	Host string
	Port int
	// Server is the PBX, host:port. Everything is sent there.
	Server string
	// User is the account's name, and the number that calls come from unless
	// Dial is told otherwise. Password is for REGISTER and INVITE.
	User, Password string
	// Display is the name that calls show.
	Display string
	// Tone is what the phone sings when it talks, in hertz; 0 means 1000.
	Tone float64
	// NoAudio sends and hears nothing: SDP only, for load.
	NoAudio bool
}

// Behaviour is what a phone does with calls that come in. The zero value rings
// until the caller gives up or the test decides.
type Behaviour struct {
	// Ring is how long the phone rings before Status is given.
	Ring time.Duration
	// Status is what comes after ringing: 200 answers, 486 is busy, 603
	// rejects …; 0 rings on.
	Status int
	// Mute does not say that the phone rings (100 only).
	Mute bool
	// Early gives early media (183) instead of ringing (180).
	Early bool
	// Nothing gives not one answer to INVITE.
	Nothing bool
}

// AnswerAfter answers after ringing for d.
func AnswerAfter(d time.Duration) Behaviour { return Behaviour{Ring: d, Status: 200} }

// Phone is one SIP endpoint. Its methods may be called from any goroutine.
type Phone struct {
	config Config
	conn   *net.UDPConn
	server *net.UDPAddr
	local  string // host:port
	wg     sync.WaitGroup

	mu        sync.Mutex
	changed   chan struct{} // closed and replaced when anything changes
	behaviour Behaviour
	calls     map[string]*Call     // by Call-ID
	rung      []*Call              // came in and not yet returned by Rung
	exchanges map[string]*exchange // our requests, by branch and method
	answers   map[string][]byte    // our last answer to a request, by branch and method; nil: none
	timers    map[*time.Timer]struct{}
	trace     []string
	binding   string // Call-ID of our registrations
	cseq      int    // of our registrations
	options   int    // OPTIONS answered
	gone      bool
	closed    bool
}

// Open puts a phone on the network. It neither registers nor calls by itself.
func Open(c Config) (*Phone, error) {
	if c.Tone == 0 {
		c.Tone = 1000
	}
	server, err := net.ResolveUDPAddr("udp4", c.Server)
	if err != nil {
		return nil, fmt.Errorf("open phone %s: server: %w", c.User, err)
	}
	ip := net.ParseIP(c.Host)
	if ip == nil {
		return nil, fmt.Errorf("open phone %s: host %q: want an IP address", c.User, c.Host)
	}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: ip, Port: c.Port})
	if err != nil {
		return nil, fmt.Errorf("open phone %s: %w", c.User, err)
	}
	p := &Phone{
		config: c, conn: conn, server: server, local: conn.LocalAddr().String(),
		changed: make(chan struct{}), calls: map[string]*Call{}, exchanges: map[string]*exchange{},
		answers: map[string][]byte{}, timers: map[*time.Timer]struct{}{}, binding: rand.Text(),
	}
	p.wg.Go(p.read)
	return p, nil
}

// Close hangs up what is up and takes the phone off the network. It does not
// unregister.
func (p *Phone) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	calls := slices.Collect(maps.Values(p.calls))
	for _, c := range calls {
		c.hangup()
		c.end(Ending{Here: true}, time.Now())
	}
	p.closed = true
	for t := range p.timers {
		t.Stop()
	}
	clear(p.timers)
	p.broadcast()
	p.mu.Unlock()
	err := p.conn.Close()
	p.wg.Wait()
	return err
}

// Addr is where the phone lives, host:port.
func (p *Phone) Addr() string { return p.local }

// User is the account's name.
func (p *Phone) User() string { return p.config.User }

// Tone is what the phone sings when it talks, in hertz.
func (p *Phone) Tone() float64 { return p.config.Tone }

// Behave changes what the phone does with the next call.
func (p *Phone) Behave(b Behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behaviour = b
}

// Vanish pulls the plug: the phone hears and says nothing, as if it had lost its
// power, until it is told to come back. Calls that were up stay up on its side.
func (p *Phone) Vanish(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = on
	for _, c := range p.calls {
		if c.audio != nil {
			c.audio.set(func() { c.audio.dead = on })
		}
	}
}

// Qualified is how many OPTIONS the phone has answered.
func (p *Phone) Qualified() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options
}

// Rung waits for a call that came in and that Rung has not returned before.
func (p *Phone) Rung(ctx context.Context) (*Call, error) {
	var c *Call
	err := p.wait(ctx, func() bool {
		if len(p.rung) == 0 {
			return false
		}
		c, p.rung = p.rung[0], p.rung[1:]
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("phone %s is not rung: %w", p.config.User, err)
	}
	return c, nil
}

// Trace is the last messages sent and received, for a test that has failed.
func (p *Phone) Trace() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.trace, "\n")
}

// wait returns nil as soon as cond, which is called under the lock, says so.
func (p *Phone) wait(ctx context.Context, cond func() bool) error {
	for {
		p.mu.Lock()
		ok, closed, changed := cond(), p.closed, p.changed
		p.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed:
			return ErrClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// broadcast wakes whoever waits. Under the lock.
func (p *Phone) broadcast() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// after runs f under the lock in d, unless the phone is closed by then. Under
// the lock.
func (p *Phone) after(d time.Duration, f func()) *time.Timer {
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.closed {
			return
		}
		delete(p.timers, t)
		f()
	})
	p.timers[t] = struct{}{}
	return t
}

// stop ends a timer, nil included. Under the lock.
func (p *Phone) stop(t *time.Timer) {
	if t != nil {
		t.Stop()
		delete(p.timers, t)
	}
}

const maxMessage = 65536

// read takes messages off the network until the socket is closed.
func (p *Phone) read() {
	buf := make([]byte, maxMessage)
	for {
		n, from, err := p.conn.ReadFromUDP(buf)
		at := time.Now()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an ICMP error of an earlier send
		}
		msg, err := sip.ParseMessage(slices.Clone(buf[:n]))
		p.mu.Lock()
		switch {
		case p.closed || p.gone:
		case err != nil:
			p.note(at, "bad", buf[:n])
		default:
			p.note(at, "in ", buf[:n])
			switch m := msg.(type) {
			case *sip.Request:
				p.request(m, from, at)
			case *sip.Response:
				p.response(m, at)
			}
		}
		p.mu.Unlock()
	}
}

// send puts a message on the network. Under the lock.
func (p *Phone) send(raw []byte, to *net.UDPAddr) {
	if p.closed || p.gone {
		return
	}
	p.note(time.Now(), "out", raw)
	// A datagram may be lost; the transaction repeats it.
	_, _ = p.conn.WriteToUDP(raw, to)
}

const traceLength = 200

// note keeps a message for Trace. Under the lock.
func (p *Phone) note(at time.Time, way string, raw []byte) {
	line := at.Format("15:04:05.000 ") + p.config.User + " " + way + " " + strings.ReplaceAll(strings.TrimSpace(string(raw)), "\r\n", "\n\t")
	if len(p.trace) >= traceLength {
		p.trace = append(p.trace[:0], p.trace[traceLength/2:]...)
	}
	p.trace = append(p.trace, line)
}
