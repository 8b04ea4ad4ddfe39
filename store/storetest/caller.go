package storetest

import (
	"testing"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// callerHistory finds what a caller's earlier calls tell.
func callerHistory(t *testing.T, fresh func(testing.TB) string) {
	s := open(t, fresh(t))
	at := func(minute int) int64 { return start.Add(time.Duration(minute) * time.Minute).UnixMilli() }
	const caller = "13800000001"
	b := fact.Batch{Epoch: "e", Seq: 1}
	for i, r := range []fact.Record{
		{Call: "c0", Direction: fact.Inbound, Agent: "1001", From: caller, Talk: 5},
		{Call: "c1", Direction: fact.Inbound, Agent: "1002", From: caller, Talk: 5},
		{Call: "c2", Direction: fact.Inbound, Agent: "1003", From: caller}, // rang, and was not answered
		{Call: "c3", Direction: fact.Inbound, From: caller},
		{Call: "c4", Direction: fact.Outbound, Agent: "1004", From: caller, Talk: 5},
		{Call: "c5", Direction: fact.Inbound, Agent: "1005", From: caller + "1", Talk: 5},
	} {
		r.Tenant, r.Began, r.Ended = "t", at(i), at(i)+1
		b.Records = append(b.Records, r)
	}
	must(t, s.Apply(t.Context(), b))
	for _, c := range []struct {
		tenant fact.TenantID
		q      center.CallerQuestion
		want   center.CallerHistory
	}{
		{"t", center.CallerQuestion{Number: caller}, center.CallerHistory{Calls: 4, Agent: "1002"}},
		{"t", center.CallerQuestion{Number: caller, Since: at(3)}, center.CallerHistory{Calls: 1, Agent: "1002"}},
		{"t", center.CallerQuestion{Number: caller, Since: at(4), Talk: at(2)}, center.CallerHistory{}},
		{"t", center.CallerQuestion{Number: "138"}, center.CallerHistory{}},
		{"u", center.CallerQuestion{Number: caller}, center.CallerHistory{}},
	} {
		if h := got[center.CallerHistory](t)(s.Caller(t.Context(), c.tenant, c.q)); h != c.want {
			t.Errorf("%s %+v: %+v, want %+v", c.tenant, c.q, h, c.want)
		}
	}
}
