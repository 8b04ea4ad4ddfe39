package routing

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/huawu/huawu/fact"
)

var (
	seedFlag = flag.Uint64("seed", 0, "run one random interleaving by its seed")
	runsFlag = flag.Int("runs", 12_000, "how many random interleavings to run")
)

// TestRandomInterleavings throws inputs in any order at small centres: late,
// doubled, about unknown things, before and after leases. After every step the
// invariants hold, a ledger of the effects adds up, and a machine restored
// from a checkpoint on the way behaves as the one that wrote it. A failure
// names the seed to run it again.
func TestRandomInterleavings(t *testing.T) {
	if *seedFlag != 0 {
		if err := newWorld(*seedFlag).run(80); err != nil {
			t.Fatal(err)
		}
		return
	}
	offers, missed, connected := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*runsFlag); seed++ {
		w := newWorld(seed)
		if err := w.run(80); err != nil {
			t.Fatalf("-seed=%d: %v", seed, err)
		}
		offers += len(w.ledger.offers)
		missed += w.ledger.missed
		connected += w.ledger.connected
	}
	t.Logf("%d interleavings: %d offers, %d missed, %d connected", *runsFlag, offers, missed, connected)
	if missed < *runsFlag || connected < *runsFlag/2 {
		t.Errorf("%d missed and %d connected in %d runs: the inputs do not reach the ACD", missed, connected, *runsFlag)
	}
}

// world is a small centre with what a random run knows of it.
type world struct {
	rng    *rand.Rand
	acd    *ACD
	twin   *ACD // restored on the way, nil before
	now    fact.Instant
	ledger ledger
	minted int
	taken  int
	joined []Join
}

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7)), acd: New(), now: 1_000_000}
	w.ledger = ledger{
		tickets: map[fact.TicketID]*entry{}, offers: map[fact.OfferID]*outcome{}, states: map[fact.AgentID]State{},
	}
	return w
}

func (w *world) run(steps int) error {
	first := Configure{Config: w.config()}
	if err := first.Config.Validate(); err != nil {
		return err
	}
	if err := w.step(first); err != nil {
		return err
	}
	half := w.rng.IntN(steps)
	for i := range steps {
		if i == half {
			if err := w.restart(); err != nil {
				return err
			}
		}
		in := w.input()
		if err := w.step(in); err != nil {
			return fmt.Errorf("step %d: %#v: %w", i, in, err)
		}
	}
	return w.finish()
}

// finish lets all leases end and every caller hang up: nothing may be left.
func (w *world) finish() error {
	for _, j := range w.joined {
		if err := w.step(Withdraw{Ticket: j.Ticket, Why: ExitAbandoned}); err != nil {
			return err
		}
	}
	for range 1000 {
		due, ok := w.acd.Next()
		if !ok {
			break
		}
		w.now = max(w.now, due)
		if err := w.step(Tick{}); err != nil {
			return err
		}
	}
	if due, ok := w.acd.Next(); ok {
		return fmt.Errorf("leases go on: %d, %v", due, w.acd.leases[0])
	}
	for id, e := range w.ledger.tickets {
		if !e.left {
			return fmt.Errorf("ticket %s is lost", id)
		}
	}
	for id, o := range w.ledger.offers {
		if !o.over {
			return fmt.Errorf("offer %s never ended", id)
		}
	}
	for _, ag := range w.acd.Agents() {
		if ag.State == OfferedState || ag.State == WrapUpState {
			return fmt.Errorf("agent %s is %s for ever", ag.ID, ag.State)
		}
	}
	return nil
}

// restart makes the twin; from here on both get the same inputs.
func (w *world) restart() error {
	b, err := w.acd.Checkpoint()
	if err != nil {
		return err
	}
	if w.twin, err = Restore(b); err != nil {
		return err
	}
	again, err := w.twin.Checkpoint()
	if err != nil {
		return err
	}
	if !slices.Equal(b, again) {
		return fmt.Errorf("the restored machine writes\n%s\ninstead of\n%s", again, b)
	}
	if err := w.twin.invariants(); err != nil {
		return fmt.Errorf("restored: %w", err)
	}
	return nil
}

