package ari

import (
	"context"
	"time"

	"github.com/huawu/huawu/fact"
)

// Asterisk (22.10.1) tells of a key at its end, and passes it on to the others
// in the room. Of one that began while something was played to the leg, or
// shortly after the key before, it has the end alone: it tells us, begins the
// key for the others and ends it as long after as it was pressed, behind those
// before it (__ast_read, main/channel.c). A play to the leg takes it off its
// bridge and swallows that end: the others are sent the key for good and hear
// nobody any more (ast_rtp_write, res/res_rtp_asterisk.c, while sending_digit).
// The tone that confirms a key would be such a play, so a play waits.
const (
	// shortestKey and longestKey are how long a key is passed on that comes
	// late: Asterisk's AST_DEFAULT_EMULATE_DTMF_DURATION, and what nobody
	// exceeds who means a key.
	shortestKey, longestKey = 100 * time.Millisecond, 2 * time.Second
	// keyGap is between two keys, AST_MIN_DTMF_GAP.
	keyGap = 45 * time.Millisecond
	// keySlack is how far what events tell may be off, lateSlack how much later
	// a busy Asterisk may end a key that it passes on.
	keySlack, lateSlack = 150 * time.Millisecond, 300 * time.Millisecond
)

// keyed is a key that the phone let go of after some time.
func (l *leg) keyed(now fact.Instant, pressed time.Duration) {
	l.late = len(l.plays) > 0 || now.Add(-pressed) <= max(l.played, l.passed).Add(keySlack)
	if !l.late {
		l.passed = now
		return
	}
	l.passed = max(now, l.passed.Add(keyGap)).Add(min(max(pressed, shortestKey), longestKey))
}

// passOn waits until the keys of a leg in a room are over for the others there.
func (s *Switch) passOn(ctx context.Context, ch string) error {
	s.mu.Lock()
	var wait time.Duration
	if l := s.legs[ch]; l != nil && l.room != "" && l.late {
		wait = l.passed.Add(lateSlack).Sub(s.config.Clock())
	}
	s.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-over.C:
		return nil
	}
}
