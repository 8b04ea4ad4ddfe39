package callback

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/huawu/huawu/fact"
)

// A book that is driven by chance calls nobody in a gap, twice at once, within
// an interval or too often a day; it always comes to rest; and it goes on from a
// checkpoint as without.
func TestBooksByChance(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := Policy{Dial: AgentFirst, PerDay: 1 + r.IntN(4), Attempts: 1 + r.IntN(5)}
		now := clock("2026-11-30 00:00")
		b := booked(p)
		talks := map[string]fact.CallbackID{}
		days := map[string]int{}
		dialled, ran := 0, map[fact.CallbackID]bool{}
		ids := func() (all []fact.CallbackID) {
			for _, e := range b.sorted() {
				all = append(all, e.ID)
			}
			return all
		}
		for step := range 400 {
			if at, ok := b.Next(); ok && r.IntN(3) == 0 {
				now = max(now, at)
			} else {
				now += r.Int64N(40 * 60_000)
			}
			switch open := ids(); {
			case r.IntN(3) == 0 || len(open) == 0:
				c := Callback{ID: fact.CallbackID(fmt.Sprintf("%04d", step)), Asked: now, Number: fmt.Sprint(r.IntN(6)), Queue: fact.QueueID([]string{"a", "b"}[r.IntN(2)])}
				if r.IntN(2) == 0 {
					c.Due = now + r.Int64N(24*60*60_000)
				}
				b.Put(owed(c), now)
			case r.IntN(8) == 0:
				c, _, _ := b.Get(open[r.IntN(len(open))])
				c.Revision = int64(step)
				switch r.IntN(3) {
				case 0:
					_ = c.Close(Cancelled, "lily", "", now)
				case 1:
					_ = c.Move(Moving{After: now + r.Int64N(6*60*60_000)})
				default:
					_ = c.Move(Moving{Due: now + 1 + r.Int64N(60*60_000), DueSource: DueByCustomer})
				}
				b.Put(c, now)
			case r.IntN(8) == 0:
				id := open[r.IntN(len(open))]
				if b.Run(id, now) == nil {
					ran[id] = true // by hand, whatever was tried
				}
			}
			for _, x := range b.Take(now) {
				if x.Joined > now {
					t.Fatalf("seed %d: joined %d at %d", seed, x.Joined, now)
				}
			}
			if at, ok := b.Next(); ok && at <= now {
				t.Fatalf("seed %d: due again at once", seed)
			}
			for _, id := range ids() {
				c, _, _ := b.Get(id)
				switch {
				case c.Stage == Lined && r.IntN(3) == 0:
					b.Unline(id, now, r.IntN(2) == 0)
				case c.Stage == Lined && r.IntN(2) == 0:
					d, ok := b.Dial(id, "c", now)
					if !ok {
						b.Unline(id, now, true)
						continue
					}
					dialled++
					if !c.free() && !b.hours("").Open(at(now)) {
						t.Fatalf("seed %d: %s is called in a gap", seed, id)
					}
					if other := talks[c.Number]; other != "" {
						t.Fatalf("seed %d: %s and %s call %s", seed, id, other, c.Number)
					}
					if now < c.Next {
						t.Fatalf("seed %d: %s is called within its interval", seed, id)
					}
					talks[c.Number] = d.ID
					key := fmt.Sprint(c.Number, b.dayOf(now))
					if days[key]++; days[key] > p.PerDay {
						t.Fatalf("seed %d: %s is called %d times a day", seed, c.Number, days[key])
					}
				case c.Stage == Calling && r.IntN(2) == 0:
					all := append(Outcomes(), Answered)
					d, _ := b.End(id, all[r.IntN(len(all))], "", now)
					delete(talks, c.Number)
					if d.Attempts > p.Attempts && !ran[id] {
						t.Fatalf("seed %d: %s was tried %d times", seed, id, d.Attempts)
					}
				}
			}
			if r.IntN(20) == 0 {
				text, err := b.Checkpoint()
				if err != nil {
					t.Fatal(err)
				}
				again, err := Restore(text, p, shanghai, now)
				if err != nil {
					t.Fatal(err)
				}
				if more, err := again.Checkpoint(); err != nil || !bytes.Equal(text, more) || again.Flying() != b.Flying() || !same(again, b) {
					t.Fatalf("seed %d: %v\n%s\n%s", seed, err, text, more)
				}
				b = again
			}
		}
		if dialled == 0 {
			t.Errorf("seed %d: nobody is called", seed)
		}
	}
}

// same says whether two books come up at the same time.
func same(a, b *Book) bool {
	x, some := a.Next()
	y, other := b.Next()
	return x == y && some == other
}