func (w *world) step(in Input) error {
	expect := w.expected(in)
	refused := w.acd.Check(in)
	effects := w.acd.Step(w.now, in)
	if refused != nil && len(effects) > 0 {
		if j, ok := in.(Join); !ok || effects[0] != Effect(Left{Ticket: j.Ticket, Queue: j.Queue, Why: ExitClosed, Waited: int64(w.now - min(j.Joined, w.now))}) {
			return fmt.Errorf("%w, and yet %v", refused, effects)
		}
	}
	if err := w.acd.invariants(); err != nil {
		return err
	}
	for _, e := range effects {
		if err := w.ledger.enter(w.acd, e); err != nil {
			return fmt.Errorf("%s: %w", describe(e), err)
		}
	}
	if err := expect(effects); err != nil {
		return err
	}
	if w.twin == nil {
		return nil
	}
	if mirrored := w.twin.Step(w.now, in); !reflect.DeepEqual(effects, mirrored) {
		return fmt.Errorf("the restored machine says %v instead of %v", mirrored, effects)
	}
	a, aok := w.acd.Next()
	b, bok := w.twin.Next()
	if a != b || aok != bok {
		return fmt.Errorf("the restored machine is next due at %d, %v instead of %d, %v", b, bok, a, aok)
	}
	return nil
}

// expected works out by brute force, from what readers see before the step,
// whom a new ticket and what a freed agent must get.
func (w *world) expected(in Input) func([]Effect) error {
	switch in := in.(type) {
	case Join:
		q := w.acd.queues[in.Queue]
		if q == nil || !q.offers() || q.sweep.running() || w.acd.Check(in) != nil || in.Prefer != "" {
			return func([]Effect) error { return nil }
		}
		step := q.step(w.now.Sub(min(in.Joined, w.now)))
		idlest := len(q.Prefers) == 0 && q.Trainees != TraineesLast && (q.Distribution == "" || q.Distribution == RingAll) // the oracle for the others is invariants'
		var best *AgentInfo
		for _, ag := range w.acd.Agents() {
			if ag.State == ReadyState && !ag.BackOff && ag.Reachable && w.acd.meetsAt(w.acd.agents[ag.ID], q, in.Needs, step) &&
				(best == nil || ag.Idle < best.Idle) {
				best = &ag
			}
		}
		return func(effects []Effect) error {
			for _, e := range effects {
				switch e.(type) {
				case Moved, Left: // not let in
					return nil
				}
				if o, ok := e.(Offer); ok {
					if best == nil || o.Agent != best.ID && idlest {
						return fmt.Errorf("%s goes to %s, the longest idle is %v", o.Ticket, o.Agent, best)
					}
					return nil
				}
			}
			if best != nil {
				return fmt.Errorf("%s is not offered to %s", in.Ticket, best.ID)
			}
			return nil
		}
	case Ready:
		return w.expectTicket(in.Agent)
	case Released:
		if o, ok := w.acd.Offer(in.Offer); ok {
			return w.expectTicket(o.Agent)
		}
	}
	return func([]Effect) error { return nil }
}

func (w *world) expectTicket(id fact.AgentID) func([]Effect) error {
	ag := w.acd.agents[id]
	var best *ticket
	for _, t := range w.acd.tickets {
		if ag != nil && !t.out() && t.queue.offers() && !t.refusedBy(id) && (t.prefer == nil || t.prefer == ag) && w.acd.meetsAt(ag, t.queue, t.needs, t.step) &&
			(best == nil || sooner(t, best)) {
			best = t
		}
	}
	return func(effects []Effect) error {
		for _, e := range effects {
			if o, ok := e.(Offer); ok && o.Agent == id && (best == nil || o.Ticket != best.id) {
				return fmt.Errorf("%s gets %s, first in line is %v", id, o.Ticket, best)
			}
		}
		return nil
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }
