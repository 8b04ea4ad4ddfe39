package norms

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// A caller who says nothing is found by listening after the opening, once.
func TestSilentCaller(t *testing.T) {
	for _, c := range []struct {
		rule string
		dir  fact.Direction
		wait time.Duration
	}{{"RUL-SIL-1", fact.Inbound, 3 * time.Second}, {"RUL-SIL-2", fact.Inbound, 3 * time.Second}, {"RUL-SIL-3", fact.Outbound, 4 * time.Second}} {
		t.Run(c.rule, func(t *testing.T) {
			l := connected(t, c.dir, alone(c.rule)...)
			l.after(time.Second)
			l.speaks("a", true)
			l.after(6 * time.Second)
			l.speaks("a", false)
			l.after(c.wait - SpeechSilence - time.Millisecond)
			l.want()
			l.after(time.Millisecond)
			ms := c.wait.Milliseconds()
			l.want(fmt.Sprintf("broken %s %d/%d", c.rule, ms, ms), fmt.Sprintf("nudge %s silent-caller %d/%d", c.rule, ms, ms), "act "+c.rule+" silent-call")
			l.speaks("a", true)
			l.speaks("a", false)
			l.after(time.Minute)
			l.want()
			l = connected(t, c.dir, alone(c.rule)...)
			l.speaks("a", true)
			l.speaks("in", true)
			l.speaks("a", false)
			l.speaks("in", false)
			l.after(time.Minute)
			l.want()
			if n := l.counted(c.rule); n.Kept != 1 {
				t.Errorf("counted %+v", n)
			}
		})
	}
	l := connected(t, fact.Inbound) // by no profile
	l.after(time.Minute)
	for _, s := range l.said {
		if strings.Contains(s, "RUL-SIL") {
			t.Errorf("wanted %q", l.said)
		}
	}
}
