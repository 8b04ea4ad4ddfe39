package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/store"
)

// numberList keeps entries of numbers, each change of them with the next
// revision.
func numberList(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	change := func(number, action string, f func(*center.Caller) error) center.Caller {
		t.Helper()
		return got[center.Caller](t)(s.ChangeCaller(ctx, lily, "t", number, action, f))
	}
	vip := center.Entry{Kind: center.ListLevel, Level: "vip", Language: "en", Reason: "银卡",
		Attributes: []center.Attribute{{Name: "card", Value: "silver \"1\""}, {Name: "district", Value: "嘉定"}}}
	long := strings.Repeat("长", center.MaxReason)
	change("13800000002", "caller.level", func(c *center.Caller) error { return c.List("lily", start, vip, false) })
	change("13800000001", "caller.deny", func(c *center.Caller) error {
		return c.List("lily", start, center.Entry{Kind: center.ListDeny, Reason: long, Expires: start.Add(time.Hour).UnixMilli()}, false)
	})
	change("13800000002", "caller.deny", func(c *center.Caller) error {
		return c.List("lily", start, center.Entry{Kind: center.ListDeny, Reason: "abuse"}, true)
	})
	same := change("13800000002", "caller.deny", func(*center.Caller) error { return nil })
	if len(same.Entries) != 2 || same.Entries[0].Revision != 3 || same.Entries[1].Revision != 1 || same.Entries[1].Number != "13800000002" {
		t.Fatalf("%+v", same)
	}
	vip.Number, vip.State, vip.Requested, vip.RequestedAt, vip.Approved, vip.ApprovedAt, vip.Revision =
		"13800000002", center.EntryActive, "lily", start.UnixMilli(), "lily", start.UnixMilli(), 1
	read := got[center.Caller](t)(s.Listed(ctx, "t", "13800000002"))
	if diff := cmp.Diff(vip, read.Entries[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What holds: no proposal, and nothing that has expired.
	for _, c := range []struct {
		at   time.Time
		want string
	}{{start, "13800000001 deny, 13800000002 level"}, {start.Add(time.Hour), "13800000002 level"}} {
		entries, revision, err := s.ListedNumbers(ctx, "t", c.at)
		must(t, err)
		var all []string
		for _, e := range entries {
			all = append(all, e.Number+" "+string(e.Kind))
		}
		if strings.Join(all, ", ") != c.want || revision != 3 {
			t.Errorf("at %v: %v, revision %d, want %s", c.at, all, revision, c.want)
		}
	}
	// A refusal changes nothing and is no row of the audit.
	before := len(got[[]store.Entry](t)(s.Audit(ctx, store.AuditFilter{Tenant: "t"})))
	if _, err := s.ChangeCaller(ctx, lily, "t", "13800000001", "caller.approve", func(c *center.Caller) error {
		c.Entries = nil
		return c.Approve("lily", start, center.ListDeny, 0)
	}); !errors.Is(err, center.ErrConflict) {
		t.Errorf("got %v", err)
	}
	if after := got[[]store.Entry](t)(s.Audit(ctx, store.AuditFilter{Tenant: "t"})); len(after) != before || before != 3 {
		t.Errorf("%d rows of the audit, want %d", len(after), before)
	}
	change("13800000002", "caller.lift", func(c *center.Caller) error { return c.Lift("wang", start, center.ListLevel) })
	for _, c := range []struct {
		f    store.CallerFilter
		want string
	}{
		{store.CallerFilter{}, "13800000001 13800000002"},
		{store.CallerFilter{Limit: 1}, "13800000001"},
		{store.CallerFilter{After: "13800000001"}, "13800000002"},
		{store.CallerFilter{Kind: center.ListLevel}, "13800000002"},
		{store.CallerFilter{State: center.EntryProposed}, "13800000002"},
		{store.CallerFilter{State: center.EntryActive}, "13800000001"},
		{store.CallerFilter{After: "1\x00"}, ""}, // hostile text is made fit
	} {
		c.f.Tenant = "t"
		var numbers []string
		for _, one := range got[[]center.Caller](t)(s.ListedPage(ctx, c.f)) {
			numbers = append(numbers, one.Number)
		}
		if strings.Join(numbers, " ") != c.want {
			t.Errorf("%+v: %v, want %s", c.f, numbers, c.want)
		}
	}
	if none := got[center.Caller](t)(s.Listed(ctx, "u", "13800000002")); len(none.Entries) != 0 || none.Number != "13800000002" {
		t.Errorf("another tenant's: %+v", none)
	}
}

// numberStrikes are kept in their order, and propose a denial.
func numberStrikes(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	for i := range 3 {
		at := start.Add(time.Duration(i) * time.Hour).UnixMilli()
		c := got[center.Caller](t)(s.ChangeCaller(ctx, lily, "t", "13800000001", "caller.strike", func(c *center.Caller) error {
			_, err := c.Strike(center.Strike{At: at, By: "1001", Call: "c-1", Reason: fmt.Sprintf("第%d次", i+1)}, center.StrikeRules{})
			return err
		}))
		if len(c.Strikes) != i+1 || (len(c.Entries) == 1) != (i == 2) {
			t.Fatalf("%+v", c)
		}
	}
	c := got[center.Caller](t)(s.Listed(ctx, "t", "13800000001"))
	want := center.Strike{At: start.Add(time.Hour).UnixMilli(), By: "1001", Call: "c-1", Reason: "第2次"}
	if len(c.Strikes) != 3 || c.Strikes[1] != want || c.Entries[0].State != center.EntryProposed || c.Entries[0].Requested != "strikes" {
		t.Errorf("%+v", c)
	}
	if all := got[[]center.Caller](t)(s.ListedPage(ctx, store.CallerFilter{Tenant: "t"})); len(all) != 1 || len(all[0].Strikes) != 3 {
		t.Errorf("%+v", all)
	}
}

// numberRace has two programs change the list at once: each change is in, with
// a revision of its own, and no strike is lost or counted twice.
func numberRace(t *testing.T, fresh func(testing.TB) string) {
	dsn := fresh(t)
	stores := []*store.Store{open(t, dsn), open(t, dsn)}
	const each = 8
	var wg sync.WaitGroup
	change := func(i int, number, action string, f func(*center.Caller) error) {
		wg.Go(func() {
			if _, err := stores[i%2].ChangeCaller(t.Context(), lily, "t", number, action, f); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range each {
		change(i, fmt.Sprintf("1380000000%d", i), "caller.deny", func(c *center.Caller) error {
			return c.List("lily", start, center.Entry{Kind: center.ListDeny, Reason: "abuse"}, false)
		})
		change(i, "13900000000", "caller.strike", func(c *center.Caller) error {
			_, err := c.Strike(center.Strike{At: start.UnixMilli(), By: "1001", Reason: "abuse"}, center.StrikeRules{Limit: each})
			return err
		})
	}
	wg.Wait()
	entries, revision, err := stores[0].ListedNumbers(t.Context(), "t", start)
	must(t, err)
	if len(entries) != each || revision != each+1 {
		t.Errorf("%d entries, revision %d", len(entries), revision)
	}
	c := got[center.Caller](t)(stores[1].Listed(t.Context(), "t", "13900000000"))
	if len(c.Strikes) != each || len(c.Entries) != 1 || c.Entries[0].State != center.EntryProposed {
		t.Errorf("struck %d times at once: %+v", each, c)
	}
}
