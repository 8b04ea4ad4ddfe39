package routing

import (
	"fmt"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

// Whoever waits for just one agent in a queue that pauses is offered to that
// agent as soon as the queue makes offers again, the first in line and nobody
// else.
func TestWhoPrefersAnAgentWhileAQueuePauses(t *testing.T) {
	for _, callers := range []int{1, 2, 3} {
		acd := New()
		now := fact.Instant(1000)
		step := func(in Input) (offered []fact.TicketID) {
			now++
			for _, e := range acd.Step(now, in) {
				if o, is := e.(Offer); is {
					offered = append(offered, o.Ticket)
				}
			}
			if err := acd.invariants(); err != nil {
				t.Fatalf("%d callers: %#v: %v", callers, in, err)
			}
			return offered
		}
		step(Configure{Config: Config{Queues: []Queue{{ID: "q", PreferHold: time.Minute}}, Agents: []Agent{{ID: "1", Queues: []fact.QueueID{"q"}}}}})
		step(SignIn{Agent: "1", Endpoint: "PJSIP/1", Ready: true})
		step(Seize{Agent: "1", Call: "c"})
		for i := range callers {
			step(Join{Ticket: fact.TicketID(fmt.Sprintf("t%d", i)), Queue: "q", Joined: now, Prefer: "1"})
		}
		step(SetMode{Queue: "q", Mode: ModePaused})
		if offered := step(Free{Agent: "1", Call: "c"}); len(offered) > 0 {
			t.Fatalf("%d callers: %v offered while the queue pauses", callers, offered)
		}
		if offered := step(SetMode{Queue: "q", Mode: ModeOpen}); len(offered) != 1 || offered[0] != "t0" {
			t.Errorf("%d callers: %v offered, want the first", callers, offered)
		}
	}
}
