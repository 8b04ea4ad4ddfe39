package routing

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

type mark string

func (m mark) name() string { return string(m) }

// TestLine compares a line with a sorted slice through many comings and goings.
func TestLine(t *testing.T) {
	type place struct {
		at [3]int64
		of mark
	}
	order := func(a, b place) int {
		return cmp.Or(slices.Compare(a.at[:], b.at[:]), cmp.Compare(a.of, b.of))
	}
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var l line[mark]
		var model []place
		for n := range 4000 {
			growing := n/1000%2 == 0
			switch {
			case len(model) == 0 || rng.IntN(10) < 3 || growing && rng.IntN(2) == 0:
				p := place{[3]int64{int64(rng.IntN(3)), int64(rng.IntN(10)), int64(rng.IntN(5))}, mark(fmt.Sprint(n))}
				if seed%2 == 0 {
					p.at = [3]int64{0, int64(n), 0} // always at the end
				}
				l.insert(p.at, p.of)
				at, _ := slices.BinarySearchFunc(model, p, order)
				model = slices.Insert(model, at, p)
			default:
				at := rng.IntN(len(model))
				p := model[at]
				if got := l.ahead(p.at, p.of); got != at {
					t.Fatalf("seed %d: %d ahead of %v, want %d", seed, got, p, at)
				}
				if !l.remove(p.at, p.of) || l.remove(p.at, p.of) {
					t.Fatalf("seed %d: %v does not leave once", seed, p)
				}
				model = slices.Delete(model, at, at+1)
			}
			if l.n != len(model) {
				t.Fatalf("seed %d: %d in line, want %d", seed, l.n, len(model))
			}
			if l.n > 0 && l.head().of != model[0].of {
				t.Fatalf("seed %d: %s at the head, want %s", seed, l.head().of, model[0].of)
			}
			if n%97 == 0 {
				i := 0
				for m := range l.all {
					if m != model[i].of {
						t.Fatalf("seed %d: %s at %d, want %s", seed, m, i, model[i].of)
					}
					i++
				}
				if i != len(model) {
					t.Fatalf("seed %d: went through %d of %d", seed, i, len(model))
				}
			}
		}
	}
}
