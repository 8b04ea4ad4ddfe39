package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/store"
)

// callLog adds what agents write after a call's record, the last word on a field
// of each counting, and prunes it with the call.
func callLog(t *testing.T, fresh func(testing.TB) string) {
	s, log := openLogged(t, fresh(t))
	entry := func(agent fact.AgentID, field, value string, wall int64) fact.LogEntry {
		return fact.LogEntry{Agent: agent, LogValue: fact.LogValue{Field: field, Value: value}, Wall: wall}
	}
	long := strings.Repeat("话", 1000)
	b := inputAt("e", 1)
	b.Records[0].Log = []fact.LogEntry{entry("1001", "result", "open", 1)}
	must(t, s.Apply(t.Context(), b))
	of := func(call fact.CallID, entries ...fact.LogEntry) fact.CallLog {
		return fact.CallLog{Tenant: fact.DefaultTenant, Call: call, Entries: entries}
	}
	add := fact.Batch{Epoch: "e", Seq: 2, Logs: []fact.CallLog{
		of(callAt("e", 1), entry("1002", "result", "solved", 2), entry("1001", "note", long, 2)),
		of(callAt("e", 1), entry("1001", "result", "a\x00b", 3)), of("lost", entry("1001", "result", "open", 3)),
	}}
	for range 2 { // the second time it is in already
		must(t, s.Apply(t.Context(), add))
	}
	want := []fact.LogEntry{entry("1001", "note", long, 2), entry("1001", "result", "a\uFFFDb", 3), entry("1002", "result", "solved", 2)}
	if diff := cmp.Diff(want, got[store.CallHistory](t)(s.Call(t.Context(), fact.DefaultTenant, callAt("e", 1))).Record.Log); diff != "" {
		t.Errorf("(-want +read):\n%s", diff)
	}
	if !strings.Contains(log.String(), "log=lost") {
		t.Errorf("a log of a call without a record is not told: %s", log)
	}
	got[store.Pruned](t)(s.Prune(t.Context(), lily, fact.DefaultTenant, start.Add(1000*time.Hour), 0))
	must(t, s.Apply(t.Context(), fact.Batch{Epoch: "e", Seq: 3, Logs: add.Logs[:1]}))
	if !strings.Contains(log.String(), "log="+string(callAt("e", 1))) {
		t.Errorf("a log outlives its call: %s", log)
	}
}
