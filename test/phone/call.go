package phone

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Times are when the messages of a call were sent or arrived, with the
// monotonic clock; zero: not yet.
type Times struct {
	Invite   time.Time // the INVITE
	Ringing  time.Time // the first 180
	Early    time.Time // the first 183 with a session
	Answered time.Time // the 200
	Ended    time.Time // BYE, CANCEL or refusal
}

// Ending is how a call ended at this end.
type Ending struct {
	// Here says that this end hung up or refused itself.
	Here bool
	// Status is the SIP status that a call out was refused with; 487 after a
	// CANCEL; 0 after BYE.
	Status int
	// Cause is the Q.850 cause in the Reason header (RFC 3326), 0 for none.
	Cause int
	// Elsewhere says that the call was completed elsewhere.
	Elsewhere bool
}

// Call is one call at this phone. Its methods may be called from any goroutine.
type Call struct {
	phone *Phone
	// Fixed from the start.
	in       bool
	callID   string
	tag      string
	number   string
	incoming *sip.Request // what rang us
	audio    *audio       // nil with NoAudio
	rtp      *net.UDPAddr

	// Under the phone's lock.
	local, remote string // From and To as we write them
	target        string // URI for requests within the call
	cseq          int
	version       int // of our session description
	direction     string
	theirs        session
	times         Times
	alive         bool
	ending        Ending
	source        *net.UDPAddr // whom to answer
	ring          *time.Timer
	repeat        *time.Timer
	outgoing      outline
	branch        string
	withdrawn     bool // hung up before it was answered
	wantCancel    bool // as soon as the far end has said anything
	proved        bool
	told          int          // last status of our transfer; 0: none
	unacked       map[int]bool // CSeq of our 200 that wait for ACK
}

// Ask is how a call out differs from the usual one.
type Ask struct {
	From    string   // number to call from; "" means the account's
	Display string   // name to show; "" means the phone's
	Headers []string // to add, such as "X-Test: 1"
}

// Dial calls a number and returns when the INVITE is on its way.
func (p *Phone) Dial(number string, ask Ask) (*Call, error) {
	from, display := p.config.User, p.config.Display
	if ask.From != "" {
		from = ask.From
	}
	if ask.Display != "" {
		display = ask.Display
	}
	c, err := p.newCall(false, rand.Text())
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", number, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.hush()
		return nil, fmt.Errorf("dial %s: %w", number, ErrClosed)
	}
	c.number = number
	host, _, err := net.SplitHostPort(p.local)
	if err != nil {
		host = p.local
	}
	c.target = "sip:" + escapeUser(number) + "@" + p.config.Server
	c.local = "<sip:" + escapeUser(from) + "@" + host + ">;tag=" + c.tag
	if display != "" {
		c.local = fmt.Sprintf("%q %s", display, c.local)
	}
	c.remote = "<" + c.target + ">"
	c.cseq = 1
	c.outgoing = outline{
		method: sip.INVITE, uri: c.target, from: c.local, to: c.remote, callID: c.callID, cseq: c.cseq,
		headers: append([]string{"Contact: " + p.contact(), "Allow: " + allowed}, ask.Headers...), body: c.offer(),
	}
	p.calls[c.callID] = c
	c.branch = p.ask(c.outgoing, c.invited)
	c.times.Invite = time.Now()
	return c, nil
}

func (p *Phone) newCall(in bool, callID string) (*Call, error) {
	c := &Call{phone: p, in: in, callID: callID, tag: rand.Text(), direction: "sendrecv", alive: true, unacked: map[int]bool{}}
	host, _, err := net.SplitHostPort(p.local)
	if err != nil {
		return nil, err
	}
	if p.config.NoAudio {
		// A port of its own is not needed by who never listens.
		c.rtp = &net.UDPAddr{IP: net.ParseIP(host), Port: 9}
		return c, nil
	}
	if c.audio, err = openAudio(host, p.config.Tone); err != nil {
		return nil, err
	}
	c.rtp = c.audio.addr()
	c.audio.run()
	return c, nil
}

// offer describes what we can do; reply what we do of theirs. Under the lock.
func (c *Call) offer() string {
	c.version++
	return describe(c.rtp, c.version, c.direction, []int{payloadALaw, payloadULaw, payloadKeys})
}

func (c *Call) reply() string {
	c.version++
	payloads := []int{c.theirs.payload}
	if c.theirs.keys > 0 {
		payloads = append(payloads, c.theirs.keys)
	}
	direction := c.direction
	if direction == "sendrecv" {
		switch c.theirs.direction {
		case "sendonly":
			direction = "recvonly"
		case "recvonly":
			direction = "sendonly"
		case "inactive":
			direction = "inactive"
		}
	}
	return describe(c.rtp, c.version, direction, payloads)
}

// agree takes over the other side's description; a message without one changes
// nothing. Under the lock.
func (c *Call) agree(body []byte) bool {
	if len(body) == 0 {
		return c.theirs.payload >= 0
	}
	s, err := parseSDP(body)
	if err != nil {
		return false
	}
	c.theirs = s
	if c.audio != nil {
		c.audio.agree(s)
	}
	return true
}

