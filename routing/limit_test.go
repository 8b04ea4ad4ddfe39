package routing

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huawu/huawu/fact"
)

func init() {
	duration := func(field func(*Queue) *time.Duration) func(*Queue, string) error {
		return func(q *Queue, value string) (err error) {
			*field(q), err = time.ParseDuration(value)
			return err
		}
	}
	queueOptions["max-wait"] = duration(func(q *Queue) *time.Duration { return &q.MaxWait })
	queueOptions["grace"] = duration(func(q *Queue) *time.Duration { return &q.Grace })
	queueOptions["max-waiting"] = func(q *Queue, value string) (err error) {
		q.MaxWaiting, err = strconv.Atoi(value)
		return err
	}
	queueOptions["join-if"] = func(q *Queue, value string) error {
		q.JoinIf = Staffing(value)
		return nil
	}
	queueOptions["stay-if"] = func(q *Queue, value string) error {
		q.StayIf = Staffing(value)
		return nil
	}
	queueOptions["overflow"] = func(q *Queue, value string) error { // full:other,timeout:third
		for _, way := range strings.Split(value, ",") {
			on, to, _ := strings.Cut(way, ":")
			q.Overflow = append(q.Overflow, Overflow{On: Exit(on), Queue: fact.QueueID(to)})
		}
		return nil
	}
}

// TestClosingTellsEverybodyAndScansNobody closes a queue with 50,000 in line:
// all leave, in the order of being served and a few in each step, and the
// other queue's caller is served meanwhile.
func TestClosingTellsEverybodyAndScansNobody(t *testing.T) {
	const callers = 50_000
	acd := New()
	acd.Step(0, Configure{Config: Config{
		Queues: []Queue{{ID: "sales"}, {ID: "support"}},
		Agents: []Agent{{ID: "1", Queues: []fact.QueueID{"support"}}},
	}})
	acd.Step(0, SignIn{Agent: "1", Endpoint: "PJSIP/1", Ready: true})
	for i := range callers {
		acd.Step(fact.Instant(i), Join{Ticket: fact.TicketID(fmt.Sprintf("t%05d", i)), Queue: "sales", Joined: fact.Instant(i)})
	}
	now := fact.Instant(callers)
	left := 0
	count := func(effects []Effect) {
		n := 0
		for _, e := range effects {
			l, ok := e.(Left)
			if !ok {
				continue
			}
			if want := fact.TicketID(fmt.Sprintf("t%05d", left)); l.Ticket != want || l.Why != ExitClosed {
				t.Fatalf("%v leaves, want %s", l, want)
			}
			n++
			left++
		}
		if n > sweepBatch {
			t.Fatalf("%d leave in one step", n)
		}
	}
	count(acd.Step(now, SetMode{Queue: "sales", Mode: ModeClosed}))
	if left == callers {
		t.Fatal("all left in one step")
	}
	now++
	served := acd.Step(now, Join{Ticket: "other", Queue: "support", Joined: now})
	if _, ok := served[1].(Offer); !ok {
		t.Errorf("meanwhile: %v", served)
	}
	for range callers {
		due, ok := acd.Next()
		if !ok || due > now.Add(time.Second) {
			break
		}
		if due > now+1 {
			t.Fatalf("the sweep pauses from %d to %d", now, due)
		}
		now = max(now, due)
		count(acd.Step(now, Tick{}))
	}
	if left != callers {
		t.Errorf("%d of %d left", left, callers)
	}
	if err := acd.invariants(); err != nil {
		t.Error(err)
	}
}

func TestLimitsAreValidated(t *testing.T) {
	for want, change := range map[string]func(q *Queue){
		"width":             func(q *Queue) { q.Width = 31 },
		"cancel_at":         func(q *Queue) { q.CancelAt = "soon" },
		"max_waiting":       func(q *Queue) { q.MaxWaiting = -1 },
		"max_wait":          func(q *Queue) { q.MaxWait = time.Millisecond },
		"max_expected":      func(q *Queue) { q.MaxExpected = -time.Second },
		"grace":             func(q *Queue) { q.Grace = 25 * time.Hour },
		"join_if":           func(q *Queue) { q.JoinIf = "some" },
		"stay_if":           func(q *Queue) { q.StayIf = "some" },
		"overflow[0].on":    func(q *Queue) { q.Overflow = []Overflow{{On: ExitAbandoned, Queue: "b"}} },
		"overflow[1].on":    func(q *Queue) { q.Overflow = []Overflow{{On: ExitFull, Queue: "b"}, {On: ExitFull, Queue: "b"}} },
		"overflow[0].queue": func(q *Queue) { q.Overflow = []Overflow{{On: ExitFull, Queue: "a"}} },
	} {
		c := Config{Queues: []Queue{{ID: "a", Overflow: []Overflow{{On: ExitTimeout, Queue: "b"}}}, {ID: "b"}}}
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		change(&c.Queues[0])
		if err := c.Validate(); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "queues[0](a)."+want+":") && !strings.Contains(err.Error(), "(a)."+want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
