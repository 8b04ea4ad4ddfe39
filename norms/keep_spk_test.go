package norms

import (
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// An agent who begins to speak while the caller does and goes on has
// interrupted.
func TestInterruptions(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-SPK-2")...)
	both := func(first, second fact.LegID, d time.Duration) {
		l.speaks(first, true)
		l.after(2 * time.Second)
		l.speaks(second, true)
		l.after(d)
		l.speaks(first, false)
		l.speaks(second, false)
	}
	for range 5 {
		both("in", "a", 1500*time.Millisecond)
		both("a", "in", 1500*time.Millisecond)
		both("in", "a", 900*time.Millisecond)
	}
	l.want()
	both("in", "a", time.Second)
	l.want("broken RUL-SPK-2 6/5", "tell RUL-SPK-2 interrupts")
}

// The agent speaks within three seconds of the connection, or is told.
func TestOpening(t *testing.T) {
	l := connected(t, fact.Inbound, alone("RUL-ANS-3")...)
	l.after(2 * time.Second)
	l.speaks("a", true)
	l.speaks("a", false)
	l.after(time.Minute)
	l.want()
	l = connected(t, fact.Inbound, alone("RUL-ANS-3")...)
	l.speaks("in", true)
	l.after(3 * time.Second)
	l.want("broken RUL-ANS-3 3000/3000", "nudge RUL-ANS-3 opening 3000/3000")
	l.after(time.Second)
	l.speaks("a", true)
	l.want("mended RUL-ANS-3")
	if n := l.counted("RUL-ANS-3"); n.Broken != 1 || n.Max != 4000 {
		t.Errorf("counted %+v", n)
	}
}