// within is a request within the call. Under the lock.
func (c *Call) within(method sip.RequestMethod, body string, headers ...string) outline {
	c.cseq++
	return outline{
		method: method, uri: c.target, from: c.local, to: c.remote, callID: c.callID, cseq: c.cseq,
		headers: append([]string{"Contact: " + c.phone.contact()}, headers...), body: body,
	}
}

// bye ends an answered call. Under the lock.
func (c *Call) bye() {
	c.phone.ask(c.within(sip.BYE, ""), func(*sip.Response, time.Time) {})
}

// end settles the call's ending, once. Under the lock.
func (c *Call) end(e Ending, at time.Time) {
	if !c.alive {
		return
	}
	c.alive, c.ending, c.times.Ended = false, e, at
	c.phone.stop(c.ring)
	c.phone.stop(c.repeat)
	c.hush()
	c.phone.broadcast()
}

// hush stops the audio. What was heard stays to be asked for. The audio's
// goroutines never take the phone's lock, so that waiting for them is safe.
func (c *Call) hush() {
	if c.audio != nil {
		c.audio.close()
	}
}

// hangup ends the call in the way that its state wants. Under the lock.
func (c *Call) hangup() {
	switch {
	case !c.alive:
	case !c.times.Answered.IsZero():
		c.bye()
	case c.in:
		c.refuse(sip.StatusGlobalDecline)
	default:
		c.withdrawn = true
		if c.trying() {
			c.cancel()
		} else {
			c.wantCancel = true
		}
	}
}

// trying says whether our INVITE was heard: only then a CANCEL may be sent.
func (c *Call) trying() bool {
	e := c.phone.exchanges[c.branch+string(sip.INVITE)]
	return e != nil && e.timer == nil
}

// Hangup ends the call: BYE, CANCEL or 603, as fits.
func (c *Call) Hangup() {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	answered := !c.times.Answered.IsZero()
	c.hangup()
	// A withdrawn call ends with its 487, or with a 200 that crossed.
	if answered || c.in {
		c.end(Ending{Here: true}, time.Now())
	}
}

// endingOf reads the Reason headers of a message.
func endingOf(m sip.Message) Ending {
	var e Ending
	for _, h := range m.GetHeaders("Reason") {
		for _, value := range strings.Split(h.Value(), ",") {
			parts := strings.Split(value, ";")
			protocol := strings.TrimSpace(parts[0])
			for _, part := range parts[1:] {
				name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
				var cause int
				if name != "cause" {
					continue
				}
				if _, err := fmt.Sscan(text, &cause); err != nil {
					continue
				}
				switch {
				case strings.EqualFold(protocol, "Q.850"):
					e.Cause = cause
					e.Elsewhere = e.Elsewhere || cause == 26
				case strings.EqualFold(protocol, "SIP") && cause == sip.StatusOK:
					e.Elsewhere = true
				}
			}
		}
	}
	return e
}

// ID is the call's Call-ID.
func (c *Call) ID() string { return c.callID }

// Number is what was dialled, from either side.
func (c *Call) Number() string { return c.number }

// Shown is the caller as a display shows it, of a call that came in.
func (c *Call) Shown() (name, number string) {
	if c.incoming == nil {
		return "", ""
	}
	from := c.incoming.From()
	return from.DisplayName, from.Address.User
}

// Header is a header of the INVITE that came in, "" for none.
func (c *Call) Header(name string) string {
	if c.incoming == nil {
		return ""
	}
	h := c.incoming.GetHeader(name)
	if h == nil {
		return ""
	}
	return h.Value()
}

// Times are the call's times so far.
func (c *Call) Times() Times {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return c.times
}

// Alive says whether the call is not over.
func (c *Call) Alive() bool {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return c.alive
}

func (c *Call) await(ctx context.Context, what string, happened func() bool) error {
	over := false
	err := c.phone.wait(ctx, func() bool {
		over = !c.alive
		return happened() || over
	})
	if err != nil {
		return fmt.Errorf("wait for call %s to be %s: %w", c.number, what, err)
	}
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	if over && !happened() {
		return fmt.Errorf("wait for call %s to be %s: %w: %+v", c.number, what, ErrEnded, c.ending)
	}
	return nil
}

// Ringing waits until the far end has said that it rings, or for a call that
// came in, until this phone has.
func (c *Call) Ringing(ctx context.Context) error {
	return c.await(ctx, "ringing", func() bool { return !c.times.Ringing.IsZero() })
}

// Early waits for early media.
func (c *Call) Early(ctx context.Context) error {
	return c.await(ctx, "in early media", func() bool { return !c.times.Early.IsZero() })
}

// Answered waits until the call is up.
func (c *Call) Answered(ctx context.Context) error {
	return c.await(ctx, "answered", func() bool { return !c.times.Answered.IsZero() })
}

// Ended waits until the call is over and says how it ended.
func (c *Call) Ended(ctx context.Context) (Ending, error) {
	if err := c.phone.wait(ctx, func() bool { return !c.alive }); err != nil {
		return Ending{}, fmt.Errorf("wait for call %s to end: %w", c.number, err)
	}
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return c.ending, nil
}
