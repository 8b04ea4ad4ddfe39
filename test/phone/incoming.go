package phone

import (
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// request handles whatever the PBX asks of the phone. Under the lock.
func (p *Phone) request(req *sip.Request, from *net.UDPAddr, at time.Time) {
	if req.Via() == nil || req.CSeq() == nil || req.CallID() == nil || req.From() == nil || req.To() == nil {
		return
	}
	if req.Method != sip.ACK {
		if raw, repeated := p.answers[key(req)]; repeated {
			if raw != nil {
				p.send(raw, from)
			}
			return
		}
	}
	c := p.calls[req.CallID().Value()]
	switch req.Method {
	case sip.OPTIONS:
		p.options++
		p.answer(req, from, sip.StatusOK, newBranch(), "")
		p.broadcast()
	case sip.INVITE:
		switch {
		case c != nil && c.alive && !c.times.Answered.IsZero():
			c.reinvited(req, from)
		case req.To().Params.Has("tag"):
			p.answer(req, from, sip.StatusCallTransactionDoesNotExists, "", "")
		default:
			p.invited(req, from, at)
		}
	case sip.ACK:
		if c != nil {
			c.confirmed(int(req.CSeq().SeqNo))
		}
	case sip.CANCEL:
		p.cancelled(c, req, from, at)
	case sip.BYE:
		if c == nil {
			p.answer(req, from, sip.StatusCallTransactionDoesNotExists, "", "")
			return
		}
		p.answer(req, from, sip.StatusOK, "", "")
		c.end(endingOf(req), at)
	case sip.UPDATE:
		if c != nil && c.agree(req.Body()) && len(req.Body()) > 0 {
			p.answer(req, from, sip.StatusOK, "", c.reply())
			return
		}
		p.answer(req, from, sip.StatusOK, "", "")
	case sip.NOTIFY:
		p.answer(req, from, sip.StatusOK, "", "")
		if c != nil {
			c.notified(req)
		}
	default:
		p.answer(req, from, sip.StatusOK, "", "")
	}
}

// invited is a call that comes in. Under the lock.
func (p *Phone) invited(req *sip.Request, from *net.UDPAddr, at time.Time) {
	p.answers[key(req)] = nil
	behaviour := p.behaviour
	c, err := p.newCall(true, req.CallID().Value())
	if err != nil {
		p.answer(req, from, sip.StatusInternalServerError, newBranch(), "")
		return
	}
	c.incoming, c.number, c.source, c.times.Invite = req, req.Recipient.User, from, at
	c.local, c.remote = req.To().Value()+";tag="+c.tag, req.From().Value()
	if contact := req.Contact(); contact != nil {
		c.target = contact.Address.String()
	}
	p.calls[c.callID] = c
	if !c.agree(req.Body()) && !behaviour.Nothing {
		c.refuse(sip.StatusNotAcceptableHere)
		return
	}
	p.rung = append(p.rung, c)
	defer p.broadcast()
	if behaviour.Nothing {
		return
	}
	p.answer(req, from, sip.StatusTrying, "", "")
	switch {
	case behaviour.Early:
		p.answer(req, from, sip.StatusSessionInProgress, c.tag, c.reply())
		c.times.Early = time.Now()
	case !behaviour.Mute && (behaviour.Ring > 0 || behaviour.Status == 0):
		p.answer(req, from, sip.StatusRinging, c.tag, "")
		c.times.Ringing = time.Now()
	}
	if behaviour.Status == 0 {
		return
	}
	if behaviour.Ring <= 0 {
		c.settle(behaviour.Status)
		return
	}
	c.ring = p.after(behaviour.Ring, func() { c.settle(behaviour.Status) })
}

// settle answers or refuses a ringing call. Under the lock.
func (c *Call) settle(status int) {
	if !c.alive || !c.times.Answered.IsZero() {
		return
	}
	if status != sip.StatusOK {
		c.refuse(status)
		return
	}
	c.accept(c.incoming, c.source, c.reply())
	c.times.Answered = time.Now()
	c.phone.broadcast()
}

// accept answers an INVITE with 200 and repeats that until it is confirmed
// (RFC 3261 section 13.3.1.4). Under the lock.
func (c *Call) accept(req *sip.Request, from *net.UDPAddr, body string) {
	p, seq := c.phone, int(req.CSeq().SeqNo)
	p.answer(req, from, sip.StatusOK, c.tag, body)
	raw := p.answers[key(req)]
	interval, deadline := t1, time.Now().Add(timeout)
	p.stop(c.repeat)
	var again func()
	again = func() {
		c.repeat = p.after(interval, func() {
			if !c.unacked[seq] || !c.alive || time.Now().After(deadline) {
				return
			}
			p.send(raw, from)
			interval = min(2*interval, t2)
			again()
		})
	}
	c.unacked[seq] = true
	again()
}

func (c *Call) confirmed(seq int) {
	if c.unacked[seq] {
		delete(c.unacked, seq)
		c.phone.stop(c.repeat)
	}
}

// refuse gives a call that came in a refusal. Under the lock.
func (c *Call) refuse(status int) {
	c.phone.answer(c.incoming, c.source, status, c.tag, "")
	c.end(Ending{Here: true, Status: status}, time.Now())
}

// Answer takes a ringing call; Refuse refuses it with a status such as 486.
func (c *Call) Answer() { c.Refuse(sip.StatusOK) }

// Refuse ends a ringing call with a SIP status.
func (c *Call) Refuse(status int) {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	if c.in {
		c.phone.stop(c.ring)
		c.settle(status)
	}
}

// cancelled is the caller's CANCEL. Under the lock.
func (p *Phone) cancelled(c *Call, req *sip.Request, from *net.UDPAddr, at time.Time) {
	if c == nil || !c.in {
		p.answer(req, from, sip.StatusCallTransactionDoesNotExists, "", "")
		return
	}
	p.answer(req, from, sip.StatusOK, c.tag, "")
	if !c.alive || !c.times.Answered.IsZero() {
		return // it crossed our answer
	}
	p.answer(c.incoming, c.source, sip.StatusRequestTerminated, c.tag, "")
	end := endingOf(req)
	end.Status = sip.StatusRequestTerminated
	c.end(end, at)
}

// reinvited is a change of the session by the PBX. Under the lock.
func (c *Call) reinvited(req *sip.Request, from *net.UDPAddr) {
	if !c.agree(req.Body()) {
		c.phone.answer(req, from, sip.StatusNotAcceptableHere, c.tag, "")
		return
	}
	body := c.reply()
	if len(req.Body()) == 0 {
		body = c.offer()
	}
	c.accept(req, from, body)
}

// notified is news of our transfer (RFC 3515 section 2.4.5). Under the lock.
func (c *Call) notified(req *sip.Request) {
	if event := req.GetHeader("Event"); event == nil || !strings.HasPrefix(event.Value(), "refer") {
		return
	}
	var status int
	if _, err := fmt.Sscanf(string(req.Body()), "SIP/2.0 %d", &status); err == nil {
		c.told = status
		c.phone.broadcast()
	}
}
