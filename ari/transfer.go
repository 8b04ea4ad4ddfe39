package ari

import (
	"context"
	"fmt"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// askFirst has Asterisk ask us about a phone's REFER and do nothing by itself
// (cookbook section 6). It is set on each leg to a phone.
const askFirst = "PJSIP_TRANSFER_HANDLING()"

// transferred is ChannelTransfer: a request, unless it has a state (then it is
// the echo of our own answer) or its leg is gone.
func (s *Switch) transferred(e *event) {
	if e.State != "" || e.ReferredBy == nil || e.ReferTo == nil {
		return
	}
	l := s.legOf(e.ReferredBy.Source)
	if l == nil || l.hangup.seen {
		return
	}
	// The instant keeps the ids of two controllers' lives apart.
	s.transferCount++
	t := &transfer{id: fact.On[fact.TransferID](s.config.Name, fmt.Sprintf("%s-refer-%d-%d", l.ch, s.now, s.transferCount)), ch: l.ch}
	s.transfers[t.id] = t
	asked := media.TransferAsked{Head: s.head(), Transfer: t.id, Leg: l.id, To: e.ReferTo.Requested.Destination}
	if c := s.legOf(e.ReferTo.Destination); c != nil {
		asked.Consulted = c.id
	}
	s.say(asked)
}

// answerTransfer tells the phone "trying" or, with done, that it may go.
func (s *Switch) answerTransfer(ctx context.Context, t fact.TransferID, leg fact.LegID, state string, last bool) error {
	ch := fact.Native(leg)
	s.mu.Lock()
	open := s.transfers[t]
	s.mu.Unlock()
	if open == nil || open.ch != ch {
		return fmt.Errorf("transfer %s of %s: %w", t, leg, media.ErrNoLeg)
	}
	if err := s.rest.post(ctx, path("channels", ch, "transfer_progress"), params("states", state)); err != nil {
		return err
	}
	if last {
		s.mu.Lock()
		delete(s.transfers, t)
		s.mu.Unlock()
	}
	return nil
}
