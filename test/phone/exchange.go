package phone

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// The timers of RFC 3261 section 17.1.1.1.
const (
	t1      = 500 * time.Millisecond
	t2      = 4 * time.Second
	timeout = 64 * t1
)

// exchange is one request of ours until its final answer.
type exchange struct {
	raw      []byte
	to       *net.UDPAddr
	interval time.Duration
	deadline time.Time
	timer    *time.Timer
	invite   bool
	// heard is called under the lock for each answer; nil: none came in time.
	heard func(res *sip.Response, at time.Time)
}

// outline is a request of ours before it has a branch.
type outline struct {
	method   sip.RequestMethod
	uri      string
	from, to string // with tags
	callID   string
	cseq     int
	headers  []string
	body     string
}

func newBranch() string { return "z9hG4bK" + rand.Text() }

func (p *Phone) contact() string { return "<sip:" + escapeUser(p.config.User) + "@" + p.local + ">" }

// escapeUser makes a number fit for the user part of a URI (RFC 3261 section
// 25.1): of what phones dial only "#" must be escaped.
func escapeUser(s string) string { return strings.ReplaceAll(s, "#", "%23") }

const userAgent = "huawu test phone"

func (p *Phone) write(o outline, branch string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\n", o.method, o.uri)
	fmt.Fprintf(&b, "Via: SIP/2.0/UDP %s;branch=%s;rport\r\n", p.local, branch)
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n", o.from, o.to, o.callID, o.cseq, o.method)
	fmt.Fprintf(&b, "Max-Forwards: 70\r\nUser-Agent: %s\r\n", userAgent)
	for _, h := range o.headers {
		b.WriteString(h + "\r\n")
	}
	if o.body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(o.body), o.body)
	return []byte(b.String())
}

// ask sends a request, repeats it while nothing is heard, and calls heard under
// the lock for every answer. It returns the branch. Under the lock.
func (p *Phone) ask(o outline, heard func(*sip.Response, time.Time)) string {
	branch := newBranch()
	e := &exchange{
		raw: p.write(o, branch), to: p.server, interval: t1,
		deadline: time.Now().Add(timeout), invite: o.method == sip.INVITE, heard: heard,
	}
	p.exchanges[branch+string(o.method)] = e
	p.send(e.raw, e.to)
	p.again(e)
	return branch
}

func (p *Phone) again(e *exchange) {
	e.timer = p.after(e.interval, func() {
		if time.Now().After(e.deadline) {
			e.timer = nil
			e.heard(nil, time.Now())
			return
		}
		p.send(e.raw, e.to)
		e.interval = min(2*e.interval, t2)
		p.again(e)
	})
}

// response hands an answer to the exchange that it belongs to. Under the lock.
func (p *Phone) response(res *sip.Response, at time.Time) {
	via, cseq := res.Via(), res.CSeq()
	if via == nil || cseq == nil {
		return
	}
	e := p.exchanges[branchOf(res)+string(cseq.MethodName)]
	if e == nil {
		return
	}
	if !res.IsProvisional() || e.invite {
		p.stop(e.timer)
		e.timer = nil
	}
	e.heard(res, at)
}

// do is ask for requests other than INVITE: it waits for the final answer, with
// the account's password if that is wanted, and returns it.
func (p *Phone) do(ctx context.Context, next func() outline) (*sip.Response, error) {
	var proof []string
	for range 2 {
		var final *sip.Response
		var over bool
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, ErrClosed
		}
		o := next()
		o.headers = append(o.headers, proof...)
		p.ask(o, func(res *sip.Response, _ time.Time) {
			if over || res != nil && res.IsProvisional() {
				return
			}
			final, over = res, true
			p.broadcast()
		})
		p.mu.Unlock()
		if err := p.wait(ctx, func() bool { return over }); err != nil {
			return nil, fmt.Errorf("%s: %w", o.method, err)
		}
		if final == nil {
			return nil, fmt.Errorf("%s: no answer within %v: %w", o.method, timeout, ErrRefused)
		}
		header, err := p.prove(final, o.method, o.uri)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.method, err)
		}
		if header == "" || proof != nil {
			return final, nil
		}
		proof = []string{header}
	}
	return nil, fmt.Errorf("password not accepted: %w", ErrRefused)
}

// prove is the header that answers a challenge (RFC 3261 section 22); "" when
// the answer is none or there is no password.
func (p *Phone) prove(res *sip.Response, method sip.RequestMethod, uri string) (string, error) {
	asked, given := "WWW-Authenticate", "Authorization"
	switch res.StatusCode {
	case sip.StatusUnauthorized:
	case sip.StatusProxyAuthRequired:
		asked, given = "Proxy-Authenticate", "Proxy-Authorization"
	default:
		return "", nil
	}
	h := res.GetHeader(asked)
	if h == nil || p.config.Password == "" {
		return "", nil
	}
	challenge, err := digest.ParseChallenge(h.Value())
	if err != nil {
		return "", fmt.Errorf("challenge %q: %w", h.Value(), err)
	}
	proof, err := digest.Digest(challenge, digest.Options{
		Method: string(method), URI: uri, Username: p.config.User, Password: p.config.Password,
	})
	if err != nil {
		return "", fmt.Errorf("challenge %q: %w", h.Value(), err)
	}
	return given + ": " + proof.String(), nil
}

// answer sends, and keeps for repetition, an answer to a request. tag is our
// side's tag, "" for none. Under the lock.
func (p *Phone) answer(req *sip.Request, from *net.UDPAddr, status int, tag, body string, headers ...string) {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", status, reason(status))
	for _, h := range req.GetHeaders("Via") {
		b.WriteString("Via: " + h.Value() + "\r\n")
	}
	to := req.To().Value()
	if tag != "" && !req.To().Params.Has("tag") {
		to += ";tag=" + tag
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n",
		req.From().Value(), to, req.CallID().Value(), req.CSeq().Value())
	fmt.Fprintf(&b, "Contact: %s\r\nUser-Agent: %s\r\nAllow: %s\r\n", p.contact(), userAgent, allowed)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	raw := []byte(b.String())
	p.answers[key(req)] = raw
	p.send(raw, from)
}

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, REFER"

// key names the transaction of a request.
func key(req *sip.Request) string {
	return branchOf(req) + string(req.Method)
}

// branchOf names the transaction of a message that has a Via.
func branchOf(m interface{ Via() *sip.ViaHeader }) string {
	branch, _ := m.Via().Params.Get("branch")
	return branch
}

func reason(status int) string {
	switch status {
	case 100:
		return "Trying"
	case 180:
		return "Ringing"
	case 183:
		return "Session Progress"
	case 200:
		return "OK"
	case 480:
		return "Temporarily Unavailable"
	case 481:
		return "Call/Transaction Does Not Exist"
	case 486:
		return "Busy Here"
	case 487:
		return "Request Terminated"
	case 488:
		return "Not Acceptable Here"
	case 603:
		return "Decline"
	}
	return "Status"
}

// DefaultExpires is how long a registration is asked to hold.
const DefaultExpires = time.Hour

// Register makes the phone known to the PBX. An error wraps ErrRefused when the
// PBX does not want it.
func (p *Phone) Register(ctx context.Context) error { return p.register(ctx, DefaultExpires) }

// Unregister takes the phone off the PBX.
func (p *Phone) Unregister(ctx context.Context) error { return p.register(ctx, 0) }

func (p *Phone) register(ctx context.Context, expires time.Duration) error {
	user := "<sip:" + escapeUser(p.config.User) + "@" + p.config.Server + ">"
	res, err := p.do(ctx, func() outline {
		p.cseq++
		return outline{
			method: sip.REGISTER, uri: "sip:" + p.config.Server, from: user + ";tag=" + rand.Text(), to: user,
			callID: p.binding, cseq: p.cseq,
			headers: []string{fmt.Sprintf("Contact: %s;expires=%d", p.contact(), int(expires/time.Second)), "Allow: " + allowed},
		}
	})
	if err != nil {
		return fmt.Errorf("register %s: %w", p.config.User, err)
	}
	if !res.IsSuccess() {
		return fmt.Errorf("register %s: %d %s: %w", p.config.User, res.StatusCode, res.Reason, ErrRefused)
	}
	return nil
}
