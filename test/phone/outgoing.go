package phone

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// invited handles the answers to our first INVITE. Under the lock.
func (c *Call) invited(res *sip.Response, at time.Time) {
	p := c.phone
	defer p.broadcast()
	switch {
	case res == nil:
		c.end(Ending{Status: sip.StatusRequestTimeout}, at)
	case res.IsProvisional():
		if c.wantCancel {
			c.wantCancel = false
			c.cancel()
		}
		if res.StatusCode == sip.StatusRinging && c.times.Ringing.IsZero() {
			c.times.Ringing = at
		}
		if len(res.Body()) > 0 && c.agree(res.Body()) && c.times.Early.IsZero() {
			c.times.Early = at
		}
	case res.IsSuccess():
		c.remote = res.To().Value()
		if contact := res.Contact(); contact != nil {
			c.target = contact.Address.String()
		}
		c.ack()
		if !c.times.Answered.IsZero() || !c.alive && c.ending.Status == 0 {
			return // repeated
		}
		c.times.Answered = at
		if !c.agree(res.Body()) || !c.alive || c.withdrawn {
			// Answered as we gave up, or in no language of ours.
			c.bye()
			c.end(Ending{Here: true}, at)
		}
	default:
		c.ackRefusal(res)
		if branchOf(res) != c.branch {
			return // an old refusal, repeated
		}
		if proof, err := p.prove(res, sip.INVITE, c.outgoing.uri); err == nil && proof != "" && !c.proved && c.alive {
			c.proved = true
			c.cseq++
			c.outgoing.cseq = c.cseq
			c.outgoing.headers = append(c.outgoing.headers, proof)
			c.branch = p.ask(c.outgoing, c.invited)
			return
		}
		end := endingOf(res)
		end.Status, end.Here = res.StatusCode, c.withdrawn
		c.end(end, at)
	}
}

// ack confirms a 200 (RFC 3261 section 13.2.2.4). Under the lock.
func (c *Call) ack() {
	o := outline{method: sip.ACK, uri: c.target, from: c.local, to: c.remote, callID: c.callID, cseq: c.outgoing.cseq}
	c.phone.send(c.phone.write(o, newBranch()), c.phone.server)
}

// ackRefusal confirms a refusal (section 17.1.1.3). Under the lock.
func (c *Call) ackRefusal(res *sip.Response) {
	o := outline{method: sip.ACK, uri: c.outgoing.uri, from: c.local, to: res.To().Value(), callID: c.callID, cseq: int(res.CSeq().SeqNo)}
	c.phone.send(c.phone.write(o, branchOf(res)), c.phone.server)
}

// cancel withdraws our INVITE (section 9.1). Under the lock.
func (c *Call) cancel() {
	p, o := c.phone, c.outgoing
	o.method, o.body, o.headers = sip.CANCEL, "", nil
	e := &exchange{raw: p.write(o, c.branch), to: p.server, interval: t1, deadline: time.Now().Add(timeout), heard: func(*sip.Response, time.Time) {}}
	p.exchanges[c.branch+string(sip.CANCEL)] = e
	p.send(e.raw, e.to)
	p.again(e)
}
