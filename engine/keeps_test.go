package engine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// keeper is a store of promises.
type keeper func(ctx context.Context, id fact.CallbackID) error

func (k keeper) Keep(ctx context.Context, _ fact.TenantID, p center.Keep) error {
	return k(ctx, p.Callback.ID)
}

func (k keeper) Mark(ctx context.Context, _ fact.TenantID, m center.Mark) (center.Marked, error) {
	return center.Marked{Count: 2}, k(ctx, fact.CallbackID(m.Number))
}

func keepOf(id fact.CallbackID) center.Keep {
	k := center.Keep{Deadline: time.Second}
	k.Callback.ID = id
	return k
}

func TestPromisesAreAnsweredOnceEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		answers := make(chan center.Input, 1000)
		k := newKeeps(ctx, keeper(func(ctx context.Context, id fact.CallbackID) error {
			switch id {
			case "away":
				return errors.New("the store is away")
			case "slow":
				<-ctx.Done()
				return nil // too late
			}
			return nil
		}), "default", func(in center.Input) { answers <- in })
		for id, want := range map[fact.CallbackID]center.Input{
			"cb-1": center.Stored{Callback: "cb-1"},
			"away": center.StoreFailed{Callback: "away", Error: "the store is away"},
			"slow": center.StoreFailed{Callback: "slow", Error: errLate.Error()},
		} {
			k.start(keepOf(id))
			if got := <-answers; got != want && (id != "slow" || got != center.Input(center.Stored{Callback: "slow"})) {
				t.Errorf("%s: %+v, want %+v", id, got, want)
			}
		}
		for number, want := range map[string]center.Marked{
			"139":  {Number: "139", Call: "c-1", Count: 2},
			"away": {Number: "away", Call: "c-1", Error: "the store is away"},
		} {
			k.note(center.Mark{Number: number, Strike: center.Strike{Call: "c-1"}})
			if got := (<-answers).(center.Marked); got.Error != want.Error || got.Number != want.Number || got.Call != want.Call || got.Error == "" && got.Count != 2 {
				t.Errorf("%s: %+v, want %+v", number, got, want)
			}
		}
		synctest.Wait()
		if n := k.waiting.Load(); n != 0 || len(answers) != 0 {
			t.Errorf("%d wait, %d more answers", n, len(answers))
		}
		cancel()
		k.stop()
	})
	none := newKeeps(t.Context(), nil, "default", func(in center.Input) {
		if _, failed := in.(center.StoreFailed); !failed {
			t.Errorf("%+v", in)
		}
	})
	none.start(keepOf("cb-1"))
	none.stop()
}
