package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

func recordRoundTrip(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	var want fact.Record
	fill(t, &want)
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 1, Records: []fact.Record{want}}))
	history := got[store.CallHistory](t)(s.Call(t.Context(), want.Tenant, want.Call))
	if diff := cmp.Diff(&want, history.Record); diff != "" {
		t.Errorf("by Call (-written +read):\n%s", diff)
	}
	page := got[store.CallPage](t)(s.Calls(t.Context(), store.CallFilter{Tenant: want.Tenant}))
	if diff := cmp.Diff([]fact.Record{want}, page.Records); diff != "" {
		t.Errorf("by Calls (-written +read):\n%s", diff)
	}
}

func eventRoundTrip(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	var want fact.Event
	fill(t, &want)
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 9, Events: []fact.Sequenced{{Seq: 8, N: 3, Event: want}}}))
	whole := []store.Event{{Epoch: "e", Sequenced: fact.Sequenced{Seq: 8, N: 3, Event: want}}}
	if diff := cmp.Diff(whole, got[[]store.Event](t)(s.Events(t.Context(), store.EventFilter{}))); diff != "" {
		t.Errorf("by Events (-written +read):\n%s", diff)
	}
	history := got[store.CallHistory](t)(s.Call(t.Context(), want.Tenant, want.Call))
	if diff := cmp.Diff(whole, history.Events); diff != "" {
		t.Errorf("by Call (-written +read):\n%s", diff)
	}
}

// hostileText: one call with a caller id that a database refuses would
// otherwise stop the projection for good.
func hostileText(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	for i, c := range []struct{ name, from, want string }{
		{"Chinese and emoji", "话务员 📞", "话务员 📞"},
		{"quotes", `'"; DROP TABLE calls; --`, `'"; DROP TABLE calls; --`},
		{"NUL", "a\x00b", "a\uFFFDb"},
		{"not UTF-8", "x\xff\xfey", "x\uFFFDy"},
		{"long", strings.Repeat("话", 5000), strings.Repeat("话", 170)},
	} {
		seq := uint64(i + 1)
		r := recordAt("e", seq)
		r.From = c.from
		e := fact.Event{Tenant: r.Tenant, Kind: fact.CallOffered, Call: r.Call, From: c.from, Name: c.from, Queue: fact.QueueID(c.from)}
		b := fact.Batch{Epoch: "e", Seq: seq, Events: []fact.Sequenced{{Seq: seq, N: 1, Event: e}}, Records: []fact.Record{r}}
		if err := s.Apply(t.Context(), b); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		history := got[store.CallHistory](t)(s.Call(t.Context(), r.Tenant, r.Call))
		if history.Record.From != c.want {
			t.Errorf("%s: From came back as %q, want %q", c.name, history.Record.From, c.want)
		}
		if name := history.Events[0].Event.Name; !utf8.ValidString(name) || utf8.ValidString(c.from) && name != c.from {
			t.Errorf("%s: an event's body came back as %.40q", c.name, name)
		}
		page := got[store.CallPage](t)(s.Calls(t.Context(), store.CallFilter{Tenant: r.Tenant, Number: c.from}))
		if len(page.Records) != 1 {
			t.Errorf("%s: found %d calls by that number, want 1", c.name, len(page.Records))
		}
	}
}

func batchOnce(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	if epoch, seq, err := s.Applied(t.Context()); epoch != "" || seq != 0 || err != nil {
		t.Errorf("the cursor of an empty store is %q %d, %v", epoch, seq, err)
	}
	for seq := uint64(1); seq <= 3; seq++ {
		for range 2 {
			must(t, s.Apply(t.Context(), inputAt("e", seq)))
		}
	}
	must(t, s.Apply(t.Context(), inputAt("e", 2)))
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 9})) // inputs without facts
	epoch, seq, err := s.Applied(t.Context())
	if epoch != "e" || seq != 9 || err != nil {
		t.Errorf("the cursor is %q %d, %v, want e 9", epoch, seq, err)
	}
	wholeHistory(t, t.Context(), s, "e", 3)
}

// wholeHistory checks that the store holds the inputs 1 to last of a journal,
// each once.
func wholeHistory(t testing.TB, ctx context.Context, s *store.Store, epoch string, last uint64) {
	t.Helper()
	var want []store.Event
	for seq := uint64(1); seq <= last; seq++ {
		for _, e := range inputAt(epoch, seq).Events {
			want = append(want, store.Event{Epoch: epoch, Sequenced: e})
		}
	}
	if diff := cmp.Diff(want, everyEvent(t, ctx, s)); diff != "" {
		t.Errorf("events up to input %d (-want +got):\n%s", last, diff)
	}
	for seq := uint64(1); seq <= last; seq++ {
		record := recordAt(epoch, seq)
		if seq < last {
			record.WrapUp = wrapUp
		}
		history := got[store.CallHistory](t)(s.Call(ctx, record.Tenant, record.Call))
		if diff := cmp.Diff(&record, history.Record); diff != "" {
			t.Errorf("record of input %d (-want +got):\n%s", seq, diff)
		}
	}
}

func batchStraddles(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	must(t, s.Apply(t.Context(), inputAt("e", 1)))
	must(t, s.Apply(t.Context(), inputAt("e", 2)))
	both := inputAt("e", 2)
	next := inputAt("e", 3)
	next.Events = append(both.Events, next.Events...)
	if err := s.Apply(t.Context(), next); !errors.Is(err, store.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	wholeHistory(t, t.Context(), s, "e", 2)
}

func batchOutOfOrder(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	events := func(places ...fact.Sequenced) fact.Batch { return fact.Batch{Epoch: "e", Seq: 5, Events: places} }
	for name, b := range map[string]fact.Batch{
		"no epoch":           {Seq: 1},
		"epoch of raw bytes": {Epoch: "\xff", Seq: 1},
		"no seq":             {Epoch: "e"},
		"seq too large":      {Epoch: "e", Seq: math.MaxInt64 + 1},
		"event before 1":     events(fact.Sequenced{Seq: 0, N: 1}),
		"event beyond":       events(fact.Sequenced{Seq: 6, N: 1}),
		"no n":               events(fact.Sequenced{Seq: 1}),
		"twice":              events(fact.Sequenced{Seq: 1, N: 1}, fact.Sequenced{Seq: 1, N: 1}),
		"back":               events(fact.Sequenced{Seq: 2, N: 1}, fact.Sequenced{Seq: 1, N: 2}),
	} {
		if err := s.Apply(t.Context(), b); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if events := everyEvent(t, t.Context(), s); len(events) != 0 {
		t.Errorf("%d events are in", len(events))
	}
}

// batchWhole: the context ends while the batch is being written.
func batchWhole(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	must(t, s.Apply(t.Context(), inputAt("e", 1)))
	b := inputAt("e", 2)
	for n := eventsAInput + 1; n <= 3000; n++ {
		e := b.Events[0]
		e.N = n
		b.Events = append(b.Events, e)
	}
	stopped := 0
	for looks := 1; ; looks += 8 {
		ctx := &dyingContext{Context: t.Context(), looks: looks, done: make(chan struct{})}
		err := s.Apply(ctx, b)
		_, seq, errApplied := s.Applied(t.Context())
		must(t, errApplied)
		if seq == 2 { // it lived long enough, or died in the answer to the commit
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want context.Canceled", err)
		}
		stopped++
		wholeHistory(t, t.Context(), s, "e", 1)
	}
	if stopped < 5 {
		t.Errorf("the batch was stopped only %d times on its way", stopped)
	}
	must(t, s.Apply(t.Context(), b))
	if n := len(everyEvent(t, t.Context(), s)); n != eventsAInput+3000 {
		t.Errorf("%d events are in, want %d", n, eventsAInput+3000)
	}
}

// dyingContext is cancelled when it has been looked at so many times.
type dyingContext struct {
	context.Context
	mu    sync.Mutex
	looks int
	done  chan struct{}
}

func (c *dyingContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looks--; c.looks == 0 {
		close(c.done)
	}
	return c.done
}

func (c *dyingContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return c.Context.Err()
	}
}

// batchOfMany: more than one statement holds, with a call twice in it.
func batchOfMany(t *testing.T, fresh func(testing.TB) string) {
	s, log := openLogged(t, fresh(t))
	const last = 250
	all := fact.Batch{Epoch: "e", Seq: last}
	for seq := uint64(1); seq <= last; seq++ {
		b := inputAt("e", seq)
		all.Events = append(all.Events, b.Events...)
		all.Records = append(all.Records, b.Records...)
		all.WrapUps = append(all.WrapUps, b.WrapUps...)
	}
	second := recordAt("e", 7)
	second.Talk = 99
	all.Records = append(all.Records, second)
	must(t, s.Apply(t.Context(), all))
	wholeHistory(t, t.Context(), s, "e", last)
	if told := strings.Count(log.String(), "record="); told != 1 || !strings.Contains(log.String(), "record="+string(second.Call)) {
		t.Errorf("the log does not tell the second record of %s alone: %s", second.Call, log)
	}
}

func leftOut(t *testing.T, fresh func(testing.TB) string) {
	s, log := openLogged(t, fresh(t))
	must(t, s.Apply(t.Context(), inputAt("e", 1)))
	second := recordAt("e", 1)
	second.Talk = 99
	second.Recordings = append(second.Recordings, second.Recordings[0])
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 2, Records: []fact.Record{second},
		WrapUps: []fact.WrapUp{{Tenant: fact.DefaultTenant, Call: "lost", Agent: "1001", Millis: 5}}}))
	wholeHistory(t, t.Context(), s, "e", 1)
	for _, word := range []string{"record=" + string(second.Call), "wrapup=lost"} {
		if !strings.Contains(log.String(), word) {
			t.Errorf("the log does not tell %s: %s", word, log)
		}
	}
}

func projectorsRace(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	const last = 20
	var wg sync.WaitGroup
	errs := make(chan error, 2*last)
	for _, s := range stores {
		wg.Go(func() {
			for seq := uint64(1); seq <= last; seq++ {
				errs <- s.Apply(t.Context(), inputAt("e", seq))
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		must(t, err)
	}
	wholeHistory(t, t.Context(), stores[0], "e", last)
}

// readersBesideWriter: the writer goes on until every reader has read a few
// times beside it.
func readersBesideWriter(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	const readers, times = 4, 5
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	read := make(chan struct{})
	var reading, writing sync.WaitGroup
	var last uint64
	writing.Go(func() {
		for {
			select {
			case <-read:
				return
			default:
			}
			if err := s.Apply(ctx, inputAt("e", last+1)); err != nil {
				t.Errorf("apply %d: %v", last+1, err)
				return
			}
			last++
		}
	})
	for range readers {
		reading.Go(func() {
			for range times {
				if err := wholeBatches(ctx, s); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	reading.Wait()
	close(read)
	writing.Wait()
	wholeHistory(t, t.Context(), s, "e", last)
}

// wholeBatches checks that each input's events and record are seen together.
func wholeBatches(ctx context.Context, s *store.Store) error {
	_, before, err := s.Applied(ctx)
	if err != nil {
		return err
	}
	if before == 0 {
		return nil
	}
	events, err := s.Events(ctx, store.EventFilter{After: store.Cursor{Epoch: "e", Seq: before}, Limit: 1000})
	if err != nil {
		return err
	}
	if len(events)%eventsAInput != 0 || len(events) == 0 {
		return fmt.Errorf("saw %d events from the cursor's %d on", len(events), before)
	}
	history, err := s.Call(ctx, fact.DefaultTenant, callAt("e", before))
	if err == nil && (history.Record == nil || len(history.Record.Recordings) != 2 || len(history.Events) != eventsAInput) {
		err = fmt.Errorf("saw half of call %d: %+v", before, history)
	}
	return err
}
