package center

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// detour is the place in line that a caller has left by a key and may come
// back to: who joins the same queue again in this call waits since then.
type detour struct {
	Queue  fact.QueueID `json:"queue"`
	Joined fact.Instant `json:"joined"`
}

// quit takes a caller out of line who has pressed a key for it.
func (c *Center) quit(k *contact, a flow.Leave) {
	if k.ticket == "" || k.line != a.Token {
		return // the line was over before
	}
	if t, ok := c.acd.Ticket(k.ticket); ok {
		k.detour = &detour{Queue: t.Queue, Joined: t.Joined}
	}
	c.line(routing.Withdraw{Ticket: k.ticket, Why: routing.ExitKey})
}

// since is when a caller who joins a queue counts as having joined: those who
// come back from a detour do not lose what they have waited.
func (c *Center) since(k *contact, q fact.QueueID) fact.Instant {
	at := c.now.At - fact.Instant(k.late)
	k.late = 0
	if d := k.detour; d != nil && d.Queue == q {
		at = min(at, d.Joined)
	}
	k.detour = nil
	return at
}

// place is where a call stands in line, nil outside one.
func (c *Center) place(k *contact) *flow.Place {
	if k.ticket == "" {
		return nil
	}
	t, ok := c.acd.Ticket(k.ticket)
	if !ok {
		return nil
	}
	w := c.acd.Expect(k.ticket)
	return &flow.Place{
		Position: t.Position, Offered: t.Offer != "", Known: w.Known,
		Low: millis(int(w.Low)), Mid: millis(int(w.Mid)), High: millis(int(w.High)),
	}
}

// told keeps what a caller was told of the place and the wait.
func (c *Center) told(k *contact, a flow.Told) {
	t, _ := c.acd.Ticket(k.ticket)
	c.emit(fact.Event{Kind: fact.QueueTold, Call: k.call.ID, Ticket: k.ticket, Queue: t.Queue, Position: a.Position, Low: a.Low, High: a.High})
}
