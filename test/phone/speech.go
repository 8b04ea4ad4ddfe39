package phone

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/huawu/huawu/test/tone"
)

// Talk makes this end sing its tone, or fall silent. It is silent at first.
func (c *Call) Talk(on bool) {
	if c.audio != nil {
		c.audio.set(func() { c.audio.talking = on })
	}
}

// Sung is how long this end has sung so far, by the audio that it has sent.
func (c *Call) Sung() time.Duration {
	var n int
	if c.audio != nil {
		c.audio.set(func() { n = c.audio.sung })
	}
	return time.Duration(n) * frame
}

// Press sends keys (RFC 4733), one after the other, and returns when they are
// sent. The call must have audio.
func (c *Call) Press(ctx context.Context, digits string) error {
	if i := strings.IndexFunc(digits, func(r rune) bool { return !strings.ContainsRune(keypad, r) }); i >= 0 || digits == "" {
		return fmt.Errorf("press %q: want keys of %s", digits, keypad)
	}
	if c.audio == nil {
		return fmt.Errorf("press %q: the phone has no audio", digits)
	}
	q := &press{digits: digits, done: make(chan struct{})}
	var can bool
	c.audio.set(func() {
		select {
		case <-c.audio.stop:
			return
		default:
		}
		if can = c.audio.keys > 0; can {
			c.audio.queue = append(c.audio.queue, q)
		}
	})
	if !can {
		return fmt.Errorf("press %q: no audio with keys is agreed: %w", digits, ErrRefused)
	}
	select {
	case <-q.done:
	case <-ctx.Done():
		return fmt.Errorf("press %q: %w", digits, ctx.Err())
	}
	if !c.Alive() {
		return fmt.Errorf("press %q: %w", digits, ErrEnded)
	}
	return nil
}

// Keys are the keys that were pressed at the far end so far.
func (c *Call) Keys() string {
	var keys string
	if c.audio != nil {
		c.audio.set(func() { keys = c.audio.pressed })
	}
	return keys
}

// Packets is how many audio packets have come in.
func (c *Call) Packets() int {
	var n int
	if c.audio != nil {
		c.audio.set(func() { n = c.audio.packets })
	}
	return n
}

// Heard is what this end has heard in the last d, at most 10 s, at tone.Rate.
// Time in which nothing came is silence.
func (c *Call) Heard(d time.Duration) []int16 {
	if c.audio == nil {
		return nil
	}
	return c.audio.last(min(d, memory))
}

// Level is how loud a tone of hertz was in the last d, as tone.Level.
func (c *Call) Level(hertz float64, d time.Duration) float64 { return tone.Level(c.Heard(d), hertz) }

// Gap is a time in which a tone was not heard.
type Gap struct{ From, To time.Time }

// Lasts is how long it is.
func (g Gap) Lasts() time.Duration { return g.To.Sub(g.From) }

// Gap is the longest time within the last d, at most 10 s, in which a tone of
// hertz, sung by a phone, was not heard; about a frame of 20 ms for a tone
// without a break.
func (c *Call) Gap(hertz float64, d time.Duration) Gap {
	if c.audio == nil {
		return Gap{time.Now().Add(-d), time.Now()}
	}
	return c.audio.gap(hertz, min(d, memory))
}

// Spoken are the times within the last d, at most 10 s, in which this end heard
// something louder than a share of full scale (tone.Loudness). A pause of up to
// within is part of one.
func (c *Call) Spoken(d time.Duration, loud float64, within time.Duration) []Gap {
	if c.audio == nil {
		return nil
	}
	return c.audio.spoken(min(d, memory), loud, within)
}
