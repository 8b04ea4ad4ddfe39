package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// guesser asks for PINs one after the other.
type guesser struct {
	*looks
	answers chan center.Looked
	checked atomic.Int64
}

func newGuesser(ctx context.Context, right string) *guesser {
	g := &guesser{answers: make(chan center.Looked, 1)}
	g.looks = newLooks(ctx, lookup(func(_ context.Context, _ fact.AgentID, pin string) (bool, error) {
		g.checked.Add(1)
		if pin == "away" {
			return false, errors.New("the store is away")
		}
		return pin == right, nil
	}), nil, nil, "default", func(a center.Looked) { g.answers <- a }, slog.New(slog.DiscardHandler))
	return g
}

func (g *guesser) guess(agent fact.AgentID, pin string) bool {
	g.start(center.Look{Look: "x", Agent: agent, PIN: pin, Deadline: time.Second})
	return (<-g.answers).OK
}

func TestPINsCannotBeGuessedByPhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := newGuesser(ctx, "9999")
		began := time.Now()
		for n := range 10_000 {
			if g.guess("1001", fmt.Sprintf("%04d", n)) {
				t.Fatalf("PIN %04d was found after %v", n, time.Since(began))
			}
		}
		if n := g.checked.Load(); n != guessBurst {
			t.Errorf("%d guesses were checked, want %d", n, guessBurst)
		}
		if g.guess("1001", "9999") {
			t.Error("the right PIN was taken while there were no guesses left")
		}
		if !g.guess("1002", "9999") {
			t.Error("another agent is locked out too")
		}
		time.Sleep(guessEvery)
		for range 20 { // right PINs use nothing up, nor do those that could not be checked
			g.guess("1001", "away")
			if !g.guess("1001", "9999") {
				t.Fatal("the agent is locked out for good")
			}
		}
		cancel()
		g.stop()
	})
}

func TestGuessesAreBounded(t *testing.T) {
	var g guesses
	now := time.Now()
	for n := range 2 * guessAgents {
		if g.take(fact.AgentID(strconv.Itoa(n)), now) != (n < guessAgents) {
			t.Fatalf("guess at agent %d", n)
		}
	}
	if later := now.Add(guessEvery); !g.take("another", later) || len(g.spent) != 1 {
		t.Errorf("%d numbers are remembered after %v", len(g.spent), guessEvery)
	}
}
