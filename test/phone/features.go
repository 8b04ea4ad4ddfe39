package phone

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// glare is how long to wait before a re-INVITE that crossed another is sent
// again (RFC 3261 section 14.1 has seconds, for the Internet's sake).
const glare = 50 * time.Millisecond

const glareTries = 10

// Hold presses the phone's hold key (re-INVITE sendonly) and returns when the
// PBX has agreed.
func (c *Call) Hold(ctx context.Context) error { return c.redirect(ctx, "sendonly") }

// Unhold takes the call back (re-INVITE sendrecv).
func (c *Call) Unhold(ctx context.Context) error { return c.redirect(ctx, "sendrecv") }

func (c *Call) redirect(ctx context.Context, direction string) error {
	p := c.phone
	for range glareTries {
		status, err := c.reinvite(ctx, direction)
		switch {
		case err != nil:
			return fmt.Errorf("re-INVITE %s: %w", direction, err)
		case status == sip.StatusOK:
			if c.audio != nil {
				c.audio.set(func() { c.audio.silent = direction != "sendrecv" })
			}
			return nil
		case status != sip.StatusRequestPending:
			return fmt.Errorf("re-INVITE %s: %d: %w", direction, status, ErrRefused)
		}
		wake := false
		p.mu.Lock()
		p.after(glare, func() { wake = true; p.broadcast() })
		p.mu.Unlock()
		if err := p.wait(ctx, func() bool { return wake }); err != nil {
			return fmt.Errorf("re-INVITE %s: %w", direction, err)
		}
	}
	return fmt.Errorf("re-INVITE %s: it crossed others too often: %w", direction, ErrRefused)
}

// reinvite is one INVITE within the call; it returns the final status.
func (c *Call) reinvite(ctx context.Context, direction string) (int, error) {
	p := c.phone
	var proved bool
	var branch string
	var status int
	p.mu.Lock()
	if !c.alive || c.times.Answered.IsZero() {
		p.mu.Unlock()
		return 0, ErrEnded
	}
	before := c.direction
	c.direction = direction
	o := c.within(sip.INVITE, c.offer(), "Allow: "+allowed)
	var heard func(*sip.Response, time.Time)
	heard = func(res *sip.Response, at time.Time) {
		defer p.broadcast()
		switch {
		case res == nil:
			status = sip.StatusRequestTimeout
		case res.IsProvisional():
			return
		case res.IsSuccess():
			ack := outline{method: sip.ACK, uri: c.target, from: c.local, to: c.remote, callID: c.callID, cseq: o.cseq}
			p.send(p.write(ack, newBranch()), p.server)
			c.agree(res.Body())
			status = sip.StatusOK
		default:
			c.ackRefusal(res)
			if branchOf(res) != branch {
				return // an old refusal, repeated
			}
			proof, err := p.prove(res, sip.INVITE, o.uri)
			if err == nil && proof != "" && !proved {
				proved = true
				c.cseq++
				o.cseq = c.cseq
				o.headers = append(o.headers, proof)
				branch = p.ask(o, heard)
				return
			}
			c.direction = before
			status = res.StatusCode
		}
	}
	branch = p.ask(o, heard)
	p.mu.Unlock()
	if err := p.wait(ctx, func() bool { return status != 0 || !c.alive }); err != nil {
		return 0, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if status == 0 {
		return 0, ErrEnded
	}
	return status, nil
}

// Refer presses the phone's transfer key: blind to a number or, when consulted
// is not nil, to whom that other call of this phone talks. It returns when the
// PBX has taken the request; an error wraps ErrRefused when it has not.
func (c *Call) Refer(ctx context.Context, number string, consulted *Call) error {
	p := c.phone
	p.mu.Lock()
	if !c.alive {
		p.mu.Unlock()
		return fmt.Errorf("refer: %w", ErrEnded)
	}
	c.told = 0
	to := "<sip:" + escapeUser(number) + "@" + p.config.Server + ">"
	if consulted != nil {
		// RFC 3891: the dialog to replace, as its far end knows it.
		replaces := url.QueryEscape(consulted.callID + ";to-tag=" + tagOf(consulted.remote) + ";from-tag=" + tagOf(consulted.local))
		to = "<" + consulted.target + "?Replaces=" + replaces + ">"
	}
	p.mu.Unlock()
	by := "<sip:" + escapeUser(p.config.User) + "@" + p.local + ">"
	res, err := p.do(ctx, func() outline {
		return c.within(sip.REFER, "", "Refer-To: "+to, "Referred-By: "+by)
	})
	if err != nil {
		return fmt.Errorf("refer: %w", err)
	}
	if !res.IsSuccess() {
		return fmt.Errorf("refer: %d %s: %w", res.StatusCode, res.Reason, ErrRefused)
	}
	return nil
}

// Told waits until the PBX has said how the transfer went and returns the SIP
// status that it told: 200 for done.
func (c *Call) Told(ctx context.Context) (int, error) {
	var status int
	err := c.phone.wait(ctx, func() bool {
		status = c.told
		return status >= sip.StatusOK
	})
	if err != nil {
		return 0, fmt.Errorf("wait for news of the transfer: %w", err)
	}
	return status, nil
}

func tagOf(party string) string {
	_, tag, _ := strings.Cut(party, ";tag=")
	tag, _, _ = strings.Cut(tag, ";")
	return tag
}
