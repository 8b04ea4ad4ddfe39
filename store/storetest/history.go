package storetest

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

func eventOrder(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	var want []store.Cursor
	// Neither the epochs' spelling nor the digits of a seq give the order.
	for _, epoch := range []string{"z", "a"} {
		for _, seqs := range [][]uint64{{1, 2, 9}, {10, 11}, {100}} {
			b := fact.Batch{Epoch: epoch, Seq: seqs[len(seqs)-1]}
			for _, seq := range seqs {
				for n := 1; n <= 12; n++ {
					b.Events = append(b.Events, fact.Sequenced{Seq: seq, N: n, Event: fact.Event{Tenant: "t", Kind: fact.FlowNode, Call: "c"}})
					want = append(want, store.Cursor{Epoch: epoch, Seq: seq, N: n})
				}
			}
			must(t, s.Apply(t.Context(), b))
		}
	}
	cursors := func(events []store.Event) []store.Cursor {
		c := make([]store.Cursor, len(events))
		for i, e := range events {
			c[i] = e.Cursor()
		}
		return c
	}
	if diff := cmp.Diff(want, cursors(everyEvent(t, t.Context(), s))); diff != "" {
		t.Errorf("by Events (-want +got):\n%s", diff)
	}
	history := got[store.CallHistory](t)(s.Call(t.Context(), "t", "c"))
	if diff := cmp.Diff(want, cursors(history.Events)); diff != "" {
		t.Errorf("by Call (-want +got):\n%s", diff)
	}
	epoch, seq, err := s.Applied(t.Context())
	if epoch != "a" || seq != 100 || err != nil {
		t.Errorf("the newest batch is %s %d, %v, want a 100", epoch, seq, err)
	}
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "z", Seq: 101}))
	if epoch, seq, err = s.Applied(t.Context()); epoch != "z" || seq != 101 || err != nil {
		t.Errorf("the newest batch is %s %d, %v, want z 101", epoch, seq, err)
	}
}

func eventCursor(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	for seq := uint64(1); seq <= 4; seq++ {
		must(t, s.Apply(t.Context(), inputAt("e", seq)))
	}
	for _, c := range []struct {
		name  string
		after store.Cursor
		limit int
		first store.Cursor
		n     int
	}{
		{"from the beginning", store.Cursor{}, 100, store.Cursor{Epoch: "e", Seq: 1, N: 1}, 20},
		{"within an input", store.Cursor{Epoch: "e", Seq: 2, N: 3}, 100, store.Cursor{Epoch: "e", Seq: 2, N: 4}, 12},
		{"after a whole input", store.Cursor{Epoch: "e", Seq: 2, N: math.MaxInt32}, 100, store.Cursor{Epoch: "e", Seq: 3, N: 1}, 10},
		{"before an input's first", store.Cursor{Epoch: "e", Seq: 3}, 100, store.Cursor{Epoch: "e", Seq: 3, N: 1}, 10},
		{"limited", store.Cursor{Epoch: "e", Seq: 1, N: 1}, 3, store.Cursor{Epoch: "e", Seq: 1, N: 2}, 3},
		{"at the end", store.Cursor{Epoch: "e", Seq: 4, N: 5}, 100, store.Cursor{}, 0},
	} {
		events := got[[]store.Event](t)(s.Events(t.Context(), store.EventFilter{After: c.after, Limit: c.limit}))
		if len(events) != c.n || c.n > 0 && events[0].Cursor() != c.first {
			t.Errorf("%s: got %d events beginning %v, want %d beginning %v", c.name, len(events), events, c.n, c.first)
		}
	}
	_, err := s.Events(t.Context(), store.EventFilter{After: store.Cursor{Epoch: "other", Seq: 1}})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a journal unknown: %v, want ErrNotFound", err)
	}
}

func callFilters(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	b := fact.Batch{Epoch: "e", Seq: 1}
	for i, r := range []fact.Record{
		{Call: "c0", Queue: "sales", Agent: "1001", From: "13800000001", To: "95000"},
		{Call: "c1", Queue: "sales", Agent: "1002", From: "13800000002", To: "95000"},
		{Call: "c2", Queue: "service", Agent: "1001", From: "1001", To: "13800000001"},
		{Call: "c3", From: "138000000011", To: "95001"},
	} {
		r.Tenant, r.Began, r.Ended = "t", at(i).UnixMilli(), at(i).UnixMilli()+1
		b.Records = append(b.Records, r)
	}
	must(t, s.Apply(t.Context(), b))
	for _, c := range []struct {
		name   string
		filter store.CallFilter
		want   string
	}{
		{"all", store.CallFilter{}, "[c3 c2 c1 c0]"},
		{"queue", store.CallFilter{Queue: "sales"}, "[c1 c0]"},
		{"agent", store.CallFilter{Agent: "1001"}, "[c2 c0]"},
		{"queue and agent", store.CallFilter{Queue: "sales", Agent: "1001"}, "[c0]"},
		{"number on either side", store.CallFilter{Number: "13800000001"}, "[c2 c0]"},
		{"from, inclusive", store.CallFilter{From: at(2)}, "[c3 c2]"},
		{"to, exclusive", store.CallFilter{To: at(2)}, "[c1 c0]"},
		{"span", store.CallFilter{From: at(1), To: at(3)}, "[c2 c1]"},
		{"limit", store.CallFilter{Limit: 1}, "[c3]"},
		{"none", store.CallFilter{Queue: "none"}, "[]"},
	} {
		c.filter.Tenant = "t"
		page := got[store.CallPage](t)(s.Calls(t.Context(), c.filter))
		ids := []fact.CallID{}
		for _, r := range page.Records {
			ids = append(ids, r.Call)
		}
		if fmt.Sprint(ids) != c.want {
			t.Errorf("%s: got %v, want %s", c.name, ids, c.want)
		}
		if (page.Next != nil) != (c.filter.Limit == 1) {
			t.Errorf("%s: Next is %v", c.name, page.Next)
		}
	}
}

// callPages: many calls begin in the same millisecond.
func callPages(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	const calls = 53
	b := fact.Batch{Epoch: "e", Seq: 1}
	for i := range calls {
		r := recordAt("e", uint64(i))
		r.Began = int64(i / 10)
		b.Records = append(b.Records, r)
	}
	must(t, s.Apply(t.Context(), b))
	filter := store.CallFilter{Tenant: fact.DefaultTenant, Limit: 4}
	next := calls - 1
	for {
		page := got[store.CallPage](t)(s.Calls(t.Context(), filter))
		for _, r := range page.Records {
			if want := callAt("e", uint64(next)); r.Call != want || len(r.Recordings) != 2 {
				t.Fatalf("got call %s with %d recordings, want %s with 2", r.Call, len(r.Recordings), want)
			}
			next--
		}
		if page.Next == nil {
			break
		}
		filter.After = page.Next
	}
	if next != -1 {
		t.Errorf("the list ended %d calls early", next+1)
	}
}

func callHistory(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	live := inputAt("e", 1)
	live.Records = nil
	must(t, s.Apply(t.Context(), live))
	history := got[store.CallHistory](t)(s.Call(t.Context(), fact.DefaultTenant, callAt("e", 1)))
	if history.Record != nil || len(history.Events) != eventsAInput {
		t.Errorf("a call that goes on has record %v and %d events", history.Record, len(history.Events))
	}
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 2, Records: []fact.Record{recordAt("e", 1)}}))
	history = got[store.CallHistory](t)(s.Call(t.Context(), fact.DefaultTenant, callAt("e", 1)))
	want := recordAt("e", 1)
	if diff := cmp.Diff(&want, history.Record); diff != "" || len(history.Events) != eventsAInput {
		t.Errorf("a call that has ended has %d events and record (-want +got):\n%s", len(history.Events), diff)
	}
	if _, err := s.Call(t.Context(), fact.DefaultTenant, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a call unknown: %v, want ErrNotFound", err)
	}
}

func pruning(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	const last = 20
	for seq := uint64(1); seq <= last; seq++ {
		must(t, s.Apply(t.Context(), inputAt("e", seq)))
	}
	other := fact.Batch{Epoch: "e", Seq: last + 1, Events: []fact.Sequenced{{Seq: last + 1, N: 1,
		Event: fact.Event{Tenant: "other", Kind: fact.FlowNode, Wall: 1}}}, Records: []fact.Record{{Tenant: "other", Call: "o", Began: 1, Ended: 2}}}
	must(t, s.Apply(t.Context(), other))

	// Input n happens at n ms and its call ends a second later: events of
	// inputs 1 to 19 and calls of inputs 1 to 9 are from before 1.010 s.
	var total store.Pruned
	for {
		pass := got[store.Pruned](t)(s.Prune(t.Context(), lily, fact.DefaultTenant, time.UnixMilli(1010), 4))
		if pass.Calls > 4 || pass.Events > 4 {
			t.Fatalf("a pass deleted %+v, more than its limit", pass)
		}
		if !pass.More() {
			break
		}
		total.Calls += pass.Calls
		total.Events += pass.Events
		total.Recordings = append(total.Recordings, pass.Recordings...)
	}
	if total.Calls != 9 || len(total.Recordings) != 18 || total.Events != last*eventsAInput {
		t.Errorf("deleted %d calls, %d recordings, %d events, want 9, 18, %d", total.Calls, len(total.Recordings), total.Events, last*eventsAInput)
	}
	page := got[store.CallPage](t)(s.Calls(t.Context(), store.CallFilter{Tenant: fact.DefaultTenant}))
	if len(page.Records) != last-9 || page.Records[len(page.Records)-1].Call != callAt("e", 10) {
		t.Errorf("%d calls are left", len(page.Records))
	}
	if events := everyEvent(t, t.Context(), s); len(events) != 1 || events[0].Event.Tenant != "other" {
		t.Errorf("events left: %v", events)
	}
	got[store.CallHistory](t)(s.Call(t.Context(), "other", "o"))
	must(t, s.Apply(t.Context(), inputAt("e", 1)))
	if _, err := s.Call(t.Context(), fact.DefaultTenant, callAt("e", 1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a pruned call came back: %v", err)
	}
}
