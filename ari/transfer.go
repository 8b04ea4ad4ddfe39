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
	if err := s.referHeld(ctx, open); err != nil {
		return err
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

// referHeld waits until Asterisk has put a REFER away. It tells us of one
// before it has: refer_incoming_ari_request (res/res_pjsip_refer.c, 22.4 to
// 22.10.1 and later) calls ari_notify and only then sets progress->ari_state,
// which refer_ari_progress_framehook writes to without a look. An answer in
// between ends the whole Asterisk with a signal, and on a busy machine that is
// long enough for one. The REFER is being handled in the serializer of its
// session, and what is read by CHANNEL(pjsip,...) is read there too
// (pjsip_acf_channel_read, channels/pjsip/dialplan_functions.c): when that is
// answered, the REFER is done with.
func (s *Switch) referHeld(ctx context.Context, t *transfer) error {
	s.mu.Lock()
	held := t.held
	s.mu.Unlock()
	if held {
		return nil
	}
	if err := s.rest.get(ctx, path("channels", t.ch, "variable"), params("variable", "CHANNEL(pjsip,call-id)"), nil); err != nil {
		return err
	}
	s.mu.Lock()
	t.held = true
	s.mu.Unlock()
	return nil
}
