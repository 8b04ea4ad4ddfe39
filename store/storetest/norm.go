package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// normCounts are added up over batches, and a batch that comes again adds
// nothing; they are listed by each filter, summed, and pruned.
func normCounts(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	ctx := t.Context()
	const halfHour = 1_800_000
	count := func(hour int64, rule string, queue fact.QueueID, agent fact.AgentID, is fact.NormTally) fact.NormCount {
		return fact.NormCount{Tenant: "t", From: hour * halfHour, Rule: rule, Queue: queue, Agent: agent, NormTally: is}
	}
	for _, b := range []fact.Batch{
		{Epoch: "e", Seq: 1, Counts: []fact.NormCount{
			count(1, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 1, Measured: 1, Sum: 9000, Max: 9000}),
			count(1, "RUL-ANS-1", "sales", "1002", fact.NormTally{Broken: 1, Nudged: 1, Measured: 1, Sum: 15_000, Max: 15_000}),
			count(1, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 1, Acted: 1, Measured: 1, Sum: 3000, Max: 3000}),
			count(1, "RUL-ANS-1", "", "\x00", fact.NormTally{Kept: 1}),
			count(1, "RUL-ANS-1", "", "\uFFFD", fact.NormTally{Kept: 1}), // fit for the tables, it is the same
		}},
		{Epoch: "e", Seq: 2, Counts: []fact.NormCount{
			count(1, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 1, Measured: 1, Sum: 10_000, Max: 10_000}),
			count(2, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 1}),
			count(2, "RUL-HLD-7", "support", "1001", fact.NormTally{Broken: 2}),
		}},
	} {
		for range 2 {
			must(t, s.Apply(ctx, b))
		}
	}
	all := []fact.NormCount{
		count(2, "RUL-HLD-7", "support", "1001", fact.NormTally{Broken: 2}),
		count(2, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 1}),
		count(1, "RUL-ANS-1", "sales", "1002", fact.NormTally{Broken: 1, Nudged: 1, Measured: 1, Sum: 15_000, Max: 15_000}),
		count(1, "RUL-ANS-1", "sales", "1001", fact.NormTally{Kept: 3, Acted: 1, Measured: 3, Sum: 22_000, Max: 10_000}),
		count(1, "RUL-ANS-1", "", "\uFFFD", fact.NormTally{Kept: 2}),
	}
	for _, c := range []struct {
		f    store.NormFilter
		want []fact.NormCount
	}{
		{store.NormFilter{}, all},
		{store.NormFilter{Rule: "RUL-HLD-7"}, all[:1]},
		{store.NormFilter{Queue: "sales", Agent: "1001"}, []fact.NormCount{all[1], all[3]}},
		{store.NormFilter{From: time.UnixMilli(2 * halfHour)}, all[:2]},
		{store.NormFilter{To: time.UnixMilli(2 * halfHour)}, all[2:]},
		{store.NormFilter{Limit: 2}, all[:2]},
		{store.NormFilter{After: &store.NormCursor{From: halfHour, Rule: "RUL-ANS-1", Queue: "sales", Agent: "1002"}}, all[3:]},
	} {
		c.f.Tenant = "t"
		if diff := cmp.Diff(c.want, got[[]fact.NormCount](t)(s.NormCounts(ctx, c.f))); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.f, diff)
		}
	}
	for by, want := range map[store.By]string{
		store.ByRule:  "[{RUL-ANS-1 {6 1 1 1 4 37000 15000}} {RUL-HLD-7 {0 2 0 0 0 0 0}}]",
		store.ByQueue: "[{ {2 0 0 0 0 0 0}} {sales {4 1 1 1 4 37000 15000}} {support {0 2 0 0 0 0 0}}]",
		store.ByAgent: "[{1001 {4 2 0 1 3 22000 10000}} {1002 {0 1 1 0 1 15000 15000}} {\uFFFD {2 0 0 0 0 0 0}}]",
	} {
		if is := fmt.Sprint(got[[]store.NormFigure](t)(s.NormFigures(ctx, by, store.NormFilter{Tenant: "t"}))); is != want {
			t.Errorf("by %s: %s, want %s", by, is, want)
		}
	}
	if is := got[[]store.NormFigure](t)(s.NormFigures(ctx, store.ByAgent, store.NormFilter{Tenant: "t", Rule: "RUL-ANS-1", From: time.UnixMilli(2 * halfHour)})); len(is) != 1 || is[0].Kept != 1 {
		t.Errorf("of one rule in one half-hour: %+v", is)
	}
	pruned := got[store.Pruned](t)(s.Prune(ctx, lily, "t", time.UnixMilli(2*halfHour), 2))
	pruned.Counts += got[store.Pruned](t)(s.Prune(ctx, lily, "t", time.UnixMilli(2*halfHour), 2)).Counts
	if left := got[[]fact.NormCount](t)(s.NormCounts(ctx, store.NormFilter{Tenant: "t"})); pruned.Counts != 3 || len(left) != 2 {
		t.Errorf("%d were pruned, left are %+v", pruned.Counts, left)
	}
}
