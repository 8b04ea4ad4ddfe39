package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// answered is what an errand came to, and when.
type answered struct {
	q, a string
	err  error
	at   time.Duration
}

// sendErrands has errands done, two at a time and five waiting at most; what
// they come to is sent in the order in which it is known.
func sendErrands(ctx context.Context, do func(ctx context.Context, q string) (string, error)) (*errands[string, string], chan answered) {
	began, answers := time.Now(), make(chan answered, 100)
	return newErrands(ctx, 2, 5, do, func(q, a string, err error) { answers <- answered{q, a, err, time.Since(began)} }), answers
}

var errNo = errors.New("no")

func TestErrandsAreAnsweredOnceByTheirDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		deaf := make(chan struct{})
		e, answers := sendErrands(ctx, func(ctx context.Context, q string) (string, error) {
			switch q {
			case "slow":
				<-ctx.Done()
				return "", ctx.Err()
			case "deaf": // minds no deadline
				<-deaf
			case "no":
				return "", errNo
			}
			return "did " + q, nil
		})
		for _, q := range []string{"this", "no", "slow", "deaf"} {
			e.start(q, time.Second)
			synctest.Wait()
		}
		e.start("that", 3*time.Second) // two are at work: it waits for its turn
		synctest.Wait()
		time.Sleep(5 * time.Second)
		e.start("slow", 0) // by commandDeadline
		e.start("slow", -time.Second)
		time.Sleep(2 * commandDeadline)
		var got []answered
		for len(answers) > 0 {
			got = append(got, <-answers)
		}
		const late = 5*time.Second + commandDeadline
		want := []answered{{"no", "", errNo, 0}, {"this", "did this", nil, 0}, {"deaf", "", errLate, time.Second},
			{"slow", "", errLate, time.Second}, {"that", "did that", nil, time.Second},
			{"slow", "", errLate, late}, {"slow", "", errLate, late}}
		slices.SortFunc(got, func(a, b answered) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.q, b.q)) })
		if !slices.Equal(got, want) {
			t.Errorf("got\n%v\nwant\n%v", got, want)
		}
		close(deaf)
		cancel()
		e.stop()
		if n := e.waiting.Load(); n != 0 || len(answers) != 0 {
			t.Errorf("%d wait, %d more answers", n, len(answers))
		}
	})
}

func TestErrandsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		atWork := make(chan string, 10)
		e, answers := sendErrands(ctx, func(ctx context.Context, q string) (string, error) {
			atWork <- q
			<-ctx.Done()
			return "", ctx.Err()
		})
		for range 8 {
			e.start("slow", time.Second)
		}
		synctest.Wait()
		if n := len(atWork); n != 2 {
			t.Errorf("%d are done at once, want 2", n)
		}
		for range 3 {
			if a := <-answers; !errors.Is(a.err, errCrowded) || a.at != 0 {
				t.Errorf("%+v, want refused at once", a)
			}
		}
		if n := len(answers); n != 0 {
			t.Errorf("%d more answers: want five to wait", n)
		}
		// Those behind them are given up by the same deadline.
		for range 5 {
			if a := <-answers; !errors.Is(a.err, errLate) || a.at != time.Second {
				t.Errorf("%+v, want late after a second", a)
			}
		}
		e.start("slow", time.Minute) // there is room again
		synctest.Wait()
		cancel()
		e.stop()
		if len(answers) > 0 {
			t.Errorf("%+v: answered while the engine stops", <-answers)
		}
	})
}
