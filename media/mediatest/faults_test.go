package mediatest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Events are lost, doubled and late as they are told to be; those of one leg
// stay in order, those of others overtake.
func TestTroubleOfEvents(t *testing.T) {
	late := map[string]Trouble{}
	c := NewCore("sw", Options{Trouble: func(_ fact.Instant, e media.Event) Trouble {
		return late[fmt.Sprintf("%s %s", media.EventName(e), fact.Native(media.LegOf(e)))]
	}})
	const now = fact.Instant(1000)
	c.Connect(now)
	one, _ := c.Call(now, "1", "100")
	two, _ := c.Call(now, "2", "100")
	late = map[string]Trouble{
		"LegAnswered " + fact.Native(one): {Late: time.Second}, "LegAnswered " + fact.Native(two): {Twice: true},
		"LegEnded " + fact.Native(two): {Lost: true},
	}
	var got []string
	hear := func(events []media.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			got = append(got, fmt.Sprintf("%d %s %s", e.When(), media.EventName(e), fact.Native(media.LegOf(e))))
		}
	}
	for _, leg := range []fact.LegID{one, two} {
		hear(c.Do(now, media.Answer{Leg: leg}))
	}
	hear(c.Press(now, one, "1"), nil)
	hear(c.HangupFar(now, two), nil)
	if at, ok := c.Next(); !ok || at != 2000 {
		t.Errorf("due at %d, %v: want the late answer", at, ok)
	}
	hear(c.Advance(3000), nil)
	hear(c.Do(3000, media.Answer{Leg: one}))
	hear(c.HangupFar(3000, one), nil)
	want := []string{
		"1000 LegAnswered in-000002", "1000 LegAnswered in-000002",
		"2000 LegAnswered in-000001", "2000 Digit in-000001", "3000 LegEnded in-000001",
	}
	if !slices.Equal(got, want) {
		t.Errorf("heard\n%q\nwant\n%q", got, want)
	}
	events := c.Vanish(3000, one)
	if _, err := c.Do(3000, media.Probe{Leg: one}); len(events) > 0 || err == nil {
		t.Errorf("a leg that vanished: %v, %v", events, err)
	}
}
