package engine

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

func TestCallersAreLookedUp(t *testing.T) {
	answers := make(chan center.Looked, 1)
	l := newLooks(t.Context(), lookup(func(_ context.Context, _ fact.AgentID, number string) (bool, error) {
		if number == "away" {
			return false, errAway
		}
		return number == "138", nil
	}), nil, nil, "default", func(a center.Looked) { answers <- a }, slog.New(slog.DiscardHandler))
	for number, want := range map[string]center.Looked{
		"138":  {Look: "x", OK: true, Caller: &center.CallerHistory{Calls: 2, Agent: "1001"}},
		"139":  {Look: "x", OK: true, Caller: &center.CallerHistory{}},
		"away": {Look: "x", Error: errAway.Error()},
	} {
		l.start(center.Look{Look: "x", Deadline: time.Second, Caller: &center.CallerQuestion{Number: number}})
		got := <-answers
		if got.Look != want.Look || got.OK != want.OK || got.Error != want.Error || (got.Caller == nil) != (want.Caller == nil) ||
			got.Caller != nil && *got.Caller != *want.Caller {
			t.Errorf("%s: %+v, want %+v", number, got, want)
		}
	}
	// What was said for a phrase is taken by the same few, under the same bounds.
	for number, want := range map[string]center.Looked{
		"138":  {Look: "t", OK: true, Take: &center.Taken{Path: "/take/a.wav"}},
		"away": {Look: "t", Error: errAway.Error()},
	} {
		l.start(center.Look{Look: "t", Deadline: time.Second, Take: &center.TakeQuestion{Agent: "1001", Phrase: number, File: "a.wav"}})
		if got := <-answers; got.OK != want.OK || got.Error != want.Error || (got.Take == nil) != (want.Take == nil) || got.Take != nil && *got.Take != *want.Take {
			t.Errorf("%s: %+v, want %+v", number, got, want)
		}
	}
	l.stop()
}

// However slow other systems are, PINs do not wait for them, and no more than
// are granted wait.
func TestPINsDoNotWaitForOtherSystems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		answers := make(chan center.Looked, fetchesWaiting+10)
		l := newLooks(ctx, lookup(func(context.Context, fact.AgentID, string) (bool, error) { return true, nil }),
			enquirer(func(ctx context.Context, q center.Enquiry) (center.Fetched, error) {
				if q.URL == "quick" {
					return center.Fetched{Missing: true}, nil
				}
				<-ctx.Done()
				return center.Fetched{}, ctx.Err()
			}), nil, "default", func(a center.Looked) { answers <- a }, slog.New(slog.DiscardHandler))
		ask := func(look, url string) {
			l.start(center.Look{Look: look, Deadline: time.Second, Enquiry: &center.Enquiry{URL: url}})
		}
		for n := range fetchesWaiting {
			ask(fmt.Sprint(n), "slow")
		}
		synctest.Wait()
		ask("one more", "slow")
		if a := <-answers; a.Look != "one more" || a.OK || a.Error != errCrowded.Error() {
			t.Errorf("one more than may wait: %+v", a)
		}
		l.start(center.Look{Look: "pin", Agent: "1001", PIN: "4711", Deadline: time.Second})
		synctest.Wait()
		if len(answers) != 1 {
			t.Fatal("the PIN waits")
		}
		if a := <-answers; a.Look != "pin" || !a.OK {
			t.Errorf("%+v", a)
		}
		for range fetchesWaiting {
			if a := <-answers; a.OK || a.Error != errLate.Error() {
				t.Errorf("%+v", a)
			}
		}
		synctest.Wait()
		ask("quick", "quick")
		if a := <-answers; a.Look != "quick" || !a.OK || a.Fetched == nil || !a.Fetched.Missing {
			t.Errorf("%+v", a)
		}
		if all, failed := l.fetched.Load(), l.unfetched.Load(); all != fetchesWaiting+2 || failed != fetchesWaiting+1 {
			t.Errorf("%d were asked, %d failed", all, failed)
		}
		cancel()
		l.stop()
	})
}
