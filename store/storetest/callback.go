package storetest

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// whole is a callback with every field set, and those long that may be.
func whole(t testing.TB) callback.Callback {
	t.Helper()
	var c callback.Callback
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("字段" + v.Type().Field(i).Name)
		case reflect.Int, reflect.Int64:
			f.SetInt(int64(100 + i))
		default:
			t.Fatalf("field %s", v.Type().Field(i).Name)
		}
	}
	c.Tenant, c.ID = "t", "cb-whole"
	long := strings.Repeat("长", callback.MaxNote)
	c.Reason, c.Needs, c.MessageFile, c.Note = long, long, long, long
	return c
}

// callbacks are kept once, whole, and listed by each filter.
func callbacks(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	c := whole(t)
	for range 2 { // a promise that is given again is the same one
		must(t, s.KeepCallback(ctx, "t", c))
	}
	if diff := cmp.Diff(c, got[callback.Callback](t)(s.Callback(ctx, "t", c.ID))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	changed := c
	changed.Number = "139"
	must(t, s.KeepCallback(ctx, "t", changed))
	if again := got[callback.Callback](t)(s.Callback(ctx, "t", c.ID)); again.Number != c.Number {
		t.Errorf("kept again it became %+v", again)
	}
	if _, err := s.Callback(ctx, "u", c.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another tenant's: %v", err)
	}
	for i, one := range []callback.Callback{
		{ID: "cb-1", Number: "138", Queue: "sales", Asked: 30}, {ID: "cb-2", Number: "139", Queue: "sales", Agent: "1001", Asked: 20},
		{ID: "cb-3", Number: "138", Queue: "support", Asked: 20},
	} {
		one.State, one.Source = callback.Open, callback.FromFlow
		if i == 2 {
			one.Name = "a\x00b\xff" // hostile text is made fit
		}
		must(t, s.KeepCallback(ctx, "v", one))
	}
	closed := got[callback.Callback](t)(s.CloseCallback(ctx, lily, "v", "cb-3", callback.Done, "已回电"))
	if closed.State != callback.Done || closed.By != "lily" || closed.Note != "已回电" || closed.Closed == 0 {
		t.Errorf("%+v", closed)
	}
	if diff := cmp.Diff(closed, got[callback.Callback](t)(s.Callback(ctx, "v", "cb-3"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		f    store.CallbackFilter
		want string
	}{
		{store.CallbackFilter{}, "cb-2 cb-3 cb-1"},
		{store.CallbackFilter{State: callback.Open}, "cb-2 cb-1"},
		{store.CallbackFilter{Queue: "support"}, "cb-3"},
		{store.CallbackFilter{Agent: "1001"}, "cb-2"},
		{store.CallbackFilter{Number: "138"}, "cb-3 cb-1"},
		{store.CallbackFilter{Limit: 2}, "cb-2 cb-3"},
		{store.CallbackFilter{After: &store.CallbackCursor{Asked: 20, ID: "cb-2"}}, "cb-3 cb-1"},
	} {
		c.f.Tenant = "v"
		var ids []string
		for _, one := range got[[]callback.Callback](t)(s.Callbacks(ctx, c.f)) {
			ids = append(ids, string(one.ID))
		}
		if strings.Join(ids, " ") != c.want {
			t.Errorf("%+v: %v, want %s", c.f, ids, c.want)
		}
	}
	for id, want := range map[fact.CallbackID]error{"cb-3": store.ErrConflict, "cb-9": store.ErrNotFound} {
		if _, err := s.CloseCallback(ctx, lily, "v", id, callback.Cancelled, ""); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", id, err, want)
		}
	}
	if _, err := s.CloseCallback(ctx, lily, "v", "cb-3", callback.Cancelled, ""); err == nil || err.Error() != "store: close callback cb-3: conflict: it is done already" {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := s.Callback(ctx, "v", "cb-9"); err == nil || err.Error() != "store: read callback cb-9: not found" {
		t.Errorf("of none: %v", err)
	}
	if _, err := s.CloseCallback(ctx, lily, "v", "cb-1", callback.Open, ""); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("reopened: %v", err)
	}
}

// callbackTries are attempts that the projection adds, and times that people change
// meanwhile.
func callbackTries(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	must(t, s.KeepCallback(ctx, "t", callback.Callback{ID: "cb-1", State: callback.Open, Number: "138", Queue: "sales", Asked: 1}))
	made := got[callback.Callback](t)(s.CreateCallback(ctx, lily, "t", callback.Callback{ID: "cb-2", State: callback.Open, Number: "139", Queue: "sales", Asked: 2, Due: 90}))
	if made.Revision != 1 {
		t.Errorf("%+v", made)
	}
	if _, err := s.CreateCallback(ctx, lily, "t", made); !errors.Is(err, store.ErrConflict) {
		t.Errorf("entered twice: %v", err)
	}
	seq := uint64(0)
	try := func(c fact.CallbackTry) {
		t.Helper()
		seq++
		c.Tenant, c.Callback, c.Call, c.Agent = "t", "cb-1", "c1", "1001"
		must(t, s.Apply(ctx, fact.Batch{Epoch: "e", Seq: seq, Tries: []fact.CallbackTry{c}}))
	}
	read := func() callback.Callback { t.Helper(); return got[callback.Callback](t)(s.Callback(ctx, "t", "cb-1")) }
	try(fact.CallbackTry{Began: 10, Attempts: 1, State: "open", Stage: "calling"})
	if c := read(); c.Stage != callback.Calling || c.Attempts != 1 || c.Tried != 10 || c.LastCall != "c1" {
		t.Errorf("%+v", c)
	}
	try(fact.CallbackTry{Began: 10, Ended: 15, Outcome: "busy", Attempts: 1, Row: 1, State: "open", Next: 70})
	if c := read(); c.Stage != callback.Waiting || c.Outcome != callback.Busy || c.Row != 1 || c.Next != 70 {
		t.Errorf("%+v", c)
	}
	moved := got[callback.Callback](t)(s.MoveCallback(ctx, lily, "t", "cb-1", callback.Moving{Due: 99, DueSource: callback.DueByAgent}))
	if moved.Revision != 2 || moved.Due != 99 || moved.Promised != 99 || moved.Attempts != 0 || moved.Next != 0 || moved.Tried != 10 {
		t.Errorf("%+v", moved)
	}
	if diff := cmp.Diff(moved, read()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// One that is closed meanwhile stays so, whatever came of the attempt.
	try(fact.CallbackTry{Began: 20, Attempts: 1, State: "open", Stage: "calling"})
	closed := got[callback.Callback](t)(s.CloseCallback(ctx, lily, "t", "cb-1", callback.Cancelled, "已来电"))
	try(fact.CallbackTry{Began: 20, Ended: 25, Outcome: "answered", Attempts: 1, State: "done", By: "1001", Closed: 25})
	if c := read(); c.State != callback.Cancelled || c.By != "lily" || closed.Revision != 3 {
		t.Errorf("%+v", c)
	}
	if _, err := s.MoveCallback(ctx, lily, "t", "cb-1", callback.Moving{}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("moved when closed: %v", err)
	}
	if _, err := s.MoveCallback(ctx, lily, "t", "cb-2", callback.Moving{Due: -1}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("moved to no time: %v", err)
	}
	want := []callback.Attempt{{Call: "c1", Agent: "1001", Began: 10, Ended: 15, Outcome: callback.Busy}, {Call: "c1", Agent: "1001", Began: 20, Ended: 25, Outcome: callback.Answered}}
	if diff := cmp.Diff(want, got[[]callback.Attempt](t)(s.CallbackAttempts(ctx, "t", "cb-1"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ids := func(all []callback.Callback) (text string) {
		for _, c := range all {
			text += string(c.ID) + " "
		}
		return text
	}
	if all := ids(got[[]callback.Callback](t)(s.Callbacks(ctx, store.CallbackFilter{Tenant: "t", DueBefore: 95}))); all != "cb-2 " {
		t.Errorf("due: %s", all)
	}
	for after, want := range map[int64]string{0: "cb-2 ", 1: "cb-1 ", 3: ""} {
		if all := ids(got[[]callback.Callback](t)(s.ChangedCallbacks(ctx, "t", after))); all != want {
			t.Errorf("changed after %d: %s, want %s", after, all, want)
		}
	}
}

// callbackRace closes a callback once.
func callbackRace(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	must(t, stores[0].KeepCallback(t.Context(), "t", callback.Callback{ID: "cb-1", State: callback.Open}))
	passed := race(t, 6, func(i int) error {
		_, err := stores[i%2].CloseCallback(t.Context(), lily, "t", "cb-1", callback.Done, "")
		return err
	})
	if entries := got[[]store.Entry](t)(stores[0].Audit(t.Context(), store.AuditFilter{Tenant: "t"})); passed != 1 || len(entries) != 1 {
		t.Errorf("%d passed, %d rows of the audit", passed, len(entries))
	}
}
